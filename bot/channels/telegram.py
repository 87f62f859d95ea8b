"""Telegram: one update in a request; a reply of one message goes back as the request's own response.

core.telegram.org/bots/api: Update, sendMessage, "Making requests when getting updates".
"""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from bot.channels.limits import TELEGRAM, clip, split, utf8, utf16
from bot.channels.platform import (
    LONGEST_TEXT,
    UNREADABLE,
    Api,
    Channel,
    at,
    read_body,
    rejected,
    relay,
    same,
    short_titles,
    text_at,
)
from bot.channels.texts import BY_NUMBER, choices_of, command, numbered, plain
from bot.delivery import BLOCKED, Arrived, Payload
from bot.errors import DeliveryError
from bot.http import API_HEADERS, CONVERSATION
from bot.messages import Choice, Inbound, Reply
from bot.settings import Settings, Telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATES = ("message", "callback_query")
"""What we ask for; anything else that comes is ignored."""

_NAME = "telegram"
_LARGEST = 1024 * 1024
_ROW = 34
"""A longer title is cut on a narrow phone: the short one is shown then."""
_MEDIA = ("animation", "audio", "document", "live_photo", "paid_media", "photo", "sticker", "story", "video")
_OTHERS = ("video_note", "voice", "checklist", "contact", "dice", "game", "poll", "venue", "location")
_ATTACHMENTS = frozenset(_MEDIA + _OTHERS)


def parse(update: Any) -> Arrived | None:
    """Make of an update what is to be answered; None for what is ignored."""
    number = at(update, "update_id")
    if not isinstance(number, int):
        return None
    if isinstance(query := at(update, "callback_query"), dict):
        return _tapped(query, number)
    message = at(update, "message")
    sender = at(message, "from")
    user, chat = at(sender, "id"), at(message, "chat", "id")
    if at(message, "chat", "type") != "private" or at(sender, "is_bot") is not False:
        return None
    if not isinstance(user, int) or not isinstance(chat, int):
        return None
    text = (text_at(message, "text") or text_at(message, "caption") or "")[:LONGEST_TEXT]
    attachment = not _ATTACHMENTS.isdisjoint(message)
    if not text.strip() and not attachment:
        return None
    album = text_at(message, "media_group_id")
    return Arrived(
        channel=_NAME,
        user=str(user),
        to=str(chat),
        # The pictures of an album come one by one, and deserve one answer.
        id=f"album:{album}" if album and not text.strip() else str(number),
        inbound=Inbound(text=text, language=_language(sender)),
        command=command(text),
        attachment=attachment,
    )


def _tapped(query: dict[str, Any], number: int) -> Arrived | None:
    user, chat, data = at(query, "from", "id"), at(query, "message", "chat"), text_at(query, "data")
    if not isinstance(user, int) or not data or at(query, "from", "is_bot") is not False:
        return None
    if at(chat, "type") != "private" or not isinstance(at(chat, "id"), int):
        return None
    inbound = Inbound(choice=data, language=_language(query["from"]))
    return Arrived(channel=_NAME, user=str(user), to=str(chat["id"]), id=str(number), inbound=inbound)


def _language(sender: object) -> str | None:
    tag = text_at(sender, "language_code")
    return tag[:35] if tag else None


def render(reply: Reply, to: str, short: Callable[[str], str], by_number: str) -> list[Payload]:
    """Write *reply* as sendMessage requests to the chat *to*."""
    choices = choices_of(reply)
    text = plain(reply)
    fits = len(choices) <= TELEGRAM.choices and all(utf8(one.choice) <= TELEGRAM.payload for one in choices)
    if choices and not fits:
        text = f"{text}\n\n{by_number}\n{numbered(choices)}"
    pressing = bool(reply.intent and reply.intent.severity.pressing)
    parts: list[Payload] = [
        {
            "method": "sendMessage",
            "chat_id": int(to),
            "text": part,
            "link_preview_options": {"is_disabled": True},
            # What is said about danger is not passed on, and makes no sound.
            **({"protect_content": True, "disable_notification": True} if pressing else {}),
        }
        for part in split(text, TELEGRAM.text, TELEGRAM.size)
    ]
    if choices and fits and parts:
        parts[-1]["reply_markup"] = {"inline_keyboard": [[_button(choice, short)] for choice in choices]}
    return parts


def _button(choice: Choice, short: Callable[[str], str]) -> dict[str, str]:
    title = choice.title if utf16(choice.title) <= _ROW else short(choice.choice)
    return {"text": clip(title, TELEGRAM.title), "callback_data": choice.choice}


def judge(status: int, body: Any) -> DeliveryError | None:
    """Say what Telegram's answer to a request means."""
    if status == 200 and at(body, "ok") is True:
        return None
    if status == 429:
        wait = at(body, "parameters", "retry_after")
        after = float(wait) if isinstance(wait, int) else None
        return DeliveryError("telegram 429", retryable=True, retry_after=after)
    if status == 403:
        return DeliveryError(BLOCKED, retryable=False)
    # 401 and 404 are a wrong token: the operator mends it, and what waits is then answered.
    return DeliveryError(f"telegram {status}", retryable=status >= 500 or status in (200, 401, 404))


def api_of(settings: Telegram) -> Api:
    """Telegram's interface for one bot."""
    return Api(f"{settings.api}/bot{settings.token.reveal()}", {}, judge)


def webhook(address: str, settings: Telegram, connections: int) -> Payload:
    """Write the request that tells Telegram where to send updates; what waits is kept."""
    return {
        "url": address,
        "secret_token": settings.secret.reveal(),
        "max_connections": connections,
        "allowed_updates": list(UPDATES),
        "drop_pending_updates": False,
    }


class Door:
    """The webhook of one bot."""

    def __init__(self, settings: Telegram) -> None:
        self._secret = settings.secret
        self.api = api_of(settings)

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Answer one update."""
        if not same(request.headers.get(HEADER), self._secret):
            return rejected(request, _NAME, "secret", 401)
        body = await read_body(request, _NAME, _LARGEST)
        try:
            update = msgspec.json.decode(body)
        except UNREADABLE:
            # Only damage on the way can do this: 400 brings the update again.
            return rejected(request, _NAME, "malformed", 400)
        one = parse(update)
        back = _WayBack(request, self.api, text_at(update, "callback_query", "id"))

        def rendered(reply: Reply, one: Arrived) -> list[Payload]:
            text = request.app[CONVERSATION].engine.library.catalogues[reply.language].text
            return render(reply, one.to, short_titles(request, reply.language), text(BY_NUMBER))

        response = await relay(request, _NAME, [one] if one else [], rendered, back.post)
        return back.response or back.acknowledge(response)


class _WayBack:
    """The ways back for one update: the response itself, or Telegram's interface."""

    def __init__(self, request: web.Request, api: Api, query: str | None) -> None:
        self._request = request
        self._api = api
        self._query = query
        self.response: web.Response | None = None

    async def post(self, payload: Payload, *, alone: bool) -> None:
        """Send one message; the response is free for it unless a tap has to be acknowledged there."""
        if not alone or self._query:
            fields = {name: value for name, value in payload.items() if name != "method"}
            await self._api.call("/sendMessage", fields)
            return
        # Written here and now: the message counts as seen only when the response is out.
        self.response = web.Response(
            body=msgspec.json.encode(payload), content_type="application/json", headers=API_HEADERS
        )
        try:
            await self.response.prepare(self._request)
            await self.response.write_eof()
        except OSError:
            raise DeliveryError("the connection was closed", retryable=True) from None
        if self._request.transport is None or self._request.transport.is_closing():
            raise DeliveryError("the connection was closed", retryable=True)

    def acknowledge(self, response: web.Response) -> web.Response:
        """Stop the clock on a tapped button, with the response that is free for it."""
        if not self._query or response.status != 200:
            return response
        body = msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": self._query})
        return web.Response(body=body, content_type="application/json", headers=API_HEADERS)


def _attach(app: web.Application, settings: Settings) -> None:
    if settings.telegram is None:
        return
    door = Door(settings.telegram)
    app.cleanup_ctx.append(door.api.running)
    app.router.add_post(CHANNEL.path, door.receive)


CHANNEL = Channel(
    name=_NAME,
    path="/webhooks/telegram",
    variables=("SIGNPOST_TELEGRAM_TOKEN", "SIGNPOST_TELEGRAM_SECRET"),
    is_open=lambda settings: settings.telegram is not None,
    attach=_attach,
)
