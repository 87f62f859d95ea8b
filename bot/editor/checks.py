"""Checks of intents, utterances and danger rules; each yields the problems that it finds."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec.structs import replace

from bot import risk
from bot.build import risk_rules
from bot.content import OUT_OF_SCOPE, Corpus, Library
from bot.editor import rules
from bot.editor.places import Places
from bot.editor.readability import WORDS_A_SENTENCE, level
from bot.i18n import SOURCE
from bot.problems import Problem

_SHORTEST = 5
"""Digits from which a refused number is looked for everywhere: shorter ones stand in dates and ages."""
_LIVE_LEAST = 10
"""Messages without which a visitor's own words cannot reach an intent."""


class Content(msgspec.Struct, frozen=True, dict=True):
    """What the checks read."""

    root: Path
    library: Library
    corpus: Corpus

    @cached_property
    def places(self) -> Places:
        """Where things stand."""
        return Places(self.root)

    @cached_property
    def risk_findings(self) -> list[risk.Finding]:
        """What the danger rules' own lint says."""
        calm = {tag: replace(one, harmless=()) for tag, one in self.library.risks.items()}
        bare = risk_rules(replace(self.library, risks=calm), self.corpus)
        return risk.lint(self.library.risks, risk_rules(self.library, self.corpus), bare)

    @property
    def checkout(self) -> bool:
        """Whether the code lies beside the content: only then its texts can be extracted."""
        return (self.root / "bot" / "i18n.py").is_file()

    @property
    def translated(self) -> tuple[str, ...]:
        """The languages that English is translated into."""
        return tuple(tag for tag in self.library.languages if tag != SOURCE)


def refused(content: Content) -> Iterator[Problem]:
    """A number that is wrong gets copied from list to list: it stands in no file."""
    data = content.library.directory.data
    texts = [
        (re.escape(one.text.casefold()), one.text, one.why)
        for one in (*data.refused.domains, *data.refused.phrases)
    ]
    # What is wrong in one country may be the helpline of another.
    dialled = _dialled(content.library)
    for number in data.refused.numbers:
        digits = re.sub(r"\D", "", number.number)
        if len(digits) >= _SHORTEST and digits not in dialled:
            spaced = r"[\s.()/-]{0,2}".join(digits)
            texts.append((rf"(?<!\d){spaced}(?!\d)", number.number, number.why))
    # One search tells for nearly every file that nothing stands in it.
    any_of = re.compile("|".join(pattern for pattern, _, _ in texts) or r"(?!)")
    for folder, pattern in (("intents", "**/*.yaml"), ("locales", "**/*.po")):
        for path in sorted((content.root / folder).glob(pattern)):
            text = path.read_text(encoding="utf-8").casefold()
            if not any_of.search(text):
                continue
            name = str(path.relative_to(content.root))
            for wanted, shown, why in texts:
                for match in re.finditer(wanted, text):
                    line = text.count("\n", 0, match.start()) + 1
                    yield Problem(name, line, f"{shown!r} must stand nowhere: {why}", "take it out")


def _dialled(library: Library) -> set[str]:
    """Give every number that the directory shows."""
    services = library.directory.data.services
    phones = {phone.dial for service in services for phone in service.phones}
    return phones | {line.dial for service in services for line in service.text}


def reading_level(content: Content) -> Iterator[Problem]:
    """A frightened child of ten reads short sentences of everyday words."""
    for language in content.library.languages:
        for (intent, voice), text in rules.replies(content.library, language).items():
            if voice != "child":
                continue
            formula, value, counts = level(text, language)
            faults = []
            if formula and formula.too_hard(value):
                faults.append(f"{formula.name} {value:.1f}, the limit is {formula.limit:g}")
            if counts.words_a_sentence > WORDS_A_SENTENCE:
                faults.append(f"{counts.words_a_sentence:.0f} words a sentence")
            for fault in faults:
                path, line = content.places.reply(intent, voice, language)
                what = f"the reply for a child is hard to read ({fault})"
                yield Problem(path, line, what, "use shorter sentences and everyday words")


def wording(content: Content) -> Iterator[Problem]:
    """A reply about danger lacks what every such reply must say, or says what none may."""
    for language in content.library.languages:
        texts = rules.replies(content.library, language)
        for intent, voice, what, mend in rules.broken(texts, language):
            path, line = content.places.reply(intent, voice, language)
            yield Problem(path, line, f"{intent}: {what}", mend)


def danger_phrases(content: Content) -> Iterator[Problem]:
    """A danger phrase that a harmless one silences protects nobody."""
    yield from (problem for silenced, problem in _risk_findings(content) if silenced)


def loose_phrases(content: Content) -> Iterator[Problem]:
    """A danger phrase may fire on calm questions, or a harmless one has nothing to cover."""
    yield from (problem for silenced, problem in _risk_findings(content) if not silenced)


def _risk_findings(content: Content) -> Iterator[tuple[bool, Problem]]:
    for one in content.risk_findings:
        path = f"intents/{one.language}/_risk.yaml"
        line = content.places.text(path, one.phrase)
        yield (
            "silenced" in one.what,
            Problem(path, line, f"{one.section}: {one.phrase!r} {one.what}", one.mend),
        )


def unwritten(content: Content) -> Iterator[Problem]:
    """A language is offered, and some of its questions cannot be asked in one's own words."""
    for tag in content.library.languages:
        by_intent = content.corpus[tag]
        for intent in content.library.intents:
            found = by_intent.get(intent)
            if found is None or len(found.all()) < _LIVE_LEAST:
                number = len(found.all()) if found else 0
                mend = f"write {_LIVE_LEAST} at the least, or set the language to draft"
                yield Problem(f"intents/{tag}/{intent}.yaml", 0, f"holds {number} messages", mend)
        if OUT_OF_SCOPE not in by_intent:
            mend = "list sentences that are no question for this service"
            yield Problem(f"intents/{tag}/_out_of_scope.yaml", 0, "holds no sentence", mend)
        risks = content.library.risks[tag]
        for intent in sorted(content.library.pressing):
            if not risks.danger.get(intent):
                mend = "write the words that people there use, or set the language to draft"
                yield Problem(f"intents/{tag}/_risk.yaml", 0, f"holds no danger phrase of {intent}", mend)
