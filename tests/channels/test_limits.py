"""Limits: texts are cut where it does no harm, never inside a number, an address or a grapheme."""

import re

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.limits import clip, split, split_tail, utf8, utf16
from bot.channels.texts import card, command, numbered
from bot.messages import Choice, Contact, Phone, TextLine

PIECES = st.sampled_from(
    [
        "word",
        " ",
        "\n",
        "\n\n",
        ". ",
        "+44 20 7946 0958",
        "0800 1111",
        "https://example.org/a-b?c=d",
        "👩‍👩‍👧",
        "e\u0301",
        "مرحبا",
        "नमस्ते",
        "116 111",
        "。",
        "(0)30-12 34 56",
    ]
)


class TestSplit:
    def test_a_short_text_is_one_part(self) -> None:
        assert ["hello"] == split("hello", 10)

    def test_nothing_is_no_part(self) -> None:
        assert [] == split(" \n ", 10)

    def test_paragraphs_come_before_lines_and_sentences(self) -> None:
        assert ["One. Two.", "Three four."] == split("One. Two.\n\nThree four.", 14)

    def test_sentences_come_before_words(self) -> None:
        assert ["One two.", "Three four"] == split("One two. Three four", 14)

    def test_arabic_and_chinese_sentences_end_too(self) -> None:
        assert 2 == len(split("هل أنت بخير؟ نعم أنا بخير", 16))
        assert ["你好吗。", "我很好。"] == split("你好吗。我很好。", 5)

    @settings(max_examples=300, deadline=None)
    @given(st.lists(PIECES, max_size=120), st.sampled_from([(64, utf16), (90, utf8), (200, utf16)]))
    def test_parts_fit_and_nothing_is_cut_that_must_not_be(self, pieces: list[str], limit: tuple) -> None:
        most, size = limit
        text = " ".join(pieces)
        parts = split(text, most, size)

        assert all(size(part) <= most and part.strip() for part in parts)
        assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(parts))
        for whole in ("+44 20 7946 0958", "https://example.org/a-b?c=d"):
            if size(" ".join(regex.findall(r"(?:\+?[\d()\-]+\s*)+", text) or [""])) < most:
                assert text.count(whole) == sum(part.count(whole) for part in parts)
        assert regex.findall(r"\X", "".join(text.split())) == [
            one for part in parts for one in regex.findall(r"\X", "".join(part.split()))
        ]

    def test_a_number_at_the_border_moves_as_a_whole(self) -> None:
        for limit in range(24, 60):
            parts = split("Call this number now: +44 20 7946 0958 or write", limit)
            assert any("+44 20 7946 0958" in part for part in parts), limit

    def test_something_longer_than_a_message_is_cut_all_the_same(self) -> None:
        parts = split("https://example.org/" + "x" * 100, 50)

        assert all(len(part) <= 50 for part in parts)

    def test_the_tail_is_whole_paragraphs(self) -> None:
        assert ("aaa\n\nbbb", "ccc") == split_tail("aaa\n\nbbb\n\nccc", 7)
        assert ("a" * 9, "") == split_tail("a" * 9, 7)


class TestClip:
    def test_marks_what_was_cut(self) -> None:
        assert "Sexual pictures, me…" == clip("Sexual pictures, messages", 20)

    def test_keeps_graphemes(self) -> None:
        assert "ab…" == clip("ab👩‍👩‍👧 and more", 8)


CONTACT = Contact(
    id="x",
    name="خط المساعدة",
    kind="child_helpline",
    why="تحدث",
    url="https://example.org",
    verified_on="2026-11-21",
    phones=(Phone(number="+971 800 700", dial="+971800700", label="KIDS"),),
    text=(TextLine(number="+971 50 1", dial="+971501", how="SMS"),),
    report_url="https://example.org/r",
    hours_text="مفتوح",
)


class TestCard:
    def test_each_address_has_a_line_of_its_own(self) -> None:
        lines = card(CONTACT, rtl=False).split("\n")

        assert "+971 800 700 (KIDS)" in lines
        assert "https://example.org" in lines
        assert "https://example.org/r" in lines

    def test_numbers_are_isolated_in_right_to_left_text_and_addresses_left_alone(self) -> None:
        written = card(CONTACT, rtl=True)

        assert "\u2066+971 800 700\u2069" in written
        assert "\nhttps://example.org\n" in written


def test_commands_are_read_whatever_follows() -> None:
    assert ["start", "help", "forget", None, None, None] == [
        command(text)
        for text in ("/start poster7", "/HELP@SignpostBot", "/forget", "/ help", "help", "/unknown")
    ]


def test_numbers_begin_with_one() -> None:
    assert "1. A\n2. B" == numbered([Choice(title="A", choice="a"), Choice(title="B", choice="b")])
