"""What travels between the rooms of the house: frozen structs, and the API's schema.

The names of the fields are the contract with the outside: fields may be added,
none is renamed or dropped.
"""

from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

Audience: TypeAlias = Literal["child", "parent"]
"""Whose question it is; absent means unknown, and a child's standard holds."""


class Severity(StrEnum):
    """How much is at stake, gravest first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    CONCERN = "concern"
    ADVICE = "advice"
    SERVICE = "service"
    SMALLTALK = "smalltalk"

    @property
    def pressing(self) -> bool:
        """Whether contacts must stand in every answer."""
        return self in (Severity.EMERGENCY, Severity.URGENT)


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived, from whichever channel."""

    text: str = ""
    """What the person typed."""
    choice: str | None = None
    """The *choice* of a tapped button."""
    language: str | None = None
    """BCP 47 tag of the page or profile: a hint."""
    country: str | None = None
    """ISO 3166-1 alpha-2: a hint."""
    audience: Audience | None = None
    """A hint; what the person says wins."""


class Session(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename={
        "language": "l",
        "country": "c",
        "audience": "a",
        "intent": "i",
        "pending": "p",
        "misses": "m",
        "turns": "t",
        "urgent": "u",
        "said": "s",
    },
):
    """What is remembered of a conversation; never any text of it."""

    language: str | None = None
    country: str | None = None
    audience: Audience | None = None
    intent: str | None = None
    """The last intent that was answered."""
    pending: tuple[str, ...] = ()
    """Intents offered in the last question back, so that "yes" or "2" means one of them."""
    misses: int = 0
    """Turns in a row that were not understood."""
    turns: int = 0
    """Turns so far: the first reply introduces the robot."""
    said: str = ""
    """Which of c(ountry), l(anguage), a(udience) the person said or tapped: those outweigh a page's hint."""
    urgent: bool = False
    """Whether danger came up in this conversation: help then stays in sight."""


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A number that a person can ring."""

    number: str
    """International format where the number has one, else as it is dialled."""
    dial: str
    """Plain digits for a tel: link (a leading + allowed)."""
    free: bool | None = None
    label: str | None = None
    """A vanity spelling or what the number is for, never dialled."""


class TextLine(msgspec.Struct, frozen=True, kw_only=True):
    """A number that a person can write to."""

    number: str
    dial: str
    how: str
    """SMS, WhatsApp, Telegram …"""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One service of an agency, as a visitor sees it."""

    id: str
    name: str
    kind: str
    why: str
    """One line in the visitor's language: what this service is for."""
    phones: tuple[Phone, ...] = ()
    text: tuple[TextLine, ...] = ()
    url: str | None = None
    report_url: str | None = None
    chat_url: str | None = None
    hours: str | None = None
    """OSM opening hours, or 24/7."""
    hours_text: str | None = None
    """The same in the visitor's words: "open now", "opens at 08:00 local time"."""
    open_now: bool | None = None
    opens_at: str | None = None
    """Local time of the service, ISO 8601 with offset, when it is closed now."""
    languages: tuple[str, ...] = ()
    anonymous: bool | None = None
    country: str | None = None
    """Where the service is; absent for an international one."""
    verified_on: str
    """The day the facts were last checked, ISO 8601."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A button."""

    title: str
    choice: str
    """What comes back when it is tapped: intent:ID, country:CC, language:TAG, audience:A, help."""


class TextBlock(msgspec.Struct, frozen=True, tag="text", tag_field="type"):
    """A paragraph or several."""

    text: str


class ContactsBlock(msgspec.Struct, frozen=True, tag="contacts", tag_field="type"):
    """Services, best first."""

    contacts: tuple[Contact, ...]


class ChoicesBlock(msgspec.Struct, frozen=True, tag="choices", tag_field="type"):
    """Buttons."""

    choices: tuple[Choice, ...]


Block: TypeAlias = TextBlock | ContactsBlock | ChoicesBlock

Outcome: TypeAlias = Literal["answered", "clarify", "not_understood", "updated"]


class IntentRef(msgspec.Struct, frozen=True, kw_only=True):
    """The intent of an answer."""

    id: str
    severity: Severity
    confidence: float
    """0 to 1, calibrated."""


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """A next-best intent."""

    id: str
    title: str
    confidence: float


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The rendered answer."""

    outcome: Outcome
    intent: IntentRef | None
    alternatives: tuple[Alternative, ...]
    language: str
    direction: Literal["ltr", "rtl"]
    country: str | None
    audience: Audience | None
    reply: tuple[Block, ...]
