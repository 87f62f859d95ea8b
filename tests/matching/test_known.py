"""Known messages: an utterance is a certain hit."""

import numpy as np
import pytest

from bot.matching import Matcher
from bot.matching.known import find, index

from .conftest import ENGLISH


@pytest.mark.parametrize("intent", ["sextortion", "passwords", "greeting"])
def test_an_utterance_is_answered_with_its_intent_for_certain(matcher: Matcher, intent: str) -> None:
    for text in ENGLISH[intent]:
        match = matcher.match(text, "en")
        assert (intent, "answer") == (match.ranked[0].intent, match.band)
        assert match.ranked[0].p > 0.99


def test_case_accents_and_punctuation_do_not_matter(matcher: Matcher) -> None:
    match = matcher.match("  HOW do I make … a  STRÓNG passwórd?!  ", "en")

    assert "passwords" == match.ranked[0].intent
    assert match.ranked[0].p > 0.99


def test_what_is_known_to_be_none_of_ours_is_turned_away(matcher: Matcher) -> None:
    for text in ENGLISH["none"]:
        assert "none" == matcher.match(text, "en").band


def test_a_text_of_two_intents_is_certain_for_neither() -> None:
    arrays = index(["hello", "help me", "hello", "bye"], np.array([0, 1, 2, 2]))

    assert [None, 1, 2] == [find(normal, **arrays) for normal in ("hello", "help me", "bye")]


def test_another_text_is_not_known() -> None:
    arrays = index(["hello"], np.array([0]))

    assert find("hello there", **arrays) is None
    assert find("", **index([], np.array([], dtype=np.int64))) is None
