"""Reload: a running service takes good content over whole, and broken content not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content import fingerprint
from tests.content_factory import case, changed, lay
from tests.served import Served, served, until

BROKEN = Path(__file__).parent / "broken"
THREAT = "he said he will hurt me"


@pytest.fixture(name="service")
def _service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as service:
        yield service


def test_a_running_server_takes_new_content_over_whole(service: Served) -> None:
    old = service.version()
    lay(
        service.content,
        {
            "intents/threats.yaml": changed("intents/threats.yaml", ("You were right", "It was brave")),
            "intents/en/_risk.yaml": "danger:\n  threats:\n  - will hurt me\n  - keeps a knife for me\n",
        },
    )
    new = fingerprint(service.content)
    seen: set[tuple[str, str]] = set()

    def swapped() -> bool:
        answer = service.ask(THREAT)
        seen.add((answer["content_version"], answer["reply"][0]["text"][:14]))
        return service.version() == new

    until(swapped)
    swapped()

    assert old != new
    assert {(old, "You were right"), (new, "It was brave t")} == seen
    assert "threats" == service.ask("my uncle keeps a knife for me")["intent"]["id"]
    assert new == service.log("content.reloaded")[-1]["version"]


def test_broken_content_is_refused_with_all_its_problems_and_the_last_good_one_goes_on(
    service: Served,
) -> None:
    before = service.ask(THREAT)
    files, problems = case(BROKEN / "several_at_once.yaml")

    lay(service.content, files)
    until(lambda: service.log("content.refused"))

    said = service.log("content.refused")[-1]["problems"]
    assert problems == [line for line in said if line in problems]
    after = service.ask(THREAT)
    assert (before["content_version"], before["reply"]) == (after["content_version"], after["reply"])


def test_content_that_was_mended_is_taken_over(service: Served) -> None:
    lay(service.content, {"intents/en/threats.yaml": "child: [\n"})
    until(lambda: service.log("content.refused"))

    lay(service.content, {"intents/en/threats.yaml": "child:\n- he wants to beat me up\n"})
    until(lambda: service.log("content.reloaded"))

    assert fingerprint(service.content) == service.version()
