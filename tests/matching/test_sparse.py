"""Sparse: the Gram matrix and the weights are what dense arithmetic says they are."""

import numpy as np
import pytest

from bot.matching import sparse
from bot.matching.features import extract
from bot.matching.sparse import Floats

from .conftest import ENGLISH

TEXTS = [extract(text) for texts in ENGLISH.values() for text in texts]


@pytest.fixture(name="words")
def _words() -> sparse.Vocabulary:
    return sparse.vocabulary(TEXTS)


def dense(matrix: sparse.Sparse, words: sparse.Vocabulary) -> Floats:
    full = np.zeros((len(TEXTS), len(words.idf)), dtype=np.float32)
    full[matrix.examples, matrix.features] = matrix.values
    return full


def test_a_feature_of_a_single_text_is_not_learned(words: sparse.Vocabulary) -> None:
    rows = words.table[extract("volcanoes zzz").slots]

    assert 0 in rows
    assert 0 == words.idf[0]


def test_rare_features_count_more(words: sparse.Vocabulary) -> None:
    often, seldom = words.table[extract("").slots[0]], words.table[extract("w").slots[1]]

    assert 0 < words.idf[often] < words.idf[seldom]


def test_a_text_has_length_one_in_its_two_shares(words: sparse.Vocabulary) -> None:
    text = extract("what is a password")
    _, values = sparse.weigh(text, words)

    assert sparse.CHAR_SHARE == pytest.approx(float(values[: text.chars] @ values[: text.chars]), rel=1e-4)
    assert 1 == pytest.approx(float(values @ values), rel=1e-4)


@pytest.mark.parametrize("frequent", [2, 5, 1000])
def test_gram_holds_all_inner_products(
    words: sparse.Vocabulary, frequent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the border between dense and sparse arithmetic lies."""
    monkeypatch.setattr(sparse, "_FREQUENT", frequent)
    matrix = sparse.stack(TEXTS, words)
    full = dense(matrix, words)

    assert np.allclose(full @ full.T, sparse.gram(matrix, len(TEXTS)), atol=1e-5)


def test_primal_is_the_transposed_product(words: sparse.Vocabulary) -> None:
    matrix = sparse.stack(TEXTS, words)
    duals = np.random.default_rng(0).standard_normal((len(TEXTS), 3)).astype(np.float32)

    assert np.allclose(
        dense(matrix, words).T @ duals, sparse.primal(matrix, duals, len(words.idf)), atol=1e-4
    )
