"""Training: numpy finds what scikit-learn finds on the same data."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.matching import sparse
from bot.matching.features import extract
from bot.matching.train import BIAS, balanced, softmax, train_dual, train_primal

from .conftest import ENGLISH, ITALIAN


def data(texts: dict[str, list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """The texts' dense features with the bias as a constant one, and their labels."""
    features = [extract(text) for group in texts.values() for text in group]
    words = sparse.vocabulary(features)
    matrix = sparse.stack(features, words)
    full = np.zeros((len(features), len(words.idf)), dtype=np.float32)
    full[matrix.examples, matrix.features] = matrix.values
    full[:, 0] = BIAS**0.5
    return full, np.repeat(np.arange(len(texts)), [len(group) for group in texts.values()])


def judge(points: np.ndarray, labels: np.ndarray, weights: np.ndarray, strength: float) -> np.ndarray:
    """scikit-learn's probabilities of the same examples."""
    model = LogisticRegression(C=strength, fit_intercept=False, tol=1e-8, max_iter=5000)
    return model.fit(points, labels, sample_weight=weights).predict_proba(points)


@pytest.mark.parametrize("texts", [ENGLISH, ITALIAN])
@pytest.mark.parametrize("strength", [1.0, 30.0])
class TestAgainstScikitLearn:
    def test_the_dual_finds_the_same_probabilities(
        self, texts: dict[str, list[str]], strength: float
    ) -> None:
        points, labels = data(texts)
        weights = balanced(labels, len(texts))
        gram = points @ points.T
        duals = train_dual(gram, labels, len(texts), weights=weights, strength=strength, steps=400)

        assert np.allclose(judge(points, labels, weights, strength), softmax(gram @ duals), atol=0.005)

    def test_the_primal_finds_the_same_probabilities(
        self, texts: dict[str, list[str]], strength: float
    ) -> None:
        points, labels = data(texts)
        weights = balanced(labels, len(texts))
        found = train_primal(points, labels, len(texts), weights=weights, strength=strength, steps=400)

        assert np.allclose(judge(points, labels, weights, strength), softmax(points @ found), atol=0.005)


def test_more_examples_than_the_preconditioner_has_directions() -> None:
    """Beyond its rank only a bound is known: the steps must still lead to the same place."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((5, 40))
    labels = random.integers(0, 5, 600)
    points = (centres[labels] + 2 * random.standard_normal((600, 40))).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    weights = balanced(labels, 5)
    duals = train_dual(points @ points.T, labels, 5, weights=weights, strength=30, steps=400)

    assert np.allclose(judge(points, labels, weights, 30), softmax(points @ points.T @ duals), atol=0.01)


def test_training_is_deterministic() -> None:
    points, labels = data(ENGLISH)
    weights = balanced(labels, len(ENGLISH))
    first, second = (
        train_dual(points @ points.T, labels, len(ENGLISH), weights=weights, strength=30) for _ in range(2)
    )

    assert np.array_equal(first, second)


def test_balanced_weights_are_scikit_learns() -> None:
    labels = np.array([0, 0, 0, 1])

    assert [4 / 6, 4 / 6, 4 / 6, 2] == pytest.approx(balanced(labels, 2).tolist())


def test_a_class_without_examples_weighs_nothing() -> None:
    assert [1, 1] == balanced(np.array([0, 2]), 3).tolist()
