"""Danger rules: run first on every message, in all languages at once.

A hit can only raise the severity of an answer, and nothing silences it: not the length of
the message, nor swearing, spelling, another language or a matcher that failed.
No phrase is looked at unless its rarest word, or a typo of it, stands in the message.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bot.messages import Severity
from bot.phrases import (
    GAP,
    NOTHING,
    Lexicon,
    Word,
    aliases,
    pairs_of,
    parse,
    spellings,
    texts,
    variants,
    wordings,
)
from bot.respell import Respeller

_GRAVITY = {severity: place for place, severity in enumerate(Severity)}
_FREQUENT = 0.03
# Words in more of a language's phrases than this carry no danger of their own.
_SHORT_LETTERS, _SHORT_WORD, _SHORT_PREFIX = 5, 5, 3


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


class _Bucket:
    """Patterns by their rarest element, and by the element next to that where no gap is."""

    __slots__ = ("after", "alone", "before")

    def __init__(self) -> None:
        self.before: dict[int, list[_Pattern]] = {}
        self.after: dict[int, list[_Pattern]] = {}
        self.alone: list[_Pattern] = []


class Finding(msgspec.Struct, frozen=True):
    """Something that an editor should look at in a _risk.yaml."""

    language: str
    section: str
    """The intent's id, or "harmless"."""
    phrase: str
    what: str
    mend: str


_Hit = tuple[_Pattern, tuple[int, ...], bool]
# The pattern, the places of its words in the message, whether exactly.


class RiskRules:
    """All languages' danger phrases, ready to scan. Immutable; safe to share."""

    def __init__(
        self,
        phrases: Mapping[str, RiskPhrases],
        severities: Mapping[str, Severity],
        chat: Mapping[str, Mapping[str, str]],
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """
        Index *phrases* by their rarest words: some tenths of a second for eight languages.

        *severities*: of each intent. *chat*: language -> {short form: full form}.
        *counts*: how often each word occurs in all example messages of all languages:
        such a word is taken as it stands, never for a typo of a danger word.
        """
        self._severities = dict(severities)
        self._lexicon = Lexicon(counts or {})
        fillers = frozenset(
            text for one in phrases.values() for filler in one.fillers for text in texts(parse(filler))
        )
        longer = {language: pairs_of(pairs) for language, pairs in chat.items()}
        rows = [
            (risk, row)
            for language, one in phrases.items()
            for risk, phrase in _listed(language, one)
            for spelling in spellings(phrase)
            for row in variants(spelling, longer.get(language, {}))
        ]
        numbered = [(risk, row, tuple(self._lexicon.element(word) for word in row)) for risk, row in rows]
        self._lexicon.close(aliases(chat))
        self._index(numbered)
        danger = (row for risk, row in rows if risk is not None and row)
        self._respeller = Respeller(self._lexicon, danger, fillers, self._plain)

    def scan(self, normal: str) -> tuple[Risk, ...]:
        """
        List the dangers in a text in its normal form; () when there is none.

        Gravest severity first, then exact before misspelt, then the longer phrase.
        """
        hits = self._found(normal.split())
        return self._judge(hits) if hits else ()

    def _found(self, tokens: list[str]) -> list[_Hit]:
        rest = set(tokens).difference(self._plain)
        stands, resolve = self._lexicon.stands, self._lexicon.resolve
        overlay = {word: resolve(word) for word in rest if word not in stands}
        hits: list[_Hit] = []
        if len(overlay) < len(rest) or any(overlay.values()):
            hits = self._hits(tokens, rest, overlay, range(len(tokens)))
        if repaired := self._respeller.respell(tokens, overlay):
            mended = [word for word, _ in repaired]
            rest = set(mended).difference(self._plain)
            overlay = {word: resolve(word) for word in rest if word not in stands}
            hits += self._hits(mended, rest, overlay, [origin for _, origin in repaired])
        return hits

    def _judge(self, hits: list[_Hit]) -> tuple[Risk, ...]:
        calm = {(places[0], places[-1]) for pattern, places, _ in hits if pattern.risk is None}
        found: dict[tuple[str, str, str], tuple[tuple[int, bool, int], Risk]] = {}
        for pattern, places, exact in hits:
            risk = pattern.risk
            if risk is None:
                continue
            start, end = places[pattern.core], places[-1]
            if any(first <= start and end <= last for first, last in calm):
                continue
            gravity = _GRAVITY[self._severities.get(risk.intent, Severity.URGENT)]
            rank = (gravity, not exact, -len(pattern.elements))
            key = (risk.language, risk.intent, risk.phrase)
            if key not in found or rank < found[key][0]:
                found[key] = rank, risk if exact else msgspec.structs.replace(risk, exact=False)
        return tuple(risk for _, risk in sorted(found.values(), key=lambda entry: entry[0]))

    def _hits(  # noqa: C901 - the innermost loop: each call less is felt in every message
        self,
        tokens: list[str],
        rest: set[str],
        overlay: Mapping[str, Mapping[int, bool]],
        origins: Sequence[int],
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
            pattern = _Pattern(risk, elements, tuple(word.gap for word in row), anchor, core)
            bucket = self._anchors.setdefault(elements[anchor], _Bucket())
            if anchor and not row[anchor].gap:
                bucket.before.setdefault(elements[anchor - 1], []).append(pattern)
            elif anchor + 1 < len(row) and not row[anchor + 1].gap:
                bucket.after.setdefault(elements[anchor + 1], []).append(pattern)
            else:
                bucket.alone.append(pattern)
        stands = self._lexicon.stands
        anchors = self._anchors.keys()
        self._plain = {word for word in self._lexicon.known() if anchors.isdisjoint(stands.get(word, ()))}


def _fit(pattern: _Pattern, place: int, views: Sequence[Mapping[int, bool]]) -> list[int] | None:
    """Lay *pattern* with its anchor at *place*: the places of its words, or None."""
    before = _walk(pattern, pattern.anchor, place, -1, views)
    if before is None:
        return None
    after = _walk(pattern, pattern.anchor, place, 1, views)
    return None if after is None else [*reversed(before), place, *after]


def _walk(
    pattern: _Pattern,
    k: int,
    place: int,
    step: int,
    views: Sequence[Mapping[int, bool]],
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


def lint(phrases: Mapping[str, RiskPhrases], rules: RiskRules, bare: RiskRules) -> list[Finding]:
    """
    List what an editor should look at in *phrases*, from which *rules* were built.

    A phrase of one short word fires on calm questions; one that stands twice, or lies within
    its own harmless look-alike, only seems to protect somebody; a harmless one in which nothing
    would fire without it is in the way of whoever reads the list.

    *bare*: the same rules without the harmless phrases.
    """
    found: list[Finding] = []
    for language, one in phrases.items():
        seen: dict[tuple[Word, ...], str] = {}
        for risk, phrase in _listed(language, one):
            row = parse(phrase)
            section = risk.intent if risk else "harmless"
            faults = list(_faults(row, phrase, harmless=risk is None))
            if row in seen:
                place = "here twice" if seen[row] == section else f"under {seen[row]} too"
                faults.append((f"stands {place}", "keep one"))
            found += (Finding(language, section, phrase, *fault) for fault in faults)
            if row:
                seen.setdefault(row, section)
            example = " ".join(texts(row))
            if risk is None and row and _idle(phrase, bare):
                found.append(Finding(language, section, phrase, "covers no danger phrase", "drop it"))
            if risk and row and all(hit.phrase != phrase for hit in rules.scan(example)):
                mend = "sharpen the harmless one"
                found.append(Finding(language, section, phrase, "is silenced by a harmless phrase", mend))
    return found


def _idle(phrase: str, bare: RiskRules) -> bool:
    rows = spellings(phrase)
    if any(
        word.gap or word.prefix or any(open_end for _, open_end in word.others)
        for row in rows
        for word in row
    ):
        return False
    # What people write in a gap or after a beginning cannot be listed.
    return not any(bare.scan(text) for row in rows for text in wordings(row))


def _faults(row: tuple[Word, ...], phrase: str, *, harmless: bool) -> Iterable[tuple[str, str]]:
    letters = sum(len(word.text) for word in row)
    if not row:
        yield "has no word", "write at least one"
    elif not harmless and (letters < _SHORT_LETTERS or (len(row) == 1 and letters < _SHORT_WORD)):
        yield "is too short and fires on calm questions", "add the words around it"
    if any(word.prefix and len(word.text) < _SHORT_PREFIX for word in row):
        yield (
            "has a beginning of a word that fits too many",
            f"write at least {_SHORT_PREFIX} letters before the *",
        )
    if phrase.strip().startswith(("*", "...")) or phrase.strip().endswith("...") or "**" in phrase:
        yield "has ... or * where it means nothing", "put ... between words, * at the end of one"
