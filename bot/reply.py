"""The rendering: an Answer becomes the blocks that a person reads. Pure, given the content and the minute."""

from datetime import datetime
from functools import lru_cache

from babel import Locale
from babel.lists import format_list
from cachetools import LRUCache

from bot.answer import MISSES, Answer
from bot.contacts import MOST, Contacts
from bot.content import Library
from bot.i18n import N_, Catalogue
from bot.language import gettext_name
from bot.messages import (
    Alternative,
    Block,
    Choice,
    ChoicesBlock,
    Contact,
    ContactsBlock,
    IntentRef,
    Reply,
    Severity,
    TextBlock,
)
from bot.text import normalise

INTRODUCTION = N_(
    "I am an automated guide, not a person. Nobody is reading along, and I cannot call anyone for you. "
    "I can tell you how to stay safe online and who can help. Type “{word}” at any time to see the people who can help."
)
RECOGNISED = N_("What you wrote may mean that someone is in danger. These people can help now.")
CLARIFY = N_("I want to be sure I understand. Did you mean one of these?")
NOT_UNDERSTOOD = N_(
    "I did not understand that. You can say it in other words, or pick a topic. You can also talk to the people listed here."
)
STILL_NOT_UNDERSTOOD = N_(
    "I am sorry that I cannot help with this. People can: the services listed here are answered by humans."
)
HELP = N_(
    "You can reach people who help here. If someone is in danger right now, call the emergency number first."
)
WHICH_COUNTRY = N_("Which country are you in? Tell me, and I can show you the services there.")
EMERGENCY_ANYWHERE = N_(
    "If someone is in danger right now, call the emergency number of the country you are in."
)
LANGUAGES_SPOKEN = N_("I do not speak this language yet. I can speak {languages}.")
ONLY_ENGLISH = N_("This answer is not translated yet, so it is in English.")
TOPICS = N_("What is it about?")
COUNTRIES = N_("Which country are you in?")
LANGUAGES = N_("Which language do you want to use?")
SWITCHED = N_("Here it is again, for what you told me.")

TOPIC_TITLES = {
    "danger": N_("Danger right now"),
    "sexual_exploitation": N_("Sexual pictures, messages or touching"),
    "bullying_and_harm": N_("Bullying, threats and bad feelings"),
    "accounts_and_money": N_("Accounts, strangers and money"),
    "everyday_safety": N_("Staying safe every day"),
    "reporting": N_("Reporting and getting help"),
    "conversation": N_("About this service"),
}
BUTTONS = {
    "help": N_("Show people who help"),
    "topics": N_("All topics"),
    "no": N_("That's not it"),
    "countries": N_("Change country"),
    "languages": N_("Change language"),
    "audience:child": N_("I am under 18"),
    "audience:parent": N_("I am an adult"),
}


class Renderer:
    """Renders answers from *library*; what does not depend on the minute is made once. `contacts` makes its cards."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names = {tag: Locale.parse(gettext_name(tag)).territories for tag in library.languages}
        self.contacts = Contacts(library)
        self._recent: LRUCache[tuple[object, ...], tuple[Block, ...]] = LRUCache(4096)
        self._titles: dict[tuple[str, str, bool], str] = {}
        self._reply = lru_cache(maxsize=4096)(self._paragraphs)

    def render(self, answer: Answer, now: datetime) -> Reply:
        """Turn *answer* into blocks in reading order, for the moment *now* (aware, UTC)."""
        info = self._library.languages[answer.language]
        return Reply(
            outcome=answer.outcome,
            intent=(
                IntentRef(id=answer.intent, severity=answer.severity, confidence=answer.confidence)
                if answer.intent
                else None
            ),
            alternatives=tuple(
                Alternative(
                    id=one.intent, title=self.title(one.intent, answer.language), confidence=round(one.p, 3)
                )
                for one in answer.alternatives
                if one.intent in self._library.intents
            ),
            language=answer.language,
            direction=info.direction,
            country=answer.country,
            audience=answer.audience,
            reply=self._rendered(answer, now),
        )

    def title(self, intent: str, language: str, *, short: bool = False) -> str:
        """Name an intent in a menu; *short* for buttons of at most 20 characters."""
        found = self._titles.get((intent, language, short))
        if found is None:
            part = "button" if short else "title"
            own = self._library.catalogues[language].content.get(f"intents.{intent}.{part}")
            found = self._titles[intent, language, short] = own or str(
                getattr(self._library.intents[intent], part)
            )
        return found

    def countries(self, language: str) -> tuple[tuple[str, str], ...]:
        """List every country as code and name, sorted by name."""
        known = self._library.directory.known
        names = [(code, name) for code, name in self._names[language].items() if known(code)]
        return tuple(sorted(names, key=lambda one: normalise(one[1])))

    def introduction(self, language: str) -> str:
        """Say what this is, as the first reply must."""
        words = self._library.words.get(language)
        word = words.safe_words[0] if words and words.safe_words else "help"
        return self._text(INTRODUCTION, language).format(word=word)

    def help_block(self, country: str | None, language: str, now: datetime) -> tuple[Block, ...]:
        """The help that stands in every error: people to reach, whatever else fails."""
        cards = (
            self.contacts.emergency(country, language)
            + self.contacts.find(country, ("child_helpline", "crisis", "police"), None, language, None, now)[
                :3
            ]
        )
        text = HELP if country and self.contacts.emergency(country, language) else EMERGENCY_ANYWHERE
        return (
            (ContactsBlock(cards), TextBlock(self._text(text, language)))
            if cards
            else (TextBlock(self._text(text, language)),)
        )

    def _rendered(self, answer: Answer, now: datetime) -> tuple[Block, ...]:
        """Many answers differ in nothing that a person sees: those are rendered once a minute."""
        key = (
            answer.outcome, answer.intent, answer.severity, answer.audience, answer.language, answer.country,
            answer.needs, answer.about, answer.choices, answer.danger, answer.introduce, answer.people_first,
            answer.unsupported, answer.bodies, answer.menu, answer.session.misses, int(now.timestamp()) // 60,
        )  # fmt: skip
        found = self._recent.get(key)
        if found is None:
            found = self._recent[key] = self._blocks(answer, now)
        return found

    def _blocks(self, answer: Answer, now: datetime) -> tuple[Block, ...]:
        cards = self._cards(answer, now)
        contacts = [ContactsBlock(cards)] if cards else []
        lead, rest = self._words_of(answer)
        text = self._text
        after: list[str] = []
        if cards and answer.country is None:
            if answer.severity.pressing or answer.people_first:
                after.append(text(EMERGENCY_ANYWHERE, answer.language))
            after.append(text(WHICH_COUNTRY, answer.language))
        pressing = answer.severity.pressing or answer.people_first
        if answer.introduce and answer.intent != "are_you_human":
            introduction = self.introduction(answer.language)
            if pressing or answer.outcome != "answered":
                after.append(introduction)
            else:
                lead = [introduction, *lead]
        blocks: list[Block] = []
        if answer.people_first:
            blocks = [*contacts, *_text_block(lead + rest)]
        elif answer.severity.pressing:
            blocks = [*_text_block(lead), *contacts, *_text_block(rest)]
        else:
            blocks = [*_text_block(lead + rest), *contacts]
        return tuple(blocks + _text_block(after) + self._choice_blocks(answer))

    def _words_of(self, answer: Answer) -> tuple[list[str], list[str]]:
        """The paragraphs before the contacts, and those after them."""
        tag = answer.language
        if answer.unsupported and (not answer.intent or answer.menu):
            spoken = [self._library.languages[one].name for one in self._library.live]
            names = format_list(spoken, locale=gettext_name(tag))
            told = self._text(LANGUAGES_SPOKEN, tag).format(languages=names)
            return [told], [self._text(EMERGENCY_ANYWHERE, tag)]
        if answer.intent is None or answer.menu:
            return [self._text(_question(answer), tag)], []
        paragraphs = list(self._reply(answer.intent, answer.audience, tag))
        lead, rest = paragraphs[:1], paragraphs[1:]
        if answer.danger and answer.danger != answer.intent and _graver(answer, self._library):
            lead, rest = [self._text(RECOGNISED, tag)], lead + rest
        if answer.outcome == "updated":
            lead = [self._text(SWITCHED, tag), *lead]
        catalogue = self._library.catalogues[tag]
        return lead, rest + [
            self._body(body.id, body.today, catalogue) for body in answer.bodies if body.today
        ]

    def _body(self, name: str, english: str, catalogue: Catalogue) -> str:
        return catalogue.content.get(f"agencies.{name}.today", english)

    def _paragraphs(self, intent: str, audience: str | None, language: str) -> tuple[str, ...]:
        content = self._library.intents[intent]
        voice = audience if audience in content.reply else "child" if "child" in content.reply else "parent"
        found = self._library.catalogues[language].content.get(f"intents.{intent}.{voice}")
        english = content.reply["child" if voice == "child" else "parent"].strip()
        if found is None and language != "en":
            return (*english.split("\n\n"), self._text(ONLY_ENGLISH, language))
        return tuple((found or english).split("\n\n"))

    def _cards(self, answer: Answer, now: datetime) -> tuple[Contact, ...]:
        listed: tuple[Contact, ...] = ()
        if answer.needs:
            listed = self.contacts.find(
                answer.country, answer.needs, answer.about, answer.language, answer.audience, now
            )
        if answer.bodies:
            own = self._own_cards(answer, now)
            listed = own + tuple(card for card in listed if card.id not in {one.id for one in own})
        listed = listed[:MOST]
        if (
            answer.severity is Severity.EMERGENCY
            or answer.people_first
            or answer.intent == "emergency_numbers"
        ):
            return self.contacts.emergency(answer.country, answer.language) + listed
        if answer.severity.pressing:
            return listed + self.contacts.emergency(answer.country, answer.language)[:1]
        return listed

    def _own_cards(self, answer: Answer, now: datetime) -> tuple[Contact, ...]:
        """The doors of the agencies asked about, or of what takes their reports in one's own country."""
        cards: dict[str, Contact] = {}
        for body in answer.bodies:
            for name in body.reports_to:
                if listing := self._library.directory.service(name, now):
                    cards[name] = self.contacts.card(listing, answer.language)
            if not body.reports_to and body.needs:
                listed = self.contacts.find(
                    answer.country, body.needs, None, answer.language, answer.audience, now
                )
                cards |= {card.id: card for card in listed}
        return tuple(cards.values())

    def _choice_blocks(self, answer: Answer) -> list[Block]:
        choices = [
            Choice(title=self.choice_title(choice, answer.language), choice=choice)
            for choice in answer.choices
        ]
        return [ChoicesBlock(tuple(choices))] if choices else []

    def choice_title(self, choice: str, language: str, *, short: bool = False) -> str:
        """What a button says."""
        kind, _, value = choice.partition(":")
        if kind == "intent":
            return self.title(value, language, short=short)
        if kind == "country":
            return str(self._names[language].get(value, value))
        if kind == "language":
            return self._library.languages[value].name
        if kind == "topic":
            return self._text(TOPIC_TITLES[value], language)
        return self._text(BUTTONS[choice], language)

    def _text(self, message: str, language: str) -> str:
        return self._library.catalogues[language].text(message)


def _question(answer: Answer) -> str:
    """What we ask back, or own up to."""
    if answer.menu:
        kind = answer.menu.partition(":")[0]
        return {"countries": COUNTRIES, "languages": LANGUAGES}.get(kind, TOPICS)
    if answer.outcome == "clarify":
        return RECOGNISED if answer.danger else CLARIFY
    return STILL_NOT_UNDERSTOOD if answer.session.misses >= MISSES else NOT_UNDERSTOOD


def _graver(answer: Answer, library: Library) -> bool:
    return answer.intent is not None and answer.severity is not library.intents[answer.intent].severity


def _text_block(paragraphs: list[str]) -> list[Block]:
    return [TextBlock("\n\n".join(paragraphs))] if paragraphs else []
