"""Softmax regression for more examples than a Gram matrix has room for: in small batches, in the primal."""

from collections.abc import Sequence

import numpy as np

from bot.matching.train import Floats, Ints, softmax

_VISITS = 40_000
"""About how many times an example is looked at in all; at least three times each."""
_BATCH = 256
_RATE = 0.4
_TINY = 1e-8
_SMOOTHING = 0.2
"""What each example leaves to the other classes: less sure models knew better what is none of ours."""


def train_batches(
    texts: Sequence[tuple[Ints, Floats]],
    labels: Ints,
    classes: int,
    rows: int,
    *,
    weights: Floats,
    strength: float,
) -> tuple[Floats, Floats]:
    """
    Fit weights (*rows* x *classes*) and bias on weighed *texts* (rows and values of each) by AdaGrad.

    Comes close to the exact solution after a few passes, at a cost that grows with the number of texts alone.
    """
    found = np.zeros((rows, classes), dtype=np.float32)
    squares = np.full((rows, classes), _TINY, dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    bias_squares = np.full(classes, _TINY, dtype=np.float32)
    decay = np.float32(1 / (strength * len(texts)))
    random = np.random.default_rng(0)
    epochs = min(max(_VISITS // len(texts), 3), 16)
    for epoch in range(epochs):
        rate = np.float32(_RATE * (1 - epoch / epochs))
        order = random.permutation(len(texts))
        for first in range(0, len(texts), _BATCH):
            chosen = order[first : first + _BATCH]
            kinds, points = _dense([texts[i] for i in chosen], rows)
            current = found[kinds]
            residual = softmax(points @ current + bias)
            residual -= _SMOOTHING / classes
            residual[np.arange(len(chosen)), labels[chosen]] -= 1 - _SMOOTHING
            residual *= weights[chosen, None] / np.float32(len(chosen))
            slope = points.T @ residual
            slope += decay * current
            # In place, as these few lines are what most of the time goes into.
            steepness = squares[kinds]
            steepness += slope * slope
            squares[kinds] = steepness
            slope *= rate
            slope /= np.sqrt(steepness, out=steepness)
            current -= slope
            found[kinds] = current
            slope = residual.sum(axis=0)
            bias_squares += slope * slope
            bias -= np.float32(0.1) * rate * slope / np.sqrt(bias_squares)
    return found, bias


def _dense(texts: Sequence[tuple[Ints, Floats]], rows: int) -> tuple[Ints, Floats]:
    # The batch as a full matrix over the features that stand in it.
    entries = np.concatenate([features for features, _ in texts])
    places = np.zeros(rows, dtype=np.int64)
    places[entries] = 1
    kinds = np.flatnonzero(places)
    places[kinds] = np.arange(len(kinds))
    examples = np.repeat(np.arange(len(texts)), [len(features) for features, _ in texts])
    points = np.zeros(len(texts) * len(kinds), dtype=np.float32)
    np.add.at(
        points, examples * len(kinds) + places[entries], np.concatenate([values for _, values in texts])
    )
    return kinds, points.reshape(len(texts), len(kinds))
