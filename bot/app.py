"""The composition root: the only place where concrete things meet."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
from aiohttp import web

from bot import operations
from bot.channels import registry, rest
from bot.channels.responses import Responses
from bot.clock import Clock, wall_clock
from bot.conversation import Conversation
from bot.engine import Engine
from bot.http import (
    BODY_LIMIT,
    CONVERSATION,
    METRICS,
    RATE,
    SETTINGS,
    RateLimit,
    guard,
    preflight,
)
from bot.metrics import Metrics
from bot.openapi import Endpoint, document
from bot.reload import compile_elsewhere, follow, running
from bot.sessions import Sealer
from bot.settings import Settings
from bot.web import assets, page, start

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/v1/messages",
        handler=rest.receive,
        summary="Answer one message",
        body=rest.MessageRequest,
        response=rest.MessageResponse,
        errors=(400, 413, 415, 422, 429, 503),
    ),
    Endpoint(
        method="GET",
        path="/v1/contacts",
        handler=rest.contacts,
        summary="List the services of a country",
        query=rest.ContactsQuery,
        response=rest.ContactsResponse,
        errors=(404, 422),
    ),
    Endpoint(
        method="GET",
        path="/v1/intents",
        handler=rest.intents,
        summary="List the menu",
        query=rest.LanguageQuery,
        response=rest.IntentsResponse,
        errors=(422,),
    ),
    Endpoint(
        method="GET",
        path="/v1/languages",
        handler=rest.languages,
        summary="List the languages",
        response=rest.LanguagesResponse,
    ),
    Endpoint(
        method="GET",
        path="/v1/countries",
        handler=rest.countries,
        summary="List the countries",
        query=rest.LanguageQuery,
        response=rest.CountriesResponse,
        errors=(422,),
    ),
    Endpoint(
        method="GET",
        path="/v1/widget",
        handler=start.start,
        summary="Give all that the widget needs to start",
        query=start.WidgetQuery,
        response=start.WidgetResponse,
        errors=(404, 422),
    ),
    Endpoint(
        method="POST",
        path="/v1/feedback",
        handler=rest.feedback,
        summary="Count a thumb up or down",
        body=rest.FeedbackRequest,
        response=rest.FeedbackResponse,
        errors=(400, 413, 415, 422, 429),
    ),
    Endpoint(
        method="GET",
        path="/healthz",
        handler=operations.healthz,
        summary="Is the process alive",
        response=operations.StateResponse,
    ),
    Endpoint(
        method="GET",
        path="/readyz",
        handler=operations.readyz,
        summary="Is it ready to answer",
        response=operations.StateResponse,
        errors=(503,),
    ),
    Endpoint(
        method="GET",
        path="/version",
        handler=operations.version,
        summary="Which code and content answer",
        response=operations.VersionResponse,
    ),
    Endpoint(
        method="GET",
        path="/metrics",
        handler=operations.metrics,
        summary="Counters for Prometheus",
        media="text/plain",
    ),
    Endpoint(method="GET", path="/openapi.json", handler=operations.openapi, summary="This description"),
)


def create_app(
    settings: Settings,
    engine: Engine,
    *,
    clock: Clock = wall_clock,
    metrics: Metrics | None = None,
    content: Path | None = None,
    load: Callable[[], Engine | None] | None = None,
) -> web.Application:
    """
    Build the application from its parts; nothing here touches the network yet.

    With *content* (a folder) and *load* (which loads it anew) the content is followed and swapped.
    """
    app = web.Application(middlewares=[guard], client_max_size=BODY_LIMIT)
    sealer = Sealer(settings.secret.reveal(), timedelta(hours=settings.session_hours))
    app[SETTINGS] = settings
    app[CONVERSATION] = Conversation(engine, sealer, clock)
    app[rest.RESPONSES] = Responses(app[CONVERSATION], clock, rest.encoded)
    app[METRICS] = metrics or Metrics()
    app[RATE] = RateLimit(settings.rate, settings.trusted_proxies)
    app[operations.CLOSING] = operations.Closing()
    app[operations.OPENAPI] = msgspec.json.encode(document(ENDPOINTS))
    for one in ENDPOINTS:
        app.router.add_route(one.method, one.path, one.handler)
    app.router.add_route("OPTIONS", "/v1/{rest:.*}", preflight)
    if settings.rasa:
        app.router.add_route("OPTIONS", "/webhooks/rest/webhook", preflight)
    app[start.VISITS] = start.Visits(sealer, clock)
    app.router.add_get("/", page.show)
    app.router.add_post("/", page.submit)
    for name in assets.assets():
        app.router.add_get(f"/{name}", assets.serve)
    registry.attach(app, settings, clock)
    app.on_startup.append(_warm_up)
    app.on_shutdown.append(_close)
    if content is not None and load is not None:
        following = follow(app[CONVERSATION], content, compile_elsewhere, load)
        app.cleanup_ctx.append(lambda _: running(following))
    return app


async def _warm_up(app: web.Application) -> None:
    app[CONVERSATION].engine.warm_up()


async def _close(app: web.Application) -> None:
    app[operations.CLOSING].closing = True
