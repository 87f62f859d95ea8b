"""The public sets on which peers were measured: accuracy of stage 1, of both stages, and as served.

Read as their authors publish them: NLU-Evaluation-Corpora (*Corpus.json) and
Few-Shot-Intent-Detection (folders with train_10, train and test, each a seq.in and a label);
of any other set two files, NAME.train.tsv and NAME.test.tsv, each line "label<TAB>text".
"""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from bot.matching import Matcher, build, find_encoder, read
from bot.matching.model import to_encode
from bot.matching.semantic import in_doubt

Rows: TypeAlias = list[tuple[str, str]]
"""Label and text of each example."""


def report(folder: Path) -> None:
    """Print the top-1 accuracy on each set found below *folder*."""
    for name, train, test in _sets(folder):
        found = ", ".join(f"{what} {share:.3f}" for what, share in _accuracy(train, test).items())
        print(f"{name}: {found} ({len(train)} examples, {len(test)} questions)", flush=True)


def _sets(folder: Path) -> Iterator[tuple[str, Rows, Rows]]:
    for path in sorted(folder.rglob("*Corpus.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))["sentences"]
        train, test = (
            [(row["intent"], row["text"]) for row in rows if row["training"] is used]
            for used in (True, False)
        )
        yield path.name.removesuffix("Corpus.json"), train, test
    for path in sorted(folder.rglob("test/seq.in")):
        for shots in ("train_10", "train"):
            if (path.parent.parent / shots / "seq.in").exists():
                name = f"{path.parent.parent.name}, {'10 examples each' if shots == 'train_10' else 'all'}"
                yield name, _lines(path.parent.parent / shots), _lines(path.parent)
    for path in sorted(folder.rglob("*.train.tsv")):
        name = path.name.removesuffix(".train.tsv")
        yield name, _table(path), _table(path.with_name(f"{name}.test.tsv"))


def _lines(folder: Path) -> Rows:
    labels, texts = (
        folder.joinpath(name).read_text(encoding="utf-8").splitlines() for name in ("label", "seq.in")
    )
    return list(zip(labels, texts, strict=True))


def _table(path: Path) -> Rows:
    rows = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(label, text) for label, _, text in rows if text]


def _accuracy(train: Rows, test: Rows) -> dict[str, float]:
    encoder = find_encoder()
    examples: dict[str, list[str]] = defaultdict(list)
    for label, text in train:
        examples[label].append(text)
    right: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as built:
        matcher = Matcher.load(
            build({"en": examples}, frozenset(), Path(built), semantic=encoder is not None)
        )
        for label, text in test:
            reading = read(text)
            first = matcher.match(reading, "en")
            right["stage 1"] += _top(first.ranked) == label
            if encoder:
                both = matcher.match_with(reading, encoder.encode(to_encode(reading)), "en")
                right["both stages"] += _top(both.ranked) == label
                # The service asks the encoder only where words and letters leave doubt.
                right["as served"] += _top((both if in_doubt(first) else first).ranked) == label
    return {what: count / len(test) for what, count in right.items()}


def _top(ranked: tuple[object, ...]) -> str | None:
    return getattr(ranked[0], "intent", None) if ranked else None
