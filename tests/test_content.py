"""Content: what loads, and what every broken file must say."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import content
from bot.cli import main
from bot.content import OUT_OF_SCOPE
from bot.errors import ContentError
from bot.messages import Severity
from tests.content_factory import case, lay

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


class TestLoad:
    def test_a_good_tree_becomes_a_library_and_a_corpus(self, tmp_path: Path) -> None:
        library, corpus = content.load(lay(tmp_path))

        assert {"threats", "passwords"} == library.intents.keys()
        assert Severity.URGENT is library.intents["threats"].severity
        assert ("en", "it") == library.live
        assert frozenset({"threats"}) == library.pressing
        assert ("he said he will hurt me",) == corpus["en"]["threats"].child
        assert "Qualcuno mi minaccia" == library.catalogues["it"].content["intents.threats.title"]

    def test_out_of_scope_sentences_have_a_label_of_their_own(self, tmp_path: Path) -> None:
        _, corpus = content.load(lay(tmp_path))

        assert ("what is the capital of france",) == content.examples(corpus)["en"][OUT_OF_SCOPE]

    def test_an_intent_without_messages_in_a_language_is_left_out_of_its_corpus(self, tmp_path: Path) -> None:
        _, corpus = content.load(lay(tmp_path, {"intents/it/threats.yaml": "child: []\n"}))

        assert "threats" not in corpus["it"]

    def test_topics_stand_in_the_order_of_the_menu(self, tmp_path: Path) -> None:
        library, _ = content.load(lay(tmp_path))

        assert ("danger", "everyday_safety") == library.topics


class TestBroken:
    def test_there_are_cases(self) -> None:
        assert len(BROKEN) >= 20

    @pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
    def test_every_problem_is_named_with_its_line_and_its_mend(self, path: Path, tmp_path: Path) -> None:
        files, problems = case(path)

        with pytest.raises(ContentError) as caught:
            content.load(lay(tmp_path, files))

        assert problems == [str(problem) for problem in caught.value.problems]

    def test_a_file_that_is_no_text_is_named(self, tmp_path: Path) -> None:
        root = lay(tmp_path)
        (root / "intents/en/threats.yaml").write_bytes("child:\n- é\n".encode("latin-1"))

        with pytest.raises(ContentError, match=r"intents/en/threats.yaml:0: is not UTF-8 text"):
            content.load(root)

    def test_nothing_at_all_is_a_problem_too(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError, match="cannot be read"):
            content.load(tmp_path)

    @pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
    def test_nothing_is_served_and_everything_wrong_is_listed(self, path: Path, tmp_path: Path) -> None:
        files, problems = case(path)
        environ = {"SIGNPOST_CONTENT": str(lay(tmp_path, files)), "SIGNPOST_MODELS": str(tmp_path / "models")}

        run = CliRunner(env=environ).invoke(main, ["serve", "--port", "0"])

        assert 1 == run.exit_code
        listed = run.output.splitlines()
        assert f"Error: The content has {len(problems)} problems:" in listed
        assert problems == [line for line in listed if line in problems]
        assert not (tmp_path / "models").exists()


class TestFingerprint:
    def test_changes_with_any_content_file(self, tmp_path: Path) -> None:
        before = content.fingerprint(lay(tmp_path))

        after = content.fingerprint(lay(tmp_path, {"intents/en/threats.yaml": "child:\n- he hits me\n"}))

        assert before != after

    def test_does_not_change_with_anything_else(self, tmp_path: Path) -> None:
        before = content.fingerprint(lay(tmp_path))

        assert before == content.fingerprint(lay(tmp_path, {"README.md": "# Hello\n"}))
