"""Directory: who helps, where, for what, and whether they answer now. In memory and immutable.

Order of the services found: the kinds of need as asked for; within a kind, confirmed before
less confirmed, reachable now, in the person's language, for the whole country, for the topic,
made for this audience, free and anonymous for children.
"""

from typing import TypeAlias
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from babel import Locale
from babel.languages import get_official_languages

from bot.directory.hours import UNKNOWN, Clock, State, clock, state
from bot.directory.names import Names
from bot.directory.schema import Body, Data, Emergency, Listing, Recheck, Service
from bot.messages import Audience
from bot.problems import Problem

FORMS = ("police", "hotline", "takedown", "cybercrime", "bullying", "regulator")
"""Kinds whose online form counts as reachable day and night."""
HUMAN = ("child_helpline", "victim_support", "crisis")
"""Kinds whose phone, text or chat is answered by a person who listens."""
_NO_LISTENER = frozenset({"cybercrime", "regulator", "offender_prevention"})
"""Needs for which nobody to listen is added."""
TOPICS: dict[str, tuple[str, ...]] = {
    "abuse": ("police", "child_helpline", "victim_support"),
    "csam": ("hotline", "police"),
    "grooming": ("police", "hotline", "child_helpline"),
    "sextortion": ("police", "takedown", "child_helpline", "hotline"),
    "nude_image_shared": ("takedown", "police", "child_helpline"),
    "cyberbullying": ("bullying", "child_helpline"),
    "hacking": ("cybercrime", "police"),
    "scam": ("cybercrime", "police"),
    "self_harm": ("crisis", "child_helpline"),
    "missing": ("police", "missing_children", "child_helpline"),
    "trafficking": ("trafficking", "police", "child_helpline"),
    "own_thoughts": ("offender_prevention",),
}
"""Kinds of services for each topic, in order."""
KINDS = (
    "police", "hotline", "child_helpline", "crisis", "victim_support", "missing_children", "cybercrime",
    "offender_prevention", "takedown", "trafficking", "bullying", "regulator",
)
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
"""CLDR regions of two letters that are no ISO 3166-1 country."""
_AGAINST_CHILDREN = frozenset({"abuse", "csam", "grooming", "sextortion", "nude_image_shared"})
"""Topics whose forms overlap: whoever takes one seldom turns the other away."""
_MADE_FOR = {"child": 2, "parent": 1}
"""How ill a listener may fit whoever asks: a parent is not sent to a line for children."""
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "tl": "fil", "iw": "he", "in": "id"}
_REMEMBERED = 4096
_ENOUGH = 2

_Query: TypeAlias = tuple[str | None, tuple[str, ...], str | None, str, str | None, int]
_Pick: TypeAlias = tuple[int, Service]
"""Place of the need, service."""


@cache
def countries() -> frozenset[str]:
    """Give the ISO 3166-1 alpha-2 codes, and XK for Kosovo."""
    regions = Locale("en").territories
    return frozenset(code for code in regions if len(code) == 2 and code.isalpha()) - _NO_COUNTRY | {"XK"}


class Directory:
    """All agencies. Built from plain *data*, which encodes to one msgpack blob."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self._by_id = {service.id: service for service in data.services}
        self._clocks: dict[str, Clock] = {
            service.id: clock(service.hours, service.timezone, service.country)
            for service in data.services if service.hours and service.hours != "24/7"
        }
        self._places: dict[str | None, list[Service]] = {}
        for service in data.services:
            if service.listed:
                self._places.setdefault(service.country, []).append(service)
        self.order = {service.id: place for place, service in enumerate(data.services)}
        self._names = Names(data.bodies, data.names)
        self._found: tuple[int, dict[_Query, tuple[Listing, ...]]] = (-1, {})

    @classmethod
    def load(cls, folder: Path, problems: list[Problem]) -> "Directory":
        """Read all files of *folder* (agencies/); what is wrong is appended to *problems*."""
        from bot.directory.load import read

        return cls(read(folder, problems))

    def encode(self) -> bytes:
        """Give the whole directory as msgpack; Directory.decode reads it back in milliseconds."""
        return msgspec.msgpack.encode(self.data)

    @classmethod
    def decode(cls, blob: bytes) -> "Directory":
        """Build a directory from what encode() gave."""
        return cls(msgspec.msgpack.decode(blob, type=Data))

    def known(self, country: str) -> bool:
        """Whether *country* is a country code (capitals), with or without a file of its own."""
        return country in countries()

    def covered(self) -> frozenset[str]:
        """Give the countries that have at least one service to show."""
        return frozenset(place for place in self._places if place)

    def emergency(self, country: str) -> tuple[Emergency, ...]:
        """Give the emergency numbers of *country*, any and police first; may be empty."""
        return self.data.emergency.get(country, ())

    def texts(self) -> dict[str, str]:
        """Give the English texts that are translated: agencies.ID.today to its sentences."""
        return dict(self.data.texts)

    def to_verify(self) -> tuple[Recheck, ...]:
        """Give all that fact-checkers should look up: low and unsourced first, then medium."""
        return self.data.rechecks

    def needs_of(self, need: str) -> tuple[tuple[str, ...], str | None]:
        """Give the kinds of services and the topic for *need*, a kind or a topic; ((), None) for neither."""
        if need in KINDS:
            return (need,), "missing" if need == "missing_children" else None
        return TOPICS.get(need, ()), need if need in TOPICS else None

    def named(self, text: str, country: str | None = None) -> tuple[Body, ...]:
        """Give the agencies that *text* names; where several share a name, those of *country*."""
        return self._names.find(text, country)

    def service(self, name: str, now: datetime) -> Listing | None:
        """Give the service with the id *name* as it is at *now* (aware)."""
        service = self._by_id.get(name)
        return self._listing(service, now) if service else None

    def find(
        self, country: str | None, needs: Sequence[str], *, about: str | None = None, language: str = "en",
        audience: Audience | None = None, now: datetime, limit: int = 4,
    ) -> tuple[Listing, ...]:
        """
        Give up to *limit* services for *needs* (kinds, in the order wanted), best first.

        *country* None gives international ones only. *about* is the topic they should handle,
        *language* a BCP 47 tag, *now* an aware time. An unknown audience is served as a child.
        """
        minute = int(now.timestamp()) // 60
        if self._found[0] != minute or len(self._found[1]) > _REMEMBERED:
            self._found = (minute, {})
        found = self._found[1]
        query = (country, tuple(needs), about, language, audience, limit)
        if query not in found:
            found[query] = self._find(query, datetime.fromtimestamp(minute * 60, UTC))
        return found[query]

    def _find(self, query: _Query, now: datetime) -> tuple[Listing, ...]:
        country, needs, about, language, audience, limit = query
        search = _Search(self, needs, about, language, audience, now)
        national = self._places.get(country, []) if country else []
        worldwide = self._places.get(None, [])
        doers = [service for service in worldwide if not service.finder] if country else worldwide
        picks = search.pick(national, doers, limit)
        if country:
            search.listener(picks, national, limit)
            if len(picks) < _ENOUGH:
                search.fill(picks, worldwide, min(limit, _ENOUGH))
        if not picks:
            search.anybody(picks, [*national, *worldwide])
        picks.sort(key=lambda pick: pick[0])
        return tuple(self._listing(service, now) for _, service in picks[:limit])

    def _listing(self, service: Service, now: datetime) -> Listing:
        open_now, opens_at, opens_today = self.state(service, now)
        return Listing(service=service, open_now=open_now, opens_at=opens_at, opens_today=opens_today)

    def state(self, service: Service, now: datetime) -> State:
        """Tell whether *service* answers at *now*, and when it opens."""
        if service.hours == "24/7":
            return True, None, False
        found = self._clocks.get(service.id)
        return state(found, now) if found else UNKNOWN


class _Search:
    """One query: what fits, in which order."""

    def __init__(
        self, directory: Directory, needs: tuple[str, ...], about: str | None, language: str,
        audience: str | None, now: datetime,
    ) -> None:
        self._needs, self._about, self._audience = needs, about, audience
        base = language.partition("-")[0].lower()
        self._language = _SAME_LANGUAGE.get(base, base)
        self._order = directory.order
        self._open: dict[str, bool | None] = {}
        self._state = lambda service: directory.state(service, now)[0]

    def pick(self, national: list[Service], worldwide: list[Service], limit: int) -> list[_Pick]:
        """
        Take the best of each need in turn, then the second best, so that no kind crowds out another.

        A need that nobody in the country serves goes to those of *worldwide* who handle the topic.
        """
        queues = [
            self._ranked(national, need) or [one for one in self._ranked(worldwide, need) if self._handles(one)]
            for need in self._needs
        ]
        picks: list[_Pick] = []
        rounds = 0
        while len(picks) < limit and any(queues):
            for place, queue in enumerate(queues):
                served = any(self._needs[place] in service.kinds for _, service in picks)
                if rounds == 0 and served:
                    continue
                self._take(picks, place, queue, limit)
            rounds += 1
        return picks

    def fill(self, picks: list[_Pick], services: list[Service], limit: int) -> None:
        """Add international *services*, pages that lead on included, up to *limit*."""
        for place, need in enumerate(self._needs):
            self._take(picks, place, [one for one in self._ranked(services, need) if self._handles(one)], limit)

    def listener(self, picks: list[_Pick], services: list[Service], limit: int) -> None:
        """See that somebody who listens can be reached now, where anybody can."""
        if set(self._needs) <= _NO_LISTENER or any(self._answers(service) for _, service in picks):
            return
        kinds = HUMAN if set(HUMAN) & set(self._needs) else HUMAN[:2]
        for kind in kinds:
            for service in self._ranked(services, kind):
                if self._answers(service) and (fit(service, self._audience) or 0) <= _MADE_FOR.get(self._audience or "child", 2):
                    picks.sort(key=lambda pick: pick[0])
                    del picks[limit - 1:]
                    picks.append((self._needs.index(kind) if kind in self._needs else len(self._needs), service))
                    return

    def anybody(self, picks: list[_Pick], services: list[Service]) -> None:
        """Where nobody serves the need, name the one who listens, whatever it is about."""
        self._about = None
        found = [service for kind in HUMAN for service in self._ranked(services, kind)]
        picks += [(0, service) for service in found[:1]]

    def _take(self, picks: list[_Pick], place: int, queue: list[Service], limit: int) -> None:
        while queue:
            service = queue.pop(0)
            if len(picks) < limit and not any(_same(service, other) for _, other in picks):
                picks.append((place, service))
                return

    def _answers(self, service: Service) -> bool:
        doors = service.phones or service.text or service.chat_url
        return bool(doors) and any(kind in HUMAN for kind in service.kinds) and self._is_open(service) is True

    def _is_open(self, service: Service) -> bool | None:
        if service.id not in self._open:
            self._open[service.id] = self._state(service)
        return self._open[service.id]

    def _ranked(self, services: list[Service], need: str) -> list[Service]:
        fitting = [service for service in services if need in service.kinds and self._suits(service)]
        return sorted(fitting, key=lambda service: self._key(service, need))

    def _suits(self, service: Service) -> bool:
        if self._about in service.not_for or fit(service, self._audience) is None:
            return False
        if self._about is None or not service.needs or service.kind not in FORMS or self._handles(service):
            return True
        # A form for one crime is the wrong door for another; those against children overlap.
        return self._about in _AGAINST_CHILDREN and bool(_AGAINST_CHILDREN & set(service.needs))

    def _handles(self, service: Service) -> bool:
        return self._about is None or not service.needs or self._about in service.needs

    def _speaks(self, service: Service) -> int:
        if service.languages:
            return 0 if self._language in service.languages else 2
        # Nothing is said of its languages: taken to be those of its country.
        return 0 if service.country and self._language in _official(service.country) else 1

    def _key(self, service: Service, need: str) -> tuple[object, ...]:
        form = service.report_url is not None and service.kind in FORMS
        open_now = True if form else self._is_open(service)
        return (
            service.confidence != "high",
            service.area is not None,
            {True: 0, None: 1, False: 2}[open_now],
            self._speaks(service),
            not self._handles(service),
            fit(service, self._audience),
            self._audience != "parent" and not (service.anonymous and _free(service)),
            service.kind != need,
            self._order[service.id],
        )


@cache
def _official(country: str) -> frozenset[str]:
    return frozenset(get_official_languages(country, regional=True, de_facto=True))


def fit(service: Service, audience: str | None) -> int | None:
    """Tell how well *service* is made for *audience*, 0 best; None where it must not be shown to them."""
    made_for = service.audience
    if audience == "parent":
        if "parent" in made_for:
            return 0
        if "anyone" in made_for:
            return 1
        if "child" in made_for:
            return 2
        # A parent who asks about a child's picture must not land where only adults are helped.
        return 3 if "adult" in made_for and service.kind != "takedown" else None
    if "child" in made_for:
        return 1 if "anyone" in made_for else 0
    return 2 if "anyone" in made_for else None


def _free(service: Service) -> bool:
    return not service.phones or any(phone.free for phone in service.phones)


def _same(one: Service, other: Service) -> bool:
    """Whether two entries lead to the same door."""
    if one.id == other.id:
        return True
    if one.phones or other.phones:
        return bool(one.phones and other.phones) and one.phones[0].dial == other.phones[0].dial
    return one.report_url is not None and one.report_url == other.report_url and not (one.text or other.text)
