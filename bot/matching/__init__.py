"""Find the intent of a message."""

from bot.matching.artefact import ArtefactError
from bot.matching.build import Examples, Progress, build
from bot.matching.calibrate import Band
from bot.matching.encoder import Encoder, find_encoder
from bot.matching.model import NONE, Match, Matcher, Ranked
from bot.matching.reading import Reading, read
from bot.matching.semantic import Semantic

__all__ = [
    "NONE", "ArtefactError", "Band", "Encoder", "Examples", "Match", "Matcher", "Progress", "Ranked",
    "Reading", "Semantic", "build", "find_encoder", "read",
]  # fmt: skip
