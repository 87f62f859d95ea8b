"""The danger rules: what must hit, what must not, and that nothing silences them."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Severity
from bot.phrases import Lexicon, parse
from bot.risk import Risk, RiskPhrases, RiskRules, lint
from bot.text import normalise

INTENTS = Path(__file__).parent.parent / "intents"
SEVERITIES = {
    "suicide_self_harm": Severity.EMERGENCY,
    "abuse_at_home": Severity.URGENT,
    "sextortion": Severity.URGENT,
}
PHRASES = {
    "en": RiskPhrases(
        danger={
            "suicide_self_harm": (
                "want to die",
                "kill myself",
                "cut* myself",
                "don't want to ... alive",
                "suicid*",
            ),
            "abuse_at_home": ("hits me", "beats me"),
            "sextortion": ("send ... nudes to everyone", "threatens to post"),
        },
        harmless=(
            "game is killing me",
            "want to die of embarrassment",
            "kill myself laughing",
            "beats me at chess",
        ),
        fillers=("fucking", "really"),
    ),
    "de": RiskPhrases(danger={"suicide_self_harm": ("mich umbringen",)}),
    "fr": RiskPhrases(danger={"suicide_self_harm": ("j'ai envie de mourir",)}),
    "ar": RiskPhrases(danger={"suicide_self_harm": ("اريد ان اموت", "اقتل نفسي")}),
}
CHAT = {"en": {"wanna": "want to", "nudez": "nudes", "u": "you"}}
KNOWN = Counter({"suicidal": 9, "knight": 3, "night": 40, "boast": 2, "beast": 5, "beets": 4, "threads": 3})


@cache
def rules() -> RiskRules:
    return RiskRules(PHRASES, SEVERITIES, CHAT, KNOWN)


def scan(text: str) -> tuple[Risk, ...]:
    return rules().scan(normalise(text))


def first(text: str) -> str | None:
    found = scan(text)
    return found[0].intent if found else None


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I WANT TO DIE!!!",
        "i wanna die",
        "my friend says she wants 2 but i want to die",
        "cutting myself again",
        "i dont want to be alive",
        "I don't want to stay here any longer alive",
        "ich will mich umbringen",
        "أريد أن أموت",
        "وأريد أن أموت",
        "i want to kill my self",
        "want to diiiie",
        "j ai envie de mourir",
        "J'ai envie de mourir",
        'he said "kill myself" is what i should do',
        "I don't want to die",
        "i'm not going to kill myself",
    ],
)
def test_danger_is_seen_as_it_is_typed(text: str) -> None:
    assert first(text) == "suicide_self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "k i l l m y s e l f",
        "i will k i l l myself",
        "kill.my.self",
        "kill_myself",
        "k1ll mys3lf",
        "killmyself",
        "iwannadie",
        "iwanttokillmyself",
        "kill   \n myself",
        "k\u200bill my\u00adself",
        "ＫＩＬＬ ＭＹＳＥＬＦ",
    ],
)
def test_tricks_of_spacing_and_spelling_do_not_hide_it(text: str) -> None:
    assert first(text) == "suicide_self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "i will kill myslef",
        "kill myselv",
        "ich will mich umbrigen",
        "ich will mich umrbingen",
        "i wnat to die",
        "kil myself",
        "sucidal thoughts",
        "i am suicdal",
    ],
)
def test_typos_are_forgiven_and_told(text: str) -> None:
    found = scan(text)
    assert found
    assert found[0].intent == "suicide_self_harm"
    assert not found[0].exact


@pytest.mark.parametrize(
    "text",
    [
        "what a beast, boasts me up",
        "my dad beets me",
        "the knight at night",
        "it hits it",
        "his me",
        "he threads to post",
        "filling myself with cake",
        "i want two dice",
        "kill the dragon",
        "my self esteem",
        "",
        "42",
    ],
)
def test_a_known_word_or_a_short_one_is_no_typo(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "this game is killing me",
        "i want to die of embarrassment",
        "i want to kill myself laughing",
        "i could really want to die of embarrassment",
        "my sister beats me at chess",
    ],
)
def test_a_harmless_look_alike_covers_its_own_place(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("want to die of embarrassment and my dad hits me", "abuse_at_home"),
        ("kill myself laughing, no, i want to kill myself", "suicide_self_harm"),
        ("dad beats me at chess and then he beats me", "abuse_at_home"),
    ],
)
def test_a_harmless_look_alike_covers_no_other_hit(text: str, intent: str) -> None:
    assert first(text) == intent


def test_a_gap_takes_up_to_four_words() -> None:
    assert first("he will send all of my old nudes to everyone") == "sextortion"
    assert first("he will send all of my very old nudes to everyone") is None
    assert first("send nudes to everyone") == "sextortion"
    assert first("send all my nudez to everyone") == "sextortion"


def test_the_gravest_comes_first_then_exact_then_longer() -> None:
    found = scan("my dad hits me, threatns to post, and i want to die")
    assert [risk.intent for risk in found] == ["suicide_self_harm", "abuse_at_home", "sextortion"]
    assert [risk.exact for risk in found] == [True, True, False]
    twice = scan("i want to die and kill myself i dont want to be alive")
    assert len({risk.phrase for risk in twice}) == 3
    assert twice[0].phrase == "don't want to ... alive"


def test_the_same_phrase_is_told_once() -> None:
    assert len(scan("kill myself kill myself kill myslef")) == 1
    assert scan("kill myslef kill myself")[0].exact


@pytest.mark.parametrize(
    "text", ["i want to fucking die", "i fucking really want to fucking die", "kill my fucking self"]
)
def test_swearing_does_not_silence(text: str) -> None:
    assert first(text) == "suicide_self_harm"


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_nothing_around_it_silences_it(before: str, after: str) -> None:
    # Joined by full stops: a letter directly before or after would make other words.
    assert any(risk.phrase == "mich umbringen" for risk in scan(f"{before} . mich umbringen . {after}"))


@pytest.mark.parametrize(
    "padding", ["a ", "kill ", "k i l l ", "x", "want to ", "killmysel ", "send ", "é", "ا "]
)
def test_length_neither_silences_nor_breaks_it(padding: str) -> None:
    pad = padding * (3000 // len(padding))
    assert first(f"{pad} mich umbringen {pad}") == "suicide_self_harm"


@given(st.text())
def test_any_text_can_be_scanned(text: str) -> None:
    assert isinstance(scan(text), tuple)
    assert isinstance(rules().scan(text), tuple)


def test_rules_without_phrases_see_nothing() -> None:
    assert RiskRules({}, {}, {}).scan("i want to die") == ()


def test_an_unlisted_intent_counts_as_urgent() -> None:
    odd = RiskRules({"en": RiskPhrases(danger={"new": ("red alert",)})}, {}, {})
    assert [risk.intent for risk in odd.scan("a red alert")] == ["new"]


def test_misspelt_examples_do_not_make_a_typo_a_known_word() -> None:
    counts = {"myself": 300, "myslef": 4, "nudge": 4, "nudes": 300}
    some = RiskRules({"en": RiskPhrases(danger={"a": ("kill myself", "my nudes leaked")})}, {}, {}, counts)
    assert some.scan("kill myslef")
    some = RiskRules({"en": RiskPhrases(danger={"a": ("my nudes leaked",)})}, {}, {}, {**counts, "nudge": 40})
    assert not some.scan("my nudge leaked")


def test_parse_reads_the_editors_notation() -> None:
    row = parse("don't ... CUT* my-self")
    assert [(word.text, word.prefix, word.gap) for word in row] == [
        ("dont", False, False),
        ("cut", True, True),
        ("my", False, False),
        ("self", False, False),
    ]
    assert parse("don't...cut* my self") == row
    assert parse("(cut*|Hurt) me")[0] == ("cut", True, False, (("hurt", False),))
    assert parse("\u2026 ... * () (|)") == ()


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("he kills all of us tonight", True),
        ("murder me now", True),
        ("murdering me now", False),
        ("kill us later", False),
        ("murder us tonigth", True),
        ("hurt myself", True),
        ("hurtmyself", True),
        ("cuts myself", False),
        ("stop by my house", True),
        ("stop at my own front door", True),
        ("stop at my", False),
    ],
)
def test_a_group_is_any_of_its_words(text: str, *, hits: bool) -> None:
    phrases = {
        "en": RiskPhrases(
            danger={
                "a": (
                    "(kill*|murder) ... (me|us) (now|tonight)",
                    "(cut|hurt) myself",
                    "stop (by|at my own front) (my house|door)",
                )
            }
        )
    }
    assert bool(RiskRules(phrases, {}, {}).scan(text)) == hits


def test_corrections_keep_the_first_letter() -> None:
    lexicon = Lexicon({})
    for word in parse("killing grooming"):
        lexicon.element(word)
    lexicon.close(())
    assert lexicon.corrections("kiling") == ["killing"]
    assert lexicon.corrections("filling") == []
    assert lexicon.corrections("gromming") == ["grooming"]
    assert lexicon.corrections("k" * 4000) == []


def test_lint_finds_what_an_editor_should_mend() -> None:
    phrases = {
        "en": RiskPhrases(
            danger={
                "a": ("die", "want to die", "want to die", "hurt me", "... x*"),
                "b": ("hurt me", "!!!", "lost for good"),
            },
            harmless=(
                "want to die laughing",
                "(nothing|you) (hurts|hurt) (you|me)",
                "nothing at all",
                "all ... good",
                "lost for good",
            ),
        )
    }
    bare = {"en": RiskPhrases(danger=phrases["en"].danger)}
    findings = lint(phrases, RiskRules(phrases, {}, {}), RiskRules(bare, {}, {}))
    found = {(one.section, one.phrase, one.what) for one in findings}
    assert ("a", "die", "is too short and fires on calm questions") in found
    assert ("a", "want to die", "stands here twice") in found
    assert ("b", "hurt me", "stands under a too") in found
    assert ("b", "!!!", "has no word") in found
    assert ("b", "lost for good", "is silenced by a harmless phrase") in found
    assert ("harmless", "nothing at all", "covers no danger phrase") in found
    assert ("a", "... x*", "has ... or * where it means nothing") in found
    assert ("a", "... x*", "has a beginning of a word that fits too many") in found
    idle = {phrase for _, phrase, what in found if what == "covers no danger phrase"}
    assert idle == {"nothing at all"}


# ---- the shipped phrases


def _plain(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - every scalar is text


def _shipped(name: str) -> dict[str, object]:
    return {path.parent.name: _plain(path) for path in sorted(INTENTS.glob(f"*/{name}.yaml"))}


@cache
def shipped() -> tuple[dict[str, RiskPhrases], RiskRules]:
    phrases = {tag: msgspec.convert(found, RiskPhrases) for tag, found in _shipped("_risk").items()}
    counts: Counter[str] = Counter()
    for path in INTENTS.glob("*/*.yaml"):
        if path.stem not in ("_risk", "_language"):
            counts.update(normalise(path.read_text(encoding="utf-8")).split())
    chat = {tag: found["chat"] for tag, found in _shipped("_language").items()}  # type: ignore[index]
    emergencies = {"danger_now", "suicide_self_harm", "missing_child"}
    severities = {
        intent: Severity.EMERGENCY if intent in emergencies else Severity.URGENT
        for one in phrases.values()
        for intent in one.danger
    }
    return phrases, RiskRules(phrases, severities, chat, counts)  # type: ignore[arg-type]


LANGUAGES = sorted(path.parent.name for path in INTENTS.glob("*/_risk.yaml"))


def _said(phrase: str) -> str:
    return " ".join(word.text for word in parse(phrase))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_shipped_danger_phrase_hits(language: str) -> None:
    phrases, real = shipped()
    silent = [
        f"{intent}: {phrase}"
        for intent, listed in phrases[language].danger.items()
        for phrase in listed
        if not any(risk.intent == intent for risk in real.scan(_said(phrase)))
    ]
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_shipped_look_alike_hits_in_any_language(language: str) -> None:
    phrases, real = shipped()
    loud = {
        phrase: hits[0].phrase for phrase in phrases[language].harmless if (hits := real.scan(_said(phrase)))
    }
    assert loud == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_calm_examples_hit(language: str) -> None:
    """A false alarm shows a helpline to someone who asked for a password: seldom, please."""
    _, real = shipped()
    calm = [
        text
        for path in (INTENTS / language).glob("*.yaml")
        if path.stem == "_out_of_scope"
        for text in _plain(path)
    ]
    if not calm:
        pytest.skip("no out-of-scope examples yet")
    loud = [text for text in calm if real.scan(normalise(text))]
    assert len(loud) <= 0.01 * len(calm), loud


@pytest.mark.parametrize(
    "text",
    [
        # The sentence with which a broadcaster tested two advice bots in 2018, and its kin.
        "I'm being forced to have sex and I'm only 12 years old",
        "im beeing forced to have sex and im only 12",
        "my friend is being forced to have sex, she is 12",
        "someone forces my daughter to have sex",
        "i want to kill myself",
        "my friend wants to kill herself",
        "my son says he wants to die",
        "i wanna unalive myself",
    ],
)
@pytest.mark.skipif("en" not in LANGUAGES, reason="no English phrases yet")
def test_the_shipped_rules_know_the_classic_cries(text: str) -> None:
    assert shipped()[1].scan(normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "he is shaking like hes having a seizure",
        "i cant wake my son up for school he isnt moving",
        "maman se réveille plus quand je la secoue",
        "mon fils a les lèvres bleues à cause de son asthme",
        "papi fait un arrêt cardiaque devant moi",
        "j'arrive plus à respirer tellement j'ai mal",
        "incendio nel vagone siamo bloccati sul treno con il fumo",
        "mi bebé no despierta de la siesta",
        "der co melder piept seit zehn minuten",
        "der hund hat ihn gebissen er liegt da und bewegt sich nicht",
        "mijn baby stikt van de hitte in de auto",
        "minha avó não acorda de manhã",
    ],
)
def test_no_shipped_look_alike_silences_what_may_be_real(text: str) -> None:
    assert shipped()[1].scan(normalise(text))
