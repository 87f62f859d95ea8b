"""Readability: how hard a text is to read, by the formula that fits its language.

A child's reply should read at the level of a ten-year-old. The formulas count sentences,
words, syllables or letters; they know nothing of sense, so lint asks for a second look only
where a whole reply is far off.
"""

import re
import unicodedata
from collections.abc import Callable

import msgspec

_SENTENCE = re.compile(r"[.!?…؟:;]+(?=\s|[\"”»)]|$)|\n+")
_STEP = re.compile(r"^\s*(?:\d+[.)]|[-•])\s+", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿ]+", re.IGNORECASE)
_HIATUS = re.compile(r"[aeoáéó](?=[aeoáéóíú])|[íú](?=[aeo])", re.IGNORECASE)
_MUTE_EN = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzcgh]es)$")
_MUTE_FR = re.compile(r"[^aeiouyéèêëàâîïôùûü](?:e|es|ent)$")


class Counts(msgspec.Struct, frozen=True):
    """What the formulas are made of."""

    sentences: int
    words: int
    letters: int
    syllables: int
    longest: int
    """Words of the longest sentence."""

    @property
    def words_a_sentence(self) -> float:
        """The mean length of a sentence."""
        return self.words / max(self.sentences, 1)

    @property
    def syllables_a_word(self) -> float:
        """The mean length of a word."""
        return self.syllables / max(self.words, 1)


class Formula(msgspec.Struct, frozen=True):
    """A measure for one language, and where it becomes too hard for a child."""

    name: str
    measure: Callable[[Counts], float]
    limit: float
    harder_is_more: bool = False

    def too_hard(self, value: float) -> bool:
        """Whether *value* lies beyond the limit."""
        return value > self.limit if self.harder_is_more else value < self.limit


def _ease(base: float, sentence: float, word: float) -> Callable[[Counts], float]:
    return lambda c: base - sentence * c.words_a_sentence - word * c.syllables_a_word


FORMULAS = {
    "en": Formula(
        "Flesch-Kincaid grade",
        lambda c: 0.39 * c.words_a_sentence + 11.8 * c.syllables_a_word - 15.59,
        6.0,
        harder_is_more=True,
    ),
    "it": Formula("Gulpease", lambda c: 89 + (300 * c.sentences - 10 * c.letters) / max(c.words, 1), 60.0),
    "fr": Formula("Kandel-Moles", _ease(207, 1.015, 73.6), 60.0),
    "es": Formula("Fernández-Huerta", _ease(206.84, 1.02, 60.0), 70.0),
    "de": Formula("Amstad", _ease(180, 1.0, 58.5), 60.0),
    "nl": Formula("Flesch-Douma", _ease(206.84, 0.93, 77.0), 60.0),
}
"""The measures; other languages are measured by the length of their sentences alone."""

WORDS_A_SENTENCE = 16.0
"""The mean length of a sentence above which a child's reply is too hard in any language."""


def count(text: str, language: str) -> Counts:
    """Count sentences, words, letters and syllables of *text*; numbers of steps are not read."""
    sentences = [_WORD.findall(part) for part in _SENTENCE.split(_STEP.sub("", text))]
    words = [word for part in sentences for word in part]
    return Counts(
        sentences=sum(bool(part) for part in sentences),
        words=len(words),
        letters=sum(len(word) for word in words),
        syllables=sum(syllables(word, language) for word in words),
        longest=max(map(len, sentences), default=0),
    )


def syllables(word: str, language: str) -> int:
    """Estimate the syllables of *word* by its groups of vowels."""
    low = unicodedata.normalize("NFC", word.casefold())
    found = len(_VOWELS.findall(low))
    if language in ("es", "pt", "it"):
        found += len(_HIATUS.findall(low))
    elif (language == "en" and _MUTE_EN.search(low)) or (language == "fr" and _MUTE_FR.search(low)):
        found -= 1
    return max(found, 1)


def level(text: str, language: str) -> tuple[Formula | None, float, Counts]:
    """Measure *text*: the formula of its language if there is one, its value, and the counts."""
    counts = count(text, language)
    formula = FORMULAS.get(language)
    return formula, formula.measure(counts) if formula else counts.words_a_sentence, counts
