"""When no notice comes the provider is asked, less and less often, for a day."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Faults
from griot.tools.payments.service import poll_due


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def poll(world: World) -> int:
    return await poll_due(world.house, world.shop.id)


async def begin(world: World, means: str = "wave") -> str:
    """An order whose buyer is on the provider's page; returns the payment's reference."""
    order = await world.hold()
    async with world.browser() as http:
        payer = Payer(http)
        await payer.press(await payer.open(world.link(order)), "means", means)
    return (await world.payments(order))[-1].reference


async def test_a_payment_is_found_without_any_notice(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    world.clock.advance(timedelta(seconds=20))
    assert await poll(world) == 1
    assert (await world.order(order)).status == "paid"
    world.clock.advance(timedelta(hours=2))
    assert await poll(world) == 0


async def test_the_gaps_double_up_to_an_hour_and_end_after_a_day(world: World) -> None:
    reference = await begin(world)
    checkout = next(iter(world.sandbox.checkouts.values()))
    checkout.expires_at += timedelta(days=30)  # a provider that never says it is over
    start, asked = world.clock.now(), []
    while (at := await next_check(world)) is not None:
        world.clock.set(at - timedelta(milliseconds=1))
        assert await poll(world) == 0
        world.clock.set(at)
        assert await poll(world) == 1
        asked.append(int((at - start).total_seconds()))
    gaps = [later - sooner for sooner, later in pairwise(asked)]
    assert asked[0] == 20
    assert gaps[:7] == [40, 80, 160, 320, 640, 1280, 2560]
    assert set(gaps[7:]) == {3600}
    assert 24 * 3600 <= asked[-1] < 25 * 3600
    assert await world.rows("SELECT status FROM payments WHERE reference = %s", reference) == [{"status": "expired"}]


async def next_check(world: World) -> datetime | None:
    (row,) = await world.rows("SELECT min(next_check_at) AS at FROM payments")
    at: datetime | None = row["at"]
    return at


@pytest.mark.parametrize("health", ["error", "silence"])
async def test_a_provider_that_is_away_is_asked_again_later(world: World, health: str) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)
    world.sandbox.faults = Faults(look_up=health)  # type: ignore[arg-type]
    world.clock.advance(timedelta(seconds=20))
    assert await poll(world) == 1
    assert await poll(world) == 0  # not at once
    world.sandbox.faults = Faults()
    world.clock.advance(timedelta(seconds=40))
    assert await poll(world) == 1
    assert (await world.order(order)).status == "paid"


async def test_one_silent_provider_call_does_not_hold_up_the_others(world: World) -> None:
    world.house.config.provider_timeout = 0.5
    orders = [await world.hold() for _ in range(3)]
    world.sandbox.faults = Faults(loss=True)
    for order in orders:
        await world.pay(order)
    (payment,) = await world.payments(orders[0])
    del world.sandbox.checkouts[payment.provider_id or ""]  # the provider answers 404 for this one
    world.clock.advance(timedelta(seconds=20))
    assert await poll(world) == 3
    assert [(await world.order(order)).status for order in orders] == ["awaiting_payment", "paid", "paid"]


async def test_a_checkout_that_was_never_opened_is_asked_about_by_our_reference(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(create="error")
    async with world.browser() as http:
        payer = Payer(http)
        page = await payer.press(await payer.open(world.link(order)), "means", "wave")
    assert page.status_code == 503
    world.sandbox.faults = Faults()
    world.clock.advance(timedelta(seconds=20))
    assert await poll(world) == 1  # the provider has never heard of it, and nothing breaks
    (payment,) = await world.payments(order)
    assert payment.status == "created"
    await world.pay(order)  # the buyer's next press opens the very same attempt
    (payment,) = await world.payments(order)
    assert payment.status == "succeeded"


async def test_a_checkout_that_ran_out_is_closed_without_bothering_a_buyer_whose_time_is_over(world: World) -> None:
    await begin(world)
    (order,) = await world.rows("SELECT id, conversation_id, expires_at FROM orders")
    world.clock.set(order["expires_at"] + timedelta(seconds=1))
    assert await poll(world) == 1
    (payment,) = await world.rows("SELECT status, next_check_at FROM payments")
    assert payment == {"status": "expired", "next_check_at": None}
    assert await world.rows("SELECT FROM outbox WHERE conversation_id = %s", order["conversation_id"]) == []


async def test_coming_back_from_the_provider_has_it_asked_at_once_and_only_once(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    await world.pay(order)  # ends on our page with ?done=1
    assert await poll(world) == 1
    assert (await world.order(order)).status == "paid"

    slow = await world.hold()
    world.sandbox.faults = Faults(loss=True, processing=60)
    async with world.browser() as http:
        page = await Payer(http).pay(world.link(slow))
        assert await poll(world) == 1
        await Payer(http).open(str(page.url))
        assert await poll(world) == 0


async def test_two_pollers_share_the_work(world: World) -> None:
    for _ in range(4):
        await begin(world)
    world.clock.advance(timedelta(seconds=20))
    first, second = await poll(world), await poll(world)
    assert (first, second) == (4, 0)
