"""Danger rules: run first on every message, in all languages at once.

A hit can only raise the severity of an answer, and nothing silences it: not the length of
the message, nor swearing, spelling, another language or a matcher that failed.
No phrase is looked at unless its rarest word, or a typo of it, stands in the message.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import add

import msgspec

from bot.messages import Severity
from bot.phrases import GAP, NOTHING, Lexicon, Word, parse

_GRAVITY = {severity: place for place, severity in enumerate(Severity)}
_LEET = str.maketrans("0134579", "oieastg")
_LEET_L = str.maketrans("0134579", "oleastg")
_JOINED, _INSIDE, _KEY = 7, 8, 5
# Letters that a phrase written without spaces needs, at the start of a word and inside one.
_SPELLED = 3
# Single letters in a row that make a word spelled with spaces.
_TORN = 6
_ELIDED = frozenset("jlmtscdnq")
# Letters that stand alone where somebody put a space for an apostrophe.
_FREQUENT = 0.03
# Words in more of a language's phrases than this carry no danger of their own.
_VARIANTS = 8


class RiskPhrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's _risk.yaml."""

    danger: dict[str, tuple[str, ...]]
    """Intent id -> phrases. word* = any ending; ... = up to four words between."""
    harmless: tuple[str, ...] = ()
    """Look-alikes: a hit that lies within one does not count."""
    fillers: tuple[str, ...] = ()
    """Swear words and the like, which people put between any two words."""


class Risk(msgspec.Struct, frozen=True):
    """A danger phrase that stands in a message."""

    intent: str
    phrase: str
    """As the editors wrote it; never the person's text."""
    language: str
    exact: bool
    """False when a word had to be read as a typo."""


class _Pattern(msgspec.Struct, frozen=True, eq=False, gc=False):
    risk: Risk | None
    elements: tuple[int, ...]
    gaps: tuple[bool, ...]
    anchor: int
    core: int
    words: tuple[Word, ...]


class _Bucket:
    """Patterns by their rarest element, and by the element next to that where no gap is."""

    __slots__ = ("after", "alone", "before")

    def __init__(self) -> None:
        self.before: dict[int, list[_Pattern]] = {}
        self.after: dict[int, list[_Pattern]] = {}
        self.alone: list[_Pattern] = []


_Hit = tuple[_Pattern, tuple[int, ...], bool]
# The pattern, the places of its words in the message, whether exactly.


class RiskRules:
    """All languages' danger phrases, ready to scan. Immutable; safe to share."""

    def __init__(
        self, phrases: Mapping[str, RiskPhrases], severities: Mapping[str, Severity],
        chat: Mapping[str, Mapping[str, str]], counts: Mapping[str, int] | None = None,
    ) -> None:
        """
        *severities*: of each intent. *chat*: language -> {short form: full form}.
        *counts*: how often each word occurs in all example messages of all languages:
        such a word is taken as it stands, never for a typo of a danger word.
        """
        self._severities = dict(severities)
        self._lexicon = Lexicon(counts or {})
        self._fillers = frozenset(word for one in phrases.values() for filler in one.fillers
                                  for word in _texts(parse(filler)))
        longer = {language: _pairs(pairs) for language, pairs in chat.items()}
        rows = [(risk, row) for language, one in phrases.items() for risk, phrase in _listed(language, one)
                for row in _variants(parse(phrase), longer.get(language, ()))]
        numbered = [(risk, row, tuple(self._lexicon.element(word) for word in row)) for risk, row in rows]
        self._lexicon.close(_aliases(chat))
        self._index(numbered)
        self._joined = _joined(row for risk, row in rows if risk is not None)
        self._joinable = {word for word in self._lexicon.stands if len(word) >= _TORN and not self._tears(word)}

    def scan(self, normal: str) -> tuple[Risk, ...]:
        """
        List the dangers in a text in its normal form; () when there is none.

        Gravest severity first, then exact before misspelt, then the longer phrase.
        """
        tokens = normal.split()
        rest = set(tokens).difference(self._plain)
        overlay = {word: self._lexicon.resolve(word) for word in rest if word not in self._lexicon.stands}
        hits: list[_Hit] = []
        if len(overlay) < len(rest) or any(overlay.values()):
            hits = self._hits(tokens, rest, overlay, range(len(tokens)))
        if repaired := self._repair(tokens, overlay):
            mended = [word for word, _ in repaired]
            rest = set(mended).difference(self._plain)
            overlay = {word: self._lexicon.resolve(word) for word in rest if word not in self._lexicon.stands}
            hits += self._hits(mended, rest, overlay, [origin for _, origin in repaired])
        return self._judge(hits) if hits else ()

    def _judge(self, hits: list[_Hit]) -> tuple[Risk, ...]:
        calm = {(places[0], places[-1]) for pattern, places, _ in hits if pattern.risk is None}
        found: dict[tuple[str, str, str], tuple[tuple[int, bool, int], Risk]] = {}
        for pattern, places, exact in hits:
            risk = pattern.risk
            if risk is None or any(first <= places[pattern.core] and places[-1] <= last for first, last in calm):
                continue
            gravity = _GRAVITY[self._severities.get(risk.intent, Severity.URGENT)]
            rank = (gravity, not exact, -len(pattern.elements))
            key = (risk.language, risk.intent, risk.phrase)
            if key not in found or rank < found[key][0]:
                found[key] = rank, risk if exact else msgspec.structs.replace(risk, exact=False)
        return tuple(risk for _, risk in sorted(found.values(), key=lambda entry: entry[0]))

    def _hits(
        self, tokens: list[str], rest: set[str], overlay: Mapping[str, Mapping[int, bool]], origins: Sequence[int],
    ) -> list[_Hit]:
        stands, anchors = self._lexicon.stands, self._anchors
        views = [stands.get(word) or overlay.get(word, NOTHING) for word in tokens]
        found: list[_Hit] = []
        last = len(tokens) - 1
        for place, word in enumerate(tokens):
            if word not in rest:
                continue
            for element in views[place]:
                if (bucket := anchors.get(element)) is None:
                    continue
                candidates = bucket.alone
                if place and (near := bucket.before):
                    for neighbour in views[place - 1]:
                        if neighbour in near:
                            candidates = candidates + near[neighbour]
                if place < last and (near := bucket.after):
                    for neighbour in views[place + 1]:
                        if neighbour in near:
                            candidates = candidates + near[neighbour]
                for pattern in candidates:
                    if (places := _fit(pattern, place, views)) is not None:
                        exact = all(views[p][e] for p, e in zip(places, pattern.elements, strict=True))
                        found.append((pattern, tuple(origins[p] for p in places), exact))
        return found

    def _index(self, rows: Iterable[tuple[Risk | None, tuple[Word, ...], tuple[int, ...]]]) -> None:
        rows = [row for row in rows if row[2]]
        self._single = {elements[0] for risk, _, elements in rows if risk is not None and len(elements) == 1}
        frequency = self._lexicon.frequency()
        spread: dict[int, int] = {}
        for _, _, elements in rows:
            for element in set(elements):
                spread[element] = spread.get(element, 0) + 1
        self._anchors: dict[int, _Bucket] = {}
        most = max(20, _FREQUENT * len(rows))
        for risk, row, elements in rows:
            anchor = min(range(len(row)), key=lambda k: frequency.get(elements[k], 0) + spread[elements[k]])
            core = next((k for k in range(anchor) if spread[elements[k]] < most), anchor)
            pattern = _Pattern(risk, elements, tuple(word.gap for word in row), anchor, core, row)
            bucket = self._anchors.setdefault(elements[anchor], _Bucket())
            if anchor and not row[anchor].gap:
                bucket.before.setdefault(elements[anchor - 1], []).append(pattern)
            elif anchor + 1 < len(row) and not row[anchor + 1].gap:
                bucket.after.setdefault(elements[anchor + 1], []).append(pattern)
            else:
                bucket.alone.append(pattern)
        stands = self._lexicon.stands
        self._plain = {word for word in self._lexicon.known() if self._anchors.keys().isdisjoint(stands.get(word, ()))}

    def _repair(self, tokens: list[str], unknown: Iterable[str]) -> list[tuple[str, int]] | None:
        """Undo tricks of spacing and spelling: [(word, its place in *tokens*)], or None if there are none."""
        parts = {word: parts for word in unknown
                 if (len(word) >= _JOINED or not word.isalpha()) and not word.isdigit()
                 and (parts := self._split(word)) != (word,)}
        spelled = list(map(len, tokens)).count(1) >= _SPELLED
        apart = not (self._joinable.isdisjoint(map(add, tokens, tokens[1:])) and _ELIDED.isdisjoint(tokens))
        if not (parts or spelled or apart) and self._fillers.isdisjoint(tokens):
            return None
        row = list(zip(tokens, range(len(tokens)), strict=True))
        if spelled:
            row = _unspelled(row)
            parts |= {word: self._split(word) for word, _ in row if len(word) >= _JOINED and word not in parts}
        row = [(part, origin) for word, origin in row for part in parts.get(word, (word,))]
        row = self._rejoined([(word, origin) for word, origin in row if word not in self._fillers])
        return row if [word for word, _ in row] != tokens else None

    def _tears(self, word: str) -> bool:
        # "una live" is no "unalive": a word that is a danger by itself is not joined from two good ones.
        if all(element not in self._single for element in self._lexicon.stands[word]):
            return False
        known = self._lexicon.known()
        return any(word[:cut] in known and word[cut:] in known for cut in range(2, len(word) - 1))

    def _rejoined(self, row: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Join words that were torn in two: "my self", "j ai"."""
        found = row[:1]
        for word, origin in row[1:]:
            left = found[-1][0]
            both = left + word
            if both in self._joinable or (left in _ELIDED or word in _ELIDED) and both in self._lexicon.stands:
                found[-1] = both, found[-1][1]
            else:
                found.append((word, origin))
        return found

    def _split(self, word: str) -> tuple[str, ...]:
        """Read *word* without digits for letters, and apart where it is a phrase without spaces."""
        stands = self._lexicon.stands
        if word in stands:
            return (word,)
        readings = [word] if word.isalpha() else [word.translate(_LEET), word.translate(_LEET_L)]
        for reading in readings:
            for start in range(max(0, len(reading) - _JOINED) + 1):
                if (key := reading[start:start + _KEY]) not in self._joined:
                    continue
                for joined, parts in self._joined[key]:
                    if (not start or len(joined) >= _INSIDE) and reading.startswith(joined, start):
                        pieces = (reading[:start], *parts, reading[start + len(joined):])
                        return tuple(piece for piece in pieces if piece)
        if len(readings) == 1:
            return (word,)
        return next(((one,) for one in readings if one in stands or self._lexicon.resolve(one)), (word,))


def _fit(pattern: _Pattern, place: int, views: Sequence[Mapping[int, bool]]) -> list[int] | None:
    """Lay *pattern* with its anchor at *place*: the places of its words, or None."""
    before = _walk(pattern, pattern.anchor, place, -1, views)
    if before is None:
        return None
    after = _walk(pattern, pattern.anchor, place, 1, views)
    return None if after is None else [*reversed(before), place, *after]


def _walk(
    pattern: _Pattern, k: int, place: int, step: int, views: Sequence[Mapping[int, bool]],
) -> list[int] | None:
    following = k + step
    if not 0 <= following < len(pattern.elements):
        return []
    reach = GAP + 1 if pattern.gaps[max(k, following)] else 1
    for distance in range(1, reach + 1):
        other = place + step * distance
        if not 0 <= other < len(views):
            return None
        if pattern.elements[following] in views[other]:
            further = _walk(pattern, following, other, step, views)
            if further is not None:
                return [other, *further]
    return None


def _listed(language: str, one: RiskPhrases) -> Iterable[tuple[Risk | None, str]]:
    for intent, phrases in one.danger.items():
        for phrase in phrases:
            yield Risk(intent, phrase, language, True), phrase
    for phrase in one.harmless:
        yield None, phrase


def _texts(row: Iterable[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in row)


def _pairs(chat: Mapping[str, str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pick the chat-speak that stands for several words, and the other way round."""
    parsed = [(_texts(parse(short)), _texts(parse(full))) for short, full in chat.items()]
    return [either for pair in parsed if len(pair[0]) == 1 < len(pair[1]) for either in (pair, pair[::-1])]


def _variants(
    row: tuple[Word, ...], pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]],
) -> list[tuple[Word, ...]]:
    """Write *row* in chat-speak and out of it."""
    found = [row]
    own = {word.text for word in row}
    for old, new in pairs:
        if not own.issuperset(old):
            continue
        for variant in found[:_VARIANTS]:
            texts, size = _texts(variant), len(old)
            for start in range(len(texts) - size + 1):
                inner = variant[start + 1:start + size]
                if texts[start:start + size] == old and not any(word.gap or word.prefix for word in inner):
                    first = Word(new[0], False, variant[start].gap)
                    others = (Word(text, False, False) for text in new[1:])
                    found.append((*variant[:start], first, *others, *variant[start + size:]))
    return found


def _aliases(chat: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    for pairs in chat.values():
        for short, full in pairs.items():
            one, other = _texts(parse(short)), _texts(parse(full))
            if len(one) == len(other) == 1:
                yield one[0], other[0]


def _joined(rows: Iterable[tuple[Word, ...]]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in rows:
        joined = "".join(_texts(row))
        if len(row) > 1 and len(joined) >= _JOINED and not any(word.gap or word.prefix for word in row):
            found.setdefault(joined[:_KEY], []).append((joined, _texts(row)))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def _unspelled(row: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Join words that were spelled with a space after each letter."""
    found: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for word, origin in [*row, ("  ", -1)]:
        if len(word) == 1:
            run.append((word, origin))
            continue
        found += [("".join(letter for letter, _ in run), run[0][1])] if len(run) >= _SPELLED else run
        run = []
        found.append((word, origin))
    return found[:-1]
