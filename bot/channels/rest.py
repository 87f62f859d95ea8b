"""The REST channel: /v1/*, for websites and their widgets. Fields and paths are a contract."""

from collections.abc import Callable
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta

from bot.channels.responses import Responses
from bot.http import (
    CONVERSATION,
    METRICS,
    RATE,
    FieldError,
    HTTPProblem,
    as_json,
    decode,
    json_response,
    read_body,
    read_json,
    to_json,
)
from bot.messages import Alternative, Audience, Block, Contact, Inbound, IntentRef, Outcome, Reply, Severity

T = TypeVar("T")

_TAG = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"
_COUNTRY = r"^[A-Za-z]{2}$"

LanguageTag: TypeAlias = Annotated[str, Meta(pattern=_TAG, max_length=35, description="BCP 47 language tag")]
CountryCode: TypeAlias = Annotated[str, Meta(pattern=_COUNTRY, description="ISO 3166-1 alpha-2")]


class MessageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a person typed or tapped."""

    text: Annotated[str, Meta(min_length=1, max_length=4000, description="What the person typed")] | None = (
        None
    )
    choice: (
        Annotated[str, Meta(min_length=1, max_length=200, description="The choice of a tapped button")] | None
    ) = None
    conversation: Annotated[str, Meta(max_length=4096, description="From the previous response")] | None = (
        None
    )
    language: LanguageTag | None = None
    country: CountryCode | None = None
    audience: Audience | None = None


class MessageResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, in blocks in reading order."""

    conversation: str
    outcome: Outcome
    intent: IntentRef | None
    alternatives: tuple[Alternative, ...]
    language: str
    direction: str
    country: str | None
    audience: Audience | None
    reply: tuple[Block, ...]
    content_version: str


class ContactsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which services to list."""

    country: CountryCode | None = None
    need: (
        Annotated[str, Meta(max_length=60, description="An intent, a kind of service or a subject")] | None
    ) = None
    language: LanguageTag | None = None
    audience: Audience | None = None


class ContactsResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Services, best first, after the emergency numbers."""

    country: str | None
    language: str
    contacts: tuple[Contact, ...]
    content_version: str


class LanguageQuery(msgspec.Struct, frozen=True, kw_only=True):
    """In which language to name things."""

    language: LanguageTag | None = None


class IntentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the menu."""

    id: str
    title: str
    topic: str
    severity: Severity


class IntentsResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The menu."""

    language: str
    intents: tuple[IntentEntry, ...]


class LanguageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A language that the service speaks."""

    language: str
    name: str
    """In the language itself."""
    direction: str


class LanguagesResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen."""

    languages: tuple[LanguageEntry, ...]


class CountryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A country."""

    country: str
    name: str


class CountriesResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Every country, by name."""

    language: str
    countries: tuple[CountryEntry, ...]


class FeedbackRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A thumb up or down; nothing but that is counted."""

    conversation: Annotated[str, Meta(max_length=4096)]
    helpful: bool


class FeedbackResponse(msgspec.Struct, frozen=True):
    """The thumb was counted."""

    counted: bool


_messages = msgspec.json.Decoder(MessageRequest)
_feedback = msgspec.json.Decoder(FeedbackRequest)


RESPONSES = web.AppKey("responses", Responses)


async def receive(request: web.Request) -> web.Response:
    """Answer one message."""
    app = request.app
    body = await read_body(request)
    ready = app[RESPONSES].recall(body)
    if ready is None:
        asked = decode(body, _messages)
        inbound = _inbound(asked, app[CONVERSATION].engine.library.directory.known)
        app[RATE].check(request, language=inbound.language, country=inbound.country)
        ready = await app[RESPONSES].answer(body, inbound, asked.conversation)
    else:
        app[RATE].check(request, language=ready.language, country=ready.country)
    app[METRICS].message("rest", *ready.labels, failed=ready.failed)
    return json_response(ready.body)


def response(reply: Reply, token: str, version: str) -> MessageResponse:
    """Put a reply into the form of the API."""
    return MessageResponse(
        conversation=token,
        outcome=reply.outcome,
        intent=reply.intent,
        alternatives=reply.alternatives,
        language=reply.language,
        direction=reply.direction,
        country=reply.country,
        audience=reply.audience,
        reply=reply.reply,
        content_version=version,
    )


def encoded(reply: Reply, token: str, version: str) -> bytes:
    """Give the body of a response."""
    return to_json(response(reply, token, version))


def _inbound(asked: MessageRequest, known: Callable[[str], bool]) -> Inbound:
    country = asked.country.upper() if asked.country else None
    errors = []
    if asked.text is None and asked.choice is None:
        errors.append(FieldError("text", "Give text, or the choice of a button."))
    if asked.text is not None and "\0" in asked.text:
        errors.append(FieldError("text", "Take the NUL character out."))
    if country is not None and not known(country):
        errors.append(FieldError("country", f"No country has the code {country}."))
        country = None
    if errors:
        raise HTTPProblem(
            422,
            "A field is wrong",
            "Mend the fields listed.",
            errors=errors,
            language=asked.language,
            country=country,
        )
    return Inbound(
        text=asked.text or "",
        choice=asked.choice,
        language=asked.language,
        country=country,
        audience=asked.audience,
    )


async def contacts(request: web.Request) -> web.Response:
    """List the services of a country."""
    query = read_query(request, ContactsQuery)
    conversation = request.app[CONVERSATION]
    engine = conversation.engine
    country = query.country.upper() if query.country else None
    language = engine.negotiate(query.language)
    if country and not engine.library.directory.known(country):
        raise HTTPProblem(404, "No such country", f"No country has the code {country}.", language=language)
    needs = engine.needs(query.need)
    if needs is None:
        raise HTTPProblem(
            422,
            "A field is wrong",
            "Mend the fields listed.",
            language=language,
            country=country,
            errors=(FieldError("need", "Name an intent, a kind of service or a subject."),),
        )
    listed = engine.contacts(country, needs, language, query.audience)
    return as_json(
        ContactsResponse(
            country=country, language=language, contacts=listed, content_version=engine.library.version
        )
    )


async def intents(request: web.Request) -> web.Response:
    """List the menu."""
    engine = request.app[CONVERSATION].engine
    language = engine.negotiate(read_query(request, LanguageQuery).language)
    return as_json(
        IntentsResponse(
            language=language,
            intents=tuple(
                IntentEntry(
                    id=one.id,
                    title=engine.renderer.title(one.id, language),
                    topic=one.topic,
                    severity=one.severity,
                )
                for one in engine.library.intents.values()
            ),
        )
    )


async def languages(request: web.Request) -> web.Response:
    """List the languages."""
    library = request.app[CONVERSATION].engine.library
    return as_json(
        LanguagesResponse(
            languages=tuple(
                LanguageEntry(
                    language=tag, name=library.languages[tag].name, direction=library.languages[tag].direction
                )
                for tag in library.live
            )
        )
    )


async def countries(request: web.Request) -> web.Response:
    """List the countries."""
    engine = request.app[CONVERSATION].engine
    language = engine.negotiate(read_query(request, LanguageQuery).language)
    return as_json(
        CountriesResponse(
            language=language,
            countries=tuple(
                CountryEntry(country=code, name=name) for code, name in engine.renderer.countries(language)
            ),
        )
    )


async def feedback(request: web.Request) -> web.Response:
    """Count a thumb up or down."""
    given = await read_json(request, _feedback)
    request.app[RATE].check(request)
    request.app[METRICS].feedback(helpful=given.helpful)
    return as_json(FeedbackResponse(counted=True))


def read_query(request: web.Request, kind: type[T]) -> T:
    """Read the query of *request* as *kind*; raise a 422 that names the field."""
    try:
        return msgspec.convert(dict(request.query), kind, strict=False)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise HTTPProblem(
            422,
            "A field is wrong",
            "Mend the fields listed.",
            errors=(FieldError(path.strip("`$."), message),),
        ) from None
