"""One person under several records: what was done counts together, and apart again when the vendor takes it back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
import pytest
from payments_world import World, open_world

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.tools.customers import people, queries
from griot.tools.customers.models import Customer
from griot.tools.intakes import queries as intakes
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order
from griot.tools.reservation.service import join_waitlist, leave_waitlist


@dataclass
class Town:
    """A shop and some of its buyers."""

    world: World

    async def buyer(self, **columns: object) -> tuple[int, int]:
        """A new buyer: (conversation, customer)."""
        thread = await self.world.thread("fr")
        for name, value in columns.items():
            await self.world.rows(f"UPDATE customers SET {name} = %s WHERE id = %s RETURNING id", value, thread[1])
        return thread

    async def merge(self, one: int, other: int) -> people.Person:
        async with self.world.db.transaction(self.world.shop.id) as tx:
            return await people.merge(tx, one, other, self.world.clock.now())

    async def unmerge(self, one: int, other: int) -> tuple[people.Person, people.Person]:
        async with self.world.db.transaction(self.world.shop.id) as tx:
            return await people.unmerge(tx, one, other, self.world.clock.now())

    async def seen(self, customer_id: int) -> Customer:
        async with self.world.db.transaction(self.world.shop.id) as tx:
            return (await queries.load(tx, [customer_id]))[customer_id]

    async def pay(self, thread: tuple[int, int]) -> Order:
        order = await self.world.hold(thread=thread)
        await self.world.pay(order)
        return order


@pytest.fixture
async def town(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Town]:
    async with open_world(database_url, db, clock) as opened:
        yield Town(opened)


async def test_what_was_done_counts_together_and_comes_apart_exactly(town: Town) -> None:
    (_, one) = await town.buyer(
        name="Awa", paid_orders=2, spent_minor=60_000, payment_seconds=100, badges=["fast_payer"]
    )
    (_, other) = await town.buyer(
        name="awa_style", paid_orders=1, spent_minor=50_000, expired_holds=1, badges=["first_buyer"], opted_out=True
    )
    before = [await town.seen(one), await town.seen(other)]
    rows = "SELECT * FROM customers WHERE id IN (%s, %s) ORDER BY id"
    stored = await town.world.rows(rows, one, other)

    person = await town.merge(other, one)
    assert person.whole.id == one
    for record in (one, other):
        seen = await town.seen(record)
        assert (seen.standing.paid_orders, seen.standing.spent_minor, seen.standing.expired_holds) == (3, 110_000, 1)
        assert seen.standing.payment_seconds == 100
        assert seen.badges == ("fast_payer", "first_buyer")
        assert seen.opted_out
        assert seen.records == (one, other)
    assert ((await town.seen(one)).name, (await town.seen(other)).name) == ("Awa", "awa_style")
    assert (await town.seen(other)).phone == before[1].phone  # a number proven on one channel is not the other's

    await town.unmerge(one, other)
    assert [await town.seen(one), await town.seen(other)] == before
    assert await town.world.rows(rows, one, other) == stored


async def test_what_is_paid_while_merged_stays_where_it_was_paid(town: Town) -> None:
    (_, one) = await town.buyer(paid_orders=2)
    (_, other) = second = await town.buyer()
    await town.merge(one, other)
    await town.pay(second)
    seen = await town.seen(one)
    assert seen.standing.paid_orders == 3
    assert "loyal" in seen.badges  # the third purchase of the person
    await town.unmerge(one, other)
    assert [(await town.seen(c)).standing.paid_orders for c in (one, other)] == [2, 1]


async def test_history_goes_along(town: Town) -> None:
    (thread, one) = first = await town.buyer()
    (_, other) = await town.buyer()
    order = await town.pay(first)
    world = town.world
    async with world.db.transaction(world.shop.id) as tx:
        address = {"text": "Rue 10, Dakar"}
        await intakes.insert(tx, thread, one, order.id, "address", address, world.clock.now())

    async def known() -> tuple[list[int], list[int], bool, bool, list[int]]:
        async with world.db.transaction(world.shop.id) as tx:
            bought = await orders.purchases(tx, other)
            past = await orders.past(tx, [one, other], 5)
            named = await orders.by_reference(tx, other, order.reference)
            address = await intakes.last_address(tx, other)
            book = await orders.page(tx, 10, None, customer_id=other)
        ids = ([o.id for o in bought], [o.id for o in past[other]])
        return *ids, named is not None, address is not None, [o.id for o in book]

    assert await known() == ([], [], False, False, [])
    await town.merge(one, other)
    assert await known() == ([order.id], [order.id], True, True, [order.id])
    await town.unmerge(one, other)
    assert await known() == ([], [], False, False, [])


async def test_leaving_the_line_on_one_channel_leaves_it_on_the_other(town: Town) -> None:
    (thread, one), (_, other) = await town.buyer(), await town.buyer()
    await town.merge(one, other)
    world = town.world
    variant = await world.product("SOLD", 5_000, 0)
    async with world.db.transaction(world.shop.id) as tx:
        await join_waitlist(tx, world.shop, variant, one, thread, 1, False, world.clock.now())
        assert await leave_waitlist(tx, variant, other, world.clock.now())


async def test_links_make_a_chain_and_break_where_they_were_made(town: Town) -> None:
    a, b, c, d = [(await town.buyer(paid_orders=1))[1] for _ in range(4)]
    await town.merge(b, c)
    await town.merge(c, d)
    person = await town.merge(d, a)
    assert person.whole.id == a
    assert person.whole.standing.paid_orders == 4
    assert [(link.one_id, link.other_id) for link in person.links] == [(b, c), (c, d), (a, d)]

    apart = await town.unmerge(d, c)
    assert [[record.id for record in part.records] for part in apart] == [[b, c], [a, d]]
    await town.merge(d, c)  # said again
    assert len((await town.seen(a)).records) == 4


async def test_what_cannot_be_merged_or_taken_back(town: Town) -> None:
    a, b, c = [(await town.buyer())[1] for _ in range(3)]
    with pytest.raises(InvalidInput):
        await town.merge(a, a)
    with pytest.raises(NotFound):
        await town.merge(a, 999_999)
    with pytest.raises(NotFound):
        await town.unmerge(a, b)
    await town.merge(a, b)
    await town.merge(b, c)
    with pytest.raises(Conflict):
        await town.merge(c, a)
    with pytest.raises(NotFound):
        await town.unmerge(a, c)  # one person, by way of b


async def test_another_shop_neither_sees_nor_merges_them(town: Town, database_url: str) -> None:
    a, b = [(await town.buyer())[1] for _ in range(2)]
    await town.merge(a, b)
    with psycopg.connect(database_url, options=OWNER_OPTIONS, autocommit=True) as owner:
        row = owner.execute("INSERT INTO shops (slug, name, created_at) VALUES ('o', 'O', now()) RETURNING shop_id")
        (stranger,) = row.fetchone() or (0,)
    async with town.world.db.transaction(stranger) as tx:
        assert await people.page(tx, 10) == []
        cursor = await tx.execute("SELECT records_of(%s) AS records", (a,))
        assert await cursor.fetchone() == {"records": None}
        cursor = await tx.execute("SELECT count(*) AS n FROM customer_links")
        assert await cursor.fetchone() == {"n": 0}
    with pytest.raises(NotFound):
        async with town.world.db.transaction(stranger) as tx:
            await people.unmerge(tx, a, b, town.world.clock.now())


async def test_who_merged_and_who_took_it_back_is_in_the_log(town: Town) -> None:
    a, b = [(await town.buyer())[1] for _ in range(2)]
    async with town.world.db.transaction(town.world.shop.id, actor="user:7") as tx:
        await people.merge(tx, a, b, town.world.clock.now())
    await town.unmerge(a, b)
    found = await town.world.rows("SELECT kind, actor, data FROM events WHERE kind LIKE 'customer.%%' ORDER BY id")
    assert found == [
        {
            "kind": "customer.merged",
            "actor": "user:7",
            "data": {"customers": [a, b], "proof": "vendor", "before": [[a], [b]]},
        },
        {"kind": "customer.unmerged", "actor": None, "data": {"customers": [a, b], "after": [[a], [b]]}},
    ]


async def test_payments_race_with_merging_and_taking_back(town: Town) -> None:
    """Whatever comes first, each payment is counted once, and under the record that paid."""
    buyers = [await town.buyer() for _ in range(3)]
    (_, a), (_, b), (_, c) = buyers
    held = [await town.world.hold(thread=buyer, quantity=1) for buyer in buyers]

    async def back_and_forth() -> None:
        for _ in range(5):
            await asyncio.gather(town.merge(a, b), town.merge(c, b))
            await asyncio.gather(town.unmerge(b, a), town.unmerge(b, c))
        await town.merge(a, c)

    await asyncio.gather(back_and_forth(), *(town.world.pay(order) for order in held))
    assert [(await town.world.order(order)).status for order in held] == ["paid"] * 3
    assert [(await town.seen(x)).standing.paid_orders for x in (a, b, c)] == [2, 1, 2]
    await town.unmerge(a, c)
    assert [(await town.seen(x)).standing.paid_orders for x in (a, b, c)] == [1, 1, 1]
    async with town.world.db.transaction(town.world.shop.id) as tx:
        await assert_books_balanced(tx)
