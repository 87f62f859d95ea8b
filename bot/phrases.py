"""Danger phrases as patterns of words, and which words of a message may stand for theirs.

A pattern is a row of *elements*: a word, or the beginning of one. The lexicon answers, for a
word that somebody typed, which elements it may be: itself, a beginning, chat-speak, a typo.
"""

import re
from collections.abc import Iterable, Mapping, Set
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.text import normalise

GAP = 4
"""How many words may stand where a phrase has "..."."""

_PREFIX = 7
# Deletions are tabled for the first letters only: the table stays small, and the work
# on a word of four thousand letters is the work on one of seven.
_FEW, _MANY = 5, 9
# Shorter words have too many neighbours that mean something else.
_TYPO_RATIO = 15
_DOUBLE = re.compile(r"(.)(?=\1)")
_CLITICS = ("\u0648", "\u0641")
# Arabic writes "and" and "so" as the first letter of the next word.

_TWICE = tuple((i, j) for j in range(3, _PREFIX) for i in range(2, j))
_ENDS = tuple(sum(j < size for _, j in _TWICE) for size in range(_PREFIX + 1))
# The pairs of letters to leave out of a head; sorted, so that a shorter head takes the first ones.
NOTHING: Mapping[int, bool] = {}


class Word(NamedTuple):
    """One word of a phrase."""

    text: str
    prefix: bool
    """Whether any ending may follow ("cut*")."""
    gap: bool
    """Whether up to GAP other words may stand before it ("...")."""


def parse(phrase: str) -> tuple[Word, ...]:
    """Read *phrase* in the editors' notation; () when no word is left of it."""
    found: list[Word] = []
    gap = False
    for piece in phrase.replace("\u2026", "...").replace("...", " ... ").split():
        if piece == "...":
            gap = bool(found)
            continue
        normal = _normal(piece)
        for place, text in enumerate(normal, 1):
            found.append(Word(text, piece.endswith("*") and place == len(normal), gap))
            gap = False
    return tuple(found)


def texts(row: Iterable[Word]) -> tuple[str, ...]:
    """List the bare words of *row*."""
    return tuple(word.text for word in row)


@cache
def _normal(piece: str) -> tuple[str, ...]:
    # Phrases share most of their words; only editors' text comes here, never a message.
    return tuple(normalise(piece).split())


def squeeze(word: str) -> str:
    """Write each doubled letter once: people drop doubles and draw letters out."""
    return _DOUBLE.sub("", word)


def tolerance(length: int) -> int:
    """Typos that a word of *length* letters may have."""
    return 2 if length >= _MANY else 1 if length >= _FEW else 0


class Lexicon:
    """Words of all phrases, and what stands for them."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """*counts*: how often each word occurs in calm and urgent example messages alike."""
        self._counts = counts
        self._ids: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._lengths: tuple[int, ...] = ()
        self._squeezed: dict[str, set[int]] = {}
        self._typos: dict[str, list[str]] = {}
        self._known: set[str] = set()
        self.stands: dict[str, dict[int, bool]] = {}
        """word -> {element: whether exactly}; complete for every known word."""

    def element(self, word: Word) -> int:
        """Give the number of *word*, the same for all phrases."""
        table = self._prefixes if word.prefix else self._ids
        return table.setdefault(word.text, len(self._ids) + len(self._prefixes))

    def known(self) -> Set[str]:
        """Words that are no typo of anything."""
        return self._known

    def close(self, aliases: Iterable[tuple[str, str]]) -> None:
        """Work out all tables; *aliases* are pairs of a word and what it stands for."""
        self._lengths = tuple(sorted({len(prefix) for prefix in self._prefixes}))
        for word, element in self._ids.items():
            self.stands[word] = {element: True}
            for form in (squeeze(word), *_swapped(word)):
                self._squeezed.setdefault(form, set()).add(element)
        for word in {**self._ids, **self._prefixes, **self._counts}:
            if found := self._beginnings(word):
                self.stands.setdefault(word, {}).update(dict.fromkeys(found, True))
        for word in self.stands:
            self._table(word)
        for short, full in aliases:
            if full in self._ids:
                self.stands.setdefault(short, {})[self._ids[full]] = True
        self._known = set(self.stands)
        often = ((word, count) for word, count in self._counts.items() if count > 1)
        self._known.update(word for word, count in often if self._is_word(word, count))
        for word in self._known:
            if word[0] in _CLITICS and (base := self.stands.get(word[1:])):
                self.stands.setdefault(word, {}).update(base)

    def resolve(self, word: str) -> Mapping[int, bool]:
        """Tell what an unknown *word* may stand for: {element: whether exactly}."""
        if len(word) < 3 or word.isdigit():
            return NOTHING
        found: dict[int, bool] = {}
        for element in self._squeezed.get(squeeze(word), ()):
            found[element] = False
        for meant in self.corrections(word):
            for element in self.stands[meant]:
                found.setdefault(element, False)
        if word[0] in _CLITICS:
            found.update(self.stands.get(word[1:], NOTHING))
        for element in self._beginnings(word):
            found[element] = True
        return found or NOTHING

    def corrections(self, word: str) -> list[str]:
        """Find the words of phrases that *word* may be a typo of."""
        length = len(word)
        if length < _FEW - 1:
            return []
        keys = deletions(word, 2 if length >= _MANY - 1 else 1)
        typos = self._typos
        if typos.keys().isdisjoint(keys):
            return []
        near = {meant for key in keys if key in typos for meant in typos[key]}
        return [
            meant for meant in near
            if OSA.distance(word, meant, score_cutoff=tolerance(len(meant))) <= tolerance(len(meant))
        ]

    def frequency(self) -> dict[int, int]:
        """How often each element occurs in ordinary messages."""
        found: dict[int, int] = {}
        for word, elements in self.stands.items():
            for element in elements:
                found[element] = found.get(element, 0) + self._counts.get(word, 0)
        return found

    def _beginnings(self, word: str) -> list[int]:
        prefixes, length = self._prefixes, len(word)
        return [prefixes[word[:n]] for n in self._lengths if n <= length and word[:n] in prefixes]

    def _table(self, word: str) -> None:
        if few := tolerance(len(word)):
            for key in deletions(word, few):
                self._typos.setdefault(key, []).append(word)

    def _is_word(self, word: str, count: int) -> bool:
        # Example messages hold misspellings too: next to a far more frequent word it is one.
        return not any(self._counts.get(meant, 0) >= _TYPO_RATIO * count for meant in self.corrections(word))


def _swapped(word: str) -> tuple[str, ...]:
    # Four letters are too few for any typo but the commonest of quick fingers: "wnat".
    if len(word) != _FEW - 1:
        return ()
    first, second, third, fourth = tuple(word)
    return first + third + second + fourth, first + second + fourth + third


def deletions(word: str, most: int) -> list[str]:
    """
    List the beginning of *word* with up to *most* (1 or 2) letters left out.

    The first letter stays: people seldom miss it, and it keeps "killing" from "filling".
    """
    head = word[:_PREFIX]
    size = len(head)
    found = [head]
    found += [head[:i] + head[i + 1:] for i in range(1, size)]
    if most > 1:
        # Twice misspelt words keep two letters: half the work.
        found += [head[:i] + head[i + 1:j] + head[j + 1:] for i, j in _TWICE[:_ENDS[size]]]
    return found
