"""Artefact: what is written is read, shared and whole, or refused."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.matching.artefact import Artefact, ArtefactError, write


class Note(msgspec.Struct, frozen=True):
    text: str


ARRAYS = {
    "en/small": np.arange(3, dtype=np.uint16),
    "en/square": np.arange(6, dtype=np.float32).reshape(2, 3),
    "it/empty": np.zeros((0, 4), dtype=np.int8),
}


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    write(tmp_path / "a.bin", Note("ciao"), ARRAYS)
    return tmp_path / "a.bin"


def test_arrays_and_description_come_back(path: Path) -> None:
    artefact = Artefact(path)

    assert Note("ciao") == artefact.meta(Note)
    for name, array in ARRAYS.items():
        assert np.array_equal(array, artefact[name])
        assert array.dtype == artefact[name].dtype
        assert name in artefact


def test_arrays_are_mapped_and_cannot_be_changed(path: Path) -> None:
    assert not Artefact(path)["en/small"].flags.writeable
    assert not Artefact(path)["en/small"].flags.owndata


def test_under_gives_a_part_by_short_names(path: Path) -> None:
    assert {"small", "square"} == set(Artefact(path).under("en/"))


@pytest.mark.parametrize("keep", [0, 4, 20, 60, -1])
def test_half_a_file_is_refused(path: Path, keep: int) -> None:
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(ArtefactError):
        Artefact(path)


def test_another_file_is_refused(path: Path) -> None:
    path.write_bytes(b"PK\3\4" + bytes(200))

    with pytest.raises(ArtefactError, match="no compiled model"):
        Artefact(path)


def test_writing_leaves_nothing_else_behind(path: Path) -> None:
    assert [path] == list(path.parent.iterdir())
