"""The platforms' side of a webhook: how each signs, delivers, and reads what comes back."""

import hmac
import json
from itertools import count
from typing import Any

import aiohttp

from tests.channels.recorder import META_TOKEN, PHONE_ID, TELEGRAM_TOKEN, Recorder

TELEGRAM_SECRET = "telegram-webhook-secret"
APP_SECRET = "meta-app-secret"
VERIFY_TOKEN = "meta-verify-token"

_numbers = count(500_000)


def environ(base: str, *channels: str, **more: str) -> dict[str, str]:
    """The settings of *channels*, with the platforms at *base*."""
    known = {
        "telegram": {"TOKEN": TELEGRAM_TOKEN, "SECRET": TELEGRAM_SECRET, "API": base},
        "whatsapp": {
            "TOKEN": META_TOKEN,
            "APP_SECRET": APP_SECRET,
            "VERIFY_TOKEN": VERIFY_TOKEN,
            "PHONE_ID": PHONE_ID,
            "API": base,
        },
        "messenger": {
            "TOKEN": META_TOKEN,
            "APP_SECRET": APP_SECRET,
            "VERIFY_TOKEN": VERIFY_TOKEN,
            "API": base,
        },
    }
    found = {
        f"SIGNPOST_{name.upper()}_{key}": value
        for name in channels
        if name != "rasa"
        for key, value in known[name].items()
    }
    if "rasa" in channels:
        found["SIGNPOST_RASA"] = "on"
    return {**found, "SIGNPOST_SECRET": "a secret for the tests", "SIGNPOST_SEMANTIC": "off", **more}


def text_update(channel: str, user: str, text: str, number: int | None = None) -> dict[str, Any]:
    """A text message as *channel* delivers it; the same *number* makes it a redelivery."""
    number = next(_numbers) if number is None else number
    if channel == "telegram":
        sender = {"id": int(user), "is_bot": False, "first_name": "A", "language_code": "en"}
        chat = {"id": int(user), "type": "private", "first_name": "A"}
        message = {"message_id": number, "date": 1763800000, "from": sender, "chat": chat, "text": text}
        return {"update_id": number, "message": message}
    if channel == "whatsapp":
        message = {
            "from": user,
            "id": f"wamid.{number}",
            "timestamp": "1763800000",
            "type": "text",
            "text": {"body": text},
        }
        return whatsapp_batch(message)
    event = {
        "sender": {"id": user},
        "recipient": {"id": "110"},
        "timestamp": 1763800000000,
        "message": {"mid": f"m_{number}", "text": text},
    }
    return {"object": "page", "entry": [{"id": "110", "time": 1763800000000, "messaging": [event]}]}


def whatsapp_batch(*messages: dict[str, Any]) -> dict[str, Any]:
    contacts = [{"profile": {"name": "A"}, "wa_id": one["from"]} for one in messages]
    value = {
        "messaging_product": "whatsapp",
        "contacts": contacts,
        "messages": list(messages),
        "metadata": {"display_phone_number": "1", "phone_number_id": PHONE_ID},
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def tap(channel: str, user: str, choice: str) -> dict[str, Any]:
    """A tapped button as *channel* delivers it."""
    number = next(_numbers)
    update = text_update(channel, user, "title", number)
    if channel == "telegram":
        message = update.pop("message")
        query = {
            "id": f"q{number}",
            "from": message["from"],
            "chat_instance": "1",
            "data": choice,
            "message": message,
        }
        return {**update, "callback_query": query}
    if channel == "whatsapp":
        message = update["entry"][0]["changes"][0]["value"]["messages"][0]
        del message["text"]
        message |= {
            "type": "interactive",
            "interactive": {"type": "list_reply", "list_reply": {"id": choice, "title": "t"}},
        }
        return update
    update["entry"][0]["messaging"][0]["message"]["quick_reply"] = {"payload": choice}
    return update


def headers_for(channel: str, body: bytes) -> dict[str, str]:
    """Prove who sends *body*."""
    if channel == "telegram":
        return {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
    signature = hmac.new(APP_SECRET.encode(), body, "sha256").hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


class Platform:
    """Delivers to one webhook and, like Telegram, carries out what the response asks for."""

    def __init__(self, client: aiohttp.ClientSession, base: str, recorder: Recorder) -> None:
        self._client = client
        self._base = base
        self.recorder = recorder

    async def deliver(self, channel: str, update: dict[str, Any]) -> int:
        """Hand *update* over once; give the status."""
        body = json.dumps(update, ensure_ascii=False).encode()
        async with self._client.post(
            f"{self._base}/webhooks/{channel}", data=body, headers=headers_for(channel, body)
        ) as response:
            answer = await response.read()
            if channel == "telegram" and response.status == 200 and answer:
                payload = json.loads(answer)
                self.recorder.take_telegram(payload.pop("method"), payload)
            return response.status

    async def say(self, channel: str, user: str, text: str) -> int:
        """Deliver a text message."""
        return await self.deliver(channel, text_update(channel, user, text))
