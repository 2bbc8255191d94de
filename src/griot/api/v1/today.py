"""The day so far, and what waits for somebody."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Amount, Shown
from griot.tools.briefing import service
from griot.tools.users.door import Door

router = APIRouter(tags=["today"])


class Sales(Shown):
    orders: int = Field(examples=[12])
    paid: int = Field(examples=[9])
    turnover: Amount
    basket: Amount | None = Field(description="What a paid order brings on average.")


class Today(Shown):
    day: date
    sales: Sales
    yesterday: Sales = Field(description="Until the same time of day.")
    writers: int = Field(examples=[31], description="Conversations in which buyers wrote.")
    unpaid: int = Field(examples=[3], description="Orders that may still be paid.")
    to_prepare: int = Field(examples=[5], description="Paid in the last week and not yet ready.")
    waiting: int = Field(examples=[2], description="Conversations that wait for a person.")
    complaints: int = Field(examples=[1], description="Complaints among them.")
    refunds: int = Field(examples=[0], description="Refunds to approve.")
    sold_out: list[str] = Field(examples=[["ROBE1"]], description="Sold today, and nothing is left.")


@router.get("/today")
async def show_today(door: Annotated[Door, Depends(Needs("orders:read"))]) -> Today:
    """The shop's day so far, in its own zone, and what waits for somebody now."""
    async with door.shop() as (tx, shop):
        return Today.model_validate(await service.today(tx, shop, door.now))
