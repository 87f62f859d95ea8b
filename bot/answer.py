"""The decision: what was understood becomes an Answer. Pure; nothing here does input or output.

Order of precedence, nearest to a person in danger first: the safe word, a danger rule, a tapped
choice, a wish to switch language, country or voice, an answer to our own question, the match.
"""

import msgspec

from bot.content import Intent, Library
from bot.directory import Body
from bot.matching import Match, Ranked
from bot.mentions import Mentions
from bot.messages import Audience, Inbound, Outcome, Session, Severity
from bot.risk import Risk

URGENT_ANSWERS = 0.7
"""Summed probability of pressing intents above which the best of them is the answer."""
URGENT_SHOWS = 0.06
"""The same above which contacts stand in the reply, whatever the answer."""
CERTAIN = 0.85
"""A match this sure keeps its guidance even beside a sign of an emergency."""
LIKELY = 0.5
"""A match this sure keeps its guidance and its calm beside a danger phrase of no emergency: the
contacts stand there all the same, and one tap leads to the guidance for that danger."""
_NEAR = 0.25
"""A pressing intent this likely is meant by a danger phrase of another one."""
SURE = 0.7
"""Below this an answer also offers its nearest alternatives."""
MISSES = 3
"""Turns in a row without understanding after which people come first (WCAG 2.2, 3.2.6)."""

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a text, before anything is decided."""

    language: str
    """The language to answer in."""
    said_language: bool = False
    """Whether the text itself decided the language."""
    unsupported: bool = False
    """Whether the text is in a language that we do not speak."""
    match: Match | None = None
    risks: tuple[Risk, ...] = ()
    mentions: Mentions = Mentions()
    bodies: tuple[Body, ...] = ()
    """The agencies that the text names."""
    typed_choice: str | None = None
    """The button whose number or title was typed instead of tapped."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision: which guidance, how urgent, for whom and where, and what comes next."""

    outcome: Outcome
    intent: str | None
    severity: Severity
    """How urgent the answer is; a danger rule may have raised it above the intent's own."""
    confidence: float
    alternatives: tuple[Ranked, ...]
    language: str
    country: str | None
    audience: Audience | None
    needs: tuple[str, ...]
    """Kinds of services to show; empty shows none."""
    about: str | None
    choices: tuple[str, ...]
    session: Session
    danger: str | None = None
    """The intent of a danger rule that raised this answer."""
    introduce: bool = False
    """The first reply says what this is."""
    people_first: bool = False
    """Contacts stand before the text."""
    ask_country: bool = False
    unsupported: bool = False
    bodies: tuple[Body, ...] = ()
    menu: str | None = None
    """A list to show: "topics", "countries", "languages" or "topic:…"."""


class _Who(msgspec.Struct, frozen=True):
    """For whom and where the answer is."""

    language: str
    country: str | None
    audience: Audience | None
    said: str


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    intent: str | None = None
    confidence: float = 0.0
    alternatives: tuple[Ranked, ...] = ()
    danger: str | None = None
    raised: bool = False
    contacts: bool = False
    menu: str | None = None
    helping: bool = False


def answer(inbound: Inbound, session: Session, reading: Reading, library: Library) -> Answer:
    """Decide what to answer to *inbound*, as read, in the conversation *session*."""
    choice = inbound.choice or reading.typed_choice
    who = _who(inbound, session, reading, choice, library)
    decision = _decide(session, reading, choice, library)
    return _complete(decision, who, session, reading, library)


def _who(inbound: Inbound, session: Session, reading: Reading, choice: str | None, library: Library) -> _Who:
    """What the person says now outweighs what they said before; both outweigh a hint."""
    mentions = reading.mentions
    kind, _, value = (choice or "").partition(":")
    country = value if kind == "country" and library.directory.known(value) else mentions.country
    wished = value if kind == "language" else mentions.language
    language = wished if wished in library.live else None
    audience = (
        msgspec.convert(value, Audience)
        if kind == "audience" and value in ("child", "parent")
        else mentions.audience
    )
    said = session.said
    for mark, found in (("c", country), ("l", language), ("a", audience)):
        if found and mark not in said:
            said += mark
    hinted_country = session.country if "c" in said else inbound.country or session.country
    hinted_audience = session.audience if "a" in said else inbound.audience or session.audience
    return _Who(
        language or reading.language,
        country or hinted_country,
        audience or hinted_audience,
        said,
    )


def _decide(session: Session, reading: Reading, choice: str | None, library: Library) -> _Decision:
    mentions, danger = reading.mentions, reading.risks
    if mentions.safe_word or choice == "help":
        return _Decision(
            outcome="answered", intent="talk_to_someone", confidence=1.0, contacts=True, helping=True
        )
    if choice and (chosen := _chosen(choice, session, library)):
        return chosen
    if not danger and mentions.language_alone and mentions.language not in library.live:
        return _Decision(outcome="answered", intent="change_language", confidence=1.0, menu="languages")
    if not danger and (mentions.country_alone or mentions.language_alone or mentions.audience_alone):
        return _switched(session, mentions)
    if reading.match is None or (reading.unsupported and not danger):
        return _raised(_Decision(outcome="not_understood"), danger, library)
    followed = None if danger else _followed(session, reading.match)
    return followed or _raised(_matched(reading, library), danger, library)


def _chosen(choice: str, session: Session, library: Library) -> _Decision | None:
    kind, _, value = choice.partition(":")
    if kind == "intent" and value in library.intents:
        return _Decision(outcome="answered", intent=value, confidence=1.0)
    if kind in ("country", "language", "audience"):
        return _again(session, f"change_{kind}" if kind != "audience" else "what_can_you_do")
    if choice in ("topics", "countries", "languages") or kind == "topic":
        return _Decision(outcome="answered", intent="what_can_you_do", confidence=1.0, menu=choice)
    if choice == "no":
        rest = tuple(
            Ranked(name, 0.0) for name in _pending_intents(session, library) if name != session.intent
        )[:3]
        return _Decision(
            outcome="clarify" if rest else "not_understood", alternatives=rest, contacts=session.urgent
        )
    return None


def _pending_intents(session: Session, library: Library) -> list[str]:
    names = [choice.removeprefix("intent:") for choice in session.pending if choice.startswith("intent:")]
    return [name for name in names if name in library.intents]


def _switched(session: Session, mentions: Mentions) -> _Decision:
    if mentions.language_alone:
        return _again(session, "change_language")
    return _again(session, "change_country" if mentions.country_alone else "what_can_you_do")


def _again(session: Session, otherwise: str) -> _Decision:
    """Give the last answer once more, or *otherwise* when nothing was answered yet."""
    if session.intent:
        return _Decision(outcome="updated", intent=session.intent, confidence=1.0)
    return _Decision(outcome="answered", intent=otherwise, confidence=1.0)


def _followed(session: Session, match: Match) -> _Decision | None:
    """Read a plain yes or no as the answer to our last question."""
    top = match.ranked[0].intent if match.ranked and match.band == "answer" else None
    offered = [choice.removeprefix("intent:") for choice in session.pending if choice.startswith("intent:")]
    if top == "affirm" and offered:
        return _Decision(outcome="answered", intent=offered[0], confidence=1.0)
    if top == "deny" and offered:
        rest = tuple(Ranked(name, 0.0) for name in offered[1:4])
        return _Decision(
            outcome="clarify" if rest else "not_understood", alternatives=rest, contacts=session.urgent
        )
    return None


def _matched(reading: Reading, library: Library) -> _Decision:
    match = reading.match
    if match is None:
        return _Decision(outcome="not_understood")
    ranked = match.ranked
    contacts = match.urgent >= URGENT_SHOWS
    if reading.bodies and match.band != "answer" and match.urgent < URGENT_ANSWERS:
        return _Decision(
            outcome="answered",
            intent="about_agency",
            confidence=CERTAIN,
            alternatives=ranked[:3],
            contacts=contacts,
        )
    if match.band == "none" or not ranked:
        return _Decision(outcome="not_understood", alternatives=ranked[:3], contacts=contacts)
    if match.urgent >= URGENT_ANSWERS and ranked[0].intent not in library.pressing:
        ranked = tuple(sorted(ranked, key=lambda one: one.intent not in library.pressing))
    if match.band == "clarify":
        return _Decision(outcome="clarify", alternatives=ranked[:3], contacts=contacts)
    return _Decision(
        outcome="answered",
        intent=ranked[0].intent,
        confidence=ranked[0].p,
        alternatives=ranked[1:4],
        contacts=contacts,
    )


def _raised(decision: _Decision, risks: tuple[Risk, ...], library: Library) -> _Decision:
    """Let a danger rule raise the answer; it can never lower it, and its contacts always stand there."""
    if not risks:
        return decision
    risk = library.intents[risks[0].intent]
    if decision.intent:
        own = library.intents[decision.intent].severity
        enough = CERTAIN if risk.severity is Severity.EMERGENCY else LIKELY
        if _rank(own) <= _rank(risk.severity) or decision.confidence >= enough:
            raised = own.pressing or risk.severity is Severity.EMERGENCY
            return msgspec.structs.replace(decision, danger=risk.id, raised=raised, contacts=True)
    ranked = decision.alternatives
    if decision.intent:
        ranked = (Ranked(decision.intent, decision.confidence), *ranked)
    best = next((one for one in ranked if _as_grave(one, risk, library) and one.p > _NEAR), None)
    intent = best.intent if best else risk.id
    return _Decision(
        outcome="answered",
        intent=intent,
        confidence=max([0.5, *(one.p for one in ranked if one.intent == intent)]),
        alternatives=tuple(one for one in ranked if one.intent != intent)[:3],
        danger=risk.id,
        raised=True,
        contacts=True,
    )


def _as_grave(one: Ranked, risk: Intent, library: Library) -> bool:
    intent = library.intents[one.intent]
    return intent.severity.pressing and _rank(intent.severity) <= _rank(risk.severity)


def _rank(severity: Severity) -> int:
    return _RANK[severity]


def _complete(decision: _Decision, who: _Who, session: Session, reading: Reading, library: Library) -> Answer:
    """Add services, choices and the session that follow from a decision."""
    intent = library.intents[decision.intent] if decision.intent else None
    danger = library.intents[decision.danger] if decision.danger else None
    grave = (intent, danger if decision.raised else None)
    severity = min((one.severity for one in grave if one), key=_rank, default=Severity.SERVICE)
    missed = decision.outcome == "not_understood" or decision.intent == "frustration"
    misses = session.misses + 1 if missed else 0
    needs, about = _services(decision, library)
    urgent = session.urgent or severity.pressing
    choices = _choices(decision, who, library)
    return Answer(
        outcome=decision.outcome,
        intent=decision.intent,
        severity=severity,
        confidence=round(decision.confidence, 3),
        alternatives=tuple(one for one in decision.alternatives if one.intent != decision.intent)[:3],
        language=who.language,
        country=who.country,
        audience=who.audience,
        needs=needs,
        about=about,
        choices=choices,
        danger=decision.danger,
        introduce=session.turns == 0,
        people_first=severity is Severity.EMERGENCY
        or decision.helping
        or misses >= MISSES
        or (reading.unsupported and not decision.intent),
        ask_country=bool(needs) and who.country is None,
        unsupported=reading.unsupported
        or bool(reading.mentions.language_alone and reading.mentions.language not in library.live),
        bodies=reading.bodies if decision.intent == "about_agency" else (),
        menu=decision.menu,
        session=Session(
            language=who.language,
            country=who.country,
            audience=who.audience,
            said=who.said,
            intent=_remembered(decision, session, library),
            pending=choices,
            misses=misses,
            turns=session.turns + 1,
            urgent=urgent,
        ),
    )


def _menu(menu: str, who: _Who, library: Library) -> tuple[str, ...]:
    """A menu reaches every intent without typing: topics first, then the intents of one."""
    kind, _, topic = menu.partition(":")
    if kind == "countries":
        return (*(f"country:{code}" for code in library.languages[who.language].countries), "topics")
    if kind == "languages":
        return (*(f"language:{tag}" for tag in library.live), "topics")
    if kind == "topic":
        return (*(f"intent:{one.id}" for one in library.intents.values() if one.topic == topic), "topics")
    return (*(f"topic:{name}" for name in library.topics), "countries", "languages", "help")


_HELPLINES = ("child_helpline", "crisis", "victim_support")


def _remembered(decision: _Decision, session: Session, library: Library) -> str | None:
    """The topic of the conversation: what was answered, or the danger that we asked back about."""
    if decision.intent:
        smalltalk = library.intents[decision.intent].severity is Severity.SMALLTALK
        return session.intent if smalltalk else decision.intent
    best = decision.alternatives[0].intent if decision.alternatives else None
    return best if decision.contacts and best in library.pressing else session.intent


def _services(
    decision: _Decision,
    library: Library,
) -> tuple[tuple[str, ...], str | None]:
    """Which kinds of services to show: those of the danger first, then those of the intent."""
    needs: list[str] = []
    about = None
    for name in (decision.danger, decision.intent):
        if name:
            needs += [need for need in library.intents[name].needs if need not in needs]
            about = about or library.intents[name].about
    if decision.contacts and not decision.intent:
        for one in decision.alternatives:
            if one.intent in library.pressing:
                needs += [need for need in library.intents[one.intent].needs if need not in needs]
                about = about or library.intents[one.intent].about
    if (decision.contacts or decision.outcome == "not_understood") and not needs:
        needs += _HELPLINES
    return tuple(needs), about


def _choices(decision: _Decision, who: _Who, library: Library) -> tuple[str, ...]:
    """The buttons, in order: what was perhaps meant, what often follows, the way out."""
    if decision.menu:
        return _menu(decision.menu, who, library)
    offered: list[str] = []
    if decision.danger and decision.danger != decision.intent:
        offered.append(decision.danger)
    if decision.intent is None or decision.confidence < SURE:
        offered += [one.intent for one in decision.alternatives][: 3 if decision.intent is None else 2]
    if decision.intent:
        offered += library.intents[decision.intent].next
    names = [name for name in dict.fromkeys(offered) if name != decision.intent and name in library.intents]
    choices = [f"intent:{name}" for name in names]
    if decision.outcome == "not_understood":
        return (*choices[:3], "help", "topics")
    if decision.outcome == "clarify":
        return (*choices[:3], "topics")
    return (*choices[:5], *(("no",) if decision.confidence < 1.0 else ()), "topics")
