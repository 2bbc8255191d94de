"""A catalogue is in memory, with its search, before a buyer asks: after a change, and where buyers wrote lately."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, listen_connection
from griot.core.money import Money
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue import service as catalogue
from griot.worker.catalogues import AWAKE, SETTLED, CatalogueLane, Catalogues
from house_world import Number, World, article, open_world


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number()


async def shop_now(world: World, number: Number) -> Shop:
    async with world.house.db.transaction(number.shop.id) as tx:
        return await load_shop(tx)


async def add(world: World, number: Number, code: str, title: str) -> None:
    async with world.house.db.transaction(number.shop.id) as tx:
        await catalogue.create_product(
            tx, code=code, title=title, price=Money(5000, "XOF"), stock=3, now=world.house.clock.now()
        )


async def test_a_change_is_made_ready_once_it_has_settled(world: World, number: Number) -> None:
    catalogues = Catalogues()
    lane = CatalogueLane(world.house, catalogues)
    await add(world, number, "NATTE1", "Natte en raphia")
    assert await lane.work(number.shop.id) == SETTLED
    await add(world, number, "PANIER1", "Panier en osier")
    assert await lane.work(number.shop.id) == SETTLED
    assert not catalogues.is_ready(await shop_now(world, number))
    assert await lane.work(number.shop.id) is None
    shop = await shop_now(world, number)
    assert catalogues.is_ready(shop)
    async with world.house.db.transaction(shop.id) as tx:
        known = await catalogues.current(tx, shop)
    assert [hit.key for hit in known.search.products("un panier", 1)] == ["PANIER1"]


async def test_what_an_import_changed_is_found(world: World, number: Number) -> None:
    catalogues = Catalogues()
    lane = CatalogueLane(world.house, catalogues)
    await add(world, number, "NATTE1", "Natte en raphia")
    while await lane.work(number.shop.id):
        pass
    await add(world, number, "PANIER1", "Panier en osier")
    shop = await shop_now(world, number)
    assert not catalogues.is_ready(shop)
    async with world.house.db.transaction(shop.id) as tx:
        known = await catalogues.current(tx, shop)
    await catalogues.make_searchable(known)
    assert [hit.key for hit in known.search.products("un panier", 1)] == ["PANIER1"]


async def test_a_new_price_keeps_the_search(world: World, number: Number) -> None:
    catalogues = Catalogues()
    await add(world, number, "NATTE1", "Natte en raphia")
    shop = await shop_now(world, number)
    async with world.house.db.transaction(shop.id) as tx:
        before = await catalogues.current(tx, shop)
    await catalogues.make_searchable(before)
    made = before.search
    del before
    async with world.house.db.transaction(shop.id) as tx:
        await tx.execute("UPDATE products SET price_minor = 4000 WHERE code = 'NATTE1'")
    shop = await shop_now(world, number)
    async with world.house.db.transaction(shop.id) as tx:
        after = await catalogues.current(tx, shop)
    await catalogues.make_searchable(after)
    assert after.search is made
    assert after.products["NATTE1"].price == Money(4000, "XOF")


async def test_those_that_were_quiet_longest_are_given_up(world: World) -> None:
    catalogues = Catalogues(most_products=3)
    shops = [(await world.number(article("ROBE1", 1), article("SAC2", 1))).shop for _ in range(3)]
    for shop in shops:
        async with world.db.transaction(shop.id) as tx:
            await catalogues.make_searchable(await catalogues.current(tx, await load_shop(tx)))
    async with world.db.transaction(shops[2].id) as tx:
        assert catalogues.is_ready(await load_shop(tx))
    async with world.db.transaction(shops[1].id) as tx:
        assert not catalogues.is_ready(await load_shop(tx))


async def test_where_there_is_no_room_nothing_is_given_up_ahead_of_a_question(world: World) -> None:
    catalogues = Catalogues(most_products=2)
    lane = CatalogueLane(world.house, catalogues)
    first, second = [await world.number(article("ROBE1", 1), article("SAC2", 1)) for _ in range(2)]
    for number in (first, second):
        while await lane.work(number.shop.id):
            pass
    assert catalogues.is_ready(await shop_now(world, first))
    assert not catalogues.is_ready(await shop_now(world, second))


async def test_shops_are_awake_a_day_after_a_message(world: World, number: Number) -> None:
    lane = CatalogueLane(world.house, Catalogues())
    await world.number()
    assert await lane.sweep() == []
    await world.thread(number)
    assert await lane.sweep() == [number.shop.id]
    world.clock.advance(AWAKE + timedelta(hours=1))
    assert await lane.sweep() == []


async def test_workers_are_told_of_a_change(world: World, number: Number, database_url: str) -> None:
    async with await listen_connection(database_url) as ear:
        await ear.execute("LISTEN griot_catalogues")
        await add(world, number, "NATTE1", "Natte en raphia")
        async for notice in ear.notifies(timeout=5, stop_after=1):
            assert notice.payload == str(number.shop.id)
            return
    pytest.fail("nobody was told")
