"""Loading: the files of agencies/ become the Data of a Directory; all problems are collected."""

from collections.abc import Iterator
from pathlib import Path

from bot.directory.checks import File, check, check_references
from bot.directory.model import Body, Data, Emergency, Recheck, Service
from bot.directory.schema import CountryFile, EmergencyEntry, Entry, Partner, PartnersFile, RefusedFile
from bot.messages import Phone, TextLine
from bot.problems import Problem
from bot.text import normalise
from bot.yamlfile import loads

INTERNATIONAL = "INTERNATIONAL"
_PARTNERS, _REFUSED = "PARTNERS", "refused"
_LAST = ("text_only", "police_non_emergency")
"""Purposes that come after the numbers to ring in danger."""


def read(folder: Path, problems: list[Problem]) -> Data:
    """
    Read all YAML files of *folder*; what is wrong is appended to *problems*.

    Files with problems are left out, so that the rest can be checked and shown.
    """
    files: list[File] = []
    partners: tuple[Partner, ...] = ()
    refused = RefusedFile((), ())
    for path in sorted(folder.glob("*.yaml")):
        name = str(path.relative_to(folder.parent))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, 0, f"cannot be read ({error})", "save it as UTF-8 text"))
            continue
        if path.stem == _REFUSED:
            refused = loads(text, RefusedFile, problems, name) or refused
        elif path.stem == _PARTNERS:
            if loaded := loads(text, PartnersFile, problems, name):
                partners = loaded.partners
        elif found := loads(text, CountryFile, problems, name):
            files.append(File(name, path.stem, text, found))
    if not files:
        problems.append(
            Problem(folder.name, 0, "holds no country", "add agencies/CC.yaml; see agencies/README.md")
        )
    sound = []
    for file in files:
        wrong = list(check(file, refused))
        problems.extend(wrong)
        if not wrong:
            sound.append(file)
    problems.extend(check_references(files, partners))
    return _data(sound, partners, refused)


def _data(files: list[File], partners: tuple[Partner, ...], refused: RefusedFile) -> Data:
    services = tuple(_service(file.content, entry) for file in files for entry in file.content.services)
    entries = [(file.content, entry) for file in files for entry in file.content.services]
    bodies = [_body(file, entry) for file, entry in entries] + [_partner(partner) for partner in partners]
    names: list[tuple[str, int]] = []
    owners: list[Entry | Partner] = [*(entry for _, entry in entries), *partners]
    for index, owner in enumerate(owners):
        names += [(name, index) for name in _names(owner)]
    return Data(
        services=services,
        emergency={
            file.content.country: tuple(
                _emergency(one) for one in sorted(file.content.emergency, key=_urgency)
            )
            for file in files
            if file.content.emergency
        },
        timezones={file.content.country: file.content.timezone for file in files if file.content.timezone},
        bodies=tuple(bodies),
        names=tuple(names),
        texts={f"agencies.{body.id}.today": body.today for body in bodies if body.today},
        rechecks=tuple(
            sorted(
                (one for file in files for one in _rechecks(file.content)),
                key=lambda one: (("low", "unsourced", "medium").index(one.confidence), one.country, one.id),
            )
        ),
        refused=refused,
    )


def _urgency(one: EmergencyEntry) -> tuple[bool, bool, int]:
    purposes = ("any", "police", "child_in_danger", "ambulance", "fire", *_LAST)
    return one.purposes[0] in _LAST, one.confidence != "high", purposes.index(one.purposes[0])


def _emergency(one: EmergencyEntry) -> Emergency:
    return Emergency(
        number=one.number,
        purpose=one.purposes[0],
        purposes=one.purposes,
        label=one.label,
        confidence=one.confidence,
        verified_on=one.verified_on,
    )


def _service(file: CountryFile, entry: Entry) -> Service:
    return Service(
        id=entry.id,
        name=entry.name,
        name_en=entry.name_en,
        kind=entry.kind,
        kinds=(entry.kind, *(kind for kind in entry.also if kind != entry.kind)),
        country=None if file.country == INTERNATIONAL else file.country,
        area=entry.area,
        url=entry.url,
        report_url=entry.report_url,
        chat_url=entry.chat_url,
        email=entry.email,
        phones=tuple(Phone(number=p.number, dial=p.dial, free=p.free, label=p.label) for p in entry.phones),
        text=tuple(TextLine(number=t.number, dial=t.dial, how=t.how) for t in entry.text),
        hours=entry.hours,
        timezone=entry.timezone or (file.timezone[0] if file.timezone else "UTC"),
        languages=entry.languages,
        audience=entry.audience,
        anonymous=entry.anonymous,
        needs=entry.needs,
        not_for=entry.not_for,
        finder=entry.finder,
        listed=_listed(entry),
        confidence=entry.confidence,
        verified_on=entry.verified_on,
    )


def _listed(entry: Entry) -> bool:
    return entry.takes_reports is not False or entry.finder


def _body(file: CountryFile, entry: Entry) -> Body:
    for_all = any(one in ("child", "parent", "anyone") for one in entry.audience)
    own = (entry.id,) if _listed(entry) and for_all else ()
    return Body(
        id=entry.id,
        name=entry.name,
        today=entry.today or "",
        country=None if file.country == INTERNATIONAL else file.country,
        reports_to=entry.reports_to or own,
        needs=() if entry.takes_reports is not False else tuple(dict.fromkeys((entry.kind, *entry.also))),
    )


def _partner(partner: Partner) -> Body:
    return Body(
        id=partner.id,
        name=partner.name,
        today=partner.today,
        country=partner.country,
        reports_to=partner.reports_to,
        needs=partner.needs,
    )


def _names(owner: Entry | Partner) -> Iterator[str]:
    """Every name that leads to *owner*; the full names count only where they are long enough to be names."""
    yield from owner.aliases
    yield from owner.formerly
    exactly = {normalise(name) for name in owner.aliases if name.startswith("=")}
    if (" " in owner.name or not owner.name.isascii()) and normalise(owner.name) not in exactly:
        yield owner.name
    english = owner.name_en if isinstance(owner, Entry) else None
    if english and english.count(" ") >= 3 and normalise(english) not in exactly:
        yield english


def _rechecks(file: CountryFile) -> Iterator[Recheck]:
    for one in file.unverified:
        yield Recheck(
            country=file.country,
            id=one.id,
            field=one.field,
            value=one.value,
            confidence=one.confidence,
            why=one.why,
        )
    for entry in file.services:
        if entry.confidence == "medium":
            why = (
                "only in lists of third parties" if entry.evidence else "one third-party source, or old ones"
            )
            yield Recheck(
                country=file.country, id=entry.id, field=None, value=None, confidence="medium", why=why
            )
    for number in file.emergency:
        if number.confidence == "medium":
            yield Recheck(
                country=file.country,
                id=f"{file.country.lower()}-emergency-{number.number}",
                field=None,
                value=number.number,
                confidence="medium",
                why="one source",
            )
