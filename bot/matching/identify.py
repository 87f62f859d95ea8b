"""Train the language identifier on our own utterances."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching import sparse
from bot.matching.features import extract
from bot.matching.lexical import STRENGTH, pack
from bot.matching.train import BIAS, balanced, train_dual
from bot.text import normalise

UNKNOWN = "und"
"""BCP 47's tag for a language that is none of ours."""

_MOST = 640
_STEPS = 40


def foreign() -> list[tuple[str, str]]:
    """Give messages in other languages, and Arabic in Latin letters: (code, text)."""
    lines = files("bot.matching").joinpath("foreign.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(code, text) for code, text in rows]


def train_identifier(languages: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], dict[str, NDArray[Any]]]:
    """
    Train on texts by language; give the labels (:data:`UNKNOWN` last) and the model's arrays.

    A few hundred texts of each language are enough, so that a change costs seconds.
    """
    labels = (*sorted(languages), UNKNOWN)
    normals: list[str] = []
    numbers: list[int] = []
    for number, name in enumerate(labels[:-1]):
        texts = list(languages[name])
        chosen = np.random.default_rng(0).permutation(len(texts))[:_MOST]
        normals += [normalise(texts[i]) for i in chosen]
        numbers += [number] * len(chosen)
    for code, text in foreign():
        normals.append(normalise(text))
        numbers.append(labels.index(code) if code in labels else len(labels) - 1)
    known = np.array(numbers, dtype=np.int64)
    features = [extract(normal) for normal in normals]
    words = sparse.vocabulary(features)
    matrix = sparse.stack(features, words, blocks=False)
    gram = sparse.gram(matrix, len(features)) + np.float32(BIAS)
    weights = balanced(known, len(labels))
    duals = train_dual(gram, known, len(labels), weights=weights, strength=STRENGTH, steps=_STEPS)
    return labels, pack(words, sparse.primal(matrix, duals, len(words.idf)), np.float32(BIAS) * duals.sum(axis=0))
