"""A live session from start to end: its totals, what the vendor is told of each payment, invoices by hand."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from griot.channels.model import Media, Reply, Template
from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import Event, record, record_all
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.knowledge.catalogue.codes import normalise_code
from griot.knowledge.catalogue.models import Product, Variant
from griot.knowledge.catalogue.service import products_by_code
from griot.tools.customers import queries as customers
from griot.tools.live import queries
from griot.tools.live.models import Facts, Level, Live, Peak, Sold, SoldOut, Totals, Warned
from griot.tools.live.summary import summarise
from griot.tools.live.wording import coded, counted, duration, short_name, titled
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order
from griot.tools.orders.wording import left_to_pay
from griot.tools.outbox.models import Outgoing
from griot.tools.outbox.service import queue, queue_to_vendor
from griot.tools.reservation.models import Hold, HoldRequest
from griot.tools.reservation.queries import listeners
from griot.tools.reservation.service import reserve
from griot.tools.shops.countries import normalise_phone


async def start(tx: Tx, shop: Shop, title: str, codes: Iterable[str], now: datetime) -> Live:
    """Start the shop's live. ``codes`` is the quick catalogue, empty for everything on sale.

    ``Conflict`` when a live runs already, ``NotFound`` for a code that the shop does not have.
    """
    wanted = list(dict.fromkeys(normalise_code(code) for code in codes))
    known = await products_by_code(tx, wanted) if wanted else {}
    missing = [code for code in wanted if code not in known]
    if missing:
        raise NotFound(f"The shop has nothing on sale with the code {', '.join(missing)}.")
    row = await queries.start(tx, title.strip(), wanted, now)
    if not row.pop("fresh"):
        since = row["started_at"].astimezone(ZoneInfo(shop.timezone))
        raise Conflict(
            f"A live has been running since {since:%H:%M on %d %B %Y}:"
            f" end it first with `griot live stop --shop {shop.slug}`."
        )
    live = _live(row)
    await record(tx, "live.started", now, live_id=live.id, data={"codes": wanted})
    return live


async def stop(tx: Tx, shop: Shop, now: datetime) -> Live:
    """End the running live; its summary is kept with it, and sent to the vendor unless the shop does not want that.

    Orders that are still open keep their deadline. ``NotFound`` when no live runs.
    """
    row = await queries.end(tx, now)
    if row is None:
        raise NotFound(f"No live is running: start one with `griot live start --shop {shop.slug}`.")
    facts = await _facts(tx, _live(row), shop.currency, now)
    row["summary"] = summarise(facts, shop.language, shop.timezone)
    await queries.save_summary(tx, row["id"], row["summary"])
    figures = {name: row["summary"][name] for name in ("orders", "paid", "expired", "turnover_minor", "currency")}
    await record(tx, "live.ended", now, live_id=row["id"], data=figures)
    if shop.settings.auto_summary:
        parameters = (duration(shop.language, facts.duration), str(facts.totals.turnover), str(facts.totals.paid))
        spoken = Media("voice", words=row["summary"]["spoken"], language=shop.language)
        reply = Reply(
            row["summary"]["text"],
            media=spoken if shop.settings.voice_replies else None,
            template=Template("live_summary", shop.language, parameters),
        )
        await queue_to_vendor(tx, shop, reply, f"live-summary:{row['id']}", now)
    return _live(row)


async def current(tx: Tx) -> Live | None:
    """The live that runs now."""
    row = await queries.running(tx)
    return _live(row) if row else None


async def known(tx: Tx, live_id: int) -> Live:
    """A live of the shop; ``NotFound`` when it has none of this number."""
    row = await queries.one(tx, live_id)
    if row is None:
        raise NotFound(f"There is no live {live_id} in this shop.")
    return _live(row)


async def page(tx: Tx, limit: int, before: int | None) -> list[Live]:
    """The lives of the shop, the latest first, from before a number on."""
    return [_live(row) for row in await queries.page(tx, limit, before)]


async def totals(tx: Tx, live_id: int, currency: str) -> Totals:
    """How a live stands; ``currency`` is the shop's."""
    return _totals(await queries.totals(tx, live_id), currency)


async def levels(tx: Tx, live: Live, now: datetime) -> list[Level]:
    """The stock of the live's quick catalogue, of everything on sale when it has none."""
    return [Level(**row) for row in await queries.levels(tx, live.codes, now)]


async def payment_received(tx: Tx, shop: Shop, order: Order, now: datetime) -> None:
    """Tell the vendor of a payment, with the live's totals and what runs low because of it.

    Called in the transaction that settled the order, after its stock was sold. Each level of a variant's stock is
    warned of once until stock comes in again.
    """
    language = shop.language
    row = await queries.buyer_and_totals(tx, order.customer_id, order.live_id)
    low = [Warned(**level) for level in await queries.running_low(tx, order.variant_ids, now)]
    buyer = short_name(row["name"], row["phone"], language)
    articles = ", ".join(coded(line.code, line.options, line.quantity) for line in order.lines)
    paid = order.received or order.total
    message = text(
        language,
        "live.payment_received",
        buyer=buyer,
        articles=articles,
        amount=paid,
        totals=_totals_line(_totals(row, shop.currency), language) if order.live_id is not None else "",
        warnings="\n".join(_warning(level, language) for level in low),
    )
    template = Template("payment_received", language, (buyer, articles, str(paid)))
    await queue_to_vendor(tx, shop, Reply(message, template=template), f"payment-received:{order.id}", now)
    await record_all(tx, [_low_event(level, order.live_id) for level in low], now)


async def invoice(
    tx: Tx,
    shop: Shop,
    *,
    code: str,
    name: str,
    phone: str,
    pay_url: Callable[[int], str],
    now: datetime,
    quantity: int = 1,
    variant: str | None = None,
) -> Order:
    """The vendor's invoice by hand: hold the article for the buyer with this phone and send them the payment link.

    ``variant`` names the options of an article that has several (``S`` or ``S/rouge``); ``pay_url`` gives the address
    of an order's payment page. Asked twice for the same, one order is made and one message sent. ``NotFound``: no such
    article, no WhatsApp number; ``Conflict``: not enough left, or the buyer wants no messages; else ``InvalidInput``.
    """
    buyer = " ".join(name.split())
    if not buyer:
        raise InvalidInput("An invoice needs the buyer's name.")
    digits = normalise_phone(phone, shop.country)
    wanted = await named_variant(tx, code, variant)
    account_id = await queries.first_account(tx, "whatsapp")
    if account_id is None:
        raise NotFound(
            f"The shop has no WhatsApp number to write from: `griot shop connect whatsapp --shop {shop.slug} …`."
        )
    thread = await queries.thread_by_phone(tx, account_id, "whatsapp", buyer, digits, now)
    customer = (await customers.load(tx, [thread["customer_id"]]))[thread["customer_id"]]
    if customer.opted_out:
        raise Conflict("This buyer has asked for no more messages: they have to write to the shop first.")
    live = await current(tx)
    request = HoldRequest(
        conversation_id=thread["conversation_id"],
        customer_id=customer.id,
        standing=customer.standing,
        live_id=live.id if live else None,
        variant_id=wanted.id,
        quantity=quantity,
    )
    [hold] = await reserve(tx, shop, [request], now)
    order = await orders.load(tx, order_of(hold, code))
    assert order is not None
    language = (await listeners(tx, [order.conversation_id]))[order.conversation_id]["language"] or shop.language
    reply = link_reply(order, buyer, language, pay_url(order.id), now)
    await queue(tx, [Outgoing(order.conversation_id, reply, f"invoice:{order.id}:{wanted.id}:{quantity}")], now)
    return order


async def named_variant(tx: Tx, code: str, variant: str | None) -> Variant:
    """What a vendor means by a code and, where an article has several, by the options of one (``S``, ``S/rouge``).

    ``NotFound``: nothing on sale has this code; ``InvalidInput``: which variant is not said, or there is none such.
    """
    normalised = normalise_code(code)
    product = (await products_by_code(tx, [normalised])).get(normalised)
    if product is None:
        raise NotFound(f"The shop has nothing on sale with the code {normalised}.")
    return _variant(product, variant)


def order_of(hold: Hold, code: str) -> int:
    """The order that holds what a vendor asked for; when nothing was held, the error says why."""
    if hold.outcome == "short":
        raise Conflict(f"Only {hold.left} left of {normalise_code(code)}: nothing was held.")
    if hold.outcome == "too_many":
        raise InvalidInput(f"One order takes {hold.left} of {normalise_code(code)} at most in this shop.")
    if hold.outcome == "gone" or hold.order_id is None:
        raise NotFound(f"{normalise_code(code)} is not for sale any more.")
    return hold.order_id


def _variant(product: Product, wanted: str | None) -> Variant:
    if wanted is None and len(product.variants) == 1:
        return product.variants[0]
    values = _values(wanted or "")
    for variant in product.variants:
        if values == _values("/".join(variant.options.values())):
            return variant
    known = ", ".join("/".join(variant.options.values()) for variant in product.variants if variant.options)
    raise InvalidInput(
        f"{product.code} comes in several variants, name one of them: {known}."
        if known
        else f"{product.code} has no variants: leave {wanted!r} out."
    )


def _values(options: str) -> set[str]:
    return {value.strip().casefold() for value in options.split("/")}


def link_reply(order: Order, name: str, language: str, url: str, now: datetime) -> Reply:
    """What is held for a buyer, and where to pay for it."""
    first_name = name.split()[0]
    articles = ", ".join(titled(line) for line in order.lines)
    return Reply(
        text(
            language,
            "live.invoice",
            buyer=first_name,
            articles=articles,
            amount=order.total,
            left=left_to_pay(language, order, now),
        ),
        link=(text(language, "live.pay"), url),
        template=Template("order_link", language, (first_name, articles, str(order.total), url)),
    )


def _totals_line(stand: Totals, language: str) -> str:
    return text(language, "live.totals", paid=counted(language, "paid", stand.paid), turnover=stand.turnover)


def _warning(level: Warned, language: str) -> str:
    article = coded(level.code, level.options)
    if level.sold_out:
        return text(language, "live.sold_out", article=article)
    if not level.free:
        return text(language, "live.all_held", article=article, held=level.held)
    return text(language, "live.low_stock", article=article, free=level.free)


def _low_event(level: Warned, live_id: int | None) -> Event:
    data = {
        "variant_id": level.variant_id,
        "code": level.code,
        "free": level.free,
        "sold_out": level.sold_out,
        "received": level.received,
    }
    return Event("stock.low", live_id=live_id, data=data)


async def _facts(tx: Tx, live: Live, currency: str, now: datetime) -> Facts:
    buyers = await queries.buyers(tx, live.id)
    peak = await queries.peak(tx, live.id)
    assert live.ended_at is not None
    return Facts(
        title=live.title,
        started_at=live.started_at,
        ended_at=live.ended_at,
        totals=await totals(tx, live.id, currency),
        sold=tuple(Sold(**row) for row in await queries.sold(tx, live.id)),
        new_buyers=buyers["fresh"],
        returning_buyers=buyers["known"],
        peak=Peak(**peak) if peak else None,
        sold_out=tuple(SoldOut(**row) for row in await queries.sold_out(tx, live.id, now)),
    )


def _live(row: dict[str, Any]) -> Live:
    return Live(**{**row, "codes": tuple(row["codes"])})


def _totals(row: dict[str, Any], currency: str) -> Totals:
    return Totals(
        orders=row["orders"],
        paid=row["paid"],
        pending=row["pending"],
        expired=row["expired"],
        turnover=Money(row["turnover_minor"], currency),
        cancelled=row["cancelled"],
    )
