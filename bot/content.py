"""Content: intents and utterances become a Library, or a list of all that is wrong.

Every problem is collected with its file, line and mend; loading never half-succeeds.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, get_args

import msgspec

from bot.directory import Directory, Kind
from bot.directory import Topic as Subject
from bot.errors import ContentError
from bot.i18n import Catalogue, load_catalogue
from bot.mentions import LanguageWords
from bot.messages import Audience, Severity
from bot.problems import Problem
from bot.risk import RiskPhrases
from bot.yamlfile import load as load_yaml

T = TypeVar("T")

Topic: TypeAlias = Literal[
    "danger",
    "sexual_exploitation",
    "bullying_and_harm",
    "accounts_and_money",
    "everyday_safety",
    "reporting",
    "conversation",
]

OUT_OF_SCOPE = "none"
"""The label of sentences that are no question for this service."""

_TITLE, _BUTTON = 60, 20
_ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|gov|edu|eu|uk|it|fr|au)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[ ()./-]{0,2}){2,}\d")
_VOICES: dict[str, tuple[Audience, ...]] = {
    "child": ("child",),
    "parent": ("parent",),
    "both": ("child", "parent"),
}


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where advice comes from."""

    title: str
    url: str


class IntentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of intents/: one kind of question and its answer."""

    severity: Severity
    audience: Literal["child", "parent", "both"]
    topic: Topic
    title: str
    """What the menu and "did you mean" show, at most 60 characters."""
    button: str
    """The same for small buttons, at most 20 characters."""
    needs: tuple[Kind, ...] = ()
    """Kinds of services, in the order in which they should be shown."""
    about: Subject | None = None
    """Services that handle this subject come first."""
    next: tuple[str, ...] = ()
    """Two to four follow-up intents."""
    reply: dict[Audience, str]
    """English reply for each voice; the first paragraph is the lead."""
    sources: tuple[Source, ...] = ()
    reviewed: date
    """When the reply was last read against its sources."""


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of question, ready to answer."""

    id: str
    severity: Severity
    audience: Literal["child", "parent", "both"]
    topic: str
    title: str
    button: str
    needs: tuple[str, ...]
    about: str | None
    next: tuple[str, ...]
    reply: dict[Audience, str]
    sources: tuple[Source, ...]
    reviewed: date


class Utterances(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of intents/LANG/: messages as people there type them, by who writes."""

    child: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    either: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every message."""
        return self.child + self.parent + self.either


class LanguageInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of languages.yaml."""

    name: str
    direction: Literal["ltr", "rtl"]
    status: Literal["live", "draft"]
    review: Literal["native", "none"]
    """Who has read it: a native speaker, or nobody yet."""
    countries: tuple[str, ...] = ()
    """What the country menu offers first."""


class Library(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All content that answering needs, loaded and frozen."""

    version: str
    languages: dict[str, LanguageInfo]
    intents: dict[str, Intent]
    words: dict[str, LanguageWords]
    risks: dict[str, RiskPhrases]
    catalogues: dict[str, Catalogue]
    directory: Directory

    @cached_property
    def live(self) -> tuple[str, ...]:
        """The languages offered to visitors."""
        return tuple(tag for tag, info in self.languages.items() if info.status == "live")

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The groups of the menu, in the order of Topic."""
        found = {intent.topic for intent in self.intents.values()}
        return tuple(name for name in get_args(Topic) if name in found)

    @cached_property
    def pressing(self) -> frozenset[str]:
        """The intents of severity emergency and urgent."""
        return frozenset(name for name, intent in self.intents.items() if intent.severity.pressing)


Corpus: TypeAlias = dict[str, dict[str, Utterances]]
"""Language to intent (or OUT_OF_SCOPE) to messages: what the models are trained on."""


def examples(corpus: Corpus) -> dict[str, dict[str, tuple[str, ...]]]:
    """Flatten *corpus* into what the matcher is trained on."""
    flat = {lang: {name: found.all() for name, found in by.items()} for lang, by in corpus.items()}
    return {lang: by for lang, by in flat.items() if len(by) > 1}


def fingerprint(root: Path) -> str:
    """Give 16 hex digits that change with any file under *root* that the service reads."""
    listed = root / "intents" / "languages.yaml"
    tags = (
        re.findall(r"^([A-Za-z-]+):", listed.read_text(encoding="utf-8"), re.MULTILINE)
        if listed.exists()
        else []
    )
    folders = [("intents", "*.yaml"), ("agencies", "*.yaml"), ("locales", "**/*.po")]
    folders += [(f"intents/{tag}", "*.yaml") for tag in tags]
    digest = blake2b(digest_size=8)
    for folder, pattern in folders:
        for path in sorted((root / folder).glob(pattern)):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load(root: Path) -> tuple[Library, Corpus]:
    """
    Load all content under *root* (the folder with intents/, agencies/ and locales/).

    Raises:
        ContentError: with every problem found; nothing is returned then.
    """
    # Named before it is read: what an editor saves meanwhile must not pass for read.
    version = fingerprint(root)
    problems: list[Problem] = []
    languages = load_yaml(root / "intents/languages.yaml", dict[str, LanguageInfo], problems, root=root) or {}
    files = _intent_files(root, problems)
    problems.extend(_intent_problems(root, files))
    corpus = {tag: _utterances(root, tag, files, problems) for tag in languages}
    for tag in languages:
        problems.extend(_double_problems(root, tag, corpus[tag]))
    words = _per_language(root, languages, "_language.yaml", LanguageWords, problems)
    risks = _per_language(root, languages, "_risk.yaml", RiskPhrases, problems)
    for tag, phrases in risks.items():
        problems.extend(_risk_problems(tag, phrases, files))
    directory = Directory.load(root / "agencies", problems)
    english = {**dict(_english(files)), **directory.texts()}
    catalogues = {tag: load_catalogue(root, tag, english, problems) for tag in languages}
    if problems:
        raise ContentError(sorted(set(problems)))
    library = Library(
        version=version,
        languages=languages,
        words=words,
        risks=risks,
        catalogues=catalogues,
        directory=directory,
        intents={
            name: Intent(id=name, **{f: getattr(file, f) for f in file.__struct_fields__})
            for name, file in files.items()
        },
    )
    return library, corpus


def _intent_files(root: Path, problems: list[Problem]) -> dict[str, IntentFile]:
    files = {}
    for path in sorted((root / "intents").glob("*.yaml")):
        if path.name != "languages.yaml" and (file := load_yaml(path, IntentFile, problems, root=root)):
            files[path.stem] = file
    if not files:
        problems.append(
            Problem("intents", 0, "holds no intent", "add intents/<name>.yaml; see intents/README.md")
        )
    return files


def _english(files: Mapping[str, IntentFile]) -> Iterator[tuple[str, str]]:
    for name, file in files.items():
        yield f"intents.{name}.title", file.title
        yield f"intents.{name}.button", file.button
        for voice, text in file.reply.items():
            yield f"intents.{name}.{voice}", text.strip()


def _intent_problems(root: Path, files: Mapping[str, IntentFile]) -> Iterator[Problem]:
    # A file that is broken itself is still a name that others may use.
    known = {path.stem for path in (root / "intents").glob("*.yaml")}
    for name, file in files.items():
        path = f"intents/{name}.yaml"
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        findings = [*_title_findings(file), *_next_findings(name, file, known), *_reply_findings(file)]
        for key, what, mend in findings:
            yield Problem(path, _line_of(lines, key), what, mend)


_Finding: TypeAlias = tuple[str, str, str]
"""The key it is about, what is wrong, how to mend it."""


def _title_findings(file: IntentFile) -> Iterator[_Finding]:
    if len(file.title) > _TITLE:
        yield "title", f"the title has {len(file.title)} characters", f"shorten it to {_TITLE}"
    if len(file.button) > _BUTTON:
        yield "button", f"the button has {len(file.button)} characters", f"shorten it to {_BUTTON}"
    if file.severity.pressing and not file.needs:
        mend = "fill in needs, for example [police, child_helpline]"
        yield "severity", "a pressing intent names no services", mend
    if file.severity is not Severity.SMALLTALK and not file.sources:
        yield "sources", "the advice has no source", "add at least one source with title and url"


def _next_findings(name: str, file: IntentFile, known: Collection[str]) -> Iterator[_Finding]:
    for other in file.next:
        if other not in known:
            yield "next", f"there is no intent {other!r}", "name an intent that has a file"
    if name in file.next:
        yield "next", "the intent follows itself", "name other intents"


def _reply_findings(file: IntentFile) -> Iterator[_Finding]:
    for voice in _VOICES[file.audience]:
        if not file.reply.get(voice, "").strip():
            yield "reply", f"the reply for a {voice} is missing", f"write reply.{voice}"
    for voice, text in file.reply.items():
        for pattern, what in ((_ADDRESS, "an address"), (_NUMBER, "a number")):
            if found := pattern.search(text):
                what_is = f"the reply for a {voice} holds {what}: {found.group()!r}"
                yield voice, what_is, "take it out; numbers and addresses come from agencies/"


def _line_of(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f"{key}:")), 0)


def _utterances(
    root: Path,
    tag: str,
    files: Mapping[str, IntentFile],
    problems: list[Problem],
) -> dict[str, Utterances]:
    found = {}
    for path in sorted((root / "intents" / tag).glob("[!_]*.yaml")):
        if path.stem not in files:
            problems.append(
                Problem(
                    str(path.relative_to(root)),
                    0,
                    f"there is no intent {path.stem!r}",
                    "name the file after one of intents/*.yaml",
                )
            )
        elif (utterances := load_yaml(path, Utterances, problems, root=root)) and utterances.all():
            found[path.stem] = utterances
    path = root / "intents" / tag / "_out_of_scope.yaml"
    if not path.exists():
        problems.append(
            Problem(
                str(path.relative_to(root)),
                0,
                "is missing",
                "list sentences that are no question for this service",
            )
        )
    elif sentences := load_yaml(path, tuple[str, ...], problems, root=root):
        found[OUT_OF_SCOPE] = Utterances(either=sentences)
    return found


def _double_problems(root: Path, tag: str, by_intent: Mapping[str, Utterances]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, utterances in by_intent.items():
        file = "_out_of_scope" if name == OUT_OF_SCOPE else name
        for text in utterances.all():
            other = first.setdefault(text.casefold(), name)
            path = f"intents/{tag}/{file}.yaml"
            if not text.strip():
                yield Problem(path, 0, "an utterance is empty", "take the empty line out")
            elif other != name:
                lines = (root / path).read_text(encoding="utf-8").splitlines()
                line = next((number for number, line in enumerate(lines, 1) if text in line), 0)
                yield Problem(path, line, f"{text!r} stands under {other} too", "keep it where it belongs")


def _per_language(
    root: Path,
    languages: Mapping[str, LanguageInfo],
    name: str,
    kind: type[T],
    problems: list[Problem],
) -> dict[str, T]:
    found = {}
    for tag in languages:
        path = root / "intents" / tag / name
        if not path.exists():
            problems.append(
                Problem(f"intents/{tag}/{name}", 0, "is missing", "copy it from intents/en and write it anew")
            )
        elif (loaded := load_yaml(path, kind, problems, root=root)) is not None:
            found[tag] = loaded
    return found


def _risk_problems(tag: str, phrases: RiskPhrases, files: Mapping[str, IntentFile]) -> Iterator[Problem]:
    for name in phrases.danger:
        if name not in files or not files[name].severity.pressing:
            yield Problem(
                f"intents/{tag}/_risk.yaml",
                0,
                f"{name!r} is no intent of severity emergency or urgent",
                "list danger phrases under a pressing intent",
            )
