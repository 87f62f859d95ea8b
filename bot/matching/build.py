"""Compile the utterances of all languages into one artefact, retraining only what changed."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.matching import known
from bot.matching.arabizi import ARABIC, LATIN, skeleton
from bot.matching.artefact import Artefact, ArtefactError, write
from bot.matching.calibrate import temperature
from bot.matching.encoder import Encoder, find_encoder
from bot.matching.identify import foreign, train_identifier
from bot.matching.lexical import is_held_out, train_lexical
from bot.matching.model import NONE, LanguageMeta, Meta
from bot.matching.pool import processes
from bot.matching.stack import Evidence, train_heads
from bot.text import normalise

Examples = Mapping[str, Mapping[str, Sequence[str]]]
"""Language to intent (or `none`) to texts."""

Progress = Callable[[str, int, int], None]
"""Called with what was just done, how many steps are done, and how many there are."""

FORMAT = "16"
"""Raised whenever the training changes: older parts are not reused then."""

_MODEL = ("table", "idf", "weights", "scale", "bias", "known", "meant")


class _Nothing(msgspec.Struct, frozen=True):
    """A part has no description: its name says it all."""


class _Labels(msgspec.Struct, frozen=True):
    labels: tuple[str, ...]


def build(
    examples: Examples,
    pressing: frozenset[str],
    directory: Path,
    *,
    semantic: bool,
    progress: Progress = lambda _what, _done, _total: None,
    workers: int | None = None,
    encoder: Encoder | None = None,
) -> Path:
    """
    Compile *examples* into one artefact in *directory*, named by the content's hash; give its path.

    Content that was compiled before costs nothing; a changed language alone is trained anew.
    *pressing* are the intents of severity emergency or urgent; *semantic* adds the second stage
    where its encoder is installed, or with an *encoder* of one's own; *workers* 0 trains in this process.
    """
    own, encoder = encoder, (encoder or find_encoder()) if semantic else None
    spoken, examples = examples, _respelled(examples)
    digests = {language: _digest(FORMAT, msgspec.json.encode(texts, order="deterministic"))
               for language, texts in examples.items()}  # fmt: skip
    others = _digest("".join(f"{code} {text}" for code, text in foreign()))
    whole = _digest(FORMAT, *sorted(digests), *sorted(digests.values()), *sorted(pressing), others,
                    encoder.name if encoder else "")  # fmt: skip
    path = directory / f"matcher-{whole}.bin"
    if _is_whole(path):
        return path
    parts = _Parts(directory / "parts", examples, spoken, digests, others, encoder.name if encoder else None)
    parts.make(progress, workers, own)
    _assemble(path, parts, examples, pressing, whole)
    parts.tidy()
    progress("artefact", len(parts.jobs) + 1, len(parts.jobs) + 1)
    return path


class _Parts:
    """What is kept of each language, so that it need not be made again."""

    def __init__(
        self,
        folder: Path,
        examples: Examples,
        spoken: Examples,
        digests: Mapping[str, str],
        others: str,
        encoder: str | None,
    ) -> None:
        self.folder, self.digests, self.encoder = folder, digests, encoder
        self.lexical = {name: folder / f"{name}-{digest}.words" for name, digest in digests.items()}
        tag = _digest(encoder or "")
        self.vectors = {
            name: folder / f"{name}-{digest}-{tag}.vectors"
            for name, digest in digests.items()
            if name in spoken
        }
        self.identifier = folder / f"{_digest(*sorted(digests.values()), others)}.languages"
        self.jobs: list[tuple[str, Callable[..., None], tuple[Any, ...]]] = []
        for name, texts in examples.items():
            if not _is_whole(self.lexical[name]):
                self.jobs.append((f"{name}: words", _make_lexical, (texts, self.lexical[name])))
        if not _is_whole(self.identifier):
            spread = {name: _spread(texts) for name, texts in spoken.items()}
            self.jobs.append(("languages", _make_identifier, (spread, self.identifier)))
        for name, texts in spoken.items():
            if encoder and not _is_whole(self.vectors[name]):
                self.jobs.append((f"{name}: meanings", _make_vectors, (texts, self.vectors[name])))

    def make(self, progress: Progress, workers: int | None, encoder: Encoder | None) -> None:
        """Do the jobs, in processes of their own unless *workers* is 0; an own *encoder* works in this one."""
        total = len(self.jobs) + 1
        if workers == 0 or encoder:
            for done, (what, function, arguments) in enumerate(self.jobs, 1):
                function(*arguments, *([encoder] if function is _make_vectors else []))
                progress(what, done, total)
        elif self.jobs:
            with processes(workers) as pool:
                self._share(pool, progress, total)

    def tidy(self) -> None:
        """Delete the parts of content that is no more; the encoder's stay while their texts do."""
        kept = {*self.lexical.values(), self.identifier}
        for part in self.folder.iterdir():
            spoken = any(part.name.startswith(path.stem) for path in self.lexical.values())
            if part not in kept and not (spoken and part.suffix == ".vectors"):
                part.unlink(missing_ok=True)

    def _share(self, pool: Executor, progress: Progress, total: int) -> None:
        running: dict[Future[None], str] = {
            pool.submit(function, *arguments): what for what, function, arguments in self.jobs
        }
        for done, future in enumerate(as_completed(running), 1):
            future.result()
            progress(running[future], done, total)


def _make_lexical(texts: Mapping[str, Sequence[str]], path: Path) -> None:
    intents, flat, labels = _flatten(texts)
    none = intents.index(NONE) if NONE in intents else None
    normals = [normalise(text) for text in flat]
    arrays = train_lexical(normals, labels, len(intents), none)
    write(path, _Nothing(), {**arrays, **known.index(normals, labels)})


def _make_vectors(texts: Mapping[str, Sequence[str]], path: Path, encoder: Encoder | None = None) -> None:
    encoder = encoder or find_encoder()
    if encoder is None:
        raise RuntimeError("the encoder went away while the models were built")
    _, flat, _ = _flatten(texts)
    vectors = [encoder.encode(flat[first : first + 64]) for first in range(0, len(flat), 64)]
    write(path, _Nothing(), {"vectors": np.concatenate(vectors).astype(np.float16)})


def _make_identifier(languages: Mapping[str, Sequence[str]], path: Path) -> None:
    labels, arrays = train_identifier(languages)
    write(path, _Labels(labels), arrays)


def _assemble(path: Path, parts: _Parts, examples: Examples, pressing: frozenset[str], digest: str) -> None:
    lexical = {name: Artefact(part) for name, part in parts.lexical.items()}
    arrays: dict[str, NDArray[Any]] = {
        f"{name}/{array}": part[array] for name, part in lexical.items() for array in _MODEL
    }
    languages = {}
    for name, part in lexical.items():
        labels = part["labels"].astype(np.int64)
        factor = temperature(part["heldout"], labels[is_held_out(len(labels))])
        intents = tuple(sorted(examples[name]))
        languages[name] = LanguageMeta(intents, parts.digests[name], factor)
    if parts.encoder:
        evidence = {
            name: Evidence(languages[name].intents, part["labels"].astype(np.int64),
                           Artefact(parts.vectors[name])["vectors"].astype(np.float32), part["heldout"])
            for name, part in lexical.items() if name in parts.vectors
        }  # fmt: skip
        for name, head in train_heads(evidence).items():
            arrays |= {f"{name}/centre": head.centre, f"{name}/head": head.weights}
            languages[name] = msgspec.structs.replace(languages[name], fused=head.factor, share=head.share)
    identifier = Artefact(parts.identifier)
    arrays |= {f"identifier/{name}": array for name, array in identifier.under("").items()}
    spoken = identifier.meta(_Labels).labels
    write(path, Meta(digest, languages, tuple(sorted(pressing)), spoken, parts.encoder), arrays)


def _respelled(examples: Examples) -> Examples:
    """Add Arabic by its consonants, for those who type it in Latin letters."""
    if ARABIC not in examples:
        return examples
    bare = {
        intent: [skeleton(normalise(text)) for text in texts] for intent, texts in examples[ARABIC].items()
    }
    return {**examples, LATIN: bare}


def _flatten(texts: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str], NDArray[np.int64]]:
    intents = sorted(texts)
    flat = [text for intent in intents for text in texts[intent]]
    sizes = [len(texts[intent]) for intent in intents]
    return intents, flat, np.repeat(np.arange(len(intents)), sizes)


def _spread(texts: Mapping[str, Sequence[str]]) -> list[str]:
    return [text for intent in sorted(texts) for text in texts[intent]]


def _is_whole(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        Artefact(path)
    except ArtefactError:
        return False
    return True


def _digest(*pieces: str | bytes) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        encoded = piece.encode() if isinstance(piece, str) else piece
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()[:16]
