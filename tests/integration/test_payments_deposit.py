"""A shop that asks for a deposit: that is paid now, and both sides are told what remains to be paid on the spot."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.money import Money
from griot.tools.intakes.service import save
from griot.tools.offers.service import apply, create
from griot.tools.orders.models import Order
from griot.tools.orders.service import set_wanted
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Faults
from griot.tools.reservation.service import cancel_line
from griot.tools.shops.service import update_settings


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock, deposit_percent=30) as opened:
        yield opened


async def page_of(world: World, order: Order, language: str = "fr") -> str:
    async with world.browser() as http:
        return (await http.get(f"{world.link(order)}?lang={language}")).text


async def test_the_deposit_is_paid_and_the_order_is_sure(world: World) -> None:
    order = await world.hold(quantity=2)
    await world.pay(order)
    paid = await world.order(order)
    assert (paid.status, paid.total, paid.received) == ("paid", Money(30_000, "XOF"), Money(9_000, "XOF"))
    assert paid.remaining == Money(21_000, "XOF")
    (payment,) = await world.payments(order)
    assert (payment.amount, payment.order_total, payment.outcome) == (
        Money(9_000, "XOF"),
        Money(30_000, "XOF"),
        "settled",
    )
    assert await world.stock() == (3, 0, 2)
    assert await world.refunds() == []
    (buyer,) = await world.rows("SELECT spent_minor, paid_orders FROM customers WHERE id = %s", order.customer_id)
    assert (buyer["spent_minor"], buyer["paid_orders"]) == (9_000, 1)


async def test_both_sides_read_what_is_paid_and_what_remains(world: World) -> None:
    order = await world.hold(quantity=2)
    page = await page_of(world, order)
    assert "Payer 9 000 F CFA avec Wave" in page
    assert "À payer maintenant (acompte)" in page
    assert "À payer sur place" in page
    assert "21 000 F CFA" in page
    await world.pay(order)
    receipt = await page_of(world, order)
    assert "Acompte payé" in receipt
    assert "À payer maintenant" not in receipt
    assert "21 000 F CFA" in receipt
    (confirmation,) = await world.told(order)
    assert "Acompte payé : 9 000 F CFA" in confirmation
    assert "Reste à payer sur place : *21 000 F CFA* (total 30 000 F CFA)" in confirmation
    received, sheet = await world.vendor_told()
    assert "ROBE1 x2 - 9 000 F CFA" in received
    assert sheet.startswith(f"📦 *À PRÉPARER* · #{order.reference}")
    assert "Acompte payé : 9 000 F CFA. À encaisser sur place : *21 000 F CFA*" in sheet


@pytest.mark.parametrize("language", ["mg", "en"])
async def test_the_page_says_so_in_every_language(world: World, language: str) -> None:
    page = await page_of(world, await world.hold(quantity=2), language)
    assert {"mg": "Aloa izao (tahiry)", "en": "To pay now (deposit)"}[language] in page


async def test_another_amount_than_the_deposit_is_given_back(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(amount="15000")
    await world.pay(order)
    assert (await world.order(order)).status == "awaiting_payment"
    assert await world.refunds() == [("mismatch", 15_000, "XOF", "staged")]
    assert "au lieu de 4 500 F CFA" in (await world.told(order))[-1]


async def test_a_basket_that_changed_after_the_press_is_not_settled_by_the_old_deposit(world: World) -> None:
    lamp = await world.product("LAMPE", 10_000, 5)
    thread = await world.thread()
    await world.hold("LAMPE", thread=thread, means=None)
    order = await world.hold(thread=thread)
    async with world.browser() as http:
        payer = Payer(http)
        hosted = await payer.press(await payer.open(world.link(order)), "means", "wave")
        async with world.db.transaction(world.shop.id) as tx:
            await cancel_line(tx, world.shop, order.id, lamp, world.clock.now())
        await payer.press(hosted, "outcome", "paid")
    await world.sandbox.settled()
    assert await world.refunds() == [("mismatch", 7_500, "XOF", "staged")]
    await world.pay(order)
    assert (await world.order(order)).received == Money(4_500, "XOF")


async def test_a_deposit_that_the_merchant_changes_does_not_touch_money_on_its_way(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        hosted = await payer.press(await payer.open(world.link(order)), "means", "wave")
        async with world.db.transaction(world.shop.id) as tx:
            await update_settings(tx, deposit_percent=50)
        await payer.press(hosted, "outcome", "paid")
    await world.sandbox.settled()
    paid = await world.order(order)
    assert (paid.status, paid.received, paid.remaining) == ("paid", Money(4_500, "XOF"), Money(10_500, "XOF"))
    assert await world.refunds() == []


async def test_a_deposit_that_comes_late_is_honoured_while_there_is_stock(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    async with world.browser() as http:
        payer = Payer(http)
        hosted = await payer.press(await payer.open(world.link(order)), "means", "wave")
        await world.cancel(order)
        world.sandbox.faults = Faults()
        await payer.press(hosted, "outcome", "paid")
    await world.sandbox.settled()
    paid = await world.order(order)
    assert (paid.status, paid.received) == ("paid", Money(4_500, "XOF"))


async def test_a_promotion_comes_off_before_the_deposit_is_counted(world: World) -> None:
    now = world.clock.now()
    order = await world.hold(means=None)
    async with world.db.transaction(world.shop.id) as tx:
        ends = now + timedelta(hours=1)
        await create(tx, world.shop, code="AID10", kind="percent", worth=10, ends_at=ends, now=now)
        await apply(tx, order.id, "aid10", now)
    page = await page_of(world, order)
    assert "Remise" in page
    assert "−1 500 F CFA" in page
    await world.pay(order)
    paid = await world.order(order)
    assert (paid.total, paid.discount, paid.received) == (
        Money(13_500, "XOF"),
        Money(1_500, "XOF"),
        Money(4_050, "XOF"),
    )


async def test_the_vendor_reads_where_and_when_with_the_payment(world: World) -> None:
    now = world.clock.now()
    thread = await world.thread()
    order = await world.hold(thread=thread)
    conversation, customer = thread
    async with world.db.transaction(world.shop.id) as tx:
        await set_wanted(tx, order.id, date(2026, 2, 21), "15:30", now)
        await save(tx, conversation, customer, order.id, "address", {"text": "Villa 12", "city": "Dakar"}, now)
    assert await world.vendor_told() == []
    await world.pay(order)
    told = await world.vendor_told()
    assert len(told) == 2
    assert "🗓️ Pour le 21/02/2026 à 15:30" in told[1]
    assert "🏠 Villa 12, Dakar" in told[1]

    again = await world.hold(thread=thread)
    await world.pay(again)
    assert "🏠 Villa 12, Dakar" in (await world.vendor_told())[-1], "the last address is good until they say otherwise"


async def test_without_a_deposit_nothing_changes(database_url: str, db: Database, clock: FrozenClock) -> None:
    async with open_world(database_url, db, clock) as plain:
        order = await plain.hold()
        page = await page_of(plain, order)
        assert "Payer 15 000 F CFA avec Wave" in page
        assert "acompte" not in page.lower()
        await plain.pay(order)
        paid = await plain.order(order)
        assert (paid.received, paid.remaining) == (Money(15_000, "XOF"), None)
        (confirmation,) = await plain.told(order)
        assert "💰 15 000 F CFA" in confirmation
        assert len(await plain.vendor_told()) == 1
