"""The order book as it is read, and how a person moves an order through it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.tenancy import Shop
from griot.tools.book import queries, telling
from griot.tools.book.models import Alerts, Column, Entry, Filters
from griot.tools.orders import queries as order_queries
from griot.tools.orders import service as orders
from griot.tools.orders.models import Fulfilment, Order, Stage
from griot.tools.payments.by_hand import receive_cash
from griot.tools.reservation.service import cancel_order

MOST_DELIVERED = 200

_STEPS: Mapping[Stage, Fulfilment | None] = MappingProxyType(
    {"confirmed": None, "preparing": "preparing", "ready": "ready", "delivered": "delivered", "paid": "delivered"}
)


async def page(tx: Tx, shop: Shop, filters: Filters, limit: int, before: int | None, now: datetime) -> list[Entry]:
    """Orders that the filters want, the latest first, from before a number on."""
    return await _entries(tx, [row["id"] for row in await queries.page(tx, shop, filters, limit, before, now)])


async def columns(tx: Tx, shop: Shop, filters: Filters, limit: int, now: datetime) -> list[Column]:
    """Every stage with its latest orders and how many there are, up to ``MOST_COUNTED``; the filters' stage aside."""
    rows = await queries.columns(tx, shop, filters, limit, now)
    entries = await _entries(tx, [number for row in rows for number in row["ids"] or ()])
    known = {entry.order.id: entry for entry in entries}
    return [
        Column(row["stage"], row["many"], tuple(known[number] for number in row["ids"] or () if number in known))
        for row in rows
    ]


async def entry(tx: Tx, order_id: int) -> Entry:
    """One order with its buyer; ``NotFound`` when the shop has none of this number."""
    await orders.known(tx, order_id)
    return (await _entries(tx, [order_id]))[0]


async def alerts(tx: Tx, shop: Shop, now: datetime) -> Alerts:
    """What waits too long."""
    return Alerts(**await queries.alerts(tx, shop, now))


async def _entries(tx: Tx, order_ids: list[int]) -> list[Entry]:
    found = await order_queries.load_many(tx, order_ids)
    buyers = await queries.buyers(tx, [order.customer_id for order in found.values()])
    return [
        Entry(order, buyers[order.customer_id]["name"], buyers[order.customer_id]["phone"])
        for order in sorted(found.values(), key=lambda order: -order.id)
    ]


async def move(tx: Tx, shop: Shop, order_id: int, to: Stage, now: datetime) -> Order:
    """Put an order into another column, as a person does. What that means is written in ``models``:

    - from `new`: to `confirmed`, to be paid at delivery, which the buyer is told; unpaid ones to `cancelled`.
    - among `confirmed` … `delivered`: how far it has come, in either direction; a mistake is taken back the same way.
      Handed over and paid, it is in `paid`.
    - from `delivered` to `paid`: what is owed was taken in cash.

    Raises ``NotFound``, and ``Conflict`` with what to do instead.
    """
    order = await orders.locked(tx, order_id)
    if order.stage == to:
        return order
    if to == "cancelled":
        return await cancel_order(tx, shop, order_id, now)
    if order.stage == "cancelled":
        raise Conflict(f"Order {order.reference} is over: it is not moved any more.")
    if to == "new":
        raise Conflict(f"Order {order.reference} is taken on already: cancel it, or leave it where it is.")
    if order.stage == "new":
        if to != "confirmed":
            raise Conflict(f"Order {order.reference} is not paid: confirm it first, to be paid at delivery.")
        return await confirm(tx, shop, order_id, now)
    if to == "paid" and order.owed is not None:
        if order.stage != "delivered":
            raise Conflict(f"{order.owed} is still owed for order {order.reference}: deliver it first.")
        return await receive_cash(tx, shop, order_id, now)
    return await orders.put_back(tx, order_id, _STEPS[to], now)


async def deliver_waiting(tx: Tx, shop: Shop, now: datetime) -> int:
    """Whatever has waited too long was handed over long ago, says a person who does not keep the book day by day.

    Up to ``MOST_DELIVERED`` orders that are sure at once, the latest first; returns how many.
    """
    waiting = await page(tx, shop, Filters(alert="waiting"), MOST_DELIVERED, None, now)
    sure = sorted(entry.order.id for entry in waiting if entry.order.stage != "new")
    for order_id in sure:
        await orders.set_fulfilment(tx, order_id, "delivered", now)
    return len(sure)


async def confirm(tx: Tx, shop: Shop, order_id: int, now: datetime) -> Order:
    """Take an order on that is paid at delivery, and tell the buyer. Raises as ``orders.service.confirm``."""
    order = await orders.confirm(tx, order_id, now)
    await telling.confirmed(tx, shop, order, now)
    return order
