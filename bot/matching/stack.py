"""Train the encoder's head on all languages at once, and what it weighs beside the words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.calibrate import temperature
from bot.matching.lexical import FOLDS, fold_of
from bot.matching.encoder import centred
from bot.matching.train import Floats, Ints, balanced, train_primal

STRENGTH = 10.0


class Evidence(NamedTuple):
    """What one language brings to the common head."""

    intents: Sequence[str]
    labels: Ints
    vectors: Floats
    """The encoder's, examples x dimensions."""
    heldout: Floats
    """Logits of the lexical model for examples that it has not seen."""


class Head(NamedTuple):
    """One language's second stage."""

    centre: Floats
    weights: Floats
    """Dimensions + 1 x the language's classes."""
    factor: float
    """What the sum of both models' logits is multiplied with."""


def train_heads(languages: Mapping[str, Evidence]) -> dict[str, Head]:
    """
    Train one head over all *languages*, whose vectors share a space; cut it up by language.

    Each language profits from the others' examples: one head a language was three points worse.
    """
    intents = sorted({intent for evidence in languages.values() for intent in evidence.intents})
    places = {name: np.array([intents.index(i) for i in e.intents]) for name, e in languages.items()}
    centres = {name: e.vectors.mean(axis=0, dtype=np.float32) for name, e in languages.items()}
    points = np.concatenate([centred(e.vectors, centres[name]) for name, e in languages.items()])
    labels = np.concatenate([places[name][e.labels] for name, e in languages.items()])
    folds = np.concatenate([fold_of(len(e.labels)) for e in languages.values()])
    whole = _fit(points, labels, len(intents))
    heldout = _held_out(points, labels, folds, len(intents))
    heads, begin = {}, 0
    for name, evidence in languages.items():
        end = begin + len(evidence.labels)
        both = evidence.heldout + heldout[begin:end, places[name]]
        weights = np.ascontiguousarray(whole[:, places[name]])
        heads[name] = Head(centres[name], weights, temperature(both, evidence.labels))
        begin = end
    return heads


def _fit(points: Floats, labels: Ints, classes: int) -> Floats:
    return train_primal(points, labels, classes, weights=balanced(labels, classes), strength=STRENGTH)


def _held_out(points: Floats, labels: Ints, folds: Ints, classes: int) -> Floats:
    logits = np.zeros((len(labels), classes), dtype=np.float32)
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(seen) and len(unseen):
            logits[unseen] = points[unseen] @ _fit(points[seen], labels[seen], classes)
    return logits
