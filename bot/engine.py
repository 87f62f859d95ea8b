"""The engine: content and models at work, swapped whole when content changes.

It reads a message with everything that needs a model, and holds what must never fail: the
static help block of each language and country.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from babel import Locale
from rapidfuzz import fuzz

from bot.answer import Reading
from bot.clock import Clock
from bot.content import Library
from bot.language import UNKNOWN, Identifier, gettext_name, negotiate
from bot.matching import Examples, Match, Matcher, Semantic
from bot.matching.features import Features, extract
from bot.matching.semantic import DOUBT
from bot.mentions import MentionReader, Mentions
from bot.messages import Audience, Block, Contact, Inbound, Reply, Session
from bot.reply import Renderer
from bot.risk import Risk, RiskRules
from bot.text import normalise

log = structlog.get_logger()

_FALLBACK = "en"
_TYPED = 92.0
"""How alike (0 to 100) a typed text and a button's title must be."""
_CLEAR = 0.8
"""Probability of a language above which the text decided it."""
_FOREIGN = 0.6
"""The same above which a text is taken for a language that we do not speak."""
_TITLE = 60
"""A longer text is no typed title."""


class Engine:
    """Everything needed to read messages and render replies; immutable once built."""

    def __init__(self, library: Library, matcher: Matcher, identifier: Identifier, clock: Clock,
                 second: Semantic | None = None, vocabulary: dict[str, int] | None = None,
                 examples: Callable[[], Examples] = dict) -> None:
        self.library = library
        self.renderer = Renderer(library)
        self._matcher = matcher
        self._identifier = identifier
        self._second = second
        self._examples = examples
        self._clock = clock
        severities = {name: intent.severity for name, intent in library.intents.items()}
        chat = {tag: words.chat for tag, words in library.words.items()}
        self._rules = RiskRules(library.risks, severities, chat, vocabulary)
        names = {tag: dict(Locale.parse(gettext_name(tag)).territories) for tag in library.words}
        self._mentions = MentionReader(library.words, names)
        self._help: dict[tuple[str | None, str], tuple[Block, ...]] = {}
        self._prepare_help()

    @property
    def semantic(self) -> bool:
        """Whether the second stage is at work."""
        return self._second is not None

    def read(self, inbound: Inbound, session: Session) -> Reading:
        """Make of *inbound* what stage 1, the danger rules and the word lists can."""
        normal = normalise(inbound.text)
        if not normal:
            return Reading(language=self._hint(inbound, session))
        risks = self._scan(normal)
        features = extract(normal)
        language, said, unsupported = self._language(inbound, session, features)
        mentions = self._mentions.read(normal, language, asked_country=session.country is None and session.turns > 0)
        return Reading(
            language=language, said_language=said, unsupported=unsupported and not risks, risks=risks,
            match=self._match(features, language), mentions=mentions,
            bodies=self.library.directory.named(inbound.text, mentions.country or session.country or inbound.country),
            typed_choice=self._typed_choice(normal, mentions, session, language),
        )

    def unsure(self, reading: Reading) -> bool:
        """Whether the second stage should be heard."""
        match = reading.match
        return self._second is not None and match is not None and bool(match.ranked) and match.ranked[0].p < DOUBT

    async def reread(self, inbound: Inbound, reading: Reading) -> Reading:
        """Hear the second stage; its failure leaves the first one's word."""
        assert self._second is not None and reading.match is not None
        try:
            match = await self._second.rematch(inbound.text, reading.match)
        except Exception as error:  # noqa: BLE001 - an answer from stage 1 is better than none
            log.warning("semantic.failed", error=type(error).__name__)
            return reading
        return msgspec.structs.replace(reading, match=match)

    def close(self) -> None:
        """Let the second stage's thread go once nobody waits for it."""
        if self._second is not None:
            self._second.close()

    def negotiate(self, tag: str | None) -> str:
        """Give the live language nearest to the BCP 47 *tag*; English where none is near."""
        return negotiate(tag, self.library.live) or _FALLBACK

    def needs(self, need: str | None) -> tuple[tuple[str, ...], str | None] | None:
        """Say which kinds of services an intent, a kind or a subject asks for; None for a word unknown."""
        if need is None:
            return ("police", "child_helpline", "hotline", "crisis", "takedown", "victim_support", "missing_children"), None
        if intent := self.library.intents.get(need):
            return intent.needs, intent.about
        kinds, about = self.library.directory.needs_of(need)
        return (kinds, about) if kinds else None

    def contacts(self, country: str | None, needs: tuple[tuple[str, ...], str | None], language: str,
                 audience: Audience | None) -> tuple[Contact, ...]:
        """List emergency numbers and services, best first."""
        kinds, about = needs
        listed = self.renderer.contacts(country, kinds, about, language, audience, self._clock()) if kinds else ()
        return self.renderer.emergency(country, language) + listed

    def help_block(self, country: str | None, tag: str | None) -> tuple[Block, ...]:
        """Give the static help of a country and a language, as far as they are known."""
        code = country.upper() if country else None
        key = (code if code and self.library.directory.known(code) else None, self.negotiate(tag))
        found = self._help.get(key)
        if found is None:
            found = self._help[key] = self.renderer.help_block(*key, self._clock())
        return found

    def fallback(self, inbound: Inbound, session: Session) -> Reply:
        """The reply that cannot fail: help for the country and language that are known."""
        language = self._hint(inbound, session)
        country = session.country or inbound.country
        return Reply(
            outcome="not_understood", intent=None, alternatives=(), language=language,
            direction=self.library.languages[language].direction, country=country,
            audience=session.audience or inbound.audience, reply=self.help_block(country, language),
        )

    def explain(self, inbound: Inbound, session: Session) -> Any:
        """Show which features and utterances decided how *inbound* was read."""
        reading = self.read(inbound, session)
        return self._matcher.explain(inbound.text, reading.language, self._examples()[reading.language])

    def _prepare_help(self) -> None:
        """Render the help of every country at start-up, so that it cannot fail later."""
        for language in self.library.live:
            for country in (None, *self.library.directory.covered()):
                self._help[country, language] = self.renderer.help_block(country, language, self._clock())

    def _hint(self, inbound: Inbound, session: Session) -> str:
        return session.language or self.negotiate(inbound.language)

    def _scan(self, normal: str) -> tuple[Risk, ...]:
        try:
            return self._rules.scan(normal)
        except Exception as error:  # noqa: BLE001 - a failing rule must not silence the rest
            log.error("risk.failed", error=type(error).__name__)
            return ()

    def _language(self, inbound: Inbound, session: Session, features: Features) -> tuple[str, bool, bool]:
        """The language to answer in, whether the text decided it, and whether it is none of ours."""
        hint = self._hint(inbound, session)
        page = negotiate(inbound.language, self.library.live) if inbound.language else None
        try:
            guesses = self._identifier.detect_features(inbound.text, features, session=session.language, page=page)
        except Exception as error:  # noqa: BLE001 - the hint still stands
            log.error("language.failed", error=type(error).__name__)
            return hint, False, False
        best = guesses[0]
        if best.language == UNKNOWN:
            return hint, False, best.p >= _FOREIGN
        if best.language not in self.library.languages:
            return hint, False, False
        return best.language, best.p >= _CLEAR, False

    def _match(self, features: Features, language: str) -> Match | None:
        try:
            return self._matcher.match_features(features, language)
        except Exception as error:  # noqa: BLE001 - the danger rules still stand
            log.error("match.failed", error=type(error).__name__)
            return None

    def _typed_choice(self, normal: str, mentions: Mentions, session: Session, language: str) -> str | None:
        """The button whose number or title was typed instead of tapped."""
        if mentions.choice_number and mentions.choice_number <= len(session.pending):
            return session.pending[mentions.choice_number - 1]
        if len(normal) > _TITLE:
            return None
        for choice in session.pending:
            for short in (False, True):
                title = normalise(self.renderer.choice_title(choice, session.language or language, short=short))
                if fuzz.ratio(normal, title) >= _TYPED:
                    return choice
        return None
