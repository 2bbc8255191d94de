"""Settling: what a provider's answer does to a payment and its order, in whatever order things happen.

| the money came                                   | outcome            | and then                                    |
|--------------------------------------------------|--------------------|---------------------------------------------|
| while the order was open                         | `settled`          | stock sold, order paid                      |
| after the deadline or cancelling, stock is left  | `late_settled`     | stock taken again and sold, order paid      |
| after the deadline or cancelling, stock is gone  | `late_refund`      | refund staged                               |
| for an order that is paid, whatever the amount   | `duplicate_refund` | refund of what came staged                  |
| in another amount or currency than asked for     | `mismatch_refund`  | refund of what came staged, order unchanged |

Payments move forward only. Locks are taken in one order: the order, the payment, then stock.
"""

from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import FarEndError, NotFound
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.customers import service as customers
from griot.tools.live import service as live
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.payments import queries, telling
from griot.tools.payments.models import Payment, Result
from griot.tools.payments.port import ProviderPayment
from griot.tools.reservation import service as reservation

_REFUND_REASONS = {
    Result.LATE_REFUND: "late",
    Result.DUPLICATE_REFUND: "duplicate",
    Result.MISMATCH_REFUND: "mismatch",
}


async def settle(tx: Tx, shop: Shop, reference: str, answer: ProviderPayment, now: datetime) -> Result:
    """Apply a provider's own answer about the payment ``reference``; however often, it counts once.

    Raises ``NotFound`` for a reference we never gave, and ``FarEndError`` when the answer is about another payment, or
    says that money came without saying how much.
    """
    order, payment = await _lock(tx, reference)
    if answer.reference != payment.reference or payment.provider_id not in (None, answer.provider_id):
        raise FarEndError("The provider's answer is about another payment: nothing was settled.")
    if payment.status == "succeeded":
        return Result.UNCHANGED
    if answer.status in ("created", "pending"):
        return Result.WAITING
    if answer.status == "succeeded":
        if answer.amount is None:
            raise FarEndError("The provider says paid without saying how much.", retry=True)
        return await _receive(tx, shop, order, payment, answer, answer.amount, now)
    await queries.close(tx, payment.id, answer.status)
    if not payment.open:
        return Result.UNCHANGED
    return await _fail(tx, shop, order, payment, Result(answer.status), now)


async def give_up(tx: Tx, reference: str) -> None:
    """Stop waiting for a payment that nobody will say anything about any more."""
    _, payment = await _lock(tx, reference)
    await queries.close(tx, payment.id, "expired")


async def _lock(tx: Tx, reference: str) -> tuple[Order, Payment]:
    found = await queries.by_reference(tx, reference)
    if found is None:
        raise NotFound("There is no payment with this reference.")
    order = await orders.locked(tx, found.order_id)
    return order, await queries.lock(tx, found.id)


async def _receive(
    tx: Tx, shop: Shop, order: Order, payment: Payment, answer: ProviderPayment, received: Money, now: datetime
) -> Result:
    paid_at = min(max(answer.paid_at or now, payment.created_at), now)  # the provider's clock, within what can be
    result = await _place(tx, order, payment, received, paid_at, now)
    await queries.succeed(tx, payment.id, result, received, answer.provider_id, paid_at)
    facts = {"payment": payment.id, "means": payment.means, "minor": received.minor, "currency": received.currency}
    await record(tx, "payment.succeeded", now, **_about(order), data={**facts, "outcome": result})
    if result in _REFUND_REASONS:
        await _give_back(tx, shop, order, payment, received, result, now)
        return result
    if result is Result.LATE_SETTLED:
        await record(tx, "payment.late", now, **_about(order), data={**facts, "honoured": True})
    await complete(tx, shop, order, payment, received, result, paid_at, now)
    return result


async def _place(tx: Tx, order: Order, payment: Payment, received: Money, paid_at: datetime, now: datetime) -> Result:
    """Which row of the table above holds; stock is taken back here, because that decides between two of them."""
    if order.status == "paid":
        return Result.DUPLICATE_REFUND
    if received != payment.amount or order.total != payment.order_total:  # the basket may have changed since
        return Result.MISMATCH_REFUND
    if order.open:
        return Result.SETTLED if paid_at <= order.expires_at else Result.LATE_SETTLED
    return Result.LATE_SETTLED if await reservation.retake(tx, order.id, now) else Result.LATE_REFUND


async def complete(
    tx: Tx,
    shop: Shop,
    order: Order,
    payment: Payment,
    received: Money,
    result: Result,
    paid_at: datetime,
    now: datetime,
) -> None:
    """The order is paid, or its deposit: the stock is sold, the buyer's standing grows, both sides are told."""
    await reservation.sell(tx, order.id)
    paid = await orders.mark_paid(tx, order.id, payment.means, paid_at, received)
    seconds = int((paid_at - order.created_at).total_seconds())
    await customers.record_paid(tx, order.customer_id, received.minor, seconds, payment.means, paid_at)
    figures = {"minor": order.total.minor, "received_minor": received.minor, "seconds": seconds}
    await record(tx, "order.paid", now, **_about(order), data=figures)
    await telling.paid(tx, shop, paid, late=result is Result.LATE_SETTLED, now=now)
    await live.payment_received(tx, shop, paid, now)
    await telling.sheet(tx, shop, paid, now)
    await telling.invoice(tx, shop, paid, now)


async def _give_back(
    tx: Tx, shop: Shop, order: Order, payment: Payment, received: Money, result: Result, now: datetime
) -> None:
    """The money must not be kept: a refund waits for the vendor's yes, and both sides are told."""
    reason = _REFUND_REASONS[result]
    data = {"payment": payment.id, "minor": received.minor, "currency": received.currency, "reason": reason}
    await record(tx, f"payment.{reason}", now, **_about(order), data=data)
    if received.minor > 0:
        await queries.stage_refund(tx, payment.id, received, reason, now)
        await record(tx, "refund.staged", now, **_about(order), data=data)
    await telling.refund(tx, shop, order, payment, received, reason, now)


async def _fail(tx: Tx, shop: Shop, order: Order, payment: Payment, result: Result, now: datetime) -> Result:
    """The order stays open until its deadline, and the buyer may pay by another means."""
    data = {"payment": payment.id, "means": payment.means, "status": result}
    await record(tx, "payment.failed", now, **_about(order), data=data)
    await telling.failed(tx, shop, order, payment, now)
    return result


def _about(order: Order) -> dict[str, int | None]:
    return {"live_id": order.live_id, "order_id": order.id, "customer_id": order.customer_id}
