"""Known messages: what equals an utterance, but for case, accents and punctuation, is a certain hit.

Whoever adds a message to an intent sees it answered with that intent, whatever the model thinks.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.train import Ints

CERTAIN = 12.0
"""What is added to the known class's logit: nothing else comes near."""


def index(normals: Sequence[str], labels: Ints) -> dict[str, NDArray[Any]]:
    """Give sorted hashes of texts in normal form, and their classes; a text of two classes is left out."""
    meant: dict[int, int] = {}
    for normal, label in zip(normals, labels.tolist(), strict=True):
        key = hashed(normal)
        meant[key] = label if meant.get(key, label) == label else -1
    keys = sorted(key for key, label in meant.items() if label >= 0)
    return {
        "known": np.array(keys, dtype=np.uint64),
        "meant": np.array([meant[key] for key in keys], dtype=np.int16),
    }


def find(normal: str, known: NDArray[np.uint64], meant: NDArray[np.int16]) -> int | None:
    """Give the class of the utterance that *normal* is, or None."""
    key = np.uint64(hashed(normal))
    place = int(known.searchsorted(key))
    return int(meant[place]) if place < len(known) and known[place] == key else None


def hashed(normal: str) -> int:
    """Give 64 bits that stand for *normal*."""
    return int.from_bytes(blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
