"""Notices are hints: whatever comes, in whatever order and number, the provider's own answer is settled once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from payments_world import KEY, World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.orders.models import Order
from griot.tools.payments import signature
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Checkout, Faults
from griot.tools.payments.service import poll_due
from griot.tools.shops.service import connect_provider


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def paid_in_silence(world: World) -> tuple[Order, Checkout]:
    """An order whose buyer has paid and whose shop has not heard of it."""
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    world.sandbox.faults = Faults()
    (payment,) = await world.payments(order)
    return order, world.sandbox.find(payment.provider_id or "")


def body_of(checkout: Checkout, notice_id: str = "evt_1", **data: Any) -> bytes:
    facts = {"id": checkout.id, "reference": checkout.reference, "status": "paid", **data}
    return orjson.dumps({"id": notice_id, "type": "checkout.paid", "data": facts})


async def send(
    world: World, raw: bytes, *, key: str = KEY, age: int = 0, provider: str = "sandbox", **headers: str
) -> httpx.Response:
    """A notice as the provider sends it, ``age`` seconds after it was signed."""
    signed = signature.sign(key, raw, world.clock.now() - timedelta(seconds=age))
    url = f"{world.url}/webhooks/payments/{provider}"
    async with world.browser() as http:
        return await http.post(url, content=raw, headers={signature.HEADER: signed, **headers})


async def test_a_notice_leads_to_the_providers_own_answer(world: World) -> None:
    order, checkout = await paid_in_silence(world)
    answer = await send(world, body_of(checkout))
    assert (answer.status_code, answer.json()) == (200, {"result": "settled"})
    assert (await world.order(order)).status == "paid"
    (kept,) = await world.rows("SELECT notice_id, body FROM payment_notices")
    assert (kept["notice_id"], kept["body"]["type"]) == ("evt_1", "checkout.paid")


async def test_what_the_notice_claims_counts_for_nothing(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        await payer.press(await payer.open(world.link(order)), "means", "wave")
    (payment,) = await world.payments(order)
    answer = await send(world, body_of(world.sandbox.find(payment.provider_id or ""), amount="15000", currency="XOF"))
    assert answer.json() == {"result": "waiting"}
    assert (await world.order(order)).status == "awaiting_payment"


async def test_a_hundred_times_the_same_notice_at_once_settles_once(world: World) -> None:
    order, checkout = await paid_in_silence(world)
    answers = await asyncio.gather(*(send(world, body_of(checkout)) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["result"] for answer in answers)[:2] == ["settled", "unchanged"]
    assert await world.stock() == (4, 0, 1)
    assert len(await world.told(order)) == 1
    assert (await world.kinds()).count("order.paid") == 1
    (buyer,) = await world.rows("SELECT paid_orders FROM customers WHERE id = %s", order.customer_id)
    assert buyer["paid_orders"] == 1


async def test_many_different_notices_of_one_payment_at_once_settle_once(world: World) -> None:
    order, checkout = await paid_in_silence(world)
    answers = await asyncio.gather(*(send(world, body_of(checkout, f"evt_{n}")) for n in range(30)))
    assert sorted({answer.json()["result"] for answer in answers}) == ["settled", "unchanged"]
    assert await world.stock() == (4, 0, 1)
    assert len(await world.told(order)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Faults(duplicates=20),
        Faults(disorder=True),
        Faults(delay=0.2),
        Faults(processing=0.2),
        Faults(disorder=True, duplicates=5, processing=0.1),
    ],
    ids=["duplicates", "before the page", "late", "processing", "all at once"],
)
async def test_whatever_the_provider_does_the_order_is_paid_once(world: World, fault: Faults) -> None:
    order = await world.hold()
    world.sandbox.faults = fault
    await world.pay(order)
    assert (await world.order(order)).status == "paid"
    assert await world.stock() == (4, 0, 1)
    assert len(await world.told(order)) == 1
    assert await world.refunds() == []


async def test_a_notice_that_comes_before_the_buyer_is_back_finds_its_payment(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(disorder=True)
    page = await world.pay(order)
    assert "C&#39;est payé" in page.text


async def test_a_notice_for_a_checkout_whose_answer_never_arrived(world: World) -> None:
    """The provider opened the checkout, its answer was lost: our row knows neither its id nor its page."""
    order = await world.hold()
    world.sandbox.faults = Faults(create="silence")
    async with world.browser() as http:
        payer = Payer(http)
        page = await payer.press(await payer.open(world.link(order)), "means", "wave")
    assert page.status_code == 503
    world.sandbox.faults = Faults()
    (checkout,) = world.sandbox.checkouts.values()
    world.sandbox.press(checkout, "paid")
    assert (await send(world, body_of(checkout))).json() == {"result": "settled"}
    (payment,) = await world.payments(order)
    assert (payment.status, payment.provider_id) == ("succeeded", checkout.id)


async def test_a_forged_notice_is_refused_and_not_kept(world: World) -> None:
    order, checkout = await paid_in_silence(world)
    assert (await send(world, body_of(checkout), key="another key")).status_code == 401
    assert await world.rows("SELECT FROM payment_notices") == []
    assert (await world.order(order)).status == "awaiting_payment"


async def test_a_provider_that_forges_its_own_notices_is_refused_until_it_gives_up(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(forged=True)
    await world.pay(order)
    assert [delivery.status for delivery in world.sandbox.deliveries] == [401, 401, 401, 401]
    assert (await world.order(order)).status == "awaiting_payment"


@pytest.mark.parametrize(("age", "status"), [(299, 200), (301, 401), (-299, 200), (-301, 401)])
async def test_an_old_notice_is_a_replay(world: World, age: int, status: int) -> None:
    _, checkout = await paid_in_silence(world)
    assert (await send(world, body_of(checkout), age=age)).status_code == status


async def test_one_changed_byte_breaks_the_signature(world: World) -> None:
    _, checkout = await paid_in_silence(world)
    raw = body_of(checkout)
    signed = signature.sign(KEY, raw, world.clock.now())
    async with world.browser() as http:
        answer = await http.post(
            f"{world.url}/webhooks/payments/sandbox", content=raw + b" ", headers={signature.HEADER: signed}
        )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"not json", 422),
        (b"[]", 422),
        (b'{"id": "evt", "type": "checkout.paid", "data": {}}', 422),
        (b'{"id": 7, "type": "x", "data": {"id": "c", "reference": "G1-1-A"}}', 422),
        (b'{"id": "evt", "type": "x", "data": {"id": "c", "reference": "somebody else\'s"}}', 404),
        (b'{"id": "evt", "type": "x", "data": {"id": "c", "reference": "GZZZ-1-ABC"}}', 404),
        (b'{"id": "evt", "type": "x", "data": {"id": "c", "reference": "G1-1-ABC"}}', 404),
        (b'{"x": "' + b"a" * 70_000 + b'"}', 413),
    ],
)
async def test_what_is_no_notice_of_ours_is_refused(world: World, raw: bytes, status: int) -> None:
    assert (await send(world, raw)).status_code == status
    assert await world.rows("SELECT FROM payment_notices") == []


async def test_an_unknown_provider_is_not_found(world: World) -> None:
    _, checkout = await paid_in_silence(world)
    assert (await send(world, body_of(checkout), provider="nobody")).status_code == 404


async def test_a_notice_about_another_payment_of_the_provider_settles_nothing(world: World) -> None:
    """The reference of a rich order with the checkout of a cheap one that is paid."""
    await world.product("SAVON", 500, 5)
    cheap = await world.hold("SAVON")
    await world.pay(cheap)
    (paid,) = await world.payments(cheap)
    rich = await world.hold()
    world.sandbox.faults = Faults(create="silence")
    async with world.browser() as http:
        payer = Payer(http)
        await payer.press(await payer.open(world.link(rich)), "means", "wave")
    world.sandbox.faults = Faults()
    (payment,) = await world.payments(rich)
    mixed = world.sandbox.find(paid.provider_id or "")
    answer = await send(world, body_of(mixed, reference=payment.reference))
    assert answer.json() == {"result": "unanswered"}
    assert (await world.order(rich)).status == "awaiting_payment"


async def test_a_shop_with_a_key_of_its_own_takes_notices_signed_with_that_key_only(world: World) -> None:
    own = "the shop's own key"
    world.sandbox.keys.add(own)
    async with world.db.transaction(world.shop.id) as tx:
        await connect_provider(tx, world.house.keyring, "sandbox", {"key": own}, world.clock.now())
    _, checkout = await paid_in_silence(world)
    assert checkout.key == own
    assert (await send(world, body_of(checkout))).status_code == 401
    assert (await send(world, body_of(checkout), key=own)).json() == {"result": "settled"}


async def test_a_notice_is_kept_while_the_provider_cannot_be_asked_and_polling_settles_it(world: World) -> None:
    order, checkout = await paid_in_silence(world)
    world.sandbox.faults = Faults(look_up="error")
    assert (await send(world, body_of(checkout))).json() == {"result": "unanswered"}
    assert len(await world.rows("SELECT FROM payment_notices")) == 1
    world.sandbox.faults = Faults()
    assert await poll_due(world.house, world.shop.id) == 1
    assert (await world.order(order)).status == "paid"


async def test_notices_are_taken_from_listed_addresses_only(world: World) -> None:
    _, checkout = await paid_in_silence(world)
    world.house.config.provider_addresses = "203.0.113.0/24, 198.51.100.7"
    assert (await send(world, body_of(checkout))).status_code == 403
    world.house.config.trust_proxy = True
    forwarded = {"X-Forwarded-For": "203.0.113.9, 10.0.0.1"}  # the last hop is what our proxy saw
    assert (await send(world, body_of(checkout), **forwarded)).status_code == 403
    forwarded = {"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}
    assert (await send(world, body_of(checkout), **forwarded)).status_code == 200
