"""Who waits is served first: VIP before others, then in the order of coming. A newcomer never jumps the line."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from reservation_helpers import (
    VIP,
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
from griot.core.errors import InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order
from griot.tools.orders.service import await_payment
from griot.tools.reservation.service import (
    cancel_line,
    cancel_order,
    expire_due,
    join_waitlist,
    leave_waitlist,
    reserve,
    retake,
    serve_waitlist,
)


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def wait_for(tx: Tx, shop: Shop, buyer: Buyer, variant_id: int, clock: FrozenClock, quantity: int = 1) -> int:
    vip = buyer.standing.vip
    return await join_waitlist(
        tx, shop, variant_id, buyer.customer_id, buyer.conversation_id, quantity, vip, clock.now()
    )


async def open_order(tx: Tx, buyer: Buyer) -> Order | None:
    found = (await orders.open_orders(tx, [buyer.conversation_id]))[buyer.conversation_id]
    return found[0] if found else None


async def test_a_cancelled_article_goes_to_the_next_in_line_who_is_told(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    holder, first, second = await arrive(tx, 3, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now())
    assert await wait_for(tx, shop, first, robe, clock) == 1
    assert await wait_for(tx, shop, second, robe, clock) == 2

    clock.advance(timedelta(minutes=1))
    await cancel_order(tx, shop, order.id, clock.now())
    served = await open_order(tx, first)
    assert served is not None
    assert served.seconds_left(clock.now()) == 600, "the hold is as long as any"
    assert await open_order(tx, second) is None
    (reply,) = (await told(tx, first)).values()
    assert reply.text == (
        "🔔 Bonne nouvelle, c'est ton tour !\n🛍️ *Robe Wax*\n💰 15 000 F CFA\n⏳ C'est réservé 10 min pour toi"
    )
    assert [choice.id for choice in reply.choices] == [f"pay:{served.id}", f"cancel:{served.id}"]
    assert await wait_for(tx, shop, second, robe, clock) == 1
    assert (await happened(tx))[-2:] == ["order.held", "waitlist.served"]
    await assert_books_balanced(tx)


async def test_vips_go_first_and_hold_for_longer(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    holder, early = await arrive(tx, 2, clock.now())
    (vip,) = await arrive(tx, 1, clock.now(), VIP)
    order = await held_order(tx, shop, holder, robe, clock.now())
    assert await wait_for(tx, shop, early, robe, clock) == 1
    assert await wait_for(tx, shop, vip, robe, clock) == 1
    assert await wait_for(tx, shop, early, robe, clock) == 2, "a VIP came in between"
    await cancel_order(tx, shop, order.id, clock.now())
    served = await open_order(tx, vip)
    assert served is not None
    assert served.seconds_left(clock.now()) == 900
    assert await open_order(tx, early) is None


async def test_expiry_serves_the_line_in_the_same_transaction(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 2, clock.now())
    holders = await arrive(tx, 2, clock.now())
    line = await arrive(tx, 3, clock.now())
    await reserve(tx, shop, [buyer.wants(robe) for buyer in holders], clock.now())
    for buyer in line:
        await wait_for(tx, shop, buyer, robe, clock)
    clock.advance(timedelta(minutes=10))
    assert await expire_due(tx, shop, clock.now()) == 2
    assert [bool(await open_order(tx, buyer)) for buyer in line] == [True, True, False]
    assert await level(tx, robe) == (0, 2, 0)
    await assert_books_balanced(tx)


async def test_a_newcomer_never_jumps_the_line(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """Overdue stock, new stock: whoever asks first after it became free, it is the line's."""
    robe = await article(tx, "ROBE1", 1, clock.now())
    holder, first, newcomer, second = await arrive(tx, 4, clock.now())
    await held_order(tx, shop, holder, robe, clock.now())
    await wait_for(tx, shop, first, robe, clock)
    clock.advance(timedelta(minutes=10))
    assert (await one_hold(tx, shop, newcomer, robe, clock.now())).outcome == "short"
    assert await open_order(tx, first) is not None

    await wait_for(tx, shop, second, robe, clock)
    await tx.execute("UPDATE stock_levels SET on_hand = on_hand + 1, received = received + 1")
    assert (await one_hold(tx, shop, newcomer, robe, clock.now())).outcome == "short"
    assert await open_order(tx, second) is not None
    await assert_books_balanced(tx)


async def test_new_stock_reaches_the_line_by_the_next_sweep(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 0, clock.now())
    (first,) = await arrive(tx, 1, clock.now())
    await wait_for(tx, shop, first, robe, clock)
    await tx.execute("UPDATE stock_levels SET on_hand = 1, received = 1")
    assert await expire_due(tx, shop, clock.now()) == 0
    assert await open_order(tx, first) is not None
    assert await serve_waitlist(tx, shop, [robe], clock.now()) == 0


async def test_who_wants_more_than_there_is_is_passed_over_and_keeps_the_place(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    holder, big, small = await arrive(tx, 3, clock.now())
    await held_order(tx, shop, holder, robe, clock.now(), 3)
    await wait_for(tx, shop, big, robe, clock, 3)
    await wait_for(tx, shop, small, robe, clock, 1)
    await held_order(tx, shop, holder, robe, clock.now(), 2)  # one piece given back
    assert await open_order(tx, small) is not None
    assert await open_order(tx, big) is None
    assert await wait_for(tx, shop, big, robe, clock, 3) == 1

    order = await open_order(tx, holder)
    assert order is not None
    await cancel_order(tx, shop, order.id, clock.now())
    assert await level(tx, robe) == (2, 1, 0), "two are not three"
    assert await wait_for(tx, shop, big, robe, clock, 2) == 0, "changing the wish to what there is gets it"
    await assert_books_balanced(tx)


async def test_a_place_cannot_be_missed_between_asking_and_joining(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """The stock came back while the buyer was thinking: joining is being served, and being told."""
    robe = await article(tx, "ROBE1", 1, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    assert await wait_for(tx, shop, buyer, robe, clock) == 0
    assert len(await told(tx, buyer)) == 1
    assert await open_order(tx, buyer) is not None


async def test_joining_finds_overdue_stock(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    holder, buyer = await arrive(tx, 2, clock.now())
    await held_order(tx, shop, holder, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    assert await wait_for(tx, shop, buyer, robe, clock) == 0


async def test_a_waiting_buyer_with_an_open_basket_gets_the_line_added(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), price=8_000, title="Sac")
    holder, buyer = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now())
    basket = await held_order(tx, shop, buyer, bag, clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    await cancel_order(tx, shop, order.id, clock.now())
    after = await open_order(tx, buyer)
    assert after is not None
    assert (after.id, after.total) == (basket.id, Money(23_000, "XOF"))
    assert {line.code for line in after.lines} == {"ROBE1", "SAC2"}
    (reply,) = (await told(tx, buyer)).values()
    assert "Robe Wax" in reply.text
    assert "Sac" not in reply.text


async def test_a_basket_that_is_being_paid_is_not_touched(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), title="Sac")
    holder, buyer = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now())
    paying = await held_order(tx, shop, buyer, bag, clock.now())
    await await_payment(tx, paying.id, "wave", clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    await cancel_order(tx, shop, order.id, clock.now())
    assert await the_order(tx, paying.id) != await open_order(tx, buyer)
    assert [line.code for line in (await the_order(tx, paying.id)).lines] == ["SAC2"]


async def test_an_overdue_basket_is_cleared_before_its_owner_is_served(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), title="Sac")
    holder, buyer = await arrive(tx, 2, clock.now())
    old = await held_order(tx, shop, buyer, bag, clock.now())
    clock.advance(timedelta(minutes=5))
    order = await held_order(tx, shop, holder, robe, clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    clock.advance(timedelta(minutes=5))
    await cancel_order(tx, shop, order.id, clock.now())
    assert (await the_order(tx, old.id)).status == "expired"
    served = await open_order(tx, buyer)
    assert served is not None
    assert [line.code for line in served.lines] == ["ROBE1"]
    await assert_books_balanced(tx)


async def test_wanting_more_of_what_one_has_counts_what_one_has(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 3, clock.now())
    holder, buyer = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now(), 2)
    await held_order(tx, shop, buyer, robe, clock.now(), 1)
    assert await wait_for(tx, shop, buyer, robe, clock, 3) == 1
    await cancel_order(tx, shop, order.id, clock.now())
    after = await open_order(tx, buyer)
    assert after is not None
    assert [line.quantity for line in after.lines] == [3]
    assert await level(tx, robe) == (0, 3, 0)


async def test_who_takes_it_oneself_waits_no_longer(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """A buyer who waits for two and then takes the one there is has changed the wish."""
    robe = await article(tx, "ROBE1", 2, clock.now())
    holder, buyer = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now(), 1)
    await wait_for(tx, shop, buyer, robe, clock, 2)
    assert (await one_hold(tx, shop, buyer, robe, clock.now(), 1)).outcome == "held"
    await cancel_order(tx, shop, order.id, clock.now())
    assert await level(tx, robe) == (1, 1, 0)
    assert not await leave_waitlist(tx, robe, buyer.customer_id, clock.now())


async def test_leaving_gives_the_place_up(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    holder, buyer, next_one = await arrive(tx, 3, clock.now())
    order = await held_order(tx, shop, holder, robe, clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    await wait_for(tx, shop, next_one, robe, clock)
    assert await leave_waitlist(tx, robe, buyer.customer_id, clock.now())
    assert not await leave_waitlist(tx, robe, buyer.customer_id, clock.now())
    await cancel_order(tx, shop, order.id, clock.now())
    assert await open_order(tx, buyer) is None
    assert await open_order(tx, next_one) is not None


async def test_cancelling_one_line_serves_the_line_too(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), title="Sac")
    holder, buyer = await arrive(tx, 2, clock.now())
    await reserve(tx, shop, [holder.wants(robe), holder.wants(bag)], clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    order = await open_order(tx, holder)
    assert order is not None
    await cancel_line(tx, shop, order.id, robe, clock.now())
    assert await open_order(tx, buyer) is not None
    await assert_books_balanced(tx)


async def test_those_who_wait_go_before_money_that_comes_late(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 1, clock.now())
    late, waiting = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, late, robe, clock.now())
    await wait_for(tx, shop, waiting, robe, clock)
    clock.advance(timedelta(minutes=11))
    assert not await retake(tx, order.id, clock.now())
    assert await open_order(tx, waiting) is not None


async def test_a_served_buyer_of_a_live_counts_for_the_live(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    cursor = await tx.execute(
        "INSERT INTO lives (shop_id, started_at) VALUES (current_shop(), %s) RETURNING id", (clock.now(),)
    )
    live = await cursor.fetchone()
    assert live is not None
    robe = await article(tx, "ROBE1", 1, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    await wait_for(tx, shop, buyer, robe, clock)
    order = await open_order(tx, buyer)
    assert order is not None
    assert order.live_id == live["id"]


async def test_a_long_line_is_served_as_far_as_the_stock_goes(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """More people than one look at the line takes in, with wishes that fit and wishes that do not."""
    robe = await article(tx, "ROBE1", 0, clock.now())
    line = await arrive(tx, 130, clock.now())
    wishes = [7 if n % 10 == 0 else 1 for n in range(130)]
    for buyer, wish in zip(line, wishes, strict=True):
        await wait_for(tx, shop, buyer, robe, clock, wish)
    left, lucky = 185, 0
    for wish in wishes:
        if wish <= left:
            left, lucky = left - wish, lucky + 1
    await tx.execute("UPDATE stock_levels SET on_hand = 185, received = 185")
    assert lucky > 100
    assert await serve_waitlist(tx, shop, [robe], clock.now()) == lucky
    assert await level(tx, robe) == (left, 185 - left, 0)
    await assert_books_balanced(tx)


async def test_wishes_that_no_shop_can_grant(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 0, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    for quantity in (0, 21):
        with pytest.raises(InvalidInput, match="ask for 1 to 20"):
            await wait_for(tx, shop, buyer, robe, clock, quantity)
    with pytest.raises(NotFound):
        await wait_for(tx, shop, buyer, 999, clock)
