"""One file of named arrays behind a small header, mapped into memory rather than read."""

import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

_MAGIC = b"SIGNPOST-1\n\0\0\0\0\0"
_ALIGNMENT = 64

Array = NDArray[Any]
_Meta = TypeVar("_Meta", bound=msgspec.Struct)


class ArtefactError(ValueError):
    """A file that is no artefact of ours, or not a whole one: it must be built anew."""


class _Place(msgspec.Struct, frozen=True, array_like=True):
    dtype: str
    shape: tuple[int, ...]
    begin: int


class _Header(msgspec.Struct, frozen=True):
    meta: msgspec.Raw
    arrays: dict[str, _Place]
    size: int


class Artefact:
    """The arrays and the description that one file holds; all processes share its pages."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            begin = len(_MAGIC) + 8
            head = file.read(begin)
            if len(head) < begin or head[: len(_MAGIC)] != _MAGIC:
                raise ArtefactError(f"{path} is no compiled model")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        length = int.from_bytes(head[len(_MAGIC) :], "little")
        try:
            header = msgspec.json.decode(self._map[begin : begin + length], type=_Header)
        except msgspec.DecodeError as error:
            raise ArtefactError(f"{path} has a damaged header") from error
        self._base = _aligned(begin + length)
        if len(self._map) < self._base + header.size:
            raise ArtefactError(f"{path} is cut short")
        self.path = path
        self._meta = bytes(header.meta)
        self._places = header.arrays

    def meta(self, kind: type[_Meta]) -> _Meta:
        """Give the description as a struct of *kind*."""
        return msgspec.json.decode(self._meta, type=kind)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __getitem__(self, name: str) -> Array:
        """Give the array of that name, read-only and without a copy."""
        place = self._places[name]
        count = int(np.prod(place.shape, dtype=np.int64))
        flat = np.frombuffer(self._map, dtype=place.dtype, count=count, offset=self._base + place.begin)
        return flat.reshape(place.shape)

    def under(self, prefix: str) -> dict[str, Array]:
        """Give the arrays whose names begin with *prefix*, by the rest of the name."""
        return {name.removeprefix(prefix): self[name] for name in self._places if name.startswith(prefix)}


def write(path: Path, meta: msgspec.Struct, arrays: Mapping[str, Array]) -> None:
    """Write the file whole or not at all: a reader never sees half of it."""
    places, begin = {}, 0
    for name, array in arrays.items():
        places[name] = _Place(array.dtype.str, array.shape, begin)
        begin = _aligned(begin + array.nbytes)
    header = msgspec.json.encode(_Header(msgspec.Raw(msgspec.json.encode(meta)), places, begin))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(_MAGIC + len(header).to_bytes(8, "little") + header)
        _pad(file.write, file.tell())
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).tobytes())
            _pad(file.write, file.tell())
    unfinished.replace(path)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNMENT) * _ALIGNMENT


def _pad(put: Any, place: int) -> None:
    put(b"\0" * (_aligned(place) - place))
