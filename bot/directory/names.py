"""Names: which agency a text speaks of, under its old name or its present one.

Exact words first; a slip of the pen is forgiven only in short questions and long names, so
that ordinary words do not become agencies. A name written with = in front counts only with
exactly these capitals ("=RIM").
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from rapidfuzz.distance import OSA

from bot.directory.model import Body
from bot.text import normalise

_FUZZY_WORDS = 14
"""Longest question, in words, in which slips of the pen are forgiven."""
_AT_ONCE = 3
"""Bodies of one name that are returned when the country does not decide."""
_MIN_LONE, _MIN_MANY = 6, 12
"""Shortest names, in characters, that may be misspelt: of one word, of several."""
_MOST_SLIPS = 2
_TWO_SLIPS = 10
"""Shortest word in which two slips are forgiven."""
_SHOUTED = 2
"""Words beyond which capitals only mean that somebody shouts."""
_NEIGHBOURS = frozenset({"childlike", "interpols", "offline", "hotline", "helpline", "lifeline", "deadline"})
"""Ordinary words one slip away from a name."""
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai, kana, ideographs, Hangul: names stand inside longer runs of letters."""

_Hit: TypeAlias = tuple[int, int, tuple[int, ...]]
"""First word, end, bodies."""


class Names:
    """An index of names to bodies; immutable after the start."""

    def __init__(self, bodies: tuple[Body, ...], names: Iterable[tuple[str, int]]) -> None:
        self._bodies = bodies
        self._exact: dict[str, tuple[int, ...]] = {}
        self._cased: dict[str, tuple[int, ...]] = {}
        self._inside: list[tuple[str, int]] = []
        self._near: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        """A word of a name, or one of it with a letter left out: the name, the word's place, its words."""
        self._windows: dict[str, int] = {}
        """First word of a name to the most words that a name beginning so has."""
        for name, index in names:
            self._add(name, index)

    def _add(self, name: str, index: int) -> None:
        if name.startswith("="):
            self._cased[name[1:]] = (*self._cased.get(name[1:], ()), index)
            return
        norm = normalise(name)
        if _UNSPACED.search(norm):
            self._inside.append((norm, index))
        if not norm or index in self._exact.get(norm, ()):
            return
        count = norm.count(" ") + 1
        first = norm.split(" ", 1)[0]
        self._windows[first] = max(self._windows.get(first, 1), count)
        if (
            norm not in self._exact
            and len(norm) >= (_MIN_LONE if count == 1 else _MIN_MANY)
            and not norm.isdigit()
        ):
            self._index(norm, count)
        self._exact[norm] = (*self._exact.get(norm, ()), index)

    def _index(self, norm: str, count: int) -> None:
        # Of a long name its longest word is enough: who misspells that one is asked again.
        words = norm.split()
        offset = max(range(count), key=lambda place: len(words[place]))
        for spelled in {words[offset], *_shorter(words[offset])}:
            self._near[spelled].append((norm, offset, count))

    def find(self, text: str, country: str | None = None) -> tuple[Body, ...]:
        """Give the bodies that *text* names, the most fully named first; those of *country* win a tie."""
        words = normalise(text).split()
        hits = self._exact_hits(words) + self._cased_hits(text, words)
        if not hits and len(words) <= _FUZZY_WORDS:
            hits = self._near_hits(words)
        chosen: dict[int, None] = {}
        for start, end, indexes in _outermost(hits):
            del start, end
            chosen.update(dict.fromkeys(self._prefer(indexes, country)))
        joined = "".join(words)
        for norm, index in self._inside:
            if norm.replace(" ", "") in joined:
                chosen[index] = None
        return tuple(self._bodies[index] for index in chosen)

    def _exact_hits(self, words: list[str]) -> list[_Hit]:
        hits = []
        for start in range(len(words)):
            for end in range(min(len(words), start + self._windows.get(words[start], 0)), start, -1):
                if found := self._exact.get(" ".join(words[start:end])):
                    hits.append((start, end, found))
                    break
        return hits

    def _cased_hits(self, text: str, words: list[str]) -> list[_Hit]:
        if text.isupper() and len(words) > _SHOUTED:
            return []
        if not any(map(str.isupper, text)):
            return []
        hits = []
        for name, indexes in self._cased.items():
            if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                parts = normalise(name).split()
                start = next((i for i in range(len(words)) if words[i : i + len(parts)] == parts), 0)
                hits.append((start, start + len(parts), indexes))
        return hits

    def _near_hits(self, words: list[str]) -> list[_Hit]:
        hits = []
        for place, word in enumerate(words):
            for norm, offset, count in self._candidates(word):
                start = place - offset
                window = " ".join(words[start : start + count]) if start >= 0 else ""
                allowed = _slips(norm)
                if (
                    window[:1] == norm[0]
                    and window not in _NEIGHBOURS
                    and OSA.distance(norm, window, score_cutoff=allowed) <= allowed
                ):
                    hits.append((start, start + count, self._exact[norm]))
        return hits

    def _candidates(self, word: str) -> Iterable[tuple[str, int, int]]:
        """Names that hold *word*, or a word one letter away from it: name, place in it, words of it."""
        yield from self._near.get(word, ())
        if len(word) >= _MIN_LONE - 1:
            for shorter in _shorter(word):
                yield from self._near.get(shorter, ())
                if len(word) >= _TWO_SLIPS:
                    for shortest in _shorter(shorter):
                        yield from self._near.get(shortest, ())

    def _prefer(self, indexes: tuple[int, ...], country: str | None) -> tuple[int, ...]:
        own = tuple(index for index in indexes if self._bodies[index].country == country and country)
        worldwide = tuple(index for index in indexes if self._bodies[index].country is None)
        return own or (worldwide + tuple(index for index in indexes if index not in worldwide))[:_AT_ONCE]


def _slips(name: str) -> int:
    """How many letters may be wrong in *name*."""
    if " " in name:
        return 1 if len(name) < 18 else _MOST_SLIPS
    return 1 if len(name) < _TWO_SLIPS else _MOST_SLIPS


def _shorter(word: str) -> set[str]:
    """Leave each letter out in turn."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """Keep the hits that do not lie inside a longer one, longest first."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda one: (one[0] - one[1], one[0])):
        if not any(
            hit[0] >= one[0] and hit[1] <= one[1] and hit[1] - hit[0] < one[1] - one[0] for one in kept
        ):
            kept.append(hit)
    return kept
