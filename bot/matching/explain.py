"""Why a text was taken for what it was: the features and the utterances that decided."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from bot.matching.features import LONGEST_NGRAM, LONGEST_TEXT, Features, extract
from bot.text import normalise

if TYPE_CHECKING:
    from bot.matching.model import LanguageModel, Match

_SHOWN = 12
_NEAREST = 5


class Explanation(msgspec.Struct, frozen=True):
    """What decided a match of the first stage."""

    match: "Match"
    features: tuple[tuple[str, float], ...]
    """Pieces of the text and what each adds to the best intent's score beyond the average class's."""
    nearest: tuple[tuple[str, str, float], ...]
    """Utterances of the ranked intents: text, intent, likeness from 0 to 1; most alike first."""


def explain(
    model: "LanguageModel",
    match: "Match",
    text: str,
    examples: Mapping[str, Sequence[str]],
    spell: Callable[[str], str] = normalise,
) -> Explanation:
    """
    Show which features of *text* and which *examples* (intent to texts) decided *match*.

    *spell* turns a text into the form that the *model* reads.
    """
    normal = spell(text)
    if not normal or not match.ranked:
        return Explanation(match, (), ())
    rows, values = model.weigh(extract(normal))
    best = model.intents.index(match.ranked[0].intent)
    weights = model.weights.take(rows, axis=0) * model.scale
    gains = values * (weights[:, best] - weights.mean(axis=1))
    summed: dict[str, float] = defaultdict(float)
    for name, gain in zip(names(normal), gains.tolist(), strict=True):
        summed[name] += gain
    features = sorted(summed.items(), key=lambda item: -abs(item[1]))[:_SHOWN]
    intents = [ranked.intent for ranked in match.ranked]
    candidates = [(utterance, intent) for intent in intents for utterance in examples.get(intent, ())]
    own = _vector(model, extract(normal))
    scored = [(utterance, intent, _likeness(own, _vector(model, extract(spell(utterance)))))
              for utterance, intent in candidates]  # fmt: skip
    scored.sort(key=lambda one: -one[2])
    return Explanation(match, tuple(features), tuple(scored[:_NEAREST]))


def names(normal: str) -> list[str]:
    """Spell the features of *normal*, in the order in which they are extracted."""
    normal = normal[:LONGEST_TEXT]
    padded = f" {normal} "
    grams = [
        padded[begin : begin + size]
        for size in range(1, LONGEST_NGRAM + 1)
        for begin in range(len(padded) - size + 1)
    ]
    words = normal.split()
    framed = ["\u22b3", *words, "\u22b2"]
    pairs = [f"{first} + {second}" for first, second in pairwise(framed)]
    skips = [f"{first} \u2026 {second}" for first, second in zip(words, words[2:], strict=False)]
    return [*grams, *[f"[{word}]" for word in words], *pairs, *skips]


def _vector(model: "LanguageModel", text: Features) -> dict[int, float]:
    rows, values = model.weigh(text)
    kinds, where = np.unique(rows, return_inverse=True)
    summed = np.bincount(where, weights=values)
    return dict(zip(kinds.tolist(), summed.tolist(), strict=True))


def _likeness(first: Mapping[int, float], second: Mapping[int, float]) -> float:
    shared = sum(value * second[row] for row, value in first.items() if row in second)
    lengths = sum(v * v for v in first.values()) * sum(v * v for v in second.values())
    return float(shared / max(lengths, 1e-9) ** 0.5)
