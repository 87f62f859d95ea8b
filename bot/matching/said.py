"""What is said in which language: short texts that people wrote us, and words that are typed in all of them.

A text of a word or two is too short for the identifier's letters; whether somebody wrote us just
that is not. And a word like "nudes" or "help", which the messages of most languages hold, tells
nothing about the language of who types it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.known import hashed
from bot.text import normalise

MOST_WORDS = 3
"""Words of a text that counts as short."""

_EVERYWHERE = 5
"""Languages whose messages a word must stand in …"""
_FOREMOST = 0.9
"""… and the share that the foremost of them may have: others quote "bonjour", and do not say it."""

_WORD = re.compile(r"\w+")


def index(languages: Mapping[str, Sequence[str]]) -> dict[str, NDArray[Any]]:
    """
    Give sorted hashes of short texts, a bit for each of the sorted *languages* that has them, and the words of all.

    Accents count here: "no" is said in four languages, "nö" in one.
    """
    speakers: defaultdict[int, int] = defaultdict(int)
    heard: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, name in enumerate(sorted(languages)):
        for text in languages[name]:
            for word in set(normalise(text).split()):
                heard[word][name] += 1
            if (said := plain(text)) and said.count(" ") < MOST_WORDS:
                speakers[hashed(said)] |= 1 << place
    everywhere = sorted(
        hashed(word)
        for word, counts in heard.items()
        if len(counts) >= _EVERYWHERE and max(counts.values()) < _FOREMOST * counts.total()
    )
    keys = sorted(speakers)
    return {
        "said": np.array(keys, dtype=np.uint64),
        "speakers": np.array([speakers[key] for key in keys], dtype=np.uint64),
        "everywhere": np.array(everywhere, dtype=np.uint64),
    }


def plain(text: str) -> str:
    """Give the words of *text* as they were typed, but for case and punctuation."""
    return " ".join(_WORD.findall(text.casefold()))


class Said:
    """Looks up who says what."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._said, self._speakers = arrays["said"], arrays["speakers"]
        self._everywhere = arrays["everywhere"]

    def speakers(self, text: str) -> list[int]:
        """List the places of the languages in which somebody wrote us just *text*."""
        key = np.uint64(hashed(plain(text)))
        place = int(self._said.searchsorted(key))
        if place == len(self._said) or self._said[place] != key:
            return []
        bits = int(self._speakers[place])
        return [bit for bit in range(bits.bit_length()) if bits >> bit & 1]

    def everywhere(self, word: str) -> bool:
        """Tell whether a *word* in normal form is typed in most languages."""
        key = np.uint64(hashed(word))
        place = int(self._everywhere.searchsorted(key))
        return place < len(self._everywhere) and bool(self._everywhere[place] == key)
