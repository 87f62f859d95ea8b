"""The identifier's training: other people's languages are known for what they are."""

from itertools import chain

from bot.matching.identify import UNKNOWN, foreign, train_identifier

from .conftest import ENGLISH, ITALIAN


def test_every_foreign_line_has_a_language_and_a_text() -> None:
    rows = foreign()

    assert len(rows) > 300
    assert all(code.isalpha() and text == text.strip() and text for code, text in rows)


def test_arabic_in_latin_letters_counts_as_arabic_where_arabic_is_ours() -> None:
    spoken = {"en": [*chain(*ENGLISH.values())], "it": [*chain(*ITALIAN.values())]}
    labels, arrays = train_identifier(spoken)

    assert ("en", "it", *[UNKNOWN] * 3) == labels
    assert arrays["weights"].shape[1] == len(labels)
    assert ("ar", "en", "ar", UNKNOWN) == train_identifier({"ar": ["مرحبا"], "en": spoken["en"]})[0][:4]
