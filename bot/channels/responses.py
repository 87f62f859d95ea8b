"""Responses of the REST channel, ready to send, as long as they hold."""

import asyncio
import os
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from bot.clock import Clock
from bot.conversation import Conversation
from bot.engine import Engine
from bot.messages import Inbound, Reply

Encode: TypeAlias = Callable[[Reply, str, str], bytes]
"""Turns a reply, the next token and the content's version into a body."""

_KEPT = 4096
"""Responses kept at most."""


class Ready(msgspec.Struct, frozen=True):
    """A response, ready to send, and what is counted of it."""

    body: bytes
    language: str
    country: str | None
    labels: tuple[str, str, str, int]
    """Outcome, severity, language, stage of the matcher."""
    failed: bool


class Responses:
    """
    Answers messages, and keeps this minute's responses: many people write the same few words.

    A response depends on the request's body, the content and the minute alone. It is kept under
    a keyed hash of the body, so that no text lies in memory after its answer.
    """

    def __init__(self, conversation: Conversation, clock: Clock, encode: Encode) -> None:
        self._conversation = conversation
        self._clock = clock
        self._encode = encode
        self._key = os.urandom(32)
        self._moment: tuple[int, Engine | None] = (0, None)
        self._kept: dict[bytes, Ready] = {}
        self._under_way: dict[bytes, asyncio.Task[Ready]] = {}

    def recall(self, body: bytes) -> Ready | None:
        """Give the response that the same *body* got this minute."""
        return self._now().get(self._digest(body))

    async def answer(self, body: bytes, inbound: Inbound, token: str | None) -> Ready:
        """Answer *inbound* in the conversation of *token*, both as read from *body*."""
        digest = self._digest(body)
        task = self._under_way.get(digest)
        if task is None:
            task = self._under_way[digest] = asyncio.create_task(self._answer(digest, inbound, token))
        # Shielded: another request with the same words may wait for it, too.
        return await asyncio.shield(task)

    async def _answer(self, digest: bytes, inbound: Inbound, token: str | None) -> Ready:
        # The content that answers is that of now, whatever is swapped in meanwhile.
        kept, version = self._now(), self._conversation.engine.library.version
        try:
            turn, sealed = await self._conversation.talk(inbound, token)
        finally:
            del self._under_way[digest]
        reply = turn.reply
        severity = reply.intent.severity if reply.intent else "none"
        ready = Ready(
            body=self._encode(reply, sealed, version),
            language=reply.language,
            country=reply.country,
            labels=(reply.outcome, severity, reply.language, turn.stage),
            failed=turn.failed,
        )
        if not turn.failed:
            kept[digest] = ready
        return ready

    def _now(self) -> dict[bytes, Ready]:
        moment = (int(self._clock().timestamp()) // 60, self._conversation.engine)
        if moment != self._moment or len(self._kept) >= _KEPT:
            self._moment, self._kept = moment, {}
        return self._kept

    def _digest(self, body: bytes) -> bytes:
        return blake2b(body, key=self._key, digest_size=16).digest()
