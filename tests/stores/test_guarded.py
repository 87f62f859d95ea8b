"""The guard: a store that dies costs the memory, never the answer."""

from pathlib import Path

import pytest

from bot.clock import wall_clock
from bot.errors import SettingsError, StoreError
from bot.stores import open_store
from bot.stores.base import Opened, Refused
from bot.stores.sqlite import SqliteStore
from tests.stores.conftest import RedisServer

DAY = 86_400.0


def mode(path: Path) -> int:
    return path.stat().st_mode


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_stopped_redis_is_replaced_and_taken_up_again(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.stores.guarded._REST", 0.0)
    store = open_store(redis_server.url, wall_clock)
    await store.begin("u", "m1", "me", 5)
    await store.finish("u", "m1", "me", b"before", keep=DAY, remember=DAY)

    redis_server.stop()
    assert Opened(None, 0) == await store.begin("u", "m2", "me", 5)
    await store.finish("u", "m2", "me", b"meanwhile", keep=DAY, remember=DAY)
    assert Refused.SEEN is await store.begin("u", "m2", "me", 5)
    with pytest.raises(StoreError):
        await store.erase("u")

    redis_server.start()
    assert Refused.SEEN is await store.begin("u", "m2", "me", 5)
    assert Opened(b"before", 0) == await store.begin("u", "m3", "me", 5)
    await store.finish("u", "m3", "me", b"after", keep=DAY, remember=DAY)
    assert Opened(b"after", 0) == await store.begin("u", "m4", "me", 5)
    await store.close()


async def test_a_redis_that_dies_between_begin_and_finish_still_leaves_a_mark(
    redis_server: RedisServer,
) -> None:
    store = open_store(redis_server.url, wall_clock)
    await store.begin("u", "m1", "me", 5)
    redis_server.stop()
    await store.finish("u", "m1", "me", b"x", keep=DAY, remember=DAY)

    assert Refused.SEEN is await store.begin("u", "m1", "me", 5)
    await store.close()


async def test_sqlite_survives_a_restart_and_serves_two_processes(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "store.db")
    first, second = SqliteStore(path, wall_clock), SqliteStore(path, wall_clock)
    await first.begin("u", "m1", "me", 5)

    assert Refused.BUSY is await second.begin("u", "m2", "other", 5)
    await first.finish("u", "m1", "me", b"x", keep=DAY, remember=DAY)
    await first.close()
    assert Opened(b"x", 0) == await second.begin("u", "m2", "other", 5)
    await second.close()
    assert 0 == mode(Path(path)) & 0o077


async def test_erased_sessions_leave_no_bytes_in_the_file(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"), wall_clock)
    await store.begin("u", "m1", "me", 5)
    await store.finish("u", "m1", "me", b"a-session-to-forget", keep=DAY, remember=DAY)
    await store.erase("u")

    assert b"a-session-to-forget" not in content(tmp_path)
    await store.close()


async def test_an_unusable_file_costs_the_memory_alone(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"this is no database" * 100)
    store = open_store(f"sqlite:///{tmp_path}/store.db", wall_clock)

    assert Opened(None, 0) == await store.begin("u", "m", "me", 5)
    await store.close()


def test_an_unknown_store_is_named() -> None:
    with pytest.raises(SettingsError, match="SIGNPOST_STORE"):
        open_store("mysql://x", wall_clock)
