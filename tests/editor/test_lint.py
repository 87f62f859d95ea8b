"""Lint: each check finds the fault that it was made for."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.editor import lint as linting
from bot.editor import schemas
from bot.editor.lint import Report, lint
from tests.content_factory import GOOD, changed, lay

PO = "locales/it/LC_MESSAGES/signpost.po"


def found(report: Report, check: str) -> list[str]:
    return [str(one) for one in report.problems if check in str(one)]


def test_content_that_does_not_load_is_all_that_is_said(tmp_path: Path) -> None:
    report = lint(lay(tmp_path, {"intents/it/_language.yaml": None}))

    assert ["intents/it/_language.yaml"] == [one.path for one in report.problems]


def test_a_refused_number_is_found_however_it_is_spaced(tmp_path: Path) -> None:
    root = lay(tmp_path, {"intents/en/passwords.yaml": "either:\n- who answers 0800-123 45\n"})

    assert found(lint(root), "intents/en/passwords.yaml:2: '0800 12345' must stand nowhere: no line there")


def test_a_reply_that_is_hard_to_read_is_found(tmp_path: Path) -> None:
    hard = (
        "Notwithstanding considerable organisational difficulties, institutional representatives "
        "systematically encourage immediate communication with responsible authorities."
    )
    intent = changed("intents/threats.yaml", ("Tell an adult you trust.", hard))

    problems = found(lint(lay(tmp_path, {"intents/threats.yaml": intent})), "hard to read")

    assert len(problems) == 1
    assert problems[0].startswith("intents/threats.yaml:9:")


def test_a_reply_that_does_not_say_what_it_must_is_found(tmp_path: Path) -> None:
    intent = changed("intents/threats.yaml", (", and it is not your fault", ""))

    assert found(lint(lay(tmp_path, {"intents/threats.yaml": intent})), "not the child's fault")


def test_a_reply_that_says_what_none_may_is_found(tmp_path: Path) -> None:
    intent = changed("intents/threats.yaml", ("Stay calm and listen.", "He committed suicide."))

    assert found(lint(lay(tmp_path, {"intents/threats.yaml": intent})), "'committed suicide'")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Chiama il 19696", "'19696' does not stand in the English"),
        ("Vai su www.example.org", "'www.example.org' does not stand in the English"),
        ("Qualcuno minaccia me, la mia famiglia e anche tutti i miei compagni", "has 67 characters"),
    ],
)
def test_what_a_translation_brought_in_is_found(tmp_path: Path, text: str, what: str) -> None:
    root = lay(tmp_path, {PO: changed(PO, ("Qualcuno mi minaccia", text))})

    assert found(lint(root), what)


def test_a_test_question_that_was_learnt_is_found(tmp_path: Path) -> None:
    rows = "- {text: 'He said, he will HURT me!', intent: threats}\n- {text: an adult scares me, intent: threats}\n"

    problems = found(lint(lay(tmp_path, {"tests/dialogs/en/threats.yaml": rows})), "tests/dialogs")

    assert len(problems) == 1
    assert problems[0].startswith("tests/dialogs/en/threats.yaml:1:")


def test_a_test_question_for_no_intent_is_found(tmp_path: Path) -> None:
    rows = "- {text: an adult scares me, intent: threat}\n"

    assert found(lint(lay(tmp_path, {"tests/dialogs/en/threats.yaml": rows})), "there is no intent 'threat'")


def test_a_danger_phrase_that_is_silenced_is_found(tmp_path: Path) -> None:
    risk = "danger:\n  threats:\n  - will hurt me\nharmless:\n- will hurt me\n"

    assert found(lint(lay(tmp_path, {"intents/en/_risk.yaml": risk})), "silenced")


def test_a_live_language_without_messages_is_a_problem_and_a_draft_one_a_note(tmp_path: Path) -> None:
    languages = GOOD["intents/languages.yaml"].replace(
        "it: {name: Italiano, direction: ltr, status: live",
        "it: {name: Italiano, direction: ltr, status: draft",
    )
    report = lint(lay(tmp_path, {"intents/languages.yaml": languages}))

    assert found(report, "intents/en/threats.yaml:0: holds 2 messages")
    assert not found(report, "intents/it/")
    assert any("intents/it/threats.yaml" == one.path for one in report.notes)


def test_every_check_says_which_fault_it_was_made_for() -> None:
    assert all(check.__doc__ for check in (*linting.CHECKS, *linting.HINTS))


def test_schemas_are_up_to_date() -> None:
    assert not list(schemas.stale(Path(__file__).parents[2]))


def test_stale_schemas_fail_the_check(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    (tmp_path / "docs/schemas/intent.json").write_text("{}", encoding="utf-8")

    assert ["docs/schemas/intent.json"] == [one.path for one in schemas.stale(tmp_path)]


def test_the_command_fails_when_something_is_wrong(tmp_path: Path) -> None:
    root = lay(tmp_path, {"intents/it/_language.yaml": None})
    environ = {"SIGNPOST_CONTENT": str(root), "PATH": ""}

    run = subprocess.run(
        [sys.executable, "-m", "bot", "lint"], env=environ, capture_output=True, text=True, check=False
    )

    assert 1 == run.returncode
    assert "intents/it/_language.yaml:0: is missing" in run.stdout
