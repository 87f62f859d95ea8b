"""The first load: everything that must show before anything is asked, and when nothing can be."""

import gzip
import json

from bot.content import Library
from bot.engine import Engine
from bot.web.start import first_load, topics
from bot.web.strings import STRINGS
from tests.web.conftest import Get


async def test_first_load_has_all_and_is_compressed(get: Get, library: Library) -> None:
    answer = await get("/v1/widget?language=it-CH&country=it", **{"Accept-Encoding": "gzip"})

    start = json.loads(gzip.decompress(answer.body))
    assert ("it", "ltr", "IT") == (start["language"], start["direction"], start["country"])
    assert list(library.live) == [one["language"] for one in start["languages"]]
    assert {"country": "IT", "name": "Italia"} in start["countries"]
    cards = [card for block in start["help"] if block["type"] == "contacts" for card in block["contacts"]]
    assert "emergency" == cards[0]["kind"]
    assert all("IT" == card["country"] for card in cards if card["country"])
    assert "no-store" == answer.headers["Cache-Control"]


async def test_robot_is_introduced_once(get: Get, client: object) -> None:
    start = json.loads((await get("/v1/widget?language=en&country=GB")).body)

    response = await client.post(
        "/v1/messages",
        json={"text": "how do I make a strong password", "conversation": start["conversation"]},
    )
    body = json.loads(await response.read())

    assert start["introduction"]
    assert start["introduction"] not in json.dumps(body)


async def test_unknown_country_is_refused_with_help(get: Get) -> None:
    answer = await get("/v1/widget?country=XX")

    assert 404 == answer.status
    assert json.loads(answer.body)["reply"]


def test_unknown_country_gets_no_country_s_number(engine: Engine) -> None:
    start = first_load(engine, "en", None, "token")

    cards = [card for block in start.help for card in getattr(block, "contacts", ())]
    assert not [card for card in cards if card.kind == "emergency" or card.country]


def test_menu_reaches_every_intent_gravest_first(engine: Engine) -> None:
    offered = [choice.choice for topic in topics(engine, "en") for choice in topic.choices]

    assert sorted(f"intent:{name}" for name in engine.library.intents) == sorted(offered)
    for topic in topics(engine, "en"):
        ranks = [
            list(type(one.severity)).index(one.severity)
            for one in (engine.library.intents[c.choice.removeprefix("intent:")] for c in topic.choices)
        ]
        assert sorted(ranks) == ranks


def test_few_words_are_needed() -> None:
    assert 45 >= len(STRINGS)
