"""Orders that a person takes down: by telephone, or at the counter. Stock is held as for everybody else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.tools.book import telling
from griot.tools.book.service import confirm
from griot.tools.book.telling import PayUrl
from griot.tools.customers import queries as customers
from griot.tools.customers.models import Customer
from griot.tools.intakes import service as intakes
from griot.tools.live import queries as live_queries
from griot.tools.live.service import named_variant, order_of
from griot.tools.orders import queries as order_queries
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.payments.by_hand import receive_cash
from griot.tools.reservation.models import HoldRequest
from griot.tools.reservation.service import reserve
from griot.tools.shops.countries import normalise_phone

Source = Literal["phone", "counter"]
Terms = Literal["link", "delivery", "cash"]
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class WantedLine:
    """``variant``: the options of an article that has several (``S``, ``S/rouge``)."""

    code: str
    quantity: int = 1
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a person takes down. ``terms``: the buyer gets the payment link, pays at delivery, or has paid in cash.

    ``wanted_at``: HH:MM in the shop's zone.
    """

    name: str
    phone: str
    lines: tuple[WantedLine, ...]
    source: Source = "phone"
    terms: Terms = "link"
    address: str = ""
    wanted_on: date | None = None
    wanted_at: str | None = None


async def take_down(tx: Tx, shop: Shop, given: NewOrder, pay_url: PayUrl, now: datetime) -> Order:
    """Make the order: all of its articles are held, or nothing is.

    ``NotFound``: no such article, or no WhatsApp number to write from; ``Conflict``: not enough left, or the buyer has
    a basket open; else ``InvalidInput``. A buyer who wants no messages is sent no link.
    """
    name = " ".join(given.name.split())
    if not name:
        raise InvalidInput("An order needs the buyer's name.")
    if not 0 < len(given.lines) <= MOST_LINES:
        raise InvalidInput(f"An order has 1 to {MOST_LINES} articles.")
    wanted = [(line, (await named_variant(tx, line.code, line.variant)).id) for line in given.lines]
    if len({variant_id for _, variant_id in wanted}) < len(wanted):
        raise InvalidInput("An article is there twice: say how many on one line.")
    buyer, thread_id = await _thread(tx, shop, name, normalise_phone(given.phone, shop.country), now)

    requests = [
        HoldRequest(thread_id, buyer.id, buyer.standing, None, variant, line.quantity) for line, variant in wanted
    ]
    holds = await reserve(tx, shop, requests, now)
    [order_id] = {order_of(hold, line.code) for hold, (line, _) in zip(holds, wanted, strict=True)}
    await order_queries.set_channel(tx, order_id, given.source)
    order = await orders.await_payment(tx, order_id, None, now)
    data = {"channel": given.source, "terms": given.terms, "total_minor": order.total.minor}
    await record(tx, "order.taken_down", now, order_id=order_id, customer_id=buyer.id, data=data)
    await _delivery(tx, given, order, now)
    if given.terms == "cash":
        return await receive_cash(tx, shop, order_id, now)
    if given.terms == "delivery":
        return await confirm(tx, shop, order_id, now)
    if not buyer.opted_out:
        await telling.send_link(tx, shop, order_id, pay_url, now)
    return await orders.known(tx, order_id)


async def _thread(tx: Tx, shop: Shop, name: str, phone: str, now: datetime) -> tuple[Customer, int]:
    """The buyer with this phone and their thread, both made when new, in which no basket is open."""
    account_id = await live_queries.first_account(tx, "whatsapp")
    if account_id is None:
        raise NotFound("The shop has no WhatsApp number to write to the buyer from: connect one first.")
    thread = await live_queries.thread_by_phone(tx, account_id, "whatsapp", name, phone, now)
    for order in (await order_queries.open_orders(tx, [thread["conversation_id"]]))[thread["conversation_id"]]:
        if order.status == "reserved" and not order.overdue(now):
            raise Conflict(f"This buyer has a basket open, {order.reference}: have it paid, or cancel it first.")
    buyer = (await customers.load(tx, [thread["customer_id"]]))[thread["customer_id"]]
    return buyer, thread["conversation_id"]


async def _delivery(tx: Tx, given: NewOrder, order: Order, now: datetime) -> None:
    """Where and when the buyer wants it, kept as what buyers say themselves is kept."""
    if given.address.strip():
        fields = {"text": given.address}
        await intakes.save(tx, order.conversation_id, order.customer_id, order.id, "address", fields, now)
    if given.wanted_on or given.wanted_at:
        await orders.set_wanted(tx, order.id, given.wanted_on, given.wanted_at, now)
