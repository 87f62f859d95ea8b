"""Which language a message is in, and which of ours serves a BCP 47 tag."""

import re
from collections.abc import Collection, Mapping
from math import exp, sqrt
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.arabizi import ARABIC
from bot.matching.artefact import Artefact
from bot.matching.features import LONGEST_TEXT, Features
from bot.matching.model import Meta
from bot.matching.reading import Reading, read
from bot.matching.said import MOST_WORDS, Said

FALLBACK = "en"
"""The language of those of whom nothing is known."""
UNKNOWN = "und"
"""BCP 47's tag for a language that is none of ours."""

SHARPNESS = 1.0
"""How far a text's features are believed; neighbouring ones repeat each other."""

SESSION_ODDS = 25.0
"""How much likelier the conversation's language is than another, before the text is looked at."""
WORD_ODDS = 400.0
"""The same for a text of one word, which many languages may have."""
PAGE_ODDS = 3.0
"""The same for the language of the page or profile."""
WORD_PAGE_ODDS = 50.0
"""The same for a text of one word."""
SAID_ODDS = 100.0
"""The same for a language in which somebody wrote us just this, of a short text."""
EVERYWHERE_ODDS = 20.0
"""How much likelier the language hinted at is than all others together for a word that is typed everywhere."""
ARABIZI_ODDS = (0.05, 0.1, 0.1)
"""The same for Arabic in Latin letters, in a text of one, two or three words: its spelling is free, so odd ones look like it."""
UNKNOWN_ODDS = 0.35
"""The same for a language that is none of ours: few who come here write in one."""
SHORT_UNKNOWN_ODDS = 0.05
"""The same for a text of one or two words: too little to turn somebody away for."""

LEAST = 0.001
"""Guesses less probable than this are not worth telling."""

STRANGE_ODDS = 12.0
"""How much likelier a letter that none of our languages writes makes another language; counted thrice at most."""

_ONES = np.ones(8 * LONGEST_TEXT, dtype=np.float32)
"""More than a text has features: a product with these sums them four times faster than sum() does."""

_by_probability = itemgetter(1)

_FOREIGN_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0400-\u058f\u0590-\u05ff\u0700-\u074f\u0780-\u08ff"
    "\u0900-\u1dbf\u2c00-\u2dff\u2e80-\ud7ff\uf900-\ufaff\U00010000-\U0001efff\U00020000-\U0003ffff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_MOSTLY = 0.5
_DENSE_SCRIPT = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
"""One of these signs says as much as three letters."""
_STRANGE_LETTERS = re.compile(
    "[\u00c5\u00e5\u00d8\u00f8\u00d0\u00f0\u00de\u00fe\u0100-\u0151\u0154-\u017f\u018f\u01a0-\u01b0"
    "\u0218-\u021b\u0259\u1e00-\u1eff\u067e\u0686\u0698\u0679\u0688\u0691\u06ba\u06be\u06d2\u06d5\u06ce\u06c6\u06a9\u06af\u06cc]"
)


class Guess(NamedTuple):
    """A language and its probability."""

    language: str
    """Tag of a shipped language, or :data:`UNKNOWN`."""
    p: float


class Identifier:
    """Tells the shipped languages from each other and from all the rest."""

    def __init__(self, labels: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> None:
        self.labels = tuple(dict.fromkeys([*[label for label in labels if label != UNKNOWN], UNKNOWN]))
        self._places = {label: place for place, label in enumerate(self.labels)}
        self._columns = [self._places[label] for label in labels]
        # Arabic stands there twice, in Latin letters the second time.
        self._arabizi = max((column for column, label in enumerate(labels) if label == ARABIC), default=None)
        self._said = Said(arrays)
        self._weights = arrays["weights"]
        self._scale = float(arrays["scale"][0]) * SHARPNESS

    @classmethod
    def of(cls, artefact: Artefact) -> "Identifier":
        """Take the identifier out of the matcher's *artefact*."""
        return cls(artefact.meta(Meta).identifier, artefact.under("identifier/"))

    def detect(
        self, text: str | Reading, *, session: str | None = None, page: str | None = None
    ) -> tuple[Guess, ...]:
        """
        Rank the languages of *text*, best first; those below one in a thousand are left out.

        *session* and *page* are the languages of the conversation and, before there is one, of the
        page: they decide where the text is too short or too mixed to tell, and only there.
        """
        reading = text if isinstance(text, Reading) else read(text)
        text, features = reading.text, reading.features
        if not text.isascii() and _is_foreign(text):
            return (Guess(UNKNOWN, 1.0),)
        odds = [0.0] * len(self.labels)
        if not _LETTER.search(reading.normal):
            odds = [1.0] * (len(odds) - 1) + [0.0]
            return self._ranked(odds, session, page, alone=True)
        spaces = reading.normal.count(" ")
        alone = not spaces
        arabizi = ARABIZI_ODDS[spaces] if spaces < len(ARABIZI_ODDS) else 1
        for column, (place, score) in enumerate(zip(self._columns, self._logits(features), strict=True)):
            odds[place] += exp(score) * (arabizi if column == self._arabizi else 1)
        odds[-1] *= UNKNOWN_ODDS if spaces > 1 else SHORT_UNKNOWN_ODDS
        if spaces < MOST_WORDS:
            for place in self._said.speakers(text):
                odds[place] *= SAID_ODDS
        if not text.isascii():
            odds[-1] *= STRANGE_ODDS ** min(len(_STRANGE_LETTERS.findall(text)), 3)
        everywhere = alone and self._said.everywhere(reading.normal)
        return self._ranked(odds, session, page, alone=alone, everywhere=everywhere)

    def _ranked(
        self,
        odds: list[float],
        session: str | None,
        page: str | None,
        *,
        alone: bool,
        everywhere: bool = False,
    ) -> tuple[Guess, ...]:
        # A conversation knows better than the page that it takes place on.
        if session in self._places:
            hint, prior = session, WORD_ODDS if alone else SESSION_ODDS
        elif page in self._places:
            hint, prior = page, WORD_PAGE_ODDS if alone else PAGE_ODDS
        else:
            hint, prior, everywhere = FALLBACK, PAGE_ODDS, False
        if hint in self._places:
            odds[self._places[hint]] *= prior
            if everywhere:
                odds[self._places[hint]] += EVERYWHERE_ODDS * sum(odds)
        whole = sum(odds)
        least = LEAST * whole
        guesses = [
            Guess(label, one / whole) for label, one in zip(self.labels, odds, strict=True) if one > least
        ]
        guesses.sort(key=_by_probability, reverse=True)
        return tuple(guesses)

    def _logits(self, text: Features) -> list[float]:
        count = len(text.slots)
        votes = _ONES[:count].dot(self._weights.take(text.slots, axis=0).astype(np.float32))
        votes *= self._scale / sqrt(count)
        scores: list[float] = votes.tolist()
        return scores


def _is_foreign(text: str) -> bool:
    # Only Latin and Arabic script are ours; emoji and punctuation say nothing.
    foreign = len(_FOREIGN_SCRIPT.findall(text))
    if not foreign:
        return False
    dense = 2 * len(_DENSE_SCRIPT.findall(text))
    letters = sum(char.isalpha() for char in text)
    return letters > 0 and foreign + dense >= _MOSTLY * (letters + dense)


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
