"""What is said in which language: short texts, and words that are typed in all of them."""

from bot.matching.said import Said, index, plain

TEXTS = {
    "de": ["nö", "hilfe!", "nudes von mir", "er will nudes", "bonjour sagt man in frankreich"],
    "en": ["hiya", "no", "they want nudes", "bonjour is french"],
    "es": ["No", "piden nudes", "bonjour es francés"],
    "fr": ["des nudes", *(f"bonjour {name}" for name in "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûü")],
    "it": ["vogliono nudes", "bonjour è francese"],
}
LANGUAGES = sorted(TEXTS)


def speakers(text: str) -> list[str]:
    return [LANGUAGES[place] for place in Said(index(TEXTS)).speakers(text)]


def test_a_short_text_is_known_in_the_languages_that_have_it() -> None:
    assert ["en", "es"] == speakers("NO!!")
    assert ["en"] == speakers("hiya :)")
    assert [] == speakers("somebody's own words")
    assert [] == speakers("")


def test_accents_tell_a_short_text_from_another() -> None:
    assert ["de"] == speakers("Nö")


def test_a_long_text_is_not_kept() -> None:
    assert ["es"] == speakers("bonjour es francés")
    assert [] == speakers("bonjour sagt man in frankreich")


def test_a_word_of_most_languages_is_typed_everywhere() -> None:
    said = Said(index(TEXTS))

    assert said.everywhere("nudes")
    assert not said.everywhere("hilfe")


def test_a_word_that_the_others_only_quote_is_not_typed_everywhere() -> None:
    assert not Said(index(TEXTS)).everywhere("bonjour")


def test_nothing_is_known_where_nothing_was_said() -> None:
    said = Said(index({"en": []}))

    assert [] == said.speakers("no")
    assert not said.everywhere("no")


def test_plain_keeps_accents_and_drops_punctuation() -> None:
    assert "sí señor 2" == plain("¡Sí, señor! 2")
