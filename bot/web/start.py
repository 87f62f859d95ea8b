"""The first load of the widget: all that it shows before anything is asked, and when nothing can be."""

import gzip
from collections.abc import Mapping

import msgspec
from aiohttp import web

from bot.channels.rest import CountryCode, CountryEntry, LanguageEntry, LanguageTag, read_query
from bot.clock import Clock
from bot.engine import Engine
from bot.errors import SessionError
from bot.http import API_HEADERS, CONVERSATION, HTTPProblem
from bot.messages import Block, Choice, Session, Severity
from bot.sessions import Sealer
from bot.web.strings import PAGE_ONLY, STRINGS

_GRAVITY = tuple(Severity)
_LEVEL = 6


class Visits:
    """Begins and reads the conversations of web visitors, which travel in tokens."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer = sealer
        self._clock = clock

    def begin(self, country: str | None) -> str:
        """Begin a conversation whose first reply need not introduce the robot again."""
        return self._sealer.seal(Session(country=country, turns=1), self._clock())

    def open(self, token: str) -> Session:
        """Read a token; one that does not hold begins anew."""
        try:
            return self._sealer.open(token, self._clock())
        except SessionError:
            return Session()


VISITS = web.AppKey("visits", Visits)


class WidgetQuery(msgspec.Struct, frozen=True, kw_only=True):
    """For whom the widget is."""

    language: LanguageTag | None = None
    country: CountryCode | None = None


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """One group of the menu."""

    title: str
    choice: str
    choices: tuple[Choice, ...]


class WidgetResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The first load."""

    language: str
    direction: str
    country: str | None
    conversation: str
    """A conversation in which the robot has introduced itself."""
    introduction: str
    strings: dict[str, str]
    languages: tuple[LanguageEntry, ...]
    countries: tuple[CountryEntry, ...]
    topics: tuple[Topic, ...]
    help: tuple[Block, ...]
    """Who to reach when the network fails."""
    content_version: str


def topics(engine: Engine, language: str) -> tuple[Topic, ...]:
    """Give the menu that reaches every intent without typing, the gravest of each topic first."""
    renderer, library = engine.renderer, engine.library
    intents = sorted(library.intents.values(), key=lambda one: _GRAVITY.index(one.severity))
    return tuple(
        Topic(
            title=renderer.choice_title(f"topic:{topic}", language),
            choice=f"topic:{topic}",
            choices=tuple(
                Choice(title=renderer.title(one.id, language), choice=f"intent:{one.id}")
                for one in intents
                if one.topic == topic
            ),
        )
        for topic in library.topics
    )


def translated(engine: Engine, language: str) -> Mapping[str, str]:
    """Give every text of the widget and the page in *language*."""
    catalogue = engine.library.catalogues[language]
    return {name: catalogue.text(english) for name, english in STRINGS.items()}


def languages(engine: Engine) -> tuple[LanguageEntry, ...]:
    """List the languages by their own names."""
    known = engine.library.languages
    return tuple(
        LanguageEntry(language=tag, name=known[tag].name, direction=known[tag].direction)
        for tag in engine.library.live
    )


def first_load(engine: Engine, language: str, country: str | None, conversation: str) -> WidgetResponse:
    """Put together what the widget shows before anything is asked."""
    words = translated(engine, language)
    return WidgetResponse(
        language=language,
        direction=engine.library.languages[language].direction,
        country=country,
        conversation=conversation,
        introduction=engine.renderer.introduction(language),
        strings={name: text for name, text in words.items() if name not in PAGE_ONLY},
        languages=languages(engine),
        countries=tuple(
            CountryEntry(country=code, name=name) for code, name in engine.renderer.countries(language)
        ),
        topics=topics(engine, language),
        help=engine.help_block(country, language),
        content_version=engine.library.version,
    )


async def start(request: web.Request) -> web.Response:
    """Send all that the widget needs to start."""
    query = read_query(request, WidgetQuery)
    engine = request.app[CONVERSATION].engine
    country = query.country.upper() if query.country else None
    language = engine.negotiate(query.language)
    if country and not engine.library.directory.known(country):
        raise HTTPProblem(404, "No such country", f"No country has the code {country}.", language=language)
    token = request.app[VISITS].begin(country)
    body = msgspec.json.encode(first_load(engine, language, country, token))
    headers = {**API_HEADERS, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, _LEVEL, mtime=0)
    return web.Response(body=body, content_type="application/json", headers=headers)
