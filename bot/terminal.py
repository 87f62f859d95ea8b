"""The terminal: replies and contacts as a person reads them there."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.messages import ChoicesBlock, Contact, ContactsBlock, Reply, TextBlock

_ISOLATE_RTL, _ISOLATE_LTR, _POP = "\u2067", "\u2066", "\u2069"


def print_reply(reply: Reply, *, numbered: bool = False, console: Console | None = None) -> None:
    """Print the blocks of *reply*; *numbered* choices can be typed by their number."""
    console = console or Console()
    rtl = reply.direction == "rtl"
    for block in reply.reply:
        match block:
            case TextBlock(text):
                console.print(Text(_directed(text, rtl=rtl)), justify="right" if rtl else "left")
            case ContactsBlock(contacts):
                print_contacts(contacts, console=console)
            case ChoicesBlock(choices):
                for number, choice in enumerate(choices, 1):
                    mark = f"{number}. " if numbered else "• "
                    console.print(Text(_directed(mark + choice.title, rtl=rtl), style="cyan"))
        console.print()


def _directed(text: str, *, rtl: bool) -> str:
    return "\n".join(f"{_ISOLATE_RTL}{line}{_POP}" for line in text.split("\n")) if rtl else text


def print_contacts(contacts: Sequence[Contact], *, console: Console | None = None) -> None:
    """Print each contact in a box of its own."""
    console = console or Console()
    for contact in contacts:
        lines = [contact.why]
        lines += [f"{_ISOLATE_LTR}{phone.number}{_POP}" for phone in contact.phones]
        lines += [f"{line.how}: {_ISOLATE_LTR}{line.number}{_POP}" for line in contact.text]
        lines += dict.fromkeys(url for url in (contact.report_url, contact.chat_url, contact.url) if url)
        if contact.hours_text:
            lines.append(contact.hours_text)
        console.print(
            Panel(Text("\n".join(lines)), title=Text(contact.name, style="bold"), title_align="left")
        )


def print_explanation(explanation: Any, *, console: Console | None = None) -> None:
    """Print which features and utterances decided."""
    console = console or Console()
    table = Table("feature", "weight")
    for feature, weight in explanation.features:
        table.add_row(Text(repr(feature)), f"{weight:+.3f}")
    console.print(table)
    for utterance, intent, likeness in explanation.nearest:
        console.print(Text(f"{likeness:.2f}  {intent}  {utterance}"))
