"""Sessions: sealed, opened, never trusted unsigned."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SessionError
from bot.messages import Session
from bot.sessions import Sealer
from tests.conftest import NOON

SESSION = Session(
    language="it",
    country="CH",
    audience="parent",
    intent="sextortion",
    pending=("intent:keep_evidence", "no"),
    misses=2,
    turns=7,
    said="c",
    urgent=True,
)


@pytest.fixture(name="sealer")
def _sealer() -> Sealer:
    return Sealer("secret")


def test_what_was_sealed_opens_the_same(sealer: Sealer) -> None:
    assert SESSION == sealer.open(sealer.seal(SESSION, NOON), NOON)


def test_token_is_safe_in_a_url_and_short(sealer: Sealer) -> None:
    token = sealer.seal(SESSION, NOON)

    assert token.replace("-", "a").replace("_", "a").isalnum()
    assert len(token) < 300


def test_another_secret_does_not_open_it(sealer: Sealer) -> None:
    with pytest.raises(SessionError):
        Sealer("other").open(sealer.seal(SESSION, NOON), NOON)


def test_it_opens_for_its_lifetime_and_no_longer(sealer: Sealer) -> None:
    token = sealer.seal(SESSION, NOON)

    assert SESSION == sealer.open(token, NOON + timedelta(hours=24))
    with pytest.raises(SessionError):
        sealer.open(token, NOON + timedelta(hours=26))


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_changed_character_does_not_open(sealer: Sealer, place: int) -> None:
    token = sealer.seal(SESSION, NOON)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(SessionError):
        sealer.open(changed, NOON)


@given(st.text(max_size=3000))
def test_nonsense_raises_nothing_but_a_session_error(token: str) -> None:
    with pytest.raises(SessionError):
        Sealer("secret").open(token, NOON)
