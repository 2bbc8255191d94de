"""The key figures of a shop: answers, escalations, offers, times and cost, by the shop's own days."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import TurnRecord
from griot.tools.customers import queries as customers
from griot.tools.escalation.service import escalate
from griot.tools.figures import service
from griot.tools.figures.models import Figures, Spread
from griot.tools.orders import service as orders
from griot.tools.reservation import service as reservation
from griot.tools.reservation.models import HoldRequest
from house_world import Number, World, article, message, open_world

NOON = datetime(2026, 2, 15, 12, 0, tzinfo=UTC)  # Dakar has no offset
TODAY = date(2026, 2, 15)


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    clock.set(NOON)
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def turn(world: World, number: Number, n: int, outcome: str, waited: float, **more: object) -> int:
    """Buyer ``n`` writes, and is answered so many seconds later."""
    await world.receive(number, message("Bonjour", world.clock.now(), n))
    world.clock.advance(timedelta(seconds=waited))
    async with world.db.transaction(number.shop.id) as tx:
        threads = await conversations.claim(tx, 10, world.clock.now())
        (thread,) = threads
        record = TurnRecord(
            conversation_id=thread.id,
            message_ids=tuple(message.id for message in thread.messages),
            reading={},
            outcome=outcome,
            asked=None,
            language=None,
            last_inbound_at=world.clock.now(),
            handler="agent",
            **more,  # type: ignore[arg-type]
        )
        await conversations.finish(tx, [record], world.clock.now())
    return thread.id


async def read(world: World, number: Number, days: int = 7) -> Figures:
    async with world.db.transaction(number.shop.id) as tx:
        return await service.figures(tx, number.shop, TODAY, days)


async def test_the_figures_of_a_week(world: World) -> None:
    number = await world.number(article("ROBE1", 10))
    search = ({"action": "search", "product": "ROBE1"},)
    world.clock.set(NOON - timedelta(days=1))
    await turn(world, number, 1, "product_shown", 0.2, effects=search)
    talk = await turn(world, number, 2, "held+escalated", 30)
    await turn(world, number, 3, "noted", 0)
    async with world.db.transaction(number.shop.id) as tx:
        await escalate(
            tx,
            number.shop,
            conversation_id=talk,
            customer_id=1,
            buyer="Awa",
            reason="human",
            summary="?",
            now=world.clock.now(),
        )
    world.clock.advance(timedelta(seconds=90))
    async with world.db.transaction(number.shop.id) as tx:
        await conversations.give_back(tx, talk, world.clock.now())
    world.clock.set(NOON)
    usage = {"calls": 2, "tokens_in": 900, "tokens_out": 40, "seconds": 1.0, "model": "small"}
    await turn(world, number, 1, "said", 1.5, usage=usage)
    await buy(world, number, 1, 45)
    found = await read(world, number)
    assert [day.day for day in found.days] == [TODAY - timedelta(days=n) for n in range(6, -1, -1)]
    assert (found.answers.asked, found.answers.automatic) == (3, 2)
    assert found.answers.waited == Spread(2, 200, 1500)
    assert (found.answers.calls, found.answers.tokens_in, found.answers.tokens_out) == (2, 900, 40)
    assert (found.talks, found.escalated, found.leads, found.offered) == (2, 1, 1, 1)
    assert (found.escalation_rate, found.offer_rate) == (0.5, 1.0)
    assert (found.resolved, found.open) == (Spread(1, 90, 90), 0)
    assert found.ordered == Spread(1, 45, 45)
    yesterday, today = found.days[-2:]
    assert (yesterday.answers.asked, yesterday.answers.automatic, yesterday.escalations) == (2, 1, 1)
    assert (today.orders, today.paid, today.answers.tokens_in) == (1, 1, 900)
    assert (await read(world, number, days=1)).talks == 1
    other = await world.number(article("ROBE1", 10))
    assert (await read(world, other)).answers.asked == 0


async def buy(world: World, number: Number, n: int, seconds: float) -> None:
    thread = await world.thread(number, n)
    async with world.db.transaction(number.shop.id) as tx:
        cursor = await tx.execute(
            "SELECT customer_id AS id, variants.id AS variant FROM conversations, variants WHERE conversations.id = %s",
            (thread,),
        )
        row = await cursor.fetchone()
        assert row is not None
        buyer = (await customers.load(tx, [row["id"]]))[row["id"]]
        request = HoldRequest(thread, buyer.id, buyer.standing, None, row["variant"], 1)
        [held] = await reservation.reserve(tx, number.shop, [request], world.clock.now())
        assert held.order_id is not None
        await orders.await_payment(tx, held.order_id, "wave", world.clock.now())
        await reservation.sell(tx, held.order_id)
        world.clock.advance(timedelta(seconds=seconds))
        await orders.mark_paid(tx, held.order_id, "wave", world.clock.now())


async def test_nothing_has_figures_too_and_a_year_is_too_long(world: World) -> None:
    number = await world.number(article("ROBE1", 10))
    found = await read(world, number, 30)
    assert len(found.days) == 30 and found.answers.automatic_rate is None and found.offer_rate is None
    for days in (0, 93):
        with pytest.raises(InvalidInput, match="1 to 92"):
            await read(world, number, days)
