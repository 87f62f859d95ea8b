"""Settings: the only reader of the environment."""

import ipaddress
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from bot.errors import SettingsError

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Secret:
    """A value that never prints."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value to the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and secrets.compare_digest(
            self._value.encode(), other._value.encode()
        )

    def __hash__(self) -> int:
        return hash(self._value)


class Telegram(msgspec.Struct, frozen=True, kw_only=True):
    """The Telegram channel."""

    token: Secret
    secret: Secret
    api: str


class WhatsApp(msgspec.Struct, frozen=True, kw_only=True):
    """The WhatsApp Cloud API channel."""

    token: Secret
    app_secret: Secret
    verify_token: Secret
    phone_id: str
    api: str


class Messenger(msgspec.Struct, frozen=True, kw_only=True):
    """The Messenger and Instagram channel."""

    token: Secret
    app_secret: Secret
    verify_token: Secret
    api: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an operator can set; see docs/operators.md."""

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    secret: Secret = msgspec.field(default_factory=lambda: Secret(secrets.token_hex(32)))
    secret_given: bool = False
    store: str = "memory:"
    session_hours: int = 24
    cors: tuple[str, ...] = ()
    rate: int = 60
    """Messages a minute per client address; 0 is off."""
    trusted_proxies: tuple[Network, ...] = ()
    semantic: Literal["auto", "off"] = "auto"
    content: Path | None = None
    """The folder with intents, agencies and locales; absent means the one that came with the code."""
    models: Path | None = None
    """Where compiled models are kept; absent means beside the content, else the user's cache."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    telegram: Telegram | None = None
    whatsapp: WhatsApp | None = None
    messenger: Messenger | None = None
    rasa: bool = False
    editor_token: Secret | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """
        Read the SIGNPOST_ variables of *environ*.

        Raises:
            SettingsError: a variable is malformed, a channel is half configured, or several
                processes would need a shared secret or store; all findings in one message.
        """
        reader = _Reader(
            {
                key: value.strip()
                for key, value in environ.items()
                if key.startswith("SIGNPOST_") and value.strip()
            }
        )
        secret = reader.secret("SIGNPOST_SECRET")
        if secret is not None and len(secret.reveal()) < 16:
            reader.wrong(
                "SIGNPOST_SECRET", "is shorter than 16 characters", "set 32 random characters or more"
            )
        settings = cls(
            host=reader.text("SIGNPOST_HOST", "127.0.0.1"),
            port=reader.number("SIGNPOST_PORT", 8080, 0, 65535),
            workers=reader.number("SIGNPOST_WORKERS", 1, 1, 256),
            secret=secret or Secret(secrets.token_hex(32)),
            secret_given=secret is not None,
            store=reader.store("SIGNPOST_STORE"),
            session_hours=reader.number("SIGNPOST_SESSION_HOURS", 24, 1, 24 * 30),
            cors=reader.origins("SIGNPOST_CORS"),
            rate=reader.number("SIGNPOST_RATE", 60, 0, 1_000_000),
            trusted_proxies=reader.networks("SIGNPOST_TRUSTED_PROXIES"),
            semantic="off" if reader.one_of("SIGNPOST_SEMANTIC", ("auto", "off")) == "off" else "auto",
            content=reader.folder("SIGNPOST_CONTENT"),
            models=reader.path("SIGNPOST_MODELS"),
            log_level=reader.level("SIGNPOST_LOG"),
            telegram=reader.telegram(),
            whatsapp=reader.whatsapp(),
            messenger=reader.messenger(),
            rasa=reader.one_of("SIGNPOST_RASA", ("off", "on")) == "on",
            editor_token=reader.secret("SIGNPOST_EDITOR_TOKEN"),
        )
        settings._check_sharing(reader)
        reader.finish()
        return settings

    def _check_sharing(self, reader: "_Reader") -> None:
        messaging = self.telegram or self.whatsapp or self.messenger or self.rasa
        if messaging and self.workers > 1 and self.store.startswith("memory:"):
            reader.wrong(
                "SIGNPOST_STORE",
                "is memory: with several workers and a messaging channel, and each worker would remember for itself",
                "set sqlite:///path or redis://host:port/0, or SIGNPOST_WORKERS to 1",
            )
        if self.secret_given:
            return
        if self.workers > 1:
            reader.wrong(
                "SIGNPOST_SECRET",
                "is missing with several workers",
                "set the same random text for all of them",
            )
        elif not self.store.startswith("memory:"):
            reader.wrong(
                "SIGNPOST_SECRET",
                "is missing with a store that outlives the process",
                "set a random text and keep it",
            )


class _Reader:
    """Reads variables and collects what is wrong, so that one start shows everything."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def wrong(self, name: str, what: str, mend: str) -> None:
        self._problems.append(f"{name} {what}: {mend}.")

    def finish(self) -> None:
        if self._problems:
            raise SettingsError("\n".join(self._problems))

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, default)

    def secret(self, name: str) -> Secret | None:
        value = self._environ.get(name)
        return None if value is None else Secret(value)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self._environ.get(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.wrong(name, f"is {value!r}", f"set a whole number from {low} to {high}")
            return default
        return int(value)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._environ.get(name, allowed[0]).lower()
        if value not in allowed:
            self.wrong(name, f"is {value!r}", f"set {' or '.join(allowed)}")
            return allowed[0]
        return value

    def level(self, name: str) -> Literal["debug", "info", "warning", "error"]:
        value = self.one_of(name, ("info", "debug", "warning", "error"))
        level: Literal["debug", "info", "warning", "error"] = msgspec.convert(
            value, Literal["debug", "info", "warning", "error"]
        )
        return level

    def store(self, name: str) -> str:
        value = self._environ.get(name, "memory:")
        if not value.startswith(("memory:", "sqlite:///", "redis://", "rediss://", "unix://")):
            self.wrong(name, f"is {value!r}", "set memory:, sqlite:///path or redis://host:port/0")
            return "memory:"
        return value

    def origins(self, name: str) -> tuple[str, ...]:
        origins = tuple(
            part.strip().rstrip("/") for part in self._environ.get(name, "").split(",") if part.strip()
        )
        for origin in origins:
            scheme, _, rest = origin.partition("://")
            if scheme not in ("http", "https") or not rest or "/" in rest or "*" in rest:
                self.wrong(
                    name,
                    f"holds {origin!r}",
                    "list origins such as https://school.example, without path or star",
                )
        return origins

    def networks(self, name: str) -> tuple[Network, ...]:
        networks = []
        for part in (part.strip() for part in self._environ.get(name, "").split(",") if part.strip()):
            try:
                networks.append(ipaddress.ip_network(part, strict=False))
            except ValueError:
                self.wrong(name, f"holds {part!r}", "list networks such as 10.0.0.0/8")
        return tuple(networks)

    def path(self, name: str) -> Path | None:
        value = self._environ.get(name)
        return None if value is None else Path(value)

    def folder(self, name: str) -> Path | None:
        path = self.path(name)
        if path is not None and not path.is_dir():
            self.wrong(
                name,
                f"is {str(path)!r}, which is no folder",
                "name the folder that holds intents, agencies and locales",
            )
        return path

    def telegram(self) -> Telegram | None:
        values = self._channel("SIGNPOST_TELEGRAM_", ("TOKEN", "SECRET"), "https://api.telegram.org")
        return (
            None
            if values is None
            else Telegram(token=Secret(values["TOKEN"]), secret=Secret(values["SECRET"]), api=values["API"])
        )

    def whatsapp(self) -> WhatsApp | None:
        needed = ("TOKEN", "APP_SECRET", "VERIFY_TOKEN", "PHONE_ID")
        values = self._channel("SIGNPOST_WHATSAPP_", needed, "https://graph.facebook.com")
        return (
            None
            if values is None
            else WhatsApp(
                token=Secret(values["TOKEN"]),
                app_secret=Secret(values["APP_SECRET"]),
                verify_token=Secret(values["VERIFY_TOKEN"]),
                phone_id=values["PHONE_ID"],
                api=values["API"],
            )
        )

    def messenger(self) -> Messenger | None:
        values = self._channel(
            "SIGNPOST_MESSENGER_", ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"), "https://graph.facebook.com"
        )
        return (
            None
            if values is None
            else Messenger(
                token=Secret(values["TOKEN"]),
                app_secret=Secret(values["APP_SECRET"]),
                verify_token=Secret(values["VERIFY_TOKEN"]),
                api=values["API"],
            )
        )

    def _channel(self, prefix: str, needed: tuple[str, ...], api: str) -> dict[str, str] | None:
        values = {name: self._environ[prefix + name] for name in needed if prefix + name in self._environ}
        base = self._environ.get(prefix + "API", api).rstrip("/")
        if not values:
            return None
        for name in needed:
            if name not in values:
                self.wrong(
                    prefix + name,
                    f"is missing while {prefix + next(iter(values))} is set",
                    "set it too, or take the channel's other variables out",
                )
        if not base.startswith(("https://", "http://")):
            self.wrong(prefix + "API", f"is {base!r}", "set the base address of the platform's interface")
        return {**values, "API": base} if len(values) == len(needed) else None
