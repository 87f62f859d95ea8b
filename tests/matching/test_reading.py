"""Reading: long messages are heard clause by clause."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.reading import CLAUSE, LONG, MOST_CLAUSES, read, split


def test_a_short_message_is_one_piece() -> None:
    assert () == read("he wants money. or else!").clauses


def test_a_long_message_falls_into_its_sentences() -> None:
    text = "yesterday was a normal day at school with maths and art. then he wrote me that he wants my pictures again"

    assert ["yesterday was a normal day at school with maths and art",
            "then he wrote me that he wants my pictures again"] == split(text)  # fmt: skip
    assert 2 == len(read(text).clauses)


def test_arabic_punctuation_ends_a_clause() -> None:
    text = "ذهبت إلى المدرسة اليوم ورأيت أصدقائي هناك في الصباح؟ ثم كتب لي رجل غريب وطلب مني صورا، وأنا خائفة جدا"

    assert "ذهبت إلى المدرسة اليوم ورأيت أصدقائي هناك في الصباح" == split(text)[0]


def test_words_without_any_punctuation_are_cut_all_the_same() -> None:
    clauses = split("word " * 100)

    assert max(len(clause.split()) for clause in clauses) <= CLAUSE * 3 // 2
    assert 100 == sum(len(clause.split()) for clause in clauses)


def test_short_sentences_are_joined() -> None:
    assert ["no no please stop it now"] == split("no. no! please... stop it; now")


def test_endless_messages_have_an_end() -> None:
    assert MOST_CLAUSES == len(read("a b c d e f g h i j. " * 400).clauses)


@settings(deadline=None)
@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    words = " ".join(split(text)).split()

    assert len("".join(words)) <= len(text)
    assert (len(read(text).normal.split()) > LONG) >= bool(read(text).clauses)
