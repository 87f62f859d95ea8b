"""The lexical model: calibrated on what it has not seen, packed without loss."""

import numpy as np

from bot.matching import sparse
from bot.matching.features import extract
from bot.matching.lexical import FOLDS, fold_of, pack, train_lexical

from .conftest import ENGLISH

NORMALS = [text for texts in ENGLISH.values() for text in texts]
LABELS = np.repeat(np.arange(len(ENGLISH)), [len(texts) for texts in ENGLISH.values()])


def test_every_example_is_held_out_once_and_scored_by_the_others() -> None:
    trained = train_lexical(NORMALS, LABELS, len(ENGLISH), none=3)

    assert (len(NORMALS), len(ENGLISH)) == trained["heldout"].shape
    assert np.all(np.abs(trained["heldout"]).sum(axis=1) > 0)
    assert (trained["heldout"].argmax(axis=1) == LABELS).mean() > 0.5


def test_folds_are_dealt_evenly_and_always_alike() -> None:
    folds = fold_of(10)

    assert [4, 3, 3] == np.bincount(folds, minlength=FOLDS).tolist()
    assert np.array_equal(folds, fold_of(10))


def test_packing_keeps_the_weights_but_for_rounding() -> None:
    words = sparse.vocabulary([extract(normal) for normal in NORMALS])
    weights = np.random.default_rng(0).standard_normal((len(words.idf), 3)).astype(np.float32)
    packed = pack(words, weights, np.zeros(3, dtype=np.float32))

    assert np.int8 == packed["weights"].dtype
    assert np.allclose(weights, packed["weights"] * packed["scale"], atol=np.abs(weights).max() / 250)
