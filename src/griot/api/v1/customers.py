"""Customers: who buys, and the trust that they have earned, with its reasons."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from griot.api.v1.access import Door, Needs
from griot.api.v1.shapes import After, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import NotFound
from griot.tools.customers import queries
from griot.tools.customers.models import Customer as Known
from griot.tools.customers.models import Tier

router = APIRouter(tags=["customers"])

Reading = Annotated[Door, Depends(Needs("customers:read"))]


class Reason(Shown):
    criterion: str = Field(examples=["payments"])
    points: int = Field(examples=[15])


class Customer(Shown):
    id: int = Field(examples=[34])
    name: str | None = Field(examples=["Binta"])
    phone: str | None = Field(examples=["221781234567"])
    language: str | None = Field(examples=["fr"])
    trust: int = Field(examples=[70], description="0 to 100.")
    why: list[Reason]
    tier: Tier
    badges: list[str] = Field(examples=[["fast_payer"]])
    paid_orders: int = Field(examples=[3])
    expired_holds: int = Field(examples=[1])
    spent_minor: int = Field(examples=[45000])
    currency: str = Field(examples=["XOF"])
    preferred_means: str | None = Field(examples=["wave"])
    opted_out: bool


@router.get("/customers")
async def list_customers(door: Reading, limit: Limit = 50, after: After = None) -> Page[Customer]:
    """Customers, the newest first, a page at a time."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await queries.page(tx, limit, place[0] if place else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[_shown(customer) for customer in found], next=following)


@router.get("/customers/{customer}")
async def show_customer(door: Reading, customer: Number) -> Customer:
    """One customer. Their orders: `/orders?customer=…`."""
    async with door.transaction() as tx:
        found = (await queries.load(tx, [customer])).get(customer)
    if found is None:
        raise NotFound(f"There is no customer {customer} in this shop.")
    return _shown(found)


def _shown(customer: Known) -> Customer:
    standing = customer.standing
    return Customer(
        id=customer.id,
        name=customer.name,
        phone=customer.phone,
        language=customer.language,
        trust=standing.score,
        why=[Reason(criterion=criterion, points=points) for criterion, points in standing.explanation],
        tier=standing.tier,
        badges=list(customer.badges),
        paid_orders=standing.paid_orders,
        expired_holds=standing.expired_holds,
        spent_minor=standing.spent_minor,
        currency=standing.currency,
        preferred_means=customer.preferred_means,
        opted_out=customer.opted_out,
    )
