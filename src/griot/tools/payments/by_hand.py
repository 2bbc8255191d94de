"""Money that a person has taken by hand: cash at the counter or at delivery. It counts like any other payment."""

from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.customers import queries as customers
from griot.tools.orders import queries as order_queries
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.payments import links, queries
from griot.tools.payments.models import Payment, Result
from griot.tools.payments.settle import complete
from griot.tools.reservation import service as reservation

CASH = "cash"  # means and provider


async def receive_cash(tx: Tx, shop: Shop, order_id: int, now: datetime) -> Order:
    """Note that what an order still costs was taken in cash: all of it, or what is left after a deposit.

    An order that is over is taken up again while its stock is there. Raises ``NotFound``, and ``Conflict`` when nothing
    is owed or the stock is gone.
    """
    order = await orders.locked(tx, order_id)
    if order.status == "paid":
        return await _receive_rest(tx, shop, order, now)
    late = not order.open
    if late and not await reservation.retake(tx, order.id, now):
        raise Conflict(f"Order {order.reference} is over and its stock is gone: take no money for it.")
    await order_queries.set_awaiting(tx, order.id, CASH)
    order = await orders.locked(tx, order.id)
    payment = await _note(tx, shop, order, order.total, now)
    await complete(tx, shop, order, payment, order.total, Result.LATE_SETTLED if late else Result.SETTLED, now, now)
    return await orders.known(tx, order.id)


async def _receive_rest(tx: Tx, shop: Shop, order: Order, now: datetime) -> Order:
    if order.remaining is None:
        raise Conflict(f"Order {order.reference} is paid already.")
    await _note(tx, shop, order, order.remaining, now)
    await order_queries.set_received(tx, order.id, order.total, now)
    await customers.add_spent(tx, order.customer_id, order.remaining.minor)
    return await orders.known(tx, order.id)


async def _note(tx: Tx, shop: Shop, order: Order, amount: Money, now: datetime) -> Payment:
    """The payment in the books, and who noted it."""
    payment = await queries.insert(
        tx,
        order_id=order.id,
        provider=CASH,
        means=CASH,
        reference=links.new_reference(shop.id, order.id),
        amount=amount,
        order_total=order.total,
        check_at=None,
        now=now,
    )
    await queries.succeed(tx, payment.id, Result.SETTLED, amount, payment.reference, now)
    data = {"payment": payment.id, "means": CASH, "minor": amount.minor, "currency": amount.currency}
    about = {"live_id": order.live_id, "order_id": order.id, "customer_id": order.customer_id}
    await record(tx, "payment.noted", now, **about, data=data)
    return payment
