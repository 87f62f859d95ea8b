"""Calibration: probabilities that mean what they say, and what is done with them."""

import numpy as np
import pytest

from bot.matching.calibrate import Bands, band, temperature
from bot.matching.train import softmax


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.0, 4.0])
def test_temperature_finds_the_factor_that_labels_were_drawn_with(truth: float) -> None:
    random = np.random.default_rng(0)
    logits = random.standard_normal((4000, 6)).astype(np.float32)
    drawn = np.array([random.choice(6, p=row / row.sum()) for row in softmax(logits * np.float32(truth))])

    assert truth == pytest.approx(temperature(logits, drawn), rel=0.12)


BANDS = Bands(answer=0.3, pressing=0.6, agreed=0.4, none=0.4, clarify=0.2)


@pytest.mark.parametrize(
    ("top", "three", "none", "urgent", "pressing", "expected"),
    [
        (0.6, 0.8, 0.1, 0.0, False, "answer"),
        (0.3, 0.5, 0.1, 0.0, False, "answer"),
        (0.5, 0.6, 0.1, 0.5, True, "clarify"),
        (0.6, 0.7, 0.1, 0.6, True, "answer"),
        (0.4, 0.7, 0.1, 0.8, True, "answer"),
        (0.3, 0.7, 0.1, 0.8, True, "clarify"),
        (0.29, 0.5, 0.1, 0.0, False, "clarify"),
        (0.6, 0.6, 0.23, 0.0, False, "answer"),
        (0.6, 0.6, 0.25, 0.0, False, "none"),
        (0.6, 0.6, 0.25, 0.5, False, "clarify"),
        (0.4, 0.5, 0.45, 0.0, False, "none"),
        (0.1, 0.19, 0.1, 0.1, True, "none"),
    ],
)
def test_bands(top: float, three: float, none: float, urgent: float, pressing: bool, expected: str) -> None:  # noqa: FBT001
    assert expected == band(top, three, none, urgent, pressing=pressing, bands=BANDS)
