"""Responses kept for a minute: the same request is thought about once, and never too long."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.channels.responses import Responses
from bot.channels.rest import encoded
from bot.conversation import Conversation, Turn
from bot.engine import Engine
from bot.messages import Inbound, Session
from bot.sessions import Sealer
from tests.conftest import NOON


class _Conversation(Conversation):
    """Answers, and keeps count of how often it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOON
        self.asked = 0
        self.failing = False
        super().__init__(engine, Sealer("a secret for these tests"), self.clock)

    def clock(self) -> datetime:
        return self.now

    async def handle(self, inbound: Inbound, session: Session) -> Turn:
        self.asked += 1
        await asyncio.sleep(0)
        if self.failing:
            return Turn(self.engine.fallback(inbound, session), session, failed=True)
        return await super().handle(inbound, session)


@pytest.fixture(name="conversation")
def _conversation(engine: Engine) -> _Conversation:
    return _Conversation(engine)


@pytest.fixture(name="responses")
def _responses(conversation: _Conversation) -> Responses:
    return Responses(conversation, conversation.clock, encoded)


async def test_the_same_request_is_recalled_within_its_minute(
    conversation: _Conversation, responses: Responses
) -> None:
    given = await responses.answer(b"hello", Inbound(text="hello"), None)
    conversation.now += timedelta(seconds=59 - NOON.second)

    assert given == responses.recall(b"hello")
    assert responses.recall(b"hello!") is None


async def test_opening_hours_are_looked_at_anew_each_minute(
    conversation: _Conversation, responses: Responses
) -> None:
    await responses.answer(b"hello", Inbound(text="hello"), None)
    conversation.now += timedelta(minutes=1)

    assert responses.recall(b"hello") is None


async def test_new_content_forgets_what_the_old_one_answered(
    conversation: _Conversation, responses: Responses, engine: Engine
) -> None:
    await responses.answer(b"hello", Inbound(text="hello"), None)
    conversation.engine = Engine(
        engine.library, engine.renderer, engine.reader, conversation.clock, engine.explain
    )

    assert responses.recall(b"hello") is None


async def test_equal_requests_at_once_are_thought_about_once(
    conversation: _Conversation, responses: Responses
) -> None:
    given = await asyncio.gather(*(responses.answer(b"hello", Inbound(text="hello"), None) for _ in range(5)))

    assert 1 == conversation.asked
    assert 1 == len({one.body for one in given})


async def test_one_who_leaves_takes_no_answer_from_another(
    conversation: _Conversation, responses: Responses
) -> None:
    leaving = asyncio.create_task(responses.answer(b"hello", Inbound(text="hello"), None))
    await asyncio.sleep(0)
    staying = asyncio.create_task(responses.answer(b"hello", Inbound(text="hello"), None))
    await asyncio.sleep(0)
    leaving.cancel()

    assert (await staying).body
    assert 1 == conversation.asked


async def test_the_static_help_of_a_failure_is_not_kept(
    conversation: _Conversation, responses: Responses
) -> None:
    conversation.failing = True
    assert (await responses.answer(b"hello", Inbound(text="hello"), None)).failed
    conversation.failing = False

    assert responses.recall(b"hello") is None
    assert not (await responses.answer(b"hello", Inbound(text="hello"), None)).failed
