"""The build: what was compiled is found by the content's name, and nothing else is served for it."""

from pathlib import Path

import pytest

from bot import build
from bot.content import fingerprint
from bot.settings import Settings
from tests.content_factory import lay


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    models = tmp_path / "models"
    models.mkdir()
    return Settings(content=lay(tmp_path / "content"), models=models, semantic="off")


def files(settings: Settings) -> set[str]:
    assert settings.models
    return {path.name for path in settings.models.rglob("*")}


def test_what_nobody_compiled_is_not_loaded_and_not_compiled_either(settings: Settings) -> None:
    assert build.load_compiled(settings) is None
    assert set() == files(settings)


def test_what_was_compiled_is_loaded_until_the_content_changes(settings: Settings) -> None:
    assert settings.content
    build.load_engine(settings)
    before = files(settings)
    found = build.load_compiled(settings)

    assert found and fingerprint(settings.content) == found.library.version
    lay(settings.content, {"intents/en/threats.yaml": "child:\n- he hits me\n"})
    assert build.load_compiled(settings) is None
    assert before == files(settings)
