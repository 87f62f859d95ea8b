"""The store of many machines: Redis, two round trips for each message."""

from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.errors import StoreError
from bot.stores.base import Begun, Opened, Refused

_PREFIX = "signpost"
_SECONDS = 1.0
"""A Redis that takes longer is as good as gone: the answer must not wait for it."""

_CONNECTIONS = 32

_BEGIN = """
local sent = false
if ARGV[3] ~= '' then sent = redis.call('GET', KEYS[2]) end
if sent == 'done' then return {'seen'} end
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'busy'} end
return {'open', redis.call('GET', KEYS[3]), sent}
"""
_FINISH = """
if ARGV[5] ~= '' then redis.call('SET', KEYS[2], 'done', 'PX', ARGV[2]) end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[3] == '' then redis.call('DEL', KEYS[3]) else redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4]) end
return 1
"""
_LEAVE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
if ARGV[3] ~= '0' and ARGV[4] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2]) end
return 1
"""


class RedisStore:
    """Sessions and marks in Redis; each verb is one script, so nothing comes in between."""

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_SECONDS,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            # One silent retry mends a connection that was closed while idle.
            retry=Retry(NoBackoff(), 1),
        )
        self._redis = Redis.from_pool(pool)
        self._begin = self._redis.register_script(_BEGIN)
        self._finish = self._redis.register_script(_FINISH)
        self._leave = self._redis.register_script(_LEAVE)

    async def begin(self, user: str, mark: str, owner: str, lease: float) -> Begun:
        """Take the turn of *user*."""
        answer = await self._call(self._begin, user, mark, [owner, _milliseconds(lease), mark])
        if answer[0] != b"open":
            return Refused(answer[0].decode())
        _, session, sent = answer
        return Opened(session or None, int(sent or 0))

    async def finish(
        self, user: str, mark: str, owner: str, session: bytes | None, *, keep: float, remember: float
    ) -> None:
        """Mark the message as seen and end the turn."""
        arguments = [owner, _milliseconds(remember), session or b"", _milliseconds(keep), mark]
        await self._call(self._finish, user, mark, arguments)

    async def leave(self, user: str, mark: str, owner: str, sent: int, *, remember: float) -> None:
        """End the turn without an answer."""
        await self._call(self._leave, user, mark, [owner, _milliseconds(remember), sent, mark])

    async def erase(self, user: str) -> None:
        """Forget the session of *user*."""
        try:
            await self._redis.delete(_keys(user, "")[2])
        except (RedisError, OSError) as error:
            raise StoreError(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _call(self, script: Any, user: str, mark: str, arguments: list[Any]) -> Any:
        try:
            return await script(keys=_keys(user, mark), args=arguments)
        except (RedisError, OSError, TimeoutError) as error:
            raise StoreError(type(error).__name__) from None


def _keys(user: str, mark: str) -> list[str]:
    # The braces keep a user's keys on one node of a Redis cluster.
    return [
        f"{_PREFIX}:{{{user}}}:turn",
        f"{_PREFIX}:{{{user}}}:seen:{mark}",
        f"{_PREFIX}:{{{user}}}:session",
    ]


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
