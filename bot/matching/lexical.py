"""Train one language's model of words and letters, and pack it small."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching import sparse
from bot.matching.features import extract
from bot.matching.train import BIAS, Floats, Ints, balanced, train_dual

STRENGTH = 30.0
"""scikit-learn's C, as measured."""

NONE_WEIGHT = 3.0
"""What `none` weighs against another class: it is as wide as all the others together."""

FOLDS = 3
_FOLD_STEPS = 32


def fold_of(count: int) -> Ints:
    """Deal *count* examples into folds: the same for every model, so that they can be stacked."""
    return np.random.default_rng(count).permutation(count) % FOLDS


def train_lexical(
    normals: Sequence[str], labels: Ints, classes: int, none: int | None = None
) -> dict[str, NDArray[Any]]:
    """
    Train on texts in normal form; give the arrays of the compiled model.

    *none* is the class of what is not our business.

    `heldout` (examples x classes, float16) holds each example's logits from a model that has
    not seen it: calibration is fitted on them.
    """
    texts = [extract(normal) for normal in normals]
    words = sparse.vocabulary(texts)
    matrix = sparse.stack(texts, words)
    gram = sparse.gram(matrix, len(texts)) + np.float32(BIAS)
    weights = balanced(labels, classes)
    if none is not None:
        weights[labels == none] *= NONE_WEIGHT
    duals = train_dual(gram, labels, classes, weights=weights, strength=STRENGTH)
    heldout = np.zeros((len(texts), classes), dtype=np.float16)
    folds = fold_of(len(texts))
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(seen) or not len(unseen):
            continue
        part = train_dual(
            gram[np.ix_(seen, seen)], labels[seen], classes,
            weights=weights[seen], strength=STRENGTH, steps=_FOLD_STEPS,
        )  # fmt: skip
        heldout[unseen] = gram[np.ix_(unseen, seen)] @ part
    return {**pack(words, sparse.primal(matrix, duals, len(words.idf)), np.float32(BIAS) * duals.sum(axis=0)),
            "heldout": heldout, "labels": labels.astype(np.int16)}  # fmt: skip


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
