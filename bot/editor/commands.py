"""The editors' commands: thin wrappers over the functions of this package."""

import asyncio
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from bot import build, content
from bot.clock import wall_clock
from bot.conversation import Conversation
from bot.editor import dialogs
from bot.editor.coverage import coverage, to_verify
from bot.editor.evaluate import Scores, ask_all, score
from bot.editor.lint import CHECKS, HINTS, lint
from bot.editor.overlap import alike, stolen
from bot.editor.preview import preview
from bot.editor.scaffold import add_language
from bot.editor.tables import print_coverage, print_missing, print_overlap, print_scores, print_to_verify
from bot.engine import Engine
from bot.errors import ContentError
from bot.messages import Audience
from bot.problems import Problem
from bot.sessions import Sealer
from bot.settings import Settings
from bot.terminal import print_reply


class Desk(msgspec.Struct, frozen=True):
    """What the command line hands to the editors' commands."""

    settings: Callable[[], Settings]
    engine: Callable[[Settings], Engine]

    @property
    def root(self) -> Path:
        """The folder with intents/, agencies/ and locales/."""
        return build.content_root(self.settings())

    def content(self) -> tuple[content.Library, content.Corpus]:
        """Load the content as it is now, or say all that is wrong with it."""
        try:
            return content.load(self.root)
        except ContentError as error:
            raise click.ClickException(f"The content has {len(error.problems)} problems:\n{error}") from None


_STEPS = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("lint")
@click.option("--notes", is_flag=True, help="Show what is no problem, but worth a look.")
@click.pass_obj
def lint_command(desk: Desk, *, notes: bool) -> None:
    """Check the content; exit status 1 when something is wrong."""
    with Progress(*_STEPS, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Loading", total=len(CHECKS) + len(HINTS))
        report = lint(desk.root, lambda what: bars.update(task, description=what, advance=1))
    for note in report.notes if notes else ():
        click.echo(f"note: {note}")
    for problem in report.problems:
        click.echo(str(problem))
    shown = "" if notes or not report.notes else " (--notes shows them)"
    click.echo(f"{len(report.problems)} problems, {len(report.notes)} notes{shown}", err=True)
    if report.problems:
        raise SystemExit(1)


@click.command("test")
@click.option("--questions", type=_FOLDER, help="A folder of questions; tests/dialogs if not given.")
@click.option("--language", "only", multiple=True, help="Only this language; may be given several times.")
@click.option("--min-accuracy", type=click.FloatRange(0, 100), help="Fail below this percentage right.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
def test_command(
    desk: Desk, questions: Path | None, only: tuple[str, ...], min_accuracy: float | None, *, as_json: bool
) -> None:
    """Ask the test questions, and count what is answered rightly."""
    settings = desk.settings()
    folder = questions or build.content_root(settings) / "tests" / "dialogs"
    engine = desk.engine(settings)
    scores = _scores(engine, folder, only)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(scores), indent=2).decode())
    else:
        print_scores(scores, Console())
    low = [tag for tag, one in scores.items() if 100 * one.right.value < (min_accuracy or 0)]
    if low:
        raise click.ClickException(f"Less than {min_accuracy:g} % right: {', '.join(low)}")


def _scores(engine: Engine, folder: Path, only: tuple[str, ...] = ()) -> dict[str, Scores]:
    """Ask the questions of each language, or of those in *only*, behind a progress bar."""
    problems: list[Problem] = []
    # A draft is never answered in; asking it anyway has to be wished for.
    tags = [tag for tag in dialogs.languages(folder) if tag in (only or engine.library.live)]
    asked = {tag: [row.question for row in dialogs.read(folder, tag, problems)] for tag in tags}
    if problems:
        raise click.ClickException("\n".join(map(str, problems)))
    if not any(asked.values()):
        raise click.ClickException(f"{folder} holds no questions")
    conversation = Conversation(engine, Sealer("a session of its own for each question"), wall_clock)
    results = {}

    async def ask(bars: Progress) -> None:
        for tag, rows in asked.items():
            task = bars.add_task(f"Asking {tag}", total=len(rows))
            results[tag] = await ask_all(conversation, rows, engine.library, partial(bars.advance, task))

    with Progress(console=Console(stderr=True), transient=True) as bars:
        # One event loop for all: the second stage belongs to the loop that it was first used in.
        asyncio.run(ask(bars))
    engine.close()
    return {tag: score(tag, some, engine.library) for tag, some in results.items()}


@click.command("coverage")
@click.option("--accuracy", is_flag=True, help="Ask the test questions, too.")
@click.option("--verify", is_flag=True, help="List the facts of the directory that are to be looked up.")
@click.option("--language", help="List what is missing in this language.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def coverage_command(
    desk: Desk, language: str | None, *, accuracy: bool, verify: bool, as_json: bool
) -> None:
    """Show how far each language is, and what is to be checked again."""
    library, corpus = desk.content()
    found = coverage(desk.root, library, corpus)
    if language and language not in found:
        raise click.BadParameter(f"there is no language {language}", param_hint="--language")
    right = {}
    if accuracy:
        settings = desk.settings()
        scores = _scores(desk.engine(settings), desk.root / "tests" / "dialogs")
        right = {tag: 100 * one.right.value for tag, one in scores.items()}
    if as_json:
        whole = {"languages": found, "right": right, "to_verify": to_verify(library)}
        click.echo(msgspec.json.format(msgspec.json.encode(whole), indent=2).decode())
        return
    console = Console()
    print_coverage(found, right, console)
    if language:
        print_missing(language, found[language], console)
    print_to_verify(to_verify(library), console, whole=verify)


@click.command("overlap")
@click.option("--language", "only", multiple=True, help="Only this language; may be given several times.")
@click.pass_obj
def overlap_command(desk: Desk, only: tuple[str, ...]) -> None:
    """List messages of different intents that are nearly the same, or that the model confuses."""
    _, corpus = desk.content()
    for tag, by_intent in corpus.items():
        if not only or tag in only:
            print_overlap(tag, alike(by_intent), stolen(by_intent), Console())


@click.command("preview")
@click.argument("intent")
@click.option("--language", default="en", show_default=True)
@click.option("--audience", type=click.Choice(["child", "parent"]), help="Both, if not given.")
@click.option("--country", help="ISO 3166-1 code; none shows what a stranger sees.")
@click.pass_obj
def preview_command(
    desk: Desk, intent: str, language: str, audience: str | None, country: str | None
) -> None:
    """Show the reply of INTENT as visitors see it, drafts too."""
    library, _ = desk.content()
    code = country.upper() if country else None
    if intent not in library.intents:
        near = get_close_matches(intent, library.intents, 1)
        raise click.BadParameter(
            f"there is no intent {intent}" + (f"; did you mean {near[0]}?" if near else "")
        )
    if language not in library.languages:
        raise click.BadParameter(f"there is no language {language}", param_hint="--language")
    if code and not library.directory.known(code):
        raise click.BadParameter(f"no country has the code {code}", param_hint="--country")
    console = Console()
    for voice in (audience,) if audience else library.intents[intent].reply:
        console.rule(f"{intent}, {language}, {voice}")
        who = msgspec.convert(voice, Audience)
        print_reply(
            preview(library, intent, wall_clock(), language=language, audience=who, country=code),
            console=console,
        )


@click.command("add-language")
@click.argument("tag")
@click.pass_obj
def add_language_command(desk: Desk, tag: str) -> None:
    """Lay out the files of a new language, as a draft, with the English beside."""
    try:
        paths = add_language(desk.root, tag)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="TAG") from None
    for path in paths[:6]:
        click.echo(path)
    click.echo(f"{len(paths)} files. Now read docs/translators.md, and begin with intents/{tag}/_risk.yaml.")


COMMANDS: tuple[click.Command, ...] = (
    lint_command,
    test_command,
    coverage_command,
    overlap_command,
    preview_command,
    add_language_command,
)
