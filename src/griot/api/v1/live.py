"""The live sale: start and stop, how it stands, invoices by hand."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.orders import Order
from griot.api.v1.shapes import After, Amount, Limit, Page, Shown, pack, unpack
from griot.core.errors import NotFound
from griot.tools.live import board, overlay, service
from griot.tools.live.board_models import AlertKind
from griot.tools.payments.links import pay_url
from griot.tools.users.door import Door

router = APIRouter(tags=["live"])

Reading = Annotated[Door, Depends(Needs("live:read"))]
Writing = Annotated[Door, Depends(Needs("live:write"))]


class Live(Shown):
    id: int = Field(examples=[3])
    title: str = Field(examples=["Grand déstockage"])
    codes: list[str] = Field(examples=[["ROBE1", "SAC2"]], description="Quick catalogue; empty: everything.")
    started_at: datetime
    ended_at: datetime | None
    summary: dict[str, Any] | None = Field(examples=[{"orders": 40, "paid": 31}])


class NewLive(BaseModel):
    title: str = Field("", max_length=200, examples=["Grand déstockage"])
    codes: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=500, examples=[["ROBE1", "SAC2"]])


class Totals(Shown):
    orders: int = Field(examples=[40])
    paid: int = Field(examples=[31])
    pending: int = Field(examples=[4])
    expired: int = Field(examples=[5])
    cancelled: int = Field(examples=[0])
    conversion: int = Field(examples=[78], description="Paid orders in per cent.")
    turnover: Amount


class Stock(Shown):
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    free: int = Field(examples=[3])
    held: int = Field(examples=[1])
    sold: int = Field(examples=[6])
    low: bool


class Standing(Shown):
    live: Live | None = Field(description="None: no live is running.")
    totals: Totals | None
    stock: list[Stock]


class Bar(Shown):
    at: datetime
    orders: int = Field(examples=[4])
    code: str | None = Field(examples=["ROBE1"], description="Named by most of them.")


class Shelf(Stock):
    price: Amount
    orders: int = Field(examples=[7], description="Orders of this live.")
    lately: int = Field(examples=[3], description="Of them in the last ten minutes.")
    waiting: int = Field(examples=[0], description="Buyers in line.")


class Alert(BaseModel):
    kind: AlertKind
    critical: bool
    code: str = Field(examples=["ROBE1"])
    count: int = Field(examples=[2])
    text: str = Field(examples=["ROBE1 : 2 restants"])


class Tip(BaseModel):
    rule: str = Field(examples=["best_seller"])
    text: str = Field(examples=["ROBE1 se vend bien : 6 commandes en 10 minutes. Redis son code maintenant."])


class Board(BaseModel):
    live: Live
    totals: Totals
    step_seconds: int = Field(examples=[60], description="Length of a bar.")
    bars: list[Bar]
    peaks: list[Bar]
    stock: list[Shelf]
    alerts: list[Alert]
    tips: list[Tip]
    latest: list[Order]


class Screen(BaseModel):
    address: str | None = Field(
        examples=["https://console.example/overlay/…"], description="None: there is no page just now."
    )


class Invoice(BaseModel):
    code: str = Field(min_length=1, max_length=40, examples=["ROBE1"])
    name: str = Field(min_length=1, max_length=120, examples=["Binta"])
    phone: str = Field(max_length=32, examples=["+221 78 123 45 67"])
    quantity: int = Field(1, ge=1, le=1_000_000, examples=[1])
    variant: str | None = Field(None, max_length=120, examples=["M"])


class Invoiced(Shown):
    order: Order
    pay_url: str = Field(examples=["https://griot.example/p/…"])


@router.get("/live")
async def show_live(door: Reading) -> Standing:
    """The running live: orders, turnover, stock."""
    async with door.shop() as (tx, shop):
        live = await service.current(tx)
        if live is None:
            return Standing(live=None, totals=None, stock=[])
        return Standing.model_validate(
            {
                "live": live,
                "totals": await service.totals(tx, live.id, shop.currency),
                "stock": await service.levels(tx, live, door.now),
            }
        )


@router.get("/live/board")
async def show_board(door: Reading) -> Board:
    """The running live as its vendor sees it: orders over time, stock, alerts, advice, the latest orders."""
    async with door.shop() as (tx, shop):
        live = await service.current(tx)
        if live is None:
            raise NotFound("No live is running: POST /live/start starts one.")
        shown = await board.board(tx, shop, live, door.now)
    return Board(
        live=Live.model_validate(shown.live),
        totals=Totals.model_validate(shown.totals),
        step_seconds=int(shown.pulse.step.total_seconds()),
        bars=[Bar.model_validate(bar) for bar in shown.pulse.bars],
        peaks=[Bar.model_validate(bar) for bar in shown.pulse.peaks],
        stock=[Shelf.model_validate(shelf) for shelf in shown.shelves],
        alerts=[
            Alert(
                kind=alert.kind,
                critical=alert.critical,
                code=alert.code,
                count=alert.count,
                text=board.told(alert, shop.language),
            )
            for alert in shown.alerts
        ],
        tips=[Tip(rule=tip.rule, text=board.advised(tip, shop.language)) for tip in shown.tips],
        latest=[Order.model_validate(entry.order) for entry in shown.entries],
    )


@router.get("/lives")
async def list_lives(door: Reading, limit: Limit = 50, after: After = None) -> Page[Live]:
    """Lives with their summaries, the latest first."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await service.page(tx, limit, place[0] if place else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Live.model_validate(live) for live in found], next=following)


@router.get("/live/overlay")
async def show_overlay(door: Reading) -> Screen:
    """The page that a stream shows in its picture. Whoever has its address sees it."""
    async with door.shop() as (tx, shop):
        token = await overlay.page_token(tx, door.house.keyring, shop)
    return Screen(address=token and overlay.address(door.house.config.console_url, token))


@router.post("/live/overlay", status_code=201)
async def make_overlay(door: Writing) -> Screen:
    """Make the page, with a new address; the former one opens nothing any more."""
    async with door.shop() as (tx, shop):
        token = await overlay.make_page(tx, door.house.keyring, shop, door.now)
    return Screen(address=overlay.address(door.house.config.console_url, token))


@router.delete("/live/overlay", status_code=204)
async def close_overlay(door: Writing) -> None:
    """Close the page: nobody sees it any more."""
    async with door.transaction() as tx:
        await overlay.close_page(tx, door.now)


@router.post("/live/start", status_code=201)
async def start(door: Writing, given: NewLive) -> Live:
    """Start a live. One runs at a time."""
    async with door.shop() as (tx, shop):
        return Live.model_validate(await service.start(tx, shop, given.title, given.codes, door.now))


@router.post("/live/stop")
async def stop(door: Writing) -> Live:
    """End the live; its summary is made, and sent to the vendor if the shop wants that."""
    async with door.shop() as (tx, shop):
        return Live.model_validate(await service.stop(tx, shop, door.now))


@router.post("/live/invoice", status_code=201)
async def invoice(door: Writing, given: Invoice) -> Invoiced:
    """Hold an article for a buyer and send them the payment link."""
    house = door.house
    async with door.shop() as (tx, shop):

        def link(order_id: int) -> str:
            return pay_url(house.keyring, house.config.public_url, shop.id, order_id)

        order = await service.invoice(tx, shop, pay_url=link, now=door.now, **given.model_dump())
        return Invoiced.model_validate({"order": order, "pay_url": link(order.id)})
