"""1,000 people chatting at once over each channel, on two workers: how long our part of a request takes.

The platform's part is the time that its server, in this process, took for the calls within the
request; it is taken off. People type and read: each writes again some seconds after the answer.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bench.service import free_port

_ROOT = Path(__file__).parent.parent
_WARM = 3.0
"""Seconds before the first message that counts: a worker's first ones open connections and files."""
_TEXTS = (
    "someone threatens to leak my nudes", "hello", "how do i make a strong password", "2", "my daughter is bullied",
    "who can i call", "thanks", "is ceop the police", "i think a stranger is lying about his age", "yes",
)  # fmt: skip


class Platform:
    """Accepts everything after a delay, and notes how long each user's calls took."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self.spent: dict[str, float] = defaultdict(float)

    async def take(self, request: web.Request) -> web.Response:
        """Accept one message."""
        begun = time.perf_counter()
        body = await request.json()
        user = str(body.get("chat_id") or body.get("to") or body["recipient"]["id"])
        await asyncio.sleep(self._delay)
        self.spent[user] += time.perf_counter() - begun
        return web.json_response({"ok": True, "result": {}})


async def measure(channel: str, store: str, users: int, seconds: float, think: float, delay: float) -> None:
    """Run one channel and print its line."""
    # The signing client of the tests: there is one way in which a platform delivers.
    from tests.channels.platforms import environ, headers_for, text_update  # noqa: PLC0415

    platform = Platform(delay)
    app = web.Application()
    app.router.add_post("/{rest:.*}", platform.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    at, port = free_port(), free_port()
    await web.TCPSite(runner, "127.0.0.1", at).start()
    more = {"SIGNPOST_STORE": store, "SIGNPOST_RATE": "0", "SIGNPOST_LOG": "error"}
    settings = environ(f"http://127.0.0.1:{at}", channel, **more)
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [sys.executable, "-m", "bot", "serve", "--port", str(port), "--workers", "2"],
        env={**os.environ, **settings}, cwd=_ROOT,
    )  # fmt: skip
    took: list[float] = []
    errors, warm, before = 0, 0.0, 0.0
    path = "rest/webhook" if channel == "rasa" else channel

    async def person(client: aiohttp.ClientSession, number: int, until: float) -> None:
        nonlocal errors
        user, draw = str(447700000000 + number), random.Random(number)
        await asyncio.sleep(draw.uniform(0, think))
        while time.perf_counter() < until:
            text = draw.choice(_TEXTS)
            update: Any = (
                {"sender": user, "message": text} if channel == "rasa" else text_update(channel, user, text)
            )
            body = json.dumps(update).encode()
            platform.spent[user] = 0.0
            begun = time.perf_counter()
            async with client.post(
                f"/webhooks/{path}", data=body, headers=headers_for(channel, body)
            ) as response:
                await response.read()
                errors += response.status != 200
            if begun > warm:
                took.append(time.perf_counter() - begun - platform.spent[user])
            await asyncio.sleep(draw.uniform(0.5, 1.5) * think)

    try:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as client:
            await _ready(client)
            # What the tests import is large: to collect it would stop people and platform for 0.2 s.
            gc.collect()
            gc.freeze()
            warm = time.perf_counter() + _WARM
            until = warm + seconds
            before = _stolen()
            await asyncio.gather(*(person(client, number, until) for number in range(users)))
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)
        await runner.cleanup()
    cuts = statistics.quantiles(took, n=100)
    print(
        f"{channel:10} {store.partition(':')[0]:7} {users} people, {len(took)} messages ({len(took) / seconds:.0f}/s), "
        f"{errors} errors; our part p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms; "
        f"the host took {_stolen() - before:.1f} s of our cores' time"
    )


def _stolen() -> float:
    """Seconds that a virtual machine's host kept its cores from it: who waits for them waits in our figures."""
    return int(Path("/proc/stat").read_text(encoding="ascii").split()[8]) / os.sysconf("SC_CLK_TCK")


async def _ready(client: aiohttp.ClientSession) -> None:
    for _ in range(1200):
        try:
            # Two workers share the port: a row of answers shows that both are there.
            for _ in range(20):
                async with client.get("/readyz", headers={"Connection": "close"}) as response:
                    response.raise_for_status()
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
        else:
            await asyncio.sleep(3)
            return
    raise RuntimeError("the service did not start")


def main() -> None:
    """Measure every channel with SQLite, and with what is given instead."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channel", action="append", choices=("telegram", "whatsapp", "messenger", "rasa"))
    parser.add_argument("--store", help="a store's URL; a new SQLite file when absent")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--think", type=float, default=10, help="seconds between an answer and the next message"
    )
    parser.add_argument(
        "--delay", type=float, default=0.05, help="seconds that the platform takes for a call"
    )
    given = parser.parse_args()
    for channel in given.channel or ("telegram", "whatsapp", "messenger", "rasa"):
        with tempfile.TemporaryDirectory(prefix="signpost-bench-") as folder:
            store = given.store or f"sqlite:///{folder}/store.db"
            asyncio.run(measure(channel, store, given.users, given.seconds, given.think, given.delay))


if __name__ == "__main__":
    main()
