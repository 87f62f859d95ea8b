"""The wheel: all that a question needs is inside, wherever it is installed."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from bot.engine import Engine

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert 0 == done.returncode, done.stderr
    return str(done.stdout)


@pytest.fixture(name="wheel", scope="module")
def _wheel(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert engine.library.live  # the models are compiled, as `make wheel` does first
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("signpost-*.whl")
    return wheel


def test_content_models_and_licences_are_inside_and_tests_are_not(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for wanted in ("bot/_content/intents/languages.yaml", "bot/_content/agencies/GB.yaml"):
        assert wanted in names
    assert any(name.startswith("bot/_content/build/models/matcher-") for name in names)
    assert {"LICENSE", "LICENSE-CONTENT"} <= {Path(name).name for name in names}
    assert {"bot"} == {name.split("/")[0] for name in names if ".dist-info/" not in name}


def test_an_installed_wheel_answers_outside_the_checkout_and_compiles_nothing(
    wheel: Path, tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python, pip = venv / "bin" / "python", (sys.executable, "-m", "pip", "--python", venv / "bin" / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    installed = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # The requirements come from here: the wheel's own code stands before them on the path.
    (installed / "requirements.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    models = installed / "bot" / "_content" / "build" / "models"
    before = {path.name for path in models.iterdir()}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}

    question = ("someone threatens to leak my nudes", "--country", "GB", "--json")
    said = run(
        venv / "bin" / "signpost", "ask", *question,
        cwd=tmp_path, env={**environ, "HOME": str(tmp_path), "SIGNPOST_SEMANTIC": "off"},
    )  # fmt: skip

    answer = json.loads(said)
    assert "sextortion" == answer["intent"]["id"]
    assert [block for block in answer["reply"] if block["type"] == "contacts"]
    assert before == {path.name for path in models.iterdir()}
    assert not (tmp_path / ".cache" / "signpost").exists()
