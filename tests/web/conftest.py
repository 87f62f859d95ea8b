"""The website's door over real HTTP, nothing unpacked on the way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.engine import Engine
from bot.settings import Settings
from tests.conftest import NOON


class Got(NamedTuple):
    """An answer as it came over the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.body.decode()


Get: TypeAlias = Callable[..., Awaitable[Got]]


async def _got(response: Any) -> Got:
    return Got(response.status, await response.read(), response.headers)


@pytest.fixture(name="client")
async def _client(engine: Engine) -> AsyncIterator[TestClient]:
    settings = Settings.from_environ({"SIGNPOST_RATE": "0"})
    server = TestServer(create_app(settings, engine, clock=lambda: NOON))
    async with TestClient(server, auto_decompress=False) as client:
        yield client


@pytest.fixture(name="get")
def _get(client: TestClient) -> Get:
    async def get(path: str, **headers: str) -> Got:
        return await _got(await client.get(path, headers={"Accept-Encoding": "identity", **headers}))

    return get


@pytest.fixture(name="send")
def _send(client: TestClient) -> Get:
    """Send the form as a browser does."""

    async def send(**fields: str) -> Got:
        form = FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        return await _got(await client.post("/", data=form, headers={"Accept-Encoding": "identity"}))

    return send
