"""An order goes one way: held, being paid, paid; or it ends. Nothing else is done to it by mistake."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reservation_helpers import arrive, article, happened, held_order, level, open_shop, standing_of, the_order

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop, load_shop
from griot.tools.customers import queries as customers
from griot.tools.customers import service as customer_service
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order, Status
from griot.tools.orders.service import MOVES, await_payment, check_move, mark_paid
from griot.tools.reservation.service import cancel_line, cancel_order, extend, reserve, retake, sell

LIVE = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
STATUSES: tuple[Status, ...] = ("reserved", "awaiting_payment", "paid", "expired", "cancelled")


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def paid_order(tx: Tx, shop: Shop, order: Order, clock: FrozenClock) -> Order:
    await await_payment(tx, order.id, "wave", clock.now())
    await sell(tx, order.id)
    return await mark_paid(tx, order.id, "wave", clock.now())


async def test_from_the_hold_to_the_money(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now(), quantity=2)
    assert (order.status, order.total, order.live_id) == ("reserved", Money(30_000, "XOF"), None)
    assert order.reference.startswith("LP-2026-0215-")
    assert len(order.reference) == len("LP-2026-0215-A3F2")
    assert order.seconds_left(clock.now()) == 600
    (line,) = order.lines
    assert (line.code, line.title, line.quantity, line.unit, line.status) == (
        "ROBE1",
        "Robe Wax",
        2,
        Money(15_000, "XOF"),
        "held",
    )

    waiting = await await_payment(tx, order.id, "wave", clock.now())
    assert (waiting.status, waiting.means) == ("awaiting_payment", "wave")
    changed = await await_payment(tx, order.id, "card", clock.now())
    assert (changed.status, changed.means) == ("awaiting_payment", "card")
    assert (await await_payment(tx, order.id, None, clock.now())).means == "card"

    clock.advance(timedelta(seconds=90))
    await sell(tx, order.id)
    paid = await mark_paid(tx, order.id, "orange_money", clock.now())
    assert paid == await the_order(tx, order.id)
    assert (paid.status, paid.means, paid.paid_at) == ("paid", "orange_money", clock.now())
    assert [line.status for line in paid.lines] == ["sold"]
    assert await level(tx, robe) == (1, 0, 2)
    await assert_books_balanced(tx)


async def test_the_reference_carries_the_date_of_the_shop_not_of_utc(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    shop = await open_shop(database_url, db, clock.now())
    async with db.transaction(shop.id) as tx:
        await tx.execute("UPDATE shops SET timezone = 'Indian/Antananarivo'")
    clock.advance(timedelta(hours=2))  # 22:00 in UTC, already tomorrow in Madagascar
    async with db.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 1, clock.now())
        (buyer,) = await arrive(tx, 1, clock.now())
        order = await held_order(tx, await load_shop(tx), buyer, robe, clock.now())
    assert order.reference.startswith("LP-2026-0216-")


async def test_open_orders_and_purchases_are_read_for_many_at_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    first, second, idle = await arrive(tx, 3, clock.now())
    bought = await paid_order(tx, shop, await held_order(tx, shop, first, robe, clock.now()), clock)
    paying = await held_order(tx, shop, first, robe, clock.now())
    await await_payment(tx, paying.id, "wave", clock.now())
    basket = await held_order(tx, shop, first, robe, clock.now())
    assert basket.id != paying.id, "an order that is being paid is not added to"
    other = await held_order(tx, shop, second, robe, clock.now())

    found = await orders.open_orders(tx, [buyer.conversation_id for buyer in (first, second, idle)])
    assert {id_: [order.id for order in some] for id_, some in found.items()} == {
        first.conversation_id: [basket.id, paying.id],
        second.conversation_id: [other.id],
        idle.conversation_id: [],
    }
    assert await orders.purchases(tx, first.customer_id) == [bought]
    assert await orders.purchases(tx, second.customer_id) == []


async def test_customers_are_read_for_many_at_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    buyers = await arrive(tx, 3, clock.now())
    found = await customers.load(tx, [*(buyer.customer_id for buyer in buyers), 999_999])
    assert sorted(found) == sorted(buyer.customer_id for buyer in buyers)
    assert found[buyers[0].customer_id].standing.currency == "XOF"


async def test_what_is_over_cannot_be_paid_extended_or_cancelled(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    buyers = await arrive(tx, 3, clock.now())
    paid = await paid_order(tx, shop, await held_order(tx, shop, buyers[0], robe, clock.now()), clock)
    cancelled = await cancel_order(tx, shop, (await held_order(tx, shop, buyers[1], robe, clock.now())).id, clock.now())
    overdue = await held_order(tx, shop, buyers[2], robe, clock.now())
    clock.advance(timedelta(minutes=10))
    for order, advice in ((paid, "it is paid"), (cancelled, "it was cancelled"), (overdue, "it has expired")):
        with pytest.raises(Conflict, match=advice):
            await await_payment(tx, order.id, "wave", clock.now())
        with pytest.raises(Conflict, match=advice):
            await extend(tx, shop, order.id, clock.now())
        with pytest.raises(Conflict, match=advice):
            await cancel_order(tx, shop, order.id, clock.now())
        with pytest.raises(Conflict, match=advice):
            await cancel_line(tx, shop, order.id, robe, clock.now())
    with pytest.raises(Conflict, match="it is paid"):
        await retake(tx, paid.id, clock.now())
    await assert_books_balanced(tx)


async def test_money_needs_stock_behind_it(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    with pytest.raises(Conflict, match="choose a means of payment first"):
        await mark_paid(tx, order.id, "wave", clock.now())
    await cancel_order(tx, shop, order.id, clock.now())
    with pytest.raises(Conflict, match="holds no stock"):
        await sell(tx, order.id)
    assert await level(tx, robe) == (1, 0, 0)


async def test_an_order_of_nobody_is_said_so(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    with pytest.raises(NotFound):
        await await_payment(tx, 999, "wave", clock.now())
    with pytest.raises(NotFound):
        await cancel_order(tx, shop, 999, clock.now())
    with pytest.raises(NotFound):
        await retake(tx, 999, clock.now())
    assert await orders.load(tx, 999) is None
    assert await orders.lock(tx, [999]) == []


async def test_cancelling_line_by_line_ends_with_the_order(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 2, clock.now())
    bag = await article(tx, "SAC2", 2, clock.now(), price=8_000, title="Sac")
    (buyer,) = await arrive(tx, 1, clock.now())
    await reserve(tx, shop, [buyer.wants(robe, 2), buyer.wants(bag)], clock.now())
    ((order,),) = (await orders.open_orders(tx, [buyer.conversation_id])).values()
    assert order.total == Money(38_000, "XOF")

    after = await cancel_line(tx, shop, order.id, robe, clock.now())
    assert (after.status, after.total) == ("reserved", Money(8_000, "XOF"))
    assert [line.code for line in after.lines] == ["SAC2"]
    assert await level(tx, robe) == (2, 0, 0)
    with pytest.raises(NotFound, match="does not hold this article"):
        await cancel_line(tx, shop, order.id, robe, clock.now())

    gone = await cancel_line(tx, shop, order.id, bag, clock.now())
    assert gone == await the_order(tx, order.id)
    assert gone.status == "cancelled"
    assert await level(tx, bag) == (2, 0, 0)
    assert await happened(tx) == ["order.held", "order.changed", "order.changed", "order.cancelled"]
    await assert_books_balanced(tx)


async def test_a_late_payment_takes_back_what_was_paid_for_and_nothing_else(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 2, clock.now())
    bag = await article(tx, "SAC2", 2, clock.now(), price=8_000, title="Sac")
    (buyer,) = await arrive(tx, 1, clock.now())
    await reserve(tx, shop, [buyer.wants(robe), buyer.wants(bag)], clock.now())
    ((order,),) = (await orders.open_orders(tx, [buyer.conversation_id])).values()
    await cancel_line(tx, shop, order.id, bag, clock.now())
    await cancel_order(tx, shop, order.id, clock.now())
    assert await retake(tx, order.id, clock.now())
    await sell(tx, order.id)
    paid = await mark_paid(tx, order.id, "wave", clock.now())
    assert [(line.code, line.status) for line in paid.lines] == [("ROBE1", "sold")]
    assert paid.total == Money(15_000, "XOF")
    assert await level(tx, bag) == (2, 0, 0)
    await assert_books_balanced(tx)


async def test_a_payment_makes_a_standing_and_earns_badges_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    (buyer,) = await arrive(tx, 1, clock.now())

    async def pay(seconds: int) -> list[str]:
        return await customer_service.record_paid(tx, buyer.customer_id, 15_000, seconds, "wave", clock.now())

    assert await pay(300) == []
    assert await pay(60) == ["fast_payer"]
    assert await pay(60) == ["loyal"]
    assert await pay(-5) == [], "a clock that runs backwards is no faster than at once"
    assert await pay(600) == ["verified"]
    assert await customer_service.award(tx, buyer.customer_id, "first_buyer")
    assert not await customer_service.award(tx, buyer.customer_id, "first_buyer")
    known = (await customers.load(tx, [buyer.customer_id]))[buyer.customer_id]
    assert known.badges == ("fast_payer", "loyal", "verified", "first_buyer")
    assert known.preferred_means == "wave"
    standing = await standing_of(tx, buyer)
    assert (standing.paid_orders, standing.spent_minor, standing.payment_seconds) == (5, 75_000, 1020)


async def test_an_expired_hold_keeps_the_verified_badge_away(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    (buyer,) = await arrive(tx, 1, clock.now())
    await customer_service.record_expired(tx, [buyer.customer_id, buyer.customer_id])
    assert (await standing_of(tx, buyer)).expired_holds == 2
    for _ in range(6):
        badges = await customer_service.record_paid(tx, buyer.customer_id, 1, 999, "wave", clock.now())
        assert "verified" not in badges


async def test_nobody_is_no_customer(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    with pytest.raises(NotFound):
        await customer_service.record_paid(tx, 999, 1, 1, None, clock.now())
    await customer_service.record_expired(tx, [])


# The machine itself


def order_as(status: Status) -> Order:
    nothing = Money(0, "XOF")
    return Order(1, "LP-2026-0215-A3F2", 1, 1, None, status, None, nothing, LIVE, False, LIVE, None, ())


@given(st.lists(st.sampled_from(STATUSES), max_size=12))
def test_no_wish_moves_an_order_out_of_its_life(wishes: list[Status]) -> None:
    """Whatever is asked for, in any order: ends are final, paid comes from awaiting payment only."""
    lived: list[Status] = ["reserved"]
    for wish in wishes:
        try:
            check_move(order_as(lived[-1]), wish)
        except Conflict as refusal:
            assert "LP-2026-0215-A3F2" in str(refusal)
        else:
            lived.append(wish)
    assert len(lived) == len(set(lived)), "no status is entered twice"
    assert not {"paid", "expired", "cancelled"} & set(lived[:-1]), "an end is the end"
    if lived[-1] == "paid":
        assert lived == ["reserved", "awaiting_payment", "paid"]


def test_every_status_says_where_it_may_go() -> None:
    assert MOVES.keys() == set(STATUSES)
