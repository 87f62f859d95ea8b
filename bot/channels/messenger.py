"""Messenger and Instagram: batches in, one request for each message out, choices as quick replies.

developers.facebook.com/docs/messenger-platform: webhooks, send API, quick replies.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from aiohttp import web

from bot.channels.limits import INSTAGRAM, MESSENGER, Limits, clip, split, utf8, utf16
from bot.channels.platform import (
    LONGEST_TEXT,
    UNREADABLE,
    Api,
    Channel,
    at,
    handshake,
    objects,
    read_body,
    rejected,
    relay,
    short_titles,
    signed,
    text_at,
)
from bot.channels.texts import BY_NUMBER, choices_of, command, numbered, plain
from bot.delivery import BLOCKED, Arrived, Payload
from bot.errors import DeliveryError
from bot.http import CONVERSATION
from bot.messages import Choice, Inbound, Reply
from bot.settings import Messenger, Settings

HEADER = "X-Hub-Signature-256"
VERSION = "v25.0"

_NAME = "messenger"
_LARGEST = 3 * 1024 * 1024
_OBJECTS = ("page", "instagram")
_LATER_CODES = frozenset({2, 4, 190, 613, 1200})
"""Temporary failures, too many calls, and a token that the operator has to renew."""
_GONE = 551
"""The user blocked us or left."""


def parse(body: Any) -> list[Arrived]:
    """Make of a batch what is to be answered, in its order."""
    platform = text_at(body, "object")
    if platform not in _OBJECTS:
        return []
    found = []
    for entry in objects(at(body, "entry")):
        for event in objects(at(entry, "messaging")):
            if text_at(event, "recipient", "id") == text_at(entry, "id"):
                one = _event(event, platform)
                found += [one] if one else []
    return found


def _event(event: dict[str, Any], platform: str) -> Arrived | None:
    message, postback, user = at(event, "message"), at(event, "postback"), text_at(event, "sender", "id")
    if not user or user == text_at(event, "recipient", "id"):
        return None
    if at(message, "is_echo") or at(message, "is_deleted"):
        return None
    text = text_at(message, "text") or ""
    choice = text_at(message, "quick_reply", "payload") or text_at(postback, "payload")
    attachment = bool(objects(at(message, "attachments")))
    if not (text.strip() or choice or attachment):
        return None
    name = text_at(message, "mid") or text_at(postback, "mid") or f"{at(event, 'timestamp')}:{choice}"
    return Arrived(
        channel=_NAME,
        user=f"{platform}:{user}",
        to=f"{platform}:{user}",
        id=name,
        # A tap carries its title as text as well: the choice says it all.
        inbound=Inbound(text="" if choice else text[:LONGEST_TEXT], choice=choice),
        command=command(choice or text),
        attachment=attachment,
    )


def render(reply: Reply, to: str, short: Callable[[str], str], by_number: str) -> list[Payload]:
    """Write *reply* as requests to the send API, the choices as quick replies of the last one."""
    platform, _, user = to.partition(":")
    limits = INSTAGRAM if platform == "instagram" else MESSENGER
    choices = choices_of(reply)
    text = plain(reply)
    quick = _quick(choices, short, limits)
    # Instagram shows no quick replies on a computer, and a cut title is no title: numbers help out.
    if choices and (limits is INSTAGRAM or quick is None or any("…" in one["title"] for one in quick)):
        text = f"{text}\n\n{by_number}\n{numbered(choices)}"
    parts: list[Payload] = [
        {"recipient": {"id": user}, "messaging_type": "RESPONSE", "message": {"text": part}}
        for part in split(text, limits.text, limits.size)
    ]
    if quick and parts:
        parts[-1]["message"]["quick_replies"] = quick
    return parts


def _quick(
    choices: Sequence[Choice], short: Callable[[str], str], limits: Limits
) -> list[dict[str, str]] | None:
    if len(choices) > limits.choices or any(utf8(one.choice) > limits.payload for one in choices):
        return None
    found = []
    for number, one in enumerate(choices, 1):
        title = one.title if utf16(one.title) <= limits.title else short(one.choice)
        if utf16(title) > limits.title:
            title = clip(f"{number}. {title}", limits.title)
        found.append({"content_type": "text", "title": title, "payload": one.choice})
    return found


def judge(status: int, body: Any) -> DeliveryError | None:
    """Say what the send API's answer to a request means."""
    if status == 200:
        return None
    code = at(body, "error", "code")
    if code == _GONE:
        return DeliveryError(BLOCKED, retryable=False)
    reason = f"messenger {status} {code if isinstance(code, int) else ''}".strip()
    later = status >= 500 or status in (401, 429) or code in _LATER_CODES or at(body, "error", "is_transient")
    return DeliveryError(reason, retryable=bool(later))


class Door:
    """The webhook of one page."""

    def __init__(self, settings: Messenger) -> None:
        self._settings = settings
        self.api = Api(settings.api, {"Authorization": f"Bearer {settings.token.reveal()}"}, judge)

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the handshake."""
        return handshake(request, _NAME, self._settings.verify_token)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer a batch."""
        body = await read_body(request, _NAME, _LARGEST)
        if not signed(body, request.headers.get(HEADER), self._settings.app_secret):
            return rejected(request, _NAME, "signature", 403)
        try:
            batch = msgspec.json.decode(body)
        except UNREADABLE:
            # It came from the platform, and would come again for days.
            return rejected(request, _NAME, "malformed", 200)

        def rendered(reply: Reply, one: Arrived) -> list[Payload]:
            text = request.app[CONVERSATION].engine.library.catalogues[reply.language].text
            return render(reply, one.to, short_titles(request, reply.language), text(BY_NUMBER))

        return await relay(request, _NAME, parse(batch), rendered, self._post)

    async def _post(self, payload: Payload, *, alone: bool) -> None:  # noqa: ARG002 - Telegram's business
        await self.api.call(f"/{VERSION}/me/messages", payload)


def _attach(app: web.Application, settings: Settings) -> None:
    if settings.messenger is None:
        return
    door = Door(settings.messenger)
    app.cleanup_ctx.append(door.api.running)
    app.router.add_get(CHANNEL.path, door.verify)
    app.router.add_post(CHANNEL.path, door.receive)


CHANNEL = Channel(
    name=_NAME,
    path="/webhooks/messenger",
    variables=tuple(f"SIGNPOST_MESSENGER_{part}" for part in ("TOKEN", "APP_SECRET", "VERIFY_TOKEN")),
    is_open=lambda settings: settings.messenger is not None,
    attach=_attach,
)
