"""The real directory, loaded once, and a way to write broken ones."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from bot.directory import Directory
from bot.problems import Problem

ROOT = Path(__file__).parents[2]
AGENCIES = ROOT / "agencies"

Write = Callable[..., tuple[Directory, list[Problem]]]


@pytest.fixture(name="directory", scope="session")
def _directory() -> Directory:
    problems: list[Problem] = []
    directory = Directory.load(AGENCIES, problems)

    assert problems == []
    return directory


@pytest.fixture(name="write")
def _write(tmp_path: Path) -> Write:
    """Write files of agencies/ and load them: gives the directory and the problems."""

    def write(**files: str) -> tuple[Directory, list[Problem]]:
        folder = tmp_path / "agencies"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        problems: list[Problem] = []
        return Directory.load(folder, problems), problems

    return write
