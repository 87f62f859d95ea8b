"""The reader: what a message says, before anything is decided.

Danger rules first, then the language, who writes from where, and the intents. No part can
silence another: each that fails is logged without the text, and the rest is heard.
"""

import os
from hashlib import blake2b

import msgspec
import structlog
from babel import Locale
from cachetools import LRUCache
from rapidfuzz import fuzz

from bot import matching
from bot.answer import Reading
from bot.content import Library
from bot.language import FALLBACK, UNKNOWN, Guess, Identifier, gettext_name, negotiate
from bot.matching import Match, Matcher, Semantic
from bot.mentions import MentionReader, Mentions
from bot.messages import Inbound, Session
from bot.reply import Renderer
from bot.risk import Risk, RiskRules
from bot.text import normalise

log = structlog.get_logger()

_TYPED = 92.0
"""How alike (0 to 100) a typed text and a button's title must be."""
_TITLE = 60
"""A longer text is no typed title."""
_CLEAR = 0.8
"""Probability of a language above which the text decided it."""
_FOREIGN = 0.6
"""The same above which a text is taken for a language that we do not speak."""
_REMEMBERED = 4096
"""Readings kept: many people write the same few words."""


class Reader:
    """Reads messages with everything that needs a model; immutable but for what it remembers."""

    def __init__(
        self,
        library: Library,
        renderer: Renderer,
        matcher: Matcher,
        identifier: Identifier,
        rules: RiskRules,
        second: Semantic | None = None,
    ) -> None:
        self._library = library
        self._renderer = renderer
        self._matcher = matcher
        self._identifier = identifier
        self._second = second
        self._rules = rules
        self._mentions = MentionReader(
            library.words, {tag: _territories(library, tag) for tag in library.words}
        )
        # Under a keyed hash, so that no text lies in memory after its answer.
        self._key = os.urandom(32)
        self._recent: LRUCache[tuple[object, ...], Reading] = LRUCache(_REMEMBERED)
        self._titles: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def semantic(self) -> bool:
        """Whether the second stage is at work."""
        return self._second is not None

    async def read(self, inbound: Inbound, session: Session) -> Reading:
        """Make of *inbound* all that the rules, the word lists and both stages of the matcher can."""
        normal = normalise(inbound.text)
        if not normal:
            return Reading(language=self.hint(inbound, session))
        country = session.country or inbound.country
        asked = session.country is None and session.turns > 0
        digest = blake2b(
            inbound.text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16
        ).digest()
        key = (digest, session.language, inbound.language, country, asked)
        reading = self._recent.get(key)
        if reading is None:
            reading = self._first(inbound, normal, session, asked_country=asked)
            reading = self._named(inbound, country, await self._second_thoughts(inbound, reading))
            self._recent[key] = reading
        if session.pending and (typed := self._typed_choice(normal, reading, session)):
            return msgspec.structs.replace(reading, typed_choice=typed)
        return reading

    def first(self, inbound: Inbound, session: Session) -> Reading:
        """Make of *inbound* what the first stage alone can."""
        return self._first(inbound, normalise(inbound.text), session, asked_country=False)

    def hint(self, inbound: Inbound, session: Session) -> str:
        """Give the language to fall back on: the conversation's, else the page's."""
        return session.language or negotiate(inbound.language, self._library.live) or FALLBACK

    def warm_up(self) -> None:
        """Let the second stage's encoder get ready in its thread."""
        if self._second is not None:
            self._second.warm_up()

    def close(self) -> None:
        """Let the second stage's thread go once nobody waits for it."""
        if self._second is not None:
            self._second.close()

    def _first(self, inbound: Inbound, normal: str, session: Session, *, asked_country: bool) -> Reading:
        risks = self._scan(normal)
        text = matching.read(inbound.text)
        guesses = self._guesses(inbound, session, text)
        language, said, unsupported = self._language(inbound, session, guesses)
        mentions = self._mentioned(normal, language, asked_country=asked_country)
        if session.language and (mentions.country_alone or mentions.choice_number):
            # A country's name is spelled alike in many languages: it changes none.
            language, said, unsupported = session.language, False, False
        return Reading(
            language=language,
            said_language=said,
            unsupported=unsupported and not risks,
            risks=risks,
            match=self._match(text, self._read_in(text, language, guesses)),
            mentions=mentions,
        )

    async def _second_thoughts(self, inbound: Inbound, reading: Reading) -> Reading:
        """Hear the second stage where the first is unsure; its failure leaves the first one's word."""
        match = reading.match
        if self._second is None or match is None:
            return reading
        try:
            match = await self._second.rematch(inbound.text, match)
        except Exception as error:  # noqa: BLE001 - an answer from stage 1 is better than none
            log.warning("semantic.failed", error=type(error).__name__)
            return reading
        return msgspec.structs.replace(reading, match=match)

    def _named(self, inbound: Inbound, country: str | None, reading: Reading) -> Reading:
        """Find the agencies that the text names, where the match leaves that question open."""
        match = reading.match
        if match is None or (match.band == "answer" and match.ranked[0].intent != "about_agency"):
            return reading
        bodies = self._library.directory.named(inbound.text, reading.mentions.country or country)
        return msgspec.structs.replace(reading, bodies=bodies) if bodies else reading

    def _scan(self, normal: str) -> tuple[Risk, ...]:
        try:
            return self._rules.scan(normal)
        except Exception as error:  # noqa: BLE001 - a failing rule must not silence the rest
            log.error("risk.failed", error=type(error).__name__)
            return ()

    def _mentioned(self, normal: str, language: str, *, asked_country: bool) -> Mentions:
        try:
            return self._mentions.read(normal, language, asked_country=asked_country)
        except Exception as error:  # noqa: BLE001 - the hints still stand
            log.error("mentions.failed", error=type(error).__name__)
            return Mentions()

    def _guesses(self, inbound: Inbound, session: Session, text: matching.Reading) -> tuple[Guess, ...]:
        page = negotiate(inbound.language, self._library.live)
        try:
            return self._identifier.detect(text, session=session.language, page=page)
        except Exception as error:  # noqa: BLE001 - the hint still stands
            log.error("language.failed", error=type(error).__name__)
            return ()

    def _language(
        self, inbound: Inbound, session: Session, guesses: tuple[Guess, ...]
    ) -> tuple[str, bool, bool]:
        """The language to answer in, whether the text decided it, and whether it is none of ours."""
        hint = self.hint(inbound, session)
        if not guesses:
            return hint, False, False
        best = guesses[0]
        if best.language == UNKNOWN:
            return hint, False, best.p >= _FOREIGN
        if best.language not in self._library.live:
            return hint, False, False
        return best.language, best.p >= _CLEAR, False

    def _read_in(self, text: matching.Reading, language: str, guesses: tuple[Guess, ...]) -> tuple[str, ...]:
        """The languages to match in: where the page chose a lone word's, the word's own is asked too."""
        if " " in text.normal or text.normal.isdigit():
            return (language,)
        others = [guess.language for guess in guesses[1:] if guess.language in self._library.live]
        return (language, *others[:1])

    def _match(self, text: matching.Reading, languages: tuple[str, ...]) -> Match | None:
        """Match in each of *languages*; the surest word counts, the first one's where they are as sure."""
        try:
            return max((self._matcher.match(text, one) for one in languages), key=_certainty)
        except Exception as error:  # noqa: BLE001 - the danger rules still stand
            log.error("match.failed", error=type(error).__name__)
            return None

    def _typed_choice(self, normal: str, reading: Reading, session: Session) -> str | None:
        """The button whose number or title was typed instead of tapped."""
        number = reading.mentions.choice_number
        if number and number <= len(session.pending):
            return session.pending[number - 1]
        if len(normal) > _TITLE:
            return None
        language = session.language or reading.language
        for choice in session.pending:
            if any(fuzz.ratio(normal, title) >= _TYPED for title in self._titles_of(choice, language)):
                return choice
        return None

    def _titles_of(self, choice: str, language: str) -> tuple[str, ...]:
        found = self._titles.get((choice, language))
        if found is None:
            title = self._renderer.choice_title
            found = tuple(normalise(title(choice, language, short=short)) for short in (False, True))
            self._titles[choice, language] = found
        return found


def _certainty(match: Match) -> float:
    return match.ranked[0].p if match.ranked else 0.0


def _territories(library: Library, tag: str) -> dict[str, str]:
    """CLDR's names of countries, but for those that mean two places."""
    unclear = {normalise(name) for name in library.words[tag].ambiguous}
    names = Locale.parse(gettext_name(tag)).territories
    return {code: name for code, name in names.items() if normalise(name) not in unclear}
