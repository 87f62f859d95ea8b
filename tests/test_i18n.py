"""Catalogues: what is translated, what lags behind, and what must not be shown."""

from pathlib import Path

from bot.i18n import Catalogue, body_messages, content_messages, load_catalogue
from bot.problems import Problem
from tests.content_factory import GOOD, lay

PO = "locales/it/LC_MESSAGES/signpost.po"
ENGLISH = {"intents.threats.title": "Someone threatens me"}


def loaded(
    root: Path, more: str = "", english: dict[str, str] | None = None
) -> tuple[Catalogue, list[Problem]]:
    lay(root, {PO: GOOD[PO] + more})
    problems: list[Problem] = []
    return load_catalogue(root, "it", english or ENGLISH, problems), problems


class TestLoadCatalogue:
    def test_content_is_found_by_its_place(self, tmp_path: Path) -> None:
        catalogue, problems = loaded(tmp_path)

        assert {"intents.threats.title": "Qualcuno mi minaccia"} == catalogue.content
        assert not problems
        assert not catalogue.outdated

    def test_a_translation_whose_english_changed_is_shown_and_flagged(self, tmp_path: Path) -> None:
        catalogue, _ = loaded(tmp_path, english={"intents.threats.title": "Somebody threatens me"})

        assert "intents.threats.title" in catalogue.content
        assert {"intents.threats.title"} == catalogue.outdated

    def test_a_place_that_is_no_more_is_ignored(self, tmp_path: Path) -> None:
        catalogue, _ = loaded(tmp_path, english={"intents.other.title": "Other"})

        assert {} == catalogue.content

    def test_an_interface_text_is_found_by_its_english(self, tmp_path: Path) -> None:
        catalogue, _ = loaded(tmp_path, '\nmsgid "Open now"\nmsgstr "Aperto ora"\n')

        assert "Aperto ora" == catalogue.text("Open now")
        assert "Closed now" == catalogue.text("Closed now")

    def test_a_doubtful_interface_text_is_not_shown(self, tmp_path: Path) -> None:
        catalogue, _ = loaded(tmp_path, '\n#, fuzzy\nmsgid "Open now"\nmsgstr "Chiuso"\n')

        assert "Open now" == catalogue.text("Open now")

    def test_a_language_without_a_file_says_everything_in_english(self, tmp_path: Path) -> None:
        assert Catalogue("fr") == load_catalogue(lay(tmp_path), "fr", ENGLISH, [])

    def test_a_regional_tag_finds_gettexts_folder(self, tmp_path: Path) -> None:
        lay(tmp_path, {"locales/pt_BR/LC_MESSAGES/signpost.po": GOOD[PO]})

        assert load_catalogue(tmp_path, "pt-BR", ENGLISH, []).content


class TestMessages:
    def test_title_button_and_replies_of_an_intent_are_to_be_translated(self) -> None:
        intent = {
            "title": "T",
            "button": "B",
            "reply": {"parent": "For a parent\n", "child": "For a child\n"},
        }

        assert [
            ("intents.x.title", "T"),
            ("intents.x.button", "B"),
            ("intents.x.child", "For a child"),
            ("intents.x.parent", "For a parent"),
        ] == list(content_messages({"x": intent}))

    def test_what_a_body_is_today_is_to_be_translated(self) -> None:
        parsed = {"partners": [{"id": "a", "today": "It helps.\n"}, {"id": "b"}]}

        assert [("agencies.a.today", "It helps.")] == list(body_messages(parsed))
