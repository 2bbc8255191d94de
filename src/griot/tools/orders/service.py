"""The life of an order.

    reserved -> awaiting_payment -> paid
        \\________________\\______-> expired | cancelled

An order that awaits its payment may be confirmed by a person: it is prepared, delivered, and paid then.

A closed order comes back in one way only: its stock is taken again for a payment that came late
(``reservation.retake``).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import load_shop
from griot.tools.orders import queries
from griot.tools.orders.models import STEPS, Fulfilment, Order, Status

MOVES: dict[Status, frozenset[Status]] = {
    "reserved": frozenset({"awaiting_payment", "expired", "cancelled"}),
    "awaiting_payment": frozenset({"paid", "expired", "cancelled"}),
    "paid": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
}

_WHAT_TO_DO: dict[Status, str] = {
    "reserved": "it is held and not yet being paid: choose a means of payment first.",
    "awaiting_payment": "its payment is under way: pay it, cancel it, or let it expire.",
    "paid": "it is paid: what remains is a refund, which a person decides.",
    "expired": "it has expired and its stock is for sale again: send the code of the article to take it again.",
    "cancelled": "it was cancelled: send the code of the article to take it again.",
}


NO_DEADLINE = timedelta(days=3650)  # what is to be paid at delivery ends by a person's act only

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def check_move(order: Order, to: Status) -> None:
    """Raise ``Conflict``, with what to do instead, unless the order may go from its status to ``to``."""
    if to not in MOVES[order.status]:
        raise Conflict(f"Order {order.reference} cannot become {to}: {_WHAT_TO_DO[order.status]}")


def check_open(order: Order, now: datetime) -> None:
    """Raise ``Conflict``, with what to do instead, when the order is closed or past its deadline."""
    status: Status = "expired" if order.overdue(now) else order.status
    if not order.open or status == "expired":
        raise Conflict(f"Order {order.reference} is over: {_WHAT_TO_DO[status]}")


def check_closed(order: Order) -> None:
    """Raise ``Conflict``, with what to do instead, unless the order ended without money."""
    if order.status not in ("expired", "cancelled"):
        raise Conflict(f"Order {order.reference} cannot be taken again: {_WHAT_TO_DO[order.status]}")


async def locked(tx: Tx, order_id: int) -> Order:
    """The order, held for this transaction; ``NotFound`` when the shop has none of that id."""
    found = await queries.lock(tx, [order_id])
    if not found:
        raise NotFound(f"There is no order {order_id} in this shop.")
    return found[0]


async def await_payment(tx: Tx, order_id: int, means: str | None, now: datetime) -> Order:
    """The buyer goes to pay: the basket is fixed from here on. Choosing again only changes the means."""
    order = await locked(tx, order_id)
    check_open(order, now)
    if order.status != "awaiting_payment":
        check_move(order, "awaiting_payment")
    await queries.set_awaiting(tx, order.id, means)
    return replace(order, status="awaiting_payment", means=means or order.means)


async def mark_paid(
    tx: Tx, order_id: int, means: str | None, paid_at: datetime, received: Money | None = None
) -> Order:
    """The money is there; the stock is ``reservation.sell``'s. An overdue order that nobody has closed may be paid.

    ``received``: what came, when it is a deposit; none: all of it.
    """
    order = await locked(tx, order_id)
    check_move(order, "paid")
    received = received or order.total
    await queries.set_paid(tx, order.id, means, received, paid_at)
    return replace(order, status="paid", means=means or order.means, paid_at=paid_at, received=received)


async def known(tx: Tx, order_id: int) -> Order:
    """An order of the shop; ``NotFound`` when it has none of this number."""
    order = await queries.load(tx, order_id)
    if order is None:
        raise NotFound(f"There is no order {order_id} in this shop.")
    return order


async def set_wanted(tx: Tx, order_id: int, on: date | None, at: str | None, now: datetime) -> Order:
    """When the buyer wants an open order: a day, a time (HH:MM in the shop's zone) or both; what is not said stays.

    Raises ``InvalidInput`` for a day that is over or a time that is none, ``Conflict`` when the order is over.
    """
    order = await locked(tx, order_id)
    check_open(order, now)
    today = now.astimezone(ZoneInfo((await load_shop(tx)).timezone)).date()
    if on is not None and on < today:
        raise InvalidInput(f"Nothing can be wanted on {on:%Y-%m-%d}, which is over: name today or a later day.")
    if at is not None and not _TIME.fullmatch(at):
        raise InvalidInput(f"{at!r} is not a time: write it as 09:30.")
    await queries.set_wanted(tx, order.id, on, at)
    order = replace(order, wanted_on=on or order.wanted_on, wanted_at=at or order.wanted_at)
    data = {"wanted_on": order.wanted_on.isoformat() if order.wanted_on else None, "wanted_at": order.wanted_at}
    await _record(tx, "order.changed", order, data, now)
    return order


async def set_fulfilment(tx: Tx, order_id: int, step: Fulfilment, now: datetime) -> Order:
    """How far a paid or confirmed order has come, forward only. Raises ``NotFound``, and ``Conflict`` for an order that
    is neither or has come further."""
    order = await locked(tx, order_id)
    _check_taken_on(order, step)
    if order.fulfilment and STEPS.index(step) < STEPS.index(order.fulfilment):
        raise Conflict(f"Order {order.reference} is {order.fulfilment} already: it does not go back to {step}.")
    return await _fulfil(tx, order, step, now)


async def put_back(tx: Tx, order_id: int, step: Fulfilment | None, now: datetime) -> Order:
    """Correct how far an order has come, in either direction; none: nothing was done for it yet. A person's act.

    Raises ``NotFound``, and ``Conflict`` for an order that is neither paid nor confirmed.
    """
    order = await locked(tx, order_id)
    _check_taken_on(order, step or "confirmed")
    return await _fulfil(tx, order, step, now)


def _check_taken_on(order: Order, step: str) -> None:
    if order.status != "paid" and not order.on_delivery:
        raise Conflict(f"Order {order.reference} is not paid, so it is not {step}: {_WHAT_TO_DO[order.status]}")


async def _fulfil(tx: Tx, order: Order, step: Fulfilment | None, now: datetime) -> Order:
    if step == order.fulfilment:
        return order
    await queries.set_fulfilment(tx, order.id, step, now)
    await _record(tx, "order.fulfilment", order, {"step": step, "before": order.fulfilment}, now)
    return replace(order, fulfilment=step, moved_at=now)


async def confirm(tx: Tx, order_id: int, now: datetime) -> Order:
    """Take an order on that the buyer pays at delivery: its stock stays held and no deadline runs. A person's act.

    Done once, however often it is asked. Raises ``NotFound``, and ``Conflict`` when the order is over or paid.
    """
    order = await locked(tx, order_id)
    if order.on_delivery:
        return order
    check_open(order, now)
    deadline = now + NO_DEADLINE
    await queries.set_confirmed(tx, order.id, deadline, now)
    await _record(tx, "order.confirmed", order, {"terms": "delivery"}, now)
    return replace(order, status="awaiting_payment", confirmed_at=now, moved_at=now, expires_at=deadline)


async def close(tx: Tx, orders: Sequence[Order], to: Literal["expired", "cancelled"], now: datetime) -> list[Order]:
    """End locked orders without money; ``Conflict`` when one of them may not."""
    for order in orders:
        check_move(order, to)
    await queries.close(tx, [order.id for order in orders], to, now)
    return [
        replace(order, status=to, lines=tuple(replace(line, status=to) for line in order.lines)) for order in orders
    ]


async def _record(tx: Tx, kind: str, order: Order, data: dict[str, str | None], now: datetime) -> None:
    await record(tx, kind, now, live_id=order.live_id, order_id=order.id, customer_id=order.customer_id, data=data)


async def reopen(tx: Tx, order: Order) -> None:
    """A locked, closed order whose stock has been taken back goes where it can be paid."""
    check_closed(order)
    await queries.reopen(tx, order.id)
