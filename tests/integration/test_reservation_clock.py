"""When time runs out: one reminder, then the stock is free again and the buyer knows how to take it again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from reservation_helpers import (
    arrive,
    article,
    happened,
    held_order,
    level,
    open_shop,
    standing_of,
    the_order,
    told,
)

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.tenancy import Shop
from griot.tools.orders.service import await_payment
from griot.tools.reservation.service import cancel_order, expire_due, extend, remind_due, reserve


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def test_what_is_overdue_expires_and_what_is_not_stays(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, a, robe, clock.now(), 2)
    paying = await held_order(tx, shop, b, robe, clock.now())
    await await_payment(tx, paying.id, "wave", clock.now())
    await extend(tx, shop, paying.id, clock.now())

    assert await expire_due(tx, shop, clock.now()) == 0
    clock.advance(timedelta(minutes=10))
    assert await expire_due(tx, shop, clock.now()) == 1
    expired = await the_order(tx, order.id)
    assert (expired.status, [line.status for line in expired.lines]) == ("expired", ["expired"])
    assert await level(tx, robe) == (4, 1, 0)
    assert (await standing_of(tx, a)).expired_holds == 1
    assert (await happened(tx))[-1] == "order.expired"

    clock.advance(timedelta(minutes=5))
    assert await expire_due(tx, shop, clock.now()) == 1
    assert await expire_due(tx, shop, clock.now()) == 0
    assert await level(tx, robe) == (5, 0, 0)
    await assert_books_balanced(tx)


async def test_a_sweep_takes_as_many_as_it_is_told(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    buyers = await arrive(tx, 5, clock.now())
    await reserve(tx, shop, [buyer.wants(robe) for buyer in buyers], clock.now())
    clock.advance(timedelta(minutes=10))
    assert [await expire_due(tx, shop, clock.now(), limit=2) for _ in range(4)] == [2, 2, 1, 0]
    await assert_books_balanced(tx)


async def test_the_buyer_is_told_once_and_may_take_it_again(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    await expire_due(tx, shop, clock.now())
    ((key, reply),) = (await told(tx, buyer)).items()
    assert key == f"expired:{order.id}"
    assert reply.text == (
        "⌛ Le temps est écoulé, ta réservation est terminée :\n"
        "🛍️ *Robe Wax*\n"
        "👉 Toujours envie ? Touche le bouton ou renvoie *ROBE1*."
    )
    assert [(choice.id, choice.title) for choice in reply.choices] == [("take:ROBE1", "🔄 REPRENDRE")]


async def test_of_several_articles_each_may_be_taken_again(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), title="Sac")
    (buyer,) = await arrive(tx, 1, clock.now(), language="en")
    await reserve(tx, shop, [buyer.wants(robe, 2), buyer.wants(bag)], clock.now())
    clock.advance(timedelta(minutes=10))
    await expire_due(tx, shop, clock.now())
    (reply,) = (await told(tx, buyer)).values()
    assert "🛍️ *Robe Wax* × 2\n🛍️ *Sac*" in reply.text
    assert [(choice.id, choice.title) for choice in reply.choices] == [("take:ROBE1:2", "ROBE1"), ("take:SAC2", "SAC2")]


async def test_one_reminder_with_the_time_left_and_three_ways_on(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    clock.advance(timedelta(minutes=6, seconds=59))
    assert await remind_due(tx, shop, clock.now()) == 0
    clock.advance(timedelta(seconds=14))
    assert await remind_due(tx, shop, clock.now()) == 1
    assert await remind_due(tx, shop, clock.now()) == 0
    ((key, reply),) = (await told(tx, buyer)).items()
    assert key == f"reminder:{order.id}"
    assert reply.text == "⏰ Plus que 2:47 pour payer !\n🛍️ *Robe Wax*\n💰 15 000 F CFA"
    assert [(choice.id, choice.title) for choice in reply.choices] == [
        (f"pay:{order.id}", "✅ PAYER"),
        (f"extend:{order.id}", "+5 MIN"),
        (f"cancel:{order.id}", "❌ ANNULER"),
    ]


async def test_an_extension_moves_the_reminder_and_is_not_offered_again(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    await extend(tx, shop, order.id, clock.now())
    clock.advance(timedelta(minutes=7))
    assert await remind_due(tx, shop, clock.now()) == 0
    clock.advance(timedelta(minutes=5))
    assert await remind_due(tx, shop, clock.now()) == 1
    (reply,) = (await told(tx, buyer)).values()
    assert [choice.id for choice in reply.choices] == [f"pay:{order.id}", f"cancel:{order.id}"]


async def test_nobody_is_reminded_of_what_is_over(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    await cancel_order(tx, shop, (await held_order(tx, shop, a, robe, clock.now())).id, clock.now())
    await held_order(tx, shop, b, robe, clock.now())
    clock.advance(timedelta(minutes=10))
    assert await remind_due(tx, shop, clock.now()) == 0


async def test_a_shop_may_do_without_reminders(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    a, b = await arrive(tx, 2, clock.now())
    quiet = replace(shop, settings=replace(shop.settings, auto_reminder=False))
    await held_order(tx, quiet, a, robe, clock.now())
    await held_order(tx, shop, b, robe, clock.now())  # before the shop changed its mind
    clock.advance(timedelta(minutes=8))
    assert await remind_due(tx, quiet, clock.now()) == 0
    assert await remind_due(tx, shop, clock.now()) == 0
    assert await told(tx, a) == await told(tx, b) == {}


async def test_a_person_who_took_over_is_not_talked_over(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    await held_order(tx, shop, buyer, robe, clock.now())
    await tx.execute("UPDATE conversations SET handler = 'human' WHERE id = %s", (buyer.conversation_id,))
    clock.advance(timedelta(minutes=8))
    assert await remind_due(tx, shop, clock.now()) == 0
    clock.advance(timedelta(minutes=8))
    assert await expire_due(tx, shop, clock.now()) == 1
    assert await told(tx, buyer) == {}
