"""What many tests share: the real content, compiled once, and a clock that stands still."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot import build
from bot.content import Library
from bot.conversation import Conversation
from bot.engine import Engine
from bot.messages import Inbound, Reply, Session
from bot.sessions import Sealer
from bot.settings import Settings

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""A Tuesday."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI nothing may be skipped: what a test needs, .ci/run installs."""
    if os.environ.get("CI"):
        for item in items:
            item.own_markers = [mark for mark in item.own_markers if mark.name not in ("skip", "skipif")]


@pytest.fixture(name="engine", scope="session")
def _engine() -> Engine:
    """The real content with the first stage alone: what every deployment has."""
    return build.load_engine(Settings.from_environ({"SIGNPOST_SEMANTIC": "off"}))


@pytest.fixture(name="library", scope="session")
def _library(engine: Engine) -> Library:
    return engine.library


@pytest.fixture(name="conversation")
def _conversation(engine: Engine) -> Conversation:
    return Conversation(engine, Sealer("a secret for tests"), lambda: NOON)


@pytest.fixture(name="say")
def _say(conversation: Conversation) -> "Callable[..., object]":
    """Hold a conversation: each call is a turn, and gives its reply."""
    session = Session()

    async def say(text: str = "", **hints: str) -> Reply:
        nonlocal session
        turn = await conversation.handle(Inbound(text=text, **hints), session)
        session = turn.session
        return turn.reply

    return say
