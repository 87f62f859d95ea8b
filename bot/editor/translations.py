"""Translations: extract what is to be translated, and bring every catalogue up to date.

Run `python -m bot.editor.translations`. Nothing that a translator wrote is lost: a text of the
content keeps its translation when its English changes, and is marked as needing work.
"""

import re
import sys
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import denormalize, read_po, write_po

from bot.i18n import SOURCE, body_messages, content_messages
from bot.language import gettext_name

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

POT = "locales/signpost.pot"

_KEYWORDS: dict[str, Any] = {"N_": None}
_WIDTH = 100
_KEPT = "PO-Revision-Date", "Last-Translator", "Language-Team"
_OLD = re.compile(r"(?:^#\|.*\n)+", re.MULTILINE)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLACEHOLDER = re.compile(r"YEAR-MO-DA|FULL NAME|EMAIL@ADDRESS|LL@li\.org")
_HEAD = """\
# {name} of Signpost.
# Distributed under the licence of the project's content: CC BY 4.0.
#
"""


def template(root: Path) -> Catalog:
    """Extract every text under *root* that is to be translated: what signpost.pot must hold."""
    catalog = Catalog(project="Signpost", charset="utf-8", fuzzy=False)
    found = extract_from_dir(root / "bot", [("**.py", "python")], keywords=_KEYWORDS)
    for name, line, message, comments, _ in found:
        catalog.add(message, None, [(f"bot/{name}", line)], auto_comments=comments)
    for path in sorted((root / "intents").glob("*.yaml")):
        parsed = _parsed(path)
        for place, english in content_messages({path.stem: parsed}) if "reply" in parsed else ():
            comment = f"severity: {parsed['severity']}"
            catalog.add(english, None, [(f"intents/{path.name}", 1)], auto_comments=[comment], context=place)
    for path in sorted((root / "agencies").glob("*.yaml")):
        for place, english in body_messages(_parsed(path)):
            catalog.add(english, None, [(f"agencies/{path.name}", 1)], context=place)
    return catalog


def _parsed(path: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    return parsed


def update(catalogue: Catalog, fresh: Catalog, language: str) -> Catalog:
    """Give *catalogue* with the messages of *fresh*, in their order, keeping all translations."""
    merged = Catalog(
        locale=Locale.parse(gettext_name(language)), project="Signpost", charset="utf-8", fuzzy=False
    )
    by_place = {one.context: one for one in catalogue if one.context}
    by_english = {str(one.id): one for one in catalogue if one.id and not one.context}
    gone = [english for english in by_english if english not in fresh]
    for new in fresh:
        if not new.id:
            continue
        old = by_place.get(new.context) if new.context else by_english.get(str(new.id))
        if old is None and not new.context and (near := get_close_matches(str(new.id), gone, 1, 0.8)):
            old = by_english[near[0]]
        _add(merged, new, old)
    unused = [old for old in (*by_place.values(), *by_english.values()) if _is_unused(old, merged)]
    for old in [*catalogue.obsolete.values(), *unused]:
        if old.string and not _known(merged, old):
            key = (str(old.id), old.context) if old.context else str(old.id)
            merged.obsolete[key] = old
    return merged


def _add(merged: Catalog, new: Message, old: Message | None) -> None:
    """Add *new* with the translation of *old*, marked where its English has changed."""
    previous: tuple[str, ...] = ()
    flags: set[str] = set()
    if old is not None and old.string:
        flags = {flag for flag in old.flags if flag == "fuzzy"}
        previous = _previous(old) if flags else ()
        if str(old.id) != str(new.id):
            flags, previous = {"fuzzy"}, (str(old.id),)
    merged.add(
        new.id,
        old.string if old is not None else "",
        new.locations,
        flags,
        new.auto_comments,
        [line for line in old.user_comments if not line.startswith("|")] if old is not None else (),
        previous,
        context=new.context,
    )


def _previous(message: Message) -> tuple[str, ...]:
    """Give the English that a translation was made from; Babel reads its lines as comments."""
    lines = [line.lstrip("| ") for line in message.user_comments if line.startswith("|")]
    text = "\n".join(line.removeprefix("msgid ") for line in lines if not line.startswith("msgctxt "))
    return (denormalize(text),) if text else ()


def _known(merged: Catalog, old: Message) -> bool:
    if old.context:
        return any(one.context == old.context for one in merged)
    return merged.get(old.id) is not None


def _is_unused(old: Message, merged: Catalog) -> bool:
    if old.context:
        return not _known(merged, old)
    used = {one.previous_id[0] for one in merged if one.previous_id and not one.context}
    return merged.get(old.id) is None and str(old.id) not in used


def render(catalog: Catalog, language: str | None, kept: dict[str, str]) -> bytes:
    """Write *catalog* as a PO file; the header holds nothing that differs from run to run."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=_WIDTH, omit_header=True, include_lineno=False, include_previous=True)
    name = f"{Locale.parse(gettext_name(language)).english_name} translation" if language else "The texts"
    fields = {"Project-Id-Version": "Signpost", **kept}
    if language:
        fields |= {"Language": gettext_name(language), "Plural-Forms": catalog.plural_forms}
    fields |= {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    head = "".join(f'"{key}: {value}\\n"\n' for key, value in fields.items())
    body = _OLD.sub(_unbroken, buffer.getvalue().decode())
    return (_HEAD.format(name=name) + 'msgid ""\nmsgstr ""\n' + head + "\n" + body).encode()


def _unbroken(found: re.Match[str]) -> str:
    """Write an old English text on one line: Babel breaks it within words, and reads no line twice."""
    text = "".join(_STRING.findall(found[0].replace("\n#| ", " ")))
    return f'#| msgid "{text}"\n'


def kept_fields(catalog: Catalog) -> dict[str, str]:
    """Give the header fields that a translator's program wrote."""
    fields = dict(catalog.mime_headers)
    given = {key: fields[key] for key in _KEPT if key in fields and not _PLACEHOLDER.search(fields[key])}
    # Babel makes a revision date up where a file has none.
    if isinstance(catalog.revision_date, str):
        given.pop("PO-Revision-Date", None)
    return given


def read(path: Path, language: str) -> Catalog:
    """Read a catalogue; an empty one where there is no file."""
    locale = gettext_name(language)
    if not path.exists():
        return Catalog(locale=locale)
    return read_po(BytesIO(path.read_bytes()), locale=locale)


def catalogue_path(root: Path, language: str) -> Path:
    """Give the path of the catalogue of *language*."""
    return root / "locales" / gettext_name(language) / "LC_MESSAGES" / "signpost.po"


def write(root: Path) -> list[Path]:
    """Write the template and the catalogue of every language under *root*; give the files that changed."""
    fresh = template(root)
    changed = [root / POT] if _put(root / POT, render(fresh, None, {})) else []
    for language in _parsed(root / "intents" / "languages.yaml"):
        if language == SOURCE:
            continue
        path = catalogue_path(root, language)
        old = read(path, language)
        if _put(path, render(update(old, fresh, language), language, kept_fields(old))):
            changed.append(path)
    return changed


def begin(root: Path, language: str) -> Path:
    """Write an empty catalogue for *language*; give its path."""
    path = catalogue_path(root, language)
    empty = Catalog(locale=gettext_name(language))
    _put(path, render(update(empty, template(root), language), language, {}))
    return path


def _put(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    project = Path(__file__).parents[2]
    for file in write(project):
        sys.stdout.write(f"{file.relative_to(project)}\n")
