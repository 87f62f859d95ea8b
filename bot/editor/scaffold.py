"""Scaffold: the files of a new language, as a draft, with the English beside as comments."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from bot.editor import translations
from bot.i18n import SOURCE
from bot.language import gettext_name

_SCHEMA = "# yaml-language-server: $schema=../../docs/schemas/{name}.json\n"
_EXAMPLES = 8
"""English danger phrases shown of each intent: enough to see what is meant."""


def add_language(root: Path, tag: str) -> list[str]:
    """
    Write the files of the language *tag* under *root*; give their paths.

    Raises:
        ValueError: there is such a language already, or CLDR does not know it.
    """
    locale = _locale(root, tag)
    name = locale.get_display_name(locale) or tag
    name = name[:1].upper() + name[1:]
    files = dict(_files(root, tag, locale.get_display_name("en") or tag))
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    po = translations.begin(root, tag)
    listed = root / "intents" / "languages.yaml"
    entry = f"{tag}: {{name: {name}, direction: {locale.text_direction}, status: draft, review: none}}\n"
    # Last, so that whatever fails before leaves no half language behind.
    listed.write_text(listed.read_text(encoding="utf-8").rstrip("\n") + "\n" + entry, encoding="utf-8")
    return ["intents/languages.yaml", str(po.relative_to(root)), *files]


def _locale(root: Path, tag: str) -> Locale:
    listed = _load(root / "intents" / "languages.yaml")
    if tag in listed or (root / "intents" / tag).exists():
        raise ValueError(f"the language {tag} is there already")
    try:
        locale = Locale.parse(gettext_name(tag))
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"{tag} is no language that CLDR knows; write a tag such as uk or pt-BR") from None
    if gettext_name(tag).replace("_", "-") != tag:
        raise ValueError(f"write the tag as {gettext_name(tag).replace('_', '-')}")
    return locale


def _files(root: Path, tag: str, english_name: str) -> Iterator[tuple[str, str]]:
    source = root / "intents" / SOURCE
    for path in sorted((root / "intents").glob("*.yaml")):
        if path.name != "languages.yaml":
            yield f"intents/{tag}/{path.name}", _utterances(path, source / path.name, english_name)
    yield f"intents/{tag}/_language.yaml", _words(source / "_language.yaml", english_name)
    yield f"intents/{tag}/_risk.yaml", _risk(source / "_risk.yaml", english_name)
    yield f"intents/{tag}/_out_of_scope.yaml", _out_of_scope(source / "_out_of_scope.yaml", english_name)
    yield f"tests/dialogs/{tag}/danger.yaml", _QUESTIONS


_QUESTIONS = """\
# yaml-language-server: $schema=../../../docs/schemas/questions.json
# Questions to test with, written by somebody else than the messages in intents/. One a line:
# - {text: what somebody typed, intent: sextortion, audience: child}
# intent: out_of_scope for what is no question for this service; audience only where the text tells.
[]
"""


def _utterances(intent: Path, english: Path, name: str) -> str:
    parsed = _load(intent)
    examples = _load(english) if english.exists() else {}
    lines = [
        _SCHEMA.format(name="utterances").rstrip(),
        f"# {parsed['title']} ({parsed['severity']}).",
        f"# Write what people who speak {name} really type; do not translate the English below.",
    ]
    for voice in ("child", "parent", "either"):
        lines += [f"{voice}: []", *_commented(examples.get(voice) or ())]
    return "\n".join(lines) + "\n"


def _words(english: Path, name: str) -> str:
    lines = [
        _SCHEMA.format(name="language").rstrip(),
        f"# Words of {name} that tell who writes, and from where. Write them anew; the English stands beside.",
    ]
    for key, value in _load(english).items():
        rows = [f"{one}: {other}" for one, other in value.items()] if isinstance(value, Mapping) else value
        lines += [
            f"{key}: {'{}' if isinstance(value, Mapping) else '[]'}",
            *_commented(list(rows)[: _EXAMPLES * 3]),
        ]
    return "\n".join(lines) + "\n"


def _risk(english: Path, name: str) -> str:
    lines = [
        _SCHEMA.format(name="risk").rstrip(),
        f"# Danger phrases of {name}: word* = any ending, ... = up to four words between, (a|b) = a or b.",
        "# Write the words that children there use, slang and misspellings too. Some English ones stand beside.",
        "danger: {}",
    ]
    parsed = _load(english)
    for intent, phrases in parsed["danger"].items():
        lines += [f"#  {intent}:", *_commented(phrases[:_EXAMPLES], "  ")]
    lines += [
        "# Look-alikes that are no danger (my phone died):",
        "harmless: []",
        *_commented((parsed.get("harmless") or ())[:_EXAMPLES]),
    ]
    return "\n".join(lines) + "\n"


def _out_of_scope(english: Path, name: str) -> str:
    head = f"# Sentences in {name} that are no question for this service: school, sport, weather, chat.\n[]\n"
    return head + "\n".join(_commented(_load(english)[: _EXAMPLES * 5])) + "\n"


def _commented(rows: Iterable[Any], indent: str = "") -> list[str]:
    return [f"#{indent} - {row}" for row in rows]


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
