"""YAML files into structs: whatever is wrong becomes a Problem with its line and its mend.

Files are read as YAML 1.2 reads them: only true and false are booleans, and NO is a country,
no a language, 017 a telephone number and 09:30 a time.
"""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec
import yaml

from bot.problems import Problem

T = TypeVar("T")

Step: TypeAlias = str | int | None
"""A key, an index, or None: some value of a mapping, as msgspec does not say which."""

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML without libyaml: slower, same result
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_AT = re.compile(r" - at (`key` in )?`(\$[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_TYPES = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_CHOICE = re.compile(r"Invalid enum value (.+)")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def _value(plain: str) -> object:
    """Read an unquoted value as YAML 1.2 does."""
    if plain in _WORDS:
        return _WORDS[plain]
    if plain[0] in "-+0123456789":
        if _INT.fullmatch(plain):
            return int(plain)
        if _FLOAT.fullmatch(plain):
            return float(plain)
    return plain


class _Reader:
    """Builds plain values straight from the parser's events: faster than PyYAML's own way."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = _Base(text).get_event

    def read(self) -> Any:
        """
        Give what the text holds; None for an empty one.

        Raises:
            yaml.YAMLError: it is no YAML, or holds a key twice, a tag, an anchor or a second document.
        """
        found, documents = None, 0
        while (event := self._next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _error("there is a second document", event)
            elif isinstance(event, yaml.NodeEvent):
                found = self._build(event)
        return found

    def _build(self, event: Any) -> Any:
        kind = type(event)
        if kind is yaml.AliasEvent or event.tag is not None or event.anchor is not None:
            raise _error("tags and anchors are not used here", event)
        if kind is yaml.ScalarEvent:
            if event.implicit[0] and self._joined(event):
                raise _error("two items of a list became one, as their dashes are not in line", event)
            return _value(event.value) if event.implicit[0] else event.value
        if kind is yaml.SequenceStartEvent:
            items = []
            while type(item := self._next()) is not yaml.SequenceEndEvent:
                items.append(self._build(item))
            return items
        return self._mapping()

    def _joined(self, event: Any) -> bool:
        """Tell whether a list's item went into the one before: YAML joins lines that are indented more."""
        first, last = event.start_mark.line + 1, event.end_mark.line + 1
        return " - " in event.value and any(
            line.lstrip().startswith("- ") for line in self._text.splitlines()[first:last]
        )

    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise _error("a key is no plain word", event)
            if event.value in found:
                raise _error(f"the key {event.value!r} stands twice", event)
            found[event.value] = self._build(self._next())
        return found


def _error(problem: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def load(path: Path, kind: type[T], problems: list[Problem], *, root: Path | None = None) -> T | None:
    """
    Read the YAML file *path* as a *kind*.

    What is wrong is appended to *problems* (paths relative to *root*), and None returned.
    """
    name = str(path.relative_to(root)) if root else str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        problems.append(
            Problem(name, 0, f"cannot be read ({error.strerror})", "check that the file is there")
        )
        return None
    except UnicodeDecodeError:
        problems.append(Problem(name, 0, "is not UTF-8 text", "save it as UTF-8"))
        return None
    return loads(text, kind, problems, name)


def loads(text: str, kind: type[T], problems: list[Problem], name: str) -> T | None:
    """Read *text* as a *kind*; *name* is the path that problems show."""
    try:
        parsed = _Reader(text).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is no valid YAML: {error.problem or error.context}"
        problems.append(
            Problem(name, mark.line + 1 if mark else 0, what, "mind indentation, quotes and colons")
        )
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(name, 0, f"is no valid YAML: {error}", "take the odd characters out"))
        return None
    try:
        return msgspec.convert(parsed, kind)
    except msgspec.ValidationError as error:
        problems.append(_explain(str(error), text, parsed, kind, name))
        return None


def line_of(text: str, where: str) -> int:
    """
    Give the line of *where* in the YAML *text*, from 1; of its nearest parent where it is absent.

    *where* is a path as msgspec prints it: "$.services[3].hours".
    """
    return _line(text, _steps(where))


def _steps(where: str) -> list[Step]:
    return [key or (int(index) if index.isdigit() else None) for key, index in _STEP.findall(where)]


def _line(text: str, steps: Sequence[Step]) -> int:
    node = yaml.compose(text, Loader=_Base)
    line = node.start_mark.line + 1 if node else 0
    for step in steps:
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _which(parsed: Any, kind: Any, steps: Sequence[Step], error: str) -> list[Step]:
    """Name the mapping's value that *error* means: the one that is as wrong when it stands alone."""
    found: list[Step] = []
    for step in steps:
        if step is None:
            inner = parsed
            for one in found:
                inner = inner[one]
            alone = ((key, _with(parsed, found, {key: value})) for key, value in inner.items())
            wrong = next((pair for pair in alone if _complaint(pair[1], kind) == error), None)
            if wrong is None:
                return found
            step, parsed = wrong  # noqa: PLW2901 - now it has a name
        found.append(step)
    return found


def _with(whole: Any, steps: Sequence[Step], value: Any) -> Any:
    """Copy *whole* with *value* in the place that *steps* lead to."""
    if not steps:
        return value
    copy = whole.copy()
    copy[steps[0]] = _with(whole[steps[0]], steps[1:], value)
    return copy


def _complaint(parsed: Any, kind: Any) -> str | None:
    try:
        msgspec.convert(parsed, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _explain(error: str, text: str, parsed: Any, kind: Any, name: str) -> Problem:
    """Turn a message of msgspec into a Problem in an editor's words."""
    at = _AT.search(error)
    steps = _which(parsed, kind, [*_steps(at[2]), *([None] if at[1] else [])], error) if at else []
    line = _line(text, steps)
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    what = _AT.sub("", error)
    if match := _UNKNOWN.search(what):
        unknown = match.group(1)
        return Problem(
            name, _line(text, [*steps, unknown]), f"there is no field {unknown!r}", _nearest(unknown, kind)
        )
    if match := _MISSING.search(what):
        return Problem(name, line, f"the field {match.group(1)!r} is missing", "add it")
    if match := _TYPES.search(what):
        wanted, got = match.groups()
        mend = (
            "put it in quotes"
            if wanted.startswith("str") and got in ("int", "float", "bool")
            else f"write it as {wanted}"
        )
        return Problem(name, line, f"{shown or 'the file'} is {got}, not {wanted}", mend)
    if match := _CHOICE.search(what):
        return Problem(
            name, line, f"{shown} cannot be {match.group(1)}", "use one of the words in the README"
        )
    return Problem(name, line, f"{shown or 'the file'}: {what}", "see the README of the folder")


def _nearest(wrong: str, kind: Any) -> str:
    names = sorted(_fields(kind))
    if near := difflib.get_close_matches(wrong, names, n=1):
        return f"did you mean {near[0]!r}?"
    return "take it out; the README lists the fields"


def _fields(kind: Any) -> set[str]:
    """All field names that *kind* or a struct inside it knows."""
    found: set[str] = set()
    todo: list[Any] = [msgspec.inspect.type_info(kind)]
    seen: set[Any] = set()
    while todo:
        info = todo.pop()
        if id(info) in seen:
            continue
        seen.add(id(info))
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            found |= {field.encode_name for field in info.fields}
            todo += [field.type for field in info.fields]
        for name in ("item_type", "value_type", "key_type"):
            if hasattr(info, name):
                todo.append(getattr(info, name))
        todo += list(getattr(info, "types", ()))
        if isinstance(types := getattr(info, "item_types", None), tuple):
            todo += list(types)
    return found
