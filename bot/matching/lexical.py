"""Train one language's model of words and letters, and pack it small."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching import sparse
from bot.matching.batches import train_batches
from bot.matching.features import Features, extract
from bot.matching.train import BIAS, Floats, Ints, balanced, train_dual

STRENGTH = 30.0
"""scikit-learn's C, as measured."""

NONE_WEIGHT = 3.0
"""What `none` weighs against another class: it is as wide as all the others together."""

MOST_EXAMPLES = 6000
"""Beyond these the Gram matrix outgrows the memory, and small batches are quicker."""

_STEPS = 40
_BLIND_STEPS = 28


def is_held_out(count: int) -> NDArray[np.bool_]:
    """Choose a third of *count* examples to calibrate on: the same for every model, so that they can be added."""
    return np.asarray(np.random.default_rng(count).permutation(count) % 3 == 0)


def train_lexical(
    normals: Sequence[str], labels: Ints, classes: int, none: int | None = None
) -> dict[str, NDArray[Any]]:
    """
    Train on texts in normal form; give the arrays of the compiled model.

    *none* is the class of what is not our business.

    `heldout` (held-out examples x classes) are the logits of :func:`is_held_out`'s examples from a
    model that has not seen them: calibration is fitted on them.
    """
    texts = [extract(normal) for normal in normals]
    words = sparse.vocabulary(texts)
    weights = balanced(labels, classes)
    if none is not None:
        weights[labels == none] *= NONE_WEIGHT
    train = _exactly if len(texts) <= MOST_EXAMPLES else _in_batches
    found, bias, heldout = train(texts, words, labels, classes, weights)
    return {**pack(words, found, bias), "heldout": heldout, "labels": labels.astype(np.int16)}


def _exactly(
    texts: Sequence[Features], words: sparse.Vocabulary, labels: Ints, classes: int, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    matrix = sparse.stack(texts, words)
    gram = sparse.gram(matrix, len(texts)) + np.float32(BIAS)
    duals = train_dual(gram, labels, classes, weights=weights, strength=STRENGTH, steps=_STEPS)
    held = is_held_out(len(texts))
    seen, unseen = np.flatnonzero(~held), np.flatnonzero(held)
    blind = train_dual(
        gram[np.ix_(seen, seen)], labels[seen], classes,
        weights=weights[seen], strength=STRENGTH, steps=_BLIND_STEPS,
    )  # fmt: skip
    heldout = np.asarray(gram[np.ix_(unseen, seen)] @ blind, dtype=np.float32)
    return sparse.primal(matrix, duals, len(words.idf)), np.float32(BIAS) * duals.sum(axis=0), heldout


def _in_batches(
    texts: Sequence[Features], words: sparse.Vocabulary, labels: Ints, classes: int, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    weighed = [sparse.weigh(text, words) for text in texts]
    rows, held = len(words.idf), is_held_out(len(texts))
    found, bias = train_batches(weighed, labels, classes, rows, weights=weights, strength=STRENGTH)
    seen = np.flatnonzero(~held)
    blind, blind_bias = train_batches(
        [weighed[i] for i in seen], labels[seen], classes, rows, weights=weights[seen], strength=STRENGTH
    )
    heldout = [
        values @ blind[kinds] + blind_bias for kinds, values in (weighed[i] for i in np.flatnonzero(held))
    ]
    return found, bias, np.stack(heldout).astype(np.float32)


def pack(words: sparse.Vocabulary, weights: Floats, bias: Floats) -> dict[str, NDArray[Any]]:
    """Round each class's *weights* to whole numbers of 8 bits: a tenth of a point at most is lost."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return {
        "table": words.table,
        "idf": words.idf,
        "weights": np.rint(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
    }
