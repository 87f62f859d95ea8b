"""Arabic in Latin letters and digits, as the young type it, and in its own: one skeleton of consonants for both.

Nobody agrees on how the vowels are spelled, and few on the emphatic consonants. Without them
"3andi mochkila" and the same in Arabic script are one text, and the utterances written in
either teach both.
"""

import re

LATIN = "ar-Latn"
"""BCP 47's tag for Arabic in Latin letters: the name of its model."""

ARABIC = "ar"

_ARABIC_LETTER = re.compile("[\u0600-\u06ff]")
_LATIN_LETTER = re.compile("[a-z]")
_TWICE = re.compile(r"(.)\1+")
_FEMININE = re.compile(r"(?<=[a-z])ah?$")
_VOWELS = re.compile("[aeiouyw2]")
_CLUSTERS = (("kh", "x"), ("gh", "\0"), ("sh", "\1"), ("ch", "\1"), ("th", "t"), ("dh", "z"))
_LETTERS = str.maketrans({
    "5": "x", "7": "h", "9": "k", "8": "k", "q": "k", "c": "k", "6": "t", "g": "j", "v": "f", "p": "b",
    "\0": "g", "\1": "c",
})  # fmt: skip
_SCRIPT = str.maketrans(
    {
        "\u0628": "b", "\u067e": "b", "\u062a": "t", "\u0637": "t", "\u062b": "t", "\u062c": "j", "\u06af": "j",
        "\u0686": "c", "\u062d": "h", "\u0647": "h", "\u062e": "x", "\u062f": "d", "\u0636": "d", "\u0630": "z",
        "\u0632": "z", "\u0638": "z", "\u0631": "r", "\u0633": "s", "\u0635": "s", "\u0634": "c", "\u0639": "3",
        "\u063a": "g", "\u0641": "f", "\u06a4": "f", "\u0642": "k", "\u0643": "k", "\u0644": "l", "\u0645": "m",
        "\u0646": "n", "\u0627": "", "\u064a": "", "\u0648": "", "\u0621": "",
    }
)  # fmt: skip


def is_latin(normal: str) -> bool:
    """Whether *normal* is written in Latin letters and not in Arabic ones."""
    return _LATIN_LETTER.search(normal) is not None and _ARABIC_LETTER.search(normal) is None


def skeleton(normal: str) -> str:
    """Reduce each word of *normal*, a text in its normal form, to its consonants; a vowel alone becomes 0."""
    return " ".join(_bare(word) or "0" for word in normal.split())


def _bare(word: str) -> str:
    if _ARABIC_LETTER.search(word):
        # The feminine ending is folded to h, and hardly spoken.
        return _TWICE.sub(r"\1", word.removesuffix("\u0647").translate(_SCRIPT))
    if word.isdigit():
        return word
    word = _FEMININE.sub("", word)
    for cluster, letter in _CLUSTERS:
        word = word.replace(cluster, letter)
    return _TWICE.sub(r"\1", _VOWELS.sub("", word).translate(_LETTERS))
