"""Nothing that a platform handed over is lost, whatever dies."""

from pathlib import Path

import pytest

from bot.engine import Engine
from tests.chaos import chaos


@pytest.mark.parametrize("kind", ["redis", "sqlite"])
async def test_every_message_is_answered_while_workers_die(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert engine.library.live  # the models are compiled before the clock runs

    outcome = await chaos(kind, 2000, 25.0, tmp_path)

    with capsys.disabled():
        print(f"\n{kind}: {outcome}")  # noqa: T201 - the share answered twice is to be seen
    assert 0 == outcome.unanswered
    assert 0 == outcome.complaints
    assert outcome.kills >= 4
    # Only what was under way when somebody died may come twice, and most of it does not.
    assert outcome.twice <= 0.01 * outcome.messages
