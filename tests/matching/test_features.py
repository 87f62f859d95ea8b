"""Features: every n-gram and word has its slot, whatever the script and the length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.explain import names
from bot.matching.features import LONGEST_TEXT, SLOT_BITS, extract


class TestExtract:
    def test_the_same_text_has_the_same_slots_in_every_process(self) -> None:
        """Artefacts are made in one process and read in another: no random hash seed may matter."""
        slots = extract("help me").slots

        assert [226431, 22585, 208132] == slots[[0, 10, -1]].tolist()

    def test_begin_of_words_are_the_characters(self) -> None:
        features = extract("ab")

        assert 4 + 3 + 2 + 1 == features.chars
        assert features.chars + 1 + 2 == len(features.slots)

    def test_a_text_without_a_letter_has_only_padding(self) -> None:
        features = extract("")

        assert 3 == features.chars
        assert 4 == len(features.slots)

    def test_pairs_know_their_order(self) -> None:
        forth, back = extract("he me"), extract("me he")

        assert set(forth.slots[forth.chars :]) != set(back.slots[back.chars :])
        assert set(forth.slots[forth.chars : forth.chars + 2]) == set(back.slots[back.chars : back.chars + 2])

    def test_what_comes_after_the_longest_text_is_cut_off(self) -> None:
        assert np.array_equal(extract("a" * LONGEST_TEXT).slots, extract("a" * (LONGEST_TEXT + 9)).slots)

    @pytest.mark.parametrize("text", ["مرحبا كيف الحال", "привет", "你好 世界", "😀 ok"])
    def test_every_script_has_features(self, text: str) -> None:
        assert len(extract(text).slots) > 10

    @settings(deadline=None)
    @given(st.text())
    def test_all_slots_are_in_range_and_named(self, text: str) -> None:
        text = " ".join(text.encode("utf-8", "ignore").decode().split())
        features = extract(text)

        assert np.all((features.slots >= 0) & (features.slots < 2**SLOT_BITS))
        assert len(names(text)) == len(features.slots)
