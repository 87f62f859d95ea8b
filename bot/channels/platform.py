"""What the doors to messaging platforms share: reading requests, proving who sent them, calling back."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeAlias

import aiohttp
import msgspec
from aiohttp import web

from bot.delivery import Arrived, Breaker, Payload, Post, Relay, Render
from bot.errors import DeliveryError
from bot.http import API_HEADERS, CONVERSATION, METRICS
from bot.settings import Secret, Settings

RELAY = web.AppKey("relay", Relay)

LONGEST_TEXT = 10_000
"""Characters of a message that are read; no platform lets a person type as much."""
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What bytes that are no JSON, or are nested beyond reason, raise."""
_PATIENCE = 2.0
"""Seconds to wait within a request when a platform asks us to slow down; longer waits are its own."""

Judge: TypeAlias = Callable[[int, Any], DeliveryError | None]
"""Says what a platform's answer, status and body, means: None is accepted."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A door, as the registry knows it."""

    name: str
    path: str
    """Of its webhook."""
    variables: tuple[str, ...]
    """The settings that open it; all of them are needed."""
    is_open: Callable[[Settings], bool]
    attach: Callable[[web.Application, Settings], None]
    """Adds its routes and what it holds open."""


def same(given: str | None, expected: Secret) -> bool:
    """Compare in constant time; bytes, because a header may hold anything and must not crash us."""
    return given is not None and hmac.compare_digest(
        given.encode("utf-8", "surrogateescape"), expected.reveal().encode()
    )


def signed(body: bytes, header: str | None, secret: Secret) -> bool:
    """Check Meta's X-Hub-Signature-256 over the raw bytes of *body*."""
    digest = hmac.digest(secret.reveal().encode(), body, "sha256").hex()
    return same(header, Secret(f"sha256={digest}"))


def handshake(request: web.Request, channel: str, verify_token: Secret) -> web.Response:
    """Answer Meta's question whether this address is ours."""
    query = request.query
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or not same(query.get("hub.verify_token"), verify_token):
        return rejected(request, channel, "handshake", 403)
    return web.Response(text=challenge[:1000], headers=API_HEADERS)


def rejected(request: web.Request, channel: str, reason: str, status: int) -> web.Response:
    """Turn a request away, and count it."""
    request.app[METRICS].rejected(channel, reason)
    return web.Response(status=status, text="", headers=API_HEADERS)


async def read_body(request: web.Request, channel: str, limit: int) -> bytes:
    """Read at most *limit* bytes; what is larger is counted and ends in 413."""
    try:
        return await request.clone(client_max_size=limit).read()
    except web.HTTPRequestEntityTooLarge:
        request.app[METRICS].rejected(channel, "oversized")
        raise


async def relay(
    request: web.Request, channel: str, arrived: Sequence[Arrived], render: Render, post: Post
) -> web.Response:
    """Answer what arrived; 200 ends the matter, 503 makes the platform bring it again."""
    if not arrived:
        request.app[METRICS].delivery(channel, "ignored")
        return web.Response(headers=API_HEADERS)
    if await request.app[RELAY].deliver_all(arrived, render, post):
        return web.Response(headers=API_HEADERS)
    return web.Response(status=503, headers={**API_HEADERS, "Retry-After": "2"})


def short_titles(request: web.Request, language: str) -> Callable[[str], str]:
    """Give a choice's title as buttons of 20 characters have it, as far as there is one."""
    renderer = request.app[CONVERSATION].engine.renderer
    return lambda choice: renderer.choice_title(choice, language, short=True)


def text_at(value: object, *path: str) -> str | None:
    """Follow *path* through objects; None where it ends early or in something that is no text."""
    found = at(value, *path)
    return found if isinstance(found, str) else None


def at(value: object, *path: str) -> Any:
    """Follow *path* through objects; None where it ends early."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; anything else in it is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class Api:
    """A platform's interface: bounded in time and number, left alone while it fails."""

    def __init__(
        self, base: str, headers: Mapping[str, str], judge: Judge, *, at_once: int = 256, seconds: float = 5.0
    ) -> None:
        self._base = base
        self._headers = dict(headers)
        self._judge = judge
        self._seconds = seconds
        self._places = asyncio.Semaphore(at_once)
        self._breaker = Breaker()
        self._client: aiohttp.ClientSession | None = None

    async def running(self, _: web.Application) -> AsyncIterator[None]:
        """Hold the connections open while the application runs."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=self._seconds),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as self._client:
            yield
        self._client = None

    async def call(self, path: str, payload: Payload) -> Any:
        """
        Post *payload*; give the answer's body.

        Raises:
            DeliveryError: the platform did not take it, cannot be reached, or is left alone.
        """
        try:
            return await self._call(path, payload)
        except DeliveryError as error:
            if not error.retryable or error.retry_after is None or error.retry_after > _PATIENCE:
                raise
            if error.reason == "resting":
                raise
            await asyncio.sleep(error.retry_after)
        return await self._call(path, payload)

    async def _call(self, path: str, payload: Payload) -> Any:
        if self._client is None:
            raise DeliveryError("shutting down", retryable=True)
        self._breaker.check()
        async with self._places:
            try:
                async with self._client.post(
                    self._base + path,
                    data=msgspec.json.encode(payload),
                    headers={"Content-Type": "application/json"},
                    allow_redirects=False,
                ) as response:
                    status, body = response.status, await response.read()
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._breaker.failed()
                # Only the kind: the message of the error holds the address, and with it the token.
                raise DeliveryError(type(error).__name__, retryable=True) from None
        if status >= 500:
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        answer = _decoded(body)
        wrong = self._judge(status, answer)
        if wrong is not None:
            raise wrong
        return answer


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        return None
