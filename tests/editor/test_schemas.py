"""Schemas: what our own files hold is what they allow."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.editor import schemas
from bot.yamlfile import loads

ROOT = Path(__file__).parents[2]
FILES = {
    "agency": "agencies/[A-Z][A-Z].yaml",
    "intent": "intents/[!l]*.yaml",
    "language": "intents/*/_language.yaml",
    "languages": "intents/languages.yaml",
    "partners": "agencies/PARTNERS.yaml",
    "questions": "tests/dialogs/*/*.yaml",
    "refused": "agencies/refused.yaml",
    "risk": "intents/*/_risk.yaml",
    "utterances": "intents/*/[!_]*.yaml",
}


@pytest.mark.parametrize(("name", "pattern"), FILES.items(), ids=FILES)
def test_our_own_files_are_valid(name: str, pattern: str) -> None:
    schema = json.loads(schemas.generate()[f"{name}.json"])
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    paths = sorted(ROOT.glob(pattern))[:60]

    wrong = [
        f"{path.relative_to(ROOT)}: {error.message[:200]}"
        for path in paths
        for error in validator.iter_errors(loads(path.read_text(encoding="utf-8"), object, [], path.name))
    ]

    assert paths
    assert not wrong


def test_fields_are_explained() -> None:
    schema = json.loads(schemas.generate()["intent.json"])

    assert "at most 60" in schema["$defs"]["IntentFile"]["properties"]["title"]["description"]


def test_an_unknown_field_is_refused() -> None:
    schema = json.loads(schemas.generate()["utterances.json"])

    assert list(Draft202012Validator(schema).iter_errors({"childs": []}))
