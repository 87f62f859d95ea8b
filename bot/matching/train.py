"""Softmax regression in numpy alone: accelerated, preconditioned gradient steps.

In the dual for the lexical models, where a few thousand examples face ten times as many
features; in the primal for the encoder's vectors, where it is the other way round.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Function = Callable[[Floats], Floats]

BIAS = 0.1
"""The constant feature, squared: added to every entry of the Gram matrix."""

_STEPS = 48
_RANK = 160
_ENOUGH = 1e-3


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def balanced(labels: Ints, classes: int) -> Floats:
    """Give each class the same total weight: examples / (classes x examples of the class)."""
    counts = np.bincount(labels, minlength=classes).astype(np.float32)
    return np.asarray(len(labels) / (np.count_nonzero(counts) * counts[labels]), dtype=np.float32)


def train_dual(
    gram: Floats, labels: Ints, classes: int, *, weights: Floats, strength: float, steps: int = _STEPS
) -> Floats:
    """
    Fit the dual coefficients (examples x classes) of a softmax regression.

    *gram* (examples x examples) holds the inner products, :data:`BIAS` included; *strength* is
    scikit-learn's C. The logits of a text are its inner products with the examples, times these.
    """
    penalty = 1 / strength
    root = np.sqrt(weights)[:, None]
    scaled = gram * root * root.T
    targets = _one_hot(labels, classes)

    def gradient(duals: Floats) -> Floats:
        residual = root * (softmax(np.asarray(scaled @ duals / root, dtype=np.float32)) - targets)
        return np.asarray(residual + penalty * duals, dtype=np.float32)

    found = _descend(gradient, _low_rank_inverse(scaled, penalty), np.zeros_like(targets), steps)
    return np.asarray(root * found, dtype=np.float32)


def train_primal(
    vectors: Floats, labels: Ints, classes: int, *, weights: Floats, strength: float, steps: int = _STEPS
) -> Floats:
    """Fit the weights (features x classes) on *vectors* (examples x features)."""
    penalty = 1 / strength
    targets = _one_hot(labels, classes)
    curvature = 0.5 * (vectors.T * weights) @ vectors
    inverse = np.linalg.inv(curvature + penalty * np.eye(len(curvature), dtype=np.float32))

    def gradient(found: Floats) -> Floats:
        residual = weights[:, None] * (softmax(vectors @ found) - targets)
        return np.asarray(vectors.T @ residual + penalty * found, dtype=np.float32)

    start = np.zeros((vectors.shape[1], classes), dtype=np.float32)
    return _descend(gradient, lambda residual: np.asarray(inverse @ residual), start, steps)


def _one_hot(labels: Ints, classes: int) -> Floats:
    targets = np.zeros((len(labels), classes), dtype=np.float32)
    targets[np.arange(len(labels)), labels] = 1
    return targets


def _descend(gradient: Function, precondition: Function, start: Floats, steps: int) -> Floats:
    # Nesterov's momentum, begun anew whenever it carries uphill.
    current, ahead, momentum = start, start, 1.0
    for _ in range(steps):
        slope = gradient(ahead)
        step = precondition(slope)
        following = ahead - step
        if float(np.sum(step * (following - current))) > 0:
            momentum = 1.0
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + np.float32((momentum - 1) / grown) * (following - current)
        current, momentum = following, grown
        if np.abs(slope).max() < _ENOUGH:
            break
    return current


def _low_rank_inverse(scaled: Floats, penalty: float) -> Function:
    # The inverse of half the Gram matrix plus the penalty, exact on its leading directions and
    # bounded on the rest: a full inverse would cost more than all the steps it saves.
    count = len(scaled)
    rank = min(_RANK, count)
    sketch = np.random.default_rng(0).standard_normal((count, rank), dtype=np.float32)
    for _ in range(2):
        sketch, _ = np.linalg.qr(scaled @ sketch)
    values, vectors = np.linalg.eigh(sketch.T @ (scaled @ sketch))
    basis = np.asarray(sketch @ vectors, dtype=np.float32)
    rest = _largest_beyond(scaled, basis, values) if rank < count else max(float(values[0]), 0.0)
    floor = np.float32(1 / (0.5 * rest + penalty))
    gains = np.asarray(1 / (0.5 * np.maximum(values, 0) + penalty) - floor, dtype=np.float32)
    return lambda residual: np.asarray(floor * residual + basis @ (gains[:, None] * (basis.T @ residual)))


def _largest_beyond(scaled: Floats, basis: Floats, values: Floats) -> float:
    # Power iteration on what the basis leaves over, a little enlarged for safety.
    vector = np.random.default_rng(1).standard_normal(len(scaled)).astype(np.float32)
    size = 0.0
    for _ in range(12):
        vector = scaled @ vector - basis @ (values * (basis.T @ vector))
        size = float(np.linalg.norm(vector))
        vector /= np.float32(max(size, 1e-12))
    return 1.1 * size
