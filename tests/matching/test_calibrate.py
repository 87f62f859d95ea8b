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


BANDS = Bands(answer=0.5, least=0.25, lead=2, none=0.4, clarify=0.3)


@pytest.mark.parametrize(
    ("top", "second", "three", "none", "urgent", "expected"),
    [
        (0.6, 0.1, 0.8, 0.1, 0.0, "answer"),
        (0.5, 0.0, 0.5, 0.45, 0.0, "answer"),
        (0.3, 0.15, 0.5, 0.1, 0.0, "answer"),
        (0.3, 0.16, 0.5, 0.1, 0.0, "clarify"),
        (0.4, 0.25, 0.7, 0.1, 0.0, "clarify"),
        (0.24, 0.1, 0.4, 0.1, 0.0, "clarify"),
        (0.3, 0.1, 0.5, 0.45, 0.0, "none"),
        (0.1, 0.0, 0.2, 0.1, 0.0, "none"),
        (0.3, 0.1, 0.5, 0.45, 0.4, "clarify"),
        (0.1, 0.1, 0.2, 0.7, 0.2, "none"),
    ],
)
def test_bands(top: float, second: float, three: float, none: float, urgent: float, expected: str) -> None:
    assert expected == band(top, second, three, none, urgent, BANDS)
