"""Rasa's REST format: what existing front ends send and expect."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.channels.conftest import Service


@pytest.fixture(name="rasa")
async def _rasa(serve: Callable[..., Any]) -> Service:
    return await serve("rasa")


async def ask(service: Service, message: object, query: str = "", **more: object) -> Any:
    body = {"sender": "browser-1", "message": message, **more}
    async with service.client.post(f"{service.url}/webhooks/rest/webhook{query}", json=body) as response:
        assert 200 == response.status
        return await response.text() if query else await response.json()


async def test_a_message_is_answered_in_rasas_form(rasa: Service) -> None:
    [answer] = await ask(rasa, "someone threatens to leak my nudes")

    assert "browser-1" == answer["recipient_id"]
    assert "not your fault" in answer["text"]
    assert {"title", "payload"} == set(answer["buttons"][0])


async def test_a_payload_that_comes_back_is_a_tap(rasa: Service) -> None:
    [answer] = await ask(rasa, "/start")
    topic = next(one["payload"] for one in answer["buttons"] if "topic:" in one["payload"])
    [menu] = await ask(rasa, topic)

    assert any("intent:" in one["payload"] for one in menu["buttons"])


async def test_a_sender_is_remembered_and_told_from_others(rasa: Service) -> None:
    await ask(rasa, "someone is sending my nudes around")
    [mine] = await ask(rasa, "Canada")
    [theirs] = await ask(rasa, "Canada", sender="browser-2")

    assert mine["text"] != theirs["text"]


async def test_the_same_message_twice_is_answered_twice(rasa: Service) -> None:
    await ask(rasa, "hello")

    assert await ask(rasa, "hello")


async def test_a_stream_has_a_line_for_each_part(rasa: Service) -> None:
    lines = (await ask(rasa, "hello", "?stream=true")).splitlines()

    assert all(json.loads(line)["recipient_id"] == "browser-1" for line in lines)


async def test_health(rasa: Service) -> None:
    for path in ("/webhooks/rest/", "/webhooks/rest"):
        async with rasa.client.get(rasa.url + path) as response:
            assert {"status": "ok"} == await response.json()


async def test_an_empty_message_gets_no_answer(rasa: Service) -> None:
    assert [] == await ask(rasa, " ")


@pytest.mark.parametrize("body", [b"{", b'{"sender": 7, "message": "x"}', b'{"message": ["x"]}'])
async def test_nonsense_is_a_problem_with_help(rasa: Service, body: bytes) -> None:
    url = f"{rasa.url}/webhooks/rest/webhook"
    async with rasa.client.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status in (400, 422)
        assert (await response.json())["reply"]
    assert 1 == rasa.count('signpost_rejected_total{channel="rasa",reason="malformed"}')


async def test_who_floods_is_slowed_down(serve: Callable[..., Any]) -> None:
    service = await serve("rasa", SIGNPOST_RATE="3")
    for _ in range(3):
        await ask(service, "hello")
    async with service.client.post(f"{service.url}/webhooks/rest/webhook", json={"message": "x"}) as response:
        assert 429 == response.status
