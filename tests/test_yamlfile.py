"""YAML as editors write it: YAML 1.2's plain values, and problems with their lines."""

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from bot.problems import Problem
from bot.yamlfile import line_of, load, loads


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    country: str
    day: date | None = None
    tags: tuple[str, ...] = ()
    count: int = 0
    ratio: float = 0.0
    live: bool = False


def test_plain_values_are_read_as_yaml_1_2_reads_them() -> None:
    problems: list[Problem] = []
    text = "country: NO\nday: 2026-11-21\ntags: [no, 017, 09:30, on, 1_000, 0x1F, .5]\ncount: -12\nratio: 0.5\nlive: true\n"

    assert loads(text, Sample, problems, "x.yaml") == Sample(
        "NO",
        date(2026, 11, 21),
        ("no", "017", "09:30", "on", "1_000", "0x1F", ".5"),
        -12,
        0.5,
        True,
    )
    assert problems == []


def test_quotes_keep_a_string_a_string() -> None:
    assert loads("['12', \"true\", '', ~, null, 12]", list[str | int | None], [], "x") == [
        "12",
        "true",
        "",
        None,
        None,
        12,
    ]


def test_block_texts_and_comments_are_read() -> None:
    assert loads("# c\na: |\n  one\n  two\nb: >\n  one\n  two\n", dict[str, str], [], "x") == {
        "a": "one\ntwo\n",
        "b": "one two\n",
    }


def test_an_empty_file_is_none() -> None:
    assert loads("", type(None), [], "x") is None
    problems: list[Problem] = []
    assert loads("", Sample, problems, "x") is None
    assert problems


@pytest.mark.parametrize(("text", "line", "what", "mend"), [
    ("country: IT\ncountri: x\n", 2, "there is no field 'countri'", "did you mean 'country'?"),
    ("country: IT\nzzz: x\n", 2, "there is no field 'zzz'", "take it out; the README lists the fields"),
    ("country: 12\n", 1, "country is int, not str", "put it in quotes"),
    ("country: IT\ntags:\n- a\n- 5\n", 4, "tags[1] is int, not str", "put it in quotes"),
    ("count: 1\n", 1, "the field 'country' is missing", "add it"),
    ("country: IT\ncountry: FR\n", 2, "is no valid YAML: the key 'country' stands twice", None),
    ("country: IT\n---\ncountry: FR\n", 2, "is no valid YAML: there is a second document", None),
    ("country: !!str IT\n", 1, "is no valid YAML: tags and anchors are not used here", None),
    ("country: &a IT\nday: *a\n", 1, "is no valid YAML: tags and anchors are not used here", None),
    ("? [a]\n: b\n", 1, "is no valid YAML: a key is no plain word", None),
    ("country: IT\ntags:\n- a\n  - b\n", 3, "two items of a list became one", None),
    ("country: 'IT\n", 2, "is no valid YAML", "mind indentation, quotes and colons"),
    ("- a\n", 1, "the file is array, not object", None),
])  # fmt: skip
def test_a_problem_names_line_and_mend(text: str, line: int, what: str, mend: str | None) -> None:
    problems: list[Problem] = []

    assert loads(text, Sample, problems, "x.yaml") is None
    assert [(one.path, one.line) for one in problems] == [("x.yaml", line)]
    assert what in problems[0].what
    assert mend is None or problems[0].mend == mend


class Language(msgspec.Struct, forbid_unknown_fields=True):
    direction: Literal["ltr", "rtl"] = "ltr"
    numbers: dict[Literal["a.b", "c"], int] = {}


@pytest.mark.parametrize(("text", "line", "what"), [
    ("en: {direction: ltr}\nar:\n  direction: up\nit: {direction: down}\n", 3, "ar.direction cannot be 'up'"),
    ("en: {direction: ltr}\nar:\n  directoin: rtl\n", 3, "there is no field 'directoin'"),
    ("en: {}\nar: rtl\n", 2, "ar is str, not object"),
    ("en:\n  numbers:\n    a.b: 1\nar:\n  numbers:\n    c: 1\n    a.b: x\n", 7, "ar.numbers.a.b is str, not int"),
    ("en:\n  numbers: {c: x}\nar:\n  numbers: {c: x}\n", 2, "en.numbers.c is str, not int"),
    ("en: {}\nar:\n  numbers:\n    c: 1\n    d: 1\n", 5, "ar.numbers.d cannot be 'd'"),
])  # fmt: skip
def test_a_problem_inside_a_mapping_names_its_key_and_line(text: str, line: int, what: str) -> None:
    problems: list[Problem] = []

    assert loads(text, dict[str, Language], problems, "x.yaml") is None
    assert [(line, what)] == [(one.line, one.what) for one in problems]


def test_a_missing_file_and_a_wrong_encoding_are_problems(tmp_path: Path) -> None:
    problems: list[Problem] = []
    (tmp_path / "latin.yaml").write_bytes("country: Åland".encode("latin-1"))

    assert load(tmp_path / "none.yaml", Sample, problems, root=tmp_path) is None
    assert load(tmp_path / "latin.yaml", Sample, problems, root=tmp_path) is None
    assert [one.path for one in problems] == ["none.yaml", "latin.yaml"]
    assert problems[1].what == "is not UTF-8 text"


def test_paths_are_relative_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yaml").write_text("country: IT\n", "utf-8")

    assert load(tmp_path / "a/b.yaml", Sample, [], root=tmp_path) == Sample("IT")


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("$", 1),
        ("$.a", 1),
        ("$.b", 2),
        ("$.b[1]", 4),
        ("$.b[1].c", 5),
        ("$.b[1].none", 4),
        ("$.b[9]", 2),
        ("$.none", 1),
    ],
)
def test_line_of_a_place(where: str, line: int) -> None:
    assert line_of("a: 1\nb:\n- x: 1\n- y: 2\n  c: 3\n", where) == line
