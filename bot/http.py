"""HTTP as every door of ours speaks it: errors that carry help, headers, origins, limits, counts.

The one middleware decides every status. An error body always holds a help block, because
nobody in danger may get only an error.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import perf_counter, time
from typing import Any, TypeAlias, TypeVar

import msgspec
import structlog
from aiohttp import web
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from multidict import CIMultiDict

from bot.conversation import Conversation
from bot.messages import Block
from bot.metrics import Metrics
from bot.settings import Network, Settings

T = TypeVar("T")

log = structlog.get_logger()

CONVERSATION = web.AppKey("conversation", Conversation)
SETTINGS = web.AppKey("settings", Settings)
METRICS = web.AppKey("metrics", Metrics)

BODY_LIMIT = 16 * 1024
"""Bytes of a request's body."""

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
API_HEADERS = {**SECURITY_HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_JSON_HEADERS = CIMultiDict({**API_HEADERS, "Content-Type": "application/json"})

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
to_json = msgspec.json.Encoder().encode
"""Encode anything of ours as JSON."""


class FieldError(msgspec.Struct, frozen=True):
    """One field that is wrong."""

    field: str
    message: str


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as RFC 9457 has it, with help."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    errors: tuple[FieldError, ...] = ()
    reply: tuple[Block, ...] = ()


class HTTPProblem(Exception):
    """An error to answer with; *hints* are the language and country as far as they are known."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        language: str | None = None,
        country: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)
        self.language = language
        self.country = country
        self.headers = dict(headers or {})


_TITLES = {
    400: ("Malformed request", "The request could not be read."),
    403: ("Not allowed", "This is not open to you."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Method not allowed", "This address does not take that method."),
    413: ("Too large", "The request is larger than this service takes."),
    415: ("Not JSON", "Send application/json."),
    500: ("Something went wrong here", "The failure was noted, without what was written."),
    503: ("Not ready", "Try again in a moment."),
}


def as_json(value: object, *, status: int = 200, headers: Mapping[str, str] = _JSON_HEADERS) -> web.Response:
    """Answer with *value* as JSON."""
    return web.Response(body=to_json(value), status=status, headers=headers)


def json_response(body: bytes) -> web.Response:
    """Answer with *body*, which is JSON already."""
    return web.Response(body=body, headers=_JSON_HEADERS)


def problem_response(request: web.Request, problem: HTTPProblem) -> web.Response:
    """Render *problem* with the help block of the language and country that are known."""
    conversation = request.app[CONVERSATION]
    language = (
        problem.language or request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0]
    )
    details = ProblemDetails(
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        errors=problem.errors,
        reply=conversation.engine.help_block(problem.country or _query_country(request), language),
    )
    return web.Response(
        body=to_json(details),
        status=problem.status,
        content_type="application/problem+json",
        headers={**API_HEADERS, **problem.headers},
    )


def unreadable_response(app: web.Application, status: int) -> web.Response:
    """Answer bytes that are no HTTP request: help for a place and a language that are unknown."""
    title, detail = _TITLES[status]
    details = ProblemDetails(
        status=status, title=title, detail=detail, reply=app[CONVERSATION].engine.help_block(None, "")
    )
    return web.Response(
        body=to_json(details), status=status, content_type="application/problem+json", headers=API_HEADERS
    )


def _query_country(request: web.Request) -> str | None:
    return request.query.get("country") if request.method == "GET" else None


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure with a problem that carries help; add origin headers; count."""
    begun = perf_counter()
    try:
        response = await handler(request)
    except HTTPProblem as problem:
        response = problem_response(request, problem)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        title, detail = _TITLES.get(error.status, (error.reason, error.reason))
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        response = problem_response(request, HTTPProblem(error.status, title, detail, headers=allow))
    except Exception as error:  # noqa: BLE001 - the person still gets help
        log.error("http.failed", error=type(error).__name__, method=request.method, route=route_of(request))
        response = problem_response(request, HTTPProblem(500, *_TITLES[500]))
    origin = request.headers.get("Origin")
    if origin is not None and origin in request.app[SETTINGS].cors:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
    request.app[METRICS].answered(route_of(request), response.status, perf_counter() - begun)
    return response


def route_of(request: web.Request) -> str:
    """Name the route, never the path: a path may hold anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


async def preflight(request: web.Request) -> web.Response:
    """Answer a browser's question whether an origin may use the API."""
    allowed = request.headers.get("Origin") in request.app[SETTINGS].cors
    headers = (
        {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "600",
        }
        if allowed
        else {}
    )
    return web.Response(status=204 if allowed else 403, headers={**API_HEADERS, **headers})


class RateLimit:
    """At most *rate* messages a minute for each client address; 0 lets everything through."""

    def __init__(self, rate: int, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)
        self._limiter = FixedWindowRateLimiter(MemoryStorage()) if rate else None
        self._item = RateLimitItemPerMinute(max(1, rate))

    def check(self, request: web.Request, *, language: str | None = None, country: str | None = None) -> None:
        """Raise a 429 with Retry-After when the client of *request* has sent too much."""
        if self._limiter is None:
            return
        client = self._client(request)
        if not self._limiter.hit(self._item, client):
            reset, _ = self._limiter.get_window_stats(self._item, client)
            wait = max(1, round(reset - time()))
            raise HTTPProblem(
                429,
                "Too many messages",
                f"Wait {wait} seconds and write again.",
                headers={"Retry-After": str(wait)},
                language=language,
                country=country,
            )

    def _client(self, request: web.Request) -> str:
        """The nearest address that is not one of our own proxies: anything further can be forged."""
        address = request.remote or "unknown"
        if not self._trusted:
            return address
        hops = [
            hop.strip()
            for hop in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
            if hop.strip()
        ]
        while hops and self._is_trusted(address):
            address = hops.pop()
        return address

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


RATE = web.AppKey("rate", RateLimit)


async def read_json(request: web.Request, decoder: msgspec.json.Decoder[T]) -> T:
    """
    Read the body of *request* as *decoder*'s type.

    Raises:
        HTTPProblem: 400 malformed, 413 too large, 415 not JSON, 422 a field is wrong.
    """
    return decode(await read_body(request), decoder)


async def read_body(request: web.Request) -> bytes:
    """
    Read the body of *request*, which says that it is JSON.

    Raises:
        HTTPProblem: 413 too large, 415 not JSON.
    """
    if request.content_type != "application/json":
        raise HTTPProblem(415, *_TITLES[415])
    return await request.read()


def decode(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """
    Read *body* as *decoder*'s type.

    Raises:
        HTTPProblem: 400 malformed, 422 a field is wrong.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        language, country = _hints(body)
        raise HTTPProblem(
            422,
            "A field is wrong",
            "Mend the fields listed.",
            errors=(_field_error(error),),
            language=language,
            country=country,
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise HTTPProblem(400, "Malformed JSON", "The body is not valid JSON.") from None


def _field_error(error: msgspec.ValidationError) -> FieldError:
    message, _, path = str(error).partition(" - at `")
    field = path.strip("`$.") or message.partition("`")[2].partition("`")[0]
    return FieldError(field or "body", message)


def _hints(body: bytes) -> tuple[str | None, str | None]:
    """What a wrong body still says of language and country."""
    try:
        parsed: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None, None
    if not isinstance(parsed, dict):
        return None, None
    language, country = parsed.get("language"), parsed.get("country")
    return language if isinstance(language, str) else None, country if isinstance(country, str) else None
