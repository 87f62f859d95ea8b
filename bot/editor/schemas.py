"""JSON Schemas of the content files, so that an editor's program completes and checks while typing.

Run `python -m bot.editor.schemas`; `--check` only tells whether they are up to date.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import msgspec

from bot.content import IntentFile, LanguageInfo, Utterances
from bot.directory.schema import CountryFile, PartnersFile, RefusedFile
from bot.editor.dialogs import Question
from bot.mentions import LanguageWords
from bot.problems import Problem
from bot.risk import RiskPhrases

if TYPE_CHECKING:
    from bot.editor.checks import Content

FOLDER = "docs/schemas"

_KINDS: dict[str, Any] = {
    "agency": CountryFile,
    "intent": IntentFile,
    "language": LanguageWords,
    "languages": dict[str, LanguageInfo],
    "partners": PartnersFile,
    "questions": tuple[Question, ...],
    "refused": RefusedFile,
    "risk": RiskPhrases,
    "utterances": Utterances,
}


def generate() -> dict[str, bytes]:
    """Give the schema of each kind of content file, by its file name."""
    found = {}
    for name, kind in _KINDS.items():
        schema = msgspec.json.schema(kind)
        for struct in _structs(kind):
            _describe(schema["$defs"][struct.__name__], struct)
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        found[f"{name}.json"] = msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
    return found


def write(root: Path) -> list[str]:
    """Write the schemas under *root*; give the names of those that changed."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    changed = [name for name, content in generate().items() if _old(folder / name) != content]
    for name in changed:
        (folder / name).write_bytes(generate()[name])
    return changed


def outdated(content: "Content") -> Iterator[Problem]:
    """A schema that lags behind the code marks right fields as wrong."""
    if content.checkout:
        yield from stale(content.root)


def stale(root: Path) -> Iterator[Problem]:
    """Yield a problem for each schema under *root* that is not what :func:`generate` gives."""
    for name, schema in generate().items():
        if _old(root / FOLDER / name) != schema:
            yield Problem(f"{FOLDER}/{name}", 0, "is not up to date", "run `make schemas`")


def _old(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Yield each struct that a *kind* is made of."""
    todo, seen = [msgspec.inspect.type_info(kind)], set()
    while todo:
        info: Any = todo.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info.cls
            todo += [field.type for field in info.fields]
        todo += [getattr(info, name) for name in ("item_type", "value_type") if hasattr(info, name)]
        todo += list(getattr(info, "types", ()))


def _describe(schema: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Put the lines of documentation that stand under the fields of *struct* into its *schema*."""
    encoded = {field.name: field.encode_name for field in msgspec.structs.fields(struct)}
    tree = ast.parse(dedent(inspect.getsource(struct))).body[0]
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for field, below in pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            prop = schema["properties"][encoded[field.target.id]]
            prop["description"] = " ".join(str(below.value.value).split())


if __name__ == "__main__":
    project = Path(__file__).parents[2]
    if "--check" in sys.argv[1:]:
        problems = list(stale(project))
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        sys.exit(1 if problems else 0)
    sys.stdout.writelines(f"{FOLDER}/{name}\n" for name in write(project))
