"""From scores to honest probabilities, and from those to what to do."""

from typing import Literal

import msgspec
import numpy as np

from bot.matching.train import Floats, Ints, softmax

Band = Literal["answer", "clarify", "none"]

URGENT_SHARE = 1.6
"""Where all urgent intents together are this many times as likely as `none`, we ask back."""

AGREED = 0.8
"""Where all urgent intents together have this probability, the best of them may be less sure."""

NONE_ODDS = 0.25
"""What the odds of `none` are multiplied with: those who come here mostly mean us."""


class Bands(msgspec.Struct, frozen=True):
    """Where one thing ends and the next begins, in calibrated probabilities; chosen on validation questions."""

    answer: float = 0.2
    """Answer when the best intent has at least this; the next-best are offered beside it."""
    pressing: float = 0.5
    """The same for an intent of severity emergency or urgent: a false alarm frightens …"""
    agreed: float = 0.35
    """… and where all pressing intents together have :data:`AGREED`: which of them matters less."""
    none: float = 0.35
    """Not understood when `none` has at least this share of the best intent's probability …"""
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


def band(top: float, three: float, none: float, urgent: float, *, pressing: bool, bands: Bands) -> Band:
    """
    Decide by the best intent's probability, the best three's sum, `none`'s and all urgent ones'.

    Where danger is a little likelier than small talk, silence is the worse mistake.
    """
    if three < bands.clarify:
        return "none"
    if none >= bands.none * top:
        return "none" if urgent < none * URGENT_SHARE else "clarify"
    least = bands.answer
    if pressing:
        least = bands.agreed if urgent >= AGREED else bands.pressing
    return "answer" if top >= least else "clarify"
