"""YAML files into structs: whatever is wrong becomes a Problem with its line and its mend.

Files are read as YAML 1.2 reads them: only true and false are booleans, and NO is a country,
no a language, 017 a telephone number and 09:30 a time.
"""

import difflib
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from bot.problems import Problem

T = TypeVar("T")

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML without libyaml: slower, same result
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

_MAP = "tag:yaml.org,2002:map"
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_AT = re.compile(r" - at `(?:key in )?(\$[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_TYPES = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_CHOICE = re.compile(r"Invalid enum value (.+)")


class _Loader(_Base):
    """The safe loader with YAML 1.2's plain values, and no key twice."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"(?:true|false)$", "tf"),
    ("null", r"(?:~|null|)$", ["~", "n", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+(?:e[-+]?[0-9]+)?$", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = loader.construct_mapping(node, deep=True)
    if len(found) < len(node.value):
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
    return found


_Loader.add_constructor(_MAP, _mapping)


def load(path: Path, kind: type[T], problems: list[Problem], *, root: Path | None = None) -> T | None:
    """
    Read the YAML file *path* as a *kind*.

    What is wrong is appended to *problems* (paths relative to *root*), and None returned.
    """
    name = str(path.relative_to(root)) if root else str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        problems.append(Problem(name, 0, f"cannot be read ({error.strerror})", "check that the file is there"))
        return None
    except UnicodeDecodeError:
        problems.append(Problem(name, 0, "is not UTF-8 text", "save it as UTF-8"))
        return None
    return loads(text, kind, problems, name)


def loads(text: str, kind: type[T], problems: list[Problem], name: str) -> T | None:
    """Read *text* as a *kind*; *name* is the path that problems show."""
    try:
        # The loader is a subclass of the safe one.
        parsed = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is no valid YAML: {error.problem or error.context}"
        problems.append(Problem(name, mark.line + 1 if mark else 0, what, "mind indentation, quotes and colons"))
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(name, 0, f"is no valid YAML: {error}", "take the odd characters out"))
        return None
    try:
        return msgspec.convert(parsed, kind)
    except msgspec.ValidationError as error:
        problems.append(_explain(str(error), text, kind, name))
        return None


def line_of(text: str, where: str) -> int:
    """
    Give the line of *where* in the YAML *text*, from 1; of its nearest parent where it is absent.

    *where* is a path as msgspec prints it: "$.services[3].hours".
    """
    node = yaml.compose(text, Loader=_Loader)  # type: ignore[no-untyped-call]
    line = node.start_mark.line + 1 if node else 0
    for key, index in _STEP.findall(where):
        if isinstance(node, yaml.MappingNode) and key:
            found = next((pair for pair in node.value if pair[0].value == key), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and index.isdigit() and int(index) < len(node.value):
            node = node.value[int(index)]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _explain(error: str, text: str, kind: Any, name: str) -> Problem:
    """Turn a message of msgspec into a Problem in an editor's words."""
    where = match.group(1) if (match := _AT.search(error)) else "$"
    what = _AT.sub("", error)
    if match := _UNKNOWN.search(what):
        return Problem(name, line_of(text, f"{where}.{match.group(1)}"),
                       f"there is no field {match.group(1)!r}", _nearest(match.group(1), kind))
    if match := _MISSING.search(what):
        return Problem(name, line_of(text, where), f"the field {match.group(1)!r} is missing", "add it")
    if match := _TYPES.search(what):
        wanted, got = match.groups()
        mend = "put it in quotes" if wanted.startswith("str") and got in ("int", "float", "bool") else f"write it as {wanted}"
        return Problem(name, line_of(text, where), f"{where[2:] or 'the file'} is {got}, not {wanted}", mend)
    if match := _CHOICE.search(what):
        return Problem(name, line_of(text, where), f"{where[2:]} cannot be {match.group(1)}", "use one of the words in the README")
    return Problem(name, line_of(text, where), f"{where[2:] or 'the file'}: {what}", "see the README of the folder")


def _nearest(wrong: str, kind: Any) -> str:
    names = sorted(_fields(kind))
    if near := difflib.get_close_matches(wrong, names, n=1):
        return f"did you mean {near[0]!r}?"
    return "take it out; the README lists the fields"


def _fields(kind: Any) -> set[str]:
    """All field names that *kind* or a struct inside it knows."""
    found: set[str] = set()
    todo, seen = [msgspec.inspect.type_info(kind)], set()
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
