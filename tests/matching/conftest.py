"""A small world for the matcher: two languages, four intents and what is none of them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.matching import Matcher, build
from bot.matching.train import Floats

ENGLISH = {
    "sextortion": [
        "he says he will send my pics to everyone if i dont pay", "someone is blackmailing me with a nude",
        "they threaten to post my video unless i send money", "he wants 200 euro or he leaks my pictures",
        "a girl on snap recorded me and now wants money", "pay or we share your photos they said",
        "blackmail with my naked pictures what do i do", "she has my nudes and asks for gift cards",
    ],
    "passwords": [
        "how do i make a strong password", "is it ok to use the same password everywhere",
        "what is a password manager", "should i write my passwords down",
        "my password is my dogs name is that bad", "how often do i change passwords",
        "what is two factor login", "good password for my email",
    ],
    "greeting": ["hi", "hello there", "good morning", "hey", "hi bot", "hello", "good evening", "heya"],
    "none": [
        "best pizza in town", "who won the match yesterday", "help me with fractions", "what is the weather like",
        "my printer does not print", "tell me about volcanoes", "how do i bake bread", "cheap trainers online",
        "translate cat into latin", "when does the bus leave", "what is the tallest mountain", "play some music",
    ],
}  # fmt: skip

ITALIAN = {
    "sextortion": [
        "dice che manda le mie foto a tutti se non pago", "qualcuno mi ricatta con una foto nuda",
        "minacciano di pubblicare il mio video se non mando soldi", "vuole 200 euro o diffonde le mie foto",
        "una ragazza mi ha registrato e adesso vuole soldi", "paga o mandiamo le foto ai tuoi amici",
        "mi ricattano con foto intime cosa faccio", "ha le mie foto e chiede buoni regalo",
    ],
    "passwords": [
        "come faccio una password sicura", "va bene usare sempre la stessa password",
        "cosa e un gestore di password", "devo scrivere le password su un foglio",
        "la mia password e il nome del cane va male", "ogni quanto cambio la password",
        "cosa e il doppio fattore", "una buona password per la mail",
    ],
    "greeting": ["ciao", "buongiorno", "salve", "buonasera", "ehi ciao", "ciao bot", "buondi", "hey ciao"],
    "none": [
        "la pizza migliore in centro", "chi ha vinto la partita ieri", "aiutami con le frazioni",
        "che tempo fa domani", "la stampante non stampa", "parlami dei vulcani", "come si fa il pane",
        "scarpe da ginnastica economiche", "traduci gatto in latino", "quando parte il treno",
        "qual e la montagna piu alta", "metti un po di musica",
    ],
}  # fmt: skip

PRESSING = frozenset({"sextortion"})


class FakeEncoder:
    """Words stand for directions, so that texts with the same words are alike."""

    name = "fake-1"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.batches.append(list(texts))
        vectors = np.stack([sum((_direction(word) for word in text.split()), np.zeros(32)) for text in texts])
        return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


def _direction(word: str) -> Floats:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4])
    return np.asarray(np.random.default_rng(seed).standard_normal(32), dtype=np.float32)


@pytest.fixture(name="examples", scope="session")
def _examples() -> dict[str, dict[str, list[str]]]:
    return {"en": ENGLISH, "it": ITALIAN}


@pytest.fixture(name="built", scope="session")
def _built(examples: dict[str, dict[str, list[str]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artefact with both stages."""
    folder = tmp_path_factory.mktemp("models")
    return build(examples, PRESSING, folder, semantic=True, workers=0, encoder=FakeEncoder())


@pytest.fixture(name="matcher", scope="session")
def _matcher(built: Path) -> Matcher:
    return Matcher.load(built)
