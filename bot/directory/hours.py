"""Opening hours: whether people answer at a moment, in the local time of the service.

Never claims that a service is open when it may be closed: on a public holiday, hours that name
weekdays and say nothing of holidays are unknown.
"""

import re
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from opening_hours import (  # type: ignore[attr-defined]  # its stubs leave the errors out
    OpeningHours,
    ParserError,
    UnknownCountryError,
)

_UTC = ZoneInfo("UTC")
_WEEKDAYS = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b")
_LOOK_AHEAD = 30
"""Changes of state that are looked at to find the next opening."""

State: TypeAlias = tuple[bool | None, datetime | None, bool]
"""open_now, opens_at, opens_today."""

UNKNOWN: State = (None, None, False)


class Clock(msgspec.Struct, frozen=True):
    """The hours of one service, parsed."""

    hours: OpeningHours
    holidays: OpeningHours | None
    """Public holidays, where they put the hours in doubt."""


def clock(hours: str, zone: str, country: str | None) -> Clock:
    """
    Parse *hours* (OSM opening hours) of a service in *zone*; *country* gives the holidays.

    Raises:
        ValueError: *hours* is not in the syntax.
    """
    place = ZoneInfo(zone)
    try:
        try:
            parsed = OpeningHours(hours, timezone=place, country=country)
        except UnknownCountryError:
            country = None
            parsed = OpeningHours(hours, timezone=place)
    except ParserError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    doubtful = country and "PH" not in hours and _WEEKDAYS.search(hours.replace("Mo-Su", ""))
    return Clock(parsed, OpeningHours("PH", timezone=place, country=country) if doubtful else None)


def state(clock: Clock, now: datetime) -> State:
    """Tell whether *clock* is open at *now* (aware), and if not, when it opens in local time."""
    moment = now.astimezone(UTC).replace(tzinfo=_UTC)
    if clock.hours.is_open(moment):
        return (None, None, False) if _holiday(clock, moment) else (True, None, False)
    if clock.hours.is_unknown(moment):
        return UNKNOWN
    opens = _opening(clock, moment)
    return False, opens, opens is not None and opens.date() == moment.astimezone(opens.tzinfo).date()


def _opening(clock: Clock, moment: datetime) -> datetime | None:
    change = clock.hours.next_change(moment)
    for _ in range(_LOOK_AHEAD):
        if change is None:
            return None
        if clock.hours.is_open(change) and not _holiday(clock, change):
            return change
        change = clock.hours.next_change(change)
    return None


def _holiday(clock: Clock, moment: datetime) -> bool:
    return clock.holidays is not None and clock.holidays.is_open(moment)
