"""Rules of wording: what replies about danger must say, and what none may say, kept in rules.yaml."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from bot.content import Library
from bot.errors import ContentError
from bot.i18n import SOURCE
from bot.messages import Audience
from bot.problems import Problem
from bot.yamlfile import loads

_FILE = "bot/editor/rules.yaml"


class Must(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing that the replies of some intents say."""

    says: str
    voice: Audience
    intents: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    """Language to wordings; one of them is enough, a language without any is not checked."""


class Never(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing that no reply says."""

    says: str
    words: dict[str, tuple[str, ...]]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What rules.yaml holds."""

    must: tuple[Must, ...]
    never: tuple[Never, ...]


@cache
def rules() -> Rules:
    """Read rules.yaml; raises ContentError when it is broken."""
    problems: list[Problem] = []
    text = files("bot.editor").joinpath("rules.yaml").read_text(encoding="utf-8")
    found = loads(text, Rules, problems, _FILE)
    if found is None:
        raise ContentError(problems)
    return found


def replies(library: Library, language: str) -> dict[tuple[str, str], str]:
    """Give every reply that is written in *language*, by intent and voice."""
    content = library.catalogues[language].content
    found: dict[tuple[str, str], str] = {}
    for name, intent in library.intents.items():
        for voice, english in intent.reply.items():
            text = english if language == SOURCE else content.get(f"intents.{name}.{voice}")
            if text:
                found[name, voice] = text.strip()
    return found


def broken(texts: Mapping[tuple[str, str], str], language: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield intent, voice, what is wrong and the mend, for each reply of *texts* that breaks a rule."""
    for must in rules().must:
        words = must.words.get(language, ())
        for name in must.intents if words else ():
            text = texts.get((name, must.voice))
            if text and not _stands(words, text):
                mend = f"say it, or add your wording to {_FILE}"
                yield name, must.voice, f"the reply for a {must.voice} does not say {must.says}", mend
    for never in rules().never:
        for (name, voice), text in texts.items():
            if found := _stands(never.words.get(language, ()), text):
                yield name, voice, f"{found!r} says {never.says}", "say it in other words"


def _stands(words: tuple[str, ...], text: str) -> str | None:
    plain = " ".join(text.casefold().replace("’", "'").split())
    matches = (re.search(word, plain) for word in words)
    return next((match.group() for match in matches if match), None)
