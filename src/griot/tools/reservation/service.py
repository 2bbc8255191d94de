"""Reservation: stock is held for a while, extended, given back, sold. It is never sold twice.

The rules on one page: docs/reference/holds.md.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, NotFound
from griot.core.events import record
from griot.core.tenancy import Shop, load_shop
from griot.tools.offers import service as offers
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Order
from griot.tools.reservation import closing, queries, waitlist_queries
from griot.tools.reservation.closing import clear_overdue
from griot.tools.reservation.holding import LONGEST_SECONDS, hold
from griot.tools.reservation.models import Hold, HoldRequest
from griot.tools.reservation.swapping import swap
from griot.tools.reservation.sweep import expire_due, remind_due
from griot.tools.reservation.waitlist import join_waitlist, leave_waitlist, serve, serve_waitlist

__all__ = [
    "cancel_line",
    "cancel_order",
    "expire_due",
    "extend",
    "join_waitlist",
    "leave_waitlist",
    "remind_due",
    "reserve",
    "retake",
    "sell",
    "serve_waitlist",
    "swap",
]

EXTENSION = timedelta(minutes=5)


async def reserve(tx: Tx, shop: Shop, requests: Sequence[HoldRequest], now: datetime) -> list[Hold]:
    """Hold stock for many buyers at once; the answers come in the order of the requests.

    Overdue orders in the way are expired first, and those who wait for a variant go before everybody who asks now.
    """
    cap = shop.settings.max_quantity
    answers = [Hold("too_many", None, request.variant_id, 0, None, cap) for request in requests]
    asked = [n for n, request in enumerate(requests) if request.quantity <= cap]
    if not asked:
        return answers
    conversations = {requests[n].conversation_id for n in asked}
    variants = {requests[n].variant_id for n in asked}

    await queries.lock_baskets(tx, conversations)
    outlook = await queries.outlook(tx, conversations, variants, now)
    kept: frozenset[int] = frozenset()
    if outlook.overdue or outlook.servable:
        await clear_overdue(tx, shop, conversations, variants, now)
        kept = (await serve(tx, shop, variants, now)).kept
        outlook = await queries.outlook(tx, conversations, variants, now)

    for n in asked:
        answers[n] = Hold("short", None, requests[n].variant_id, 0, None, 0)
    asked = [n for n in asked if requests[n].variant_id not in kept]
    taken = await hold(tx, shop, [requests[n] for n in asked], outlook.drafts, now)
    for n, answer in zip(asked, taken, strict=True):
        answers[n] = answer
    contested = [(requests[n], answers[n]) for n in asked if requests[n].variant_id in outlook.in_line]
    await _move_line(tx, shop, contested, now)
    return answers


async def _move_line(tx: Tx, shop: Shop, taken: Sequence[tuple[HoldRequest, Hold]], now: datetime) -> None:
    """Who waited for a variant and has it now waits no longer; what a smaller basket sets free goes to the line."""
    own = [
        (request.variant_id, request.customer_id, answer.order_id)
        for request, answer in taken
        if answer.outcome in ("held", "same") and answer.order_id is not None
    ]
    if own:
        await waitlist_queries.settle_own(tx, own, now)
    changed = {answer.variant_id for _, answer in taken if answer.outcome == "held"}
    if changed:
        await serve(tx, shop, changed, now)


async def cancel_order(tx: Tx, shop: Shop, order_id: int, now: datetime) -> Order:
    """Give up an open order; its stock goes to those who wait, then back on sale.

    Raises ``NotFound``, and ``Conflict`` with what to do when the order is over.
    """
    order = await closing.open_order(tx, shop, order_id, now)
    cancelled = await closing.cancel(tx, order, now)
    await serve(tx, shop, cancelled.variant_ids, now)
    return cancelled


async def cancel_line(tx: Tx, shop: Shop, order_id: int, variant_id: int, now: datetime) -> Order:
    """Take one article out of an open order; with the last one, the order is cancelled.

    Raises ``NotFound`` when the order does not hold it, and ``Conflict`` with what to do when the order is over.
    """
    order = await closing.open_order(tx, shop, order_id, now)
    line = next((line for line in order.lines if line.variant_id == variant_id), None)
    if line is None:
        raise NotFound(f"Order {order.reference} does not hold this article: nothing was cancelled.")
    if len(order.lines) == 1:
        after = await closing.cancel(tx, order, now)
    else:
        await closing.drop_line(tx, order, line, now)
        after = await order_service.locked(tx, order.id)
    await serve(tx, shop, [variant_id], now)
    return after


async def extend(tx: Tx, shop: Shop, order_id: int, now: datetime) -> Order:
    """Five more minutes, once, and never past 30 minutes after the order was made; otherwise ``Conflict``."""
    order = await order_service.locked(tx, order_id)
    order_service.check_open(order, now)
    if order.extended:
        raise Conflict(f"Order {order.reference} has been extended once already: pay it before its time is up.")
    latest = order.created_at + timedelta(seconds=LONGEST_SECONDS)
    deadline = min(order.expires_at + EXTENSION, latest)
    if deadline <= order.expires_at:
        raise Conflict(f"Order {order.reference} cannot be held any longer: pay it before its time is up.")
    await orders.set_deadline(tx, order.id, deadline)
    data = {"seconds": int((deadline - order.expires_at).total_seconds())}
    await record(
        tx, "order.extended", now, live_id=order.live_id, order_id=order.id, customer_id=order.customer_id, data=data
    )
    return await order_service.locked(tx, order.id)


async def sell(tx: Tx, order_id: int) -> None:
    """The stock that an open order holds is sold; ``orders.service.mark_paid`` closes the order.

    An overdue order that nobody has closed still holds its stock: money that comes so late is honoured.
    Raises ``NotFound``, and ``Conflict`` when the order holds nothing any more.
    """
    order = await order_service.locked(tx, order_id)
    await queries.lock_stock(tx, order.variant_ids)
    if not order.open or await queries.sell(tx, order.id) == 0:
        raise Conflict(f"Order {order.reference} holds no stock: take it again first, or give the money back.")


async def retake(tx: Tx, order_id: int, now: datetime) -> bool:
    """Hold every line of an expired or cancelled order again, for money that came late: all of them, or none.

    Those who wait go first. The order waits for its payment then, and ``sell`` may follow. Raises ``NotFound``, and
    ``Conflict`` when the order is open or paid.
    """
    shop = await load_shop(tx)
    order = await closing.lock_order(tx, shop, order_id, now)
    order_service.check_closed(order)
    await serve(tx, shop, order.variant_ids, now)
    free = await queries.lock_stock(tx, order.variant_ids)
    if any(line.quantity > free[line.variant_id] for line in order.lines):
        return False
    await order_service.reopen(tx, order)
    await queries.take_back(tx, order.id)
    await offers.take_again(tx, order)
    return True
