"""A real redis-server of our own, and each store in turn."""

import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import wall_clock
from bot.stores.base import Store
from bot.stores.memory import MemoryStore
from bot.stores.redis import RedisStore
from bot.stores.sqlite import SqliteStore


class RedisServer:
    """A redis-server that can be stopped and started again; it keeps its data as an operator's would."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self.folder),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.5) as probe:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(7).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def stop(self, *, hard: bool = False) -> None:
        if self._process is None:
            return
        if hard:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(10)
        self._process = None


@pytest.fixture(name="redis_server")
def _redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop(hard=True)


@pytest.fixture(name="store", params=["memory", "sqlite", "redis"])
async def _store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    store: Store
    if request.param == "memory":
        store = MemoryStore(wall_clock)
    elif request.param == "sqlite":
        store = SqliteStore(str(tmp_path / "store.db"), wall_clock)
    else:
        store = RedisStore(request.getfixturevalue("redis_server").url)
    yield store
    await store.close()
