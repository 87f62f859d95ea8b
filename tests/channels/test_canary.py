"""A canary sent as a message on every channel is found in no log line, no metric, no store."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from redis import Redis

from tests.channels.conftest import MESSAGING
from tests.channels.platforms import tap, text_update
from tests.channels.recorder import meta_error
from tests.stores.conftest import RedisServer

CANARY = "xylocanary4711"
USER = "447700900471"
NUMBER = 471_147_114_711


async def sing(service: Any) -> None:
    """Send the canary in every place that a person or a platform can fill, while things go well and wrong."""
    for channel in MESSAGING:
        await service.say(channel, USER, f"{CANARY} someone threatens to leak my nudes")
        await service.deliver(channel, text_update(channel, USER, f"{CANARY} hello", NUMBER))
        await service.deliver(channel, text_update(channel, USER, f"{CANARY} hello", NUMBER))
        await service.deliver(channel, tap(channel, USER, f"intent:{CANARY}"))
    service.recorder.fault = lambda _: meta_error(400, 100, f"{CANARY} is wrong")
    for channel in MESSAGING:
        await service.deliver(channel, tap(channel, USER, CANARY))
    service.recorder.fault = lambda _: meta_error(503, 2, f"{CANARY} is wrong")
    for channel in MESSAGING:
        await service.deliver(channel, tap(channel, USER, CANARY))
        body = f"{CANARY}: no signature".encode()
        await (await service.client.post(f"{service.url}/webhooks/{channel}", data=body)).read()
    for sender in (CANARY, USER):
        url = f"{service.url}/webhooks/rest/webhook"
        await (await service.client.post(url, json={"sender": sender, "message": f"{CANARY} help"})).read()


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def dump(server: RedisServer) -> bytes:
    """Every key and value of a Redis, and its file."""
    with Redis.from_url(server.url) as redis:
        rows = [key + b"=" + (redis.dump(key) or b"") for key in redis.keys("*")]
        assert rows
    return b"\n".join(rows) + b"".join(
        path.read_bytes() for path in server.folder.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
async def test_no_trace_of_what_was_written_or_by_whom(
    serve: Callable[..., Any],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    redis = request.getfixturevalue("redis_server") if kind == "redis" else None
    url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/s/store.db"}.get(kind) or redis.url
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as logs:
        service = await serve(*MESSAGING, "rasa", SIGNPOST_STORE=url)
        await sing(service)

    kept = dump(redis) if redis else files(tmp_path)
    out = capfd.readouterr()
    everything = kept + repr(logs).encode() + service.metrics.render() + f"{out}{caplog.text}".encode()
    assert logs
    assert CANARY.encode() not in everything
    assert USER.encode() not in everything
    assert str(NUMBER).encode() not in everything
    await asyncio.sleep(0)
