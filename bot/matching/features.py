"""What the models see of a text: hashed n-grams of characters and words.

Written for speed, as every message passes here: a dozen numpy calls whatever the length,
and no Python loop over characters.
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SLOT_BITS = 18
"""Features are hashed into 2**18 slots: measured as good as a dictionary of them."""

LONGEST_NGRAM = 4
"""Characters of the longest n-gram."""

LONGEST_TEXT = 1200
"""Characters that are looked at; what comes after is cut off. Long messages are read clause by clause too."""

Slots = NDArray[np.int64]

_ROLL = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(64 - SLOT_BITS)
_ONE_WORD = np.uint64(0xA0761D6478BD642F)
_FIRST_OF_PAIR = np.uint64(0xE7037ED1A0B428DB)
_FIRST_OF_SKIP = np.uint64(0x589965CC75374CC3)
_BEGIN, _END = 1, 2


class Features(NamedTuple):
    """The hashed features of one text."""

    slots: Slots
    """Slots, repeated as often as they occur: first those of characters, then those of words."""
    chars: int
    """How many of them are of character n-grams."""


def extract(normal: str) -> Features:
    """
    Hash the features of *normal*, a text in its normal form.

    Characters: n-grams of 1 to 4 of the space-padded text, across words. Words: each word,
    each pair of neighbours (with the sentence's begin and end), each pair with one word between.
    """
    normal = normal[:LONGEST_TEXT]
    ones = np.frombuffer(f" {normal} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    twos = ones[:-1] * _ROLL
    twos += ones[1:]
    threes = twos[:-1] * _ROLL
    threes += ones[2:]
    fours = threes[:-1] * _ROLL
    fours += ones[3:]
    words = np.array([_BEGIN, *map(crc32, normal.encode().split()), _END], dtype=np.uint64)
    pairs = words[:-1] * _FIRST_OF_PAIR
    pairs += words[1:]
    skips = words[1:-3] * _FIRST_OF_SKIP
    skips += words[3:-1]
    hashes = np.concatenate((ones, twos, threes, fours, words[1:-1] * _ONE_WORD, pairs, skips))
    hashes *= _MIX
    hashes >>= _SHIFT
    return Features(hashes.view(np.int64), len(ones) + len(twos) + len(threes) + len(fours))
