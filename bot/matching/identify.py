"""Train the language identifier on our own utterances: it knows how people write to us."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.arabizi import ARABIC, is_latin
from bot.matching.features import SLOT_BITS, extract
from bot.matching.said import index
from bot.text import normalise

UNKNOWN = "und"
"""BCP 47's tag for a language that is none of ours."""

_ARABIC_SCRIPT = ("fa", "ps", "ckb", "urdu")
"""Other languages in Arabic script are counted apart from those in Latin script."""
_SMOOTHING = 0.1
_OTHERS_WEIGHT = 5
"""How often each line in another language counts: there are few of them."""
_NEVER_SEEN = 3.0
"""What a feature that no language of ours has speaks for another one."""


def foreign() -> list[tuple[str, str]]:
    """Give messages in other languages, and Arabic in Latin letters: (code, text)."""
    lines = files("bot.matching").joinpath("foreign.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(code, text) for code, text in rows]


def train_identifier(
    languages: Mapping[str, Sequence[str]],
) -> tuple[tuple[str, ...], dict[str, NDArray[Any]]]:
    """
    Count the features of texts by language; give the labels and the arrays.

    A label may stand there twice: :data:`UNKNOWN` and Arabic, once for each script.
    `weights` (slots x labels, in units of `scale`) are the features' log-likelihoods beside the
    average language's; the other arrays are for :class:`Said`. Naive Bayes on all texts beat a trained model on some of them.
    """
    ours = sorted(languages)
    labels = (*ours, ARABIC if ARABIC in ours else UNKNOWN, UNKNOWN, UNKNOWN)
    counts = np.zeros((2**SLOT_BITS, len(labels)))
    for column, name in enumerate(ours):
        for normal in map(normalise, languages[name]):
            place = len(ours) if name == ARABIC and is_latin(normal) else column
            np.add.at(counts[:, place], extract(normal).slots, 1)
    for code, text in foreign():
        column = len(ours) if code == ARABIC else len(ours) + 1 + (code in _ARABIC_SCRIPT)
        np.add.at(counts[:, column], extract(normalise(text)).slots, _OTHERS_WEIGHT)
    likely = np.log((counts + _SMOOTHING) / (counts.sum(axis=0) + _SMOOTHING * len(counts)))
    likely -= likely.mean(axis=1, keepdims=True)
    likely[counts.sum(axis=1) == 0] = [_NEVER_SEEN if label == UNKNOWN else 0 for label in labels]
    scale = np.abs(likely).max() / 127
    arrays = {
        "weights": np.rint(likely / scale).astype(np.int8),
        "scale": np.array([scale], dtype=np.float32),
        **index(languages),
    }
    return labels, arrays
