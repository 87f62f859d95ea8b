"""Telegram end to end: over HTTP, against a server that checks as Telegram does."""

import asyncio
import json
from typing import Any

import pytest

from bot.channels import telegram
from bot.engine import Engine
from bot.messages import Choice, ChoicesBlock, Reply, TextBlock
from tests.channels.conftest import Service
from tests.channels.platforms import headers_for, tap, text_update
from tests.channels.recorder import telegram_error, text_of


def keyboard(payload: dict[str, Any]) -> list[dict[str, str]]:
    return [button for row in payload.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def make_reply(text: str, *choices: str) -> Reply:
    blocks = (TextBlock(text), ChoicesBlock(tuple(Choice(title=one, choice=one) for one in choices)))
    return Reply(
        outcome="answered",
        intent=None,
        alternatives=(),
        language="en",
        direction="ltr",
        country=None,
        audience=None,
        reply=blocks if choices else blocks[:1],
    )


async def test_one_message_goes_back_as_the_response_itself(service: Service) -> None:
    await service.say("telegram", "7", "someone threatens to leak my nudes")

    [(_, chat, payload)] = service.recorder.sent
    assert "7" == chat
    assert 0 == service.recorder.calls
    assert "not your fault" in payload["text"]
    assert {"is_disabled": True} == payload["link_preview_options"]
    assert payload["protect_content"] and payload["disable_notification"]
    assert "parse_mode" not in payload


async def test_everyday_advice_may_be_passed_on(service: Service) -> None:
    await service.say("telegram", "7", "how do i make a strong password")

    assert "protect_content" not in service.recorder.sent[0][2]


async def test_a_tap_is_acknowledged_and_answered(service: Service) -> None:
    await service.say("telegram", "7", "someone threatens to leak my nudes")
    button = keyboard(service.recorder.sent[-1][2])[0]

    status = await service.deliver("telegram", tap("telegram", "7", button["callback_data"]))

    assert 200 == status
    assert 2 == len(service.recorder.sent)
    assert 1 == len(service.recorder.acknowledged)


async def test_a_typed_number_and_a_typed_title_are_taps(service: Service) -> None:
    await service.say("telegram", "7", "someone threatens to leak my nudes")
    buttons = keyboard(service.recorder.sent[-1][2])
    await service.deliver("telegram", tap("telegram", "8", buttons[1]["callback_data"]))
    expected = text_of(service.recorder.sent[-1][2]).split("\n\n")
    await service.say("telegram", "7", "2")
    by_number = text_of(service.recorder.sent[-1][2])
    await service.say("telegram", "9", "someone threatens to leak my nudes")
    await service.say("telegram", "9", buttons[1]["text"])
    by_title = text_of(service.recorder.sent[-1][2])

    assert by_number == by_title
    assert by_number.split("\n\n")[0] in expected


async def test_the_session_goes_on_and_is_forgotten_on_demand(service: Service) -> None:
    await service.say("telegram", "7", "someone is sending my nudes around")
    await service.say("telegram", "7", "Canada")
    assert "CA" not in text_of(service.recorder.sent[0][2])
    known = text_of(service.recorder.sent[-1][2])

    await service.say("telegram", "7", "/forget")
    assert "forgotten" in text_of(service.recorder.sent[-1][2])
    await service.say("telegram", "7", "someone is sending my nudes around")

    assert text_of(service.recorder.sent[0][2]) == text_of(service.recorder.sent[-1][2]) != known


@pytest.mark.parametrize(
    ("command", "choice"), [("/start", "topic:"), ("/language", "language:"), ("/help", "")]
)
async def test_commands(service: Service, command: str, choice: str) -> None:
    await service.say("telegram", "7", command)

    payload = service.recorder.sent[-1][2]
    assert any(button["callback_data"].startswith(choice) for button in keyboard(payload))
    assert "not a person" in payload["text"]
    assert "/forget" in payload["text"]


async def test_a_picture_is_refused_kindly_with_those_who_take_reports(service: Service) -> None:
    update = text_update("telegram", "7", "x")
    del update["message"]["text"]
    update["message"]["photo"] = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]

    await service.deliver("telegram", update)

    text = text_of(service.recorder.sent[-1][2])
    assert "cannot open" in text
    assert "to anyone" in text
    assert "https://" in text


async def test_an_album_gets_one_answer(service: Service) -> None:
    for number in range(3):
        update = text_update("telegram", "7", "x", 900 + number)
        del update["message"]["text"]
        update["message"] |= {
            "media_group_id": "13",
            "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
        }
        assert 200 == await service.deliver("telegram", update)

    assert 1 == len(service.recorder.sent)


async def test_a_caption_is_answered_as_text_too(service: Service) -> None:
    update = text_update("telegram", "7", "x")
    update["message"]["caption"] = "someone threatens to leak my nudes"
    del update["message"]["text"]
    update["message"]["photo"] = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]

    await service.deliver("telegram", update)

    text = "".join(service.recorder.texts())
    assert "not your fault" in text
    assert "cannot open" in text


async def test_a_redelivery_is_recognised(service: Service) -> None:
    update = text_update("telegram", "7", "hello", 42)
    statuses = [await service.deliver("telegram", update) for _ in range(3)]

    assert [200, 200, 200] == statuses
    assert 1 == len(service.recorder.sent)
    assert 2 == service.count('signpost_deliveries_total{channel="telegram",result="duplicate"}')


async def test_who_hung_up_before_the_response_gets_it_with_the_redelivery(service: Service) -> None:
    update = text_update("telegram", "7", "hello", 43)
    body = json.dumps(update).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in headers_for("telegram", body).items())
    reader, writer = await asyncio.open_connection("127.0.0.1", int(service.url.rpartition(":")[2]))
    writer.write(
        f"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode()
    )
    writer.write(body)
    writer.transport.abort()
    await asyncio.sleep(0.3)
    del reader

    assert 200 == await service.deliver("telegram", update)
    assert 1 == len(service.recorder.sent)


async def test_a_slow_down_within_reason_is_obeyed(service: Service) -> None:
    answers = [telegram_error(429, "Too Many Requests: retry after 1", retry_after=1)]
    service.recorder.fault = lambda _: answers.pop() if answers else None

    status = await service.deliver("telegram", tap("telegram", "7", "topics"))

    assert 200 == status
    assert 1 == len(service.recorder.sent)


async def test_a_long_slow_down_comes_again(service: Service) -> None:
    answers = [telegram_error(429, "Too Many Requests: retry after 35", retry_after=35)]
    service.recorder.fault = lambda _: answers.pop() if answers else None
    update = tap("telegram", "7", "topics")

    assert [503, 200] == [await service.deliver("telegram", update) for _ in range(2)]
    assert 1 == len(service.recorder.sent)


async def test_blocked_by_the_user_ends_with_a_count(service: Service) -> None:
    service.recorder.fault = lambda _: telegram_error(403, "Forbidden: bot was blocked by the user")

    assert 200 == await service.deliver("telegram", tap("telegram", "7", "topics"))
    assert 1 == service.count('signpost_deliveries_total{channel="telegram",result="blocked"}')


async def test_a_failing_platform_is_left_alone_for_a_while(service: Service) -> None:
    service.recorder.fault = lambda _: telegram_error(502, "Bad Gateway")
    statuses = [await service.deliver("telegram", tap("telegram", str(n + 1), "topics")) for n in range(20)]

    assert {503} == set(statuses)
    assert 12 > service.recorder.calls


async def test_a_thousand_users_at_once_each_get_theirs(service: Service) -> None:
    statuses = await asyncio.gather(*(service.say("telegram", str(n), "hello") for n in range(1, 300)))

    assert {200} == set(statuses)
    assert {str(n) for n in range(1, 300)} == {who for _, who, _ in service.recorder.sent}


class TestRender:
    def test_a_long_reply_is_split_and_the_buttons_come_last(self) -> None:
        long = "\n\n".join(f"Paragraph {n}: " + "word " * 150 for n in range(12))
        parts = telegram.render(make_reply(long, "topics"), "7", str, "By number:")

        assert 1 < len(parts)
        assert all(len(part["text"]) <= 4096 for part in parts)
        assert ["reply_markup" in part for part in parts] == [False] * (len(parts) - 1) + [True]

    def test_payloads_too_long_for_a_button_become_numbers(self) -> None:
        parts = telegram.render(make_reply("Hello", "x" * 65, "b"), "7", str, "By number:")

        assert "By number:\n1. xxx" in parts[0]["text"]
        assert "reply_markup" not in parts[0]


def test_every_choice_there_is_fits_in_64_bytes(engine: Engine) -> None:
    names = [f"intent:{one}" for one in engine.library.intents] + [
        f"topic:{one}" for one in engine.library.topics
    ]

    assert 64 >= max(len(name.encode()) for name in names)


def test_judge_knows_what_may_pass() -> None:
    assert telegram.judge(200, {"ok": True, "result": {}}) is None
    retryable = {
        status: telegram.judge(status, json.loads("{}")).retryable
        for status in (400, 401, 403, 404, 429, 500, 502)
    }

    assert {400: False, 401: True, 403: False, 404: True, 429: True, 500: True, 502: True} == retryable
