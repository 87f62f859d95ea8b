"""Overlap: messages of different intents that are nearly the same, or that the model confuses."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from rapidfuzz import fuzz, process

from bot.content import OUT_OF_SCOPE, Utterances
from bot.matching.lexical import is_held_out, train_lexical
from bot.matching.train import Floats
from bot.text import normalise

ALIKE = 88
"""Likeness (0 to 100) from which two messages count as nearly the same."""
_MARGIN = 1.0
"""How far (in logits) another intent must lie ahead for a message to count as confused."""
_BLOCK = 1000


class Pair(msgspec.Struct, frozen=True):
    """Two messages of different intents that are nearly the same."""

    likeness: int
    intent: str
    text: str
    other: str
    other_text: str


class Stolen(msgspec.Struct, frozen=True):
    """Messages of one intent that a model which has not seen them takes for another."""

    intent: str
    by: str
    texts: tuple[str, ...]


def alike(by_intent: Mapping[str, Utterances]) -> list[Pair]:
    """List messages of one language that stand nearly the same under two intents, most alike first."""
    rows = [(name, text) for name, one in by_intent.items() for text in one.all()]
    normals = [normalise(text) for _, text in rows]
    found = []
    for here, there, value in _near(normals):
        (name, text), (other, other_text) = rows[here], rows[there]
        if name != other and " " in normals[here]:
            found.append(Pair(value, name, text, other, other_text))
    return sorted(found, key=lambda pair: -pair.likeness)


def _near(normals: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    # In blocks: all at once would be a square of half a gigabyte for ten thousand messages.
    for start in range(0, len(normals), _BLOCK):
        some = normals[start : start + _BLOCK]
        likeness = process.cdist(
            some, normals[start:], scorer=fuzz.ratio, score_cutoff=ALIKE, dtype="uint8", workers=-1
        )
        for row, column in zip(*np.nonzero(likeness), strict=True):
            if row < column:
                yield start + int(row), start + int(column), int(likeness[row, column])


def stolen(by_intent: Mapping[str, Utterances]) -> list[Stolen]:
    """List what a model confuses that was trained on two thirds of a language and asked the rest."""
    names = sorted(by_intent)
    rows = [(number, text) for number, name in enumerate(names) for text in by_intent[name].all()]
    # Dealt at random: in order, a whole intent would be held back at once.
    rows = [rows[place] for place in np.random.default_rng(0).permutation(len(rows)).tolist()]
    if len(names) < 2:
        return []
    found: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for number, scores in _unseen(rows, names):
        label, text = rows[number]
        best = int(scores.argmax())
        ahead = float(scores[best] - scores[label])
        if best != label and ahead >= _MARGIN:
            found.setdefault((names[label], names[best]), []).append((ahead, text))
    listed = [
        Stolen(intent, by, tuple(text for _, text in sorted(texts, reverse=True)))
        for (intent, by), texts in found.items()
    ]
    return sorted(listed, key=lambda one: -len(one.texts))


def _unseen(rows: Sequence[tuple[int, str]], names: Sequence[str]) -> Iterator[tuple[int, Floats]]:
    """Yield each row's number and how a model scores it that has not seen it."""
    none = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None
    held = is_held_out(len(rows))
    places = np.flatnonzero(held)
    # Training always holds the same places back: the rows move round until each has stood there.
    order = np.argsort(~held, kind="stable")
    for start in range(0, len(rows), len(places)):
        turned = np.roll(np.arange(len(rows)), -start)
        moved = np.empty(len(rows), dtype=np.int64)
        moved[order] = turned
        some = [rows[number] for number in moved.tolist()]
        labels = np.array([label for label, _ in some], dtype=np.int64)
        trained = train_lexical([normalise(text) for _, text in some], labels, len(names), none)
        for number, scores in zip(moved[places], trained["heldout"].astype(np.float32), strict=True):
            if start <= number:  # the last round begins again from the first rows
                yield int(number), scores
