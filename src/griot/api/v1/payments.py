"""Payments of orders, and refunds, which a person decides."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Amount, Limit, Number, Page, Shown, pack, unpack
from griot.tools.orders import service as orders
from griot.tools.payments import queries, refunds
from griot.tools.payments.models import RefundStatus, Status
from griot.tools.users.door import Door

router = APIRouter(tags=["payments"])

Reading = Annotated[Door, Depends(Needs("payments:read"))]
Writing = Annotated[Door, Depends(Needs("payments:write"))]


class Payment(Shown):
    id: int = Field(examples=[88])
    provider: str = Field(examples=["sandbox"])
    means: str = Field(examples=["wave"])
    reference: str = Field(examples=["LP-2026-0215-A3F2-1"])
    amount: Amount
    status: Status
    outcome: str | None = Field(examples=["settled"])
    received: Amount | None
    created_at: datetime
    succeeded_at: datetime | None


class Refund(Shown):
    id: int = Field(examples=[5])
    payment: int = Field(validation_alias="payment_id", examples=[88])
    order: int = Field(validation_alias="order_id", examples=[12])
    amount: Amount
    reason: str = Field(examples=["late"])
    status: RefundStatus
    created_at: datetime


class Decision(BaseModel):
    status: Literal["approved", "rejected", "done"] = Field(
        description="`done`: an approved one was given back at the provider."
    )


@router.get("/orders/{order}/payments")
async def list_payments(door: Reading, order: Number) -> list[Payment]:
    """Every attempt to pay an order, oldest first."""
    async with door.transaction() as tx:
        await orders.known(tx, order)
        return [Payment.model_validate(payment) for payment in await queries.of_order(tx, order)]


@router.get("/refunds")
async def list_refunds(
    door: Reading,
    status: Annotated[RefundStatus | None, Query(description="Of this status only.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Refund]:
    """Refunds, the latest first; `staged` ones wait for a person."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await queries.refunds(tx, limit, place[0] if place else None, status)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Refund.model_validate(refund) for refund in found], next=following)


@router.post("/refunds/{refund}")
async def decide_refund(door: Writing, refund: Number, given: Decision) -> Refund:
    """Approve or reject a refund. No money moves here: it is given back at the provider."""
    async with door.transaction() as tx:
        return Refund.model_validate(await refunds.decide(tx, refund, given.status, door.now))
