"""The other tools: readability, overlap, preview, coverage and a new language."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import content
from bot.cli import main
from bot.content import Library, Utterances
from bot.editor.coverage import coverage, to_verify
from bot.editor.lint import lint
from bot.editor.overlap import alike, stolen
from bot.editor.preview import preview
from bot.editor.readability import count, level, syllables
from bot.editor.scaffold import add_language
from bot.messages import ContactsBlock, TextBlock
from tests.conftest import NOON
from tests.content_factory import lay


class TestReadability:
    @pytest.mark.parametrize(
        ("word", "language", "number"),
        [("cake", "en", 1), ("table", "en", 2), ("asked", "en", 1), ("trusted", "en", 2), ("picture", "en", 2),
         ("demande", "fr", 2), ("parlent", "fr", 1), ("policía", "es", 4), ("maestro", "es", 3), ("schule", "de", 2)],
    )  # fmt: skip
    def test_syllables_are_counted_nearly_as_people_do(self, word: str, language: str, number: int) -> None:
        assert number == syllables(word, language)

    def test_numbers_of_steps_are_not_read(self) -> None:
        counts = count("1. Do not pay.\n2. Tell an adult you trust.", "en")

        assert (2, 8) == (counts.sentences, counts.words)

    def test_short_sentences_of_short_words_are_easy(self) -> None:
        formula, easy, _ = level("Stop. Tell a friend. It is not your fault.", "en")
        _, hard, _ = level("Institutional representatives recommend immediate communication.", "en")

        assert formula
        assert not formula.too_hard(easy)
        assert formula.too_hard(hard)

    def test_a_language_without_a_formula_is_measured_by_its_sentences(self) -> None:
        formula, value, _ = level("هذا ليس ذنبك. أخبر شخصا بالغا.", "ar")

        assert formula is None
        assert 3.0 == value


class TestOverlap:
    def test_messages_of_two_intents_that_are_nearly_the_same_are_listed(self) -> None:
        by_intent = {
            "a": Utterances(child=("somebody stole my account", "yes")),
            "b": Utterances(child=("someone stole my account", "yess", "my picture is online")),
        }

        assert [("somebody stole my account", "someone stole my account")] == [
            (pair.text, pair.other_text) for pair in alike(by_intent)
        ]

    def test_what_a_model_confuses_is_listed(self) -> None:
        by_intent = {
            "a": Utterances(
                child=(*(f"my account was hacked by boy {n}" for n in range(9)), "my nude is out")
            ),
            "b": Utterances(child=tuple(f"my nude is out since day {n}" for n in range(9))),
        }

        assert ("a", "b") in [(one.intent, one.by) for one in stolen(by_intent)]


class TestPreview:
    def test_is_what_visitors_see(self, library: Library) -> None:
        reply = preview(library, "sextortion", NOON, audience="child", country="GB")

        texts = [block.text for block in reply.reply if isinstance(block, TextBlock)]
        cards = [
            card.id for block in reply.reply if isinstance(block, ContactsBlock) for card in block.contacts
        ]
        assert "not your fault" in texts[0]
        assert "gb-ceop" in cards

    def test_a_draft_can_be_seen(self, tmp_path: Path) -> None:
        root = lay(tmp_path)
        text = (root / "intents/languages.yaml").read_text(encoding="utf-8")
        (root / "intents/languages.yaml").write_text(text.replace("live", "draft"), encoding="utf-8")
        library, _ = content.load(root)

        assert "it" == preview(library, "threats", NOON, language="it").language


class TestCoverage:
    def test_counts_what_is_there_and_what_lacks(self, tmp_path: Path) -> None:
        root = lay(tmp_path)
        found = coverage(root, *content.load(root))

        assert ("threats", 2, 40) in found["en"].short
        assert found["en"].replies == found["en"].replies_wanted
        assert 0 == found["it"].replies
        assert "intents.threats.child" in found["it"].untranslated
        assert "intents.threats.title" not in found["it"].untranslated

    def test_the_weakest_facts_come_first(self, library: Library) -> None:
        known = [one.confidence for one in to_verify(library)]

        assert sorted(known, key=("unsourced", "low", "medium").index) == known


class TestAddLanguage:
    @pytest.mark.parametrize(
        ("tag", "what"),
        [
            ("it", "there already"),
            ("xx", "no language that CLDR knows"),
            ("../up", "no language"),
            ("pt-br", "write the tag as pt-BR"),
        ],
    )
    def test_refuses_what_is_there_or_no_language(self, tmp_path: Path, tag: str, what: str) -> None:
        with pytest.raises(ValueError, match=what):
            add_language(lay(tmp_path), tag)

    @pytest.mark.parametrize(
        ("tag", "name", "direction"), [("uk", "Українська", "ltr"), ("fa", "فارسی", "rtl")]
    )
    def test_the_draft_loads_and_only_wants_to_be_written(
        self, tmp_path: Path, tag: str, name: str, direction: str
    ) -> None:
        root = lay(tmp_path)

        add_language(root, tag)

        library, _ = content.load(root)
        info = library.languages[tag]
        assert (name, direction, "draft", "none") == (info.name, info.direction, info.status, info.review)
        report = lint(root)
        assert not [one for one in report.problems if f"/{tag}/" in one.path]
        assert [one for one in report.notes if one.path == f"intents/{tag}/threats.yaml"]

    def test_the_english_stands_beside_as_comments(self, tmp_path: Path) -> None:
        root = lay(tmp_path)

        add_language(root, "uk")

        assert "# - he said he will hurt me" in (root / "intents/uk/threats.yaml").read_text(encoding="utf-8")


class TestCommands:
    @pytest.mark.parametrize("name", ["lint", "test", "coverage", "overlap", "preview", "add-language"])
    def test_each_says_what_it_does(self, name: str) -> None:
        run = CliRunner().invoke(main, [name, "--help"])

        assert 0 == run.exit_code
        assert "Usage" in run.output

    def test_an_unknown_intent_is_told_with_its_neighbour(self, tmp_path: Path) -> None:
        run = CliRunner(env={"SIGNPOST_CONTENT": str(lay(tmp_path))}).invoke(main, ["preview", "threat"])

        assert 2 == run.exit_code
        assert "did you mean threats?" in run.output
