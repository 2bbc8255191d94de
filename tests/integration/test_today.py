"""The day so far: what was sold, compared with yesterday at the same time, and what waits for somebody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.money import Money
from griot.tools.briefing import service
from griot.tools.briefing.models import Sales, Today
from griot.tools.customers import queries as customers
from griot.tools.escalation.service import escalate
from griot.tools.orders import service as orders
from griot.tools.reservation import service as reservation
from griot.tools.reservation.models import HoldRequest
from house_world import Number, World, article, open_world

NOON = datetime(2026, 2, 15, 12, 0, tzinfo=UTC)  # Dakar has no offset


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    clock.set(NOON - timedelta(days=3))
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def buy(world: World, number: Number, n: int, at: datetime, quantity: int = 1, *, paid: bool = True) -> int:
    world.clock.set(at)
    thread = await world.thread(number, n)
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute(
            "SELECT customer_id AS id, variants.id AS variant FROM conversations, variants WHERE conversations.id = %s",
            (thread,),
        )
        row = await cursor.fetchone()
        assert row is not None
        buyer = (await customers.load(tx, [row["id"]]))[row["id"]]
        request = HoldRequest(thread, buyer.id, buyer.standing, None, row["variant"], quantity)
        [held] = await reservation.reserve(tx, number.shop, [request], at)
        assert held.order_id is not None
        if paid:
            await orders.await_payment(tx, held.order_id, "wave", at)
            await reservation.sell(tx, held.order_id)
            await orders.mark_paid(tx, held.order_id, "wave", at)
    return held.order_id


async def today(world: World, number: Number) -> Today:
    async with world.db.transaction(number.shop.id) as tx:
        return await service.today(tx, number.shop, world.clock.now())


async def test_the_day_so_far(world: World) -> None:
    number = await world.number(article("ROBE1", 10))
    await buy(world, number, 1, NOON - timedelta(hours=30))  # yesterday morning
    await buy(world, number, 2, NOON - timedelta(hours=20))  # yesterday, later than now
    ready = await buy(world, number, 3, NOON - timedelta(hours=2), 2)
    await buy(world, number, 4, NOON - timedelta(hours=1))
    await buy(world, number, 5, NOON - timedelta(minutes=1), paid=False)
    async with world.db.transaction(number.shop.id) as tx:
        await orders.set_fulfilment(tx, ready, "ready", NOON)
        await escalate(
            tx,
            number.shop,
            conversation_id=1,
            customer_id=1,
            buyer="Awa",
            reason="complaint",
            summary="Où est ma robe ?",
            now=NOON,
        )
    world.clock.set(NOON)
    shown = await today(world, number)
    assert shown.sales == Sales(3, 2, Money(45_000, "XOF")) and shown.sales.basket == Money(22_500, "XOF")
    assert shown.yesterday == Sales(1, 1, Money(15_000, "XOF"))
    assert (shown.writers, shown.unpaid, shown.to_prepare) == (3, 1, 3)
    assert (shown.waiting, shown.complaints, shown.refunds, shown.sold_out) == (1, 1, 0, ())


async def test_a_day_on_which_nothing_has_happened(world: World) -> None:
    number = await world.number(article("ROBE1", 10))
    shown = await today(world, number)
    assert shown.sales == shown.yesterday == Sales(0, 0, Money(0, "XOF")) and shown.sales.basket is None
    assert shown.waiting == shown.unpaid == shown.to_prepare == 0
