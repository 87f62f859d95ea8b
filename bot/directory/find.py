"""Directory: who helps, where, for what, and whether they answer now. In memory and immutable.

The order of what is found stands in search.py.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, get_args

import msgspec

from bot.directory.countries import countries
from bot.directory.hours import UNKNOWN, Clock, State, clock, state
from bot.directory.load import read
from bot.directory.model import Body, Data, Emergency, Listing, Recheck, Service
from bot.directory.names import Names
from bot.directory.schema import Kind
from bot.directory.search import Search
from bot.messages import Audience
from bot.problems import Problem

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
KINDS = get_args(Kind)
_REMEMBERED = 4096
_ENOUGH = 2

_Query: TypeAlias = tuple[str | None, tuple[str, ...], str | None, str, str | None, int]


class Directory:
    """All agencies. Built from plain *data*, which encodes to one msgpack blob."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self._by_id = {service.id: service for service in data.services}
        self._clocks: dict[str, Clock] = {
            service.id: clock(service.hours, service.timezone, service.country)
            for service in data.services
            if service.hours and service.hours != "24/7"
        }
        self._places: dict[str | None, list[Service]] = {}
        for service in data.services:
            if service.listed:
                self._places.setdefault(service.country, []).append(service)
        self._order = {service.id: place for place, service in enumerate(data.services)}
        self._names = Names(data.bodies, data.names)
        self._found: tuple[int, dict[_Query, tuple[Listing, ...]]] = (-1, {})

    @classmethod
    def load(cls, folder: Path, problems: list[Problem]) -> "Directory":
        """Read all files of *folder* (agencies/); what is wrong is appended to *problems*."""
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
        self,
        country: str | None,
        needs: Sequence[str],
        *,
        about: str | None = None,
        language: str = "en",
        audience: Audience | None = None,
        now: datetime,
        limit: int = 4,
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
        search = Search(
            needs,
            about=about,
            language=language,
            audience=audience,
            order=self._order,
            is_open=lambda one: self.state(one, now)[0],
        )
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
