"""Arabic in Latin letters: the same skeleton as in its own script, the same intents."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import Matcher, Semantic, build
from bot.matching.arabizi import is_latin, skeleton
from bot.text import normalise

from .conftest import ENGLISH, PRESSING, FakeEncoder

ARABIC = {
    "sextortion": [
        "واحد بيهددني يبعت صوري", "بيبتزني بصور خاصة", "يريد فلوس ولا ينشر الفيديو", "هددني ينشر صوري",
        "بنت سجلتني وتطلب مصاري", "ادفع او ننشر الصور",
    ],
    "greeting": ["مرحبا", "السلام عليكم", "صباح الخير", "مساء الخير", "اهلا", "هلا"],
    "none": ["كم سعر التذكرة", "من فاز بالمباراة", "وصفة كبسة", "حل واجب الرياضيات", "متى رمضان", "طقس اليوم"],
}  # fmt: skip


@pytest.fixture(name="arabic", scope="module")
def _arabic(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder = tmp_path_factory.mktemp("models")
    content = {"ar": ARABIC, "en": ENGLISH}
    return Matcher.load(build(content, PRESSING, folder, semantic=True, workers=0, encoder=FakeEncoder()))


class TestSkeleton:
    @pytest.mark.parametrize(
        ("latin", "arabic"),
        [
            ("3andi mochkila kbira", "عندي مشكلة كبيرة"),
            ("wa7ed byhaddedni yeb3at souri", "واحد بيهددني يبعت صوري"),
            ("khayef a7ki", "خايف احكي"),
            ("5ayef a7ki", "خايف احكي"),
            ("kifak ya sadiqi", "كيفك يا صديقي"),
            ("3ayez flous", "عايز فلوس"),
        ],
    )
    def test_both_scripts_meet(self, latin: str, arabic: str) -> None:
        assert skeleton(normalise(arabic)) == skeleton(normalise(latin))

    @pytest.mark.parametrize("word", ["hada", "ana", "wa7ed"])
    def test_a_skeleton_is_in_normal_form_and_has_as_many_words(self, word: str) -> None:
        bare = skeleton(f"{word} ana 14")

        assert bare == normalise(bare)
        assert 3 == len(bare.split())
        assert bare.endswith(" 14")

    @given(st.text())
    def test_no_text_is_too_odd(self, text: str) -> None:
        normal = normalise(text)

        assert len(normal.split()) == len(skeleton(normal).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3andi", True), ("عندي", False), ("عندي link", False), ("123", False), ("", False)],
)
def test_is_latin(text: str, expected: bool) -> None:  # noqa: FBT001
    assert expected == is_latin(normalise(text))


def test_latin_letters_are_matched_with_what_was_written_in_arabic(arabic: Matcher) -> None:
    match = arabic.match("fi wa7ed byehaddedni yeb3at el souar", "ar")

    assert ("sextortion", "ar", 1) == (match.ranked[0].intent, match.language, match.stage)
    assert ("ar", "en") == arabic.languages


def test_other_languages_keep_their_letters(arabic: Matcher) -> None:
    assert "sextortion" == arabic.match("someone is blackmailing me", "en").ranked[0].intent


def test_the_encoder_is_not_asked_about_what_it_cannot_read(arabic: Matcher) -> None:
    text = "byhaddedni"
    vectors = FakeEncoder().encode([text])

    assert arabic.match(text, "ar") == arabic.match_with(text, vectors, "ar")


@pytest.mark.asyncio
async def test_nor_does_the_second_stage_take_time_for_it(arabic: Matcher) -> None:
    encoder = FakeEncoder()
    semantic = Semantic(arabic, encoder)
    text = "salam marhaba kam si3r flous"
    match = arabic.match(text, "ar")

    assert match is await semantic.rematch(text, match)
    assert [] == encoder.batches
    semantic.close()


def test_explaining_compares_skeletons(arabic: Matcher) -> None:
    explanation = arabic.explain("wa7ed byehaddedni yeb3at souri", "ar", ARABIC)

    assert ("واحد بيهددني يبعت صوري", "sextortion") == explanation.nearest[0][:2]
    assert explanation.nearest[0][2] == pytest.approx(1, abs=1e-3)


def test_a_build_without_arabic_has_no_such_model(built: Path) -> None:
    assert ("en", "it") == tuple(Matcher.load(built).meta.languages)
