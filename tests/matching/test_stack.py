"""The encoder's head: one for all languages, `none` cut into parts."""

import numpy as np

from bot.matching.lexical import MOST_EXAMPLES, is_held_out, train_lexical
from bot.matching.model import merge
from bot.matching.stack import Evidence, _cluster, _cut_up, train_heads

from .conftest import ENGLISH, ITALIAN, FakeEncoder


def evidence(texts: dict[str, list[str]]) -> Evidence:
    flat = [text for intent in sorted(texts) for text in texts[intent]]
    labels = np.repeat(np.arange(len(texts)), [len(texts[intent]) for intent in sorted(texts)])
    heldout = train_lexical(flat, labels, len(texts))["heldout"]
    return Evidence(sorted(texts), labels, FakeEncoder().encode(flat), heldout)


def test_each_language_gets_its_own_classes_of_the_common_head() -> None:
    short = {intent: texts for intent, texts in ITALIAN.items() if intent != "greeting"}
    heads = train_heads({"en": evidence(ENGLISH), "it": evidence(short)})

    assert (33, 4) == heads["en"].weights.shape
    assert (33, 3) == heads["it"].weights.shape
    assert np.array_equal(heads["en"].weights[:, [1, 2, 3]], heads["it"].weights)
    assert heads["en"].factor > 0


def test_the_encoder_counts_more_where_few_examples_taught_the_words() -> None:
    few = evidence(ENGLISH)
    times = MOST_EXAMPLES // len(few.labels) + 1
    labels, vectors = np.tile(few.labels, times), np.tile(few.vectors, (times, 1))
    unheard = np.zeros((is_held_out(len(labels)).sum(), len(few.intents)), dtype=np.float32)
    heads = train_heads({"en": few, "it": Evidence(few.intents, labels, vectors, unheard)})

    assert heads["en"].share > heads["it"].share


def test_what_is_not_ours_is_cut_into_parts_and_merged_again() -> None:
    random = np.random.default_rng(0)
    points = random.standard_normal((100, 8)).astype(np.float32)
    labels = np.array([0] * 40 + [1] * 60)
    cut, classes = _cut_up(points, labels, 1, 2)

    assert 2 + 2 == classes
    assert np.array_equal(labels == 1, cut >= 1)
    logits = random.standard_normal((5, classes)).astype(np.float32)
    odds = np.exp(logits)
    assert np.allclose(odds[:, 1:].sum(axis=1), np.exp(merge(logits, 1, 2)[:, 1]), rtol=1e-4)


def test_few_examples_are_not_cut_up() -> None:
    labels = np.array([0, 1, 1])

    assert 2 == _cut_up(np.eye(3, dtype=np.float32), labels, 1, 2)[1]
    assert 2 == _cut_up(np.eye(3, dtype=np.float32), labels, None, 2)[1]


def test_clusters_hold_what_is_alike() -> None:
    points = np.repeat(np.eye(3, dtype=np.float32), 10, axis=0)
    groups = _cluster(points, 3)

    assert all(1 == len(set(groups[first : first + 10].tolist())) for first in (0, 10, 20))
