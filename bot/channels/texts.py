"""What messaging users read beyond the answers: commands, attachments, and contacts as plain lines."""

from collections.abc import Sequence

import msgspec
from babel.languages import get_official_languages

from bot.clock import Clock
from bot.conversation import Conversation, Turn
from bot.delivery import Answer, Arrived
from bot.engine import Engine
from bot.i18n import N_
from bot.messages import (
    Block,
    Choice,
    ChoicesBlock,
    Contact,
    ContactsBlock,
    Inbound,
    Reply,
    Session,
    TextBlock,
)
from bot.metrics import Metrics
from bot.reply import EMERGENCY_ANYWHERE, WHICH_COUNTRY

FORGOTTEN = N_(
    "I have forgotten what I knew about you. What you see here stays on your phone until you delete it."
)
REMEMBERED = N_(
    "For up to {hours} hours I remember your language, your country and the topic of your last question, "
    "but not what you wrote. To make me forget it at once, send {command}."
)
NOT_OPENED = N_(
    "I cannot open pictures, videos, voice messages or files. Nobody has looked at what you sent, and I did not keep it."
)
DO_NOT_SEND = N_(
    "Please do not send private or naked pictures to anyone, not even as proof. "
    "You did nothing wrong by asking. These services can help without you sending the picture here:"
)
IN_WORDS = N_("You can also tell me in words what it is about.")
BY_NUMBER = N_("Answer with a number:")
NEXT = N_("What do you want to know next?")
CHOOSE = N_("Choose")

COMMANDS = ("start", "help", "language", "forget")
_CHOICES = {"start": "topics", "help": "help", "language": "languages"}
_REPORT = ("takedown", "hotline", "police")
_CARDS = 3
_LTR, _POP = "\u2066", "\u2069"


def command(text: str) -> str | None:
    """Read a command, whatever follows it: "/start payload", "/help@SignpostBot"."""
    if not text.startswith("/"):
        return None
    word = text[1:].split(maxsplit=1)[0] if len(text) > 1 and not text[1].isspace() else ""
    name = word.partition("@")[0].lower()
    return name if name in COMMANDS else None


def answerer(conversation: Conversation, clock: Clock, metrics: Metrics, hours: int) -> Answer:
    """Answer what arrives from platforms: messages, commands and attachments."""

    async def answer(one: Arrived, session: Session) -> Turn:
        engine = conversation.engine
        inbound = _with_language(engine, one.inbound, session)
        if one.command == "forget":
            return _said(engine, inbound, session, [TextBlock(_text(engine, session, inbound, FORGOTTEN))])
        if one.command:
            inbound = msgspec.structs.replace(inbound, text="", choice=_CHOICES[one.command])
        if one.attachment and not inbound.text:
            turn = _said(engine, inbound, session, [])
        else:
            turn = await conversation.handle(inbound, session)
        reply = turn.reply
        severity = reply.intent.severity if reply.intent else "none"
        metrics.message(one.channel, reply.outcome, severity, reply.language, turn.stage, failed=turn.failed)
        if one.attachment:
            turn = _with(turn, _attachment(engine, turn, clock))
        if session.turns == 0 and not turn.failed:
            privacy = engine.library.catalogues[reply.language].text(REMEMBERED)
            turn = _with(turn, [TextBlock(privacy.format(hours=hours, command="/forget"))])
        return turn

    return answer


def _with_language(engine: Engine, inbound: Inbound, session: Session) -> Inbound:
    """Where nothing else tells a language, expect one that is official where the sender's number is from."""
    if inbound.language or session.language or not inbound.country:
        return inbound
    live = {tag.partition("-")[0]: tag for tag in reversed(engine.library.live)}
    official = get_official_languages(inbound.country, de_facto=True)
    expected = next((live[tag] for tag in official if tag in live), None)
    return msgspec.structs.replace(inbound, language=expected)


def _said(engine: Engine, inbound: Inbound, session: Session, blocks: Sequence[Block]) -> Turn:
    """A turn that needed no matcher."""
    language = session.language or engine.negotiate(inbound.language)
    country = session.country or inbound.country
    reply = Reply(
        outcome="answered",
        intent=None,
        alternatives=(),
        language=language,
        direction=engine.library.languages[language].direction,
        country=country,
        audience=session.audience,
        reply=tuple(blocks),
    )
    after = msgspec.structs.replace(session, language=language, country=country, turns=session.turns + 1)
    return Turn(reply, after)


def _text(engine: Engine, session: Session, inbound: Inbound, message: str) -> str:
    return engine.library.catalogues[session.language or engine.negotiate(inbound.language)].text(message)


def _attachment(engine: Engine, turn: Turn, clock: Clock) -> list[Block]:
    """Say kindly that it was not opened, what not to send, and who takes reports."""
    reply = turn.reply
    text = engine.library.catalogues[reply.language].text
    contacts = engine.renderer.contacts.find(
        reply.country, _REPORT, None, reply.language, reply.audience, clock()
    )
    shown = {card.id for block in reply.reply if isinstance(block, ContactsBlock) for card in block.contacts}
    cards = tuple(card for card in contacts if card.id not in shown)[:_CARDS]
    if turn.session.urgent and reply.country and not shown:
        cards = engine.renderer.contacts.emergency(reply.country, reply.language)[:1] + cards
    blocks: list[Block] = [TextBlock(f"{text(NOT_OPENED)}\n\n{text(DO_NOT_SEND)}"), ContactsBlock(cards)]
    after = [text(IN_WORDS)]
    if reply.country is None:
        after = [text(EMERGENCY_ANYWHERE), text(WHICH_COUNTRY), *after]
    return [*blocks, TextBlock("\n\n".join(after))]


def _with(turn: Turn, blocks: Sequence[Block]) -> Turn:
    """Add *blocks*, before the choices."""
    here = turn.reply.reply
    words = [block for block in here if not isinstance(block, ChoicesBlock)]
    choices = [block for block in here if isinstance(block, ChoicesBlock)]
    reply = msgspec.structs.replace(turn.reply, reply=(*words, *blocks, *choices))
    return Turn(reply, turn.session, turn.stage, turn.failed)


def plain(reply: Reply) -> str:
    """Write the texts and contacts of *reply* as plain text, in reading order."""
    paragraphs = []
    for block in reply.reply:
        if isinstance(block, TextBlock):
            paragraphs.append(block.text)
        elif isinstance(block, ContactsBlock):
            paragraphs += [card(contact, rtl=reply.direction == "rtl") for contact in block.contacts]
    return "\n\n".join(paragraphs)


def choices_of(reply: Reply) -> tuple[Choice, ...]:
    """The choices of *reply*, in order."""
    return tuple(one for block in reply.reply if isinstance(block, ChoicesBlock) for one in block.choices)


def numbered(choices: Sequence[Choice]) -> str:
    """List *choices* so that a typed number means one of them."""
    return "\n".join(f"{number}. {choice.title}" for number, choice in enumerate(choices, 1))


def card(contact: Contact, *, rtl: bool) -> str:
    """
    Write *contact* in lines of its own.

    A number or an address stands alone in its line: every phone then makes it tappable. In
    right-to-left text numbers are isolated, or their plus would move to the end.
    """

    def number(value: str) -> str:
        return f"{_LTR}{value}{_POP}" if rtl else value

    lines = [contact.name]
    if contact.why:
        lines.append(contact.why)
    lines += [number(one.number) + (f" ({one.label})" if one.label else "") for one in contact.phones]
    lines += [f"{one.how}: {number(one.number)}" for one in contact.text]
    lines += dict.fromkeys(url for url in (contact.report_url, contact.chat_url, contact.url) if url)
    if contact.hours_text:
        lines.append(contact.hours_text)
    return "\n".join(lines)
