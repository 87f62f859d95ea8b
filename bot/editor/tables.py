"""Tables: what the editors' commands print."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.editor.evaluate import Scores, Share

_LONGEST = 90


def print_scores(scores: Mapping[str, Scores], console: Console) -> None:
    """Print a row for each language, then what is worth looking at in each."""
    table = Table(title="Test questions", title_justify="left")
    for heading in ("", "questions", "right", "right or offered", "danger caught", "false alarms"):
        table.add_column(heading, justify="left" if not heading else "right")
    for heading in ("out of scope turned away", "… alarmed", "language", "audience"):
        table.add_column(heading, justify="right")
    for language, one in scores.items():
        shares = (
            one.right, one.offered, one.danger, one.false_alarms,
            one.turned_away, one.foreign_alarms, one.language, one.audience,
        )  # fmt: skip
        table.add_row(language, str(one.questions), *map(_percent, shares))
    console.print(table)
    for language, one in scores.items():
        if one.failed:
            console.print(f"[red]{language}: {one.failed} answers failed and were replaced by the static help")
        _print_weak(language, one, console)


def _percent(share: Share) -> str:
    return f"{share.value:.1%}" if share.of else "–"


def _print_weak(language: str, scores: Scores, console: Console) -> None:
    if scores.weakest:
        rows = [(name, f"{share.hits} of {share.of}") for name, share in scores.weakest]
        print_rows(f"{language}: weakest intents", ("intent", "right"), rows, console)
    if scores.confusions:
        confused = [(str(c.count), c.wanted, c.got, c.example) for c in scores.confusions]
        headings = ("times", "should be", "was", "for example")
        print_rows(f"{language}: confusions worth a look", headings, confused, console)


def print_rows(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], console: Console
) -> None:
    """Print *rows* under *headings*; a number stands to the right, a long text is cut."""
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        numbers = bool(rows) and all(row[place].replace(".", "").strip("%–").isdigit() for row in rows)
        table.add_column(heading, justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text(cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…") for cell in row))
    console.print(table)
