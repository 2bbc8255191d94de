"""The order book: columns, filters, what a person may move where, orders by hand, and cash."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import product

import pytest
from payments_world import World, open_world

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.tools.book import export, service, taking, telling
from griot.tools.book.models import Filters
from griot.tools.book.taking import NewOrder, WantedLine
from griot.tools.orders import queries
from griot.tools.orders.models import Order, Stage
from griot.tools.orders.service import set_wanted
from griot.tools.payments.by_hand import receive_cash
from griot.tools.reservation import service as reservation


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        await opened.rows("UPDATE stock_levels SET on_hand = 10, received = 10 RETURNING shop_id")
        yield opened
        async with db.transaction(opened.shop.id) as tx:
            await assert_books_balanced(tx)


async def move(world: World, order: Order, *stages: Stage) -> Order:
    for stage in stages:
        async with world.db.transaction(world.shop.id, actor="user:7") as tx:
            order = await service.move(tx, world.shop, order.id, stage, world.clock.now())
    return order


async def found(world: World, filters: Filters) -> list[int]:
    async with world.db.transaction(world.shop.id) as tx:
        return [e.order.id for e in await service.page(tx, world.shop, filters, 50, None, world.clock.now())]


async def take_down(world: World, **given: object) -> Order:
    values = {"name": "Binta Sow", "phone": "77 123 45 67", "lines": (WantedLine("ROBE1", 2),)}
    async with world.db.transaction(world.shop.id, actor="user:7") as tx:
        new = NewOrder(**{**values, **given})  # type: ignore[arg-type]
        return await taking.take_down(tx, world.shop, new, lambda number: f"https://x/p/{number}", world.clock.now())


async def test_the_column_in_python_is_the_column_in_the_database(world: World) -> None:
    """Every combination that the checks of the table allow."""
    order = await world.hold()
    statuses = ("reserved", "awaiting_payment", "paid", "expired", "cancelled")
    steps = (None, "preparing", "ready", "shipped", "delivered")
    async with world.db.transaction(world.shop.id) as tx:
        for status, step, confirmed, paid in product(statuses, steps, (False, True), (None, 5_000, 15_000)):
            cursor = await tx.execute(
                "UPDATE orders SET status = %s, fulfilment = %s, paid_minor = %s,"
                " confirmed_at = CASE WHEN %s THEN created_at END RETURNING stage",
                (status, step, paid, confirmed),
            )
            row = await cursor.fetchone()
            known = await queries.load(tx, order.id)
            assert row and known and known.stage == row["stage"], (status, step, confirmed, paid)
        await tx.execute("UPDATE orders SET status = 'awaiting_payment', fulfilment = NULL, paid_minor = NULL")


async def test_a_paid_order_walks_through_the_columns_and_back(world: World) -> None:
    order = await world.hold()
    assert order.stage == "new"
    await world.pay(order)
    assert (await world.order(order)).stage == "confirmed"
    assert (await move(world, order, "preparing", "ready")).stage == "ready"
    assert (await move(world, order, "preparing")).stage == "preparing"  # a slip of the thumb
    assert (await move(world, order, "delivered")).stage == "paid"  # handed over and paid: done
    with pytest.raises(Conflict, match="refund"):
        await move(world, order, "cancelled")
    with pytest.raises(Conflict):
        await move(world, order, "new")
    rows = await world.rows("SELECT data, actor FROM events WHERE kind = 'order.fulfilment' ORDER BY id")
    assert [row["data"]["step"] for row in rows] == ["preparing", "ready", "preparing", "delivered"]
    assert {row["actor"] for row in rows} == {"user:7"}


async def test_paid_at_delivery(world: World) -> None:
    """Taken on without money, it keeps its stock past every deadline, and its money comes at the door."""
    order = await world.hold(means=None)
    with pytest.raises(Conflict, match="confirm it first"):
        await move(world, order, "preparing")
    await move(world, order, "confirmed", "confirmed")
    assert (await world.told(order))[-1].count("15 000 F CFA") == 1
    world.clock.advance(timedelta(days=3))
    async with world.db.transaction(world.shop.id) as tx:
        await reservation.expire_due(tx, world.shop, world.clock.now())
    assert (await world.order(order)).on_delivery
    with pytest.raises(Conflict, match="still owed"):
        await move(world, order, "paid")
    assert (await move(world, order, "preparing", "ready", "delivered")).stage == "delivered"
    assert await world.stock() == (9, 1, 0)
    done = await move(world, order, "paid")
    assert (done.stage, done.means, await world.stock()) == ("paid", "cash", (9, 0, 1))
    [noted] = await world.rows("SELECT actor, data FROM events WHERE kind = 'payment.noted'")
    assert noted["actor"] == "user:7" and noted["data"]["minor"] == 15_000
    assert (await world.kinds()).count("order.paid") == 1


async def test_cash_counts_once_and_not_for_what_is_gone(world: World) -> None:
    order = await world.hold(quantity=10)
    async with world.db.transaction(world.shop.id) as tx:
        paid = await receive_cash(tx, world.shop, order.id, world.clock.now())
    assert (paid.status, paid.received, paid.owed) == ("paid", order.total, None)
    with pytest.raises(Conflict, match="paid already"):
        async with world.db.transaction(world.shop.id) as tx:
            await receive_cash(tx, world.shop, order.id, world.clock.now())
    await world.product("SAC2", 5_000, 1)
    late = await world.hold("SAC2")
    await world.expire(late)
    other = await world.hold("SAC2")
    with pytest.raises(Conflict, match="stock is gone"):
        async with world.db.transaction(world.shop.id) as tx:
            await receive_cash(tx, world.shop, late.id, world.clock.now())
    await world.cancel(other)
    async with world.db.transaction(world.shop.id) as tx:
        assert (await receive_cash(tx, world.shop, late.id, world.clock.now())).status == "paid"
    [row] = await world.rows("SELECT sum(paid_orders) AS paid, sum(spent_minor) AS spent FROM customers")
    assert (row["paid"], row["spent"]) == (2, 155_000)


async def test_the_rest_after_a_deposit_is_taken_at_the_door(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    async with open_world(database_url, db, clock, segment="events") as world:
        order = await world.hold()
        await world.pay(order)
        assert (await world.order(order)).owed is not None
        assert (await move(world, order, "delivered")).stage == "delivered"
        done = await move(world, order, "paid")
        assert (done.stage, done.received, done.owed) == ("paid", order.total, None)
        [row] = await world.rows("SELECT spent_minor, paid_orders FROM customers WHERE paid_orders > 0")
        assert (row["spent_minor"], row["paid_orders"]) == (15_000, 1)


async def test_money_that_comes_through_a_link_after_cash_is_to_be_given_back(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        page = await http.get(world.link(order))
    assert page.status_code == 200
    async with world.db.transaction(world.shop.id) as tx:
        await service.confirm(tx, world.shop, order.id, world.clock.now())
    async with world.browser() as http:
        assert "data-seconds" not in (await http.get(world.link(order))).text  # no deadline runs
    await world.pay(order, "wave")
    with pytest.raises(Conflict, match="paid already"):
        async with world.db.transaction(world.shop.id) as tx:
            await receive_cash(tx, world.shop, order.id, world.clock.now())


async def test_an_order_by_telephone_holds_its_stock_and_sends_its_link(world: World) -> None:
    order = await take_down(world, address="Villa 12, Mermoz", wanted_on=date(2026, 2, 20), wanted_at="15:30")
    assert (order.channel, order.stage, order.wanted_at, await world.stock()) == ("phone", "new", "15:30", (8, 2, 0))
    assert (await world.rows("SELECT fields FROM intakes"))[0]["fields"] == {"text": "Villa 12, Mermoz"}
    [sent] = await world.rows("SELECT reply FROM outbox WHERE dedupe_key LIKE 'link:%%'")
    assert sent["reply"]["link"][1] == f"https://x/p/{order.id}"
    async with world.db.transaction(world.shop.id) as tx:
        await telling.send_link(tx, world.shop, order.id, str, world.clock.now())  # a second tap
    assert len(await world.rows("SELECT id FROM outbox WHERE dedupe_key LIKE 'link:%%'")) == 1
    second = await take_down(world)  # the same buyer calls again
    assert second.id != order.id and second.customer_id == order.customer_id


async def test_an_order_at_the_counter_is_paid_at_once(world: World) -> None:
    order = await take_down(world, source="counter", terms="cash")
    assert (order.channel, order.stage, order.means, await world.stock()) == ("counter", "confirmed", "cash", (8, 0, 2))
    assert (await take_down(world, terms="delivery")).on_delivery


async def test_an_order_by_hand_is_whole_or_not_at_all(world: World) -> None:
    await world.product("SAC2", 5_000, 1)
    for error, lines in (
        (Conflict, (WantedLine("ROBE1"), WantedLine("SAC2", 2))),
        (NotFound, (WantedLine("ROBE1"), WantedLine("NOTHING"))),
        (InvalidInput, (WantedLine("ROBE1"), WantedLine("robe1"))),
        (InvalidInput, ()),
    ):
        with pytest.raises(error):
            await take_down(world, lines=lines)
    assert await world.stock() == (10, 0, 0) and not await world.rows("SELECT id FROM orders")
    thread = await world.thread()
    [row] = await world.rows("SELECT phone FROM customers WHERE id = %s", thread[1])
    basket = await world.hold(thread=thread, means=None)
    with pytest.raises(Conflict, match=basket.reference):
        await take_down(world, phone=f"+{row['phone']}")


async def test_orders_are_found_by_what_is_known_of_them(world: World) -> None:
    await world.product("SAC2", 5_000, 5)
    one = await world.hold()
    two = await take_down(world, lines=(WantedLine("SAC2"),))
    await world.pay(one)
    assert await found(world, Filters()) == [two.id, one.id]
    for search in (one.reference, f"#{one.reference.lower()}", one.reference[-4:], "robe1", "AMINAT"):
        assert await found(world, Filters(search=search)) == [one.id], search
    for search in ("sac2", "binta", "77 123 45 67", "+221771234567", "1234567"):
        assert await found(world, Filters(search=search)) == [two.id], search
    assert await found(world, Filters(search="nobody")) == []
    assert await found(world, Filters(stage="confirmed")) == [one.id]
    assert await found(world, Filters(channel="phone")) == [two.id]
    today = world.clock.now().date()
    assert await found(world, Filters(since=today, until=today)) == [two.id, one.id]
    assert await found(world, Filters(since=today + timedelta(days=1))) == []
    assert await found(world, Filters(customer_id=one.customer_id)) == [one.id]
    async with world.db.transaction(world.shop.id) as tx:
        columns = await service.columns(tx, world.shop, Filters(), 5, world.clock.now())
        second = await service.page(tx, world.shop, Filters(), 1, two.id, world.clock.now())
    assert {c.stage: [e.order.id for e in c.entries] for c in columns if c.many} == {
        "new": [two.id],
        "confirmed": [one.id],
    }
    assert [entry.order.id for entry in second] == [one.id]


async def test_what_nobody_moves_for_a_day_is_told(world: World) -> None:
    order, later, owed = await world.hold(), await world.hold(), await take_down(world, terms="delivery")
    async with world.db.transaction(world.shop.id) as tx:
        await set_wanted(tx, later.id, date(2026, 2, 28), None, world.clock.now())
    await world.pay(order)
    await world.pay(later)
    await move(world, owed, "delivered")

    async def alerts() -> tuple[int, int]:
        async with world.db.transaction(world.shop.id) as tx:
            told = await service.alerts(tx, world.shop, world.clock.now())
        return told.waiting, told.unpaid

    assert await alerts() == (0, 0)
    world.clock.advance(timedelta(hours=25))
    assert await alerts() == (1, 1)  # the third is wanted on a later day
    assert await found(world, Filters(alert="waiting")) == [order.id]
    assert await found(world, Filters(alert="unpaid")) == [owed.id]
    await move(world, order, "preparing")
    assert await alerts() == (0, 1)
    world.clock.advance(timedelta(hours=25))
    async with world.db.transaction(world.shop.id) as tx:
        assert await service.deliver_waiting(tx, world.shop, world.clock.now()) == 1
    assert await alerts() == (0, 1) and (await world.order(order)).stage == "paid"


async def test_the_invoice_is_made_once_and_sent_again(world: World) -> None:
    order = await world.hold()
    with pytest.raises(Conflict):
        async with world.db.transaction(world.shop.id) as tx:
            await telling.send_invoice(tx, world.shop, order.id, world.clock.now())
    await move(world, order, "confirmed")
    numbers = set()
    for _ in range(2):
        async with world.db.transaction(world.shop.id) as tx:
            numbers.add((await telling.send_invoice(tx, world.shop, order.id, world.clock.now())).number)
        world.clock.advance(timedelta(minutes=2))
    assert len(numbers) == 1
    assert len(await world.rows("SELECT id FROM outbox WHERE dedupe_key LIKE 'invoice:%%'")) == 2


async def exported(world: World, language: str, **filters: object) -> list[list[str]]:
    chunks = export.orders(world.db, world.clock, world.shop, Filters(**filters), language, "user:7")  # type: ignore[arg-type]
    read = b"".join([chunk async for chunk in chunks]).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(read), delimiter=";" if language != "en" else ","))


async def test_the_book_is_taken_along_and_nothing_in_it_is_a_formula(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    evil = '=HYPERLINK("http://evil";"x")'
    orders = [await take_down(world, name=evil, phone=f"77 123 45 6{n}", address="@SUM(1)") for n in range(5)]
    head, *rows = await exported(world, "fr")
    assert head[0] == "Référence" and len({len(row) for row in [head, *rows]}) == 1
    assert [row[0] for row in rows] == [order.reference for order in reversed(orders)]
    assert {row[4] for row in rows} == {f"'{evil}"} and {row[-1] for row in rows} == {"'@SUM(1)"}
    assert rows[-1][5] == "221 77 123 45 60" and rows[-1][7] == "30000"
    assert rows[-1][1] == "2026-02-15T20:00:00+00:00"
    assert len(await exported(world, "en", stage="new")) == 6
    told = await world.rows("SELECT actor, data FROM events WHERE kind = 'orders.exported' ORDER BY id")
    assert [row["actor"] for row in told] == ["user:7"] * 2 and told[1]["data"]["stage"] == "new"
