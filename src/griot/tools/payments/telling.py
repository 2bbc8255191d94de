"""What buyer and vendor are told about payments: confirmation, failure, and money that goes back."""

from datetime import datetime

from griot.channels.model import Choice, Reply, Template
from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.customers import queries as customers
from griot.tools.intakes import queries as intakes
from griot.tools.intakes.service import last_address, shown
from griot.tools.orders.models import Order
from griot.tools.orders.wording import basket, called, left_to_pay, wanted_when
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.payments.models import Payment
from griot.tools.quotes.invoices import make_invoice
from griot.tools.quotes.wording import invoice_ready
from griot.tools.reservation.queries import listeners

_LINES = 5  # of an order that a message spells out


async def paid(tx: Tx, shop: Shop, order: Order, *, late: bool, now: datetime) -> None:
    """The confirmation, with what this purchase makes of the buyer."""
    language = await _language(tx, shop, order)
    standing = (await customers.load(tx, [order.customer_id]))[order.customer_id].standing
    count = standing.paid_orders
    tier = text(language, f"payments.tier_{standing.tier}")
    hidden = len(order.lines) - _LINES
    name = "first_purchase" if count == 1 else "nth_purchase"
    reply = Reply(
        text(
            language,
            "payments.confirmed",
            items=basket(language, order.lines[:_LINES]),
            more=text(language, "payments.more_articles", count=hidden) if hidden > 0 else "",
            paid=_paid(language, order),
            reference=order.reference,
            late=text(language, "payments.late_but_there") if late else "",
            milestone=text(language, f"payments.{name}", count=count, shop=shop.name, tier=tier),
        ),
        choices=(Choice("purchases", text(language, "payments.button_purchases")),),
        template=Template("payment_confirmed", language, (str(order.received or order.total), order.reference)),
    )
    await outbox.queue(tx, [Outgoing(order.conversation_id, reply, f"paid:{order.id}")], now)


async def sheet(tx: Tx, shop: Shop, order: Order, now: datetime) -> None:
    """What the vendor has to know to prepare a paid order: when, where to, what remains to be paid. Often nothing."""
    forms = await intakes.of_order(tx, order.customer_id, order.id)
    if all(form.kind != "address" for form in forms) and (address := await last_address(tx, order.customer_id)):
        forms.append(address)
    language = shop.language
    wanted, remaining = wanted_when(language, order), _remaining(language, order)
    if not (forms or wanted or remaining):
        return
    given = [shown(language, form) for form in forms]
    message = text(
        language,
        "orders.sheet",
        reference=order.reference,
        basket=basket(language, order.lines),
        wanted=wanted,
        remaining=remaining,
        intakes="\n".join(given),
    )
    buyer = called((await customers.load(tx, [order.customer_id]))[order.customer_id])
    facts = " · ".join(part for part in (f"#{order.reference}", wanted, remaining, *given) if part)
    template = Template("needs_you", language, (buyer, facts))
    await outbox.queue_to_vendor(tx, shop, Reply(message, template=template), f"order-sheet:{order.id}", now)


async def invoice(tx: Tx, shop: Shop, order: Order, now: datetime) -> None:
    """The invoice of a paid order to its buyer, where buyers are businesses."""
    if shop.segment != "b2b":
        return
    language = await _language(tx, shop, order)
    paper = await make_invoice(tx, shop, order, now, language=language)
    reply = invoice_ready(language, paper)
    await outbox.queue(tx, [Outgoing(order.conversation_id, reply, f"invoice:{paper.number}")], now)


async def failed(tx: Tx, shop: Shop, order: Order, payment: Payment, now: datetime) -> None:
    """Once per attempt, and only while the order can still be paid: later, its end has been told already."""
    if not order.open or order.overdue(now):
        return
    language = await _language(tx, shop, order)
    reply = Reply(
        text(
            language,
            "payments.failed",
            means=means_name(language, payment.means),
            reference=order.reference,
            left=left_to_pay(language, order, now),
        ),
        choices=(_other_means(language, order),),
        template=Template("payment_failed", language, (means_name(language, payment.means), order.reference)),
    )
    await outbox.queue(tx, [Outgoing(order.conversation_id, reply, f"payment-failed:{payment.id}")], now)


async def refund(
    tx: Tx, shop: Shop, order: Order, payment: Payment, received: Money, reason: str, now: datetime
) -> None:
    """Money goes back: why, how much, and what can still be done about the order."""
    language = await _language(tx, shop, order)
    payable = order.open and not order.overdue(now)
    reply = Reply(
        text(
            language,
            f"payments.refund_{reason}",
            received=received,
            total=order.due_now(shop),
            reference=order.reference,
            shop=shop.name,
            retry=text(language, "payments.pay_again", left=left_to_pay(language, order, now)) if payable else "",
        ),
        choices=(_other_means(language, order),) if payable else (),
        template=Template("payment_refund", language, (str(received), order.reference)),
    )
    await outbox.queue(tx, [Outgoing(order.conversation_id, reply, f"refund:{payment.id}")], now)
    customer = (await customers.load(tx, [order.customer_id]))[order.customer_id]
    buyer = called(customer)
    message = text(
        shop.language,
        f"payments.vendor_refund_{reason}",
        received=received,
        total=order.due_now(shop),
        reference=order.reference,
        buyer=buyer,
        means=means_name(shop.language, payment.means),
    )
    template = Template("refund_to_approve", shop.language, (buyer, str(received), order.reference))
    await outbox.queue_to_vendor(tx, shop, Reply(message, template=template), f"vendor-refund:{payment.id}", now)


def means_name(language: str | None, means: str) -> str:
    """``orange_money`` as people call it."""
    return text(language, f"payments.means_{means}")


async def buyer_language(tx: Tx, order: Order) -> str | None:
    """The language the thread is held in, else the buyer's; none when unknown."""
    language: str | None = (await listeners(tx, [order.conversation_id]))[order.conversation_id]["language"]
    return language


def _paid(language: str, order: Order) -> str:
    if order.remaining is None:
        return text(language, "payments.paid_all", total=order.total)
    return text(
        language, "payments.paid_deposit", received=order.received, remaining=order.remaining, total=order.total
    )


def _remaining(language: str, order: Order) -> str:
    if order.remaining is None:
        return ""
    return text(language, "orders.sheet_remaining", received=order.received, remaining=order.remaining)


async def _language(tx: Tx, shop: Shop, order: Order) -> str:
    return await buyer_language(tx, order) or shop.language


def _other_means(language: str, order: Order) -> Choice:
    return Choice(f"means:{order.id}", text(language, "payments.button_other_means"))
