"""Contacts: services and emergency numbers as a person sees them, in one language, at one minute."""

from datetime import UTC, datetime
from functools import lru_cache

from babel.dates import format_skeleton, format_time

from bot.content import Library
from bot.directory import Emergency, Listing
from bot.i18n import N_
from bot.language import gettext_name
from bot.messages import Contact, Phone

WHY = {
    "emergency": N_("If someone is in danger right now"),
    "police": N_("Report a crime against a child to the police"),
    "hotline": N_("Report illegal pictures or videos of children"),
    "child_helpline": N_("Talk to someone who listens to children and young people"),
    "crisis": N_("Talk to someone when you feel you cannot go on"),
    "victim_support": N_("Support for people who were hurt, and for their families"),
    "missing_children": N_("Help when a child is missing or has run away"),
    "cybercrime": N_("Report hacking, scams and other crimes online"),
    "offender_prevention": N_("Confidential help for people worried about their own thoughts or behaviour"),
    "takedown": N_("Get private pictures or videos taken off the internet"),
    "trafficking": N_("Report that someone is sold or forced to work or have sex"),
    "bullying": N_("Help against bullying online and at school"),
    "regulator": N_("Complain about harmful content or a company"),
}
EMERGENCY_NAMES = {
    "any": N_("Emergency number"),
    "police": N_("Police emergency number"),
    "ambulance": N_("Ambulance"),
    "fire": N_("Fire brigade"),
    "child_in_danger": N_("Children in danger"),
}
ALWAYS_OPEN = N_("Open day and night")
OPEN_NOW = N_("Open now")
CLOSED_NOW = N_("Closed now")
OPENS_TODAY = N_("Closed now, opens at {time} local time")
OPENS_LATER = N_("Closed now, opens on {day} at {time} local time")

MOST = 4
"""Services in one reply: more would be a list to search."""
_NUMBERS = 2
"""Emergency numbers in one reply."""
_NO_CALL = ("text_only", "police_non_emergency")
"""Numbers that do not bring help to someone who calls now."""


class Contacts:
    """Makes cards of what the directory of *library* lists."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._listed = lru_cache(maxsize=4096)(self._list)

    def find(
        self,
        country: str | None,
        needs: tuple[str, ...],
        about: str | None,
        language: str,
        audience: str | None,
        now: datetime,
    ) -> tuple[Contact, ...]:
        """List the services for *needs*, best first, without emergency numbers."""
        return self._listed(country, needs, about, language, audience, int(now.timestamp()) // 60)

    def emergency(self, country: str | None, language: str) -> tuple[Contact, ...]:
        """Give the emergency numbers of *country* as cards; none for an unknown country."""
        if country is None:
            return ()
        return tuple(
            self._emergency_card(country, one, language)
            for one in self._library.directory.emergency(country)[:_NUMBERS]
            if one.purpose not in _NO_CALL
        )

    def _list(
        self,
        country: str | None,
        needs: tuple[str, ...],
        about: str | None,
        language: str,
        audience: str | None,
        minute: int,
    ) -> tuple[Contact, ...]:
        found = self._library.directory.find(
            country,
            needs,
            about=about,
            language=language,
            audience="parent" if audience == "parent" else "child" if audience == "child" else None,
            now=datetime.fromtimestamp(minute * 60, UTC),
            limit=MOST,
        )
        return tuple(self.card(one, language) for one in found)

    def card(self, listing: Listing, language: str) -> Contact:
        """Show one service."""
        service = listing.service
        return Contact(
            id=service.id,
            name=f"{service.name} ({service.area})" if service.area else service.name,
            kind=service.kind,
            why=self._text(WHY[service.kind], language),
            phones=service.phones,
            text=service.text,
            url=service.url,
            report_url=service.report_url,
            chat_url=service.chat_url,
            hours=service.hours,
            hours_text=self._hours(listing, language),
            open_now=listing.open_now,
            opens_at=listing.opens_at.isoformat() if listing.opens_at else None,
            languages=service.languages,
            anonymous=service.anonymous,
            country=service.country,
            verified_on=service.verified_on.isoformat(),
        )

    def _hours(self, listing: Listing, language: str) -> str | None:
        if listing.service.hours == "24/7":
            return self._text(ALWAYS_OPEN, language)
        if listing.open_now is None:
            return None
        if listing.open_now:
            return self._text(OPEN_NOW, language)
        if listing.opens_at is None:
            return self._text(CLOSED_NOW, language)
        locale = gettext_name(language)
        time = format_time(listing.opens_at, "short", locale=locale)
        if listing.opens_today:
            return self._text(OPENS_TODAY, language).format(time=time)
        return self._text(OPENS_LATER, language).format(
            time=time, day=format_skeleton("EEEE", listing.opens_at, locale=locale)
        )

    def _emergency_card(self, country: str, one: Emergency, language: str) -> Contact:
        name = EMERGENCY_NAMES.get(one.purpose, EMERGENCY_NAMES["any"])
        return Contact(
            id=f"{country.lower()}-emergency-{one.number}",
            name=self._text(name, language),
            kind="emergency",
            why=self._text(WHY["emergency"], language),
            phones=(Phone(number=one.number, dial=one.number),),
            hours="24/7",
            hours_text=self._text(ALWAYS_OPEN, language),
            open_now=True,
            country=country,
            verified_on=one.verified_on.isoformat(),
        )

    def _text(self, message: str, language: str) -> str:
        return self._library.catalogues[language].text(message)
