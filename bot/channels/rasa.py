"""Rasa's REST channel format, in and out, so that existing chat front ends work.

The format has no authentication, so this door stays shut unless it is opened on purpose, and
counts against the rate of the client's address.
"""

from typing import Annotated, Any, TypeAlias

import msgspec
from aiohttp import web
from msgspec import Meta

from bot.channels.limits import RASA, clip, split
from bot.channels.platform import LONGEST_TEXT, Channel, rejected, relay
from bot.channels.texts import choices_of, command, plain
from bot.delivery import Arrived, Payload
from bot.http import API_HEADERS, RATE, HTTPProblem, as_json, read_json
from bot.messages import Inbound, Reply
from bot.settings import Settings

_NAME = "rasa"
_Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=256)]


class RasaMessage(msgspec.Struct, frozen=True):
    """What a front end sends; fields that Rasa ignores are ignored here."""

    sender: _Id = "default"
    message: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    metadata: Any = None


class RasaState(msgspec.Struct, frozen=True):
    """Rasa's word for healthy."""

    status: str = "ok"


_decoder = msgspec.json.Decoder(RasaMessage)


def parse(message: RasaMessage) -> Arrived | None:
    """Make of a message what is to be answered; the payload of a button comes back as its text."""
    text = message.message
    if not text.strip():
        return None
    choice = text.removeprefix("/choose:") if text.startswith("/choose:") else None
    inbound = Inbound(text="" if choice else text, choice=choice, language=_language(message.metadata))
    to = message.sender
    return Arrived(channel=_NAME, user=to, to=to, id="", inbound=inbound, command=command(text))


def _language(metadata: Any) -> str | None:
    tag = metadata.get("language") if isinstance(metadata, dict) else None
    return tag if isinstance(tag, str) and len(tag) <= 35 else None


def render(reply: Reply, to: str) -> list[Payload]:
    """Write *reply* as Rasa does: one message, the choices as its buttons."""
    parts: list[Payload] = [
        {"recipient_id": to, "text": part} for part in split(plain(reply), RASA.text, RASA.size)
    ]
    if (choices := choices_of(reply)) and parts:
        parts[-1]["buttons"] = [
            {"title": clip(one.title, RASA.title), "payload": f"/choose:{one.choice}"} for one in choices
        ]
    return parts


async def health(_: web.Request) -> web.Response:
    """Say that the channel is open."""
    return as_json(RasaState())


async def receive(request: web.Request) -> web.Response:
    """Answer one message, in the response."""
    try:
        message = await read_json(request, _decoder)
    except HTTPProblem as problem:
        rejected(request, _NAME, "malformed", problem.status)
        raise
    request.app[RATE].check(request)
    one = parse(message)
    said: list[Payload] = []

    async def post(payload: Payload, *, alone: bool) -> None:  # noqa: ARG001 - every part goes into one response
        said.append(payload)

    outcome = await relay(request, _NAME, [one] if one else [], lambda reply, it: render(reply, it.to), post)
    if outcome.status != 200:
        return outcome
    body = b"\n".join(msgspec.json.encode(part) for part in said) + b"\n"
    if request.query.get("stream", "").lower() != "true":
        body = msgspec.json.encode(said)
    return web.Response(body=body, content_type="application/json", headers=API_HEADERS)


def _attach(app: web.Application, _: Settings) -> None:
    app.router.add_get("/webhooks/rest/", health)
    app.router.add_get("/webhooks/rest", health)
    app.router.add_post(CHANNEL.path, receive)


CHANNEL = Channel(
    name=_NAME,
    path="/webhooks/rest/webhook",
    variables=("SIGNPOST_RASA",),
    is_open=lambda settings: settings.rasa,
    attach=_attach,
)
