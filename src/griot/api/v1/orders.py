"""Orders: one book for all channels, and what a person does with an order."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import LARGEST, After, Amount, Happening, Limit, Number, Page, Shown, pack, unpack
from griot.core.events import of_order
from griot.tools.book import service as book
from griot.tools.book import taking, telling
from griot.tools.book.models import Alert, Filters
from griot.tools.book.taking import MOST_LINES, Source, Terms
from griot.tools.orders import queries, service
from griot.tools.orders.models import Fulfilment, LineStatus, Stage, Status
from griot.tools.payments import by_hand
from griot.tools.payments.links import pay_url
from griot.tools.reservation.service import cancel_order
from griot.tools.users.door import Door

router = APIRouter(tags=["orders"])

Reading = Annotated[Door, Depends(Needs("orders:read"))]
Writing = Annotated[Door, Depends(Needs("orders:write"))]


class Line(Shown):
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    options: dict[str, str] = Field(examples=[{"taille": "M"}])
    quantity: int = Field(examples=[2])
    unit: Amount
    total: Amount
    status: LineStatus


class Order(Shown):
    id: int = Field(examples=[12])
    reference: str = Field(examples=["LP-2026-0215-A3F2"])
    channel: str = Field(examples=["whatsapp"], description="The thread's, or `phone` or `counter`.")
    status: Status
    stage: Stage = Field(description="Its column in the order book.")
    fulfilment: Fulfilment | None
    customer: int = Field(validation_alias="customer_id", examples=[34])
    conversation: int = Field(validation_alias="conversation_id", examples=[56])
    live: int | None = Field(validation_alias="live_id", examples=[3])
    means: str | None = Field(examples=["wave"])
    total: Amount
    discount: Amount | None
    received: Amount | None = Field(description="What was paid of it.")
    remaining: Amount | None = Field(description="What is left to pay on the spot.")
    owed: Amount | None = Field(description="What is still to be received, of an open order all of it.")
    wanted_on: date | None
    wanted_at: str | None = Field(examples=["15:30"])
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    lines: list[Line]


class Step(BaseModel):
    step: Fulfilment


class Move(BaseModel):
    stage: Stage


class WantedLine(BaseModel):
    code: str = Field(min_length=1, max_length=40, examples=["ROBE1"])
    quantity: int = Field(1, ge=1, le=1_000_000, examples=[2])
    variant: str | None = Field(None, max_length=120, examples=["M"])


class NewOrder(BaseModel):
    name: str = Field(min_length=1, max_length=120, examples=["Binta"])
    phone: str = Field(max_length=32, examples=["+221 78 123 45 67"])
    lines: list[WantedLine] = Field(min_length=1, max_length=MOST_LINES)
    source: Source = "phone"
    terms: Terms = Field("link", description="`cash`: it is paid; only a person may say so.")
    address: str = Field("", max_length=500, examples=["Villa 12, Mermoz, Dakar"])
    wanted_on: date | None = None
    wanted_at: str | None = Field(None, max_length=5, examples=["15:30"])


class Column(BaseModel):
    stage: Stage
    many: int = Field(examples=[7], description="1000 stands for that or more.")
    orders: list[Order]


class Board(BaseModel):
    columns: list[Column]
    waiting: int = Field(examples=[2], description="Orders that nobody has moved for 24 hours.")
    unpaid: int = Field(examples=[1], description="Delivered 24 hours ago or more, and not paid.")
    refunds: int = Field(examples=[0], description="Refunds to be decided.")


class Taken(BaseModel):
    order: Order
    pay_url: str = Field(examples=["https://griot.example/p/…"])


class Paper(BaseModel):
    number: str = Field(examples=["FAC-2026-0001"])


SEARCH = Query(max_length=120, description="A reference, a code, or a part of a name or phone.", examples=["binta"])


@router.get("/orders")
async def list_orders(
    door: Reading,
    status: Annotated[Status | None, Query(description="Of this status only.")] = None,
    customer: Annotated[int | None, Query(ge=1, le=LARGEST, examples=[34])] = None,
    live: Annotated[int | None, Query(ge=1, le=LARGEST, examples=[3])] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Order]:
    """Orders, the latest first, a page at a time."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await queries.page(
            tx, limit, place[0] if place else None, status=status, customer_id=customer, live_id=live
        )
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Order.model_validate(order) for order in found], next=following)


@router.get("/order-book")
async def search_orders(
    door: Reading,
    stage: Annotated[Stage | None, Query(description="Of this column only.")] = None,
    channel: Annotated[str | None, Query(max_length=40, examples=["whatsapp"])] = None,
    since: Annotated[date | None, Query(description="Made on this day of the shop or later.")] = None,
    until: Annotated[date | None, Query(description="Made on this day of the shop or before.")] = None,
    search: Annotated[str, SEARCH] = "",
    alert: Annotated[Alert | None, Query(description="Those that wait for somebody too long.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Order]:
    """Orders as somebody looks for them, the latest first, a page at a time."""
    place = unpack(after, int)
    filters = Filters(stage, channel, since, until, search, alert)
    async with door.shop() as (tx, shop):
        found = await book.page(tx, shop, filters, limit, place[0] if place else None, door.now)
    following = pack([found[-1].order.id]) if len(found) == limit else None
    return Page(items=[Order.model_validate(entry.order) for entry in found], next=following)


@router.get("/order-book/columns")
async def show_board(door: Reading, limit: Limit = 20) -> Board:
    """Every column with its latest orders, and what waits too long."""
    async with door.shop() as (tx, shop):
        columns = await book.columns(tx, shop, Filters(), limit, door.now)
        alerts = await book.alerts(tx, shop, door.now)
    return Board(
        columns=[
            Column(
                stage=column.stage,
                many=column.many,
                orders=[Order.model_validate(entry.order) for entry in column.entries],
            )
            for column in columns
        ],
        waiting=alerts.waiting,
        unpaid=alerts.unpaid,
        refunds=alerts.refunds,
    )


@router.post("/orders", status_code=201)
async def take_down(door: Writing, given: NewOrder) -> Taken:
    """An order by telephone or at the counter: all of it is held, or nothing is."""
    if given.terms == "cash":
        _ = door.user_id
    wanted = taking.NewOrder(
        given.name,
        given.phone,
        tuple(taking.WantedLine(line.code, line.quantity, line.variant) for line in given.lines),
        given.source,
        given.terms,
        given.address,
        given.wanted_on,
        given.wanted_at,
    )
    async with door.shop() as (tx, shop):
        order = await taking.take_down(tx, shop, wanted, _links(door), door.now)
    return Taken(order=Order.model_validate(order), pay_url=_links(door)(order.id))


@router.get("/orders/{order}")
async def show_order(door: Reading, order: Number) -> Order:
    """One order."""
    async with door.transaction() as tx:
        return Order.model_validate(await service.known(tx, order))


@router.post("/orders/{order}/fulfilment")
async def set_fulfilment(door: Writing, order: Number, given: Step) -> Order:
    """How far a paid order has come, forward only."""
    async with door.transaction() as tx:
        return Order.model_validate(await service.set_fulfilment(tx, order, given.step, door.now))


@router.post("/orders/{order}/cancel")
async def cancel(door: Writing, order: Number) -> Order:
    """Give up an order that is not paid; its stock goes to those who wait, then back on sale."""
    async with door.shop() as (tx, shop):
        return Order.model_validate(await cancel_order(tx, shop, order, door.now))


@router.get("/orders/{order}/history")
async def show_history(door: Reading, order: Number) -> list[Happening]:
    """What happened to an order, in order."""
    async with door.transaction() as tx:
        await service.known(tx, order)
        return [Happening.model_validate(event) for event in await of_order(tx, order)]


@router.post("/orders/{order}/move")
async def move(door: Writing, order: Number, given: Move) -> Order:
    """Put an order into another column of the book. From `delivered` to `paid`, the rest was taken in cash."""
    if given.stage == "paid":
        _ = door.user_id
    async with door.shop() as (tx, shop):
        return Order.model_validate(await book.move(tx, shop, order, given.stage, door.now))


@router.post("/orders/{order}/cash")
async def receive_cash(door: Writing, order: Number) -> Order:
    """Note that what an order still costs was taken in cash. Only a person may say so."""
    _ = door.user_id
    async with door.shop() as (tx, shop):
        return Order.model_validate(await by_hand.receive_cash(tx, shop, order, door.now))


@router.post("/orders/{order}/link")
async def send_link(door: Writing, order: Number) -> Taken:
    """Send the buyer the link to pay an open order, again."""
    async with door.shop() as (tx, shop):
        sent = await telling.send_link(tx, shop, order, _links(door), door.now)
    return Taken(order=Order.model_validate(sent), pay_url=_links(door)(sent.id))


@router.post("/orders/{order}/invoice")
async def send_invoice(door: Writing, order: Number) -> Paper:
    """Make the invoice of an order, or take the one that there is, and send it to the buyer."""
    async with door.shop() as (tx, shop):
        paper = await telling.send_invoice(tx, shop, order, door.now)
    return Paper(number=paper.number)


def _links(door: Door) -> telling.PayUrl:
    """The address at which an order is paid."""
    house, shop_id = door.house, door.access.shop_id
    return lambda order_id: pay_url(house.keyring, house.config.public_url, shop_id, order_id)
