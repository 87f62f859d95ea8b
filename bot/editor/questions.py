"""Checks of the test questions: a test whose answer was learnt by heart tests nothing."""

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from bot.editor import dialogs
from bot.editor.checks import Content
from bot.problems import Problem
from bot.text import normalise
from bot.yamlfile import line_of

ALIKE = 90
"""Likeness (0 to 100) from which a question counts as one of the utterances."""


def loadable(content: Content) -> Iterator[Problem]:
    """A question for an intent that is not there can never be answered rightly."""
    folder = content.root / "tests" / "dialogs"
    for tag in content.library.languages:
        found: list[Problem] = []
        rows = dialogs.read(folder, tag, found)
        yield from (Problem(f"tests/dialogs/{one.path}", one.line, one.what, one.mend) for one in found)
        for row in rows:
            for name in sorted(row.question.wanted - content.library.intents.keys() - {dialogs.OUT_OF_SCOPE}):
                mend = f"name an intent that has a file, or {dialogs.OUT_OF_SCOPE}"
                yield Problem(*_place(content, row), f"there is no intent {name!r}", mend)


def leaked(content: Content) -> Iterator[Problem]:
    """A question equals, or nearly equals, an utterance: the model has seen its answer."""
    folder = content.root / "tests" / "dialogs"
    for tag in content.library.languages:
        rows = dialogs.read(folder, tag, [])
        texts = [text for one in content.corpus[tag].values() for text in one.all()]
        if not rows or not texts:
            continue
        asked = [normalise(row.question.text) for row in rows]
        learnt = [normalise(text) for text in texts]
        likeness = process.cdist(
            asked, learnt, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype="uint8", workers=-1
        )
        nearest = likeness.argmax(axis=1)
        for number, row in enumerate(rows):
            # There are only so many ways to say yes in a word.
            if " " not in asked[number]:
                continue
            value = int(likeness[number, nearest[number]])
            if value >= ALIKE:
                what = f"{row.question.text!r} is the utterance {texts[nearest[number]]!r}"
                yield Problem(*_place(content, row), what, "ask it in other words, or take it out")


def _place(content: Content, row: dialogs.Asked) -> tuple[str, int]:
    path = f"tests/dialogs/{row.path}"
    text = (content.root / path).read_text(encoding="utf-8")
    return path, line_of(text, f"$[{row.place}]")
