"""Tricks of spacing and spelling undone: "k1ll mys3lf", "k i l l", "killmyself", "my self".

Each reading is one more try beside the message as it was typed, so a wrong one costs nothing.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice, product
from operator import add

from bot.phrases import Lexicon, Word

_LEET = str.maketrans("0134579", "oieastg")
_LEET_L = str.maketrans("0134579", "oleastg")
_JOINED, _INSIDE, _KEY = 7, 8, 5
# Letters that a phrase written without spaces needs, at the start of a word and inside one.
_SPELLINGS = 12
# Ways to run one phrase with groups together.
_SPELLED = 3
# Single letters in a row that make a word spelled with spaces.
_TORN = 6
_ELIDED = frozenset("jlmtscdnq")
# Letters that stand alone where somebody put a space for an apostrophe.


_Row = list[tuple[str, int]]


class Respeller:
    """Knows how the phrases of a lexicon look when they are torn apart or run together."""

    def __init__(
        self,
        lexicon: Lexicon,
        rows: Iterable[tuple[Word, ...]],
        fillers: AbstractSet[str],
        plain: AbstractSet[str],
    ) -> None:
        """*rows*: all danger phrases. *fillers*: words to drop. *plain*: words of no interest."""
        rows = list(rows)
        self._lexicon = lexicon
        self._fillers = fillers
        self._plain = plain
        self._joined = _joined(rows)
        self._single = {lexicon.element(row[0]) for row in rows if len(row) == 1}
        self._joinable = {word for word in lexicon.stands if len(word) >= _TORN and not self._tears(word)}

    def respell(self, tokens: list[str], unknown: Iterable[str]) -> _Row | None:
        """Undo tricks of spacing and spelling: [(word, its place in *tokens*)], or None if there are none."""
        parts = {
            word: parts
            for word in unknown
            if (len(word) >= _JOINED or not word.isalpha())
            and not word.isdigit()
            and (parts := self._split(word)) != (word,)
        }
        spelled = list(map(len, tokens)).count(1) >= _SPELLED
        apart = not (self._joinable.isdisjoint(map(add, tokens, tokens[1:])) and _ELIDED.isdisjoint(tokens))
        if not (parts or spelled or apart) and self._fillers.isdisjoint(tokens):
            return None
        row = list(zip(tokens, range(len(tokens)), strict=True))
        if spelled:
            row = _unspelled(row)
            runs = {word for word, _ in row if len(word) >= _JOINED}
            parts |= {word: self._split(word) for word in runs - parts.keys()}
        row = [(part, origin) for word, origin in row for part in parts.get(word, (word,))]
        row = self._rejoined([(word, origin) for word, origin in row if word not in self._fillers])
        return row if [word for word, _ in row] != tokens else None

    def _rejoined(self, row: _Row) -> _Row:
        """Join words that were torn in two: "my self", "j ai"."""
        found = row[:1]
        for word, origin in row[1:]:
            left = found[-1][0]
            both = left + word
            elided = left in _ELIDED or word in _ELIDED
            if both in self._joinable or (elided and both in self._lexicon.stands):
                found[-1] = both, found[-1][1]
            else:
                found.append((word, origin))
        return found

    def _tears(self, word: str) -> bool:
        # "una live" is no "unalive": a word that is a danger by itself is not joined from two good ones.
        if all(element not in self._single for element in self._lexicon.stands[word]):
            return False
        known = self._lexicon.known()
        return any(word[:cut] in known and word[cut:] in known for cut in range(2, len(word) - 1))

    def _split(self, word: str) -> tuple[str, ...]:
        """Read *word* without digits for letters, and apart where it is a phrase without spaces."""
        stands = self._lexicon.stands
        if word in stands:
            return (word,)
        readings = [word] if word.isalpha() else [word.translate(_LEET), word.translate(_LEET_L)]
        for reading in readings:
            for start in range(max(0, len(reading) - _JOINED) + 1):
                if (key := reading[start : start + _KEY]) not in self._joined:
                    continue
                for joined, parts in self._joined[key]:
                    if (not start or len(joined) >= _INSIDE) and reading.startswith(joined, start):
                        pieces = (reading[:start], *parts, reading[start + len(joined) :])
                        return tuple(piece for piece in pieces if piece)
        if len(readings) == 1:
            return (word,)
        return next(((one,) for one in readings if one in stands or self._lexicon.resolve(one)), (word,))


def _joined(rows: Iterable[tuple[Word, ...]]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in rows:
        if len(row) < 2 or any(word.gap or word.prefix for word in row):
            continue
        choices = [(word.text, *(text for text, prefix in word.others if not prefix)) for word in row]
        for words in islice(product(*choices), _SPELLINGS):
            if len(joined := "".join(words)) >= _JOINED:
                found.setdefault(joined[:_KEY], []).append((joined, words))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def _unspelled(row: _Row) -> _Row:
    """Join words that were spelled with a space after each letter."""
    found: _Row = []
    run: _Row = []
    for word, origin in [*row, ("  ", -1)]:
        if len(word) == 1:
            run.append((word, origin))
            continue
        found += [("".join(letter for letter, _ in run), run[0][1])] if len(run) >= _SPELLED else run
        run = []
        found.append((word, origin))
    return found[:-1]
