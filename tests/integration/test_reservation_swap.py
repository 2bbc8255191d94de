"""One article for another: the new one is held and the old one free, or nothing has changed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from reservation_helpers import (
    Buyer,
    arrive,
    article,
    happened,
    held_order,
    level,
    one_hold,
    open_shop,
    the_order,
    told,
)

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.orders.service import await_payment
from griot.tools.reservation.models import Hold
from griot.tools.reservation.service import join_waitlist, swap


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def test_the_new_one_is_held_and_the_old_one_is_for_sale_again(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), price=8_000, title="Sac")
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now(), quantity=2)
    clock.advance(timedelta(minutes=3))
    taken = await swap(tx, shop, order.id, robe, bag, None, clock.now())
    assert taken == Hold("held", order.id, bag, 2, Money(8_000, "XOF"), 3)
    after = await the_order(tx, order.id)
    assert [(line.code, line.quantity) for line in after.lines] == [("SAC2", 2)]
    assert (after.total, after.expires_at) == (Money(16_000, "XOF"), order.expires_at)
    assert await level(tx, robe) == (5, 0, 0)
    assert await level(tx, bag) == (3, 2, 0)
    assert await happened(tx) == ["order.held", "order.changed", "order.changed"]
    await assert_books_balanced(tx)


async def test_the_rest_of_the_basket_stays_and_quantities_are_totals(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    small, large, bag = [await article(tx, code, 9, clock.now()) for code in ("ROBE1", "ROBE2", "SAC2")]
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, small, clock.now(), quantity=2)
    await one_hold(tx, shop, buyer, large, clock.now())
    await one_hold(tx, shop, buyer, bag, clock.now())
    await swap(tx, shop, order.id, small, large, None, clock.now())
    assert {line.code: line.quantity for line in (await the_order(tx, order.id)).lines} == {"ROBE2": 3, "SAC2": 1}
    assert (await swap(tx, shop, order.id, bag, large, 2, clock.now())).outcome == "held"
    assert {line.code: line.quantity for line in (await the_order(tx, order.id)).lines} == {"ROBE2": 2}
    assert (await swap(tx, shop, order.id, large, small, 1, clock.now())).outcome == "held"
    await assert_books_balanced(tx)


async def test_too_few_of_the_new_one_changes_nothing_and_says_what_is_left(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    bag = await article(tx, "SAC2", 1, clock.now())
    old = await article(tx, "VIEUX", 5, clock.now())
    await tx.execute("UPDATE products SET active = false WHERE code = 'VIEUX'")
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now(), quantity=2)
    short = await swap(tx, shop, order.id, robe, bag, None, clock.now())
    assert (short.outcome, short.quantity, short.left) == ("short", 0, 1)
    gone = await swap(tx, shop, order.id, robe, old, None, clock.now())
    assert gone.outcome == "gone"
    many = await swap(tx, shop, order.id, robe, bag, 21, clock.now())
    assert (many.outcome, many.left) == ("too_many", 20)
    assert await the_order(tx, order.id) == order
    assert await level(tx, robe) == (3, 2, 0)
    assert await level(tx, bag) == (1, 0, 0)


async def test_what_cannot_be_swapped_is_refused(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    with pytest.raises(InvalidInput, match="change its quantity"):
        await swap(tx, shop, order.id, robe, robe, 2, clock.now())
    with pytest.raises(NotFound, match="nothing was changed"):
        await swap(tx, shop, order.id, bag, robe, None, clock.now())
    with pytest.raises(NotFound):
        await swap(tx, shop, 999_999, robe, bag, None, clock.now())
    await await_payment(tx, order.id, "wave", clock.now())
    with pytest.raises(Conflict, match="being paid"):
        await swap(tx, shop, order.id, robe, bag, None, clock.now())
    clock.advance(timedelta(minutes=11))
    with pytest.raises(Conflict, match="expired"):
        await swap(tx, shop, order.id, robe, bag, None, clock.now())


async def test_who_waits_goes_first_on_both_sides(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 0, clock.now())
    buyer, waits_for_robe, waits_for_bag = await arrive(tx, 3, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    for waiting, variant in ((waits_for_robe, robe), (waits_for_bag, bag)):
        await join_waitlist(
            tx, shop, variant, waiting.customer_id, waiting.conversation_id, 1, vip=False, now=clock.now()
        )
    await tx.execute("UPDATE stock_levels SET on_hand = 1, received = 1 WHERE variant_id = %s", (bag,))
    assert (await swap(tx, shop, order.id, robe, bag, None, clock.now())).outcome == "short"
    assert await told(tx, waits_for_bag), "the one bag is for who waited"
    await tx.execute("UPDATE stock_levels SET on_hand = on_hand + 1, received = 2 WHERE variant_id = %s", (bag,))
    assert (await swap(tx, shop, order.id, robe, bag, None, clock.now())).outcome == "held"
    assert await told(tx, waits_for_robe), "the robe that came free is for who waited"
    await assert_books_balanced(tx)


async def test_what_an_overdue_order_holds_may_be_swapped_in(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 1, clock.now())
    late, buyer = await arrive(tx, 2, clock.now())
    await held_order(tx, shop, late, bag, clock.now())
    clock.advance(timedelta(minutes=11))
    order = await held_order(tx, shop, buyer, robe, clock.now())
    assert (await swap(tx, shop, order.id, robe, bag, None, clock.now())).outcome == "held"


async def test_a_crowd_that_swaps_to_and_fro_oversells_nothing(
    database_url: str, db: Database, shop: Shop, clock: FrozenClock
) -> None:
    """Twelve hold robes, twelve hold bags, all want the other at once, and only four of each are free."""
    crowd = Database(database_url, size=16)
    await crowd.open()
    try:
        async with crowd.transaction(shop.id) as tx:
            robe = await article(tx, "ROBE1", 16, clock.now())
            bag = await article(tx, "SAC2", 16, clock.now())
            buyers = await arrive(tx, 24, clock.now())
            orders = {
                buyer: await held_order(tx, shop, buyer, robe if n % 2 else bag, clock.now())
                for n, buyer in enumerate(buyers)
            }

        async def change(buyer: Buyer, n: int) -> str:
            here, there = (robe, bag) if n % 2 else (bag, robe)
            async with crowd.transaction(shop.id) as tx:
                return (await swap(tx, shop, orders[buyer].id, here, there, None, clock.now())).outcome

        outcomes = await asyncio.gather(*(change(buyer, n) for n, buyer in enumerate(buyers)))
        assert set(outcomes) <= {"held", "short"}
        assert outcomes.count("held") >= 4
        async with crowd.transaction(shop.id) as tx:
            for buyer in buyers:
                assert len((await the_order(tx, orders[buyer].id)).lines) == 1
            await assert_books_balanced(tx)
    finally:
        await crowd.close()
