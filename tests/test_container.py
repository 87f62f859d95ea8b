"""The Dockerfile: its steps work from a clean context, and what it starts answers."""

import json
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from bench.service import free_port
from tests.container import Image, build, ignored
from tests.content_factory import lay
from tests.served import until

ROOT = Path(__file__).parent.parent
HADOLINT = shutil.which("hadolint", path=sysconfig.get_path("scripts"))


@pytest.mark.skipif(not HADOLINT, reason="hadolint has no wheel for this machine")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [str(HADOLINT), "--failure-threshold", "style", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("path", "out"),
    [
        ("bot/app.py", False),
        ("intents/en/_risk.yaml", False),
        ("pyproject.toml", False),
        ("bot/__pycache__/app.pyc", True),
        ("bot/matching/__pycache__/model.pyc", True),
        (".env", True),
        (".git/config", True),
        ("tests/test_app.py", True),
        ("build/models/matcher.bin", True),
    ],
)
def test_only_what_is_served_reaches_the_build(path: str, *, out: bool) -> None:
    assert out is ignored(path, (ROOT / ".dockerignore").read_text("utf-8").split())


@pytest.fixture(name="image", scope="module")
def _image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The Dockerfile built from a context with little content, so that little is trained."""
    folder = tmp_path_factory.mktemp("container")
    context = lay(folder / "context")
    for name in ("Dockerfile", ".dockerignore", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, context)
    shutil.copy(ROOT / "LICENSE-CONTENT", context)
    shutil.copytree(ROOT / "bot", context / "bot")
    return build(context, folder)


def test_the_image_runs_as_nobody_in_particular_and_stops_when_asked(image: Image) -> None:
    assert image.user.isdigit()
    assert 0 < int(image.user)
    assert "SIGTERM" == image.stop_signal
    assert ("signpost", "serve") == (*image.entrypoint, *image.cmd)


def test_what_it_starts_is_healthy_answers_writes_nothing_and_ends(image: Image) -> None:
    before = listing(image)
    port = str(free_port())
    process = image.start((*image.entrypoint, *image.cmd), SIGNPOST_PORT=port)
    try:
        until(lambda: image.start(image.healthcheck, SIGNPOST_PORT=port).wait() == 0)
        question = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/messages",
            json.dumps({"text": "he said he will hurt me"}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(question, timeout=20) as response:  # noqa: S310 - our own server
            assert "threats" == json.load(response)["intent"]["id"]
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(60)

    assert 0 == status
    assert before == listing(image), "a container with a read-only file system could not do that"


def test_a_service_that_does_not_run_is_not_healthy(image: Image) -> None:
    assert 0 != image.start(image.healthcheck, SIGNPOST_PORT=str(free_port())).wait()


def test_nothing_is_left_of_what_built_it(image: Image) -> None:
    assert not list(image.root.rglob("uv"))
    assert not (image.root / "src").exists()
    assert Path(sys.prefix) not in [path.resolve() for path in image.root.rglob("bin")]


def listing(image: Image) -> dict[str, int]:
    return {
        str(path.relative_to(image.root)): path.stat().st_mtime_ns
        for path in image.root.rglob("*")
        if path.is_file()
    }
