"""A guard before a store that can fail: the answer never waits for it and never fails with it."""

import asyncio

import structlog

from bot.errors import StoreError
from bot.stores.base import Begun, Refused, Store
from bot.stores.memory import MemoryStore

log = structlog.get_logger()

_REST = 1.0
"""Seconds that a store which failed is left alone."""


class Guarded:
    """Uses *store*; while it is down, this process remembers for itself."""

    def __init__(self, store: Store, spare: MemoryStore) -> None:
        self._store = store
        self._spare = spare
        self._until = 0.0
        self._down = False

    async def begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        """Take the turn of *user*, here alone when the store is down."""
        if self._spare.seen(mark):
            return Refused.SEEN
        if self._resting():
            return await self._spare.begin(user, mark, owner, lease)
        try:
            begun = await self._store.begin(user, mark, owner, lease)
        except StoreError as error:
            self._failed(error)
            return await self._spare.begin(user, mark, owner, lease)
        self._recovered()
        return begun

    async def finish(
        self, user: str, mark: str, owner: str, session: bytes | None, *, keep: float, remember: float
    ) -> None:
        """Mark the message as seen, here as well when the store cannot."""
        if not self._resting():
            try:
                await self._store.finish(user, mark, owner, session, keep=keep, remember=remember)
            except StoreError as error:
                self._failed(error)
            else:
                await self._spare.leave(user, mark, owner, 0, remember=remember)
                return
        await self._spare.finish(user, mark, owner, session, keep=keep, remember=remember)

    async def leave(self, user: str, mark: str, owner: str, sent: int, *, remember: float) -> None:
        """End the turn without an answer."""
        await self._spare.leave(user, mark, owner, sent, remember=remember)
        if self._resting():
            return
        try:
            await self._store.leave(user, mark, owner, sent, remember=remember)
        except StoreError as error:
            self._failed(error)

    async def erase(self, user: str) -> None:
        """
        Forget the session of *user*, here and in the store.

        Raises:
            StoreError: the store is down; to say "forgotten" would not be true.
        """
        await self._spare.erase(user)
        await self._store.erase(user)

    async def close(self) -> None:
        """Let go of both."""
        await self._store.close()

    def _resting(self) -> bool:
        return asyncio.get_running_loop().time() < self._until

    def _failed(self, error: StoreError) -> None:
        self._until = asyncio.get_running_loop().time() + _REST
        if not self._down:
            log.error("store.down", error=str(error))
        self._down = True

    def _recovered(self) -> None:
        if self._down:
            # What was remembered meanwhile goes: another worker may have been told to forget it.
            self._spare.forget_sessions()
            log.info("store.up")
        self._down = False
