"""What the directory shows: services ready to display, and the bodies that questions are about."""

from datetime import date, datetime
from typing import Literal

import msgspec

from bot.directory.schema import Confidence, For, Kind, Purpose, RefusedFile, Topic
from bot.messages import Phone, TextLine


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency number as it is dialled."""

    number: str
    purpose: Purpose
    """The first of what it is for."""
    purposes: tuple[Purpose, ...]
    label: str | None
    confidence: Confidence
    verified_on: date


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One door of an agency, ready to show."""

    id: str
    name: str
    name_en: str | None
    kind: Kind
    kinds: tuple[Kind, ...]
    """All needs that it serves, its own kind first."""
    country: str | None
    """Absent for an international one."""
    area: str | None
    url: str | None
    report_url: str | None
    chat_url: str | None
    email: str | None
    phones: tuple[Phone, ...]
    text: tuple[TextLine, ...]
    hours: str | None
    timezone: str
    languages: tuple[str, ...]
    audience: tuple[For, ...]
    anonymous: bool | None
    needs: tuple[Topic, ...]
    not_for: tuple[Topic, ...]
    finder: bool
    listed: bool
    """False for a body that only answers questions about itself."""
    confidence: Confidence
    verified_on: date


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A service at a moment."""

    service: Service
    open_now: bool | None
    """Whether people answer now; None where that is not known."""
    opens_at: datetime | None
    """When it opens next, in its own local time; only while it is closed."""
    opens_today: bool
    """Whether that is still the same day there."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that a text names."""

    id: str
    name: str
    today: str
    """What it is today; "" where its card says it all. Translated under agencies.ID.today."""
    country: str | None
    reports_to: tuple[str, ...]
    """Services to show, best first; may be empty."""
    needs: tuple[Kind, ...]
    """Else kinds of services of the visitor's own country."""


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list that fact-checkers work through."""

    country: str
    id: str
    field: str | None
    value: str | None
    confidence: Literal["medium", "low", "unsourced"]
    why: str


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """All that a Directory is made of: encodes to one msgpack blob and back."""

    services: tuple[Service, ...] = ()
    emergency: dict[str, tuple[Emergency, ...]] = {}
    timezones: dict[str, tuple[str, ...]] = {}
    bodies: tuple[Body, ...] = ()
    names: tuple[tuple[str, int], ...] = ()
    """A name and the index of its body."""
    texts: dict[str, str] = {}
    rechecks: tuple[Recheck, ...] = ()
    refused: RefusedFile = RefusedFile((), ())
