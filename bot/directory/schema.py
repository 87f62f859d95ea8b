"""What a file of agencies/ holds: frozen structs.

A file tells everything a fact-checker knows, sources included; a visitor is only ever shown
a Service, which comes from an entry of `services` (confidence high or medium). What nobody
confirmed stands under `unverified`, is never shown, and is listed by `signpost coverage`.
"""

from datetime import date
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal[
    "police",
    "hotline",
    "child_helpline",
    "crisis",
    "victim_support",
    "missing_children",
    "cybercrime",
    "offender_prevention",
    "takedown",
    "trafficking",
    "bullying",
    "regulator",
]
Topic: TypeAlias = Literal[
    "abuse",
    "csam",
    "grooming",
    "sextortion",
    "nude_image_shared",
    "cyberbullying",
    "hacking",
    "scam",
    "self_harm",
    "missing",
    "trafficking",
    "own_thoughts",
]
Purpose: TypeAlias = Literal[
    "any",
    "police",
    "child_in_danger",
    "ambulance",
    "fire",
    "text_only",
    "police_non_emergency",
]
For: TypeAlias = Literal["child", "parent", "professional", "anyone", "adult"]
"""For whom a service is; *adult* means over-18s about themselves, and is never shown to a child."""
Confidence: TypeAlias = Literal["high", "medium"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a fact was read: an address or, where none was kept, who published it."""

    url: str | None = None
    publisher: str | None = None
    page: str | None = None
    """Which page of the publisher, where only that is known."""
    date: str | None = None
    """When it was published or read: YYYY, YYYY-MM or YYYY-MM-DD."""
    excerpt: str | None = None


class EmergencyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One emergency number."""

    number: str
    purposes: tuple[Purpose, ...] = msgspec.field(name="for")
    label: str | None = None
    confidence: Confidence
    sources: tuple[Source, ...]
    verified_on: date
    note: str | None = None


class PhoneEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number to ring."""

    number: str
    dial: str
    label: str | None = None
    free: bool | None = None


class TextEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number to write to."""

    number: str
    dial: str
    how: str


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One service of an agency, as a fact-checker writes it."""

    id: str
    name: str
    name_en: str | None = None
    kind: Kind
    also: tuple[Kind, ...] = ()
    """Further kinds of need that it serves."""
    operator: str | None = None
    area: str | None = None
    """Where it serves, if not the whole country."""
    url: str | None = None
    report_url: str | None = None
    chat_url: str | None = None
    email: str | None = None
    phones: tuple[PhoneEntry, ...] = ()
    text: tuple[TextEntry, ...] = ()
    hours: str | None = None
    """When people answer the phone, as OSM opening hours."""
    timezone: str | None = None
    """Where its clock differs from the first time zone of the country."""
    languages: tuple[str, ...] = ()
    audience: tuple[For, ...]
    anonymous: bool | None = None
    needs: tuple[Topic, ...] = ()
    """Topics that it handles."""
    not_for: tuple[Topic, ...] = ()
    """Topics that it turns away by its own words."""
    takes_reports: bool | None = None
    """False for a body that the public cannot report to: it only answers questions about itself."""
    finder: bool = False
    """A page that leads to the service of one's own country, and helps nobody itself."""
    reports_to: tuple[str, ...] = ()
    """Ids of the services that take its reports now."""
    aliases: tuple[str, ...] = ()
    """Short names that people use; with = in front only exactly so, capitals and all."""
    formerly: tuple[str, ...] = ()
    """Names that it had, or bodies that it replaced."""
    today: str | None = None
    """What it is today, for a question about it: one to three short English sentences."""
    confidence: Confidence
    evidence: Literal["third_party_lists_only"] | None = None
    sources: tuple[Source, ...]
    verified_on: date
    note: str | None = None


class Unverified(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact that must be checked before anybody may see it."""

    id: str
    """Of the service, or CC-emergency-NUMBER."""
    name: str | None = None
    kind: str | None = None
    field: str | None = None
    """Of a listed service the one field in doubt; absent for a whole entry."""
    value: str | None = None
    confidence: Literal["low", "unsourced"]
    why: str
    sources: tuple[Source, ...] = ()


class CountryFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file agencies/CC.yaml; INTERNATIONAL.yaml has neither time zone nor emergency numbers."""

    country: str
    timezone: tuple[str, ...] = ()
    emergency: tuple[EmergencyEntry, ...] = ()
    services: tuple[Entry, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    note: str | None = None


class Partner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A body that people ask about, and that takes no reports itself."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    role: str
    today: str
    url: str | None = None
    country: str | None = None
    reports_to: tuple[str, ...] = ()
    needs: tuple[Kind, ...] = ()
    """Kinds of services of one's own country to show instead."""
    confidence: Literal["high", "medium", "low"]
    sources: tuple[Source, ...]
    verified_on: date
    note: str | None = None


class PartnersFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """PARTNERS.yaml."""

    partners: tuple[Partner, ...]


class RefusedNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that circulates and is wrong."""

    countries: tuple[str, ...]
    number: str
    why: str


class RefusedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A domain or an instruction that must stand nowhere."""

    text: str
    why: str


class RefusedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """refused.yaml."""

    numbers: tuple[RefusedNumber, ...]
    domains: tuple[RefusedText, ...]
    phrases: tuple[RefusedText, ...] = ()
