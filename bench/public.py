"""The public sets on which peers were measured: accuracy of stage 1 and of both stages.

A set is two files in the folder, NAME.train.tsv and NAME.test.tsv, each line "label<TAB>text";
lines of the test with the label "none" are out of scope and count for nothing here.
"""

import tempfile
from collections import defaultdict
from pathlib import Path

from bot.matching import Matcher, build, find_encoder, read
from bot.matching.model import to_encode


def report(folder: Path) -> None:
    """Print the top-1 accuracy on each set found in *folder*."""
    encoder = find_encoder()
    for train in sorted(folder.glob("*.train.tsv")):
        name = train.name.removesuffix(".train.tsv")
        examples: dict[str, list[str]] = defaultdict(list)
        for label, text in _rows(train):
            examples[label].append(text)
        rows = [(label, text) for label, text in _rows(folder / f"{name}.test.tsv") if label != "none"]
        with tempfile.TemporaryDirectory() as built:
            matcher = Matcher.load(
                build({"en": examples}, frozenset(), Path(built), semantic=encoder is not None)
            )
            first = second = 0
            for label, text in rows:
                reading = read(text)
                match = matcher.match(reading, "en")
                first += _top(match.ranked) == label
                if encoder:
                    match = matcher.match_with(reading, encoder.encode(to_encode(reading)), "en")
                second += _top(match.ranked) == label
            print(
                f"{name}: stage 1 {first / len(rows):.3f}, both stages {second / len(rows):.3f} ({len(rows)} texts)"
            )


def _rows(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines) if text]


def _top(ranked: tuple[object, ...]) -> str | None:
    return getattr(ranked[0], "intent", None) if ranked else None
