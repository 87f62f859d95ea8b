"""The store of one machine: a file that survives restarts and is shared by its workers."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bot.clock import Clock
from bot.errors import StoreError
from bot.stores.base import Begun, Opened, Refused

T = TypeVar("T")

_DONE = -1
_SWEEP = 600.0
"""Seconds between two sweeps of what expired."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (user TEXT PRIMARY KEY, value BLOB NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (mark TEXT PRIMARY KEY, sent INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leases (user TEXT PRIMARY KEY, owner TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_expire ON sessions (expires);
CREATE INDEX IF NOT EXISTS marks_expire ON marks (expires);
"""


class SqliteStore:
    """Sessions and marks in a file, through one thread of this process."""

    def __init__(self, path: str, clock: Clock) -> None:
        self._path = Path(path)
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="signpost-store")
        self._connection: sqlite3.Connection | None = None
        self._swept = 0.0

    async def begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        """Take the turn of *user*."""
        return await self._run(lambda: self._begin(user, mark, owner, lease))

    async def finish(
        self, user: str, mark: str, owner: str, session: bytes | None, *, keep: float, remember: float
    ) -> None:
        """Mark the message as seen and end the turn."""
        await self._run(lambda: self._finish(user, mark, owner, session, keep, remember))

    async def leave(self, user: str, mark: str, owner: str, sent: int, *, remember: float) -> None:
        """End the turn without an answer."""

        def work() -> None:
            with self._writing() as (connection, now):
                connection.execute("DELETE FROM leases WHERE user = ? AND owner = ?", (user, owner))
                if mark and sent:
                    self._put_mark(connection, mark, sent, now + remember)

        await self._run(work)

    async def erase(self, user: str) -> None:
        """Forget the session of *user*, in the file's journal too."""

        def work() -> None:
            with self._writing() as (connection, _):
                connection.execute("DELETE FROM sessions WHERE user = ?", (user,))
            self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        await self._run(work)

    async def close(self) -> None:
        """Close the file."""

        def work() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        await self._run(work)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(type(error).__name__) from None

    def _begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        with self._writing() as (connection, now):
            row = connection.execute(
                "SELECT sent FROM marks WHERE mark = ? AND expires > ?", (mark, now)
            ).fetchone()
            sent = row[0] if row else 0
            if sent == _DONE:
                return Refused.SEEN
            taken = connection.execute(
                "INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (user) DO UPDATE"
                " SET owner = excluded.owner, expires = excluded.expires WHERE leases.expires <= ?",
                (user, owner, now + lease, now),
            )
            if taken.rowcount == 0:
                return Refused.BUSY
            row = connection.execute(
                "SELECT value FROM sessions WHERE user = ? AND expires > ?", (user, now)
            ).fetchone()
            return Opened(row[0] if row else None, sent)

    def _finish(
        self, user: str, mark: str, owner: str, session: bytes | None, keep: float, remember: float
    ) -> None:
        with self._writing() as (connection, now):
            if mark:
                self._put_mark(connection, mark, _DONE, now + remember)
            holder = connection.execute("SELECT owner FROM leases WHERE user = ?", (user,)).fetchone()
            if holder is not None and holder[0] != owner:
                return
            connection.execute("DELETE FROM leases WHERE user = ?", (user,))
            if session is None:
                connection.execute("DELETE FROM sessions WHERE user = ?", (user,))
            else:
                connection.execute(
                    "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)", (user, session, now + keep)
                )
            self._sweep(connection, now)

    def _put_mark(self, connection: sqlite3.Connection, mark: str, sent: int, expires: float) -> None:
        connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (mark, sent, expires))

    def _sweep(self, connection: sqlite3.Connection, now: float) -> None:
        if now - self._swept < _SWEEP:
            return
        self._swept = now
        connection.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
        connection.execute("DELETE FROM marks WHERE expires <= ?", (now,))
        connection.execute("DELETE FROM leases WHERE expires <= ?", (now,))

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, float]]:
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection, self._clock().timestamp()
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Whose sessions these are nobody can tell, yet nobody else on the machine needs to read them.
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, timeout=2.0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        return connection
