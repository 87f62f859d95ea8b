"""`signpost serve` as a process of its own, on a small content tree that a test may change."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.service import free_port
from tests.content_factory import lay

_PATIENCE = 60.0
"""Seconds after which what should have happened is given up."""


class Served:
    """A running service, seen from outside: its answers, its log, its processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
        self.process = process
        self.port = port
        self.content = folder / "content"
        self.models = folder / "models"
        self._log = folder / "log"

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
            return json.load(response)

    def ask(self, text: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/messages",
            json.dumps({"text": text}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - our own server
            return json.load(response)

    def version(self) -> str:
        return str(self.get("/version")["content_version"])

    def log(self, event: str) -> list[dict[str, Any]]:
        """The lines of the log that say *event*."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [row for row in rows if row["event"] == event]

    def workers(self) -> set[int]:
        """The processes that answer, where there are several."""
        return {one for one in children(self.process.pid) if "--worker" in command(one)}

    def stop(self) -> int:
        """Ask it to end, as an operator does; give the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE)


def until(condition: Callable[[], object]) -> None:
    """Wait until *condition* holds."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that *pid* started and that run."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")
    except OSError:
        return []


def open_files(pid: int) -> set[Path]:
    found = set()
    with suppress(OSError):  # it ends, or closes one, while we look
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(path.readlink())
    return found


def runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


@contextmanager
def served(
    folder: Path, *options: str, files: Mapping[str, str | None] | None = None, port: int | None = None
) -> Iterator[Served]:
    """Serve a small good tree, laid under *folder* with *files* over it, until the block ends."""
    lay(folder / "content", dict(files or {}))
    port = port or free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
    settings = {
        "SIGNPOST_CONTENT": str(folder / "content"),
        "SIGNPOST_MODELS": str(folder / "models"),
        "SIGNPOST_PORT": str(port),
        "SIGNPOST_SEMANTIC": "off",
        "SIGNPOST_RATE": "0",
        "SIGNPOST_SECRET": "a secret for the tests",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", *options],
            cwd=Path(__file__).parent.parent,
            env={**ours, **settings},
            stdout=log,
            stderr=log,
        )
    service = Served(process, port, folder)
    try:
        until(lambda: process.poll() is not None or service.log("server.started"))
        yield service
    finally:
        process.terminate()
        process.wait(_PATIENCE)
