"""How well the shop is answered and sells, over time."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Shown
from griot.tools.figures import service
from griot.tools.users.door import Door

router = APIRouter(tags=["figures"])

Reading = Annotated[Door, Depends(Needs("evals:read"))]


class Spread(Shown):
    n: int = Field(examples=[42])
    p50: float | None = Field(examples=[180])
    p95: float | None = Field(examples=[950])


class Answers(Shown):
    asked: int = Field(examples=[120], description="Turns that somebody had to answer.")
    automatic: int = Field(examples=[111], description="Of them, those that nobody but the agent answered.")
    waited: Spread = Field(description="Milliseconds from the buyer's last words to the decided answer.")
    calls: int = Field(examples=[0], description="Of language models.")
    tokens_in: int = Field(examples=[0])
    tokens_out: int = Field(examples=[0])


class Day(Shown):
    day: date
    answers: Answers
    escalations: int = Field(examples=[2])
    orders: int = Field(examples=[14])
    paid: int = Field(examples=[9])


class Figures(Shown):
    days: list[Day]
    answers: Answers
    talks: int = Field(examples=[80], description="Conversations in which the agent had a turn.")
    escalated: int = Field(examples=[3], description="Of them, those that were put before the vendor.")
    leads: int = Field(examples=[50], description="Those in which an article was shown, quoted or held.")
    offered: int = Field(examples=[31], description="Of the leads, those with a quote or an order.")
    resolved: Spread = Field(description="Seconds from an escalation to its end.")
    open: int = Field(examples=[1], description="Escalations of these days without an end so far.")
    ordered: Spread = Field(description="Seconds from the first article held to the payment.")


@router.get("/figures")
async def show_figures(
    door: Reading,
    days: Annotated[int, Query(ge=1, le=service.LONGEST, description="How many days.")] = 30,
    last: Annotated[
        date | None, Query(description="The last of them; left out: today.", examples=["2026-02-15"])
    ] = None,
) -> Figures:
    """Automatic answers, escalations, offers, times and cost, by the shop's days."""
    async with door.shop() as (tx, shop):
        found = await service.figures(tx, shop, last or service.day_of(shop, door.now), days)
    return Figures.model_validate(found)
