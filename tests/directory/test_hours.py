"""Open or closed, in the local time of the service."""

from datetime import UTC, datetime

import pytest

from bot.directory import Directory
from bot.directory.hours import clock, state


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def opens(hours: str, zone: str, country: str | None, now: str) -> tuple[bool | None, str | None, bool]:
    open_now, opens_at, today = state(clock(hours, zone, country), at(now))
    return open_now, opens_at and opens_at.isoformat(), today


def test_open_until_the_last_minute_before_midnight() -> None:
    rome = ("Mo-Su 09:00-24:00", "Europe/Rome", "IT")

    assert opens(*rome, "2026-11-21T23:59:59+01:00") == (True, None, False)
    assert opens(*rome, "2026-11-22T00:00:00+01:00") == (False, "2026-11-22T09:00:00+01:00", True)


def test_closing_time_is_closed() -> None:
    line = ("Mo-Fr 10:00-16:00", "Europe/London", "GB")

    assert opens(*line, "2026-11-24T15:59:59+00:00")[0] is True
    assert opens(*line, "2026-11-24T16:00:00+00:00") == (False, "2026-11-25T10:00:00+00:00", False)


def test_the_clock_is_that_of_the_service(directory: Directory) -> None:
    """Cybertip.ca works by Central Time, whatever time it is in Toronto."""
    closed = directory.service("ca-cybertip", at("2026-11-24T14:29:00+00:00"))
    opened = directory.service("ca-cybertip", at("2026-11-24T14:30:00+00:00"))

    assert closed
    assert opened
    assert (closed.open_now, closed.opens_today) == (False, True)
    assert closed.opens_at == at("2026-11-24T08:30:00-06:00")
    assert opened.open_now is True


def test_now_may_come_from_any_zone() -> None:
    hours = clock("Mo-Fr 08:00-20:00", "Asia/Tokyo", None)

    assert state(hours, at("2026-11-24T23:30:00+00:00")) == state(hours, at("2026-11-25T08:30:00+09:00"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            "2026-03-29T06:59:00+00:00",
            (False, "2026-03-29T09:00:00+02:00", True),
        ),  # summer time began that night
        ("2026-03-29T07:00:00+00:00", (True, None, False)),
        ("2026-10-25T07:59:00+00:00", (False, "2026-10-25T09:00:00+01:00", True)),  # and ended that night
        ("2026-10-25T08:00:00+00:00", (True, None, False)),
    ],
)
def test_the_change_of_clocks(now: str, expected: tuple[bool, str | None, bool]) -> None:
    assert opens("Mo-Su 09:00-23:00", "Europe/Paris", "FR", now) == expected


def test_on_a_holiday_office_hours_are_unknown() -> None:
    assert opens("Mo-Fr 09:00-17:00", "Europe/Berlin", "DE", "2026-12-25T12:00:00+01:00") == (
        None,
        None,
        False,
    )


def test_a_line_that_is_open_every_day_is_open_on_a_holiday() -> None:
    assert opens("Mo-Su 09:00-23:00", "Europe/Paris", "FR", "2026-12-25T12:00:00+01:00")[0] is True


def test_a_line_that_says_it_is_closed_on_holidays_is_closed() -> None:
    assert opens("Mo-Fr 08:30-16:00; PH off", "America/Winnipeg", "CA", "2026-12-25T12:00:00-06:00") == (
        False,
        "2026-12-28T08:30:00-06:00",
        False,
    )


def test_the_next_opening_is_not_promised_for_a_holiday() -> None:
    assert opens("Mo-Fr 09:00-17:00", "Europe/Berlin", "DE", "2026-12-24T18:00:00+01:00")[1] == (
        "2026-12-28T09:00:00+01:00"
    )


def test_a_country_without_a_calendar_of_holidays_still_has_hours() -> None:
    assert opens("Mo-Su 08:00-20:00", "Asia/Dubai", "AE", "2026-11-24T12:00:00+04:00")[0] is True


def test_what_never_opens_promises_nothing() -> None:
    assert opens("24/7 off", "UTC", None, "2026-11-24T12:00:00+00:00") == (False, None, False)


def test_unknown_hours_stay_unknown(directory: Directory) -> None:
    listing = directory.service("gb-ceop", datetime(2026, 11, 24, tzinfo=UTC))

    assert listing
    assert (listing.open_now, listing.opens_at, listing.opens_today) == (None, None, False)
    assert opens("Mo-Fr 09:00-17:00 unknown", "UTC", None, "2026-11-24T12:00:00+00:00") == (None, None, False)


@pytest.mark.parametrize("hours", ["nine to five", "Mo-Fr 25:00-99:00", "Mo-Fr 14:00-22:00 (phone)"])
def test_hours_that_cannot_be_read_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        clock(hours, "UTC", None)
