"""A server that behaves as the platforms do: it checks tokens, limits and formats, and records."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiogram.methods import AnswerCallbackQuery, SendMessage, SetWebhook
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

TELEGRAM_TOKEN = "123456:recorder"
META_TOKEN = "EAArecorder"
PHONE_ID = "106540352242922"

Fault = Callable[[str], "tuple[int, Any] | None"]
"""Given the user, says which failure to answer with, or None."""


def telegram_error(status: int, description: str, **parameters: int) -> tuple[int, Any]:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return status, body | ({"parameters": parameters} if parameters else {})


def meta_error(status: int, code: int, message: str = "(#100) Invalid parameter") -> tuple[int, Any]:
    return status, {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x"}}


class Recorder:
    """What the platforms were sent: (channel, user, payload), and what they complained about."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.acknowledged: list[str] = []
        self.complaints: list[str] = []
        self.calls = 0
        self.fault: Fault = lambda _: None
        self.base = ""
        self.webhook: SetWebhook | None = None

    def texts(self, user: str | None = None) -> list[str]:
        return [text_of(one) for _, who, one in self.sent if user in (None, who)]

    def take_telegram(  # noqa: C901, PLR0911 - one refusal after the other, as the platform has them
        self, method: str, payload: dict[str, Any]
    ) -> tuple[int, Any]:
        """Check and record one call of the Bot API, from a request or a webhook's response."""
        try:
            if method == "answerCallbackQuery":
                self.acknowledged.append(AnswerCallbackQuery(**payload).callback_query_id)
                return 200, {"ok": True, "result": True}
            if method == "setWebhook":
                self.webhook = SetWebhook(**payload)
                return 200, {"ok": True, "result": True}
            if method == "getWebhookInfo":
                info = {
                    "has_custom_certificate": False,
                    "pending_update_count": 3,
                    "last_error_message": "Timed out",
                }
                return 200, {"ok": True, "result": {"url": self.webhook.url if self.webhook else "", **info}}
            if method != "sendMessage":
                return self._complain(telegram_error(404, "Not Found"))
            message = SendMessage(**payload)
        except ValidationError as error:
            return self._complain(telegram_error(400, f"Bad Request: {error}"))
        if fault := self.fault(str(message.chat_id)):
            return fault
        if not message.text.strip():
            return self._complain(telegram_error(400, "Bad Request: message text is empty"))
        if len(message.text.encode("utf-16-le")) // 2 > 4096:
            return self._complain(telegram_error(400, "Bad Request: message is too long"))
        if message.reply_markup:
            rows = message.reply_markup.inline_keyboard
            if any(not 1 <= len((one.callback_data or "").encode()) <= 64 for row in rows for one in row):
                return self._complain(telegram_error(400, "Bad Request: BUTTON_DATA_INVALID"))
            if sum(map(len, rows)) > 100 or any(not 1 <= len(row) <= 8 for row in rows):
                return self._complain(telegram_error(400, "Bad Request: keyboard is too large"))
        self.sent.append(("telegram", str(message.chat_id), payload))
        return 200, {"ok": True, "result": {"message_id": len(self.sent)}}

    def take_whatsapp(self, payload: dict[str, Any]) -> tuple[int, Any]:
        to = payload.get("to") or payload.get("recipient")
        if (
            payload.get("messaging_product") != "whatsapp"
            or not to
            or ("to" in payload) == ("recipient" in payload)
        ):
            return self._complain(meta_error(400, 100))
        if fault := self.fault(to):
            return fault
        if wrong := whatsapp_wrong(payload):
            return self._complain(meta_error(400, 131009, wrong))
        self.sent.append(("whatsapp", to, payload))
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{len(self.sent)}"}]}

    def take_messenger(self, payload: dict[str, Any]) -> tuple[int, Any]:
        user = payload["recipient"]["id"]
        if fault := self.fault(user):
            return fault
        message = payload["message"]
        quick = message.get("quick_replies", [])
        if payload.get("messaging_type") != "RESPONSE" or not 1 <= len(message["text"]) <= 2000:
            return self._complain(
                meta_error(400, 100, "Length of param message[text] must be less than or equal to 2000")
            )
        if len(quick) > 13 or any(
            not 1 <= len(one["title"]) <= 20 or len(one["payload"]) > 1000 for one in quick
        ):
            return self._complain(meta_error(400, 100, "quick_replies"))
        self.sent.append(("messenger", user, payload))
        return 200, {"recipient_id": user, "message_id": f"m_{len(self.sent)}"}

    def _complain(self, answer: tuple[int, Any]) -> tuple[int, Any]:
        self.complaints.append(str(answer[1]))
        return answer

    async def _telegram(self, request: web.Request) -> web.Response:
        self.calls += 1
        if request.match_info["token"] != TELEGRAM_TOKEN:
            status, body = telegram_error(401, "Unauthorized")
        else:
            status, body = self.take_telegram(request.match_info["method"], await request.json())
        return web.json_response(body, status=status)

    async def _graph(self, request: web.Request) -> web.Response:
        self.calls += 1
        assert "access_token" not in request.query, "a token in an address ends up in logs"
        if request.headers.get("Authorization") != f"Bearer {META_TOKEN}":
            status, body = meta_error(401, 190, "Invalid OAuth access token.")
        elif request.match_info["sender"] == "me":
            status, body = self.take_messenger(await request.json())
        elif request.match_info["sender"] == PHONE_ID:
            status, body = self.take_whatsapp(await request.json())
        else:
            status, body = meta_error(404, 100)
        return web.json_response(body, status=status)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._telegram)
        app.router.add_post("/{version:v\\d+\\.\\d}/{sender}/messages", self._graph)
        return app

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Recorder"]:
        async with TestServer(self.app()) as server:
            self.base = str(server.make_url("")).rstrip("/")
            yield self


def whatsapp_wrong(payload: dict[str, Any]) -> str | None:
    """Say what the Cloud API would not take."""
    if payload["type"] == "text":
        return None if 1 <= len(payload["text"]["body"]) <= 4096 else "text.body"
    interactive = payload["interactive"]
    action = interactive["action"]
    if not 1 <= len(interactive["body"]["text"]) <= 1024:
        return "interactive.body"
    if interactive["type"] == "button":
        titles = [one["reply"]["title"] for one in action["buttons"]]
        ids = [one["reply"]["id"] for one in action["buttons"]]
        fine = 1 <= len(titles) <= 3 and all(1 <= len(title) <= 20 for title in titles)
        return (
            None
            if fine and len(set(titles)) == len(titles) and all(len(one) <= 256 for one in ids)
            else "buttons"
        )
    rows = [row for section in action["sections"] for row in section["rows"]]
    fine = 1 <= len(action["button"]) <= 20 and all(len(one["title"]) <= 24 for one in action["sections"])
    fine &= 1 <= len(rows) <= 10 and len({row["id"] for row in rows}) == len(rows)
    fine &= all(1 <= len(row["title"]) <= 24 and len(row["id"]) <= 200 for row in rows)
    return None if fine and all(len(row.get("description", "")) <= 72 for row in rows) else "list"


def text_of(payload: dict[str, Any]) -> str:
    """The text of a recorded payload, of whichever platform."""
    if "message" in payload:
        return str(payload["message"]["text"])
    if "interactive" in payload:
        return str(payload["interactive"]["body"]["text"])
    return str(payload["text"]["body"] if isinstance(payload["text"], dict) else payload["text"])
