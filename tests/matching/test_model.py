"""The matcher: what a text is taken for, by one stage or by both."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import Matcher, read
from bot.matching.model import CLAUSES, MOST_ENCODED, LanguageMeta, LanguageModel, to_encode

from .conftest import ENGLISH, ITALIAN, FakeEncoder

CASES = [(language, intent, text) for language, texts in (("en", ENGLISH), ("it", ITALIAN))
         for intent, group in texts.items() for text in group]  # fmt: skip


@pytest.mark.parametrize(("language", "intent", "text"), CASES)
def test_what_was_learned_is_known(matcher: Matcher, language: str, intent: str, text: str) -> None:
    """An utterance, or its near copy, is a certain hit."""
    for typed in (text, text.upper() + "!!", text + "?"):
        match = matcher.match(typed, language)
        best = match.ranked[0]

        assert (match.none > best.p) if intent == "none" else (intent == best.intent and best.p > match.none)


def test_new_words_for_the_same_thing(matcher: Matcher) -> None:
    match = matcher.match("they will leak my nudes if i dont send money", "en")

    assert "sextortion" == match.ranked[0].intent
    assert match.urgent == pytest.approx(match.ranked[0].p)
    assert (1, "en") == (match.stage, match.language)


def test_probabilities_add_up(matcher: Matcher) -> None:
    match = matcher.match("is a password good against blackmail", "en")

    assert 1 == pytest.approx(match.none + sum(ranked.p for ranked in match.ranked), abs=1e-5)
    assert [r.p for r in match.ranked] == sorted((r.p for r in match.ranked), reverse=True)
    assert "none" not in {ranked.intent for ranked in match.ranked}


@pytest.mark.parametrize("text", ["", "  ", "?!", "\u200b"])
def test_a_message_without_a_word_is_not_understood(matcher: Matcher, text: str) -> None:
    match = matcher.match(text, "it")

    assert ((), 1.0, "none") == (match.ranked, match.none, match.band)
    assert match == matcher.match_with(text, np.zeros((1, 32), dtype=np.float32), "it").__class__(
        (), 1.0, 0.0, "none", 1, "it"
    )


def test_the_second_stage_hears_the_encoder(matcher: Matcher) -> None:
    reading = read("blackmail")
    vectors = FakeEncoder().encode(to_encode(reading))
    first, second = matcher.match(reading, "en"), matcher.match_with(reading, vectors, "en")

    assert 2 == second.stage
    assert first.ranked[0].intent == second.ranked[0].intent == "sextortion"
    assert first.ranked[0].p != second.ranked[0].p


def test_a_long_story_does_not_hide_its_point(matcher: Matcher) -> None:
    """The point stands in one clause; the small talk around it must not drown it."""
    chat = [
        "my printer does not print today at all",
        "the weather is nice and i bake bread",
        "play some music",
    ]
    point = "he says he will send my pics to everyone if i dont pay"
    for place in range(4):
        text = ". ".join([*chat[:place], point, *chat[place:]])
        match = matcher.match(text, "en")

        assert "sextortion" == match.ranked[0].intent
        assert match.band != "none"


def test_the_encoder_reads_the_whole_and_the_first_clauses() -> None:
    assert ["hi"] == to_encode(read("hi"))
    assert 1 + MOST_ENCODED == len(to_encode(read("he wants money and more. " * 40)))


def test_the_second_stage_of_a_long_story(matcher: Matcher) -> None:
    reading = read(
        "the weather is nice. " * 6 + "he wants 200 euro or he leaks my pictures. " + "play music. " * 6
    )
    vectors = FakeEncoder().encode(to_encode(reading))

    assert "sextortion" == matcher.match_with(reading, vectors, "en").ranked[0].intent


@settings(deadline=None)
@given(st.text(), st.sampled_from(["en", "it"]))
def test_no_text_is_too_odd(matcher: Matcher, text: str, language: str) -> None:
    match = matcher.match(text, language)

    assert 0 <= match.none <= 1
    assert 0 <= match.urgent <= 1 + 1e-5
    assert all(0 <= ranked.p <= 1 for ranked in match.ranked)


def test_an_unknown_language_is_the_callers_mistake(matcher: Matcher) -> None:
    assert ("en", "it") == matcher.languages
    with pytest.raises(KeyError):
        matcher.match("hallo", "de")


def test_without_a_class_for_the_rest_nothing_is_turned_away() -> None:
    meta = LanguageMeta(("a", "b"), "")
    arrays = {"table": np.zeros(4), "idf": np.zeros(1), "weights": np.zeros((1, 2)), "scale": np.ones(2),
              "bias": np.zeros(2), "known": np.zeros(0), "meant": np.zeros(0)}  # fmt: skip
    model = LanguageModel(meta, arrays, frozenset({"b"}))
    match = model.match(np.array([2.0, 1.0], dtype=np.float32), 1, "en")

    assert ("a", "b") == tuple(ranked.intent for ranked in match.ranked)
    assert (0.0, "answer") == (match.none, match.band)
    heard = model.listen(np.array([2.0, 1.0]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    assert [2 - CLAUSES, 1 - CLAUSES] == pytest.approx(heard.tolist())
    opening, after = model.listen(np.zeros(2), np.eye(2))
    assert opening > after
    with pytest.raises(ValueError, match="without the semantic stage"):
        model.semantic(np.zeros((1, 3), dtype=np.float32))
