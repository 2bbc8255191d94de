"""What a person does in the order book."""

from datetime import date
from typing import Literal

from starlette.responses import Response, StreamingResponse

from griot.core.errors import InvalidInput, NotFound
from griot.core.spreadsheet import CSV, download
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.book import export as exporting
from griot.tools.book import queries, service, taking, telling
from griot.tools.book.models import Filters
from griot.tools.book.taking import NewOrder, Source, Terms, WantedLine
from griot.tools.live.quick import read_article
from griot.tools.orders import service as orders
from griot.tools.orders.models import Stage
from griot.tools.payments import by_hand, refunds
from griot.tools.payments.links import pay_url
from griot.tools.quotes import documents
from griot.tools.reservation.service import extend as give_time
from griot.ui import words
from griot.ui.desk import Desk
from griot.ui.registry import Done, Number
from griot.ui.views.orders.view import view


@view.act("orders:write")
async def move(desk: Desk, order: Number, stage: Stage) -> Done:
    """Put an order into another column."""
    async with desk.shop() as (tx, shop):
        moved = await service.move(tx, shop, order, stage, desk.now)
    return Done(desk.t("orders.moved", reference=moved.reference, stage=desk.t(f"orders.stage.{moved.stage}")))


@view.act("orders:write")
async def ship(desk: Desk, order: Number) -> Done:
    """An order that is ready is on its way."""
    async with desk.transaction() as tx:
        await orders.set_fulfilment(tx, order, "shipped", desk.now)
    return Done(desk.t("orders.shipped"))


@view.act("orders:write")
async def deliver_waiting(desk: Desk) -> Done:
    """What has waited too long was handed over long ago."""
    async with desk.shop() as (tx, shop):
        count = await service.deliver_waiting(tx, shop, desk.now)
    return Done(words.counted(desk.language, "orders.all_delivered", count))


@view.act("orders:write")
async def cash(desk: Desk, order: Number) -> Done:
    """What an order still costs was taken in cash."""
    async with desk.shop() as (tx, shop):
        paid = await by_hand.receive_cash(tx, shop, order, desk.now)
    return Done(desk.t("orders.cash_noted", reference=paid.reference))


@view.act("orders:write")
async def link(desk: Desk, order: Number) -> Done:
    """Send the payment link again."""
    async with desk.shop() as (tx, shop):
        await telling.send_link(tx, shop, order, _links(desk, shop), desk.now)
    return Done(desk.t("orders.link_sent"))


@view.act("orders:write")
async def extend(desk: Desk, order: Number) -> Done:
    """Five more minutes."""
    async with desk.shop() as (tx, shop):
        await give_time(tx, shop, order, desk.now)
    return Done(desk.t("orders.extended"))


@view.act("orders:write")
async def invoice(desk: Desk, order: Number) -> Done:
    """Make the invoice, and send it."""
    async with desk.shop() as (tx, shop):
        paper = await telling.send_invoice(tx, shop, order, desk.now)
    return Done(desk.t("orders.invoice_sent", number=paper.number))


@view.act("payments:write")
async def refund(desk: Desk, refund: Number, status: Literal["approved", "rejected", "done"]) -> Done:
    """Decide about a refund."""
    async with desk.transaction() as tx:
        await refunds.decide(tx, refund, status, desk.now)
    return Done(desk.t(f"orders.refund_said.{status}"))


@view.act("orders:write")
async def take_down(
    desk: Desk,
    name: str,
    phone: str,
    articles: list[str],
    quantities: list[str],
    source: Source = "phone",
    terms: Terms = "link",
    address: str = "",
    wanted_on: date | None = None,
    wanted_at: str | None = None,
) -> Done:
    """An order by telephone or at the counter; lines that are left empty are none."""
    wanted = [(article, amount) for article, amount in zip(articles, quantities, strict=False) if article.strip()]
    if not wanted:
        raise InvalidInput("An order needs an article.")
    async with desk.shop() as (tx, shop):
        lines = []
        for words, amount in wanted:
            code, variant = await read_article(tx, words)
            lines.append(WantedLine(code, _quantity(amount), variant))
        given = NewOrder(name, phone, tuple(lines), source, terms, address[:500], wanted_on, wanted_at)
        order = await taking.take_down(tx, shop, given, _links(desk, shop), desk.now)
    return Done(desk.t("orders.taken_down", reference=order.reference), go=f"/orders/{order.id}")


def _quantity(amount: str) -> int:
    if not amount.strip().isdecimal() or not 0 < int(amount) <= 1_000_000:
        raise InvalidInput(f"{amount!r} is no quantity.")
    return int(amount)


def _links(desk: Desk, shop: Shop) -> telling.PayUrl:
    """The address at which an order is paid."""
    return lambda order_id: pay_url(desk.house.keyring, desk.house.config.public_url, shop.id, order_id)


@view.file("orders:read")
async def paper(desk: Desk, order: Number, kind: Literal["quote", "invoice"]) -> Response:
    """The quote or the invoice of an order (PDF)."""
    async with desk.transaction() as tx:
        found = (await queries.papers(tx, order))[kind]
        if found is None or found["document_id"] is None:
            raise NotFound(f"Order {order} has no {kind}.")
        made = await documents.load(tx, found["document_id"])
    return Response(made.content, media_type=made.mime_type, headers=download(made.filename))


@view.file("orders:export")
async def export(
    desk: Desk,
    stage: Stage | None = None,
    channel: str | None = None,
    since: date | None = None,
    until: date | None = None,
    search: str = "",
) -> Response:
    """The orders that are shown, as CSV."""
    async with desk.shop() as (_, shop):
        filters = Filters(stage, channel, since, until, search)
    rows = exporting.orders(desk.house.db, desk.house.clock, shop, filters, desk.language, desk.access.actor)
    name = f"{text(desk.language, 'exports.file_orders')}-{desk.now:%Y-%m-%d}.csv"
    return StreamingResponse(rows, media_type=CSV, headers=download(name))
