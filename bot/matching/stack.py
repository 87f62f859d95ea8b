"""Train the encoder's head on all languages at once, and what it weighs beside the words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.calibrate import temperature
from bot.matching.encoder import centred
from bot.matching.lexical import MOST_EXAMPLES, is_held_out
from bot.matching.model import NONE, merge
from bot.matching.train import Floats, Ints, balanced, train_primal

STRENGTH = 3.0
NONE_PARTS = 20
SHARE = 0.4
"""What the encoder's logits weigh beside the words': cross-validation over utterances would give them
more, tidy questions less …"""
SHARE_OF_FEW = 0.6
"""… and the same where at most :data:`MOST_EXAMPLES` taught the words, which know less then."""
_STEPS = 24


class Evidence(NamedTuple):
    """What one language brings to the common head."""

    intents: Sequence[str]
    labels: Ints
    vectors: Floats
    """The encoder's, examples x dimensions."""
    heldout: Floats
    """Logits of the lexical model for the held-out examples, which it has not seen."""


class Head(NamedTuple):
    """One language's second stage."""

    centre: Floats
    weights: Floats
    """Dimensions + 1 x the language's classes."""
    share: float
    """What its logits weigh in the sum with the words' …"""
    factor: float
    """… and what that sum is multiplied with."""


def train_heads(languages: Mapping[str, Evidence]) -> dict[str, Head]:
    """
    Train one head over all *languages*, whose vectors share a space; cut it up by language.

    Each language profits from the others' examples: one head a language was three points worse.
    """
    intents = sorted({intent for evidence in languages.values() for intent in evidence.intents})
    none = intents.index(NONE) if NONE in intents else None
    places = {name: np.array([intents.index(i) for i in e.intents]) for name, e in languages.items()}
    centres = {name: e.vectors.mean(axis=0, dtype=np.float32) for name, e in languages.items()}
    points = np.concatenate([centred(e.vectors, centres[name]) for name, e in languages.items()])
    labels = np.concatenate([places[name][e.labels] for name, e in languages.items()])
    held = np.concatenate([is_held_out(len(e.labels)) for e in languages.values()])
    parts, classes = _cut_up(points, labels, none, len(intents))
    whole = _fit(points, parts, classes)
    blind = _fit(points[~held], parts[~held], classes)
    heads, begin = {}, 0
    for name, evidence in languages.items():
        end = begin + len(evidence.labels)
        unseen = np.flatnonzero(held[begin:end])
        meant = merge(points[begin:end][unseen] @ blind, none, len(intents))[:, places[name]]
        share = SHARE if len(evidence.labels) > MOST_EXAMPLES else SHARE_OF_FEW
        both = evidence.heldout + np.float32(share) * meant
        beyond = np.arange(len(intents), classes if NONE in evidence.intents else len(intents))
        weights = np.ascontiguousarray(whole[:, np.concatenate((places[name], beyond))])
        heads[name] = Head(centres[name], weights, share, temperature(both, evidence.labels[unseen]))
        begin = end
    return heads


def _cut_up(points: Floats, labels: Ints, none: int | None, classes: int) -> tuple[Ints, int]:
    # What is not our business lies all around what is: one direction cannot point to it, twenty can.
    strange = np.flatnonzero(labels == none)
    count = min(NONE_PARTS, len(strange) // 20)
    if none is None or count < 2:
        return labels, classes
    cut = labels.copy()
    group = _cluster(points[strange], count)
    cut[strange] = np.where(group == 0, none, classes - 1 + group)
    return cut, classes + count - 1


def _cluster(points: Floats, count: int) -> Ints:
    random = np.random.default_rng(0)
    centres = points[random.choice(len(points), count, replace=False)]
    nearest = (points @ centres.T).argmax(axis=1)
    for _ in range(15):
        for number in range(count):
            members = points[nearest == number]
            chosen = members.sum(axis=0) if len(members) else points[random.integers(len(points))]
            centres[number] = chosen / np.linalg.norm(chosen)
        nearest = (points @ centres.T).argmax(axis=1)
    return np.asarray(nearest, dtype=np.int64)


def _fit(points: Floats, labels: Ints, classes: int) -> Floats:
    weights = np.sqrt(balanced(labels, classes))
    weights /= weights.mean()
    return train_primal(points, labels, classes, weights=weights, strength=STRENGTH, steps=_STEPS)
