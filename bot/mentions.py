"""What a message says about its writer: country, whose question it is, a wish for a language.

A country that is merely mentioned ("the man is in Nigeria") says nothing of the writer; one
wrong country is one wrong number, so the reader stays silent rather than guess.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec
from rapidfuzz.distance import OSA

from bot.grammar import ALL_POLITE, ALL_SPEAK, FIRST_NAMES, GRAMMAR, SIBLINGS, UNITS, WORDLIKE, YEARS, Grammar
from bot.messages import Audience
from bot.phrases import squeeze, tolerance
from bot.text import normalise

_MINOR, _GROWN = 17, 21
_YOUNGEST, _OLDEST = 5, 99
_REACH = 5
# Words that may stand between "I live in" and the place: "a small town near".
_SPEAK_REACH = 3
_ARTICLE = 3
# Letters up to which a stop word adds nothing: "the", but not "what".
_NAME = 6
# Letters from which a name may be misspelt.
_END = ""
# Key of a trie node's payload: no word is empty.

_ATTACHED = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")
# "13yo", "ds13": the number is a word of its own.

_Kind = Literal["country", "marker", "parent", "child", "age", "language", "am"]


class LanguageWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's _language.yaml."""

    safe_words: tuple[str, ...] = ()
    parent_markers: tuple[str, ...] = ()
    child_markers: tuple[str, ...] = ()
    chat: dict[str, str] = {}
    stop_words: tuple[str, ...] = ()
    countries: dict[str, tuple[str, ...]] = {}
    """ISO code -> what people say beyond the official name."""
    country_markers: tuple[str, ...] = ()
    languages: dict[str, tuple[str, ...]] = {}
    """BCP 47 code -> names of the language."""


class Mentions(msgspec.Struct, frozen=True):
    """What a message says of its writer; None and False where it says nothing."""

    country: str | None = None
    country_alone: bool = False
    """Whether the message is nothing but that ("I'm in Italy")."""
    audience: Audience | None = None
    audience_alone: bool = False
    language: str | None = None
    language_alone: bool = False
    safe_word: bool = False
    choice_number: int | None = None
    """A bare number from 1 to 9: the choice of that place."""


class _Found(msgspec.Struct, frozen=True, gc=False):
    kind: _Kind
    value: str
    language: str
    start: int
    end: int


_Guess = Callable[[str, str], str | None]
_NONE = Grammar()
NOTHING = Mentions()


class MentionReader:
    """All languages' words of that kind, ready to read with. Immutable; safe to share."""

    def __init__(
        self, words: Mapping[str, LanguageWords], territory_names: Mapping[str, Mapping[str, str]],
    ) -> None:
        """*territory_names*: language -> {ISO 3166-1 code: name}, as CLDR has them."""
        self._trie: dict[str, Any] = {}
        self._elided: dict[str, tuple[str, str]] = {}
        self._near: dict[tuple[str, str], dict[str, str]] = {}
        self._stop: dict[str, frozenset[str]] = {}
        self._tongues: set[str] = set()
        self._safe = frozenset(squeeze(normalise(word)) for one in words.values() for word in one.safe_words)
        for language in {**words, **territory_names}:
            self._learn(language, words.get(language, LanguageWords()), territory_names.get(language, {}))

    def read(self, normal: str, language: str, *, asked_country: bool = False) -> Mentions:
        """
        Read a text in its normal form; *language* is what it is probably written in.

        *asked_country*: the question before was where the person is, so "Jordan" is no first name.
        """
        tokens = normal.split()
        if not tokens:
            return NOTHING
        if not normal.isalpha() and _ATTACHED.search(normal):
            tokens = _ATTACHED.sub(" ", normal).split()
        if not self._elided.keys().isdisjoint(tokens):
            tokens = [part for token in tokens for part in self._elided.get(token, (token,))]
        number = int(normal) if len(normal) == 1 and normal in "123456789" else None
        short = len(tokens) <= _REACH
        safe = short and squeeze(normal) in self._safe
        found = self._find(tokens)
        if not found and not short:
            return NOTHING
        reading = _Reading(tokens, language, found, self._stop.get(language, frozenset()))
        wish, wish_alone = reading.wish(self._tongues)
        if wish_alone:
            return Mentions(language=wish, language_alone=True, safe_word=safe)
        country, country_alone = reading.country(self._guess, asked_country, self._tongues)
        audience, audience_alone = reading.audience()
        return Mentions(country, country_alone, audience, audience_alone, wish, False, safe, number)

    def _find(self, tokens: list[str]) -> list[_Found]:
        found: list[_Found] = []
        root = self._trie
        for start, token in enumerate(tokens):
            node = root.get(token)
            end = start + 1
            while node is not None:
                if (payload := node.get(_END)) is not None:
                    found += [_Found(kind, value, language, start, end) for kind, value, language in payload]
                if end == len(tokens):
                    break
                token = tokens[end]
                node = node.get(token) or (node.get("#") if token.isdigit() and len(token) < 3 else None)
                end += 1
        return found

    def _learn(self, language: str, words: LanguageWords, territories: Mapping[str, str]) -> None:
        grammar = GRAMMAR.get(language, _NONE)
        self._stop[language] = frozenset(part for word in words.stop_words for part in normalise(word).split())
        names = {normalise(name): code for code, name in territories.items() if len(code) == 2 and code.isalpha()}
        names |= {normalise(name): code for code, others in words.countries.items() for name in others}
        tongues = {normalise(name): code for code, others in words.languages.items() for name in others}
        self._tongues.update(tongues)
        for name, code in names.items():
            self._add("country", name, code, language)
            if " " not in name and len(name) >= _NAME:
                self._near.setdefault((language, name[0]), {})[name] = code
            for prefix in grammar.elided if " " not in name and len(name) > 3 else ():
                self._elided.setdefault(prefix + name, (prefix, name))
        for name, code in tongues.items():
            self._add("language", name, code, language)
            for prefix in grammar.elided:
                self._elided.setdefault(prefix + name, (prefix, name))
        settled = [f"{am} {word}" for am in grammar.am for word in sorted(grammar.place | grammar.origin)]
        rows: tuple[tuple[_Kind, Iterable[str]], ...] = (
            ("parent", (*words.parent_markers, *grammar.own)), ("child", words.child_markers),
            ("marker", (*words.country_markers, *settled)), ("age", grammar.ages), ("am", grammar.am))
        for kind, phrases in rows:
            for phrase in phrases:
                # The writers' "im 13" means any age.
                parts = phrase.split() if "#" in phrase else normalise(phrase).split()
                parts = ["#" if part.isdigit() else part for part in parts]
                if parts and parts != ["#"]:
                    self._add("age" if kind == "child" and "#" in parts else kind, " ".join(parts), "", language)

    def _add(self, kind: _Kind, phrase: str, value: str, language: str) -> None:
        node = self._trie
        for token in phrase.split():
            node = node.setdefault(token, {})
        if node is not self._trie:
            payload = node.setdefault(_END, [])
            if (kind, value, language) not in payload:
                payload.append((kind, value, language))

    def _guess(self, word: str, language: str) -> str | None:
        """Find the country whose name *word* is a misspelling of."""
        if len(word) < _NAME - 1 or word in self._trie or word in self._stop.get(language, ()):
            return None
        for tongue in dict.fromkeys((language, "en")):
            for name, code in self._near.get((tongue, word[0]), {}).items():
                most = tolerance(len(name))
                if name not in FIRST_NAMES and OSA.distance(word, name, score_cutoff=most) <= most:
                    return code
        return None


class _Reading:
    """One message being read."""

    def __init__(
        self, tokens: list[str], language: str, found: list[_Found], stop: frozenset[str],
    ) -> None:
        self.tokens = tokens
        self.language = language
        self.grammar = GRAMMAR.get(language, _NONE)
        self.stop = stop
        self.by: dict[str, list[_Found]] = {}
        """Finds by kind."""
        for one in found:
            self.by.setdefault(one.kind, []).append(one)

    def of(self, kind: _Kind) -> list[_Found]:
        """List the finds of *kind*: this language's, or else the others'."""
        found = self.by.get(kind, [])
        return [one for one in found if one.language == self.language] or found

    def only(self, start: int, end: int, extra: frozenset[str] = frozenset()) -> bool:
        """Tell whether all words outside *start* to *end* are small talk of a word or two."""
        grammar = self.grammar
        for word in (*self.tokens[:start], *self.tokens[end:]):
            if word in grammar.others or word in grammar.never or not (
                word in extra or word in grammar.polite or word in grammar.place or word in grammar.origin
                or word in grammar.here or (len(word) <= _ARTICLE and word in self.stop)
            ):
                return False
        return True

    def wish(self, tongues: set[str]) -> tuple[str | None, bool]:
        """Find the language that the person asks for, and whether the message is only that."""
        for one in _longest(self.of("language")):
            before = self.tokens[:one.start]
            never = self.grammar.never | GRAMMAR.get(one.language, _NONE).never
            if not never.isdisjoint(before) or any(am.end == one.start for am in self.of("am")):
                continue
            if len(self.tokens) <= 2 * _REACH and self.only(one.start, one.end, ALL_SPEAK | ALL_POLITE | tongues):
                return one.value, True
            if not ALL_SPEAK.isdisjoint(before[-_SPEAK_REACH:]):
                return one.value, False
        return None, False

    def country(self, guess: _Guess, asked: bool, tongues: set[str]) -> tuple[str | None, bool]:
        """Find the writer's country, and whether the message is only that."""
        names = _longest(self.of("country"))
        claims = [*self._marked(names, guess), *self._national(names)]
        if claims:
            _, start, end, code, near = max(claims)
            return code, near and self.only(start, end)
        return self._bare(names, guess, asked, tongues) or (self._weak(names, tongues), False)

    def _marked(self, names: list[_Found], guess: _Guess) -> Iterable[tuple[int, int, int, str, bool]]:
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

    def _follows(self, marker: _Found, name: _Found) -> bool:
        # The editors may list "in italy" as a name: it overlaps "I live in".
        return marker.start < name.start <= marker.end + _REACH and name.end > marker.end

    def _told_of(self, one: _Found, grammar: Grammar) -> bool:
        # "they live in"; and "we were in", which only looks like "we're in" without its apostrophe.
        if not one.start:
            return False
        word = self.tokens[one.start - 1]
        return word in grammar.others or (self.tokens[one.start] == "were" and word in ("we", "you", "kids", "what"))

    def _leads(self, start: int, end: int, grammar: Grammar) -> bool:
        between = self.tokens[start:end]
        if not grammar.others.isdisjoint(between):
            return False
        stop = self.stop | grammar.place | grammar.origin
        return all(word in stop for word in between) or between[-1] in grammar.place

    def _national(self, names: list[_Found]) -> Iterable[tuple[int, int, int, str, bool]]:
        for am in self.by.get("am", ()):
            for name in names:
                if name.start == am.end and not self._told_of(am, self.grammar):
                    yield 1, am.start, name.end, name.value, True

    def _bare(
        self, names: list[_Found], guess: _Guess, asked: bool, tongues: set[str],
    ) -> tuple[str | None, bool] | None:
        if len(self.tokens) > _REACH:
            return None
        for one in names:
            name = " ".join(self.tokens[one.start:one.end])
            if not asked and (name in tongues or name in FIRST_NAMES or name in WORDLIKE):
                return None
            if len(name) < 3 and name != "uk" and {*self.tokens} - {name, "the"}:
                return None
            return (one.value, True) if self.only(one.start, one.end) else None
        if len(self.tokens) <= 2 and self.only(len(self.tokens) - 1, len(self.tokens)):
            code = guess(self.tokens[-1], self.language)
            return None if code is None else (code, True)
        return None

    def _weak(self, names: list[_Found], tongues: set[str]) -> str | None:
        """Take "... in Italy" at the end of a message that speaks of nobody else."""
        if len({one.value for one in names}) != 1 or not self.grammar.others.isdisjoint(self.tokens):
            return None
        one = names[-1]
        name = " ".join(self.tokens[one.start:one.end])
        if name in tongues or name in WORDLIKE or not self.grammar.polite.issuperset(self.tokens[one.end:]):
            return None
        before = self.tokens[max(0, one.start - 2):one.start]
        if not before or (len(name) < 3 and name != "uk" and before[-1] != "the"):
            return None
        near = before[-1] in self.grammar.place or (before[-1] in self.stop and before[0] in self.grammar.place)
        return one.value if near else None

    def audience(self) -> tuple[Audience | None, bool]:
        """Find whose question it is, and whether the message is only that."""
        ages = [(self._age(one), one) for one in self.by.get("age", [])]
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

    def _age(self, one: _Found) -> int | None:
        number = next((word for word in self.tokens[one.start:one.end] if word.isdigit()), None)
        following = self.tokens[one.end] if one.end < len(self.tokens) else None
        if number is None or len(number) > 2:
            return None
        if following is not None and self.tokens[one.end - 1] == number and following not in YEARS:
            # "ho 13" is an age when nothing is counted; "I'm 13" unless a unit follows.
            if following in UNITS or (one.language not in ("en", "de", "nl") and following not in self.stop):
                return None
        return int(number)

    def _is_parents(self, one: _Found) -> bool:
        following = self.tokens[one.end] if one.end < len(self.tokens) else ""
        numbered = any(word.isdigit() for word in self.tokens[one.start:one.end])
        return not (numbered and (following in SIBLINGS or following in self.grammar.others))

    def _role(self) -> Audience | None:
        """Read an answer to "who is asking?": "a mum", "I'm a teacher"."""
        am = {word for phrase in self.grammar.am for word in phrase.split()}
        core = {*self.tokens} - self.stop - self.grammar.polite - am
        if core and core <= self.grammar.adult and "child" not in self.by:
            return "parent"
        return "child" if core and core <= self.grammar.minor and "parent" not in self.by else None


def _longest(found: list[_Found]) -> list[_Found]:
    """Drop finds that lie within longer ones; by place."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
