"""Settings: read once, checked whole, secrets never shown."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Secret, Settings


def test_an_empty_environment_is_enough() -> None:
    settings = Settings.from_environ({})

    assert ("127.0.0.1", 8080, 1, "memory:") == (
        settings.host,
        settings.port,
        settings.workers,
        settings.store,
    )
    assert settings.telegram is None and settings.whatsapp is None and settings.messenger is None
    assert not settings.rasa


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIGNPOST_PORT", "http"),
        ("SIGNPOST_PORT", "70000"),
        ("SIGNPOST_PORT", "٣"),
        ("SIGNPOST_WORKERS", "0"),
        ("SIGNPOST_RATE", "-1"),
        ("SIGNPOST_STORE", "mysql://x"),
        ("SIGNPOST_SEMANTIC", "yes"),
        ("SIGNPOST_RASA", "1"),
        ("SIGNPOST_CORS", "https://*.example"),
        ("SIGNPOST_CORS", "example.org"),
        ("SIGNPOST_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("SIGNPOST_SECRET", "short"),
        ("SIGNPOST_CONTENT", "/no/such/folder"),
        ("SIGNPOST_LOG", "loud"),
    ],
)
def test_a_malformed_value_names_the_variable_and_the_mend(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} .+: .+\.$"):
        Settings.from_environ({variable: value})


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environ({"SIGNPOST_PORT": "x", "SIGNPOST_RATE": "y"})

    assert 2 == len(str(raised.value).splitlines())


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("SIGNPOST_TELEGRAM_TOKEN", "SIGNPOST_TELEGRAM_SECRET"),
        ("SIGNPOST_WHATSAPP_TOKEN", "SIGNPOST_WHATSAPP_APP_SECRET"),
        ("SIGNPOST_MESSENGER_APP_SECRET", "SIGNPOST_MESSENGER_TOKEN"),
    ],
)
def test_half_a_channel_stops_the_start(given: str, missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environ({given: "value"})


@pytest.mark.parametrize(
    "more", [{"SIGNPOST_WORKERS": "2"}, {"SIGNPOST_STORE": "sqlite:///x.db"}, {"SIGNPOST_STORE": "redis://h"}]
)
def test_several_processes_need_a_shared_secret(more: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="SIGNPOST_SECRET"):
        Settings.from_environ(more)

    assert Settings.from_environ({**more, "SIGNPOST_SECRET": "0123456789abcdef"}).secret_given


@pytest.mark.parametrize(
    "channel",
    [{"SIGNPOST_TELEGRAM_TOKEN": "1:a", "SIGNPOST_TELEGRAM_SECRET": "hook-secret"}, {"SIGNPOST_RASA": "on"}],
)
def test_several_workers_with_a_messaging_channel_need_a_shared_store(channel: dict[str, str]) -> None:
    several = {"SIGNPOST_WORKERS": "2", "SIGNPOST_SECRET": "0123456789abcdef"}

    with pytest.raises(SettingsError, match=r"^SIGNPOST_STORE is memory: .+: set sqlite:.+ or redis:.+\.$"):
        Settings.from_environ({**several, **channel})

    assert Settings.from_environ(several).workers == 2
    assert Settings.from_environ({**several, **channel, "SIGNPOST_WORKERS": "1"}).store == "memory:"
    assert Settings.from_environ({**several, **channel, "SIGNPOST_STORE": "sqlite:///x.db"}).workers == 2


def test_secrets_do_not_print() -> None:
    settings = Settings.from_environ(
        {
            "SIGNPOST_SECRET": "very-secret-indeed",
            "SIGNPOST_TELEGRAM_TOKEN": "bot-token",
            "SIGNPOST_TELEGRAM_SECRET": "hook-secret",
        }
    )

    for hidden in ("very-secret-indeed", "bot-token", "hook-secret"):
        assert hidden not in repr(settings)
    assert Secret("a") == Secret("a") != Secret("b")


def test_origins_and_networks_are_lists() -> None:
    settings = Settings.from_environ(
        {
            "SIGNPOST_CORS": "https://a.example, http://b.example:8000/",
            "SIGNPOST_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        }
    )

    assert ("https://a.example", "http://b.example:8000") == settings.cors
    assert 2 == len(settings.trusted_proxies)


def test_every_variable_is_documented() -> None:
    """A setting that no operator can find does not exist."""
    source = Path("bot/settings.py").read_text(encoding="utf-8")
    documented = Path("docs/operators.md").read_text(encoding="utf-8")

    names = set(re.findall(r'"(SIGNPOST_[A-Z_]+[A-Z])"', source))
    assert names
    assert not {name for name in names if name not in documented}
