"""What a match costs: stage 1, with ten times the utterances, and the second stage."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import content
from bot.matching import Matcher, Semantic, build, find_encoder, read

_ROUNDS = 5


def report(root: Path, texts: Sequence[str], folder: Path) -> None:
    """Print the ratio of match times at ten times the utterances, then the times."""
    library, corpus = content.load(root)
    english = {"en": content.examples(corpus)["en"]}
    once = Matcher.load(build(english, library.pressing, folder / "once", semantic=True))
    ten = Matcher.load(build(_tenfold(english), library.pressing, folder / "ten", semantic=False))
    p50, p99 = _times(lambda text: once.match(read(text), "en"), texts)
    p50_ten, _ = _times(lambda text: ten.match(read(text), "en"), texts)
    print(f"match with 10 x the utterances: {p50_ten / p50:.2f} of the time")
    print(f"match, stage 1: p50 {p50:.0f} us, p99 {p99:.0f} us")
    if encoder := find_encoder():
        print(
            f"match, second stage: {asyncio.run(_second(Semantic(once, encoder), once, texts)):.2f} ms a message, in batches"
        )


def _tenfold(examples: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Make nine variants of each utterance, so that vocabulary grows as it would: letters swapped, words moved."""
    draw = random.Random(11)
    return {
        tag: {
            name: tuple(one for text in texts for one in (text, *(_variant(text, draw) for _ in range(9))))
            for name, texts in intents.items()
        }
        for tag, intents in examples.items()
    }


def _variant(text: str, draw: random.Random) -> str:
    words = text.split()
    draw.shuffle(words)
    word = draw.randrange(len(words)) if words else 0
    if words and len(words[word]) > 3:
        place = draw.randrange(1, len(words[word]) - 1)
        words[word] = (
            words[word][:place] + words[word][place + 1] + words[word][place] + words[word][place + 2 :]
        )
    return " ".join(words)


def _times(match: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Give the median and the 99th percentile in microseconds."""
    times = []
    for _ in range(_ROUNDS):
        for text in texts:
            begun = time.perf_counter()
            match(text)
            times.append((time.perf_counter() - begun) * 1e6)
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100]


async def _second(semantic: Semantic, matcher: Matcher, texts: Sequence[str]) -> float:
    firsts = [matcher.match(read(text), "en") for text in texts]
    await semantic.encode(["the encoder reads its tables at its first use"])
    begun = time.perf_counter()
    await asyncio.gather(*(semantic.rematch(text, first) for text, first in zip(texts, firsts, strict=True)))
    return (time.perf_counter() - begun) * 1000 / len(texts)
