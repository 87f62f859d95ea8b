"""The command line: thin wrappers over functions that do the same work."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any, TypeVar

import click
import msgspec
import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import __version__, build
from bot.app import create_app
from bot.channels import commands
from bot.channels.rest import response
from bot.clock import wall_clock
from bot.conversation import Conversation
from bot.editor.commands import COMMANDS, Desk
from bot.engine import Engine
from bot.errors import ContentError, SettingsError
from bot.messages import Audience, Inbound, Session
from bot.metrics import Metrics
from bot.server import run, run_workers
from bot.sessions import Sealer
from bot.settings import Settings
from bot.terminal import print_contacts, print_explanation, print_reply

T = TypeVar("T")

_AUDIENCE = click.Choice(["child", "parent"])


@click.group(help="Signpost: a question in, calm guidance and the right agency out.")
@click.version_option(__version__)
def main() -> None:
    """Run the command line."""


def _settings(**changes: object) -> Settings:
    try:
        settings = Settings.from_environ(
            {**os.environ, **{k: str(v) for k, v in changes.items() if v is not None}}
        )
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    _set_up_logs(settings.log_level)
    return settings


def _set_up_logs(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _engine(settings: Settings) -> Engine:
    """Load what is compiled, compiling what changed behind a progress bar."""
    return _behind_a_bar(settings, build.load_engine)


def _behind_a_bar(settings: Settings, work: Callable[[Settings, build.Progress], T]) -> T:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task("Compiling models", total=None, visible=False)

            def progress(what: str, done: int, total: int) -> None:
                bars.update(
                    task, description=f"Compiling models ({what})", completed=done, total=total, visible=True
                )

            return work(settings, progress)
    except ContentError as error:
        raise click.ClickException(f"The content has {len(error.problems)} problems:\n{error}") from None


@main.command()
@click.option("--host")
@click.option("--port", type=int)
@click.option("--workers", type=int)
@click.option("--worker", is_flag=True, hidden=True, help="Be one of several workers.")
def serve(host: str | None, port: int | None, workers: int | None, *, worker: bool) -> None:
    """Serve the API, the widget and the channels."""
    settings = _settings(SIGNPOST_HOST=host, SIGNPOST_PORT=port, SIGNPOST_WORKERS=workers)
    if settings.workers > 1 and not worker:
        _behind_a_bar(settings, build.compile_content)
        command = [sys.executable, "-m", "bot", "serve", "--worker"]
        environ = {
            **os.environ,
            "SIGNPOST_HOST": settings.host,
            "SIGNPOST_PORT": str(settings.port),
            "SIGNPOST_WORKERS": str(settings.workers),
        }
        sys.exit(run_workers(settings.workers, command, environ))
    engine = _engine(settings)
    metrics = Metrics(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
    if not worker:
        click.echo(f"Signpost listens on http://{settings.host}:{settings.port}", err=True)
    app = create_app(
        settings,
        engine,
        metrics=metrics,
        content=build.content_root(settings),
        load=lambda: build.load_compiled(settings),
    )
    _loop(run(app, settings.host, settings.port, worker=worker))


def _loop(main_task: Coroutine[Any, Any, None]) -> None:
    try:
        uvloop = import_module("uvloop")
    except ImportError:
        asyncio.run(main_task)
    else:
        uvloop.run(main_task)


@main.command("build")
def build_command() -> None:
    """Compile the content into models; what did not change is not trained again."""
    library = _behind_a_bar(_settings(), build.compile_content)
    click.echo(f"content {library.version}: {len(library.intents)} intents, {', '.join(library.live)}")


@main.command()
@click.argument("text")
@click.option("--language")
@click.option("--country")
@click.option("--audience", type=_AUDIENCE)
@click.option("--json", "as_json", is_flag=True, help="Print the API's response body.")
@click.option("--explain", is_flag=True, help="Show which features and utterances decided.")
def ask(
    text: str,
    language: str | None,
    country: str | None,
    audience: str | None,
    *,
    as_json: bool,
    explain: bool,
) -> None:
    """Answer one question in the terminal."""
    settings = _settings()
    engine = _engine(settings)
    inbound = _inbound(engine, text, language, country, audience)
    conversation = Conversation(engine, Sealer(settings.secret.reveal()), wall_clock)
    turn, token = asyncio.run(conversation.talk(inbound, None))
    if as_json:
        click.echo(
            msgspec.json.format(
                msgspec.json.encode(response(turn.reply, token, engine.library.version)), indent=2
            ).decode()
        )
        return
    print_reply(turn.reply)
    if explain:
        print_explanation(engine.explain(inbound, Session()))


def _inbound(
    engine: Engine, text: str, language: str | None, country: str | None, audience: str | None
) -> Inbound:
    code = country.upper() if country else None
    if code and not engine.library.directory.known(code):
        raise click.BadParameter(f"no country has the code {code}", param_hint="--country")
    if not text.strip():
        raise click.BadParameter("write something", param_hint="TEXT")
    return Inbound(
        text=text[:4000], language=language, country=code, audience=msgspec.convert(audience, Audience | None)
    )


@main.command()
@click.option("--language")
@click.option("--country")
@click.option("--audience", type=_AUDIENCE)
def chat(language: str | None, country: str | None, audience: str | None) -> None:
    """Hold a conversation in the terminal; an empty line ends it."""
    engine = _engine(_settings())
    conversation = Conversation(engine, Sealer("terminal"), wall_clock)

    async def talk() -> None:
        # One event loop for the whole conversation: the second stage lives in it.
        session = Session()
        while text := click.prompt(">", default="", show_default=False, prompt_suffix=" "):
            turn = await conversation.handle(_inbound(engine, text, language, country, audience), session)
            session = turn.session
            print_reply(turn.reply, numbered=True)

    asyncio.run(talk())


@main.command()
@click.argument("country")
@click.option("--need", help="An intent, a kind of service or a subject.")
@click.option("--language", default="en")
@click.option("--audience", type=_AUDIENCE)
@click.option("--json", "as_json", is_flag=True)
def contacts(country: str, need: str | None, language: str, audience: str | None, *, as_json: bool) -> None:
    """Show who helps in a country."""
    engine = _engine(_settings())
    if not engine.library.directory.known(country.upper()):
        raise click.BadParameter(f"no country has the code {country.upper()}", param_hint="COUNTRY")
    needs = engine.needs(need)
    if needs is None:
        raise click.BadParameter("name an intent, a kind of service or a subject", param_hint="--need")
    listed = engine.contacts(
        country.upper(), needs, engine.negotiate(language), msgspec.convert(audience, Audience | None)
    )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(listed), indent=2).decode())
    else:
        print_contacts(listed)


main.context_settings = {"obj": Desk(_settings, _engine)}
for _command in COMMANDS:
    main.add_command(_command)


main.add_command(commands.commands(_settings, os.environ))
