"""WhatsApp, Messenger and Instagram end to end, against a server that checks as Meta does."""

import pytest

from bot.channels import messenger, whatsapp
from bot.engine import Engine
from bot.messages import Choice, ChoicesBlock, Reply, TextBlock
from tests.channels.conftest import Service
from tests.channels.platforms import tap, text_update, whatsapp_batch
from tests.channels.pywa_judge import PywaJudge
from tests.channels.recorder import meta_error, text_of, whatsapp_wrong

META = ("whatsapp", "messenger")


def make_reply(text: str, *choices: str) -> Reply:
    blocks = (TextBlock(text), ChoicesBlock(tuple(Choice(title=one, choice=f"c:{one}") for one in choices)))
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


def texts(service: Service, user: str) -> str:
    return "\n\n".join(service.recorder.texts(user))


@pytest.mark.parametrize("channel", META)
class TestConversation:
    async def test_a_question_gets_guidance_and_contacts(self, service: Service, channel: str) -> None:
        assert 200 == await service.say(channel, "447700900123", "someone threatens to leak my nudes")

        assert "not your fault" in texts(service, "447700900123")
        assert "https://" in texts(service, "447700900123")
        assert not service.recorder.complaints

    async def test_the_menu_reaches_topics_by_tap_and_by_number(self, service: Service, channel: str) -> None:
        await service.deliver(channel, tap(channel, "447700900123", "topics"))
        await service.say(channel, "447700900123", "1")
        by_number = text_of(service.recorder.sent[-1][2])
        await service.deliver(channel, tap(channel, "447700900123", "topics"))
        await service.deliver(channel, tap(channel, "447700900123", "topic:danger"))

        assert by_number == text_of(service.recorder.sent[-1][2])
        assert not service.recorder.complaints

    async def test_a_redelivery_is_recognised(self, service: Service, channel: str) -> None:
        update = text_update(channel, "447700900123", "hello", 77)
        statuses = [await service.deliver(channel, update) for _ in range(3)]

        assert [200] * 3 == statuses
        assert 2 == service.count(f'signpost_deliveries_total{{channel="{channel}",result="duplicate"}}')

    async def test_forget(self, service: Service, channel: str) -> None:
        await service.say(channel, "447700900123", "/forget")

        assert "forgotten" in text_of(service.recorder.sent[-1][2])

    async def test_a_failing_platform_brings_it_again(self, service: Service, channel: str) -> None:
        answers = [meta_error(500, 2, "Service temporarily unavailable")]
        service.recorder.fault = lambda _: answers.pop() if answers else None
        update = text_update(channel, "447700900123", "hello")

        assert [503, 200] == [await service.deliver(channel, update) for _ in range(2)]

    async def test_a_wrong_token_keeps_the_messages_with_the_platform(
        self, service: Service, channel: str
    ) -> None:
        service.recorder.fault = lambda _: meta_error(401, 190)

        assert 503 == await service.say(channel, "447700900123", "hello")

    async def test_a_user_who_left_ends_with_a_count(self, service: Service, channel: str) -> None:
        service.recorder.fault = lambda _: meta_error(400, 131026 if channel == "whatsapp" else 551)

        assert 200 == await service.say(channel, "447700900123", "hello")
        assert 1 == service.count(f'signpost_deliveries_total{{channel="{channel}",result="blocked"}}')

    async def test_what_the_platform_refuses_ends_with_a_count(self, service: Service, channel: str) -> None:
        service.recorder.fault = lambda _: meta_error(400, 100)

        assert 200 == await service.say(channel, "447700900123", "hello")
        assert 1 == service.count(f'signpost_deliveries_total{{channel="{channel}",result="failed"}}')

    async def test_every_topic_renders_within_the_limits_in_every_language(
        self, service: Service, engine: Engine, channel: str
    ) -> None:
        for language in engine.library.live:
            await service.deliver(channel, tap(channel, "447700900123", f"language:{language}"))
            for topic in engine.library.topics:
                assert 200 == await service.deliver(channel, tap(channel, "447700900123", f"topic:{topic}"))
            await service.deliver(channel, tap(channel, "447700900123", "countries"))

        assert not service.recorder.complaints


class TestWhatsApp:
    async def test_the_prefix_gives_the_country(self, service: Service) -> None:
        await service.say("whatsapp", "393200900123", "aiuto")

        assert "112" in texts(service, "393200900123")

    async def test_a_picture_from_an_italian_number_is_answered_in_italian(self, service: Service) -> None:
        update = text_update("whatsapp", "393200900123", "x")
        message = update["entry"][0]["changes"][0]["value"]["messages"][0]
        del message["text"]
        message |= {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}}
        await service.deliver("whatsapp", update)
        await service.say("whatsapp", "393200900199", "/start")

        assert "persona" in texts(service, "393200900199")
        assert "Which country" not in texts(service, "393200900123")
        assert ".it" in texts(service, "393200900123")

    async def test_every_message_of_a_batch_is_answered(self, service: Service) -> None:
        batch = whatsapp_batch(
            *(
                {
                    "from": f"44770090012{n}",
                    "id": f"wamid.b{n}",
                    "timestamp": "1",
                    "type": "text",
                    "text": {"body": "hello"},
                }
                for n in range(9)
            )
        )

        assert 200 == await service.deliver("whatsapp", batch)
        assert 9 == len({who for _, who, _ in service.recorder.sent})

    async def test_of_a_batch_only_what_failed_is_answered_again(self, service: Service) -> None:
        batch = whatsapp_batch(
            *(
                {
                    "from": f"44770090012{n}",
                    "id": f"wamid.c{n}",
                    "timestamp": "1",
                    "type": "text",
                    "text": {"body": "hello"},
                }
                for n in range(4)
            )
        )
        answers = {"447700900122": [meta_error(500, 2)]}
        service.recorder.fault = lambda user: answers[user].pop() if answers.get(user) else None

        assert 503 == await service.deliver("whatsapp", batch)
        before = len(service.recorder.texts("447700900121"))
        assert 200 == await service.deliver("whatsapp", batch)
        assert before == len(service.recorder.texts("447700900121"))
        assert service.recorder.texts("447700900122")

    async def test_a_user_without_a_number_is_written_to_by_id(self, service: Service) -> None:
        update = text_update("whatsapp", "1", "help")
        message = update["entry"][0]["changes"][0]["value"]["messages"][0]
        del message["from"]
        message["from_user_id"] = "IT.134912"

        await service.deliver("whatsapp", update)

        [payload, *_] = [one for _, _, one in service.recorder.sent]
        assert "IT.134912" == payload["recipient"]
        assert "to" not in payload
        assert "112" in texts(service, "IT.134912")

    @pytest.mark.parametrize(
        ("choices", "kind"),
        [
            (("A", "B", "C"), "button"),
            (("A", "B", "C", "D"), "list"),
            (("A" * 30, "B"), "list"),
            (tuple("ABCDEFGHIJ"), "list"),
            (tuple("ABCDEFGHIJK"), "text"),
            (("A" * 40, "A" * 41), "text"),
        ],
    )
    def test_choices_degrade_from_buttons_to_a_list_to_numbers(
        self, choices: tuple[str, ...], kind: str
    ) -> None:
        parts = whatsapp.render(make_reply("Hello", *choices), "number:1", lambda one: one, str)

        assert kind == parts[-1].get("interactive", {}).get("type", "text")
        assert all(whatsapp_wrong(part) is None for part in parts)
        if kind == "text":
            assert f"2. {choices[1]}" in text_of(parts[-1])

    def test_a_long_reply_keeps_its_last_paragraphs_with_the_buttons(self) -> None:
        text = "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(20))
        parts = whatsapp.render(make_reply(text, "A", "B"), "number:1", str, str)

        assert "interactive" == parts[-1]["type"]
        assert "Paragraph 19" in text_of(parts[-1])
        assert all(whatsapp_wrong(part) is None for part in parts)

    def test_what_pywa_would_send_is_what_we_send(self) -> None:
        with PywaJudge() as judge:
            for choices in (("A", "B"), ("A", "B", "C", "D"), ()):
                for payload in whatsapp.render(
                    make_reply("Hello", *choices), "number:447700900123", str, str
                ):
                    assert payload == judge.sends(payload)


class TestMessenger:
    async def test_instagram_gets_smaller_parts_and_numbers(self, service: Service) -> None:
        update = text_update("messenger", "9900112233", "someone threatens to leak my nudes")
        update["object"] = "instagram"

        await service.deliver("messenger", update)

        sent = [one for _, _, one in service.recorder.sent]
        assert all(len(text_of(one).encode()) <= 1000 for one in sent)
        assert "1. " in text_of(sent[-1])
        assert "quick_replies" in sent[-1]["message"]

    async def test_the_same_id_on_two_platforms_is_two_people(self, service: Service) -> None:
        first = text_update("messenger", "9900112233", "hello")
        second = text_update("messenger", "9900112233", "hello") | {"object": "instagram"}
        await service.deliver("messenger", first)
        await service.deliver("messenger", second)

        assert 2 == sum("not a person" in text for text in service.recorder.texts())

    def test_a_title_that_does_not_fit_is_numbered(self) -> None:
        [part] = messenger.render(
            make_reply("Hello", "A" * 40, "B"), "page:1", lambda one: one.removeprefix("c:"), "By number:"
        )

        assert "1. " + "A" * 40 in text_of(part)
        titles = [one["title"] for one in part["message"]["quick_replies"]]
        assert titles[0].startswith("1. AAA") and len(titles[0]) <= 20
