"""Every intent's reply, in every language and both voices, is something that each platform takes."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels import messenger, telegram, whatsapp
from bot.channels.limits import utf8
from bot.channels.texts import BY_NUMBER, answerer, plain
from bot.content import Library
from bot.conversation import Conversation
from bot.delivery import Arrived
from bot.engine import Engine
from bot.messages import ContactsBlock, Inbound, Reply, Session
from bot.metrics import Metrics
from tests.channels.pywa_judge import PywaJudge
from tests.channels.recorder import Recorder, text_of
from tests.conftest import NOON

LANGUAGES = [
    tag
    for tag, info in yaml.safe_load(Path("intents/languages.yaml").read_text(encoding="utf-8")).items()
    if info["status"] == "live"
]
pytestmark = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(name="replies")
async def _replies(conversation: Conversation, library: Library, language: str) -> list[Reply]:
    """First answers, which are the longest: who we are and what is kept is said in them."""
    answer = answerer(conversation, lambda: NOON, Metrics(), 24)
    menus = ["topics", "countries", "languages", "help", *(f"topic:{one}" for one in library.topics)]
    countries = cycle((library.languages[language].countries[0], None, "US"))
    replies = []
    for choice in [*menus, *(f"intent:{one}" for one in library.intents)]:
        for voice in ("child", "parent"):
            inbound = Inbound(
                choice=choice,
                language=language,
                country=next(countries),
                audience=voice,  # type: ignore[arg-type]  # a loop over literals is a str to mypy
            )
            turn = await answer(Arrived(channel="x", user="7", to="7", id="1", inbound=inbound), Session())
            assert language == turn.reply.language
            replies.append(turn.reply)
    return replies


@pytest.fixture(name="short")
def _short(engine: Engine, language: str) -> Callable[[str], str]:
    return lambda choice: engine.renderer.choice_title(choice, language, short=True)


@pytest.fixture(name="text")
def _text(library: Library, language: str) -> Callable[[str], str]:
    return library.catalogues[language].text


def whole(reply: Reply, parts: list[dict[str, Any]]) -> None:
    """All that is said arrives, each number and each address in one piece, and each choice can be taken."""
    said = "\n".join(text_of(part) for part in parts)
    assert bare(plain(reply)) in bare(said)
    for block in reply.reply:
        for contact in block.contacts if isinstance(block, ContactsBlock) else ():
            assert all(one.number in said for one in contact.phones)
            assert all(url in said for url in (contact.url, contact.report_url, contact.chat_url) if url)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def tappable(part: dict[str, Any]) -> Iterator[str]:
    """What the buttons, rows or quick replies of a request bring back."""
    if keyboard := part.get("reply_markup"):
        yield from (one["callback_data"] for row in keyboard["inline_keyboard"] for one in row)
    action = part.get("interactive", {}).get("action", {})
    yield from (one["reply"]["id"] for one in action.get("buttons", []))
    yield from (row["id"] for section in action.get("sections", []) for row in section["rows"])
    yield from (one["payload"] for one in part.get("message", {}).get("quick_replies", []))


def reachable(reply: Reply, parts: list[dict[str, Any]]) -> None:
    choices = [one for block in reply.reply for one in getattr(block, "choices", ())]
    taps = [one for part in parts for one in tappable(part)]
    numbers = re.findall(r"^\d+\. ", "\n".join(map(text_of, parts)), re.MULTILINE)
    assert [one.choice for one in choices] == taps or len(numbers) >= len(choices)


def test_telegram_takes_it(
    replies: list[Reply], short: Callable[[str], str], text: Callable[[str], str]
) -> None:
    recorder = Recorder()
    for reply in replies:
        parts = telegram.render(reply, "7", short, text(BY_NUMBER))
        for part in parts:
            recorder.take_telegram("sendMessage", {k: v for k, v in part.items() if k != "method"})
        whole(reply, parts)
        reachable(reply, parts)
    assert [] == recorder.complaints
    assert len(recorder.sent) >= len(replies)


def test_whatsapp_takes_it(
    replies: list[Reply], short: Callable[[str], str], text: Callable[[str], str]
) -> None:
    recorder = Recorder()
    with PywaJudge() as judge:
        for reply in replies:
            parts = whatsapp.render(reply, "number:447700900123", short, text)
            for part in parts:
                recorder.take_whatsapp(part)
                assert part == judge.sends(part)
            whole(reply, parts)
            reachable(reply, parts)
    assert [] == recorder.complaints
    assert len(recorder.sent) >= len(replies)


@pytest.mark.parametrize("platform", ["page", "instagram"])
def test_messenger_and_instagram_take_it(
    replies: list[Reply], short: Callable[[str], str], text: Callable[[str], str], platform: str
) -> None:
    recorder = Recorder()
    for reply in replies:
        parts = messenger.render(reply, f"{platform}:7", short, text(BY_NUMBER))
        for part in parts:
            recorder.take_messenger(part)
            assert platform == "page" or utf8(text_of(part)) <= 1000
        whole(reply, parts)
        reachable(reply, parts)
    assert [] == recorder.complaints
    assert len(recorder.sent) >= len(replies)
