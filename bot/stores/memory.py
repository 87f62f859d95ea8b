"""The store of one process: gone with it, and bounded so that nobody can fill it."""

from collections import OrderedDict
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.stores.base import Begun, Opened, Refused

T = TypeVar("T")

_MOST = 200_000
"""Entries of each kind; the oldest go first."""
_DONE = -1


class _Expiring(Generic[T]):
    """A mapping whose entries end by themselves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, key: str) -> T | None:
        found = self._entries.get(key)
        if found is None:
            return None
        if found[0] <= self._clock().timestamp():
            del self._entries[key]
            return None
        return found[1]

    def put(self, key: str, value: T, seconds: float) -> None:
        now = self._clock().timestamp()
        self._entries[key] = (now + seconds, value)
        self._entries.move_to_end(key)
        # Two from the old end at each write: what expired goes without a sweep that stops the loop.
        for _ in range(2):
            oldest = next(iter(self._entries))
            if self._entries[oldest][0] <= now or len(self._entries) > _MOST:
                del self._entries[oldest]

    def drop(self, key: str) -> None:
        self._entries.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()


class MemoryStore:
    """Sessions and marks in dictionaries."""

    def __init__(self, clock: Clock) -> None:
        self._sessions: _Expiring[bytes] = _Expiring(clock)
        self._marks: _Expiring[int] = _Expiring(clock)
        self._leases: _Expiring[str] = _Expiring(clock)

    def seen(self, mark: str) -> bool:
        """Say whether the message was answered here."""
        return bool(mark) and self._marks.get(mark) == _DONE

    async def begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        """Take the turn of *user*."""
        if self.seen(mark):
            return Refused.SEEN
        if self._leases.get(user) is not None:
            return Refused.BUSY
        self._leases.put(user, owner, lease)
        return Opened(self._sessions.get(user), self._marks.get(mark) or 0)

    async def finish(
        self, user: str, mark: str, owner: str, session: bytes | None, *, keep: float, remember: float
    ) -> None:
        """Mark the message as seen and end the turn."""
        if mark:
            self._marks.put(mark, _DONE, remember)
        if self._leases.get(user) not in (owner, None):
            return
        self._leases.drop(user)
        if session is None:
            self._sessions.drop(user)
        else:
            self._sessions.put(user, session, keep)

    async def leave(self, user: str, mark: str, owner: str, sent: int, *, remember: float) -> None:
        """End the turn without an answer."""
        if self._leases.get(user) == owner:
            self._leases.drop(user)
        if mark and sent:
            self._marks.put(mark, sent, remember)

    async def erase(self, user: str) -> None:
        """Forget the session of *user*."""
        self._sessions.drop(user)

    def forget_sessions(self) -> None:
        """Forget every session; the marks stay."""
        self._sessions.clear()

    async def close(self) -> None:
        """Nothing is held open."""
