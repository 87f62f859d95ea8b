"""Delivery: seen? answer, send, mark; in order, bounded, and never lost."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.clock import wall_clock
from bot.conversation import Turn
from bot.delivery import BLOCKED, Arrived, Breaker, Payload, Relay, Result
from bot.errors import DeliveryError, StoreError
from bot.messages import Inbound, Reply, Session
from bot.metrics import Metrics
from bot.stores.memory import MemoryStore


def reply(text: str) -> Reply:
    return Reply(
        outcome="answered",
        intent=None,
        alternatives=(),
        language="en",
        direction="ltr",
        country=None,
        audience=None,
        reply=({"text": text},),
    )  # type: ignore[arg-type]


def help_reply(*_: object) -> Reply:
    return reply("help")


async def echo(one: Arrived, session: Session) -> Turn:
    return Turn(reply(f"{one.inbound.text}:{session.turns}"), Session(turns=session.turns + 1))


def render(answer: Reply, one: Arrived) -> Sequence[Payload]:
    text = answer.reply[0]["text"]  # type: ignore[index]
    return [{"to": one.to, "text": f"{text}/{part}"} for part in range(2 if "long" in text else 1)]


class FakePlatform:
    """Records what it accepts; fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failures: list[DeliveryError] = []
        self.slow: dict[str, float] = {}

    async def __call__(self, payload: Payload, *, alone: bool) -> None:  # noqa: ARG002 - Telegram's business
        await asyncio.sleep(self.slow.get(payload["to"], 0))
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(payload["text"])


def message(text: str = "hi", *, user: str = "u", number: str = "1", **more: Any) -> Arrived:
    return Arrived(channel="fake", user=user, to=user, id=number, inbound=Inbound(text=text), **more)


@pytest.fixture(name="store")
def _store() -> MemoryStore:
    return MemoryStore(wall_clock)


@pytest.fixture(name="relay")
def _relay(store: MemoryStore) -> Relay:
    return Relay(echo, store, "secret", Metrics(), bound=1.0, lease=2.0)


@pytest.fixture(name="platform")
def _platform() -> FakePlatform:
    return FakePlatform()


async def test_a_message_is_answered_once(relay: Relay, platform: FakePlatform) -> None:
    results = [await relay.deliver(message(), render, platform) for _ in range(3)]

    assert [Result.SENT, Result.DUPLICATE, Result.DUPLICATE] == results
    assert ["hi:0/0"] == platform.sent


async def test_a_redelivery_that_overtakes_is_answered_once(relay: Relay, platform: FakePlatform) -> None:
    results = await asyncio.gather(*(relay.deliver(message(), render, platform) for _ in range(5)))

    assert [Result.SENT, *[Result.DUPLICATE] * 4] == sorted(results, reverse=True)
    assert ["hi:0/0"] == platform.sent


async def test_the_same_number_of_another_user_is_another_message(
    relay: Relay, platform: FakePlatform
) -> None:
    await relay.deliver(message(user="a"), render, platform)

    assert Result.SENT is await relay.deliver(message(user="b"), render, platform)


async def test_what_may_pass_comes_again_and_is_then_answered(relay: Relay, platform: FakePlatform) -> None:
    platform.failures = [DeliveryError("503", retryable=True)]

    assert Result.RETRY is await relay.deliver(message(), render, platform)
    assert Result.SENT is await relay.deliver(message(), render, platform)
    assert ["hi:0/0"] == platform.sent


async def test_parts_that_went_out_are_not_sent_again(relay: Relay, platform: FakePlatform) -> None:
    async def second_fails(payload: Payload, *, alone: bool) -> None:
        if payload["text"].endswith("1") and len(platform.sent) == 1 and not platform.failures:
            platform.failures.append(DeliveryError("429", retryable=True))
        await platform(payload, alone=alone)

    assert Result.RETRY is await relay.deliver(message("long"), render, second_fails)
    assert Result.SENT is await relay.deliver(message("long"), render, platform)
    assert ["long:0/0", "long:0/1"] == platform.sent


@pytest.mark.parametrize(("reason", "result"), [(BLOCKED, Result.BLOCKED), ("fake 400", Result.FAILED)])
async def test_what_will_never_pass_ends_the_matter_and_keeps_the_session(
    relay: Relay, platform: FakePlatform, reason: str, result: Result
) -> None:
    await relay.deliver(message(), render, platform)
    platform.failures = [DeliveryError(reason, retryable=False)]

    assert result is await relay.deliver(message(number="2"), render, platform)
    assert Result.DUPLICATE is await relay.deliver(message(number="2"), render, platform)
    await relay.deliver(message(number="3"), render, platform)
    assert "hi:1/0" == platform.sent[-1]


async def test_one_user_is_answered_in_the_order_of_arrival(relay: Relay, platform: FakePlatform) -> None:
    platform.slow["u"] = 0.01

    await asyncio.gather(
        *(relay.deliver(message(str(n), number=str(n)), render, platform) for n in range(20))
    )

    assert [f"{n}:{n}/0" for n in range(20)] == platform.sent


async def test_a_slow_user_does_not_slow_the_others(relay: Relay, platform: FakePlatform) -> None:
    platform.slow["slow"] = 0.5
    slow = asyncio.create_task(relay.deliver(message(user="slow"), render, platform))
    await asyncio.sleep(0.01)
    begun = asyncio.get_running_loop().time()

    await asyncio.gather(*(relay.deliver(message(user=f"u{n}"), render, platform) for n in range(100)))

    assert 0.3 > asyncio.get_running_loop().time() - begun
    assert Result.SENT is await slow


async def test_time_is_bounded(relay: Relay, platform: FakePlatform) -> None:
    platform.slow["u"] = 30
    begun = asyncio.get_running_loop().time()

    assert Result.RETRY is await relay.deliver(message(), render, platform)
    assert 2 > asyncio.get_running_loop().time() - begun
    platform.slow.clear()
    assert Result.SENT is await relay.deliver(message(), render, platform)


async def test_in_a_batch_what_follows_a_failure_waits_for_it(relay: Relay, platform: FakePlatform) -> None:
    batch = [message("a", number="1"), message("b", number="2"), message("c", user="v", number="3")]
    platform.failures = [DeliveryError("503", retryable=True)]

    assert not await relay.deliver_all(batch, render, platform)
    assert ["c:0/0"] == platform.sent
    assert await relay.deliver_all(batch, render, platform)
    assert ["c:0/0", "a:0/0", "b:1/0"] == platform.sent


async def test_forget_erases_before_it_says_so(relay: Relay, platform: FakePlatform) -> None:
    await relay.deliver(message(number="1"), render, platform)
    await relay.deliver(message("/forget", number="2", command="forget"), render, platform)
    await relay.deliver(message(number="3"), render, platform)

    assert "hi:0/0" == platform.sent[-1]


async def test_forget_is_not_said_while_the_store_is_down(platform: FakePlatform) -> None:
    class Deaf(MemoryStore):
        async def erase(self, user: str) -> None:  # noqa: ARG002 - it hears nothing
            raise StoreError("down")

    relay = Relay(echo, Deaf(wall_clock), "secret", Metrics())

    assert Result.RETRY is await relay.deliver(message("/forget", command="forget"), render, platform)
    assert not platform.sent


async def test_another_workers_turn_is_waited_for(store: MemoryStore, platform: FakePlatform) -> None:
    first = Relay(echo, store, "secret", Metrics(), bound=1.0)
    second = Relay(echo, store, "secret", Metrics(), bound=1.0)
    platform.slow["u"] = 0.1

    results = await asyncio.gather(
        first.deliver(message(number="1"), render, platform),
        second.deliver(message(number="2"), render, platform),
    )

    assert [Result.SENT, Result.SENT] == results
    assert {"hi:0/0", "hi:1/0"} == set(platform.sent)


async def test_a_store_holds_no_id_and_no_text(
    store: MemoryStore, relay: Relay, platform: FakePlatform
) -> None:
    await relay.deliver(message("canary-text", user="canary-user", number="canary-number"), render, platform)

    held = repr([vars(part) for part in vars(store).values()])
    assert "canary" not in held


async def test_a_mistake_of_ours_still_brings_help(store: MemoryStore, platform: FakePlatform) -> None:
    async def broken(one: Arrived, _: Session) -> Turn:
        raise KeyError(one.inbound.text)

    relay = Relay(broken, store, "secret", Metrics(), fallback=help_reply)

    assert Result.SENT is await relay.deliver(message(), render, platform)
    assert ["help/0"] == platform.sent


async def test_a_mistake_without_remedy_does_not_come_again_for_days(
    store: MemoryStore, platform: FakePlatform
) -> None:
    def broken(*_: object) -> Sequence[Payload]:
        raise KeyError

    relay = Relay(echo, store, "secret", Metrics(), fallback=help_reply)

    assert Result.FAILED is await relay.deliver(message(), broken, platform)
    assert Result.DUPLICATE is await relay.deliver(message(), broken, platform)


class TestBreaker:
    async def test_rests_after_failures_and_lets_one_try(self) -> None:
        breaker = Breaker(failures=2, rest=0.05)
        breaker.failed()
        breaker.check()
        breaker.failed()

        with pytest.raises(DeliveryError) as raised:
            breaker.check()
        assert raised.value.retryable
        await asyncio.sleep(0.06)
        breaker.check()
        with pytest.raises(DeliveryError):
            breaker.check()
        breaker.succeeded()
        breaker.check()
