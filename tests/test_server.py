"""The server as a process: how it starts, and how it ends."""

from fcntl import LOCK_EX, flock
from pathlib import Path

from tests.content_factory import case, lay
from tests.served import children, runs, served, until

BROKEN = Path(__file__).parent / "broken"


def test_broken_content_stops_the_start_with_all_problems_and_a_status(tmp_path: Path) -> None:
    files, problems = case(BROKEN / "several_at_once.yaml")

    with served(tmp_path, files=files) as service:
        assert 1 == service.process.wait(60)

    said = (tmp_path / "log").read_text("utf-8").splitlines()
    assert problems == [line for line in said if line in problems]


def test_a_server_whose_reload_is_under_way_ends_and_leaves_nobody_behind(tmp_path: Path) -> None:
    with served(tmp_path) as service, (service.models / "lock").open("w") as lock:
        flock(lock, LOCK_EX)  # whoever compiles now waits for as long as this test lasts
        lay(service.content, {"intents/en/threats.yaml": "child:\n- he hits me\n"})
        until(lambda: children(service.process.pid))
        compiling = children(service.process.pid)

        assert 0 == service.stop()
        until(lambda: not any(runs(one) for one in compiling))
