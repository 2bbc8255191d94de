"""Invoices: one for an order, once it is paid, or at once where buyers pay in thirty days."""

from datetime import datetime, timedelta

from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.quotes import documents, queries
from griot.tools.quotes.models import Document
from griot.tools.quotes.paper import NET_DAYS, invoice_paper
from griot.tools.quotes.taxes import split


async def make_invoice(tx: Tx, shop: Shop, order: Order, now: datetime, *, language: str | None = None) -> Document:
    """The invoice of an order, numbered ``FAC-2026-0001``; asked again, the same one.

    ``Conflict`` when nothing is owed or paid: an order that is over, or an unpaid one where payment comes first and
    nobody has agreed to be paid at delivery.
    """
    order = await orders.locked(tx, order.id)
    made = await queries.invoice_of(tx, order.id)
    if made is not None:
        return await documents.load(tx, made)
    _check(shop, order)
    amounts = split(order.total, shop.settings)
    nothing = Money(0, order.total.currency)
    day = documents.today(shop, now)
    due_on = day + timedelta(days=NET_DAYS) if shop.payment_terms == "net30" else None
    head = await documents.letterhead(tx, order.customer_id, order.conversation_id, language)
    number = await documents.next_number(tx, shop, "invoice", day)
    paper = invoice_paper(
        shop, head, number, order, amounts, paid=order.received or nothing, made_on=day, due_on=due_on
    )
    invoice = await documents.keep(tx, "invoice", paper, now)
    data = {"document_id": invoice.id, "number": number, "total_minor": amounts.total.minor}
    await record(
        tx, "invoice.made", now, live_id=order.live_id, order_id=order.id, customer_id=order.customer_id, data=data
    )
    return invoice


def _check(shop: Shop, order: Order) -> None:
    if order.status == "paid" or order.on_delivery or (order.open and shop.payment_terms == "net30"):
        return
    why = "it is not paid yet" if order.open else f"it is {order.status}"
    raise Conflict(f"There is no invoice for order {order.reference}: {why}.")
