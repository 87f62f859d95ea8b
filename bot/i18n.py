"""Catalogues: the translations of replies and interface texts, and their extraction for Babel.

Two doors lead in. Interface texts are found by their English (`N_("…")` in the code). Texts
of content are found by their place (`intents.sextortion.child`), so that a translation whose
English has changed since is still shown, and flagged as outdated, instead of being lost.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from bot.language import gettext_name
from bot.problems import Problem

SOURCE = "en"
"""The language that replies are written in first."""

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_VOICES = ("child", "parent")


def N_(message: str) -> str:
    """Mark an interface text for extraction; it is translated where it is shown."""
    return message


class Catalogue(msgspec.Struct, frozen=True):
    """What one language says."""

    language: str
    interface: dict[str, str] = {}
    """English to translation."""
    content: dict[str, str] = {}
    """Place of a text in the content to its translation."""
    outdated: frozenset[str] = frozenset()
    """Places whose English has changed since they were translated."""

    def text(self, message: str) -> str:
        """Translate an interface text; English where no translation stands."""
        return self.interface.get(message, message)


def content_messages(intents: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield place and English of each text of *intents* (id to a parsed intent file)."""
    for name, intent in sorted(intents.items()):
        yield f"intents.{name}.title", str(intent["title"])
        yield f"intents.{name}.button", str(intent["button"])
        for voice in _VOICES:
            if reply := intent.get("reply", {}).get(voice):
                yield f"intents.{name}.{voice}", str(reply).strip()


def body_messages(parsed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield place and English of each *today* sentence in a parsed agency file."""
    for group in ("services", "partners", "bodies"):
        for entry in parsed.get(group) or ():
            if today := entry.get("today"):
                yield f"agencies.{entry['id']}.today", str(today).strip()


def load_catalogue(
    root: Path, language: str, english: Mapping[str, str], problems: list[Problem]
) -> Catalogue:
    """
    Read the PO file of *language* under *root*/locales.

    *english* maps each place of the content to its English text of today. What is wrong with
    the file is appended to *problems*; what is merely untranslated is not a problem here.
    """
    path = root / "locales" / gettext_name(language) / "LC_MESSAGES" / "signpost.po"
    name = str(path.relative_to(root))
    if language == SOURCE or not path.exists():
        return Catalogue(language)
    try:
        catalog = read_po(BytesIO(path.read_bytes()), locale=gettext_name(language), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        problems.append(
            Problem(name, 0, f"is no valid PO file ({error})", "open it in a PO editor and save it again")
        )
        return Catalogue(language)
    interface: dict[str, str] = {}
    content: dict[str, str] = {}
    outdated: set[str] = set()
    for message in catalog:
        if not message.id or not message.string or not isinstance(message.id, str):
            continue
        problems.extend(_placeholder_problems(name, message))
        if message.context is None:
            if not message.fuzzy:
                interface[message.id] = str(message.string)
        elif message.context in english:
            content[message.context] = str(message.string).strip()
            if message.fuzzy or message.id.strip() != english[message.context]:
                outdated.add(message.context)
    return Catalogue(language, interface, content, frozenset(outdated))


def _placeholder_problems(name: str, message: Message) -> Iterator[Problem]:
    wanted = sorted(_PLACEHOLDER.findall(str(message.id)))
    found = sorted(_PLACEHOLDER.findall(str(message.string)))
    if wanted != found and not message.fuzzy:
        yield Problem(
            name,
            message.lineno or 0,
            f"the translation of {str(message.id)[:50]!r} has the placeholders {found}",
            f"use each of {wanted} once, unchanged",
        )
