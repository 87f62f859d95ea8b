"""Train the encoder's head on all languages at once, and what it weighs beside the words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.calibrate import mixture
from bot.matching.lexical import FOLDS, fold_of
from bot.matching.semantic import centred
from bot.matching.train import Floats, Ints, balanced, train_primal

STRENGTH = 30.0
_FOLD_STEPS = 24


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
    lexical: float
    semantic: float
    heldout: Floats


def train_heads(languages: Mapping[str, Evidence]) -> dict[str, Head]:
    """Train one head over all *languages*, whose vectors share a space; cut it up by language."""
    intents = sorted({intent for evidence in languages.values() for intent in evidence.intents})
    places = {name: np.array([intents.index(i) for i in e.intents]) for name, e in languages.items()}
    centres = {name: e.vectors.mean(axis=0, dtype=np.float32) for name, e in languages.items()}
    points = np.concatenate([centred(e.vectors, centres[name]) for name, e in languages.items()])
    labels = np.concatenate([places[name][e.labels] for name, e in languages.items()])
    folds = np.concatenate([fold_of(len(e.labels)) for e in languages.values()])
    weights = balanced(labels, len(intents))
    heldout = np.zeros((len(labels), len(intents)), dtype=np.float32)
    for fold in range(FOLDS):
        seen = np.flatnonzero(folds != fold)
        if len(seen) == len(folds):
            continue
        part = train_primal(
            points[seen], labels[seen], len(intents), weights=weights[seen], strength=STRENGTH, steps=_FOLD_STEPS
        )
        heldout[folds == fold] = points[folds == fold] @ part
    whole = train_primal(points, labels, len(intents), weights=weights, strength=STRENGTH)
    heads, begin = {}, 0
    for name, evidence in languages.items():
        end = begin + len(evidence.labels)
        unseen = np.ascontiguousarray(heldout[begin:end, places[name]])
        lexical, semantic = mixture(evidence.heldout, unseen, evidence.labels)
        mixed = np.float32(lexical) * evidence.heldout + np.float32(semantic) * unseen
        heads[name] = Head(centres[name], np.ascontiguousarray(whole[:, places[name]]), lexical, semantic, mixed)
        begin = end
    return heads
