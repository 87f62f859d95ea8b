"""Chaos: workers are killed and Redis is stopped while messages arrive; every one must be answered.

`make chaos` runs it long and prints what happened; the test suite runs it short.
"""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import msgspec

from bench.service import free_port
from tests.channels.platforms import Platform, environ, text_update
from tests.channels.recorder import Recorder, text_of
from tests.served import children, open_files
from tests.stores.conftest import RedisServer

ROOT = Path(__file__).parent.parent
CHANNELS = ("telegram", "whatsapp", "messenger")
TEXTS = ("hello", "someone threatens to leak my nudes", "how do i make a strong password", "/help", "/start")

_WORKERS = 3
AT_ONCE = 8
"""Messages under way at most."""
_BETWEEN_KILLS = 300
"""Deliveries."""


class Outcome(msgspec.Struct):
    """What a run showed."""

    messages: int = 0
    unanswered: int = 0
    twice: int = 0
    redeliveries: int = 0
    kills: int = 0
    stops: int = 0
    complaints: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        share = 100 * self.twice / max(1, self.messages)
        return (
            f"{self.messages} messages, {self.unanswered} unanswered, {self.twice} answered twice ({share:.2f} %), "
            f"{self.redeliveries} redeliveries, {self.kills} workers killed, {self.stops} stops of Redis, "
            f"{self.complaints} complaints, {self.seconds:.0f} s"
        )


@contextlib.contextmanager
def service(port: int, settings: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Several workers on content of their own, which nobody edits meanwhile."""
    for name in ("intents", "agencies", "locales"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / "content" / name)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
    content = {"SIGNPOST_CONTENT": str(folder / "content"), "SIGNPOST_MODELS": str(ROOT / "build" / "models")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(port), "--workers", str(_WORKERS)],
            env={**ours, **settings, **content, "SIGNPOST_RATE": "0", "SIGNPOST_LOG": "info"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def serving(parent: int, port: int) -> list[int]:
    """The workers that listen: one that is still starting has nothing under way to lose."""
    listening = set()
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
            listening.add(Path(f"socket:[{fields[9]}]"))
    return [one for one in children(parent) if not listening.isdisjoint(open_files(one))]


class Chaos:
    """One run."""

    def __init__(
        self,
        recorder: Recorder,
        port: int,
        parent: int,
        redis: RedisServer | None,
        seed: int,
    ) -> None:
        self._recorder = recorder
        self._base = f"http://127.0.0.1:{port}"
        self._port = port
        self._parent = parent
        self._redis = redis
        self._draw = random.Random(seed)  # noqa: S311 - the same chaos again for the same seed
        self._accepted = 0
        self.outcome = Outcome()

    async def run(self, messages: int, seconds: float, at_once: int = AT_ONCE) -> Outcome:
        """Deliver *messages*, spread over *seconds*, until each is accepted."""
        clock = asyncio.get_running_loop()
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:
            await self._ready(client)
            begun = clock.time()
            vandals = [asyncio.create_task(self._kill())] + (
                [asyncio.create_task(self._stop())] if self._redis else []
            )
            platform = Platform(client, self._base, self._recorder)
            places = asyncio.Semaphore(at_once)

            async def one(number: int) -> None:
                await asyncio.sleep(number / messages * seconds)
                async with places:
                    await self._insist(platform, number)

            await asyncio.gather(*(one(number) for number in range(messages)))
            for vandal in vandals:
                vandal.cancel()
            await asyncio.gather(*vandals, return_exceptions=True)
            self.outcome.seconds = clock.time() - begun
        self._judge(messages)
        return self.outcome

    async def _ready(self, client: aiohttp.ClientSession) -> None:
        for _ in range(1200):
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with client.get(f"{self._base}/readyz") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.1)
        raise RuntimeError("the service did not start")

    async def _insist(self, platform: Platform, number: int) -> None:
        """Redeliver on anything but 200, as the platforms do."""
        channel = CHANNELS[number % len(CHANNELS)]
        update = text_update(channel, user_of(number), TEXTS[number % len(TEXTS)], number)
        pause = 0.1
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                if await platform.deliver(channel, update) == 200:
                    self._accepted += 1
                    return
            self.outcome.redeliveries += 1
            await asyncio.sleep(pause * self._draw.uniform(0.5, 1.5))
            pause = min(pause * 2, 2.0)

    async def _kill(self) -> None:
        """Kill after about so many deliveries, so that a faster machine is no easier one."""
        while True:
            due = self._accepted + self._draw.uniform(0.5, 1.5) * _BETWEEN_KILLS
            while self._accepted < due or not serving(self._parent, self._port):  # noqa: ASYNC110 - others say it
                await asyncio.sleep(0.02)
            alive = serving(self._parent, self._port)
            # Now and then all at once: then nobody is there at all.
            count = len(alive) if self._draw.random() < 0.15 else 1
            for victim in self._draw.sample(alive, min(len(alive), count)):
                os.kill(victim, signal.SIGKILL)
                self.outcome.kills += 1

    async def _stop(self) -> None:
        assert self._redis is not None
        while True:
            await asyncio.sleep(self._draw.uniform(4.0, 8.0))
            await asyncio.to_thread(self._redis.stop, hard=self._draw.random() < 0.5)
            self.outcome.stops += 1
            try:
                await asyncio.sleep(self._draw.uniform(0.5, 2.0))
            finally:
                await asyncio.to_thread(self._redis.start)

    def _judge(self, messages: int) -> None:
        # Each message has a user of its own; a reply's first part that comes again is a second answer.
        answers = Counter((who, text_of(payload)[:80]) for _, who, payload in self._recorder.sent)
        answered = {who for who, _ in answers}
        self.outcome.messages = messages
        self.outcome.unanswered = sum(user_of(number) not in answered for number in range(messages))
        self.outcome.twice = len({who for (who, _), count in answers.items() if count > 1})
        self.outcome.complaints = len(self._recorder.complaints)


def user_of(number: int) -> str:
    return str(447700000000 + number)


async def chaos(kind: str, messages: int, seconds: float, folder: Path, seed: int = 7) -> Outcome:
    """Run once with the store *kind*, redis or sqlite."""
    redis = RedisServer(folder) if kind == "redis" else None
    if redis:
        await asyncio.to_thread(redis.start)
    url = redis.url if redis else f"sqlite:///{folder}/store.db"
    port = free_port()
    try:
        async with Recorder().running() as recorder:
            settings = environ(recorder.base, *CHANNELS, SIGNPOST_STORE=url)
            with service(port, settings, folder) as process:
                return await Chaos(recorder, port, process.pid, redis, seed).run(messages, seconds)
    finally:
        if redis:
            redis.stop(hard=True)


def main() -> int:
    """Run long, print, and fail when a message was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--store", choices=("redis", "sqlite"), action="append")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    lost = 0
    for kind in given.store or ("redis", "sqlite"):
        with tempfile.TemporaryDirectory(prefix="signpost-chaos-") as folder:
            outcome = asyncio.run(chaos(kind, given.messages, given.seconds, Path(folder), given.seed))
        sys.stdout.write(f"{kind} (seed {given.seed}): {outcome}\n")
        sys.stdout.flush()
        lost += outcome.unanswered
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
