"""Checks of agencies/: each finding names the file, the line and the mend.

A wrong number is the worst bug of this service, so everything that a machine can doubt is doubted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import phonenumbers
from babel import Locale

from bot.directory.countries import countries
from bot.directory.hours import clock
from bot.directory.schema import CountryFile, Entry, Partner, PhoneEntry, RefusedFile, TextEntry
from bot.problems import Problem
from bot.yamlfile import line_of

_DIAL = re.compile(r"\+?[0-9]{2,15}")
_EMERGENCY = re.compile(r"[0-9]{2,8}")
_URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")
_INTERNATIONAL = "INTERNATIONAL"

_Finding: TypeAlias = tuple[str, str, str]
"""Where in the file ($.services[3].hours), what is wrong, the mend."""


class File(msgspec.Struct, frozen=True):
    """A country file, and the text that lines are counted in."""

    path: str
    stem: str
    text: str
    content: CountryFile


def check(file: File, refused: RefusedFile) -> Iterator[Problem]:
    """Yield all that is wrong with *file* by itself."""
    for where, what, mend in _findings(file):
        yield Problem(file.path, line_of(file.text, where), what, mend)
    for line, what, mend in _refused(file, refused):
        yield Problem(file.path, line, what, mend)


def check_references(files: Sequence[File], partners: Sequence[Partner]) -> Iterator[Problem]:
    """Yield ids that stand twice, and ids that lead nowhere."""
    ids = Counter(entry.id for file in files for entry in file.content.services)
    listed = {
        entry.id
        for file in files
        for entry in file.content.services
        if entry.takes_reports is not False or entry.finder
    }
    for file in files:
        for place, entry in enumerate(file.content.services):
            where = f"$.services[{place}]"
            if ids[entry.id] > 1:
                yield Problem(
                    file.path,
                    line_of(file.text, f"{where}.id"),
                    f"the id {entry.id!r} stands twice",
                    "rename one",
                )
            for other in entry.reports_to:
                if other not in listed:
                    yield Problem(
                        file.path,
                        line_of(file.text, f"{where}.reports_to"),
                        f"no service that takes reports has the id {other!r}",
                        "name one that does",
                    )
    for partner in partners:
        for other in partner.reports_to:
            if other not in listed:
                yield Problem(
                    "agencies/PARTNERS.yaml",
                    0,
                    f"{partner.id}: no service has the id {other!r}",
                    "name one that has",
                )


def _findings(file: File) -> Iterator[_Finding]:
    content = file.content
    yield from _country(file)
    for place, number in enumerate(content.emergency):
        where = f"$.emergency[{place}]"
        if not _EMERGENCY.fullmatch(number.number):
            yield f"{where}.number", f"{number.number!r} is no short number", "write its digits only"
        if not number.purposes:
            yield f"{where}.for", "it says not what the number is for", "fill in for, for example [police]"
        if not number.sources:
            yield f"{where}.sources", "the number has no source", "add one, or move it to unverified"
    prefix = "global-" if content.country == _INTERNATIONAL else f"{content.country.lower()}-"
    for place, entry in enumerate(content.services):
        where = f"$.services[{place}]"
        if not entry.id.startswith(prefix):
            yield f"{where}.id", f"the id {entry.id!r} does not begin with {prefix!r}", "rename it"
        yield from _entry(where, entry, content)
        yield from _addresses(where, entry)
        yield from _hours(where, entry, content)


def _country(file: File) -> Iterator[_Finding]:
    content = file.content
    if content.country != file.stem:
        yield (
            "$.country",
            f"the country is {content.country!r}, the file {file.stem!r}",
            "let them be the same",
        )
    if content.country != _INTERNATIONAL:
        if content.country not in countries():
            yield "$.country", f"there is no country {content.country!r}", "use its ISO 3166-1 code"
        if not content.timezone:
            yield "$.country", "the time zone is missing", "add timezone, for example [Europe/Rome]"
    for place, zone in enumerate(content.timezone):
        if not _zone(zone):
            yield f"$.timezone[{place}]", f"there is no time zone {zone!r}", "use an IANA name"


def _entry(where: str, entry: Entry, content: CountryFile) -> Iterator[_Finding]:
    if not entry.sources:
        yield f"{where}.sources", "the service has no source", "add one, or move it to unverified"
    if not entry.audience:
        yield f"{where}.audience", "it says not for whom the service is", "fill in audience"
    for language in entry.languages:
        if not _language(language):
            yield f"{where}.languages", f"there is no language {language!r}", "use its BCP 47 code"
    for place, phone in enumerate(entry.phones):
        for what, mend in _phone(phone, content.country):
            yield f"{where}.phones[{place}]", what, mend
    for place, line in enumerate(entry.text):
        if not _DIAL.fullmatch(line.dial):
            yield f"{where}.text[{place}]", f"{line.dial!r} cannot be dialled", "write digits only"


def _addresses(where: str, entry: Entry) -> Iterator[_Finding]:
    for field in ("url", "report_url", "chat_url"):
        address = getattr(entry, field)
        if address and not _URL.fullmatch(address):
            yield f"{where}.{field}", f"{address!r} is no web address", "write it in full, with https://"
        elif address and address.startswith("http://") and not _printed(address, entry):
            mend = "use https://, or note that only http: was found"
            yield f"{where}.{field}", f"{address!r} is not encrypted", mend
    doors = entry.phones or entry.text or entry.url or entry.report_url or entry.chat_url or entry.email
    if not doors and entry.takes_reports is not False:
        yield where, "nothing leads to the service", "add a number or an address, or move it to unverified"


def _hours(where: str, entry: Entry, content: CountryFile) -> Iterator[_Finding]:
    zone = entry.timezone or (content.timezone[0] if content.timezone else "UTC")
    if entry.timezone and not _zone(entry.timezone):
        yield f"{where}.timezone", f"there is no time zone {entry.timezone!r}", "use an IANA name"
    elif entry.hours and _zone(zone):
        country = None if content.country == _INTERNATIONAL else content.country
        try:
            clock(entry.hours, zone, country)
        except ValueError:
            mend = 'use the syntax of OpenStreetMap, for example "Mo-Fr 09:00-17:00" or "24/7"'
            yield f"{where}.hours", f"the hours {entry.hours!r} cannot be read", mend


def _phone(phone: PhoneEntry, country: str) -> Iterator[tuple[str, str]]:
    if not _DIAL.fullmatch(phone.dial):
        yield f"{phone.dial!r} cannot be dialled", "write plain digits; a spelling in letters goes into label"
        return
    if phone.number.startswith("+"):
        parsed = _parsed(phone.number, None)
        if parsed is None or not phonenumbers.is_valid_number(parsed):
            yield f"{phone.number} is no valid number", "look it up again"
        elif not _same_number(phone.dial, parsed, country):
            yield f"{phone.dial} does not dial {phone.number}", "let number and dial be the same"
    elif re.sub(r"\D", "", phone.number) != phone.dial:
        yield f"{phone.dial} does not dial {phone.number}", "let number and dial be the same"


def _same_number(dial: str, wanted: phonenumbers.PhoneNumber, country: str) -> bool:
    dialled = _parsed(dial, country)
    return dialled is not None and _e164(dialled) == _e164(wanted)


def _parsed(number: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, None if country == _INTERNATIONAL else country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _printed(address: str, entry: Entry) -> bool:
    """Whether a source or the note vouches for a plain http: address."""
    host = address.split("/")[2].removeprefix("www.")
    return "http:" in (entry.note or "") or any(host in (source.url or "") for source in entry.sources)


def _refused(file: File, refused: RefusedFile) -> Iterator[tuple[int, str, str]]:
    """Find numbers, domains and instructions that must stand nowhere."""
    folded = file.text.casefold()
    for one in refused.domains + refused.phrases:
        for line in _lines(re.escape(one.text.casefold()), folded):
            yield line, f"{one.text!r} must stand nowhere: {one.why}", "take it out"
    for bad in refused.numbers:
        if file.content.country not in bad.countries:
            continue
        digits = re.sub(r"\D", "", bad.number)
        for where, dial in _dials(file.content):
            if dial in (digits, _abroad(digits, file.content.country)):
                yield (
                    line_of(file.text, where),
                    f"{bad.number} is refused: {bad.why}",
                    "use the number of today",
                )
        if len(digits) > 4:
            for line in _lines(r"(?<!\d)" + r"[\s.-]?".join(digits) + r"(?!\d)", file.text):
                yield line, f"{bad.number} is refused: {bad.why}", "use the number of today"


def _lines(pattern: str, text: str) -> Iterator[int]:
    for match in re.finditer(pattern, text):
        yield text.count("\n", 0, match.start()) + 1


def _dials(content: CountryFile) -> Iterator[tuple[str, str]]:
    for place, number in enumerate(content.emergency):
        yield f"$.emergency[{place}]", number.number
    for place, entry in enumerate(content.services):
        lines: tuple[PhoneEntry | TextEntry, ...] = (*entry.phones, *entry.text)
        for line in lines:
            yield f"$.services[{place}]", line.dial


def _abroad(digits: str, country: str) -> str:
    parsed = _parsed(digits, country)
    return digits if parsed is None else _e164(parsed)


@cache
def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(Locale("en").languages)


def _language(tag: str) -> bool:
    return tag.partition("-")[0] in _known_languages() or tag in ("cnr", "pis", "hif")
