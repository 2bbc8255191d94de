"""When an order is wanted, how far it has come, and finding a buyer's own orders again."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from reservation_helpers import Buyer, arrive, article, happened, held_order, open_shop, the_order
from typer.testing import CliRunner

from griot.cli.shop import app
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.settings import settings as environment
from griot.core.tenancy import Shop
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Line, Order
from griot.tools.orders.service import await_payment, mark_paid, set_fulfilment, set_wanted
from griot.tools.reservation.service import cancel_order, expire_due, sell

LIVE_NIGHT = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
SATURDAY = date(2026, 2, 21)


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def paid(tx: Tx, shop: Shop, buyer: Buyer, variant: int, clock: FrozenClock) -> Order:
    order = await held_order(tx, shop, buyer, variant, clock.now())
    await await_payment(tx, order.id, "wave", clock.now())
    await sell(tx, order.id)
    return await mark_paid(tx, order.id, "wave", clock.now())


async def test_a_day_and_a_time_are_kept_and_what_is_not_said_stays(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    assert (order.wanted_on, order.wanted_at, order.fulfilment) == (None, None, None)
    await set_wanted(tx, order.id, SATURDAY, None, clock.now())
    wanted = await set_wanted(tx, order.id, None, "15:30", clock.now())
    assert wanted == await the_order(tx, order.id)
    assert (wanted.wanted_on, wanted.wanted_at) == (SATURDAY, "15:30")
    assert await happened(tx) == ["order.held", "order.changed", "order.changed"]


async def test_today_is_the_shops_and_yesterday_is_over(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await tx.execute("UPDATE shops SET timezone = 'Indian/Antananarivo'")
    clock.advance(timedelta(hours=1))  # 21:00 in UTC: already the 16th in Madagascar
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    with pytest.raises(InvalidInput, match="today or a later day"):
        await set_wanted(tx, order.id, date(2026, 2, 15), None, clock.now())
    assert (await set_wanted(tx, order.id, date(2026, 2, 16), None, clock.now())).wanted_on == date(2026, 2, 16)
    for wrong in ("24:00", "9:30", "15h", "12:60", ""):
        with pytest.raises(InvalidInput, match="09:30"):
            await set_wanted(tx, order.id, None, wrong, clock.now())


async def test_what_is_over_is_not_wanted_any_more(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    first, second = await arrive(tx, 2, clock.now())
    done = await paid(tx, shop, first, robe, clock)
    overdue = await held_order(tx, shop, second, robe, clock.now())
    clock.advance(timedelta(minutes=11))
    for order in (done, overdue):
        with pytest.raises(Conflict):
            await set_wanted(tx, order.id, SATURDAY, None, clock.now())
    with pytest.raises(NotFound):
        await set_wanted(tx, 999, SATURDAY, None, clock.now())


async def test_a_paid_order_comes_forward_and_never_back(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await paid(tx, shop, buyer, robe, clock)
    assert (await set_fulfilment(tx, order.id, "preparing", clock.now())).fulfilment == "preparing"
    shipped = await set_fulfilment(tx, order.id, "shipped", clock.now())
    assert shipped == await the_order(tx, order.id) == await set_fulfilment(tx, order.id, "shipped", clock.now())
    with pytest.raises(Conflict, match="does not go back to ready"):
        await set_fulfilment(tx, order.id, "ready", clock.now())
    assert (await happened(tx)).count("order.fulfilment") == 2
    unpaid = await held_order(tx, shop, buyer, robe, clock.now())
    with pytest.raises(Conflict, match="is not paid"):
        await set_fulfilment(tx, unpaid.id, "shipped", clock.now())
    assert await orders.id_of_reference(tx, f"#{order.reference.lower()} ") == order.id
    assert await orders.id_of_reference(tx, "LP-0") is None


async def test_the_vendor_says_how_far_an_order_has_come(
    database_url: str, db: Database, shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with db.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 5, clock.now())
        (buyer,) = await arrive(tx, 1, clock.now())
        order = await paid(tx, shop, buyer, robe, clock)
    monkeypatch.setenv("GRIOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    environment.cache_clear()

    async def fulfil(reference: str, step: str) -> Result:
        arguments = ["fulfil", reference, step, "--shop", shop.slug, "--json"]
        return await asyncio.to_thread(CliRunner().invoke, app, arguments)

    try:
        done = await fulfil(f"#{order.reference}", "shipped")
        assert (done.exit_code, json.loads(done.stdout)["fulfilment"]) == (0, "shipped"), done.stderr
        assert "no step of an order" in (await fulfil(order.reference, "lost")).stderr
        assert "has no order LP-0" in (await fulfil("LP-0", "shipped")).stderr
    finally:
        environment.cache_clear()
    async with db.transaction(shop.id) as tx:
        assert (await the_order(tx, order.id)).fulfilment == "shipped"


async def test_past_orders_are_read_for_many_buyers_at_once(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    first, second, idle = await arrive(tx, 3, clock.now())
    bought = await paid(tx, shop, first, robe, clock)
    cancelled = await cancel_order(tx, shop, (await held_order(tx, shop, first, robe, clock.now())).id, clock.now())
    late = await held_order(tx, shop, second, robe, clock.now())
    clock.advance(timedelta(minutes=11))
    await expire_due(tx, shop, clock.now())
    expired = await the_order(tx, late.id)
    await held_order(tx, shop, first, robe, clock.now())
    buyers = [buyer.customer_id for buyer in (first, second, idle)]
    assert await orders.past(tx, buyers, 5) == {
        first.customer_id: (cancelled, bought),
        second.customer_id: (expired,),
        idle.customer_id: (),
    }
    assert (await orders.past(tx, buyers, 1))[first.customer_id] == (cancelled,)
    assert await orders.past(tx, [], 5) == {}


async def test_a_reference_finds_the_buyers_own_order_however_it_is_written(
    tx: Tx, shop: Shop, clock: FrozenClock
) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    buyer, other = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    reference = order.reference
    for written in (reference, f"#{reference}", reference.lower(), reference.replace("-", " "), f" #{reference} ?"):
        assert await orders.by_reference(tx, buyer.customer_id, written) == order
        assert await orders.by_reference(tx, other.customer_id, written) is None
    for wrong in ("", "#", reference[:-1], "LP-2026-0215-ZZZZ"):
        assert await orders.by_reference(tx, buyer.customer_id, wrong) is None


def order_of(total: int, received: int | None = None) -> Order:
    nothing_yet = None if received is None else Money(received, "XOF")
    lines: tuple[Line, ...] = ()
    return Order(
        1, "LP-1", 1, 1, None, "reserved", None, Money(total, "XOF"), LIVE_NIGHT, False, LIVE_NIGHT, None, lines,
        received=nothing_yet,
    )  # fmt: skip


async def test_a_deposit_is_rounded_up_and_never_to_nothing(shop: Shop) -> None:
    asks = replace(shop, settings=replace(shop.settings, deposit_percent=30))
    assert [order_of(total).due_now(asks).minor for total in (1, 10, 101, 15_000)] == [1, 3, 31, 4_500]
    assert order_of(15_000).due_now(shop) == Money(15_000, "XOF")
    assert order_of(15_000).due_now(replace(shop, segment="events")) == Money(7_500, "XOF")


def test_what_remains_is_the_total_less_what_came() -> None:
    assert order_of(15_000).remaining is None
    assert order_of(15_000, received=15_000).remaining is None
    assert order_of(15_000, received=4_500).remaining == Money(10_500, "XOF")
