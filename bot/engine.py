"""The engine: content and models at work, swapped whole when content changes.

It holds what must never fail: the static help block of each language and country.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.content import Library
from bot.language import FALLBACK, negotiate
from bot.matching import Examples, Matcher
from bot.messages import Audience, Block, Contact, Inbound, Reply, Session
from bot.reader import Reader
from bot.reply import Renderer

_EVERYTHING = (
    "police",
    "child_helpline",
    "hotline",
    "crisis",
    "takedown",
    "victim_support",
    "missing_children",
)


class Engine:
    """Everything needed to answer: the library, its reader and its renderer."""

    def __init__(
        self,
        library: Library,
        renderer: Renderer,
        reader: Reader,
        clock: Clock,
        explain: Callable[[str, str], Any],
    ) -> None:
        self.library = library
        self.renderer = renderer
        self.reader = reader
        self._clock = clock
        self._explain = explain
        self._help: dict[tuple[str | None, str], tuple[Block, ...]] = {}
        self._prepare_help(clock())

    def negotiate(self, tag: str | None) -> str:
        """Give the live language nearest to the BCP 47 *tag*; English where none is near."""
        return negotiate(tag, self.library.live) or FALLBACK

    def needs(self, need: str | None) -> tuple[tuple[str, ...], str | None] | None:
        """Say which kinds of services an intent, a kind or a subject asks for; None for a word unknown."""
        if need is None:
            return _EVERYTHING, None
        if intent := self.library.intents.get(need):
            return intent.needs, intent.about
        kinds, about = self.library.directory.needs_of(need)
        return (kinds, about) if kinds else None

    def contacts(
        self,
        country: str | None,
        needs: tuple[tuple[str, ...], str | None],
        language: str,
        audience: Audience | None,
    ) -> tuple[Contact, ...]:
        """List emergency numbers and services, best first."""
        kinds, about = needs
        listed = (
            self.renderer.contacts.find(country, kinds, about, language, audience, self._clock())
            if kinds
            else ()
        )
        return self.renderer.contacts.emergency(country, language) + listed

    def help_block(self, country: str | None, tag: str | None) -> tuple[Block, ...]:
        """Give the static help of a country and a language, as far as they are known."""
        code = country.upper() if country else None
        key = (code if code and self.library.directory.known(code) else None, self.negotiate(tag))
        found = self._help.get(key)
        if found is None:
            found = self._help[key] = self.renderer.help_block(*key, self._clock())
        return found

    def fallback(self, inbound: Inbound, session: Session) -> Reply:
        """Give the reply that cannot fail: help for the country and language that are known."""
        language = session.language or self.negotiate(inbound.language)
        country = session.country or inbound.country
        return Reply(
            outcome="not_understood",
            intent=None,
            alternatives=(),
            language=language,
            direction=self.library.languages[language].direction,
            country=country,
            audience=session.audience or inbound.audience,
            reply=self.help_block(country, language),
        )

    def explain(self, inbound: Inbound, session: Session) -> Any:
        """Show which features and utterances decided how *inbound* was read."""
        return self._explain(inbound.text, self.reader.first(inbound, session).language)

    def warm_up(self) -> None:
        """Let the reader's encoder get ready in the background."""
        self.reader.warm_up()

    def close(self) -> None:
        """Let go what the reader holds."""
        self.reader.close()

    def _prepare_help(self, now: datetime) -> None:
        """Render the help of every country at start-up, so that it cannot fail later."""
        for language in self.library.live:
            for country in (None, *self.library.directory.covered()):
                self._help[country, language] = self.renderer.help_block(country, language, now)


def explainer(matcher: Matcher, examples: Callable[[], Examples]) -> Callable[[str, str], Any]:
    """Explain with the utterances that *examples* loads; only editors ask, so it loads them then."""
    return lambda text, language: matcher.explain(text, language, examples()[language])
