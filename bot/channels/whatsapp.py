"""WhatsApp's Cloud API: batches in, one request for each message out.

developers.facebook.com/docs/whatsapp/cloud-api: webhooks, messages, business-scoped user ids.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import phonenumbers
from aiohttp import web

from bot.channels.limits import WHATSAPP, clip, split, split_tail, utf8, utf16
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
from bot.channels.texts import BY_NUMBER, CHOOSE, NEXT, choices_of, command, numbered, plain
from bot.delivery import BLOCKED, Arrived, Payload
from bot.errors import DeliveryError
from bot.http import CONVERSATION
from bot.messages import Choice, Inbound, Reply
from bot.settings import Settings, WhatsApp

HEADER = "X-Hub-Signature-256"
VERSION = "v25.0"

_NAME = "whatsapp"
_LARGEST = 3 * 1024 * 1024
_ATTACHMENTS = frozenset(
    ("image", "audio", "video", "document", "sticker", "location", "contacts", "order", "unsupported")
)
_LATER_CODES = frozenset({4, 80007, 130429, 131000, 131016, 131048, 131053, 131056, 131057, 133016, 190})
"""Error codes that say "later"."""
_LATER_STATUS = frozenset({401, 403, 404, 429})
_GONE = frozenset({131026, 131047})
"""Not deliverable to this user: they left or blocked us, or the 24 hours for answers are over."""


def parse(body: Any, phone_id: str) -> list[Arrived]:
    """Make of a batch what is to be answered, in its order."""
    found = []
    for entry in objects(at(body, "entry")):
        for change in objects(at(entry, "changes")):
            value = at(change, "value")
            ours = text_at(value, "metadata", "phone_number_id") == phone_id
            if at(change, "field") == "messages" and ours:
                found += [
                    one for message in objects(at(value, "messages")) if (one := _message(message, value))
                ]
    return found


def _message(message: dict[str, Any], value: Any) -> Arrived | None:
    number = text_at(message, "from")
    user = text_at(message, "from_user_id") or _contact_id(value, number)
    name = text_at(message, "id")
    if not name or not (user or number) or message.get("group_id"):
        return None
    kind = text_at(message, "type") or ""
    attachment = kind in _ATTACHMENTS
    text = text_at(message, "text", "body") or text_at(message, kind, "caption") or ""
    choice = (
        text_at(message, "interactive", "button_reply", "id")
        or text_at(message, "interactive", "list_reply", "id")
        or text_at(message, "button", "payload")
    )
    if kind == "request_welcome":
        text = "/start"
    if not (text.strip() or choice or attachment):
        return None
    return Arrived(
        channel=_NAME,
        # The business-scoped id first: users with a username show no number.
        user=user or number or "",
        to=f"number:{number}" if number else f"user:{user}",
        id=name,
        inbound=Inbound(text=text[:LONGEST_TEXT], choice=choice, country=_country(user, number)),
        command=command(text),
        attachment=attachment,
    )


def _contact_id(value: Any, number: str | None) -> str | None:
    """Find the business-scoped id of who wrote, where only the contacts name it."""
    for contact in objects(at(value, "contacts")):
        if number is not None and text_at(contact, "wa_id") == number:
            return text_at(contact, "user_id")
    return None


def _country(user: str | None, number: str | None) -> str | None:
    """Read the country from the number's prefix or the id's; nothing else of them is kept."""
    if number and number.isascii() and number.isdigit():
        try:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number}"))
        except phonenumbers.NumberParseException:
            region = None
        if region and len(region) == 2 and region.isalpha():
            return region
    prefix = (user or "").partition(".")[0]
    return prefix if len(prefix) == 2 and prefix.isascii() and prefix.isalpha() and prefix.isupper() else None


def render(
    reply: Reply, to: str, short: Callable[[str], str], text_of: Callable[[str], str]
) -> list[Payload]:
    """Write *reply* as requests to the messages endpoint: buttons, else a list, else numbered text."""
    choices = choices_of(reply)
    text = plain(reply)
    offer = _offer(choices, short, text_of) if choices else None
    if choices and offer is None:
        text = f"{text}\n\n{text_of(BY_NUMBER)}\n{numbered(choices)}"
    head, tail = split_tail(text, WHATSAPP.body) if offer else (text, "")
    parts = [
        _addressed(to, {"type": "text", "text": {"body": part, "preview_url": False}})
        for part in split(head, WHATSAPP.text, WHATSAPP.size)
    ]
    if offer:
        body = {"body": {"text": tail or text_of(NEXT)}}
        parts.append(_addressed(to, {"type": "interactive", "interactive": {**offer, **body}}))
    return parts


def _addressed(to: str, message: Payload) -> Payload:
    kind, _, value = to.partition(":")
    address = {"to": value} if kind == "number" else {"recipient": value}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **address, **message}


def _offer(
    choices: Sequence[Choice], short: Callable[[str], str], text_of: Callable[[str], str]
) -> Payload | None:
    """Buttons where three short titles suffice, else a list; None where neither takes the choices."""
    titles = [
        one.title if utf16(one.title) <= WHATSAPP.button_title else short(one.choice) for one in choices
    ]
    clear = len(set(titles)) == len(titles) and all(utf16(title) <= WHATSAPP.button_title for title in titles)
    if any(utf8(one.choice) > WHATSAPP.payload for one in choices) or len(choices) > WHATSAPP.choices:
        return None
    if clear and len(choices) <= WHATSAPP.buttons:
        buttons = [
            {"type": "reply", "reply": {"id": one.choice, "title": title}}
            for one, title in zip(choices, titles, strict=True)
        ]
        return {"type": "button", "action": {"buttons": buttons}}
    rows = [_row(one) for one in choices]
    if len({row["title"] for row in rows}) < len(rows):
        return None
    opener = clip(text_of(CHOOSE), WHATSAPP.opener)
    return {"type": "list", "action": {"button": opener, "sections": [{"title": opener, "rows": rows}]}}


def _row(choice: Choice) -> dict[str, str]:
    row = {"id": choice.choice, "title": clip(choice.title, WHATSAPP.title)}
    if row["title"] != choice.title:
        row["description"] = clip(choice.title, WHATSAPP.description)
    return row


def judge(status: int, body: Any) -> DeliveryError | None:
    """Say what the Cloud API's answer to a request means."""
    if status == 200:
        return None
    code = at(body, "error", "code")
    if code in _GONE:
        return DeliveryError(BLOCKED, retryable=False)
    reason = f"whatsapp {status} {code if isinstance(code, int) else ''}".strip()
    # A wrong token or number is the operator's to mend: until then the platform keeps the messages.
    later = (
        status >= 500 or status in _LATER_STATUS or code in _LATER_CODES or at(body, "error", "is_transient")
    )
    return DeliveryError(reason, retryable=bool(later))


class Door:
    """The webhook of one number."""

    def __init__(self, settings: WhatsApp) -> None:
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
            return render(reply, one.to, short_titles(request, reply.language), text)

        return await relay(request, _NAME, parse(batch, self._settings.phone_id), rendered, self._post)

    async def _post(self, payload: Payload, *, alone: bool) -> None:  # noqa: ARG002 - Telegram's business
        await self.api.call(f"/{VERSION}/{self._settings.phone_id}/messages", payload)


def _attach(app: web.Application, settings: Settings) -> None:
    if settings.whatsapp is None:
        return
    door = Door(settings.whatsapp)
    app.cleanup_ctx.append(door.api.running)
    app.router.add_get(CHANNEL.path, door.verify)
    app.router.add_post(CHANNEL.path, door.receive)


CHANNEL = Channel(
    name=_NAME,
    path="/webhooks/whatsapp",
    variables=tuple(
        f"SIGNPOST_WHATSAPP_{part}" for part in ("TOKEN", "APP_SECRET", "VERIFY_TOKEN", "PHONE_ID")
    ),
    is_open=lambda settings: settings.whatsapp is not None,
    attach=_attach,
)
