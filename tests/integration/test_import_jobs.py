"""An import that was asked for is shown, corrected, written and survives whoever asked and whoever carries it out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict, InvalidInput
from griot.core.feed import Feed, Signal
from griot.knowledge.importing.bringing import read_file
from griot.knowledge.importing.jobs import queries, running, service
from griot.knowledge.importing.jobs.keeping import packed, unpacked
from griot.knowledge.importing.jobs.models import Job
from griot.knowledge.importing.models import Doubt, Found, FoundProduct, FoundVariant
from griot.worker.imports import ImportLane
from house_world import Number, World, article, open_world

TABLE = b"Nom;Tarif CFA;Reste\nFoulard;5000;4\nSac en raphia;12000;2\nSandales;8000;6\n"


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 5))


async def ask(world: World, number: Number, body: bytes = TABLE, *, write: bool = False, **more: object) -> Job:
    async with world.db.transaction(number.shop.id, actor="user:7") as tx:
        return await service.ask(tx, "liste.csv", world.clock.now(), body=body, currency="XOF", write=write, **more)  # type: ignore[arg-type]


async def look(world: World, number: Number, job: Job) -> Job:
    async with world.db.transaction(number.shop.id) as tx:
        return await service.job(tx, job.id)


async def confirm(world: World, number: Number, job: Job) -> None:
    async with world.db.transaction(number.shop.id, actor="user:8") as tx:
        await service.confirm(tx, job.id, world.clock.now())


async def titles(world: World, number: Number) -> set[str]:
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute("SELECT title FROM products WHERE shop_id = current_shop()")
        return {row["title"] for row in await cursor.fetchall()}


async def test_it_is_shown_first_and_written_when_somebody_says_so(world: World, number: Number) -> None:
    job = await ask(world, number)
    assert (job.status, job.actor, job.is_file) == ("waiting", "user:7", True)
    assert await running.run_next(world.house, number.shop.id)
    shown = await look(world, number, job)
    assert shown.status == "shown" and shown.preview is not None
    assert [(p["title"], p["price"]["minor"], p["change"]) for p in shown.preview["products"]] == [
        ("Foulard", 5000, "new"), ("Sac en raphia", 12000, "new"), ("Sandales", 8000, "new"),
    ]  # fmt: skip
    assert [c["field"] for c in shown.preview["columns"]] == ["title", "price", "stock"]
    assert "Foulard" not in await titles(world, number), "showing writes nothing"
    await confirm(world, number, job)
    assert await running.run_next(world.house, number.shop.id)
    done = await look(world, number, job)
    assert (done.status, done.is_file) == ("done", False)
    assert done.report is not None and done.report["new"] == 3
    assert {"Foulard", "Sac en raphia", "Sandales"} <= await titles(world, number)
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute("SELECT actor FROM events WHERE kind = 'catalogue.imported'")
        assert [row["actor"] for row in await cursor.fetchall()] == ["user:8"], "who said so is who did it"
    assert not await running.run_next(world.house, number.shop.id)


async def test_columns_are_corrected_and_remembered(world: World, number: Number) -> None:
    job = await ask(world, number)
    await running.run_next(world.house, number.shop.id)
    async with world.db.transaction(number.shop.id) as tx:
        with pytest.raises(InvalidInput, match="'colour' is nothing that is read"):
            await service.correct(tx, job.id, world.clock.now(), columns={"Reste": "colour"})
        await service.correct(tx, job.id, world.clock.now(), columns={"Reste": "-"})
    await running.run_next(world.house, number.shop.id)
    shown = await look(world, number, job)
    assert shown.preview is not None
    assert [c["field"] for c in shown.preview["columns"]] == ["title", "price", None]
    await confirm(world, number, job)
    await running.run_next(world.house, number.shop.id)
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute("SELECT mapping FROM sources")
        assert [row["mapping"] for row in await cursor.fetchall()] == [{"Reste": "-"}]
    again = await ask(world, number)
    await running.run_next(world.house, number.shop.id)
    remembered = await look(world, number, again)
    assert remembered.preview is not None and remembered.preview["columns"][2]["field"] is None


async def test_what_cannot_be_read_fails_with_a_reason_and_leaves_nothing(world: World, number: Number) -> None:
    job = await ask(world, number, b"nothing that is a catalogue", write=True)
    await running.run_next(world.house, number.shop.id)
    failed = await look(world, number, job)
    assert failed.status == "failed" and failed.trouble
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute("SELECT FROM sources")
        assert await cursor.fetchone() is None


@pytest.mark.parametrize("when", ["reading", "writing"])
async def test_an_import_of_a_process_that_died_is_done_by_another(world: World, number: Number, when: str) -> None:
    job = await ask(world, number, write=True)
    async with world.db.transaction(number.shop.id) as tx:
        now = world.clock.now()
        assert await queries.take(tx, now, now + running.OURS)
        if when == "writing":
            await queries.keep(tx, job.id, packed(await read_file(TABLE, {})))
            await queries.advance(tx, job.id, "writing", 1, 3, now + running.OURS)
    lane = ImportLane(world.house)
    assert await lane.sweep() == []
    world.clock.advance(running.OURS + timedelta(seconds=1))
    assert await lane.sweep() == [number.shop.id]
    assert await lane.work(number.shop.id) == 0.0
    assert (await look(world, number, job)).status == "done"


async def test_one_that_is_begun_again_and_again_is_given_up(world: World, number: Number) -> None:
    job = await ask(world, number, write=True)
    for _ in range(3):
        async with world.db.transaction(number.shop.id) as tx:
            now = world.clock.now()
            await queries.take(tx, now, now + running.OURS)
        world.clock.advance(running.OURS + timedelta(seconds=1))
    await running.run_next(world.house, number.shop.id)
    failed = await look(world, number, job)
    assert (failed.status, "three times" in (failed.trouble or "")) == ("failed", True)


async def test_a_process_that_stops_gives_it_back_at_once(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await ask(world, number, write=True)
    begun = asyncio.Event()

    async def slow(body: bytes, columns: Mapping[str, str]) -> Found:
        begun.set()
        await asyncio.sleep(60)
        return Found("csv")

    monkeypatch.setattr(running, "read_file", slow)
    task = asyncio.create_task(running.run_next(world.house, number.shop.id))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    monkeypatch.undo()
    assert await ImportLane(world.house).sweep() == [number.shop.id]
    await running.run_next(world.house, number.shop.id)
    assert (await look(world, number, job)).status == "done"


async def test_it_is_given_up_while_it_is_read_and_how_far_it_is_is_told(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await ask(world, number, write=True)

    async def slow(body: bytes, columns: Mapping[str, str]) -> Found:
        await asyncio.sleep(60)
        return Found("csv")

    monkeypatch.setattr(running, "read_file", slow)
    monkeypatch.setattr(running, "BEAT", 0.02)
    feed = Feed(world.db)
    async with feed.watch(number.shop.id) as watcher:
        task = asyncio.create_task(running.run_next(world.house, number.shop.id))
        for _ in range(20):
            if await watcher.next(5) == Signal():
                break
        else:
            pytest.fail("those who watch were not told")
        async with world.db.transaction(number.shop.id) as tx:
            await service.cancel(tx, job.id, world.clock.now())
        assert await asyncio.wait_for(task, 5)
    await feed.close()
    assert (await look(world, number, job)).status == "cancelled"


async def test_asking_again_takes_the_place_of_what_was_not_decided(world: World, number: Number) -> None:
    first = await ask(world, number)
    await running.run_next(world.house, number.shop.id)
    second = await ask(world, number, write=True)
    assert (await look(world, number, first)).status == "cancelled"
    async with world.db.transaction(number.shop.id) as tx:
        now = world.clock.now()
        await queries.take(tx, now, now + running.OURS)
        await queries.advance(tx, second.id, "writing", 0, None, now + running.OURS)
    with pytest.raises(Conflict, match="being written just now"):
        await ask(world, number)


_texts = some.text(max_size=20)
_amounts = some.none() | some.decimals(min_value=0, max_value=10**9, places=2)
_variants = some.builds(
    FoundVariant,
    some.dictionaries(_texts, _texts, max_size=2),
    price=_amounts,
    stock=some.none() | some.integers(0, 10**6),
    availability=some.sampled_from([None, "in_stock", "out_of_stock"]),
)
_products = some.builds(
    FoundProduct,
    title=_texts,
    price=_amounts,
    price_max=_amounts,
    images=some.lists(_texts, max_size=2).map(tuple),
    variants=some.lists(_variants, max_size=2).map(tuple),
    provenance=some.dictionaries(_texts, _texts, max_size=2),
)
_found = some.builds(
    Found,
    _texts,
    some.lists(_products, max_size=3).map(tuple),
    some.lists(some.builds(Doubt, _texts, _texts, _texts), max_size=2).map(tuple),
    complete=some.booleans(),
)


@given(_found)
@settings(max_examples=60)
def test_what_was_read_is_kept_as_it_was(found: Found) -> None:
    assert unpacked(packed(found)) == found
