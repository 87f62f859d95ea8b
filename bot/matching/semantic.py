"""The second stage: a sentence encoder, asked only where words and letters leave doubt."""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from bot.matching.encoder import Encoder
from bot.matching.model import Match, Matcher, to_encode, understands
from bot.matching.reading import Reading, read
from bot.matching.train import Floats

DOUBT = 0.8
"""Messages whose best intent has a smaller probability are sent on to the second stage …"""
STRANGE = 0.9
"""… unless they are not our business with at least this probability."""

_BATCH = 16


_Waiting = tuple[list[str], "asyncio.Future[Floats]"]


def in_doubt(match: Match) -> bool:
    """Whether the second stage is worth its time."""
    return bool(match.ranked) and match.ranked[0].p < DOUBT and match.none < STRANGE


class Semantic:
    """
    Encodes what waits in small batches, in one thread, so that the event loop stays free.

    While a batch is being encoded the next one gathers: under load batches grow by
    themselves, and a lone message never waits.
    """

    def __init__(self, matcher: Matcher, encoder: Encoder) -> None:
        self._matcher = matcher
        self._encoder = encoder
        self._waiting: deque[_Waiting] = deque()
        self._busy: asyncio.Task[None] | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def warm_up(self) -> None:
        """Let the encoder read its tables now, beside the rest, and not while somebody waits."""
        self._thread.submit(self._encoder.encode, [""])

    async def rematch(self, text: str | Reading, match: Match) -> Match:
        """Match *text* with the encoder's help where *match*, the first stage's, is in doubt."""
        if not in_doubt(match):
            return match
        reading = read(text) if isinstance(text, str) else text
        if not understands(reading, match.language):
            return match
        vectors = await self.encode(to_encode(reading))
        return self._matcher.match_with(reading, vectors, match.language)

    async def encode(self, texts: list[str]) -> Floats:
        """Encode *texts* together with whatever else waits."""
        future: asyncio.Future[Floats] = asyncio.get_running_loop().create_future()
        self._waiting.append((texts, future))
        if self._busy is None:
            self._busy = asyncio.create_task(self._work())
        return await future

    def close(self) -> None:
        """Let the thread go once everybody who waits has been answered; nobody may ask any more."""
        self._closed = True
        if self._busy is None:
            self._thread.shutdown(wait=False)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch = [self._waiting.popleft()]
                while self._waiting and sum(len(texts) for texts, _ in batch) < _BATCH:
                    batch.append(self._waiting.popleft())
                await self._answer(loop, batch)
        finally:
            self._busy = None
            if self._closed:
                self._thread.shutdown(wait=False)

    async def _answer(self, loop: asyncio.AbstractEventLoop, batch: list[_Waiting]) -> None:
        flat = [text for texts, _ in batch for text in texts]
        try:
            vectors = await loop.run_in_executor(self._thread, self._encoder.encode, flat)
        except Exception as error:  # noqa: BLE001 - whoever waits decides: the first stage's match still stands
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        begin = 0
        for texts, future in batch:
            if not future.done():
                future.set_result(vectors[begin : begin + len(texts)])
            begin += len(texts)
