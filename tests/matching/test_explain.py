"""Explaining: the pieces that decided and the utterances that are nearest."""

from bot.matching import Matcher

from .conftest import ENGLISH


def test_the_nearest_utterance_comes_first(matcher: Matcher) -> None:
    explanation = matcher.explain("someone is blackmailing me with nudes", "en", ENGLISH)
    text, intent, likeness = explanation.nearest[0]

    assert ("someone is blackmailing me with a nude", "sextortion") == (text, intent)
    assert 0.5 < likeness < 1
    assert list(explanation.nearest) == sorted(explanation.nearest, key=lambda one: -one[2])


def test_an_utterance_is_like_itself(matcher: Matcher) -> None:
    assert (
        1
        > 0.9999 * matcher.explain("what is a password manager", "en", ENGLISH).nearest[0][2]
        > 0.999 * 0.9999
    )


def test_features_that_decided_are_spelled_out(matcher: Matcher) -> None:
    explanation = matcher.explain("a password", "en", ENGLISH)
    weights = dict(explanation.features)

    assert {"[password]", "pass", "assw"} & set(weights)
    assert "passwords" == explanation.match.ranked[0].intent
    assert max(weights.values()) > 0


def test_nothing_to_explain(matcher: Matcher) -> None:
    explanation = matcher.explain("?!", "en", ENGLISH)

    assert ((), ()) == (explanation.features, explanation.nearest)
