"""What a message says about its writer; silence where it says nothing."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import DWELLING, FIRST_NAMES, GRAMMAR, SIBLINGS, UNITS, WORDLIKE, YEARS
from bot.mentions import LanguageWords, MentionReader, Mentions
from bot.text import normalise

INTENTS = Path(__file__).parent.parent / "intents"
WORDS = {
    "en": LanguageWords(
        safe_words=("help", "SOS", "112"),
        parent_markers=("my daughter", "my son", "my pupil", "as a parent", "my kid"),
        child_markers=("my mum", "my dad", "my teacher", "im 13", "in year 9"),
        stop_words=(
            "the",
            "a",
            "is",
            "are",
            "my",
            "i",
            "im",
            "we",
            "he",
            "us",
            "it",
            "in",
            "to",
            "what",
            "do",
            "how",
            "of",
            "and",
            "not",
            "no",
            "on",
            "me",
            "am",
            "an",
            "or",
        ),
        countries={
            "GB": ("uk", "england", "british", "london", "reading"),
            "US": ("usa", "us", "america", "american"),
            "AE": ("dubai", "uae"),
            "FR": ("nice", "paris", "french"),
            "IT": ("italian", "milan"),
            "DE": ("german",),
        },
        country_markers=("i live in", "i'm from", "we moved to", "i come from", "we live in"),
        languages={
            "en": ("english",),
            "it": ("italian",),
            "fr": ("french",),
            "es": ("spanish",),
            "pl": ("polish",),
        },
    ),
    "it": LanguageWords(
        safe_words=("aiuto",),
        parent_markers=("mia figlia", "mio figlio"),
        child_markers=("mia mamma", "mio padre"),
        stop_words=("il", "la", "una", "di", "a", "in", "e", "mi", "ma", "che", "ho"),
        countries={"IT": ("italiana", "italiano", "milano", "roma"), "CH": ("lugano",)},
        country_markers=("vivo in", "vivo a", "sono di", "vengo da", "vengo dall'", "abito in"),
        languages={"it": ("italiano",), "en": ("inglese",)},
    ),
    "fr": LanguageWords(
        parent_markers=("ma fille", "mon fils"),
        child_markers=("ma mère",),
        stop_words=("la", "le", "et", "à", "en"),
        countries={"CH": ("genève",)},
        country_markers=("j'habite à", "je viens d'", "habite à"),
        languages={"fr": ("français",)},
    ),
    "ar": LanguageWords(languages={"ar": ("العربية",)}, countries={"EG": ("القاهرة",)}),
    "es": LanguageWords(stop_words=("y", "el", "la"), country_markers=("vivo en",)),
}


@cache
def reader() -> MentionReader:
    names = {tag: dict(Locale.parse(tag).territories) for tag in (*WORDS, "de", "nl", "pt")}
    return MentionReader(WORDS, names)


def read(text: str, language: str = "en") -> Mentions:
    return reader().read(normalise(text), language)


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("I'm from Dubai", "en", "AE"),
        ("we moved to Canada", "en", "CA"),
        ("i live in the uk and someone has my photos", "en", "GB"),
        ("the man is in Nigeria, we're in Canada", "en", "CA"),
        ("I'm in America and she is in the UK", "en", "US"),
        ("i'm italian but i live in spain", "en", "ES"),
        ("i live in spain but i'm from italy", "en", "ES"),
        ("i live in a small town near london", "en", "GB"),
        ("I live in Reading", "en", "GB"),
        ("i live in Georgia", "en", "GE"),
        ("i live in Austrailia", "en", "AU"),
        ("im in austrailia", "en", "AU"),
        ("here in Germany nobody helps", "en", "DE"),
        ("vivo in Svizzera", "it", "CH"),
        ("sono di Milano", "it", "IT"),
        ("vengo dall'Italia", "it", "IT"),
        ("sono italiana", "it", "IT"),
        ("habite à Genève", "fr", "CH"),
        ("je viens d'Italie", "fr", "IT"),
        ("vivo en España", "es", "ES"),
        ("ich bin aus Österreich", "de", "AT"),
        ("أنا من مصر", "ar", "EG"),
        ("vivo in italia", "en", "IT"),
    ],
)
def test_a_country_is_the_writers_when_it_is_claimed(text: str, language: str, country: str) -> None:
    found = read(text, language)
    assert (found.country, found.country_sure) == (country, True)


@pytest.mark.parametrize(
    "text",
    [
        "he is from France",
        "they are in the US",
        "my friend in Spain",
        "a friend of mine lives in Canada",
        "he said the server is in Russia",
        "i want to report a site in russia",
        "tell us what to do",
        "is it bad",
        "no",
        "it",
        "de",
        "nice",
        "how nice of you",
        "in reading i am bad",
        "jordan hit me",
        "chad",
        "my cousin georgia",
        "he wants to meet in paris or london",
        "french homework",
        "i'm scared",
        "im in danger",
        "someone in italy asked me",
        "they live in canada",
    ],
)
def test_a_country_that_is_merely_mentioned_is_not(text: str) -> None:
    assert read(text).country is None


@pytest.mark.parametrize(
    "text", ["is sexting illegal in Italy", "who do i call in the uk", "we were in Italy"]
)
def test_a_place_at_the_end_counts_for_this_answer_only(text: str) -> None:
    found = read(text)
    assert found.country is not None
    assert not found.country_sure
    assert not found.country_alone


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Italia", "IT"),
        ("uk", "GB"),
        ("USA!", "US"),
        ("us", "US"),
        ("in italy", "IT"),
        ("from the uk please", "GB"),
        ("I'm from Dubai", "AE"),
        ("we live in Switzerland now", "CH"),
        ("Switzerlnd", "CH"),
        ("مصر", "EG"),
        ("Côte d'Ivoire", "CI"),
    ],
)
def test_a_message_may_be_nothing_but_a_country(text: str, country: str) -> None:
    found = read(text)
    assert (found.country, found.country_alone) == (country, True)


def test_more_than_a_country_is_not_alone() -> None:
    assert not read("what do i do, i live in spain").country_alone
    assert read("my daughter is missing, we live in spain") == Mentions(
        country="ES", country_sure=True, audience="parent", named_country="ES"
    )


def test_a_first_name_is_a_country_only_when_the_country_was_asked_for() -> None:
    assert read("Jordan").country is None
    assert reader().read("jordan", "en", asked_country=True).country == "JO"
    assert reader().read("nice", "en", asked_country=True).country == "FR"


@pytest.mark.parametrize(
    ("text", "language", "audience"),
    [
        ("my mum hits me", "en", "child"),
        ("my son's dad hits him", "en", "parent"),
        ("my daughter told my mum", "en", "parent"),
        ("my teacher touched me", "en", "child"),
        ("my pupil sent a nude", "en", "parent"),
        ("im 13 and scared", "en", "child"),
        ("I'm 9", "en", "child"),
        ("i am 16 years old", "en", "child"),
        ("I'm 35 and worried", "en", "parent"),
        ("my 12 year old got a message", "en", "parent"),
        ("my 13yo got a message", "en", "parent"),
        ("DD13 sent a photo", "en", "parent"),
        ("i'm 14 and my mum has my daughter's phone", "en", "child"),
        ("ho 13 anni", "it", "child"),
        ("ho 13 e ho paura", "it", "child"),
        ("mia figlia di 12 anni", "it", "parent"),
        ("j'ai 12 ans", "fr", "child"),
        ("tengo 15 años", "es", "child"),
        ("ich bin 11", "de", "child"),
        ("ik ben 12 jaar", "nl", "child"),
        ("tenho 14 anos", "pt", "child"),
        ("عمري ١٣ سنة", "ar", "child"),
        ("mia mamma mi picchia", "en", "child"),
    ],
)
def test_the_voice_is_heard(text: str, language: str, audience: str) -> None:
    assert read(text, language).audience == audience


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do i block someone", "en"),
        ("im 5 minutes late", "en"),
        ("i am 12 km away", "en"),
        ("i'm 19", "en"),
        ("my 12 year old sister", "en"),
        ("my 12 year old friend", "en"),
        ("ho 10 euro", "it"),
        ("ho 12 figurine", "it"),
        ("j'ai 6 cousins", "fr"),
        ("im 100 percent sure", "en"),
        ("i'm 2", "en"),
    ],
)
def test_no_voice_is_guessed(text: str, language: str) -> None:
    assert read(text, language).audience is None


@pytest.mark.parametrize(
    ("text", "language", "audience"),
    [
        ("I'm a parent", "en", "parent"),
        ("teacher", "en", "parent"),
        ("im 14", "en", "child"),
        ("I am a kid", "en", "child"),
        ("I'm 14 years old", "en", "child"),
        ("sono una mamma", "it", "parent"),
    ],
)
def test_a_message_may_be_nothing_but_a_voice(text: str, language: str, audience: str) -> None:
    found = read(text, language)
    assert (found.audience, found.audience_alone) == (audience, True)


@pytest.mark.parametrize(
    "text", ["my mum", "my daughter", "im 14 and my mum hits me", "help my kid", "my teacher"]
)
def test_a_voice_with_a_matter_is_not_alone(text: str) -> None:
    found = read(text)
    assert found.audience is not None
    assert not found.audience_alone


@pytest.mark.parametrize(
    ("text", "language", "wish"),
    [
        ("italiano", "en", "it"),
        ("italiano?", "it", "it"),
        ("in english please", "en", "en"),
        ("can you speak French", "en", "fr"),
        ("parla italiano?", "en", "it"),
        ("puoi parlare inglese?", "it", "en"),
        ("بالعربية", "en", "ar"),
        ("english", "it", "en"),
    ],
)
def test_a_message_may_be_nothing_but_a_wish_for_a_language(text: str, language: str, wish: str) -> None:
    found = read(text, language)
    assert (found.language, found.language_alone, found.country) == (wish, True, None)


def test_a_wish_for_a_language_may_stand_beside_a_question() -> None:
    found = read("please speak spanish, my daughter got a nude and does not know what to do")
    assert (found.language, found.language_alone, found.audience) == ("es", False, "parent")


@pytest.mark.parametrize(
    "text",
    [
        "i'm failing french class",
        "i dont speak english",
        "i'm italian and someone blackmails me",
        "he is polish i think",
        "polish my nails",
        "fr",
    ],
)
def test_a_language_that_is_merely_mentioned_is_no_wish(text: str) -> None:
    assert read(text).language is None


def test_what_is_named_is_told_apart_from_what_is_meant() -> None:
    found = read("he lives in spain and wants my wife to learn french")
    assert (found.country, found.named_country) == (None, "FR")
    assert (found.language, found.named_language) == (None, "fr")


@pytest.mark.parametrize("text", ["help", "HELP!!!", "Heeelp", "sos", "aiuto", "112"])
def test_a_safe_word_works_in_every_language(text: str) -> None:
    assert all(read(text, language).safe_word for language in GRAMMAR)


@pytest.mark.parametrize("text", ["help me block someone", "can you help", "sos mode on iphone", ""])
def test_a_safe_word_is_the_whole_message(text: str) -> None:
    assert not read(text).safe_word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("2.", 2),
        ("(3)", 3),
        ("٢", 2),
        ("12", None),
        ("0", None),
        ("2 girls", None),
        ("no", None),
    ],
)
def test_a_bare_number_is_a_choice(text: str, number: int | None) -> None:
    assert read(text).choice_number == number


@given(st.text(), st.sampled_from(["en", "it", "ar", "pl"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    assert isinstance(read(text, language), Mentions)


def test_a_long_message_is_read_whole() -> None:
    assert read("bla " * 900 + "i live in spain").country == "ES"
    assert read("im in " * 700).country is None


def test_a_reader_without_words_says_nothing() -> None:
    assert MentionReader({}, {}).read("i live in italy", "en") == Mentions()


def test_the_grammar_is_in_normal_form() -> None:
    """A word with an accent would never be found in a normalised message."""
    plain = {*DWELLING, *FIRST_NAMES, *WORDLIKE, *SIBLINGS, *UNITS, *YEARS}
    for grammar in GRAMMAR.values():
        for field in grammar:
            plain.update(word for phrase in field for word in phrase.replace("#", "").split())
    assert [word for word in sorted(plain) if normalise(word) != word] == []


# ---- the shipped words


def _plain(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - every scalar is text


LANGUAGES = sorted(path.parent.name for path in INTENTS.glob("*/_language.yaml"))


@cache
def shipped() -> MentionReader:
    words = {
        tag: msgspec.convert(
            _plain(INTENTS / tag / "_language.yaml"),
            LanguageWords,
        )
        for tag in LANGUAGES
    }
    return MentionReader(words, {tag: dict(Locale.parse(tag).territories) for tag in LANGUAGES})


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("we are Syrians in Berlin", "en", "DE"),
        ("we're Syrian living in Berlin", "en", "DE"),
        ("i am american in paris and he has my nudes", "en", "FR"),
        ("somos venezolanos en Lima", "es", "PE"),
        ("soy peruana en Madrid", "es", "ES"),
        ("siamo italiani a Londra", "it", "GB"),
        ("siamo italiani qui a Londra", "it", "GB"),
        ("nous sommes sénégalais à Paris", "fr", "FR"),
        ("je suis belge en France", "fr", "FR"),
        ("wir sind Türken in Berlin", "de", "DE"),
        ("wir sind Polen die in Berlin leben", "de", "DE"),
        ("somos brasileiros em Lisboa", "pt", "PT"),
        ("we zijn Polen in Rotterdam", "nl", "NL"),
        ("احنا سوريين في المانيا", "ar", "DE"),
        ("انا مصري في دبي", "ar", "AE"),
    ],
)
def test_where_people_are_says_more_than_what_they_are(text: str, language: str, country: str) -> None:
    found = shipped().read(normalise(text), language)

    assert (found.country, found.country_sure) == (country, True)


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("soy venezolana, un hombre en Lima me amenaza", "es", "VE"),
        ("soy española y mi novio en Lima no contesta", "es", "ES"),
        ("wir sind Türken und ein Mann in Berlin erpresst uns", "de", "TR"),
        ("sono italiana e lui è a Londra", "it", "IT"),
        ("we are Syrians, he is in Berlin", "en", "SY"),
        ("i am Syrian in English class they laugh", "en", "SY"),
    ],
)
def test_where_somebody_else_is_does_not_outweigh_a_nationality(
    text: str, language: str, country: str
) -> None:
    assert shipped().read(normalise(text), language).country == country


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_voice_of_examples_is_rarely_misheard(language: str) -> None:
    """A child answered as a parent is told to stay calm and not to question her child."""
    right, wrong = 0, []
    for path in (INTENTS / language).glob("[!_]*.yaml"):
        voices = _plain(path)
        for voice in ("child", "parent"):
            for text in voices.get(voice) or ():
                heard = shipped().read(normalise(text), language).audience
                right += heard == voice
                if heard not in (voice, None):
                    wrong.append(text)
    assert len(wrong) <= 0.03 * max(1, right + len(wrong)), wrong
