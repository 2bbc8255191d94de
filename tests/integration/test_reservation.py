"""Stock is held at once, for as long as trust says, and never twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from reservation_helpers import (
    NEW,
    RISKY,
    VIP,
    arrive,
    article,
    happened,
    held_order,
    level,
    one_hold,
    open_shop,
    standing_of,
    the_order,
    told,
)

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.customers.models import Standing
from griot.tools.orders.service import await_payment, mark_paid
from griot.tools.reservation.service import cancel_order, extend, reserve, retake, sell


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def test_answers_come_in_the_order_of_the_requests(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    bag = await article(tx, "SAC2", 1, clock.now(), price=8_000)
    old = await article(tx, "VIEUX", 5, clock.now())
    await tx.execute("UPDATE products SET active = false WHERE code = 'VIEUX'")
    a, b, c = await arrive(tx, 3, clock.now())
    holds = await reserve(
        tx,
        shop,
        [c.wants(bag), a.wants(robe, 2), b.wants(bag), b.wants(old), b.wants(robe, 21), a.wants(robe, 2)],
        clock.now(),
    )
    assert [(hold.outcome, hold.variant_id, hold.quantity, hold.left) for hold in holds] == [
        ("held", bag, 1, 0),
        ("held", robe, 2, 1),
        ("short", bag, 0, 0),
        ("gone", old, 0, 0),
        ("too_many", robe, 0, 20),
        ("same", robe, 2, 1),
    ]
    assert [hold.unit for hold in holds[:2]] == [Money(8_000, "XOF"), Money(15_000, "XOF")]
    assert holds[1].order_id == holds[5].order_id
    await assert_books_balanced(tx)


async def test_asking_twice_is_asking_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    first = await one_hold(tx, shop, buyer, robe, clock.now())
    again = await one_hold(tx, shop, buyer, robe, clock.now())
    assert (first.outcome, again.outcome) == ("held", "same")
    assert first.order_id == again.order_id
    assert await level(tx, robe) == (2, 1, 0)
    assert await happened(tx) == ["order.held"]


async def test_a_quantity_is_what_the_buyer_ends_up_with(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    await one_hold(tx, shop, buyer, robe, clock.now(), 1)
    more = await one_hold(tx, shop, buyer, robe, clock.now(), 3)
    assert (more.outcome, more.quantity, more.left) == ("held", 3, 0)
    too_much = await one_hold(tx, shop, buyer, robe, clock.now(), 4)
    assert (too_much.outcome, too_much.quantity, too_much.left) == ("short", 3, 0)
    less = await one_hold(tx, shop, buyer, robe, clock.now(), 1)
    assert (less.outcome, less.quantity, less.left) == ("held", 1, 2)
    assert (await the_order(tx, less.order_id or 0)).total == Money(15_000, "XOF")
    assert await happened(tx) == ["order.held", "order.changed", "order.changed"]
    await assert_books_balanced(tx)


async def test_nothing_and_less_cannot_be_held(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    (buyer,) = await arrive(tx, 1, clock.now())
    for quantity in (0, -1):
        with pytest.raises(InvalidInput, match="give 1 or more"):
            buyer.wants(1, quantity)
    assert await reserve(tx, shop, [], clock.now()) == []
    assert (await reserve(tx, shop, [buyer.wants(1, 99)], clock.now()))[0].outcome == "too_many"


@pytest.mark.parametrize(("standing", "minutes", "reminder"), [(NEW, 10, 420), (VIP, 15, 720), (RISKY, 5, 150)])
async def test_trust_decides_the_deadline_and_the_reminder(
    tx: Tx, shop: Shop, clock: FrozenClock, standing: Standing, minutes: int, reminder: int
) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now(), standing)
    order = await held_order(tx, shop, buyer, robe, clock.now())
    assert order.expires_at == clock.now() + timedelta(minutes=minutes)
    cursor = await tx.execute("SELECT remind_at FROM orders WHERE id = %s", (order.id,))
    row = await cursor.fetchone()
    assert row is not None
    assert row["remind_at"] == clock.now() + timedelta(seconds=reminder)


async def test_adding_to_a_basket_moves_its_deadline_but_never_past_thirty_minutes(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 30, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    made = clock.now()
    order = await held_order(tx, shop, buyer, robe, clock.now())
    for quantity in range(2, 6):
        clock.advance(timedelta(minutes=8))
        if clock.now() < made + timedelta(minutes=30):
            order = await held_order(tx, shop, buyer, robe, clock.now(), quantity)
    assert order.expires_at == made + timedelta(minutes=30)


async def test_five_more_minutes_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    longer = await extend(tx, shop, order.id, clock.now())
    assert longer == replace(order, expires_at=order.expires_at + timedelta(minutes=5), extended=True)
    with pytest.raises(Conflict, match="extended once already"):
        await extend(tx, shop, order.id, clock.now())


async def test_no_extension_past_thirty_minutes(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    patient = replace(shop, settings=replace(shop.settings, hold_minutes=28))
    order = await held_order(tx, patient, a, robe, clock.now())
    longer = await extend(tx, patient, order.id, clock.now())
    assert longer.expires_at == order.created_at + timedelta(minutes=30)
    slow = replace(shop, settings=replace(shop.settings, hold_minutes=30))
    order = await held_order(tx, slow, b, robe, clock.now())
    with pytest.raises(Conflict, match="cannot be held any longer"):
        await extend(tx, slow, order.id, clock.now())


async def test_an_overdue_basket_frees_itself_when_the_buyer_comes_back(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """Ten minutes later the old basket is over: a new one, a new reference, a full new deadline."""
    robe = await article(tx, "ROBE1", 1, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    old = await held_order(tx, shop, buyer, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    new = await held_order(tx, shop, buyer, robe, clock.now())
    assert new.id != old.id
    assert new.seconds_left(clock.now()) == 600
    assert (await the_order(tx, old.id)).status == "expired"
    assert (await standing_of(tx, buyer)).expired_holds == 1
    await assert_books_balanced(tx)


async def test_stock_of_overdue_orders_is_for_sale_though_no_worker_runs(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 2, clock.now())
    bag = await article(tx, "SAC2", 1, clock.now(), title="Sac")
    a, b, c = await arrive(tx, 3, clock.now())
    await reserve(tx, shop, [a.wants(robe), a.wants(bag)], clock.now())
    paying = await held_order(tx, shop, b, robe, clock.now())
    await await_payment(tx, paying.id, "wave", clock.now())
    clock.advance(timedelta(minutes=10))

    taken = await one_hold(tx, shop, c, robe, clock.now(), 2)
    assert (taken.outcome, taken.left) == ("held", 0)
    assert await level(tx, robe) == (0, 2, 0)
    assert await level(tx, bag) == (1, 0, 0), "the whole order expires, not only the line in the way"
    assert (await the_order(tx, paying.id)).status == "expired"
    assert len(await told(tx, a)) == 1
    assert len(await told(tx, b)) == 1
    await assert_books_balanced(tx)


async def test_while_the_hold_lasts_nobody_else_gets_it(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    await held_order(tx, shop, a, robe, clock.now())
    clock.advance(timedelta(minutes=10) - timedelta(microseconds=1))
    assert (await one_hold(tx, shop, b, robe, clock.now())).outcome == "short"
    clock.advance(timedelta(microseconds=1))
    assert (await one_hold(tx, shop, b, robe, clock.now())).outcome == "held"


async def test_cancelled_stock_is_for_sale_at_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, a, robe, clock.now())
    cancelled = await cancel_order(tx, shop, order.id, clock.now())
    assert cancelled == await the_order(tx, order.id)
    assert cancelled.status == "cancelled"
    assert (await one_hold(tx, shop, b, robe, clock.now())).outcome == "held"
    assert (await standing_of(tx, a)).expired_holds == 0, "saying no in time costs no trust"


async def test_a_late_payment_is_honoured_while_stock_is_left(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, a, robe, clock.now())
    await await_payment(tx, order.id, "wave", clock.now())
    clock.advance(timedelta(minutes=11))
    await cancel_order(tx, shop, (await held_order(tx, shop, b, robe, clock.now())).id, clock.now())

    assert await retake(tx, order.id, clock.now())
    await sell(tx, order.id)
    assert (await mark_paid(tx, order.id, "wave", clock.now())).status == "paid"
    assert await level(tx, robe) == (0, 0, 1)
    await assert_books_balanced(tx)


async def test_a_late_payment_takes_nothing_from_those_who_hold_it_now(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), title="Sac")
    a, b = await arrive(tx, 2, clock.now())
    await reserve(tx, shop, [a.wants(robe), a.wants(bag)], clock.now())
    order = await held_order(tx, shop, a, bag, clock.now(), 2)
    clock.advance(timedelta(minutes=11))
    await held_order(tx, shop, b, robe, clock.now())

    assert not await retake(tx, order.id, clock.now())
    assert (await the_order(tx, order.id)).status == "expired"
    assert await level(tx, bag) == (5, 0, 0), "all lines or none"
    await assert_books_balanced(tx)


async def test_a_late_payment_gets_what_overdue_orders_still_hold(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, a, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    await held_order(tx, shop, b, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    assert await retake(tx, order.id, clock.now())
    assert await level(tx, robe) == (0, 1, 0)
    await assert_books_balanced(tx)


async def test_money_for_an_overdue_order_that_nobody_closed_is_honoured(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    await await_payment(tx, order.id, "wave", clock.now())
    clock.advance(timedelta(hours=1))
    await sell(tx, order.id)
    await mark_paid(tx, order.id, "wave", clock.now())
    assert await level(tx, robe) == (0, 0, 1)
    await assert_books_balanced(tx)
