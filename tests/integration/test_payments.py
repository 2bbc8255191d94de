"""From the button to the receipt: every way a payment can go, over real HTTP between shop, provider and buyer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict
from griot.tools.payments.sandbox.notices import conclude
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Faults
from griot.tools.payments.service import poll_due
from griot.tools.reservation.service import cancel_line, extend
from griot.tools.shops import wording


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def test_paid_in_time(world: World) -> None:
    order = await world.hold(quantity=2)
    world.clock.advance(timedelta(seconds=30))
    page = await world.pay(order)

    paid = await world.order(order)
    (payment,) = await world.payments(order)
    assert (paid.status, paid.means, paid.paid_at) == ("paid", "wave", world.clock.now())
    assert (payment.status, payment.outcome, payment.received) == ("succeeded", "settled", order.total)
    assert await world.stock() == (3, 0, 2)
    assert await world.refunds() == []
    assert page.url.path == f"/p/{world.link(order).rsplit('/', 1)[1]}"

    (message,) = await world.told(order)
    assert "PAIEMENT CONFIRMÉ" in message
    assert "Robe Wax Ankara" in message
    assert f"#{order.reference}" in message
    assert "Premier achat, *Chez Fatou* te remercie" in message
    (alert,) = await world.vendor_told()
    assert "PAIEMENT REÇU" in alert
    assert [k for k in await world.kinds() if k in ("payment.succeeded", "order.paid")] == [
        "payment.succeeded",
        "order.paid",
    ]
    (buyer,) = await world.rows(
        "SELECT paid_orders, spent_minor, payment_seconds FROM customers WHERE id = %s", order.customer_id
    )
    assert (buyer["paid_orders"], buyer["spent_minor"], buyer["payment_seconds"]) == (1, 30_000, 30)


async def test_a_receipt_is_in_the_shops_own_words(world: World) -> None:
    async with world.db.transaction(world.shop.id) as tx:
        words = "Merci ! {items} {more}\n{paid}\nRéf {reference} {late}"
        await wording.save(tx, "fr", "payments.confirmed", words, world.clock.now())
    order = await world.hold(thread=await world.thread("fr"))
    await world.pay(order)
    (message,) = await world.told(order)
    assert message.startswith("Merci ! ") and message.endswith(f"Réf {order.reference}")


async def test_the_third_purchase_is_celebrated_and_leads_to_all_of_them(world: World) -> None:
    thread = await world.thread("fr")
    for _ in range(3):
        last = await world.hold(thread=thread)
        await world.pay(last)
    assert "3e achat ! Te voilà au niveau Argent" in (await world.told(last))[-1]
    (reply,) = await world.rows("SELECT reply FROM outbox WHERE dedupe_key = %s", f"paid:{last.id}")
    assert [choice["id"] for choice in reply["reply"]["choices"]] == ["purchases"]


async def test_paid_after_the_deadline_before_anybody_noticed_is_honoured(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    (payment,) = await world.payments(order)
    world.sandbox.find(payment.provider_id or "").paid_at = order.expires_at + timedelta(seconds=1)
    world.clock.set(order.expires_at + timedelta(seconds=5))
    assert await poll_due(world.house, world.shop.id) == 1

    (payment,) = await world.payments(order)
    assert ((await world.order(order)).status, payment.outcome) == ("paid", "late_settled")
    assert await world.stock() == (4, 0, 1)


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
async def test_paid_late_with_stock_left_is_honoured(world: World, ending: str) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    await (world.expire(order) if ending == "expired" else world.cancel(order))
    assert (await world.order(order)).status == ending
    assert await world.stock() == (5, 0, 0)
    world.clock.advance(timedelta(minutes=1))
    await poll_due(world.house, world.shop.id)

    (payment,) = await world.payments(order)
    assert ((await world.order(order)).status, payment.outcome) == ("paid", "late_settled")
    assert await world.stock() == (4, 0, 1)
    assert await world.refunds() == []
    assert "il restait du stock pour toi" in (await world.told(order))[-1]
    assert "payment.late" in await world.kinds()


async def test_paid_late_without_stock_is_given_back(world: World) -> None:
    late = await world.hold(quantity=5)
    world.sandbox.faults = Faults(loss=True)
    await world.pay(late)
    await world.expire(late)
    await world.hold(quantity=3)
    world.clock.advance(timedelta(seconds=30))
    await poll_due(world.house, world.shop.id)

    (payment,) = await world.payments(late)
    assert (payment.status, payment.outcome) == ("succeeded", "late_refund")
    assert (await world.order(late)).status == "expired"
    assert await world.stock() == (2, 3, 0)
    assert await world.refunds() == [("late", 75_000, "XOF", "staged")]
    assert "est arrivé après la fin de ta réservation" in (await world.told(late))[-1]
    (alert,) = await world.vendor_told()
    assert "REMBOURSEMENT À VALIDER" in alert
    assert "75 000 F CFA" in alert
    assert [k for k in await world.kinds() if k.startswith(("payment", "refund"))] == [
        "payment.succeeded", "payment.late", "refund.staged",
    ]  # fmt: skip


async def test_paid_twice_is_given_back_once(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order, "wave")
    world.sandbox.faults = Faults(
        loss=True, look_up="error"
    )  # so that the second press cannot know of the first payment
    await world.pay(order, "orange_money")
    world.sandbox.faults = Faults()
    world.clock.advance(timedelta(seconds=25))
    await poll_due(world.house, world.shop.id)

    paid = await world.payments(order)
    assert sorted(payment.outcome or "" for payment in paid) == ["duplicate_refund", "settled"]
    assert (await world.order(order)).status == "paid"
    assert await world.stock() == (4, 0, 1)
    assert await world.refunds() == [("duplicate", 15_000, "XOF", "staged")]
    assert "une deuxième fois" in (await world.told(order))[-1]
    assert "a payé deux fois" in (await world.vendor_told())[-1]


async def test_whatever_comes_for_a_paid_order_is_given_back(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        for means in ("wave", "card"):
            hosted = await payer.press(await payer.open(world.link(order)), "means", means)
    await world.pay(order, "wave")
    world.sandbox.faults = Faults(amount="20000")
    async with world.browser() as http:
        await Payer(http).press(hosted, "outcome", "paid")
    await world.sandbox.settled()

    assert (await world.order(order)).status == "paid"
    assert await world.refunds() == [("duplicate", 20_000, "XOF", "staged")]


async def test_who_has_paid_already_is_not_sent_to_pay_again(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order, "wave")
    world.sandbox.faults = Faults()
    async with world.browser() as http:
        payer = Payer(http)
        page = await payer.open(world.link(order))
        page = await payer.press(page, "means", "orange_money")
    assert page.url.host == "127.0.0.1"
    assert "C&#39;est payé" in page.text
    assert len(await world.payments(order)) == 1


@pytest.mark.parametrize(
    ("fault", "received"),
    [
        (Faults(amount="14999"), (14_999, "XOF")),
        (Faults(amount="15001"), (15_001, "XOF")),
        (Faults(currency="XAF"), (15_000, "XAF")),
        (Faults(amount="15.00", currency="EUR"), (1_500, "EUR")),
    ],
)
async def test_the_wrong_money_is_recorded_and_given_back(
    world: World, fault: Faults, received: tuple[int, str]
) -> None:
    order = await world.hold()
    world.sandbox.faults = fault
    await world.pay(order)

    (payment,) = await world.payments(order)
    assert (payment.status, payment.outcome) == ("succeeded", "mismatch_refund")
    assert payment.received is not None
    assert (payment.received.minor, payment.received.currency) == received
    assert (await world.order(order)).status == "awaiting_payment"
    assert await world.stock() == (4, 1, 0)
    assert await world.refunds() == [("mismatch", *received, "staged")]
    assert str(payment.received) in (await world.told(order))[-1]
    assert "n'est pas payée" in (await world.vendor_told())[-1]

    world.sandbox.faults = Faults()  # and the right money is still welcome
    await world.pay(order)
    assert (await world.order(order)).status == "paid"


async def test_money_for_a_basket_that_has_changed_is_given_back(world: World) -> None:
    await world.product("SAC1", 8_000, 3)
    thread = await world.thread()
    await world.hold("SAC1", thread=thread, means=None)
    order = await world.hold(thread=thread)
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    async with world.db.transaction(world.shop.id) as tx:
        await cancel_line(tx, world.shop, order.id, world.products["SAC1"], world.clock.now())
    world.sandbox.faults = Faults()
    world.clock.advance(timedelta(seconds=25))
    await poll_due(world.house, world.shop.id)

    assert await world.refunds() == [("mismatch", 23_000, "XOF", "staged")]
    page = await world.pay(await world.order(order))
    assert "15 000 F CFA" in page.text
    assert (await world.order(order)).status == "paid"


async def test_a_refused_payment_leaves_the_order_open_and_says_so_once(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(failure=True, duplicates=3)
    await world.pay(order)

    (payment,) = await world.payments(order)
    assert payment.status == "failed"
    assert (await world.order(order)).status == "awaiting_payment"
    (message,) = await world.told(order)
    assert "n'a pas abouti" in message
    (reply,) = await world.rows("SELECT reply FROM outbox WHERE dedupe_key = %s", f"payment-failed:{payment.id}")
    assert [choice["id"] for choice in reply["reply"]["choices"]] == [f"means:{order.id}"]

    world.sandbox.faults = Faults()
    await world.pay(order, "orange_money")
    assert (await world.order(order)).status == "paid"
    assert [payment.status for payment in await world.payments(order)] == ["failed", "succeeded"]


async def test_a_failed_payment_that_succeeds_after_all_counts(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(failure=True)
    await world.pay(order)
    (payment,) = await world.payments(order)
    checkout = world.sandbox.find(payment.provider_id or "")
    world.sandbox.faults = Faults()
    world.sandbox.decide(checkout, "paid")
    await conclude(world.sandbox, checkout, "paid")
    assert (await world.order(order)).status == "paid"

    world.sandbox.decide(checkout, "failed")  # and never back
    await conclude(world.sandbox, checkout, "failed")
    (payment,) = await world.payments(order)
    assert (payment.status, (await world.order(order)).status) == ("succeeded", "paid")


async def test_paying_a_finished_order_is_impossible(world: World) -> None:
    order = await world.hold()
    await world.pay(order)
    with pytest.raises(Conflict):
        await world.pay(order)


async def test_pressing_at_once_in_many_windows_opens_one_payment(world: World) -> None:
    order = await world.hold()

    async def press() -> str:
        async with world.browser() as http:
            payer = Payer(http)
            return str((await payer.press(await payer.open(world.link(order)), "means", "wave")).url)

    addresses = await asyncio.gather(*(press() for _ in range(20)))
    assert len(set(addresses)) == 1
    assert len(await world.payments(order)) == 1
    assert len(world.sandbox.checkouts) == 1


async def test_changing_means_opens_one_attempt_each(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        for means in ("wave", "orange_money", "wave", "card"):
            await payer.press(await payer.open(world.link(order)), "means", means)
    assert [payment.means for payment in await world.payments(order)] == ["wave", "orange_money", "card"]
    assert (await world.order(order)).means == "card"


async def test_an_extended_order_gets_a_new_checkout_once_the_old_one_is_over(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        await payer.press(await payer.open(world.link(order)), "means", "wave")
    async with world.db.transaction(world.shop.id) as tx:
        await extend(tx, world.shop, order.id, world.clock.now())
    world.clock.set(order.expires_at + timedelta(seconds=10))
    await world.pay(order)
    assert [payment.status for payment in await world.payments(order)] == ["expired", "succeeded"]
    assert (await world.order(order)).status == "paid"
