"""The matcher: which intents a text may mean, how sure that is, and what to do with it."""

from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.matching.arabizi import ARABIC, LATIN, is_latin, skeleton
from bot.matching.artefact import Artefact
from bot.matching.calibrate import NONE_ODDS, Band, Bands, band
from bot.matching.encoder import centred
from bot.matching.explain import Explanation, explain
from bot.matching.features import Features
from bot.matching.known import CERTAIN, find
from bot.matching.reading import Reading, read
from bot.matching.sparse import CHAR_SHARE
from bot.matching.train import Floats, softmax
from bot.text import normalise

NONE = "none"
"""The class of what is not our business."""

TINY = 1e-9

OFFERED = 5

CLAUSES = 0.15
"""What the clauses of a long message count against its whole …"""
OPENING = 2.0
"""… and its first clause against another: people say first what it is about, as in a title."""

MOST_ENCODED = 8
"""Clauses of a long message that the encoder reads: each costs a millisecond."""


class Ranked(msgspec.Struct, frozen=True):
    """An intent and its calibrated probability."""

    intent: str
    p: float


class Match(msgspec.Struct, frozen=True):
    """What a text was taken for."""

    ranked: tuple[Ranked, ...]
    """The best five intents, best first; `none` is not among them."""
    none: float
    """Probability that the text is not our business."""
    urgent: float
    """Summed probability of all pressing intents."""
    band: Band
    """Answer the first, ask which of the first three, or own up to not understanding."""
    stage: int
    """1: words and letters alone; 2: the sentence encoder was heard too."""
    language: str


class LanguageMeta(msgspec.Struct, frozen=True):
    """What the artefact says of one language."""

    intents: tuple[str, ...]
    """The classes, in the order of the weights' columns; `none` among them."""
    digest: str
    factor: float = 1.0
    """Stage 1: what the logits are multiplied with."""
    fused: float = 1.0
    """Stage 2: the same for the sum of both models' logits."""
    share: float = 1.0
    """What the encoder's logits weigh in that sum."""
    bands: tuple[Bands, Bands] = (Bands(), Bands())
    """Of stage 1 and of stage 2."""


class Meta(msgspec.Struct, frozen=True):
    """What the artefact says of itself."""

    digest: str
    languages: dict[str, LanguageMeta]
    pressing: tuple[str, ...]
    identifier: tuple[str, ...] = ()
    """The labels of the language identifier."""
    encoder: str | None = None
    """The encoder that the second stage was trained for."""


def merge(logits: Floats, none: int | None, classes: int) -> Floats:
    """Add up the parts that `none` was cut into: the columns beyond the *classes* belong to it."""
    if none is None or logits.shape[-1] == classes:
        return logits
    merged = logits[..., :classes].copy()
    beyond = np.exp(logits[..., classes:]).sum(axis=-1)
    merged[..., none] = np.log(np.exp(logits[..., none]) + beyond)
    return merged


class LanguageModel:
    """The compiled lexical model of one language, and its share of the encoder's head."""

    def __init__(
        self, meta: LanguageMeta, arrays: Mapping[str, NDArray[Any]], pressing: frozenset[str]
    ) -> None:
        self.meta = meta
        self.intents = meta.intents
        self.table, self.idf = arrays["table"], arrays["idf"]
        self.weights, self.scale, self.bias = arrays["weights"], arrays["scale"], arrays["bias"]
        self.known, self.meant = arrays["known"], arrays["meant"]
        self.head: Floats | None = arrays.get("head")
        self.centre: Floats | None = arrays.get("centre")
        self.none = self.intents.index(NONE) if NONE in self.intents else None
        self.pressing = np.array([intent in pressing for intent in self.intents], dtype=np.float32)
        self.ones = np.ones(len(self.intents), dtype=np.float32)

    def weigh(self, text: Features) -> tuple[NDArray[np.uint16], Floats]:
        """Give the rows of *text* in the weights, and what each counts."""
        rows = self.table.take(text.slots)
        values = self.idf.take(rows)
        chars, words = values[: text.chars], values[text.chars :]
        chars *= sqrt(CHAR_SHARE / (chars.dot(chars) + TINY))
        words *= sqrt((1 - CHAR_SHARE) / (words.dot(words) + TINY))
        return rows, values

    def logits(self, text: Features) -> Floats:
        """Score the classes by words and letters."""
        rows, values = self.weigh(text)
        scores: Floats = values.dot(self.weights.take(rows, axis=0).astype(np.float32))
        scores *= self.scale
        scores += self.bias
        return scores

    def semantic(self, vectors: Floats) -> Floats:
        """Score the classes by the encoder's *vectors* (texts x dimensions)."""
        if self.head is None or self.centre is None:
            raise ValueError("this artefact was built without the semantic stage")
        return merge(np.asarray(centred(vectors, self.centre) @ self.head), self.none, len(self.intents))

    def recognise(self, normal: str, logits: Floats) -> None:
        """Make sure of the class of *normal* in its calibrated *logits* where it is an utterance."""
        place = find(normal, self.known, self.meant)
        if place is not None:
            logits[place] += CERTAIN

    def listen(self, whole: Floats, clauses: Floats) -> Floats:
        """
        Weigh a long message: its *whole*, and its *clauses* (clauses x classes) by how much they are ours.

        The point of a long story stands in one clause; what is said around it is small talk, which
        the odds against `none` tell.
        """
        shares = np.ones(len(clauses), dtype=np.float32)
        if self.none is not None:
            strange = softmax(clauses)[:, self.none].clip(1e-4, 1 - 1e-4)
            shares = (1 - strange) / strange
        shares[0] *= OPENING
        clause = (shares / shares.sum()) @ clauses
        return np.asarray((1 - CLAUSES) * whole + CLAUSES * clause, dtype=np.float32)

    def match(self, logits: Floats, stage: int, language: str) -> Match:
        """Say what calibrated *logits* of the classes mean."""
        # Regularised training and texts of length 1 keep logits small: exp cannot overflow here.
        odds = np.exp(logits)
        if self.none is not None:
            odds[self.none] *= NONE_ODDS
        odds *= 1 / float(odds.dot(self.ones))
        none = 0.0
        if self.none is not None:
            none = float(odds[self.none])
            odds[self.none] = -1
        order = odds.argsort()[: -OFFERED - 1 : -1]
        best = odds[order].tolist()
        urgent = float(odds.dot(self.pressing))
        intents = self.intents
        ranked = tuple([Ranked(intents[i], p) for i, p in zip(order.tolist(), best, strict=True) if p >= 0])
        pressing = bool(self.pressing[order[0]])
        bands = self.meta.bands[stage - 1]
        decided = band(best[0], sum(best[:3]), none, urgent, pressing=pressing, bands=bands)
        return Match(ranked, none, urgent, decided, stage, language)


class Matcher:
    """All languages' models, read from one artefact that all workers share."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self.meta = artefact.meta(Meta)
        pressing = frozenset(self.meta.pressing)
        self._models = {
            language: LanguageModel(meta, artefact.under(f"{language}/"), pressing)
            for language, meta in self.meta.languages.items()
        }

    @classmethod
    def load(cls, path: Path) -> "Matcher":
        """Map the artefact at *path*; raises :class:`ArtefactError` when it is damaged."""
        return cls(Artefact(path))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that messages can be matched in."""
        return tuple(language for language in self._models if language != LATIN)

    def model(self, language: str) -> LanguageModel:
        """Give the model of *language*; raises KeyError where there is none."""
        return self._models[language]

    def match(self, text: str | Reading, language: str) -> Match:
        """Rank the intents of *text* by its words and letters alone."""
        reading = text if isinstance(text, Reading) else read(text)
        model = self._models[language]
        if self._is_respelled(reading, language):
            model, reading = self._models[LATIN], read(skeleton(reading.normal))
        if not reading.normal:
            return nothing(1, language)
        logits = model.logits(reading.features)
        logits *= model.meta.factor
        if reading.clauses:
            parts = np.stack([model.logits(features) for _, features in reading.clauses])
            logits = model.listen(logits, parts * np.float32(model.meta.factor))
        model.recognise(reading.normal, logits)
        return model.match(logits, 1, language)

    def match_with(self, text: str | Reading, vectors: Floats, language: str) -> Match:
        """
        Rank the intents by words, letters and the encoder's *vectors* (texts x dimensions).

        The first vector is the whole text's, the others are its clauses', as :func:`to_encode`
        lists them.
        """
        reading = text if isinstance(text, Reading) else read(text)
        model = self._models[language]
        if not reading.normal:
            return nothing(2, language)
        if not understands(reading, language):
            return self.match(reading, language)
        seen = [reading.features, *[features for _, features in reading.clauses[: len(vectors) - 1]]]
        logits = np.stack([model.logits(features) for features in seen])
        logits += np.float32(model.meta.share) * model.semantic(vectors)
        logits *= model.meta.fused
        whole = logits[0] if len(seen) == 1 else model.listen(logits[0], logits[1:])
        model.recognise(reading.normal, whole)
        return model.match(whole, 2, language)

    def explain(self, text: str, language: str, examples: Mapping[str, Sequence[str]]) -> Explanation:
        """Show which features of *text* and which of the *examples* (intent to texts) decided."""
        match = self.match(text, language)
        if self._is_respelled(read(text), language):
            return explain(self._models[LATIN], match, text, examples, lambda one: skeleton(normalise(one)))
        return explain(self._models[language], match, text, examples)

    def _is_respelled(self, reading: Reading, language: str) -> bool:
        return language == ARABIC and LATIN in self._models and is_latin(reading.normal)


def understands(reading: Reading, language: str) -> bool:
    """Whether the encoder can make anything of the text: Arabic in Latin letters it has never read."""
    return language != ARABIC or not is_latin(reading.normal)


def to_encode(reading: Reading) -> list[str]:
    """List the texts whose vectors the second stage wants: the whole, then its first clauses."""
    return [reading.text, *[clause for clause, _ in reading.clauses[:MOST_ENCODED]]]


def nothing(stage: int, language: str) -> Match:
    """Give the match of a message without a word in it."""
    return Match((), 1.0, 0.0, "none", stage, language)
