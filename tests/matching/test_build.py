"""The build: one file, named by its content; what has not changed is not made again."""

from pathlib import Path

import pytest

from bot.language import Identifier
from bot.matching import Matcher, build

from .conftest import PRESSING, FakeEncoder

Examples = dict[str, dict[str, list[str]]]


class Steps:
    """Writes down what was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.counts: list[tuple[int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.done.append(what)
        self.counts.append((done, total))


def compiled(examples: Examples, folder: Path, **more: object) -> tuple[Path, list[str]]:
    steps = Steps()
    arguments = {"semantic": False, "workers": 0, **more}
    path = build(examples, PRESSING, folder, progress=steps, **arguments)  # type: ignore[arg-type]
    assert steps.counts == [(number, len(steps.done)) for number in range(1, len(steps.done) + 1)]
    return path, steps.done


def test_unchanged_content_costs_nothing(examples: Examples, tmp_path: Path) -> None:
    first, done = compiled(examples, tmp_path)
    again, nothing = compiled(examples, tmp_path)

    assert ["en: words", "it: words", "languages", "artefact"] == done
    assert (first, []) == (again, nothing)


def test_only_the_language_that_changed_is_trained_anew(examples: Examples, tmp_path: Path) -> None:
    before, _ = compiled(examples, tmp_path)
    changed = {**examples, "it": {**examples["it"], "greeting": [*examples["it"]["greeting"], "ueila"]}}
    after, done = compiled(changed, tmp_path)

    assert ["it: words", "languages", "artefact"] == done
    assert before != after
    assert 3 == len(list((tmp_path / "parts").iterdir()))


def test_severities_are_no_reason_to_train(examples: Examples, tmp_path: Path) -> None:
    before, _ = compiled(examples, tmp_path)
    steps = Steps()
    after = build(examples, frozenset(), tmp_path, semantic=False, workers=0, progress=steps)

    assert ["artefact"] == steps.done
    assert before != after
    assert 0 == Matcher.load(after).match("they threaten to post my video", "en").urgent


def test_the_same_content_gives_the_same_file_wherever(examples: Examples, tmp_path: Path) -> None:
    here, _ = compiled(examples, tmp_path / "here")
    there, _ = compiled(dict(reversed(examples.items())), tmp_path / "there")

    assert here.name == there.name
    for text in ("blackmail", "passwords and pizza"):
        assert Matcher.load(here).match(text, "en") == Matcher.load(there).match(text, "en")


def test_a_damaged_artefact_is_made_again(examples: Examples, tmp_path: Path) -> None:
    path, _ = compiled(examples, tmp_path)
    path.write_bytes(path.read_bytes()[:100])
    again, done = compiled(examples, tmp_path)

    assert (path, ["artefact"]) == (again, done)
    assert Matcher.load(again).match("blackmail", "en").ranked


def test_the_semantic_stage_is_another_artefact(examples: Examples, tmp_path: Path) -> None:
    without, _ = compiled(examples, tmp_path)
    encoder = FakeEncoder()
    path, done = compiled(examples, tmp_path, semantic=True, encoder=encoder)

    assert without != path
    assert ["en: meanings", "it: meanings", "artefact"] == done
    assert "fake-1" == Matcher.load(path).meta.encoder
    assert Matcher.load(without).meta.encoder is None
    assert [] == compiled(examples, tmp_path, semantic=True, encoder=encoder)[1]


def test_processes_of_their_own_find_the_same(examples: Examples, tmp_path: Path) -> None:
    here, _ = compiled(examples, tmp_path / "here")
    there, done = compiled(examples, tmp_path / "there", workers=2)

    assert {"en: words", "it: words", "languages", "artefact"} == set(done)
    one, other = (Matcher.load(path).match("i pay for a password", "en") for path in (here, there))
    assert one.ranked[0].p == pytest.approx(other.ranked[0].p, abs=0.01)


def test_the_identifier_travels_along(built: Path) -> None:
    identifier = Identifier.of(Matcher.load(built).artefact)

    assert ("en", "it", "und") == identifier.labels
