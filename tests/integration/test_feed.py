"""The feed: what happens is told once and none is left out, whoever is away, slow or late to commit."""

import asyncio
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.core.errors import Conflict, InvalidInput
from griot.core.events import Place, here, read, record
from griot.core.feed import WAITING, Feed, Signal, Watcher
from house_world import Number, World, message, open_world


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def feed(world: World) -> AsyncIterator[Feed]:
    opened = Feed(world.db)
    yield opened
    await opened.close()


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number()


async def happen(world: World, number: Number, *kinds: str) -> None:
    async with world.db.transaction(number.shop.id) as tx:
        for kind in kinds:
            await record(tx, kind, world.clock.now())


async def until(watcher: Watcher, count: int, seconds: float = 5.0) -> list[str]:
    """The next so many events, whatever hints come between."""
    found: list[str] = []
    end = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        signal = await watcher.next(max(0.01, end - time.monotonic()))
        if signal is not None and signal.event is not None:
            found.append(signal.event.kind)
    return found


async def beginning(watcher: Watcher) -> Place:
    signal = await watcher.next(5)
    assert signal is not None
    assert signal.place is not None
    return signal.place


async def test_an_event_is_told_to_all_who_watch_the_shop_and_to_nobody_else(
    world: World, number: Number, feed: Feed
) -> None:
    other = await world.number()
    async with feed.watch(number.shop.id) as one, feed.watch(number.shop.id) as two, feed.watch(other.shop.id) as three:
        await happen(world, number, "order.paid")
        assert await until(one, 1) == await until(two, 1) == ["order.paid"]
        assert await until(three, 1, 0.5) == []


async def test_it_is_told_within_a_second(world: World, number: Number, feed: Feed) -> None:
    async with feed.watch(number.shop.id) as watcher:
        await beginning(watcher)
        took = []
        for _ in range(10):
            start = time.monotonic()
            await happen(world, number, "order.paid")
            assert await until(watcher, 1) == ["order.paid"]
            took.append(time.monotonic() - start)
    assert sorted(took)[5] < 1.0


async def test_what_is_committed_late_is_not_left_out(world: World, number: Number, feed: Feed) -> None:
    """Its number is lower than one that was told before."""
    async with feed.watch(number.shop.id) as watcher:
        async with world.db.transaction(number.shop.id) as tx:
            await record(tx, "late", world.clock.now())
            await tx.execute("SELECT 1")
            await happen(world, number, "early")
            assert await until(watcher, 1) == ["early"]
        assert await until(watcher, 1) == ["late"]


async def test_who_comes_back_gets_what_they_missed_each_once(world: World, number: Number, feed: Feed) -> None:
    async with feed.watch(number.shop.id) as watcher:
        place = await beginning(watcher)
    async with world.db.transaction(number.shop.id) as tx:
        await record(tx, "late", world.clock.now())
        await tx.execute("SELECT 1")
        await happen(world, number, *(f"missed {n}" for n in range(300)))
        async with feed.watch(number.shop.id, place) as watcher:
            assert await until(watcher, 300) == [f"missed {n}" for n in range(300)]
            place = await beginning(watcher)
    async with feed.watch(number.shop.id, Place.parse(str(place))) as watcher:
        assert await until(watcher, 1) == ["late"]
        await happen(world, number, "new")
        assert await until(watcher, 2, 1.0) == ["new"]


async def test_nothing_is_lost_while_writers_and_watchers_come_and_go(world: World, number: Number, feed: Feed) -> None:
    told: set[int] = set()  # what comes while one is cut off may come again

    async def write(writer: int) -> None:
        for n in range(20):
            async with world.db.transaction(number.shop.id) as tx:
                await record(tx, f"{writer}.{n}", world.clock.now())
                await tx.execute("SELECT pg_sleep(0.01 * (random() * 3)::int)")

    async def watch() -> None:
        async with feed.watch(number.shop.id) as watcher:
            place = await beginning(watcher)
        started.set()
        while len(told) < 80:
            async with feed.watch(number.shop.id, place) as watcher:
                for _ in range(7):
                    signal = await watcher.next(1)
                    if signal and signal.event:
                        told.add(signal.event.number)
                    if signal and signal.place:
                        place = signal.place

    started = asyncio.Event()
    async with asyncio.timeout(60):
        watching = asyncio.create_task(watch())
        await started.wait()
        await asyncio.gather(*(write(n) for n in range(4)))
        await watching
    assert len(told) == 80


async def test_a_thread_that_changes_is_hinted_at(world: World, number: Number, feed: Feed) -> None:
    thread = await world.thread(number)
    async with feed.watch(number.shop.id) as watcher:
        await beginning(watcher)
        await world.receive(number, message("Bonjour", world.clock.now()))
        assert await watcher.next(5) == Signal(thread=thread)


async def test_what_waits_is_taken_without_waiting(world: World, number: Number, feed: Feed) -> None:
    async with feed.watch(number.shop.id) as watcher:
        assert (await watcher.next(5)) is not None  # the place to begin from
        watcher.tell([Signal(thread=1), Signal(thread=2)])
        assert [await watcher.next(0), await watcher.next(0)] == [Signal(thread=1), Signal(thread=2)]
        assert await watcher.next(0) is None


async def test_a_slow_watcher_has_to_come_again_and_costs_nobody_else(world: World, number: Number, feed: Feed) -> None:
    async with feed.watch(number.shop.id) as slow, feed.watch(number.shop.id) as quick:
        place = await beginning(slow)
        for _ in range(4):
            await happen(world, number, *["order.paid"] * (WAITING // 3))
            assert len(await until(quick, WAITING // 3)) == WAITING // 3
        with pytest.raises(Conflict):
            while True:
                await slow.next(1)
        async with feed.watch(number.shop.id, place) as again:
            assert len(await until(again, 4 * (WAITING // 3))) == 4 * (WAITING // 3)


async def test_a_lost_connection_is_made_again(world: World, number: Number, feed: Feed) -> None:
    async with feed.watch(number.shop.id) as watcher:
        await beginning(watcher)
        await world.rows(
            number.shop.id,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%%'",
        )
        await happen(world, number, "order.paid")
        assert await until(watcher, 1, 10) == ["order.paid"]


async def test_one_connection_listens_for_all(world: World, feed: Feed) -> None:
    numbers = [await world.number() for _ in range(3)]
    async with feed.watch(numbers[0].shop.id), feed.watch(numbers[1].shop.id), feed.watch(numbers[2].shop.id):
        rows = await world.rows(
            0,
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'",
        )
    assert rows == [{"n": 1}]


async def test_rows_of_another_cluster_are_not_taken_for_news(world: World, number: Number, database_url: str) -> None:
    """A restored database brings the transactions of the one that it was copied from."""
    await happen(world, number, "before the copy")
    async with await psycopg.AsyncConnection.connect(database_url, options=OWNER_OPTIONS) as owner:
        await owner.execute("SET session_replication_role = replica")  # as a restore does, past the triggers
        await owner.execute("UPDATE events SET xid = '999999999999'")
    async with world.db.transaction(number.shop.id) as tx:
        place = await here(tx)
    await happen(world, number, "new")
    async with world.db.transaction(number.shop.id) as tx:
        events, _ = await read(tx, place)
    assert [event.kind for event, _ in events] == ["new"]


@pytest.mark.parametrize("text", ["", "x", "1", "1_", "1_5:3:", "1_0:0:", "1_3:5:9", "1_3:6:5,4", "9" * 30])
def test_only_places_are_read_as_places(text: str) -> None:
    with pytest.raises(InvalidInput):
        Place.parse(text)
