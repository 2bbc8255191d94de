"""Orders that end without money: their pieces go back on hand, and whoever must know is told.

Expiry needs no worker to be true. Whatever touches stock first clears what is overdue around it (``clear_overdue``).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.events import Event, record_all
from griot.core.tenancy import Shop
from griot.tools.customers import service as customers
from griot.tools.offers import service as offers
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Line, Order
from griot.tools.reservation import notices, queries


async def clear_overdue(
    tx: Tx, shop: Shop, conversation_ids: Collection[int], variant_ids: Collection[int], now: datetime
) -> None:
    """Expire what is overdue among the baskets of the conversations and around the variants.

    Waits for others who are doing the same, so that what they free is there. Afterwards the baskets and the variants'
    stock are locked. For a transaction that has locked no order yet.
    """
    ids = await queries.lock_around(tx, conversation_ids, variant_ids, now)
    await _expire_among(tx, shop, ids, variant_ids, now)


async def clear_for_line(tx: Tx, shop: Shop, conversation_id: int, variant_id: int, now: datetime) -> None:
    """The same for a buyer who stands in line, without waiting: what others free is served to the line by them."""
    own = await queries.lock_around(tx, [conversation_id], [], now)
    around = await queries.lock_overdue_around(tx, [variant_id], now)
    await _expire_among(tx, shop, [*own, *around], [variant_id], now)


async def lock_order(tx: Tx, shop: Shop, order_id: int, now: datetime, also: Collection[int] = frozenset()) -> Order:
    """Lock an order with its stock and expire what is overdue around it, itself included; returns it as it is now.

    ``also``: further variants whose stock is wanted, locked along.
    Overdue orders that others are working on are left to them. ``NotFound`` when the shop has no such order.
    """
    order = await order_service.locked(tx, order_id)
    variants = {*order.variant_ids, *also}
    ids = await queries.lock_overdue_around(tx, variants, now)
    await _expire_among(tx, shop, ids, variants, now)
    return await order_service.locked(tx, order_id)


async def open_order(tx: Tx, shop: Shop, order_id: int, now: datetime, also: Collection[int] = frozenset()) -> Order:
    """``lock_order`` for an order that goes on; ``Conflict``, with what to do, when it is over."""
    order_service.check_open(await order_service.locked(tx, order_id), now)
    return await lock_order(tx, shop, order_id, now, also)


async def drop_line(tx: Tx, order: Order, line: Line, now: datetime) -> None:
    """Take one of several lines out of an order: it is locked, and so is its stock."""
    await queries.drop_line(tx, order.id, line.variant_id)
    await orders.sum_up(tx, order.id)
    data = {"variant_id": line.variant_id, "quantity": 0, "unit_minor": line.unit.minor}
    await record_all(tx, [Event("order.changed", order.live_id, order.id, order.customer_id, data)], now)


async def _expire_among(
    tx: Tx, shop: Shop, order_ids: Collection[int], variant_ids: Collection[int], now: datetime
) -> None:
    """Lock the stock of the variants and of what is overdue among locked orders, then expire that."""
    overdue = [order for order in (await orders.load_many(tx, order_ids)).values() if order.overdue(now)]
    await queries.lock_stock(tx, {*variant_ids, *(id_ for order in overdue for id_ in order.variant_ids)})
    await expire(tx, shop, overdue, now)


async def expire(tx: Tx, shop: Shop, overdue: Sequence[Order], now: datetime) -> None:
    """Expire overdue orders: they are locked, and so is their stock."""
    if not overdue:
        return
    await queries.give_back(tx, [order.id for order in overdue], "expired")
    closed = await order_service.close(tx, overdue, "expired", now)
    await offers.give_back(tx, closed)
    await customers.record_expired(tx, [order.customer_id for order in closed])
    await record_all(tx, [_event("order.expired", order) for order in closed], now)
    await notices.expired(tx, shop, closed, now)


async def cancel(tx: Tx, order: Order, now: datetime) -> Order:
    """Cancel an open order: it is locked, and so is its stock. Returns it as it is now."""
    await queries.give_back(tx, [order.id], "cancelled")
    (cancelled,) = await order_service.close(tx, [order], "cancelled", now)
    await offers.give_back(tx, [cancelled])
    await record_all(tx, [_event("order.cancelled", cancelled)], now)
    return cancelled


def _event(kind: str, order: Order) -> Event:
    return Event(
        kind, order.live_id, order.id, order.customer_id, {"total_minor": order.total.minor, "means": order.means}
    )
