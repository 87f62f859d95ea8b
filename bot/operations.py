"""What operators and orchestrators ask: alive, ready, counts, version, the API's description."""

import msgspec
from aiohttp import web

from bot import __version__
from bot.http import API_HEADERS, CONVERSATION, METRICS, HTTPProblem, as_json

OPENAPI = web.AppKey("openapi", bytes)


class VersionResponse(msgspec.Struct, frozen=True):
    """Which code and which content answer."""

    version: str
    content_version: str
    semantic: bool
    """Whether the second stage of the matcher is at work."""


class StateResponse(msgspec.Struct, frozen=True):
    """Alive or ready."""

    status: str


async def healthz(request: web.Request) -> web.Response:
    """Say that the process runs."""
    return as_json(StateResponse("ok"))


async def readyz(request: web.Request) -> web.Response:
    """Say that content and models are loaded and no shutdown is under way."""
    if CONVERSATION not in request.app or request.app[CLOSING].closing:
        raise HTTPProblem(503, "Not ready", "Try again in a moment.", headers={"Retry-After": "2"})
    return as_json(StateResponse("ready"))


async def metrics(request: web.Request) -> web.Response:
    """Give the counters in Prometheus' text format."""
    return web.Response(
        body=request.app[METRICS].render(),
        headers={**API_HEADERS, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def version(request: web.Request) -> web.Response:
    """Give the versions of code and content."""
    engine = request.app[CONVERSATION].engine
    return as_json(VersionResponse(__version__, engine.library.version, engine.reader.semantic))


async def openapi(request: web.Request) -> web.Response:
    """Describe the API."""
    return web.Response(body=request.app[OPENAPI], content_type="application/json", headers=API_HEADERS)


class Closing:
    """Whether a shutdown has begun: load balancers then send nobody here."""

    closing = False


CLOSING = web.AppKey("closing", Closing)
