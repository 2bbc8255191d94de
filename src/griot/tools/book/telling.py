"""What a buyer is told when a person does something with their order."""

from collections.abc import Callable
from datetime import datetime

from griot.channels.model import Reply, Template
from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.customers import queries as customers
from griot.tools.customers.models import Customer
from griot.tools.live.service import link_reply
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.orders.wording import basket, wanted_when
from griot.tools.outbox.models import Outgoing
from griot.tools.outbox.service import queue
from griot.tools.payments.telling import buyer_language
from griot.tools.quotes.invoices import make_invoice
from griot.tools.quotes.models import Document
from griot.tools.quotes.wording import invoice_ready

PayUrl = Callable[[int], str]


async def confirmed(tx: Tx, shop: Shop, order: Order, now: datetime) -> None:
    """The order is taken on and paid at delivery."""
    language = await buyer_language(tx, order) or shop.language
    reply = Reply(
        text(
            language,
            "orders.on_delivery",
            reference=order.reference,
            basket=basket(language, order.lines),
            total=order.total,
            wanted=wanted_when(language, order),
        ),
        template=Template(
            "order_confirmed",
            language,
            (_first_name(await _buyer(tx, order), language), order.reference, str(order.total)),
        ),
    )
    await queue(tx, [Outgoing(order.conversation_id, reply, f"confirmed:{order.id}")], now)


async def send_link(tx: Tx, shop: Shop, order_id: int, pay_url: PayUrl, now: datetime) -> Order:
    """Send the buyer the link to pay an open order; asked again within a minute, once.

    Raises ``NotFound``, and ``Conflict`` when the order is over or the buyer wants no messages.
    """
    order = await orders.locked(tx, order_id)
    orders.check_open(order, now)
    buyer = await _buyer(tx, order)
    if buyer.opted_out:
        raise Conflict("This buyer has asked for no more messages: give them the link in another way.")
    language = await buyer_language(tx, order) or shop.language
    reply = link_reply(order, _first_name(buyer, language), language, pay_url(order.id), now)
    key = f"link:{order.id}:{now:%Y%m%d%H%M}"
    await queue(tx, [Outgoing(order.conversation_id, reply, key, held_order=order.id)], now)
    await record(tx, "order.link_sent", now, live_id=order.live_id, order_id=order.id, customer_id=order.customer_id)
    return order


async def send_invoice(tx: Tx, shop: Shop, order_id: int, now: datetime) -> Document:
    """Make the invoice of an order, or take the one that there is, and send it to the buyer.

    Asked again within a minute, it is sent once. Raises as ``make_invoice``.
    """
    order = await orders.known(tx, order_id)
    language = await buyer_language(tx, order) or shop.language
    paper = await make_invoice(tx, shop, order, now, language=language)
    reply = invoice_ready(language, paper)
    await queue(tx, [Outgoing(order.conversation_id, reply, f"invoice:{paper.number}:{now:%Y%m%d%H%M}")], now)
    data = {"document_id": paper.id, "number": paper.number}
    await record(tx, "invoice.sent", now, order_id=order.id, customer_id=order.customer_id, data=data)
    return paper


async def _buyer(tx: Tx, order: Order) -> Customer:
    return (await customers.load(tx, [order.customer_id]))[order.customer_id]


def _first_name(buyer: Customer, language: str) -> str:
    """How a buyer is greeted."""
    names = (buyer.name or "").split()
    return names[0] if names else text(language, "orders.you")
