"""A small good project tree, to lay broken files over."""

from pathlib import Path

import yaml

_INTENT = """\
severity: {severity}
audience: both
topic: {topic}
title: {title}
button: {button}
needs: {needs}
next: [{next}]
reply:
  child: |
    You were right to tell, and it is not your fault.

    Tell an adult you trust. People will take you seriously.
  parent: |
    Stay calm and listen.

    Thank your child for telling you.
sources:
- title: A page
  url: https://example.org/page
reviewed: 2026-11-21
"""
_AGENCY = """\
country: IT
timezone: [Europe/Rome]
emergency:
- number: '112'
  for: [any]
  confidence: high
  sources:
  - url: https://example.org/112
  verified_on: 2026-11-21
services:
- id: it-example
  name: An example
  kind: police
  url: https://example.org
  hours: Mo-Fr 09:00-17:00
  audience: [anyone]
  confidence: high
  sources:
  - url: https://example.org/contact
  verified_on: 2026-11-21
"""
_PO = """\
msgid ""
msgstr ""
"Project-Id-Version: Signpost\\n"
"Language: it\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

msgctxt "intents.threats.title"
msgid "Someone threatens me"
msgstr "Qualcuno mi minaccia"
"""
_LANGUAGES = """\
en: {name: English, direction: ltr, status: live, review: none, countries: [GB]}
it: {name: Italiano, direction: ltr, status: live, review: none, countries: [IT]}
"""

GOOD = {
    "intents/languages.yaml": _LANGUAGES,
    "intents/threats.yaml": _INTENT.format(
        severity="urgent", topic="danger", title="Someone threatens me", button="Threats",
        needs="[police]", next="passwords",
    ),
    "intents/passwords.yaml": _INTENT.format(
        severity="advice", topic="everyday_safety", title="How do I make a good password?", button="Passwords",
        needs="[]", next="threats",
    ),
    "intents/en/threats.yaml": "child:\n- he said he will hurt me\nparent:\n- my son is being threatened\n",
    "intents/en/passwords.yaml": "either:\n- how do i make a good password\n",
    "intents/en/_out_of_scope.yaml": "- what is the capital of france\n",
    "intents/en/_language.yaml": "safe_words: [help]\n",
    "intents/en/_risk.yaml": "danger:\n  threats:\n  - will hurt me\n",
    "intents/it/threats.yaml": "child:\n- ha detto che mi fa del male\n",
    "intents/it/passwords.yaml": "either:\n- come faccio una buona password\n",
    "intents/it/_out_of_scope.yaml": "- qual è la capitale della francia\n",
    "intents/it/_language.yaml": "safe_words: [aiuto]\n",
    "intents/it/_risk.yaml": "danger:\n  threats:\n  - mi fa del male\n",
    "agencies/IT.yaml": _AGENCY,
    "agencies/INTERNATIONAL.yaml": "country: INTERNATIONAL\n",
    "agencies/PARTNERS.yaml": "partners: []\n",
    "agencies/refused.yaml": "numbers:\n- {countries: [IT], number: '0800 12345', why: no line there}\ndomains: []\n",
    "locales/it/LC_MESSAGES/signpost.po": _PO,
}  # fmt: skip


def lay(root: Path, files: dict[str, str | None] | None = None) -> Path:
    """Write the good tree with *files* laid over it (None takes one away); give *root*."""
    for name, text in {**GOOD, **(files or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return root


def changed(name: str, *pairs: tuple[str, str]) -> str:
    """Give a good file with some text replaced."""
    text = GOOD[name]
    for old, new in pairs:
        assert old in text, f"{name} does not hold {old!r}"
        text = text.replace(old, new, 1)
    return text


def case(path: Path) -> tuple[dict[str, str | None], list[str]]:
    """
    Read a case of tests/broken/: the files it lays over the good tree, and the problems they give.

    `files` holds whole files (null: the file is absent), `change` replacements in good ones.
    """
    parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
    files: dict[str, str | None] = dict(parsed.get("files") or {})
    for name, pairs in (parsed.get("change") or {}).items():
        files[name] = changed(name, *((old, new) for old, new in pairs.items()))
    return files, list(parsed["problems"])
