"""The server as a process: how it starts, and how it ends."""

from pathlib import Path

from tests.content_factory import case
from tests.served import served

BROKEN = Path(__file__).parent / "broken"


def test_broken_content_stops_the_start_with_all_problems_and_a_status(tmp_path: Path) -> None:
    files, problems = case(BROKEN / "several_at_once.yaml")

    with served(tmp_path, files=files) as service:
        assert 1 == service.process.wait(60)

    said = (tmp_path / "log").read_text("utf-8").splitlines()
    assert problems == [line for line in said if line in problems]
