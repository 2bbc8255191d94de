"""Orders: one book for all channels."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Door, Needs
from griot.api.v1.shapes import LARGEST, After, Amount, Happening, Limit, Number, Page, Shown, pack, unpack
from griot.core.events import of_order
from griot.tools.orders import queries, service
from griot.tools.orders.models import Fulfilment, LineStatus, Status
from griot.tools.reservation.service import cancel_order

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
    status: Status
    fulfilment: Fulfilment | None
    customer: int = Field(validation_alias="customer_id", examples=[34])
    conversation: int = Field(validation_alias="conversation_id", examples=[56])
    live: int | None = Field(validation_alias="live_id", examples=[3])
    means: str | None = Field(examples=["wave"])
    total: Amount
    discount: Amount | None
    received: Amount | None = Field(description="What was paid of it.")
    remaining: Amount | None = Field(description="What is left to pay on the spot.")
    wanted_on: date | None
    wanted_at: str | None = Field(examples=["15:30"])
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    lines: list[Line]


class Step(BaseModel):
    step: Fulfilment


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
