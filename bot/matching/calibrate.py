"""From scores to honest probabilities, and from those to what to do."""

from typing import Literal

import msgspec
import numpy as np

from bot.matching.train import Floats, Ints, softmax

Band = Literal["answer", "clarify", "none"]

class Bands(msgspec.Struct, frozen=True):
    """Where one thing ends and the next begins, in calibrated probabilities."""

    answer: float = 0.5
    """Answer when the best intent has at least this."""
    lead: float = 0.0
    """… and leads the second by at least this."""
    none: float = 0.5
    """Not understood when `none` has at least this."""
    clarify: float = 0.3
    """Not understood when the best three together have less than this."""


def temperature(logits: Floats, labels: Ints) -> float:
    """Find the factor for *logits* (texts x classes) that makes the *labels* most likely."""
    places = np.arange(len(labels))

    def loss(factor: float) -> float:
        return -float(np.log(softmax(logits * np.float32(factor))[places, labels] + 1e-9).mean())

    factors = np.geomspace(0.25, 8, 26)
    best = int(np.argmin([loss(factor) for factor in factors]))
    fine = np.linspace(factors[max(best - 1, 0)], factors[min(best + 1, 25)], 15)
    return float(fine[int(np.argmin([loss(factor) for factor in fine]))])


def band(top: float, second: float, three: float, none: float, urgent: float, bands: Bands) -> Band:
    """
    Decide by the best intent's probability, the second's, the best three's sum and `none`'s.

    Where danger is likely, silence is the worst answer: a message with much *urgent* mass is
    never turned away.
    """
    if top >= bands.answer and top - second >= bands.lead:
        return "answer"
    if urgent >= bands.none / 2 and three >= bands.clarify:
        return "clarify"
    if none >= bands.none or three < bands.clarify:
        return "none"
    return "clarify"
