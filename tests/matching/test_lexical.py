"""The lexical model: calibrated on what it has not seen, packed without loss."""

import numpy as np
import pytest

from bot.matching import lexical, sparse
from bot.matching.features import extract
from bot.matching.lexical import is_held_out, pack, train_lexical

from .conftest import ENGLISH

NORMALS = [text for texts in ENGLISH.values() for text in texts]
LABELS = np.repeat(np.arange(len(ENGLISH)), [len(texts) for texts in ENGLISH.values()])


def test_a_third_is_scored_by_a_model_that_has_not_seen_it() -> None:
    trained = train_lexical(NORMALS, LABELS, len(ENGLISH), none=3)
    held = is_held_out(len(NORMALS))

    assert (held.sum(), len(ENGLISH)) == trained["heldout"].shape
    assert (trained["heldout"].argmax(axis=1) == LABELS[held]).mean() > 0.5


def test_many_examples_are_trained_in_batches_and_known_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a size the exact way has no room: the other one must find nearly the same."""
    exact = train_lexical(NORMALS, LABELS, len(ENGLISH), none=3)
    monkeypatch.setattr(lexical, "MOST_EXAMPLES", 10)
    batched = train_lexical(NORMALS, LABELS, len(ENGLISH), none=3)

    assert set(exact) == set(batched)
    assert exact["heldout"].shape == batched["heldout"].shape
    words = sparse.Vocabulary(batched["table"], batched["idf"])
    for normal, label in zip(NORMALS, LABELS, strict=True):
        rows, values = sparse.weigh(extract(normal), words)
        assert label == (values @ (batched["weights"][rows] * batched["scale"]) + batched["bias"]).argmax()


def test_what_is_held_out_is_always_the_same_third() -> None:
    assert 4 == is_held_out(10).sum()
    assert np.array_equal(is_held_out(10), is_held_out(10))


def test_packing_keeps_the_weights_but_for_rounding() -> None:
    words = sparse.vocabulary([extract(normal) for normal in NORMALS])
    weights = np.random.default_rng(0).standard_normal((len(words.idf), 3)).astype(np.float32)
    packed = pack(words, weights, np.zeros(3, dtype=np.float32))

    assert np.int8 == packed["weights"].dtype
    assert np.allclose(weights, packed["weights"] * packed["scale"], atol=np.abs(weights).max() / 250)
