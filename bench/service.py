"""Requests a second of /v1/messages against the bare handler, in one run, one worker each, same client."""

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.client import Load, bodies, run

_SECONDS = 6.0
_ROUNDS = 3
_ROOT = Path(__file__).parent.parent
_MIX = {"inside": 0.7, "outside": 0.2, "small": 0.1}
"""A realistic mix: questions, everyday chat, greetings and thanks."""


def questions(folder: Path, language: str = "en", count: int = 400) -> list[str]:
    """Draw a realistic mix of held-out messages."""
    rows = [
        row
        for path in sorted((folder / language).glob("*.yaml"))
        for row in yaml.safe_load(path.read_text("utf-8"))
    ]
    small = {
        "greeting",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "frustration",
        "are_you_human",
        "what_can_you_do",
    }
    groups = {
        "outside": [row["text"] for row in rows if row["intent"] == "out_of_scope"],
        "small": [row["text"] for row in rows if row["intent"] in small],
        "inside": [row["text"] for row in rows if row["intent"] not in small | {"out_of_scope"}],
    }
    draw = random.Random(7)
    return [draw.choice(groups[name]) for name, share in _MIX.items() for _ in range(round(count * share))]


@contextmanager
def server(
    command: Sequence[str], port: int, environ: dict[str, str], ready: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* on the first core until the block ends."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environ},
        cwd=_ROOT,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
    )
    try:
        _wait(port, ready)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, path: str) -> None:
    for _ in range(1200):
        try:
            if path:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1)
            else:
                socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def measure(texts: Sequence[str]) -> dict[str, tuple[Load, int]]:
    """Measure the bare handler, stage 1 alone and both stages in turn; the best of each, and memory in MB."""
    requests = bodies(texts)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    found: dict[str, tuple[Load, int]] = {}
    size = 4000
    for _ in range(_ROUNDS):
        for name, semantic in (("stage 1", "off"), ("both stages", "auto")):
            port = free_port()
            environ = {"SIGNPOST_RATE": "0", "SIGNPOST_SEMANTIC": semantic, "SIGNPOST_PORT": str(port)}
            with server([sys.executable, "-m", "bot", "serve"], port, environ, "/readyz") as process:
                load = asyncio.run(run(port, "/v1/messages", requests, seconds=_SECONDS))
                _keep(found, name, load, _memory(process.pid))
                size = round(sum(load.sizes) / len(load.sizes))
        port = free_port()
        with server([sys.executable, "-m", "bench.bare", str(port), str(size)], port, {}, "") as process:
            _keep(
                found,
                "bare",
                asyncio.run(run(port, "/v1/messages", requests, seconds=_SECONDS)),
                _memory(process.pid),
            )
    return found


def _keep(found: dict[str, tuple[Load, int]], name: str, load: Load, memory: int) -> None:
    if name not in found or load.rate > found[name][0].rate:
        found[name] = (load, memory)


def _memory(pid: int) -> int:
    """Resident memory in MB; pages of the mapped models are shared between workers, but counted."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def report(texts: Sequence[str]) -> None:
    """Print the ratios first."""
    found = measure(texts)
    bare = found["bare"][0]
    for name in ("stage 1", "both stages"):
        load, memory = found[name]
        print(
            f"/v1/messages, {name}: {load.rate / bare.rate:.2f} of the bare handler's requests/s "
            f"({load.rate:.0f}/s against {bare.rate:.0f}/s; p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms; {memory} MB)"
        )
