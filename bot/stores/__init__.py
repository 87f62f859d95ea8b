"""Stores: what is remembered of messaging users, and which messages were answered.

A store sees keyed hashes and codes only: no text, no name, no id of a platform ever reaches it.
Every store offers the same verbs, and one suite of tests holds for all of them.
"""

from bot.clock import Clock
from bot.errors import SettingsError
from bot.stores.base import Begun, Opened, Refused, Store
from bot.stores.guarded import Guarded
from bot.stores.memory import MemoryStore
from bot.stores.sqlite import SqliteStore

__all__ = ["Begun", "Opened", "Refused", "Store", "open_store"]


def open_store(url: str, clock: Clock) -> Store:
    """Make the store that *url* names; it connects when it is first used."""
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        return MemoryStore(clock)
    if scheme == "sqlite":
        return Guarded(SqliteStore(rest.removeprefix("///"), clock), MemoryStore(clock))
    if scheme in ("redis", "rediss", "unix"):
        from bot.stores.redis import RedisStore  # noqa: PLC0415 - a tenth of a second that most starts can spare

        return Guarded(RedisStore(url), MemoryStore(clock))
    raise SettingsError(f"SIGNPOST_STORE is {url!r}: set memory:, sqlite:///path or redis://host:port/0.")
