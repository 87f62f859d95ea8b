"""Delivery: nothing that a platform handed over is lost, whatever dies.

The platform's own redelivery is the durable queue. A message counts as seen only after its reply
was accepted; until then every failure that may pass is answered with "later", and the platform
hands the message over again. One user is answered by one worker at a time, in the order of arrival.
"""

import asyncio
import hmac
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from itertools import count
from typing import Any, Protocol, TypeAlias

import msgspec
import structlog

from bot.conversation import Turn
from bot.errors import DeliveryError, StoreError
from bot.messages import Inbound, Reply, Session
from bot.metrics import Metrics
from bot.stores import Begun, Refused, Store

log = structlog.get_logger()

BLOCKED = "blocked"
"""The reason of a DeliveryError when the user wants nothing more from us."""

_HOUR = 3600.0
_REMEMBER = 48 * _HOUR
"""Seconds for which a message is recognised as answered."""
_MOST = 4000
"""Deliveries under way in one process; more are sent back at once, and come again."""

Payload: TypeAlias = dict[str, Any]
"""One request to a platform."""


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a platform handed it over; the ids live in memory only, never in a store or a log."""

    channel: str
    user: str
    """Who wrote, in the platform's numbering."""
    to: str
    """Where the reply goes."""
    id: str
    """What the platform calls this message: a redelivery has the same."""
    inbound: Inbound
    command: str | None = None
    """start, help, language or forget."""
    attachment: bool = False
    """Whether something came along that is never opened: a picture, a voice, a place …"""


class Result(StrEnum):
    """What became of a message."""

    SENT = "sent"
    DUPLICATE = "duplicate"
    RETRY = "retry"
    BLOCKED = "blocked"
    FAILED = "failed"


Answer: TypeAlias = Callable[[Arrived, Session], Awaitable[Turn]]
Fallback: TypeAlias = Callable[[Arrived, Session], Reply]
"""The reply that cannot fail, for when the answer does."""
Render: TypeAlias = Callable[[Reply, Arrived], Sequence[Payload]]


class Post(Protocol):
    """Hands one rendered message to a platform; returns when it was accepted, else raises DeliveryError."""

    async def __call__(self, payload: Payload, *, alone: bool) -> None:
        """Send *payload*; *alone* says that the reply has no other part."""


class Relay:
    """Answers what platforms hand over: seen? answer, send, mark."""

    def __init__(
        self,
        answer: Answer,
        store: Store,
        secret: str,
        metrics: Metrics,
        *,
        fallback: Fallback | None = None,
        session_hours: float = 24,
        bound: float = 8.0,
        lease: float = 10.0,
    ) -> None:
        self._answer = answer
        self._fallback = fallback
        self._store = store
        self._key = hmac.digest(secret.encode(), b"signpost store", "sha256")
        self._metrics = metrics
        self._keep = session_hours * _HOUR
        self._bound = bound
        self._lease = lease
        self._queues = _Queues()
        self._numbers = count()
        self._name = os.urandom(8).hex()
        self._under_way = 0

    async def deliver_all(self, arrived: Sequence[Arrived], render: Render, post: Post) -> bool:
        """Answer a batch, users side by side; False when something of it has to come again."""
        by_user: dict[str, list[Arrived]] = {}
        for one in arrived:
            by_user.setdefault(one.user, []).append(one)
        results = await asyncio.gather(*(self._in_order(mine, render, post) for mine in by_user.values()))
        return all(results)

    async def _in_order(self, mine: Sequence[Arrived], render: Render, post: Post) -> bool:
        for one in mine:
            # What follows a message that must come again waits for it, so that the order is kept.
            if await self.deliver(one, render, post) is Result.RETRY:
                return False
        return True

    async def deliver(self, one: Arrived, render: Render, post: Post) -> Result:
        """Answer one message, unless it was answered before, within a bounded time."""
        if self._under_way >= _MOST:
            result = Result.RETRY
        else:
            self._under_way += 1
            try:
                result = await self._deliver(one, render, post)
            finally:
                self._under_way -= 1
        self._metrics.delivery(one.channel, result)
        return result

    async def _deliver(self, one: Arrived, render: Render, post: Post) -> Result:
        work = _Work(
            user=self._hash(one.channel, one.user),
            mark=self._hash(one.channel, one.user, one.id) if one.id else "",
            owner=f"{self._name}:{next(self._numbers)}",
        )
        try:
            async with self._queues.turn(work.user, self._bound):
                return await self._take_turn(work, one, render, post)
        except TimeoutError:
            return Result.RETRY

    async def _take_turn(self, work: "_Work", one: Arrived, render: Render, post: Post) -> Result:
        result = Result.SENT
        try:
            async with asyncio.timeout(self._bound):
                begun = await self._begin(work)
                if isinstance(begun, Refused):
                    return Result.DUPLICATE if begun is Refused.SEEN else Result.RETRY
                work.begun, work.sent, work.session = True, begun.sent, begun.session
                session = await self._converse(one, work, _session(begun.session), render, post)
                work.session = None if session is None else msgspec.msgpack.encode(session)
        except TimeoutError:
            return await self._leave(work, one, "too slow")
        except DeliveryError as error:
            if error.retryable:
                return await self._leave(work, one, error.reason)
            log.warning("delivery.refused", channel=one.channel, reason=error.reason)
            result = Result.BLOCKED if error.reason == BLOCKED else Result.FAILED
        # Outside the time-out: the reply is out and cannot be taken back.
        await self._store.finish(
            work.user, work.mark, work.owner, work.session, keep=self._keep, remember=_REMEMBER
        )
        return result

    async def _converse(
        self, one: Arrived, work: "_Work", session: Session, render: Render, post: Post
    ) -> Session | None:
        """Answer and send; give the session to keep, or None after "forget"."""
        if one.command == "forget":
            try:
                await self._store.erase(work.user)
            except StoreError:
                # "Forgotten" must be true when it is said: the platform brings the wish again.
                raise DeliveryError("the store is down", retryable=True) from None
            work.session = None
        turn, parts = await self._compose(one, session, render)
        for part in parts[work.sent :]:
            await post(part, alone=len(parts) == 1)
            work.sent += 1
        return None if one.command == "forget" else turn.session

    async def _compose(
        self, one: Arrived, session: Session, render: Render
    ) -> tuple[Turn, Sequence[Payload]]:
        """Answer and render; a mistake of ours must not leave anyone without help, nor come again for days."""
        try:
            turn = await self._answer(one, session)
            return turn, render(turn.reply, one)
        except Exception as error:  # noqa: BLE001 - the person still gets help
            log.error("delivery.broken", channel=one.channel, error=type(error).__name__)
            if self._fallback is None:
                raise DeliveryError("broken", retryable=False) from None
        try:
            turn = Turn(self._fallback(one, session), session, failed=True)
            return turn, render(turn.reply, one)
        except Exception:  # noqa: BLE001 - it would fail again, for days
            raise DeliveryError("broken", retryable=False) from None

    async def _begin(self, work: "_Work") -> Begun:
        """Take the user's turn; while another worker holds it, wait a little."""
        pause = 0.02
        waited = 0.0
        while True:
            begun = await self._store.begin(work.user, work.mark, work.owner, self._lease)
            if begun is not Refused.BUSY or waited > self._bound / 2:
                return begun
            await asyncio.sleep(pause)
            waited += pause
            pause = min(pause * 1.5, 0.25)

    async def _leave(self, work: "_Work", one: Arrived, reason: str) -> Result:
        log.info("delivery.later", channel=one.channel, reason=reason)
        if work.begun:
            await self._store.leave(work.user, work.mark, work.owner, work.sent, remember=_REMEMBER)
        return Result.RETRY

    def _hash(self, *parts: str) -> str:
        """Hash ids with our key: WhatsApp's message ids, too, hold the number of who wrote."""
        return hmac.digest(self._key, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256")[:16].hex()


class _Work(msgspec.Struct):
    """A delivery under way."""

    user: str
    mark: str
    owner: str
    begun: bool = False
    sent: int = 0
    session: bytes | None = None
    """What to keep when the turn ends."""


def _session(packed: bytes | None) -> Session:
    """Read what was remembered; what an older version wrote and nobody understands begins anew."""
    if packed is None:
        return Session()
    try:
        return msgspec.msgpack.decode(packed, type=Session)
    except msgspec.DecodeError:
        return Session()


class _Queues:
    """One queue for each user who is being answered."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, user: str, patience: float) -> AsyncIterator[None]:
        """Wait for the turn of *user*, first come, first served; TimeoutError after *patience* seconds."""
        lock, waiting = self._locks.get(user, (asyncio.Lock(), 0))
        self._locks[user] = (lock, waiting + 1)
        try:
            await asyncio.wait_for(lock.acquire(), patience)
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, waiting = self._locks[user]
            if waiting == 1:
                del self._locks[user]
            else:
                self._locks[user] = (lock, waiting - 1)


class Breaker:
    """Stops calling a platform that fails again and again, and lets one call through to try."""

    def __init__(self, *, failures: int = 8, rest: float = 2.0, longest: float = 30.0) -> None:
        self._allowed = failures
        self._shortest = rest
        self._longest = longest
        self._rest = rest
        self._failed = 0
        self._until = 0.0

    def check(self) -> None:
        """Raise a retryable DeliveryError while the platform is left alone."""
        if self._failed < self._allowed:
            return
        now = asyncio.get_running_loop().time()
        if now < self._until:
            raise DeliveryError("resting", retryable=True, retry_after=self._until - now)
        # This call is the trial; the others go on resting until it shows how things are.
        self._until = now + self._rest

    def succeeded(self) -> None:
        """Note that the platform answered."""
        self._failed = 0
        self._rest = self._shortest

    def failed(self) -> None:
        """Note that the platform did not."""
        self._failed += 1
        if self._failed >= self._allowed:
            self._until = asyncio.get_running_loop().time() + self._rest
            self._rest = min(self._rest * 2, self._longest)
