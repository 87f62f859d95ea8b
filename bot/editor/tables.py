"""Tables: what the editors' commands print."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.directory import Recheck
from bot.editor.coverage import OUT_OF_SCOPE_TARGET, Coverage
from bot.editor.evaluate import Scores, Share
from bot.editor.overlap import Pair, Stolen

_STYLE: Any = {"title_justify": "left", "caption_justify": "left", "box": SIMPLE, "padding": (0, 1, 0, 0)}
_LONGEST = 90
_MOST = 40
_COLUMNS = """\
messages: example messages; short: intents below their target; none: sentences that are no question for us.
replies: in this language; English: texts shown in English; old: translations older than their English.
danger: danger phrases; tests: test questions; right: percentage of them answered rightly."""
_LEGEND = """\
n: questions. right: answered with the intent, or one as good. offered: right, or among buttons and alternatives.
danger: pressing ones whose reply was pressing or showed contacts. seen: those whose reply was pressing.
alarm: calm ones answered as pressing. away: out-of-scope ones not answered. tongue, voice: right language, audience."""


def print_scores(scores: Mapping[str, Scores], console: Console) -> None:
    """Print a row for each language, then what is worth looking at in each."""
    table = Table(title="Test questions", caption=_LEGEND, **_STYLE)
    for heading in ("", "n", "right", "offered", "danger", "seen", "alarm", "away", "tongue", "voice"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for language, one in scores.items():
        shares = (
            one.right, one.offered, one.danger, one.recognised, one.false_alarms,
            one.turned_away, one.language, one.audience,
        )  # fmt: skip
        table.add_row(language, str(one.questions), *map(_percent, shares))
    console.print(table)
    for language, one in scores.items():
        if one.failed:
            console.print(
                f"[red]{language}: {one.failed} answers failed and were replaced by the static help"
            )
        _print_weak(language, one, console)


def _percent(share: Share) -> str:
    return f"{100 * share.value:.1f}" if share.of else "–"


def _print_weak(language: str, scores: Scores, console: Console) -> None:
    if scores.weakest:
        rows = [(name, f"{share.hits} of {share.of}") for name, share in scores.weakest]
        print_rows(f"{language}: weakest intents", ("intent", "right"), rows, console)
    if scores.confusions:
        confused = [(str(c.count), c.wanted, c.got, c.example) for c in scores.confusions]
        headings = ("times", "should be", "was", "for example")
        print_rows(f"{language}: confusions worth a look", headings, confused, console)


def print_rows(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print *rows* under *headings*; a number stands to the right, a long text is cut."""
    table = Table(title=title, **_STYLE)
    for place, heading in enumerate(headings):
        numbers = bool(rows) and all(row[place].replace(".", "").strip("%–").isdigit() for row in rows)
        table.add_column(heading, justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text(cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…") for cell in row))
    console.print(table)


def print_coverage(found: Mapping[str, Coverage], right: Mapping[str, float], console: Console) -> None:
    """Print a row for each language."""
    table = Table(title="Languages", caption=_COLUMNS, **_STYLE)
    headings = (
        "",
        "status",
        "review",
        "messages",
        "short",
        "none",
        "replies",
        "English",
        "old",
        "danger",
        "tests",
    )
    for place, heading in enumerate((*headings, "right") if right else headings):
        table.add_column(heading, justify="left" if place < 3 else "right", no_wrap=True)
    for tag, one in found.items():
        row = [
            tag, one.status, one.review, str(one.utterances), str(len(one.short)), str(one.out_of_scope),
            f"{one.replies}/{one.replies_wanted}", str(len(one.untranslated)), str(len(one.outdated)),
            str(one.risk_phrases), str(one.questions),
        ]  # fmt: skip
        if right:
            row.append(f"{right[tag]:.1f}" if tag in right else "–")
        table.add_row(*row)
    console.print(table)


def print_missing(tag: str, one: Coverage, console: Console) -> None:
    """Print what a language lacks."""
    rows = [(name, str(number), str(wanted)) for name, number, wanted in one.short]
    if one.out_of_scope < OUT_OF_SCOPE_TARGET:
        rows.append(("_out_of_scope", str(one.out_of_scope), str(OUT_OF_SCOPE_TARGET)))
    print_rows(f"{tag}: intents with few messages", ("intent", "has", "should have"), rows, console)
    texts = [("not translated", text) for text in one.untranslated]
    texts += [("older than its English", text) for text in one.outdated]
    print_rows(f"{tag}: texts", ("state", "text"), texts, console)


def print_to_verify(rows: Sequence[Recheck], console: Console, *, whole: bool) -> None:
    """Print how many facts of the directory are to be looked up; *whole* lists them."""
    counts = Counter(one.confidence for one in rows)
    console.print(
        f"Directory: {counts['unsourced']} facts without a source and {counts['low']} with a weak one are hidden; "
        f"{counts['medium']} that are shown want a second source."
    )
    if not whole:
        console.print("signpost coverage --verify lists them.")
        return
    cells = [(one.confidence, one.country, one.id, one.field or "", one.value or "", one.why) for one in rows]
    print_rows("To look up", ("known", "where", "id", "field", "value", "why"), cells, console)


def print_overlap(tag: str, pairs: Sequence[Pair], stolen: Sequence[Stolen], console: Console) -> None:
    """Print what stands nearly the same under two intents, and what a model confuses."""
    rows = [(str(one.likeness), one.intent, one.text, one.other, one.other_text) for one in pairs]
    headings = ("alike", "intent", "message", "other intent", "its message")
    print_rows(f"{tag}: nearly the same", headings, rows, console)
    taken = [(str(len(one.texts)), one.intent, one.by, one.texts[0]) for one in stolen if len(one.texts) > 1]
    columns = ("times", "intent", "taken for", "most clearly")
    print_rows(
        f"{tag}: messages that a model which has not seen them confuses", columns, taken[:_MOST], console
    )
