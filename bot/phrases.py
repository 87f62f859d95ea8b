"""Danger phrases as patterns of words, and which words of a message may stand for theirs.

A pattern is a row of *elements*: a word, or the beginning of one. The lexicon answers, for a
word that somebody typed, which elements it may be: itself, a beginning, chat-speak, a typo.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain, islice, product
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


_PIECE = re.compile(r"\([^()]*\)|\.\.\.|(?:(?!\.\.\.)[^\s()])+")
# A group, a gap, or anything else up to the next of them.
_ROWS = 64
_VARIANTS = 8
_WORDINGS = 400
# Ways to write one phrase: enough for any, and no pair of lists can make it grow for ever.
Pairs = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


class Word(NamedTuple):
    """One word of a phrase."""

    text: str
    prefix: bool
    """Whether any ending may follow ("cut*")."""
    gap: bool
    """Whether up to GAP other words may stand before it ("...")."""
    others: tuple[tuple[str, bool], ...] = ()
    """(text, prefix) of the words that may stand in its stead ("(now|tonight)")."""


def parse(phrase: str) -> tuple[Word, ...]:
    """Read *phrase* in the editors' notation; () when no word is left of it. Of several ways, the first."""
    return next(iter(spellings(phrase)), ())


def spellings(phrase: str) -> list[tuple[Word, ...]]:
    """
    List the rows of words that *phrase* means, at most _ROWS.

    A group of single words is one word with others; each choice of several words needs its own row.
    """
    gap = False
    pieces: list[list[tuple[Word, ...]]] = []
    for piece in _PIECE.findall(phrase.replace("\u2026", "...")):
        if piece == "...":
            gap = bool(pieces)
        elif choices := _choices(piece):
            pieces.append([(choice[0]._replace(gap=gap), *choice[1:]) for choice in choices])
            gap = False
    if not pieces:
        return []
    return [tuple(chain.from_iterable(row)) for row in islice(product(*pieces), _ROWS)]


def _choices(piece: str) -> list[tuple[Word, ...]]:
    parts = piece[1:-1].split("|") if piece.startswith("(") else [piece]
    found = []
    for part in parts:
        normal = [_normal(one) for one in part.split()]
        row = [Word(text, prefix=False, gap=False) for one in normal for text in one]
        if row:
            row[-1] = row[-1]._replace(prefix=part.rstrip().endswith("*"))
            found.append(tuple(row))
    single = [row[0] for row in found if len(row) == 1]
    longer = [row for row in found if len(row) > 1]
    if not single:
        return longer
    others = tuple((word.text, word.prefix) for word in single[1:])
    return [(single[0]._replace(others=others),), *longer]


def texts(row: Iterable[Word]) -> tuple[str, ...]:
    """List the bare words of *row*."""
    return tuple(word.text for word in row)


def wordings(row: Iterable[Word]) -> Iterable[str]:
    """Write out the texts that *row* stands for, with each of its words' others in turn; at most _WORDINGS."""
    choices = [(word.text, *(other for other, _ in word.others)) for word in row]
    return (" ".join(words) for words in islice(product(*choices), _WORDINGS))


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


def pairs_of(chat: Mapping[str, str]) -> Pairs:
    """Pick the chat-speak that stands for several words, and the other way round, by its first word."""
    found: Pairs = {}
    for short, full in chat.items():
        pair = texts(parse(short)), texts(parse(full))
        if len(pair[0]) == 1 < len(pair[1]):
            for old, new in (pair, pair[::-1]):
                found.setdefault(old[0], []).append((old, new))
    return found


def variants(row: tuple[Word, ...], pairs: Pairs) -> list[tuple[Word, ...]]:
    """Write *row* in chat-speak and out of it."""
    found = [row]
    own = {word.text for word in row}
    for old, new in (pair for text in sorted(own & pairs.keys()) for pair in pairs[text]):
        if not own.issuperset(old):
            continue
        for variant in found[:_VARIANTS]:
            found += _replaced(variant, old, new)
    return found


def _replaced(
    row: tuple[Word, ...], old: tuple[str, ...], new: tuple[str, ...]
) -> Iterable[tuple[Word, ...]]:
    size = len(old)
    for start in range(len(row) - size + 1):
        if texts(row[start : start + size]) == old and not any(
            (word.gap and place) or word.prefix or word.others
            for place, word in enumerate(row[start : start + size])
        ):
            first = Word(new[0], False, row[start].gap)
            others = (Word(text, False, False) for text in new[1:])
            yield (*row[:start], first, *others, *row[start + size :])


def aliases(chat: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    """Pick the chat-speak that stands for one word: (short form, full form)."""
    for pairs in chat.values():
        for short, full in pairs.items():
            one, other = texts(parse(short)), texts(parse(full))
            if len(one) == len(other) == 1:
                yield one[0], other[0]


class Lexicon:
    """Words of all phrases, and what stands for them."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Start empty; *counts*: how often each word occurs in all example messages."""
        self._counts = counts
        self._ids: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._lengths: tuple[int, ...] = ()
        self._squeezed: dict[str, set[int]] = {}
        self._typos: dict[str, list[str]] = {}
        self._known: set[str] = set()
        self._groups: dict[frozenset[int], int] = {}
        self._grouped: dict[int, list[int]] = {}
        self.stands: dict[str, dict[int, bool]] = {}
        """word -> {element: whether exactly}; complete for every known word."""

    def element(self, word: Word) -> int:
        """Give the number of *word*, the same for all phrases."""
        one = self._single(word.text, prefix=word.prefix)
        if not word.others:
            return one
        members = frozenset((one, *(self._single(text, prefix=prefix) for text, prefix in word.others)))
        if members not in self._groups:
            self._groups[members] = self._next()
            for member in members:
                self._grouped.setdefault(member, []).append(self._groups[members])
        return self._groups[members]

    def _single(self, text: str, *, prefix: bool) -> int:
        return (self._prefixes if prefix else self._ids).setdefault(text, self._next())

    def _next(self) -> int:
        return len(self._ids) + len(self._prefixes) + len(self._groups)

    def known(self) -> AbstractSet[str]:
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
        self._complete()

    def _complete(self) -> None:
        for word in self._known:
            if word[0] in _CLITICS and (base := self.stands.get(word[1:])):
                self.stands.setdefault(word, {}).update(base)
        for elements in self.stands.values():
            self._join_groups(elements)

    def _join_groups(self, elements: dict[int, bool]) -> None:
        if not self._grouped.keys().isdisjoint(elements):
            for element, exact in list(elements.items()):
                for group in self._grouped.get(element, ()):
                    elements[group] = exact or elements.get(group, False)

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
        self._join_groups(found)
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
            meant
            for meant in near
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
    found += [head[:i] + head[i + 1 :] for i in range(1, size)]
    if most > 1:
        # Twice misspelt words keep two letters: half the work.
        found += [head[:i] + head[i + 1 : j] + head[j + 1 :] for i, j in _TWICE[: _ENDS[size]]]
    return found
