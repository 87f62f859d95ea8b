"""Translations: nothing that a translator wrote is lost, and nothing changes without a reason."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.editor import translations
from tests.content_factory import GOOD, changed, lay

PO = "locales/it/LC_MESSAGES/signpost.po"
CODE = {"bot/words.py": 'from bot.i18n import N_\n\nOPEN = N_("Open {day}")\n'}


def written(root: Path) -> Catalog:
    translations.write(root)
    return read_po(BytesIO((root / PO).read_bytes()), locale="it")


def of_place(catalog: Catalog, place: str) -> tuple[str, bool]:
    message = next(one for one in catalog if one.context == place)
    return str(message.string), message.fuzzy


def translate(path: Path, place: str, text: str) -> None:
    catalog = read_po(BytesIO(path.read_bytes()), locale="it")
    message = next(one for one in catalog if one.context == place)
    message.string = text
    message.flags.discard("fuzzy")
    path.write_bytes(translations.render(catalog, "it", translations.kept_fields(catalog)))


def test_every_text_of_code_and_content_is_in_the_template(tmp_path: Path) -> None:
    catalog = translations.template(lay(tmp_path, CODE))

    assert "Open {day}" in catalog
    places = {one.context for one in catalog if one.context}
    assert {"intents.threats.title", "intents.threats.button", "intents.threats.child"} <= places


def test_a_translation_is_kept(tmp_path: Path) -> None:
    catalog = written(lay(tmp_path))

    assert ("Qualcuno mi minaccia", False) == of_place(catalog, "intents.threats.title")


def test_a_translation_whose_english_changed_is_kept_and_marked(tmp_path: Path) -> None:
    intent = changed("intents/threats.yaml", ("Someone threatens me", "Somebody threatens me"))

    catalog = written(lay(tmp_path, {"intents/threats.yaml": intent}))

    assert ("Qualcuno mi minaccia", True) == of_place(catalog, "intents.threats.title")
    assert '#| msgid "Someone threatens me"' in (tmp_path / PO).read_text(encoding="utf-8")


def test_a_long_english_text_that_changed_leaves_a_file_that_gettext_reads(tmp_path: Path) -> None:
    root = lay(tmp_path)
    old = "Do not pay. " * 12 + 'He said "now".\n\n1. Wait.\n2. ' + "Tell an adult whom you trust. " * 9
    reply = GOOD["intents/threats.yaml"].replace("You were right to tell", old.replace("\n", "\n    "))
    (root / "intents/threats.yaml").write_text(reply, encoding="utf-8")
    written(root)
    translate(root / PO, "intents.threats.child", "Non pagare.")
    (root / "intents/threats.yaml").write_text(reply.replace("Wait", "Stop"), encoding="utf-8")
    written(root)

    before = [line for line in (root / PO).read_text(encoding="utf-8").splitlines() if line.startswith("#|")]
    assert 1 == len(before)
    assert before[0].startswith('#| msgid "Do not pay. Do') and before[0].endswith('take you seriously."')
    assert r"said \"now\".\n\n1. Wait.\n2. Tell" in before[0]
    assert [] == translations.write(root)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    intent = changed("intents/threats.yaml", ("Someone threatens me", "Somebody threatens me"))
    root = lay(tmp_path, {"intents/threats.yaml": intent, **CODE})
    translations.write(root)

    assert [] == translations.write(root)


def test_an_interface_text_that_changed_a_little_offers_its_old_translation(tmp_path: Path) -> None:
    old = '\nmsgid "Opens {day}"\nmsgstr "Apre {day}"\n'

    catalog = written(lay(tmp_path, {**CODE, PO: GOOD[PO] + old}))

    assert "Apre {day}" == catalog["Open {day}"].string
    assert catalog["Open {day}"].fuzzy


def test_a_text_that_is_no_more_stays_as_a_comment(tmp_path: Path) -> None:
    old = '\nmsgid "Something else entirely"\nmsgstr "Tutt\'altro"\n'
    root = lay(tmp_path, {PO: GOOD[PO] + old})

    catalog = written(root)

    assert "Something else entirely" not in catalog
    assert '#~ msgid "Something else entirely"' in (root / PO).read_text(encoding="utf-8")


def test_the_header_holds_no_time_of_ours_and_keeps_the_translators(tmp_path: Path) -> None:
    named = GOOD[PO].replace('"Language: it', '"Last-Translator: Ada <ada@example.org>\\n"\n"Language: it')
    root = lay(tmp_path, {PO: named})
    translations.write(root)

    text = (root / PO).read_text(encoding="utf-8")

    assert "Last-Translator: Ada" in text
    assert "POT-Creation-Date" not in text
    assert "Generated-By" not in text


def test_a_language_without_a_catalogue_gets_one(tmp_path: Path) -> None:
    root = lay(tmp_path, {PO: None})

    assert root / PO in translations.write(root)
