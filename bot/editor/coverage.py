"""Coverage: how far each language is, and which facts of the directory are to be checked again."""

from collections import Counter
from pathlib import Path

import msgspec

from bot.content import OUT_OF_SCOPE, Corpus, Intent, Library
from bot.directory import Recheck
from bot.editor import dialogs
from bot.editor.catalogues import untranslated
from bot.i18n import SOURCE
from bot.messages import Severity

TARGETS = {
    Severity.EMERGENCY: 40,
    Severity.URGENT: 40,
    Severity.CONCERN: 30,
    Severity.ADVICE: 30,
    Severity.SERVICE: 20,
    Severity.SMALLTALK: 20,
}
"""How many messages an intent should have in each language."""
OUT_OF_SCOPE_TARGET = 800


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How far a language is."""

    status: str
    review: str
    utterances: int
    short: tuple[tuple[str, int, int], ...]
    """Intents below their target: name, number, target."""
    out_of_scope: int
    replies: int
    """Replies for a child or a parent that this language has."""
    replies_wanted: int
    untranslated: tuple[str, ...]
    """Interface texts, titles and replies that are shown in English."""
    outdated: tuple[str, ...]
    """Places whose English has changed since."""
    risk_phrases: int
    harmless_phrases: int
    questions: int


def coverage(root: Path, library: Library, corpus: Corpus) -> dict[str, Coverage]:
    """Measure every language of *library*."""
    english = untranslated(root, [tag for tag in library.languages if tag != SOURCE])
    return {tag: _of(tag, root, library, corpus, english.get(tag, ())) for tag in library.languages}


def _of(tag: str, root: Path, library: Library, corpus: Corpus, untold: tuple[str, ...]) -> Coverage:
    info, risks, catalogue = library.languages[tag], library.risks[tag], library.catalogues[tag]
    counts = {name: len(one.all()) for name, one in corpus[tag].items()}
    wanted = [f"intents.{name}.{voice}" for name, one in library.intents.items() for voice in one.reply]
    folder = root / "tests" / "dialogs"
    return Coverage(
        status=info.status,
        review=info.review,
        utterances=sum(number for name, number in counts.items() if name != OUT_OF_SCOPE),
        short=tuple(
            _short(one, counts) for one in library.intents.values() if _short(one, counts)[1] < target(one)
        ),
        out_of_scope=counts.get(OUT_OF_SCOPE, 0),
        replies=sum(tag == SOURCE or place in catalogue.content for place in wanted),
        replies_wanted=len(wanted),
        untranslated=untold,
        outdated=tuple(sorted(catalogue.outdated)),
        risk_phrases=sum(map(len, risks.danger.values())),
        harmless_phrases=len(risks.harmless),
        questions=len(dialogs.read(folder, tag, [])),
    )


def target(intent: Intent) -> int:
    """Say how many messages *intent* should have."""
    return TARGETS[intent.severity]


def _short(intent: Intent, counts: dict[str, int]) -> tuple[str, int, int]:
    return intent.id, counts.get(intent.id, 0), target(intent)


def to_verify(library: Library) -> tuple[Recheck, ...]:
    """List the facts that are to be looked up: the weakest first, then by country."""
    order = ("unsourced", "low", "medium")
    rows = library.directory.to_verify()
    return tuple(sorted(rows, key=lambda one: (order.index(one.confidence), one.country, one.id)))


def verify_summary(library: Library) -> dict[str, int]:
    """Count the facts that are to be looked up, by what is known of them."""
    return dict(Counter(one.confidence for one in to_verify(library)))
