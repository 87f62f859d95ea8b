"""What the words found in one message claim about its writer: who, where, in which language."""

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from bot.grammar import (
    ALL_POLITE,
    ALL_SPEAK,
    DWELLING,
    FIRST_NAMES,
    FIRST_PERSON,
    GRAMMAR,
    SIBLINGS,
    UNITS,
    WORDLIKE,
    YEARS,
    Grammar,
)
from bot.messages import Audience

_MINOR, _GROWN = 17, 21
_YOUNGEST, _OLDEST = 5, 99
_REACH = 5
# Words that may stand between "I live in" and the place: "a small town near".
_SPEAK_REACH = 3
_BACK = 3
# Words back from a claim that may say whose it is.
_MISSPELT = 7
# Letters from which a bare misspelt word is taken for a country.
_WISH = 10
# Words up to which a message may be nothing but a wish for a language.
_ARTICLE = 3
# Letters up to which a stop word adds nothing: "the", but not "what".
_BEING = ("en", "de", "nl")
# Languages in which one is, not has, so many years.
_NONE = Grammar()

Kind = Literal["country", "marker", "parent", "child", "age", "language", "am"]
Guess = Callable[[str, str], str | None]
"""(word, language) -> the ISO code of the country whose name the word is a misspelling of."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """Some editors' words that stand in the message."""

    kind: Kind
    value: str
    language: str
    start: int
    end: int


class Claims:
    """One message being read."""

    def __init__(
        self,
        tokens: list[str],
        language: str,
        found: list[Found],
        stop: frozenset[str],
    ) -> None:
        self.tokens = tokens
        self.language = language
        self.grammar = GRAMMAR.get(language, _NONE)
        self.stop = stop
        self.by: dict[str, list[Found]] = {}
        """Finds by kind."""
        for one in found:
            self.by.setdefault(one.kind, []).append(one)

    def of(self, kind: Kind) -> list[Found]:
        """List the finds of *kind*: this language's, or else the others'."""
        found = self.by.get(kind, [])
        return [one for one in found if one.language == self.language] or found

    def only(self, start: int, end: int, extra: frozenset[str] = frozenset()) -> bool:
        """Tell whether all words outside *start* to *end* are small talk of a word or two."""
        grammar = self.grammar
        for word in (*self.tokens[:start], *self.tokens[end:]):
            if (
                word in grammar.others
                or word in grammar.never
                or not (
                    word in extra
                    or word in grammar.polite
                    or word in grammar.place
                    or word in grammar.origin
                    or word in grammar.here
                    or (len(word) <= _ARTICLE and word in self.stop)
                )
            ):
                return False
        return True

    def wish(self, tongues: set[str]) -> tuple[str | None, bool]:
        """Find the language that the person asks for, and whether the message is only that."""
        if "language" not in self.by:
            return None, False
        for one in _longest(self.of("language")):
            before = self.tokens[: one.start]
            near = before[-_BACK:]
            never = self.grammar.never | GRAMMAR.get(one.language, _NONE).never
            if not never.isdisjoint(near) or any(am.end == one.start for am in self.of("am")):
                continue
            if len(self.tokens) <= _WISH and self.only(one.start, one.end, ALL_SPEAK | ALL_POLITE | tongues):
                return one.value, True
            if not ALL_SPEAK.isdisjoint(before[-_SPEAK_REACH:]):
                return one.value, False
        return None, False

    def last(self, kind: Kind) -> str | None:
        """Name the last country or language that stands in the message at all."""
        return _longest(self.of(kind))[-1].value if kind in self.by else None

    def country(self, guess: Guess, tongues: set[str], *, asked: bool) -> tuple[str | None, bool, bool]:
        """Find the writer's country, whether that is sure, and whether the message is only that."""
        if len(self.tokens) > _REACH and not ("country" in self.by or "marker" in self.by):
            return None, False, False
        names = _longest(self.of("country"))
        claims = [*self._marked(names, guess), *self._national(names, tongues)]
        if claims:
            _, start, end, code, near = max(claims)
            return code, True, near and self.only(start, end)
        if (bare := self._bare(names, guess, tongues, asked=asked)) is not None:
            return bare, True, True
        return self._weak(names, tongues), False, False

    def _marked(self, names: list[Found], guess: Guess) -> Iterable[tuple[int, int, int, str, bool]]:
        for marker in self.of("marker"):
            grammar = GRAMMAR.get(marker.language, self.grammar)
            if self._told_of(marker, grammar):
                continue
            # "I live in" says more than "I'm from", and the later claim more than the earlier.
            rank = 2 if self.tokens[marker.end - 1] in grammar.origin else 3
            for name in names:
                if self._follows(marker, name) and self._leads(marker.end, name.start, grammar):
                    yield rank, marker.start, name.end, name.value, name.start - marker.end < 2
                    break
            else:
                for end in range(marker.end, min(marker.end + 2, len(self.tokens))):
                    if (code := guess(self.tokens[end], marker.language)) is not None:
                        yield rank, marker.start, end + 1, code, True
                        break

    def _follows(self, marker: Found, name: Found) -> bool:
        # The editors may list "in italy" as a name: it overlaps "I live in".
        return marker.start < name.start <= marker.end + _REACH and name.end > marker.end

    def _told_of(self, one: Found, grammar: Grammar) -> bool:
        # "they live in"; and "we were in", which only looks like "we're in" without its apostrophe.
        if not one.start:
            return False
        before = self.tokens[max(0, one.start - _BACK) : one.start]
        if self.tokens[one.start] == "were" and before[-1] in ("we", "you", "what"):
            return True
        for word in reversed(before):
            if word in grammar.others or word in FIRST_PERSON:
                return word in grammar.others
        return False

    def _leads(self, start: int, end: int, grammar: Grammar) -> bool:
        between = self.tokens[start:end]
        if not grammar.others.isdisjoint(between):
            return False
        stop = self.stop | grammar.place | grammar.origin
        return all(word in stop for word in between) or between[-1] in grammar.place

    def _national(self, names: list[Found], tongues: set[str]) -> Iterable[tuple[int, int, int, str, bool]]:
        for am in self.by.get("am", ()):
            for name in names:
                if (
                    name.start == am.end
                    and name.language == am.language
                    and not self._told_of(am, self.grammar)
                ):
                    yield 1, am.start, name.end, name.value, True
                    # "we are Syrians in Berlin": where they are says more than what they are.
                    if (place := self._place_of(name, names, tongues)) is not None:
                        yield 3, am.start, place.end, place.value, True

    def _place_of(self, nation: Found, names: list[Found], tongues: set[str]) -> Found | None:
        """Find the place that is said in the same breath as *nation*: "in Berlin", "who live in Berlin"."""
        grammar = GRAMMAR.get(nation.language, self.grammar)
        for name in names:
            between = self.tokens[nation.end : name.start]
            said = " ".join(self.tokens[name.start : name.end])
            if (
                1 <= len(between) <= 2
                and between[-1] in grammar.place
                and all(
                    word in self.stop or word in grammar.here or word in DWELLING for word in between[:-1]
                )
                and said not in WORDLIKE
                and said not in tongues  # "in English class"
            ):
                return name
        return None

    def _bare(
        self,
        names: list[Found],
        guess: Guess,
        tongues: set[str],
        *,
        asked: bool,
    ) -> str | None:
        if len(self.tokens) > _REACH:
            return None
        for one in names:
            name = " ".join(self.tokens[one.start : one.end])
            if not asked and (name in tongues or name in FIRST_NAMES or name in WORDLIKE):
                return None
            if len(name) < 3 and name != "uk" and {*self.tokens} - {name, "the"}:
                return None
            return one.value if self.only(one.start, one.end) else None
        if len(self.tokens) <= 2 and self.only(len(self.tokens) - 1, len(self.tokens)):
            return guess(self.tokens[-1], self.language) if len(self.tokens[-1]) >= _MISSPELT else None
        return None

    def _weak(self, names: list[Found], tongues: set[str]) -> str | None:
        """Take "... in Italy" at the end of a message that speaks of nobody else."""
        if len({one.value for one in names}) != 1 or not self.grammar.others.isdisjoint(self.tokens):
            return None
        one = names[-1]
        name = " ".join(self.tokens[one.start : one.end])
        if name in tongues or name in WORDLIKE or not self.grammar.polite.issuperset(self.tokens[one.end :]):
            return None
        before = self.tokens[max(0, one.start - 2) : one.start]
        if not before or (len(name) < 3 and name != "uk" and before[-1] != "the"):
            return None
        place = self.grammar.place
        near = before[-1] in place or (before[-1] in self.stop and before[0] in place)
        return one.value if near else None

    def audience(self) -> tuple[Audience | None, bool]:
        """Find whose question it is, and whether the message is only that."""
        ages = [(self._age(one), one) for one in self.by.get("age", ())]
        for age, one in ages:
            if age is not None and _YOUNGEST <= age <= _MINOR:
                return "child", self.only(one.start, one.end, YEARS)
        if not self.tokens[_REACH:] and (role := self._role()):
            return role, True
        if any(self._is_parents(one) for one in self.of("parent")):
            return "parent", False
        for age, one in ages:
            if age is not None and _GROWN <= age <= _OLDEST:
                return "parent", self.only(one.start, one.end, YEARS)
        if self.by.get("child"):
            return "child", False
        return None, False

    def _age(self, one: Found) -> int | None:
        number = next((word for word in self.tokens[one.start : one.end] if word.isdigit()), None)
        following = self.tokens[one.end] if one.end < len(self.tokens) else None
        if number is None or len(number) > 2:
            return None
        if following is None or self.tokens[one.end - 1] != number or following in YEARS:
            return int(number)
        # "ho 13" (I have 13) is an age when nothing is counted; "I'm 13" unless a unit follows.
        counted = following in UNITS or (one.language not in _BEING and following not in self.stop)
        return None if counted else int(number)

    def _is_parents(self, one: Found) -> bool:
        following = self.tokens[one.end] if one.end < len(self.tokens) else ""
        numbered = any(word.isdigit() for word in self.tokens[one.start : one.end])
        return not (numbered and (following in SIBLINGS or following in self.grammar.others))

    def _role(self) -> Audience | None:
        """Read an answer to "who is asking?": "a mum", "I'm a teacher"."""
        am = {word for phrase in self.grammar.am for word in phrase.split()}
        core = {*self.tokens} - self.stop - self.grammar.polite - am
        if core and core <= self.grammar.adult and "child" not in self.by:
            return "parent"
        return "child" if core and core <= self.grammar.minor and "parent" not in self.by else None


def _longest(found: list[Found]) -> list[Found]:
    """Drop finds that lie within longer ones; by place."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
