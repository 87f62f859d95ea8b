"""The REST channel: /v1/*, for websites and their widgets. Fields and paths are a contract."""

import asyncio
import os
from collections.abc import Callable
from hashlib import blake2b
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta

from bot.clock import Clock
from bot.conversation import Conversation
from bot.engine import Engine
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


_KEPT = 4096
"""Responses kept at most."""

_messages = msgspec.json.Decoder(MessageRequest)
_feedback = msgspec.json.Decoder(FeedbackRequest)


class Answered(msgspec.Struct, frozen=True):
    """A response, ready to send, and what is counted of it."""

    body: bytes
    language: str
    country: str | None
    labels: tuple[str, str, str, int]
    """Outcome, severity, language, stage of the matcher."""
    failed: bool


class Answers:
    """
    Answers messages, and keeps this minute's responses: many people write the same few words.

    A response depends on the request's body, the content and the minute alone. It is kept under
    a keyed hash of the body, so that no text lies in memory after its answer.
    """

    def __init__(self, conversation: Conversation, clock: Clock) -> None:
        self._conversation = conversation
        self._clock = clock
        self._key = os.urandom(32)
        self._moment: tuple[int, Engine | None] = (0, None)
        self._kept: dict[bytes, Answered] = {}
        self._under_way: dict[bytes, asyncio.Task[Answered]] = {}

    def recall(self, body: bytes) -> Answered | None:
        """Give the response that the same *body* got this minute."""
        return self._now().get(self._digest(body))

    async def answer(self, body: bytes, inbound: Inbound, token: str | None) -> Answered:
        """Answer *inbound* in the conversation of *token*, both as read from *body*."""
        digest = self._digest(body)
        task = self._under_way.get(digest)
        if task is None:
            task = self._under_way[digest] = asyncio.create_task(self._answer(digest, inbound, token))
        # Shielded: another request with the same words may wait for it, too.
        return await asyncio.shield(task)

    async def _answer(self, digest: bytes, inbound: Inbound, token: str | None) -> Answered:
        # The content that answers is that of now, whatever is swapped in meanwhile.
        kept, version = self._now(), self._conversation.engine.library.version
        try:
            turn, sealed = await self._conversation.talk(inbound, token)
        finally:
            del self._under_way[digest]
        reply = turn.reply
        severity = reply.intent.severity if reply.intent else "none"
        answered = Answered(
            body=to_json(response(reply, sealed, version)),
            language=reply.language,
            country=reply.country,
            labels=(reply.outcome, severity, reply.language, turn.stage),
            failed=turn.failed,
        )
        if not turn.failed:
            kept[digest] = answered
        return answered

    def _now(self) -> dict[bytes, Answered]:
        moment = (int(self._clock().timestamp()) // 60, self._conversation.engine)
        if moment != self._moment or len(self._kept) >= _KEPT:
            self._moment, self._kept = moment, {}
        return self._kept

    def _digest(self, body: bytes) -> bytes:
        return blake2b(body, key=self._key, digest_size=16).digest()


ANSWERS = web.AppKey("answers", Answers)


async def receive(request: web.Request) -> web.Response:
    """Answer one message."""
    app = request.app
    body = await read_body(request)
    answered = app[ANSWERS].recall(body)
    if answered is None:
        asked = decode(body, _messages)
        inbound = _inbound(asked, app[CONVERSATION].engine.library.directory.known)
        app[RATE].check(request, language=inbound.language, country=inbound.country)
        answered = await app[ANSWERS].answer(body, inbound, asked.conversation)
    else:
        app[RATE].check(request, language=answered.language, country=answered.country)
    app[METRICS].message("rest", *answered.labels, failed=answered.failed)
    return json_response(answered.body)


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
