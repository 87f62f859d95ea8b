"""A message as the models read it: whole, and clause by clause when it is long."""

import re
from typing import NamedTuple

from bot.matching.features import Features, extract
from bot.text import normalise

LONG = 18
"""Messages of more words are read clause by clause too."""

CLAUSE = 10
"""About how many words a clause has where no punctuation ends it."""

MOST_CLAUSES = 64

_ENDS = re.compile("[.!?;:\n\u2026,\u060c\u061b\u061f]+")


class Reading(NamedTuple):
    """A text, its normal form and its features; made once, used by everything that matches."""

    text: str
    normal: str
    features: Features
    clauses: tuple[tuple[str, Features], ...] = ()
    """The clauses of a long message and their features; empty for a short one."""


def read(text: str) -> Reading:
    """Read *text*; one that is read already may be given to whatever takes a text."""
    normal = normalise(text)
    features = extract(normal)
    if normal.count(" ") < LONG:
        return Reading(text, normal, features)
    clauses = [
        (clause, extract(normal)) for clause in split(text)[:MOST_CLAUSES] if (normal := normalise(clause))
    ]
    return Reading(text, normalise(text), features, tuple(clauses))


def split(text: str) -> list[str]:
    """Cut *text* at its punctuation, join what is short, cut again what is long without any."""
    clauses: list[str] = []
    words: list[str] = []
    for sentence in _ENDS.split(text):
        following = sentence.split()
        while len(following) > CLAUSE * 3 // 2:
            clauses.append(" ".join(following[:CLAUSE]))
            following = following[CLAUSE:]
        if len(words) + len(following) > CLAUSE and words:
            clauses.append(" ".join(words))
            words = []
        words += following
    if words:
        clauses.append(" ".join(words))
    return clauses
