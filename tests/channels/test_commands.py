"""`signpost channels`: what an operator sees, and what Telegram is told."""

import asyncio

import click
import pytest
from click.testing import CliRunner, Result

from bot.channels.commands import commands
from bot.settings import Settings
from tests.channels.platforms import TELEGRAM_SECRET, environ
from tests.channels.recorder import Recorder


async def run(variables: dict[str, str], *arguments: str) -> Result:
    """Run the command as the command line does, beside the recorder's loop."""
    group = commands(lambda: Settings.from_environ(variables), variables)
    return await asyncio.to_thread(CliRunner().invoke, group, list(arguments), env={"COLUMNS": "160"})


async def test_overview_names_what_is_missing_and_no_value() -> None:
    result = await run({"SIGNPOST_TELEGRAM_TOKEN": "123:hidden", "SIGNPOST_RASA": "on"})

    assert "half configured" in result.output
    assert "SIGNPOST_TELEGRAM_SECRET" in result.output
    assert "SIGNPOST_WHATSAPP_PHONE_ID" in result.output
    assert "/webhooks/rest/webhook" in result.output
    assert "hidden" not in result.output


async def test_set_webhook_tells_telegram_the_address_the_secret_and_what_we_read() -> None:
    async with Recorder().running() as recorder:
        result = await run(
            environ(recorder.base, "telegram"), "telegram", "set-webhook", "https://bot.example"
        )

    assert 0 == result.exit_code, result.output
    assert recorder.webhook is not None
    assert "https://bot.example/webhooks/telegram" == recorder.webhook.url
    assert TELEGRAM_SECRET == recorder.webhook.secret_token
    assert ["message", "callback_query"] == recorder.webhook.allowed_updates
    assert TELEGRAM_SECRET not in result.output


async def test_status_shows_what_waits_and_what_failed() -> None:
    async with Recorder().running() as recorder:
        result = await run(environ(recorder.base, "telegram"), "telegram", "status")

    assert "3" in result.output
    assert "Timed out" in result.output


@pytest.mark.parametrize(
    ("variables", "arguments", "said"),
    [
        ({}, ("telegram", "status"), "Set SIGNPOST_TELEGRAM_TOKEN"),
        (environ("http://127.0.0.1:9", "telegram"), ("telegram", "set-webhook", "http://x"), "https://"),
        (environ("http://127.0.0.1:9", "telegram"), ("telegram", "status"), "did not take it"),
    ],
)
async def test_mistakes_are_told_with_the_mend(
    variables: dict[str, str], arguments: tuple[str, ...], said: str
) -> None:
    result = await run(variables, *arguments)

    assert result.exit_code
    assert said in result.output
    assert not isinstance(result.exception, click.ClickException)
