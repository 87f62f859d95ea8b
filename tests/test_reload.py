"""Reload: a running service takes good content over whole, and broken content not at all."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.content import fingerprint
from bot.reload import follow
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


class FakeEngine:
    """Writes down when it is made ready, and when it is let go."""

    def __init__(self, version: str) -> None:
        self.library = SimpleNamespace(version=version)
        self.warm = False
        self.closed = False

    def warm_up(self) -> None:
        self.warm = True

    def close(self) -> None:
        self.closed = True


class Editor:
    """Changes the content while it is compiled, as an editor who saves twice does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.saved = 0
        self.compiled: list[int] = []

    def save(self) -> None:
        self.saved += 1
        (self.root / "intents/en/threats.yaml").write_text(f"child:\n- message {self.saved}\n", "utf-8")

    async def compile(self) -> None:
        self.compiled.append(self.saved)
        if self.saved == 1:
            self.save()

    def load(self) -> FakeEngine | None:
        return FakeEngine(str(self.saved)) if self.saved in self.compiled else None


async def swapped(conversation: SimpleNamespace, before: FakeEngine) -> None:
    async with asyncio.timeout(30):
        while conversation.engine is before:  # noqa: ASYNC110 - the reload says nothing, it just swaps
            await asyncio.sleep(0.05)


async def test_content_that_changed_while_it_was_compiled_is_compiled_again_before_it_is_served(
    tmp_path: Path,
) -> None:
    editor, first = Editor(lay(tmp_path)), FakeEngine("0")
    conversation = SimpleNamespace(engine=first)
    following = asyncio.create_task(follow(conversation, tmp_path, editor.compile, editor.load))
    await asyncio.sleep(0)  # now it watches
    editor.save()

    await swapped(conversation, first)
    following.cancel()

    assert [1, 2] == editor.compiled
    assert "2" == conversation.engine.library.version
    assert conversation.engine.warm
    assert first.closed


async def test_a_compilation_that_fails_altogether_does_not_end_the_following(tmp_path: Path) -> None:
    editor, first = Editor(lay(tmp_path)), FakeEngine("0")
    conversation = SimpleNamespace(engine=first)
    tries = []

    async def compile_content() -> None:
        tries.append(editor.saved)
        if len(tries) == 1:
            editor.save()
            raise OSError("no room for another process")
        await editor.compile()

    following = asyncio.create_task(follow(conversation, tmp_path, compile_content, editor.load))
    await asyncio.sleep(0)
    editor.save()

    await swapped(conversation, first)
    following.cancel()

    assert [1, 2] == tries
