"""A running service, a recording platform, and the platform's client between them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.app import create_app
from bot.clock import wall_clock
from bot.engine import Engine
from bot.metrics import Metrics
from bot.settings import Settings
from tests.channels.platforms import Platform, environ
from tests.channels.recorder import Recorder
from tests.stores.conftest import _redis_server  # noqa: F401 - the same Redis as the stores have

MESSAGING = ("telegram", "whatsapp", "messenger")


class Service(Platform):
    """The service under test, seen from the platform."""

    metrics: Metrics
    url: str
    client: aiohttp.ClientSession

    def count(self, line: str) -> float:
        """Read a counter: its name and labels as Prometheus writes them."""
        for row in self.metrics.render().decode().splitlines():
            if row.startswith(line):
                return float(row.rpartition(" ")[2])
        return 0.0


@pytest.fixture(name="serve")
async def _serve(engine: Engine) -> AsyncIterator[Callable[..., object]]:
    async with AsyncExitStack() as stack:
        recorder = await stack.enter_async_context(Recorder().running())

        async def serve(*channels: str, **more: str) -> Service:
            settings = Settings.from_environ(environ(recorder.base, *(channels or MESSAGING), **more))
            metrics = Metrics()
            app = create_app(settings, engine, clock=wall_clock, metrics=metrics)
            server = await stack.enter_async_context(TestServer(app))
            client = await stack.enter_async_context(aiohttp.ClientSession())
            url = str(server.make_url("")).rstrip("/")
            service = Service(client, url, recorder)
            service.metrics, service.url, service.client = metrics, url, client
            return service

        yield serve


@pytest.fixture(name="service")
async def _service(serve: Callable[..., object]) -> object:
    return await serve(*MESSAGING)
