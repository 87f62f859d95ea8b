"""Contacts: what a card says."""

from datetime import UTC, datetime

import pytest

from bot.contacts import MOST, WHY, Contacts
from bot.content import Library
from bot.messages import Contact

NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""A Tuesday in Europe."""


@pytest.fixture(name="contacts")
def _contacts(library: Library) -> Contacts:
    return Contacts(library)


def cards(contacts: Contacts, country: str, language: str) -> list[Contact]:
    kinds = [kind for kind in WHY if kind != "emergency"]
    return [card for kind in kinds for card in contacts.find(country, (kind,), None, language, None, NIGHT)]


def test_a_closed_service_says_when_it_opens(contacts: Contacts) -> None:
    closed = [card for card in cards(contacts, "GB", "en") if card.open_now is False and card.opens_at]

    assert closed
    for card in closed:
        at = datetime.fromisoformat(str(card.opens_at))
        assert f"{at.hour % 12 or 12}:{at:%M}" in str(card.hours_text)
        assert "local time" in str(card.hours_text)


def test_hours_are_told_in_the_language(contacts: Contacts) -> None:
    english = {card.id: card.hours_text for card in cards(contacts, "IT", "en") if card.hours_text}
    italian = {card.id: card.hours_text for card in cards(contacts, "IT", "it") if card.hours_text}

    assert english
    assert english.keys() == italian.keys()
    assert all(english[one] != italian[one] for one in english)


def test_every_card_says_why_it_is_there_and_when_it_was_checked(
    contacts: Contacts, library: Library
) -> None:
    for language in library.live:
        for card in cards(contacts, "FR", language):
            assert card.why
            assert card.verified_on


def test_at_most_a_handful_are_listed(contacts: Contacts) -> None:
    assert len(contacts.find("US", tuple(WHY), None, "en", "child", NIGHT)) <= MOST


def test_an_emergency_number_can_be_dialled_at_any_hour(contacts: Contacts) -> None:
    numbers = contacts.emergency("AE", "ar")

    assert numbers
    assert all(card.open_now and card.phones[0].dial.isdigit() for card in numbers)


def test_nobody_s_country_has_no_emergency_number(contacts: Contacts) -> None:
    assert () == contacts.emergency(None, "en")
    assert () == contacts.emergency("AQ", "en")
