"""Checks of the catalogues: what translators see is what the code and the replies say today."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.editor.checks import Content
from bot.editor.places import po_path
from bot.editor.translations import POT, template
from bot.problems import Problem

_REFRESH = "run `make translations`"
_TITLE, _BUTTON = 60, 20
_FOREIGN = re.compile(r"(?:\d[ ()./-]{0,2}){2,}\d|(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net)\b")
_ENGLISH_SHOWN = 3


def drift(content: Content) -> Iterator[Problem]:
    """A text changed and nobody told the translators: they go on translating the old one."""
    if not content.checkout:
        return
    fresh = _keys(template(content.root))
    names = [POT, *(po_path(tag) for tag in content.translated)]
    for name in names:
        path = content.root / name
        if not path.exists():
            yield Problem(name, 0, "is missing", _REFRESH)
            continue
        there = _keys(_read(path))
        lacking, surplus = fresh - there, there - fresh
        if lacking:
            yield Problem(name, 0, f"lacks {len(lacking)} texts, for example {_shown(lacking)}", _REFRESH)
        if surplus:
            what = f"holds {len(surplus)} texts that are no more, for example {_shown(surplus)}"
            yield Problem(name, 0, what, _REFRESH)


def translations(content: Content) -> Iterator[Problem]:
    """A translation brought in what English does not say: a number, an address, a title too long."""
    for tag in content.translated:
        path = content.root / po_path(tag)
        for message in _read(path) if path.exists() else ():
            if not message.context or not message.string:
                continue
            english, text = str(message.id), str(message.string)
            for fault, mend in _faults(message.context, english, text):
                yield Problem(po_path(tag), message.lineno or 0, f"{message.context}: {fault}", mend)


def _faults(place: str, english: str, text: str) -> Iterator[tuple[str, str]]:
    for found in _FOREIGN.findall(text):
        # A number may be spaced in another way.
        respaced = found[0].isdigit() and re.sub(r"\D", "", found) in re.sub(r"\D", "", english)
        if found not in english and not respaced:
            yield f"{found!r} does not stand in the English", "take it out; numbers come from agencies/"
    most = _TITLE if place.endswith(".title") else _BUTTON if place.endswith(".button") else 0
    if most and len(text) > most:
        yield f"the translation has {len(text)} characters", f"shorten it to {most}"
    if not most and text.strip().count("\n\n") != english.strip().count("\n\n"):
        yield "the paragraphs are not those of the English", "keep the empty lines where they are"


def missing(content: Content) -> Iterator[Problem]:
    """An English answer to an Arabic child is one of our worst bugs."""
    if not content.checkout:
        return
    for tag, texts in untranslated(content.root, content.translated).items():
        if texts:
            what = f"{len(texts)} texts are not translated, for example {_shown(set(texts))}"
            yield Problem(po_path(tag), 0, what, "translate them, or set the language to draft")


def untranslated(root: Path, tags: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """List for each language the places and English texts that it shows in English."""
    fresh = [one for one in template(root) if one.id]
    found = {}
    for tag in tags:
        path = root / po_path(tag)
        old = _read(path) if path.exists() else Catalog()
        told = {one.context for one in old if one.context and one.string}
        english = {str(one.id) for one in old if not one.context and one.string and not one.fuzzy}
        texts = (one.context or str(one.id) for one in fresh)
        found[tag] = tuple(text for text in texts if text not in told and text not in english)
    return found


def outdated(content: Content) -> Iterator[Problem]:
    """The English of a reply has changed since it was translated; the old translation is shown."""
    for tag in content.translated:
        places = content.library.catalogues[tag].outdated
        if places:
            what = (
                f"{len(places)} translations are older than their English, for example {_shown(set(places))}"
            )
            yield Problem(po_path(tag), 0, what, "look them through in a PO editor")


def gettext(content: Content) -> Iterator[Problem]:
    """What GNU gettext finds wrong, Poedit and Weblate refuse."""
    program = shutil.which("msgfmt")
    for tag in content.translated if program else ():
        path = content.root / po_path(tag)
        if not path.exists():
            continue
        command = [str(program), "--check", "--output-file=/dev/null", str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own file
        for line in run.stderr.splitlines() if run.returncode else ():
            if (match := re.match(r".*?:(\d+): (?!warning)(.+)", line)) is not None:
                yield Problem(po_path(tag), int(match[1]), f"msgfmt: {match[2]}", "mend it in a PO editor")


@cache
def _parsed(path: Path, _stamp: int) -> Catalog:
    return read_po(BytesIO(path.read_bytes()))


def _read(path: Path) -> Catalog:
    return _parsed(path, path.stat().st_mtime_ns)


def _keys(catalog: Catalog) -> set[str]:
    return {f"{one.context}: {one.id}" if one.context else str(one.id) for one in catalog if one.id}


def _shown(names: set[str]) -> str:
    few = sorted(names)[:_ENGLISH_SHOWN]
    return ", ".join(repr(name.partition(": ")[0][:50]) for name in few)
