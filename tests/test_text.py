"""Text: one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import normalise, words


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("I don't   KNOW!!!", "i dont know"),
        ("perché l'ha fatto?", "perche lha fatto"),
        ("sooooo scared", "soo scared"),
        ("k.i.l.l", "k i l l"),
        ("Straße ÆØŁ", "strasse aeol"),
        ("", ""),
        ("die 😭 now", "die now"),
        ("❤️ ok", "ok"),
        ("90°", "90"),
        ("أنا خائفـــة جداً", "انا خائفه جدا".replace("ئ", "ي")),
        ("٣ صور", "3 صور"),
        ("\u202ekill\u202c me", "kill me"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ],
)
def test_folds_what_carries_no_meaning(typed: str, normal: str) -> None:
    assert normal == normalise(typed)


@pytest.mark.parametrize(
    ("typed", "normal"), [("👍🏽", "👍"), ("👍👍👍 🍕!", "👍 🍕"), ("❤️", "❤"), ("°?", "")]
)
def test_emoji_count_where_there_is_nothing_else(typed: str, normal: str) -> None:
    assert normal == normalise(typed)


def test_keeps_the_vowel_signs_of_other_scripts() -> None:
    assert "हिंदी" == normalise("हिंदी")


def test_words_of_nothing_are_none() -> None:
    assert [] == words(" ?! ")


@given(st.text(max_size=200))
def test_normal_form_is_its_own_normal_form(text: str) -> None:
    once = normalise(text)

    assert once == " ".join(once.split())
    assert normalise(once) == normalise(normalise(once))


def test_ten_thousand_combining_marks_cost_nothing() -> None:
    assert "a" == normalise("a" + "\u0301" * 10_000)
