"""Language: what a message is written in, and which of ours serves a tag."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import Engine
from bot.language import UNKNOWN, Identifier, gettext_name, negotiate
from bot.matching import read


@pytest.fixture(name="identifier", scope="module")
def _identifier(engine: Engine) -> Identifier:
    """The real one: it needs real people's words."""
    return engine.reader._identifier


class TestDetect:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("someone wants my pictures", "en"),
            ("vuole le mie foto", "it"),
            ("he wants my foto, what should i do", "en"),
            ("PERCHE MI PRENDONO IN GIRO", "it"),
            ("mi ha mandato un link sospetto e vuole che resti un segreto bro", "it"),
            ("يريد صوري", "ar"),
            ("ana khayef w mesh 3aref a3mel eh", "ar"),
            ("🙏🙏 qualcuno mi minaccia 😭", "it"),
        ],
    )
    def test_our_languages(self, identifier: Identifier, text: str, language: str) -> None:
        assert language == identifier.detect(text)[0].language

    @pytest.mark.parametrize(
        "text",
        [
            "ktoś grozi że wyśle moje zdjęcia",
            "birisi fotoğraflarımı paylaşmakla tehdit ediyor",
            "někdo mi vyhrožuje že pošle moje fotky",
            "кто-то угрожает мне",
            "有人威胁我",
            "誰かに脅されています",
            "κάποιος με απειλεί",
            "कोई मुझे धमकी दे रहा है",
            "מישהו מאיים עליי",
            "کسی مرا تهدید می‌کند و عکس‌هایم را می‌فرستد",
            "کوئی مجھے دھمکی دے رہا ہے",
            "help 我很害怕有人威胁我",
        ],
    )
    def test_other_languages_are_known_for_what_they_are(self, identifier: Identifier, text: str) -> None:
        best = identifier.detect(text, page="en")[0]

        assert UNKNOWN == best.language
        assert best.p >= 0.6

    def test_the_conversation_decides_where_the_text_cannot(self, identifier: Identifier) -> None:
        for text in ("ok", "no", "👍", "2", "123", ""):
            assert "it" == identifier.detect(text, session="it", page="en")[0].language

    def test_one_word_that_other_languages_have_too_does_not_change_the_conversation(
        self, identifier: Identifier
    ) -> None:
        for session in ("it", "fr", "es", "de", "nl", "pt", "ar"):
            assert session == identifier.detect("ok", session=session, page="en")[0].language
            assert "en" == identifier.detect("they want my nudes", session=session)[0].language
        for session in ("it", "es", "pt"):
            assert session == identifier.detect("no", session=session, page="en")[0].language

    def test_the_page_decides_on_a_word_that_is_typed_everywhere(self, identifier: Identifier) -> None:
        for text in ("nudes", "yep", "nah"):
            assert "en" == identifier.detect(text, page="en")[0].language
        for text in ("salam", "sa3edni", "habibi"):
            assert "ar" == identifier.detect(text, page="en")[0].language

    def test_a_word_that_is_typed_everywhere_is_the_page_s_whatever_its_script(
        self, identifier: Identifier
    ) -> None:
        for page in ("ar", "de", "es", "fr", "it", "nl", "pt"):
            for text in ("help", "sos", "nudes", "instagram", "stop"):
                assert page == identifier.detect(text, page=page)[0].language
                assert page == identifier.detect(text, session=page, page="en")[0].language

    def test_a_word_of_one_language_is_that_language_s_on_every_page(self, identifier: Identifier) -> None:
        for page in ("ar", "de", "en", "fr"):
            for text, language in (("aiuto", "it"), ("ayuda", "es"), ("مساعدة", "ar"), ("sa3edni", "ar")):
                assert language == identifier.detect(text, page=page)[0].language

    def test_what_people_say_in_a_language_is_in_that_language(self, identifier: Identifier) -> None:
        assert "en" == identifier.detect("hiya")[0].language
        assert "es" == identifier.detect("sí")[0].language
        assert "de" == identifier.detect("nö", page="de")[0].language

    def test_a_few_odd_words_are_not_arabic(self, identifier: Identifier) -> None:
        assert "en" == identifier.detect("gtg bye x")[0].language
        assert "ar" == identifier.detect("ana khayfa")[0].language

    def test_the_page_decides_where_there_is_nothing_to_read(self, identifier: Identifier) -> None:
        for text in ("👍", "2", "123", ""):
            assert "it" == identifier.detect(text, page="it")[0].language

    def test_the_text_decides_where_it_can(self, identifier: Identifier) -> None:
        assert "it" == identifier.detect("qualcuno mi minaccia", page="en", session="en")[0].language

    def test_the_conversation_weighs_more_than_the_page(self, identifier: Identifier) -> None:
        assert "ar" == identifier.detect("123", session="ar", page="it")[0].language

    def test_a_hint_that_is_none_of_ours_is_ignored(self, identifier: Identifier) -> None:
        assert identifier.detect("vuole le foto", page="sv") == identifier.detect("vuole le foto")

    def test_a_reading_is_taken_as_it_is(self, identifier: Identifier) -> None:
        assert identifier.detect(read("vuole le foto")) == identifier.detect("vuole le foto")

    @settings(deadline=None)
    @given(st.text())
    def test_no_text_is_too_odd(self, identifier: Identifier, text: str) -> None:
        guesses = identifier.detect(text)

        assert 0.98 < sum(guess.p for guess in guesses) <= 1.0001
        assert [guess.p for guess in guesses] == sorted((guess.p for guess in guesses), reverse=True)


@pytest.mark.parametrize(
    ("tag", "available", "expected"),
    [
        ("it", ("en", "it"), "it"),
        ("it-CH", ("en", "it"), "it"),
        ("pt-BR", ("en", "pt"), "pt"),
        ("pt_BR", ("pt",), "pt"),
        ("pt-BR", ("pt", "pt_BR"), "pt_BR"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("PT-br", ("pt-BR",), "pt-BR"),
        ("zh-Hant-TW", ("zh", "zh-Hant"), "zh-Hant"),
        ("it;q=0.8", ("it",), "it"),
        ("sv", ("en", "it"), None),
        ("*", ("en",), None),
        ("", ("en",), None),
        (None, ("en",), None),
        ("i", ("it",), None),
    ],
)
def test_negotiate(tag: str | None, available: tuple[str, ...], expected: str | None) -> None:
    assert expected == negotiate(tag, available)


@pytest.mark.parametrize(
    ("tag", "name"), [("pt-BR", "pt_BR"), ("it", "it"), ("zh-hant", "zh_Hant"), ("PT_br", "pt_BR")]
)
def test_gettext_name(tag: str, name: str) -> None:
    assert name == gettext_name(tag)
