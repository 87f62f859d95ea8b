"""From scores to honest probabilities, and from those to what to do."""

from typing import Literal

import msgspec
import numpy as np

from bot.matching.train import Floats, Ints, softmax

Band = Literal["answer", "clarify", "none"]

URGENT_SHARE = 0.8
"""Where all urgent intents together have this share of `none`'s probability, we ask back."""


class Bands(msgspec.Struct, frozen=True):
    """Where one thing ends and the next begins, in calibrated probabilities; chosen on validation questions."""

    answer: float = 0.5
    """Answer when the best intent has at least this …"""
    least: float = 0.25
    """… or at least this, …"""
    lead: float = 2.0
    """… and so many times the second's probability."""
    none: float = 0.5
    """Not understood when `none` has at least this …"""
    clarify: float = 0.2
    """… or when the best three together have less than this."""


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
    Decide by the best intent's probability, the second's, the best three's sum, `none`'s and all urgent ones'.

    Where danger is about as likely as small talk, silence is the worse mistake.
    """
    if top >= none and (top >= bands.answer or (top >= bands.least and top >= bands.lead * second)):
        return "answer"
    if three < bands.clarify:
        return "none"
    return "none" if none >= bands.none and urgent < none * URGENT_SHARE else "clarify"
