"""Text as the matcher and the danger rules compare it: one normal form for all.

The steps follow the measurements on children's typing: marks, case, apostrophes and
drawn-out letters carry no meaning here, and people leave them out or put them in at will.
"""

import re
import unicodedata
from itertools import groupby

_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4\u02bc]")
_INVISIBLE = re.compile(
    "[\u00ad\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]"
)
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_ASCII = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
"""What becomes of each ASCII byte: letters and digits stay, all else parts words."""
_FOLD = str.maketrans(
    {
        "\u0131": "i",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00df": "ss",
        # Arabic is typed with or without hamza and dots: fold to the bare letter.
        "\u0622": "\u0627",
        "\u0623": "\u0627",
        "\u0625": "\u0627",
        "\u0671": "\u0627",
        "\u0649": "\u064a",
        "\u0629": "\u0647",
        "\u0624": "\u0648",
        "\u0626": "\u064a",
        "\u06a9": "\u0643",
        "\u06cc": "\u064a",
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)


def normalise(text: str) -> str:
    """
    Fold *text* to lower-case words separated by single spaces.

    Accents, apostrophes, invisible and direction marks, elongation and punctuation go;
    letters of every script, their vowel signs and digits stay. A text of nothing but emoji is
    told by its emoji, each once in a row. May return "".
    """
    if text.isascii():
        folded = b" ".join(text.lower().encode().translate(_ASCII, b"'`").split()).decode()
        return _DRAWN_OUT.sub(r"\1\1", folded) if any(char * 3 in folded for char in set(folded)) else folded
    folded = _INVISIBLE.sub("", _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold()))
    folded = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", folded)))
    folded = _DRAWN_OUT.sub(r"\1\1", folded.translate(_FOLD))
    return " ".join("".join(char if _is_word(char) else " " for char in folded).split()) or _emoji(folded)


def words(text: str) -> list[str]:
    """Split the normal form of *text* into its words."""
    return normalise(text).split()


def _is_word(char: str) -> bool:
    # \w drops the vowel signs of Thai, Hindi and others, so the category decides.
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")


def _emoji(text: str) -> str:
    # Skin tones are of another category, and go; what comes before the arrows are signs like the degree's.
    signs = (char for char in text if char >= "\u2190" and unicodedata.category(char) == "So")
    return " ".join(char for char, _ in groupby(signs))
