"""What every store offers."""

from enum import StrEnum
from typing import Protocol, TypeAlias

import msgspec


class Opened(msgspec.Struct, frozen=True):
    """A user's turn has begun: nobody else answers this user until it is finished or left."""

    session: bytes | None
    """What was remembered; absent in a new conversation."""
    sent: int = 0
    """How many messages of this reply went out in an earlier try."""


class Refused(StrEnum):
    """Why a turn cannot begin."""

    SEEN = "seen"
    """The message was answered before."""
    BUSY = "busy"
    """Somebody else answers this user just now."""


Begun: TypeAlias = Opened | Refused


class Store(Protocol):
    """Keeps sessions and marks; every verb but `close` raises StoreError when it cannot."""

    async def begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        """
        Take the turn of *user* for *lease* seconds and give what is remembered.

        *mark* stands for the message; the empty mark is never seen. A turn whose owner died
        is free again after its lease.
        """

    async def finish(
        self, user: str, mark: str, owner: str, session: bytes | None, *, keep: float, remember: float
    ) -> None:
        """Mark the message as seen for *remember* seconds, keep *session* for *keep*, end the turn."""

    async def leave(self, user: str, mark: str, owner: str, sent: int, *, remember: float) -> None:
        """End the turn without an answer; *sent* messages of the reply went out already."""

    async def erase(self, user: str) -> None:
        """Forget the session of *user* at once."""

    async def close(self) -> None:
        """Let go of files and connections."""
