"""The server as a process: how it starts, and how it ends."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from fcntl import LOCK_EX, flock
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.content_factory import case, lay
from tests.served import Served, children, open_files, runs, served, until

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


class TestWorkers:
    @pytest.fixture(name="service")
    def _service(self, tmp_path: Path) -> Iterator[Served]:
        with served(tmp_path, "--workers", "2") as service:
            until(lambda: len(service.log("server.started")) == 2)
            yield service

    def test_all_of_them_answer(self, service: Served) -> None:
        assert 2 == len(service.workers())
        assert service.workers() == answering(service)

    def test_one_that_is_killed_is_started_again(self, service: Served) -> None:
        victim, other = service.workers()
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(service.log("server.started")) == 3)

        now = service.workers()
        assert victim not in now
        assert other in now
        assert now == answering(service)
        assert [-signal.SIGKILL] == [row["status"] for row in service.log("worker.died")]

    def test_all_end_at_a_signal_with_status_0(self, service: Served) -> None:
        workers = service.workers()

        assert 0 == service.stop()
        assert not any(runs(one) for one in workers)

    def test_a_request_under_way_is_answered_at_the_end(self, service: Served) -> None:
        body = json.dumps({"text": "he said he will hurt me"}).encode()
        head = f"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with closing(socket.create_connection(("127.0.0.1", service.port), 20)) as visitor:
            visitor.sendall(head.encode() + body[:9])
            until(lambda: accepted(service, visitor))
            service.process.terminate()
            until(lambda: len(service.log("server.stopping")) == 2)
            visitor.sendall(body[9:])
            response = HTTPResponse(visitor)
            response.begin()

            assert 200 == response.status
            assert "threats" == json.load(response)["intent"]["id"]
        assert 0 == service.process.wait(60)

    def test_they_end_when_their_parent_is_killed(self, service: Served) -> None:
        workers = service.workers()
        service.process.kill()

        until(lambda: not any(runs(one) for one in workers))

    def test_one_that_dies_while_content_is_broken_is_started_once_it_is_mended(
        self, service: Served
    ) -> None:
        lay(service.content, {"intents/en/threats.yaml": "child: [\n"})
        victim, other = service.workers()
        os.kill(victim, signal.SIGKILL)
        until(lambda: 1 in [row["status"] for row in service.log("worker.died")])
        assert "threats" == service.ask("he said he will hurt me")["intent"]["id"]

        lay(service.content)
        until(lambda: len(service.log("server.started")) == 3)
        assert other in service.workers()


def test_workers_that_cannot_start_end_everything_with_a_status(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with served(tmp_path, "--workers", "2", port=taken.getsockname()[1]) as service:
            assert 1 == service.process.wait(60)
            assert not service.workers()


def answering(service: Served, times: int = 40) -> set[int]:
    """Ask on many connections; give who answered."""
    found = set()
    for _ in range(times):
        with closing(HTTPConnection("127.0.0.1", service.port, timeout=20)) as connection:
            connection.request("GET", "/readyz")
            assert 200 == connection.getresponse().status
            found.add(accepted(service, connection.sock))
    return found


def accepted(service: Served, visitor: socket.socket) -> int | None:
    """The worker at the other end of *visitor*, as the kernel's table of connections says."""
    here, there = visitor.getpeername()[1], visitor.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if (here, there) == tuple(int(fields[n].rpartition(":")[2], 16) for n in (1, 2)):
            link = Path(f"socket:[{fields[9]}]")
            return next((one for one in service.workers() if link in open_files(one)), None)
    return None
