"""What a message says about its writer: country, whose question it is, a wish for a language.

A country that is merely mentioned ("the man is in Nigeria") says nothing of the writer; one
wrong country is one wrong number, so the reader stays silent rather than guess.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from rapidfuzz.distance import OSA

from bot.claims import Claims, Found, Kind
from bot.grammar import FIRST_NAMES, GRAMMAR, Grammar
from bot.messages import Audience
from bot.phrases import squeeze, tolerance
from bot.text import normalise

_SHORT = 5
# Words up to which a message may be a bare answer.
_NAME = 6
# Letters from which a name may be misspelt.
_TONGUE = 3
# "fr" is chat-speak before it is French.
_END = ""
# Key of a trie node's payload: no word is empty.

_ATTACHED = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")
# "13yo", "ds13": the number is a word of its own.


class LanguageWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's _language.yaml."""

    safe_words: tuple[str, ...] = ()
    parent_markers: tuple[str, ...] = ()
    child_markers: tuple[str, ...] = ()
    chat: dict[str, str] = {}
    stop_words: tuple[str, ...] = ()
    countries: dict[str, tuple[str, ...]] = {}
    """ISO code -> what people say beyond the official name."""
    ambiguous: tuple[str, ...] = ()
    """Names that mean two places (Oman and Amman in Arabic): the country is asked instead."""
    country_markers: tuple[str, ...] = ()
    languages: dict[str, tuple[str, ...]] = {}
    """BCP 47 code -> names of the language."""


class Mentions(msgspec.Struct, frozen=True):
    """What a message says of its writer; None and False where it says nothing."""

    country: str | None = None
    country_sure: bool = False
    """False where a place only ends the message ("is it legal in Italy"): good for this answer,
    not to change a country that is known."""
    country_alone: bool = False
    """Whether the message is nothing but that ("I'm in Italy")."""
    audience: Audience | None = None
    audience_alone: bool = False
    language: str | None = None
    language_alone: bool = False
    safe_word: bool = False
    named_country: str | None = None
    """The last country named at all, whosever it is: for a message about changing the country."""
    named_language: str | None = None
    """The last language named at all: for a message about changing the language."""
    choice_number: int | None = None
    """A bare number from 1 to 9: the choice of that place."""


_NONE = Grammar()
NOTHING = Mentions()


class MentionReader:
    """All languages' words of that kind, ready to read with. Immutable; safe to share."""

    def __init__(
        self,
        words: Mapping[str, LanguageWords],
        territory_names: Mapping[str, Mapping[str, str]],
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
        if not normal.replace(" ", "").isalpha():
            tokens = _ATTACHED.sub(" ", normal).split()
        if not self._elided.keys().isdisjoint(tokens):
            tokens = [part for token in tokens for part in self._elided.get(token, (token,))]
        number = int(normal) if len(normal) == 1 and normal in "123456789" else None
        short = len(tokens) <= _SHORT
        safe = short and squeeze(normal) in self._safe
        found = self._find(tokens)
        if not found and not short:
            return NOTHING
        claims = Claims(tokens, language, found, self._stop.get(language, frozenset()))
        wish, wish_alone = claims.wish(self._tongues)
        named = claims.last("language")
        if wish_alone:
            return Mentions(language=wish, language_alone=True, named_language=named, safe_word=safe)
        country, sure, country_alone = claims.country(self._guess, self._tongues, asked=asked_country)
        audience, audience_alone = claims.audience()
        return Mentions(
            country=country,
            country_sure=sure,
            country_alone=country_alone,
            named_country=claims.last("country"),
            audience=audience,
            audience_alone=audience_alone,
            language=wish,
            named_language=named,
            safe_word=safe,
            choice_number=number,
        )

    def _find(self, tokens: list[str]) -> list[Found]:
        found: list[Found] = []
        root = self._trie
        for start, token in enumerate(tokens):
            node = root.get(token)
            end = start + 1
            while node is not None:
                if (payload := node.get(_END)) is not None:
                    found += [Found(kind, value, language, start, end) for kind, value, language in payload]
                if end == len(tokens):
                    break
                following = tokens[end]
                counted = following.isdigit() and len(following) < 3
                node = node.get(following) or (node.get("#") if counted else None)
                end += 1
        return found

    def _learn(self, language: str, words: LanguageWords, territories: Mapping[str, str]) -> None:
        grammar = GRAMMAR.get(language, _NONE)
        self._stop[language] = frozenset(normalise(" ".join(words.stop_words)).split())
        # CLDR also names continents, by numbers.
        names = {normalise(name): code for code, name in territories.items() if code.isalpha()}
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
            if len(name) < _TONGUE and name.isascii():
                continue
            self._add("language", name, code, language)
            for prefix in grammar.elided:
                self._elided.setdefault(prefix + name, (prefix, name))
        settled = [f"{am} {word}" for am in grammar.am for word in sorted(grammar.place | grammar.origin)]
        settled += [f"{here} {word}" for here in sorted(grammar.here) for word in sorted(grammar.place)]
        owned = [marker + grammar.possessive for marker in words.parent_markers if grammar.possessive]
        rows: tuple[tuple[Kind, Iterable[str]], ...] = (
            ("parent", (*words.parent_markers, *owned, *grammar.own)),
            ("child", words.child_markers),
            ("marker", (*words.country_markers, *settled)),
            ("age", grammar.ages),
            ("am", grammar.am),
        )
        for kind, phrases in rows:
            for phrase in phrases:
                # The writers' "im 13" means any age.
                parts = phrase.split() if "#" in phrase else normalise(phrase).split()
                parts = ["#" if part.isdigit() else part for part in parts]
                if parts and parts != ["#"]:
                    aged = kind == "child" and "#" in parts
                    self._add("age" if aged else kind, " ".join(parts), "", language)

    def _add(self, kind: Kind, phrase: str, value: str, language: str) -> None:
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
        for name, code in self._near.get((language, word[0]), {}).items():
            most = tolerance(len(name))
            if name not in FIRST_NAMES and OSA.distance(word, name, score_cutoff=most) <= most:
                return code
        return None
