"""The contract of every store: the same tests, on memory, SQLite and a real Redis."""

import asyncio

from bot.stores.base import Opened, Refused, Store

DAY = 86_400.0


async def finish(
    store: Store, user: str, mark: str, owner: str, session: bytes | None, **times: float
) -> None:
    await store.finish(user, mark, owner, session, **{"keep": DAY, "remember": DAY, **times})


class TestSessions:
    async def test_a_new_user_has_none(self, store: Store) -> None:
        assert Opened(None, 0) == await store.begin("u", "m", "me", 5)

    async def test_what_was_kept_comes_back_byte_for_byte(self, store: Store) -> None:
        value = bytes(range(256))
        await store.begin("u", "m1", "me", 5)
        await finish(store, "u", "m1", "me", value)

        assert Opened(value, 0) == await store.begin("u", "m2", "me", 5)

    async def test_users_do_not_share(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)
        await finish(store, "u", "m1", "me", b"x")

        assert Opened(None, 0) == await store.begin("v", "m1v", "me", 5)

    async def test_it_expires(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)
        await finish(store, "u", "m1", "me", b"x", keep=0.05)
        await asyncio.sleep(0.12)

        assert Opened(None, 0) == await store.begin("u", "m2", "me", 5)

    async def test_erased_is_gone_at_once(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)
        await finish(store, "u", "m1", "me", b"x")
        await store.erase("u")

        assert Opened(None, 0) == await store.begin("u", "m2", "me", 5)

    async def test_finishing_with_nothing_keeps_nothing(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)
        await finish(store, "u", "m1", "me", b"x")
        await store.begin("u", "m2", "me", 5)
        await finish(store, "u", "m2", "me", None)

        assert Opened(None, 0) == await store.begin("u", "m3", "me", 5)


class TestMarks:
    async def test_a_finished_message_is_seen(self, store: Store) -> None:
        await store.begin("u", "m", "me", 5)
        await finish(store, "u", "m", "me", b"x")

        assert Refused.SEEN is await store.begin("u", "m", "other", 5)

    async def test_a_mark_expires(self, store: Store) -> None:
        await store.begin("u", "m", "me", 5)
        await finish(store, "u", "m", "me", b"x", remember=0.05)
        await asyncio.sleep(0.12)

        assert isinstance(await store.begin("u", "m", "me", 5), Opened)

    async def test_a_message_that_was_left_is_not_seen_and_goes_on_where_it_was(self, store: Store) -> None:
        await store.begin("u", "m", "me", 5)
        await store.leave("u", "m", "me", 2, remember=DAY)

        assert Opened(None, 2) == await store.begin("u", "m", "me", 5)

    async def test_the_empty_mark_is_never_seen(self, store: Store) -> None:
        await store.begin("u", "", "me", 5)
        await finish(store, "u", "", "me", b"x")

        assert Opened(b"x", 0) == await store.begin("u", "", "me", 5)


class TestTurns:
    async def test_one_at_a_time(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)

        assert Refused.BUSY is await store.begin("u", "m2", "other", 5)

    async def test_the_turn_of_a_dead_owner_is_free_after_its_lease(self, store: Store) -> None:
        await store.begin("u", "m1", "dead", 0.05)
        await asyncio.sleep(0.12)

        assert isinstance(await store.begin("u", "m2", "other", 5), Opened)

    async def test_leaving_frees_the_turn(self, store: Store) -> None:
        await store.begin("u", "m1", "me", 5)
        await store.leave("u", "m1", "me", 0, remember=DAY)

        assert isinstance(await store.begin("u", "m2", "other", 5), Opened)

    async def test_who_lost_the_turn_marks_but_does_not_overwrite(self, store: Store) -> None:
        await store.begin("u", "m1", "slow", 0.05)
        await asyncio.sleep(0.12)
        await store.begin("u", "m2", "quick", 5)
        await finish(store, "u", "m1", "slow", b"old")

        assert Refused.BUSY is await store.begin("u", "m3", "third", 5)
        await finish(store, "u", "m2", "quick", b"new")
        assert Refused.SEEN is await store.begin("u", "m1", "third", 5)
        assert Opened(b"new", 0) == await store.begin("u", "m3", "third", 5)

    async def test_of_many_who_try_at_once_one_gets_it(self, store: Store) -> None:
        begun = await asyncio.gather(*(store.begin("u", f"m{n}", f"o{n}", 5) for n in range(50)))

        assert 1 == sum(isinstance(one, Opened) for one in begun)
