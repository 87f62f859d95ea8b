"""One query to the directory: which services fit, in which order.

The kinds of need come as asked for; within a kind, confirmed before less confirmed, the whole
country before a part of it, reachable now, in the person's language, for the topic, made for
this audience, free and anonymous for children.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from babel.languages import get_official_languages

from bot.directory.model import Service

FORMS = ("police", "hotline", "takedown", "cybercrime", "bullying", "regulator")
"""Kinds whose online form counts as reachable day and night."""
HUMAN = ("child_helpline", "victim_support", "crisis")
"""Kinds whose phone, text or chat is answered by a person who listens."""
_NO_LISTENER = frozenset({"cybercrime", "regulator", "offender_prevention"})
"""Needs for which nobody to listen is added."""
_AGAINST_CHILDREN = frozenset({"abuse", "csam", "grooming", "sextortion", "nude_image_shared"})
"""Topics whose forms overlap: whoever takes one seldom turns the other away."""
_MADE_FOR = {"child": 2, "parent": 1}
"""How ill a listener may fit whoever asks: a parent is not sent to a line for children."""
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "tl": "fil", "iw": "he", "in": "id"}

Pick: TypeAlias = tuple[int, Service]
"""Place of the need, service."""


class Search:
    """One query: what fits, in which order."""

    def __init__(
        self,
        needs: tuple[str, ...],
        *,
        about: str | None,
        language: str,
        audience: str | None,
        order: Mapping[str, int],
        is_open: Callable[[Service], bool | None],
    ) -> None:
        self._needs, self._about, self._audience = needs, about, audience
        base = language.partition("-")[0].lower()
        self._language = _SAME_LANGUAGE.get(base, base)
        self._order = order
        self._open: dict[str, bool | None] = {}
        self._ask = is_open

    def pick(self, national: list[Service], worldwide: list[Service], limit: int) -> list[Pick]:
        """
        Take the best of each need in turn, then the second best, so that no kind crowds out another.

        A need that nobody in the country serves goes to those of *worldwide* who handle the topic.
        """
        queues = [
            self._ranked(national, need)
            or [one for one in self._ranked(worldwide, need) if self._handles(one)]
            for need in self._needs
        ]
        picks: list[Pick] = []
        rounds = 0
        while len(picks) < limit and any(queues):
            for place, queue in enumerate(queues):
                served = any(self._needs[place] in service.kinds for _, service in picks)
                if rounds == 0 and served:
                    continue
                self._take(picks, place, queue, limit)
            rounds += 1
        return picks

    def fill(self, picks: list[Pick], services: list[Service], limit: int) -> None:
        """Add international *services*, pages that lead on included, up to *limit*."""
        for place, need in enumerate(self._needs):
            self._take(
                picks, place, [one for one in self._ranked(services, need) if self._handles(one)], limit
            )

    def listener(self, picks: list[Pick], services: list[Service], limit: int) -> None:
        """See that somebody who listens can be reached now, where anybody can."""
        if set(self._needs) <= _NO_LISTENER or any(self._answers(service) for _, service in picks):
            return
        made_for = _MADE_FOR[self._audience or "child"]
        kinds = HUMAN if set(HUMAN) & set(self._needs) else HUMAN[:2]
        for kind in kinds:
            for service in self._ranked(services, kind):
                if self._answers(service) and (fit(service, self._audience) or 0) <= made_for:
                    picks.sort(key=lambda pick: pick[0])
                    del picks[limit - 1 :]
                    picks.append(
                        (self._needs.index(kind) if kind in self._needs else len(self._needs), service)
                    )
                    return

    def anybody(self, picks: list[Pick], services: list[Service]) -> None:
        """Where nobody serves the need, name the one who listens, whatever it is about."""
        self._about = None
        found = [service for kind in HUMAN for service in self._ranked(services, kind)]
        picks += [(0, service) for service in found[:1]]

    def _take(self, picks: list[Pick], place: int, queue: list[Service], limit: int) -> None:
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
            self._open[service.id] = self._ask(service)
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
    found: tuple[str, ...] = get_official_languages(country, regional=True, de_facto=True)
    return frozenset(found)


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
