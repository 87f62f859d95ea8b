"""Lint: all checks of the content that need no judgement, at once."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from bot import content
from bot.editor import catalogues, checks, questions, schemas
from bot.editor.checks import Content
from bot.errors import ContentError
from bot.language import gettext_name
from bot.problems import Problem

Check = Callable[[Content], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    checks.refused,
    checks.reading_level,
    checks.wording,
    checks.danger_phrases,
    checks.unwritten,
    catalogues.drift,
    catalogues.translations,
    catalogues.missing,
    catalogues.gettext,
    schemas.outdated,
    questions.loadable,
    questions.leaked,
)
"""What fails lint."""

TO_WRITE: tuple[Check, ...] = (checks.unwritten, checks.danger_phrases, catalogues.drift, catalogues.missing)
"""Checks whose findings in a draft only say what is still to be written."""

HINTS: tuple[Check, ...] = (catalogues.outdated, checks.loose_phrases)
"""What an editor should know."""


class Report(msgspec.Struct, frozen=True):
    """What the checks found."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    """Hints, and what is still to be written in a language that is a draft."""


def lint(root: Path, done: Callable[[str], None] = lambda _what: None) -> Report:
    """Run every check on the content under *root*; *done* hears the name of each."""
    try:
        library, corpus = content.load(root)
    except ContentError as error:
        return Report(tuple(error.problems))
    material = Content(root, library, corpus)
    problems: set[Problem] = set()
    notes: set[Problem] = set()
    drafts = _folders(tag for tag, info in library.languages.items() if info.status == "draft")
    for check in (*CHECKS, *HINTS):
        for found in check(material):
            calm = check in HINTS or (check in TO_WRITE and found.path.startswith(drafts))
            (notes if calm else problems).add(found)
        done(check.__name__)
    return Report(tuple(sorted(problems)), tuple(sorted(notes)))


def _folders(tags: Iterable[str]) -> tuple[str, ...]:
    """Name the folders of languages."""
    pairs = ((f"intents/{tag}/", f"locales/{gettext_name(tag)}/", f"tests/dialogs/{tag}/") for tag in tags)
    return tuple(name for pair in pairs for name in pair)
