"""The examples as a sparse matrix: its weights, its Gram matrix, its product with the duals."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import SLOT_BITS, Features

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

CHAR_SHARE = 0.8
"""What characters weigh against words in a text's squared length: 4 to 1, as measured."""

_MOST_ROWS = 65_536
_RAREST = 2
_FREQUENT = 96
_BLOCK = 2048


class Vocabulary(NamedTuple):
    """The features that a language's model knows."""

    table: NDArray[np.uint16]
    """Slot to row; row 0 stands for all that is unknown."""
    idf: Floats
    """Inverse document frequency of each row; 0 for row 0."""


class Sparse(NamedTuple):
    """A sparse matrix by columns: entries sorted by feature."""

    features: Ints
    """Row of the vocabulary of each entry, rising."""
    examples: Ints
    """Number of the text of each entry."""
    values: Floats


def vocabulary(texts: Sequence[Features]) -> Vocabulary:
    """Learn the features that stand in at least two of *texts*, the most frequent first."""
    counts = np.zeros(2**SLOT_BITS, dtype=np.int64)
    for text in texts:
        counts[np.unique(text.slots)] += 1
    known = np.flatnonzero(counts >= min(_RAREST, len(texts)))
    known = known[np.argsort(-counts[known], kind="stable")][: _MOST_ROWS - 1]
    table = np.zeros(2**SLOT_BITS, dtype=np.uint16)
    table[known] = np.arange(1, len(known) + 1)
    idf = np.zeros(len(known) + 1, dtype=np.float32)
    idf[1:] = np.log((1 + len(texts)) / (1 + counts[known])) + 1
    return Vocabulary(table, idf)


def weigh(text: Features, words: Vocabulary) -> tuple[Ints, Floats]:
    """
    Give the rows of *text* and their weights: idf, scaled to length 1: characters and words each to their share.

    A repeated feature stands there repeatedly; the length is taken over occurrences, which
    saves counting them and was measured to lose nothing.
    """
    rows = words.table.take(text.slots)
    values = words.idf.take(rows)
    chars, rest = values[: text.chars], values[text.chars :]
    chars *= (CHAR_SHARE / (float(chars @ chars) + 1e-9)) ** 0.5
    rest *= ((1 - CHAR_SHARE) / (float(rest @ rest) + 1e-9)) ** 0.5
    return rows.astype(np.int64), values


def stack(texts: Sequence[Features], words: Vocabulary) -> Sparse:
    """Weigh all *texts*; repeated features of a text are summed."""
    weighed = [weigh(text, words) for text in texts]
    examples = np.repeat(np.arange(len(texts)), [len(rows) for rows, _ in weighed])
    keys = np.concatenate([rows for rows, _ in weighed]) * len(texts) + examples
    values = np.concatenate([values for _, values in weighed])
    keys, where = np.unique(keys[values > 0], return_inverse=True)
    summed = np.bincount(where, weights=values[values > 0], minlength=len(keys)).astype(np.float32)
    return Sparse(keys // len(texts), keys % len(texts), summed)


def gram(matrix: Sparse, count: int) -> Floats:
    """Inner products of the *count* texts with each other."""
    products = np.zeros((count, count), dtype=np.float32)
    _, begins, sizes = np.unique(matrix.features, return_index=True, return_counts=True)
    frequent = np.flatnonzero(sizes >= _FREQUENT)
    for first in range(0, len(frequent), _BLOCK):
        chosen = frequent[first : first + _BLOCK]
        entries = np.concatenate([np.arange(begins[i], begins[i] + sizes[i]) for i in chosen])
        block = np.zeros((count, len(chosen)), dtype=np.float32)
        columns = np.repeat(np.arange(len(chosen)), sizes[chosen])
        block[matrix.examples[entries], columns] = matrix.values[entries]
        products += block @ block.T
    flat = products.reshape(-1)
    for size in range(1, _FREQUENT):
        # Rare features: every pair of their few texts, all features of one size at once.
        starts = begins[sizes == size]
        for first in range(0, len(starts), 1 + 2_000_000 // size**2):
            entries = starts[first : first + 1 + 2_000_000 // size**2, None] + np.arange(size)
            texts, values = matrix.examples[entries], matrix.values[entries]
            places = texts[:, :, None] * count + texts[:, None, :]
            np.add.at(flat, places.reshape(-1), (values[:, :, None] * values[:, None, :]).reshape(-1))
    return products


def primal(matrix: Sparse, duals: Floats, rows: int) -> Floats:
    """Weights (rows of the vocabulary x classes) out of dual coefficients (texts x classes)."""
    weights = np.zeros((rows, duals.shape[1]), dtype=np.float32)
    bounds = np.searchsorted(matrix.features, np.arange(0, rows + 4096, 4096))
    for begin, end in pairwise(bounds.tolist()):
        if begin == end:
            continue
        features = matrix.features[begin:end]
        parts = matrix.values[begin:end, None] * duals[matrix.examples[begin:end]]
        kinds, starts = np.unique(features, return_index=True)
        weights[kinds] = np.add.reduceat(parts, starts, axis=0)
    return weights
