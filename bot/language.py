"""Which language a message is in, and which of ours serves a BCP 47 tag."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from math import exp, sqrt
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.artefact import Artefact
from bot.matching.features import Features
from bot.matching.model import Meta
from bot.matching.reading import Reading, read

UNKNOWN = "und"
"""BCP 47's tag for a language that is none of ours."""

SHARPNESS = 3.0
"""What the identifier's logits are multiplied with: regularised training is too humble."""

SESSION_ODDS = 12.0
"""How much likelier the conversation's language is than another, before the text is looked at."""
PAGE_ODDS = 3.0
"""The same for the language of the page or profile."""
UNKNOWN_ODDS = 0.35
"""The same for a language that is none of ours: few who come here write in one."""

LEAST = 0.001
"""Guesses less probable than this are not worth telling."""

_by_probability = itemgetter(1)

_FOREIGN_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0400-\u058f\u0590-\u05ff\u0700-\u074f\u0780-\u08ff"
    "\u0900-\u1dbf\u2c00-\u2dff\u2e80-\ud7ff\uf900-\ufaff\U00010000-\U0001efff\U00020000-\U0003ffff]"
)
_MOSTLY = 0.5


class Guess(NamedTuple):
    """A language and its probability."""

    language: str
    """Tag of a shipped language, or :data:`UNKNOWN`."""
    p: float


class Identifier:
    """Tells the shipped languages from each other and from all the rest."""

    def __init__(self, labels: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> None:
        self.labels = labels
        self._table, self._idf = arrays["table"], arrays["idf"]
        self._weights, self._scale = arrays["weights"], arrays["scale"]
        self._bias = arrays["bias"] * np.float32(SHARPNESS)
        self._places = {label: place for place, label in enumerate(labels)}

    @classmethod
    def of(cls, artefact: Artefact) -> "Identifier":
        """Take the identifier out of the matcher's *artefact*."""
        return cls(artefact.meta(Meta).identifier, artefact.under("identifier/"))

    def detect(
        self, text: str | Reading, *, session: str | None = None, page: str | None = None
    ) -> tuple[Guess, ...]:
        """
        Rank the languages of *text*, best first; those below one in a thousand are left out.

        *session* and *page* are the languages of the conversation and of the page: they decide
        where the text is too short or too mixed to tell, and only there.
        """
        reading = text if isinstance(text, Reading) else read(text)
        text, features = reading.text, reading.features
        if not text.isascii() and _is_foreign(text):
            return (Guess(UNKNOWN, 1.0),)
        odds = [exp(score) for score in self._logits(features).tolist()]
        for language, prior in ((session, SESSION_ODDS), (page, PAGE_ODDS), (UNKNOWN, UNKNOWN_ODDS)):
            if language in self._places:
                odds[self._places[language]] *= prior
        whole = sum(odds)
        least = LEAST * whole
        guesses = [
            Guess(label, one / whole) for label, one in zip(self.labels, odds, strict=True) if one > least
        ]
        guesses.sort(key=_by_probability, reverse=True)
        return tuple(guesses)

    def _logits(self, text: Features) -> NDArray[np.float32]:
        rows = self._table.take(text.slots)
        values = self._idf.take(rows)
        scores: NDArray[np.float32] = values.dot(self._weights.take(rows, axis=0).astype(np.float32))
        scores *= self._scale * (SHARPNESS / sqrt(values.dot(values) + 1e-9))
        scores += self._bias
        return scores


def _is_foreign(text: str) -> bool:
    # Only Latin and Arabic script are ours; emoji and punctuation say nothing.
    foreign = len(_FOREIGN_SCRIPT.findall(text))
    if not foreign:
        return False
    letters = sum(unicodedata.category(char)[0] == "L" for char in text)
    return foreign >= _MOSTLY * max(letters, 1) and letters > 0


def negotiate(tag: str | None, available: Collection[str]) -> str | None:
    """
    Find which of the *available* languages serves *tag* ("pt-BR" -> "pt"); None where none does.

    Upper and lower case, underscores and the asterisk of HTTP are tolerated; *available* is
    answered as it was given, so that names of folders ("pt_BR") may be asked for too.
    """
    if not tag:
        return None
    spelled = {_canonical(name): name for name in available}
    parts = _canonical(tag.split(";")[0].strip()).split("-")
    for length in range(len(parts), 0, -1):
        found = spelled.get("-".join(parts[:length]))
        if found is not None:
            return found
    regional = [name for name in spelled if name.split("-")[0] == parts[0]]
    return spelled[min(regional)] if regional else None


def gettext_name(tag: str) -> str:
    """Spell *tag* as gettext's folders do: "pt-BR" is "pt_BR"."""
    language, *rest = tag.replace("_", "-").split("-")
    return "_".join([language.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def _canonical(tag: str) -> str:
    return tag.replace("_", "-").lower()
