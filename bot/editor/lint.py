"""Lint: all checks of the content that need no judgement, at once."""

from pathlib import Path

import msgspec

from bot import content
from bot.errors import ContentError
from bot.problems import Problem


class Report(msgspec.Struct, frozen=True):
    """What the checks found."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    """What an editor should know, and what is wrong with a language that is still a draft."""


def lint(root: Path) -> Report:
    """Run every check on the content under *root*."""
    problems: list[Problem] = []
    try:
        library, corpus = content.load(root)
    except ContentError as error:
        return Report(tuple(error.problems))
    return Report(tuple(sorted(set(problems))))
