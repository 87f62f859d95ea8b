"""Nothing that a platform handed over is lost, whatever dies."""

from pathlib import Path

import pytest

from bot.engine import Engine
from tests.chaos import AT_ONCE, chaos


@pytest.mark.parametrize("kind", ["redis", "sqlite"])
async def test_every_message_is_answered_while_workers_die(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert engine.library.live  # the models are compiled before the clock runs

    outcome = await chaos(kind, 1200, 15.0, tmp_path)

    with capsys.disabled():
        print(f"\n{kind}: {outcome}")  # noqa: T201 - the share answered twice is to be seen
    assert 0 == outcome.unanswered
    assert 0 == outcome.complaints
    assert outcome.kills >= 5
    # Only what was under way when somebody died may come twice, and most of it does not.
    assert AT_ONCE / 3 * (outcome.kills + outcome.stops) >= outcome.twice
