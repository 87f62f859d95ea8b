"""Find the intent of a message: see docs for what was measured, and the design it led to."""

from bot.matching.artefact import ArtefactError
from bot.matching.build import Examples, Progress, build
from bot.matching.calibrate import Band
from bot.matching.model import NONE, Match, Matcher, Ranked
from bot.matching.semantic import Encoder, Semantic, find_encoder

__all__ = [
    "NONE", "ArtefactError", "Band", "Encoder", "Examples", "Match", "Matcher", "Progress", "Ranked",
    "Semantic", "build", "find_encoder",
]  # fmt: skip
