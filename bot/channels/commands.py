"""`signpost channels`: what is open, what is missing, and the platform's own view of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import click
from aiohttp import web
from rich.console import Console
from rich.table import Table

from bot.channels import registry, telegram
from bot.channels.platform import Api, Channel, at
from bot.delivery import Payload
from bot.errors import DeliveryError
from bot.settings import Settings, Telegram

Load: TypeAlias = Callable[[], Settings]
"""Reads the settings; raises click.ClickException."""


def commands(load: Load, environ: Mapping[str, str]) -> click.Group:
    """Make the group; *environ* is only asked which variables are set, never what they hold."""

    @click.group(invoke_without_command=True, help="Show which messaging platforms are connected.")
    @click.pass_context
    def channels(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            Console().print(overview(registry.CHANNELS, environ))

    @channels.group("telegram", help="Set up and check Telegram.")
    def telegram_group() -> None:
        pass

    @telegram_group.command("set-webhook")
    @click.argument("url")
    @click.option(
        "--connections", default=40, type=click.IntRange(1, 100), help="How many updates come at once."
    )
    def set_webhook(url: str, connections: int) -> None:
        """Tell Telegram where to send messages: https://HOST, or the whole address of the webhook."""
        settings = _telegram(load())
        address = webhook_address(url)
        payload = telegram.webhook(address, settings, connections)
        asyncio.run(_call(settings, "/setWebhook", payload))
        click.echo(f"Telegram now sends messages to {address}")

    @telegram_group.command("status")
    def status() -> None:
        """Show Telegram's view of the webhook: what waits, what failed last."""
        info = at(asyncio.run(_call(_telegram(load()), "/getWebhookInfo", {})), "result")
        table = Table("", "", show_header=False)
        for name, value in describe(info):
            table.add_row(name, value)
        Console().print(table)

    return channels


def overview(channels: Sequence[Channel], environ: Mapping[str, str]) -> Table:
    """Tabulate the doors: open, shut, or half configured; only names of variables are shown."""
    table = Table("channel", "state", "webhook")
    table.add_column("missing", no_wrap=True)
    for channel in channels:
        missing = [name for name in channel.variables if not environ.get(name, "").strip()]
        whole = not missing and (channel.variables != ("SIGNPOST_RASA",) or environ["SIGNPOST_RASA"] == "on")
        state = "open" if whole else "half configured" if len(missing) < len(channel.variables) else "shut"
        table.add_row(channel.name, state, channel.path if whole else "", "\n".join(missing))
    return table


def webhook_address(url: str) -> str:
    """Complete *url* to the address of Telegram's webhook."""
    base = url.rstrip("/")
    if not base.startswith("https://"):
        raise click.BadParameter("Telegram takes https:// addresses only", param_hint="URL")
    return base if base.endswith(telegram.CHANNEL.path) else base + telegram.CHANNEL.path


def describe(info: Any) -> list[tuple[str, str]]:
    """Pick what an operator needs from Telegram's WebhookInfo."""
    rows = [
        ("address", at(info, "url") or "none: run set-webhook"),
        ("waiting", at(info, "pending_update_count") or 0),
        ("last error", at(info, "last_error_message") or "none"),
        ("kinds of updates", ", ".join(at(info, "allowed_updates") or ()) or "Telegram's default"),
        ("at once", at(info, "max_connections") or ""),
    ]
    return [(name, str(value)) for name, value in rows]


def _telegram(settings: Settings) -> Telegram:
    if settings.telegram is None:
        raise click.ClickException(f"Set {' and '.join(telegram.CHANNEL.variables)} first.")
    return settings.telegram


async def _call(settings: Telegram, path: str, payload: Payload) -> Any:
    api: Api = telegram.api_of(settings)
    # The interface holds its connections open while an application runs: here is a short one.
    app = web.Application()
    app.cleanup_ctx.append(api.running)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        return await api.call(path, payload)
    except DeliveryError as error:
        raise click.ClickException(f"Telegram did not take it: {error.reason}. Check the token.") from None
    finally:
        await runner.cleanup()
