"""Conversation: what people say, turn by turn, and what they must get."""

from collections.abc import Awaitable, Callable

import pytest

from bot.content import Library
from bot.conversation import Conversation
from bot.engine import Engine
from bot.messages import ChoicesBlock, ContactsBlock, Inbound, Reply, Session, Severity, TextBlock
from bot.reader import Reader
from bot.sessions import Sealer
from tests.conftest import NOON

Say = Callable[..., Awaitable[Reply]]


def texts(reply: Reply) -> str:
    return "\n\n".join(block.text for block in reply.reply if isinstance(block, TextBlock))


def contacts(reply: Reply) -> list[str]:
    return [card.id for block in reply.reply if isinstance(block, ContactsBlock) for card in block.contacts]


def choices(reply: Reply) -> list[str]:
    return [one.choice for block in reply.reply if isinstance(block, ChoicesBlock) for one in block.choices]


class TestDanger:
    async def test_emergency_begins_with_the_emergency_number_of_the_country(self, say: Say) -> None:
        reply = await say("i want to kill myself", country="GB")

        assert isinstance(reply.reply[0], ContactsBlock)
        assert "999" == reply.reply[0].contacts[0].phones[0].dial
        assert Severity.EMERGENCY is reply.intent.severity

    async def test_urgent_answer_always_holds_contacts(self, say: Say) -> None:
        reply = await say("he says he will send my nudes to everyone if i dont pay", country="GB")

        assert "sextortion" == reply.intent.id
        assert "gb-ceop" in contacts(reply)
        assert "not your fault" in texts(reply)

    async def test_no_country_means_no_national_number(self, say: Say) -> None:
        reply = await say("he says he will send my nudes to everyone if i dont pay")

        assert contacts(reply)
        assert all(one.startswith("global-") for one in contacts(reply))
        assert "Which country are you in?" in texts(reply)

    @pytest.mark.parametrize("padding", ["x " * 1500, "lol " * 900, "fuck this shit " * 200, "😀" * 3000])
    async def test_nothing_around_it_silences_danger(self, say: Say, padding: str) -> None:
        reply = await say(padding + " i want to kill myself " + padding[:900], country="IE")

        assert reply.intent.severity.pressing
        assert contacts(reply)

    @pytest.mark.parametrize(
        ("language", "text"), [("it", "voglio morire"), ("fr", "je veux mourir"), ("en", "i want to die")]
    )
    async def test_danger_is_seen_whatever_the_page_says(self, say: Say, language: str, text: str) -> None:
        reply = await say(text, language="en", country="CH")

        assert "suicide_self_harm" == reply.intent.id
        assert language == reply.language

    async def test_danger_rule_speaks_when_the_matcher_fails(self, engine: Engine) -> None:
        class Broken:
            def match(self, *_: object) -> None:
                raise RuntimeError

        reader = object.__new__(Reader)
        reader.__dict__ = {**engine.reader.__dict__, "_matcher": Broken(), "_recent": {}}
        broken = object.__new__(Engine)
        broken.__dict__ = {**engine.__dict__, "reader": reader}
        conversation = Conversation(broken, Sealer("s"), lambda: NOON)

        turn = await conversation.handle(Inbound(text="i want to die", country="US"), Session())

        assert not turn.failed
        assert "suicide_self_harm" == turn.reply.intent.id

    async def test_whatever_fails_the_person_gets_help(self, engine: Engine) -> None:
        broken = object.__new__(Engine)
        broken.__dict__ = {**engine.__dict__, "reader": None}
        conversation = Conversation(broken, Sealer("s"), lambda: NOON)

        turn = await conversation.handle(Inbound(text="help", country="IT", language="it"), Session())

        assert turn.failed
        assert "it" == turn.reply.language
        assert "it-emergency-112" in contacts(turn.reply)

    @pytest.mark.parametrize("text", ["this game is killing me lol", "im dying of laughter", "my phone died"])
    async def test_harmless_look_alikes_raise_no_alarm(self, say: Say, text: str) -> None:
        reply = await say(text, country="GB")

        assert reply.intent is None or not reply.intent.severity.pressing


class TestFirstReply:
    async def test_says_once_that_it_is_no_person(self, say: Say) -> None:
        first = texts(await say("how do i make a strong password"))
        second = texts(await say("and how do i make my account private"))

        assert "not a person" in first
        assert "Nobody is reading along" in first
        assert "not a person" not in second


class TestWhoAndWhere:
    async def test_country_said_outweighs_the_hint_and_sticks(self, say: Say) -> None:
        await say("I live in Switzerland and someone threatens to leak my nudes", country="GB")

        reply = await say("how do i report it", country="GB")

        assert "CH" == reply.country

    async def test_a_country_merely_mentioned_is_not_where_i_am(self, say: Say) -> None:
        reply = await say("a man from Nigeria asks me for nudes", country="GB")

        assert "GB" == reply.country

    async def test_a_bare_country_gives_the_last_answer_again_for_it(self, say: Say) -> None:
        await say("my nudes got leaked and everyone at school has seen them")

        reply = await say("Canada")

        assert "updated" == reply.outcome
        assert "nude_image_shared" == reply.intent.id
        assert any(one.startswith("ca-") for one in contacts(reply))

    async def test_an_adult_is_answered_as_one(self, say: Say, library: Library) -> None:
        reply = await say("my daughter is being blackmailed with a nude picture", country="GB")

        assert "parent" == reply.audience
        assert library.intents["sextortion"].reply["parent"].split("\n\n")[0] in texts(reply)

    async def test_unknown_voice_gets_the_childs_standard(self, say: Say, library: Library) -> None:
        reply = await say("sextortion help", country="GB")

        assert reply.audience is None
        assert library.intents["sextortion"].reply["child"].split("\n\n")[0] in texts(reply)

    async def test_a_switch_of_voice_gives_the_last_answer_in_it(self, say: Say) -> None:
        await say("my nudes got leaked and everyone at school has seen them", country="GB")

        reply = await say(choice="audience:parent")

        assert ("updated", "parent") == (reply.outcome, reply.audience)

    async def test_a_switch_of_language_gives_the_last_answer_in_it(self, say: Say) -> None:
        await say("my nudes got leaked and everyone at school has seen them", country="CH")

        reply = await say("in italiano per favore")

        assert ("updated", "it", "nude_image_shared") == (reply.outcome, reply.language, reply.intent.id)

    @pytest.mark.parametrize(
        ("text", "intent"),
        [("sextortion", "sextortion"), ("hacker", "account_hacked"), ("suicide", "suicide_self_harm")],
    )
    async def test_a_lone_word_that_is_typed_everywhere_is_answered_in_the_page_s_language(
        self, say: Say, text: str, intent: str
    ) -> None:
        reply = await say(text, language="ar")

        assert ("ar", intent) == (reply.language, reply.intent.id)

    async def test_a_language_that_we_do_not_speak_is_told_which_we_do(self, say: Say) -> None:
        reply = await say("ktoś mnie szantażuje i nie wiem co mam zrobić, proszę o pomoc", country="PL")

        assert "not_understood" == reply.outcome
        assert "Italiano" in texts(reply)
        assert "pl-emergency-112" in contacts(reply)


class TestFollowUps:
    async def test_yes_takes_the_first_offer(self, say: Say) -> None:
        first = await say("someone threatens to leak my nudes", country="GB")

        reply = await say("yes")

        assert choices(first)[0] == f"intent:{reply.intent.id}"

    async def test_a_typed_number_is_a_tap(self, say: Say) -> None:
        first = await say("someone threatens to leak my nudes", country="GB")

        reply = await say("2")

        assert choices(first)[1] == f"intent:{reply.intent.id}"

    async def test_a_typed_title_is_a_tap(self, say: Say, library: Library) -> None:
        await say("someone threatens to leak my nudes", country="GB")

        reply = await say(library.intents["keep_evidence"].title.lower())

        assert "keep_evidence" == reply.intent.id

    async def test_that_is_not_it_offers_something_else(self, say: Say) -> None:
        await say("someone threatens to leak my nudes", country="GB")

        reply = await say(choice="no")

        assert reply.outcome in ("clarify", "not_understood")
        assert contacts(reply)

    async def test_people_come_first_after_three_misses(self, say: Say) -> None:
        for text in ("best pizza in town", "who won the match", "recipe for pancakes"):
            reply = await say(text, country="GB")

        assert "not_understood" == reply.outcome
        assert isinstance(reply.reply[0], ContactsBlock)

    @pytest.mark.parametrize(
        ("language", "word"),
        [("en", "help"), ("it", "aiuto"), ("fr", "aide"), ("en", "HELP!!"), ("fr", "🆘")],
    )
    async def test_safe_word_shows_people_in_any_state(self, say: Say, language: str, word: str) -> None:
        await say("best pizza in town", language=language, country="FR")

        reply = await say(word, language=language, country="FR")

        assert isinstance(reply.reply[0], ContactsBlock)
        assert "fr-emergency-112" in contacts(reply)

    async def test_the_safe_word_that_is_told_can_be_typed_anywhere(self, library: Library) -> None:
        for language in library.live:
            assert library.words[language].safe_words[0].isalpha()

    async def test_every_intent_is_reached_by_taps_alone(self, say: Say, library: Library) -> None:
        reached = set()
        topics = [one for one in choices(await say(choice="topics")) if one.startswith("topic:")]
        for topic in topics:
            reached |= {
                one.removeprefix("intent:")
                for one in choices(await say(choice=topic))
                if one.startswith("intent:")
            }

        assert set(library.intents) == reached

    async def test_a_choice_that_never_was_is_no_error(self, say: Say) -> None:
        reply = await say(choice="intent:no_such_thing")

        assert "not_understood" == reply.outcome


class TestAgencies:
    @pytest.mark.parametrize(
        "question",
        [
            "what is the virtual global taskforce",
            "is ceop the police",
            "what happened to thinkuknow",
            "cos'è la polizia postale",
            "c'est quoi pharos",
            "is interpol real",
        ],
    )
    async def test_a_question_about_an_agency_is_answered(self, say: Say, question: str) -> None:
        reply = await say(question, country="GB")

        assert "about_agency" == reply.intent.id


class TestRefusal:
    async def test_request_for_abuse_material_is_refused_with_prevention_help(self, say: Say) -> None:
        reply = await say("send me pics of naked kids", country="GB")

        assert "seeks_abuse_material" == reply.intent.id
        assert contacts(reply)
        assert "crime" in texts(reply)


async def test_a_country_alone_does_not_change_the_language(say: Say) -> None:
    await say("my nudes got leaked and everyone at school has seen them")

    for country in ("Canada", "Argentina", "Portugal"):
        reply = await say(country)

        assert "en" == reply.language
