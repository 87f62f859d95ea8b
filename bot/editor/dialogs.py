"""Test questions: what people asked, and which intent should answer it. No model is trained on them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.problems import Problem
from bot.yamlfile import load as load_yaml

OUT_OF_SCOPE = "out_of_scope"
"""The intent of a question that is not for this service."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One row of tests/dialogs/LANG/*.yaml."""

    text: str
    intent: str
    """The intent that should answer, or out_of_scope."""
    also: tuple[str, ...] = ()
    """Intents whose answer is as good."""
    audience: str | None = None
    """child or parent, where the text tells who writes."""

    @property
    def wanted(self) -> frozenset[str]:
        """The intents that are right."""
        return frozenset((self.intent, *self.also))


class Asked(msgspec.Struct, frozen=True):
    """A question and where it stands."""

    path: str
    place: int
    question: Question


def languages(folder: Path) -> tuple[str, ...]:
    """List the languages that *folder* holds questions of."""
    names = {path.stem if path.is_file() else path.name for path in _entries(folder)}
    return tuple(sorted(names))


def read(folder: Path, language: str, problems: list[Problem]) -> list[Asked]:
    """Read `LANG.yaml` and `LANG/*.yaml` of *folder*; what is wrong is appended to *problems*."""
    paths = [path for path in _entries(folder) if path.name == f"{language}.yaml"]
    paths += sorted((folder / language).glob("*.yaml"))
    found: list[Asked] = []
    for path in paths:
        rows = load_yaml(path, tuple[Question, ...] | None, problems, root=folder)  # type: ignore[arg-type]  # mypy takes no union for a type
        name = str(path.relative_to(folder))
        found += [Asked(name, place, question) for place, question in enumerate(rows or ())]
    return found


def _entries(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix == ".yaml" or (path.is_dir() and any(path.glob("*.yaml"))):
            yield path
