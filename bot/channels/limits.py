"""What each platform takes, in one table, and the cutting of texts to it.

A text is cut at the border of a paragraph, a line, a sentence or a word, and if there is none
between two graphemes; never inside a number or an address.
"""

from collections.abc import Callable, Iterator

import msgspec
import regex


def utf16(text: str) -> int:
    """Count UTF-16 units: the strictest reading of a platform's "characters"."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf8(text: str) -> int:
    """Count bytes."""
    return len(text.encode())


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one platform."""

    text: int
    """Of one message, in units of *size*."""
    size: Callable[[str], int] = utf16
    choices: int
    """Buttons, rows or quick replies of one message."""
    title: int
    """Of a button, a row or a quick reply."""
    payload: int
    """Bytes that come back when it is tapped."""
    buttons: int = 0
    """WhatsApp's reply buttons, before a list is needed."""
    button_title: int = 0
    body: int = 0
    """Text of a message that has buttons or a list."""
    description: int = 0
    """Second line of a list's row."""
    opener: int = 0
    """Of the button that opens a list."""


# core.telegram.org/bots/api: sendMessage, InlineKeyboardButton.
TELEGRAM = Limits(text=4096, choices=100, title=64, payload=64)
# developers.facebook.com/docs/whatsapp/cloud-api: text, interactive reply buttons, interactive list.
WHATSAPP = Limits(
    text=4096,
    choices=10,
    title=24,
    payload=200,
    buttons=3,
    button_title=20,
    body=1024,
    description=72,
    opener=20,
)
# developers.facebook.com/docs/messenger-platform: quick replies.
MESSENGER = Limits(text=2000, choices=13, title=20, payload=1000)
# Instagram counts bytes and takes fewer of them; the smaller of the figures in circulation.
INSTAGRAM = Limits(text=1000, size=utf8, choices=13, title=20, payload=1000)
# Rasa's format has no limits of its own.
RASA = Limits(text=100_000, choices=100, title=200, payload=1000)

_WHOLE = regex.compile(r"https?://\S+|\+?\(?\d[\d\s().\-/\u00a0\u2011\u2013]*\d|\d+")
"""Addresses and numbers."""
_BORDERS = (
    regex.compile(r"\n\s*\n"),
    regex.compile(r"\n"),
    regex.compile(r"(?<=[.!?…؟。！？।။።])[»”\"')\]]*\s+|(?<=[。！？])"),
    regex.compile(r"\s+"),
)
_GRAPHEME = regex.compile(r"\X")


def split(text: str, limit: int, size: Callable[[str], int] = utf16) -> list[str]:
    """Cut *text* into parts of at most *limit*; an empty text gives none."""
    parts = []
    rest = text.strip()
    while size(rest) > limit:
        place = _place(rest, _reach(rest, limit, size))
        parts.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*parts, rest] if rest else parts


def split_tail(text: str, limit: int, size: Callable[[str], int] = utf16) -> tuple[str, str]:
    """Cut *text* in two, so that its last paragraphs, as many as fit in *limit*, are the second half."""
    if size(text) <= limit:
        return "", text
    for border in _BORDERS[0].finditer(text):
        if size(text[border.end() :]) <= limit:
            return text[: border.start()], text[border.end() :]
    return text, ""


def clip(title: str, limit: int) -> str:
    """Shorten *title* to *limit*, between graphemes, with an ellipsis."""
    if utf16(title) <= limit:
        return title
    return title[: _grapheme(title, _reach(title, limit - 1, utf16))].rstrip() + "…"


def _reach(text: str, limit: int, size: Callable[[str], int]) -> int:
    """How many characters of *text* fit in *limit*."""
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _place(text: str, reach: int) -> int:
    """Where to cut: the best border before *reach* that does not leave a stub."""
    kept = [match.span() for match in _WHOLE.finditer(text) if match.start() < reach]
    least = reach // 4
    for border in _BORDERS:
        places = [match for match in border.finditer(text) if least < match.start() <= reach]
        for match in reversed(places):
            if not _inside(match.start(), kept) and not _inside(match.end(), kept):
                return match.end()
    place = _grapheme(text, reach)
    for begin, end in kept:
        # Something longer than a whole message has to be cut all the same.
        if begin < place < end and begin > 0:
            return begin
    return place


def _inside(place: int, kept: list[tuple[int, int]]) -> bool:
    return any(begin < place < end for begin, end in kept)


def _grapheme(text: str, reach: int) -> int:
    place = 0
    for end in _ends(text):
        if end > reach:
            break
        place = end
    return place or max(1, reach)


def _ends(text: str) -> Iterator[int]:
    return (match.end() for match in _GRAPHEME.finditer(text))
