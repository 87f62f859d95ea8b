"""The editors' commands: thin wrappers over the functions of this package."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from bot import build, content
from bot.clock import wall_clock
from bot.conversation import Conversation
from bot.editor import dialogs
from bot.editor.evaluate import Scores, ask_all, score
from bot.editor.lint import lint
from bot.editor.tables import print_scores
from bot.engine import Engine
from bot.errors import ContentError
from bot.problems import Problem
from bot.sessions import Sealer
from bot.settings import Settings


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
            raise click.ClickException(
                f"The content has {len(error.problems)} problems:\n{error}"
            ) from None


_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("lint")
@click.option("--strict", is_flag=True, help="Let notes fail, too.")
@click.pass_obj
def lint_command(desk: Desk, *, strict: bool) -> None:
    """Check the content; exit status 1 when something is wrong."""
    report = lint(desk.root)
    for note in report.notes:
        click.echo(f"note: {note}")
    for problem in report.problems:
        click.echo(str(problem))
    click.echo(f"{len(report.problems)} problems, {len(report.notes)} notes", err=True)
    if report.problems or (strict and report.notes):
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
    tags = [tag for tag in dialogs.languages(folder) if not only or tag in only]
    asked = {tag: [row.question for row in dialogs.read(folder, tag, problems)] for tag in tags}
    if problems:
        raise click.ClickException("\n".join(map(str, problems)))
    if not any(asked.values()):
        raise click.ClickException(f"{folder} holds no questions")
    conversation = Conversation(engine, Sealer("a session of its own for each question"), wall_clock)
    scores = {}
    with Progress(console=Console(stderr=True), transient=True) as bars:
        for tag, questions in asked.items():
            task = bars.add_task(f"Asking {tag}", total=len(questions))
            run = ask_all(conversation, questions, engine.library, lambda task=task: bars.advance(task))  # type: ignore[misc]
            scores[tag] = score(tag, asyncio.run(run), engine.library)
    return scores


COMMANDS: tuple[click.Command, ...] = (lint_command, test_command)
