"""Customers: who buys, the trust that they have earned, with its reasons, and which records are one person."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import LARGEST, After, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import NotFound
from griot.tools.customers import invitations, people, queries
from griot.tools.customers.models import Customer as Known
from griot.tools.customers.models import Tier
from griot.tools.users.door import Door

router = APIRouter(tags=["customers"])

Reading = Annotated[Door, Depends(Needs("customers:read"))]
Writing = Annotated[Door, Depends(Needs("customers:write"))]


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


class Record(Shown):
    """What was done under one record: a buyer who writes on two channels has two."""

    id: int = Field(examples=[57])
    name: str | None = Field(examples=["binta.d"])
    phone: str | None = Field(examples=[None])
    identities: list[str] = Field(examples=[["instagram user:1002003004005"]])
    conversations: list[int] = Field(examples=[[81]])
    paid_orders: int = Field(examples=[1])
    expired_holds: int = Field(examples=[0])


class Link(Shown):
    one: int = Field(examples=[34])
    other: int = Field(examples=[57])
    proof: people.Proof = Field(examples=["link"])
    created_at: datetime


class Person(Shown):
    """All records of a person; `customer` is what they add up to, under the number of the oldest."""

    customer: Customer
    records: list[Record]
    links: list[Link]


class Apart(Shown):
    persons: list[Person] = Field(description="The two, the one with the older record first.")


class Other(BaseModel):
    other: int = Field(ge=1, le=LARGEST, examples=[57], description="The other record.")


class Invitation(Shown):
    addresses: dict[str, str] = Field(examples=[{"whatsapp": "https://wa.me/221770000001?text=…"}])
    expires_at: datetime


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


@router.get("/customers/{customer}/person")
async def show_person(door: Reading, customer: Number) -> Person:
    """The person that a record belongs to, with each record and what links them."""
    async with door.transaction() as tx:
        return _person(await people.person(tx, customer))


@router.post("/customers/{customer}/merge")
async def merge(door: Writing, customer: Number, given: Other) -> Person:
    """Two records are one person: orders, trust and consent count together from now on."""
    async with door.transaction() as tx:
        return _person(await people.merge(tx, customer, given.other, door.now))


@router.post("/customers/{customer}/unmerge")
async def unmerge(door: Writing, customer: Number, given: Other) -> Apart:
    """Take back that two records are one person: each keeps what was done under it, before and since."""
    async with door.transaction() as tx:
        apart = await people.unmerge(tx, customer, given.other, door.now)
    return Apart(persons=[_person(one) for one in apart])


@router.post("/customers/{customer}/invitation", status_code=201)
async def invite(door: Writing, customer: Number) -> Invitation:
    """Links for this buyer to open in the shop's other channels: who does is merged with this record."""
    async with door.shop() as (tx, shop):
        made = await invitations.invite(tx, shop, customer, door.now)
    return Invitation(addresses=made.addresses, expires_at=made.expires_at)


def _person(person: people.Person) -> Person:
    return Person(
        customer=_shown(person.whole),
        records=[
            Record(
                id=record.id,
                name=record.name,
                phone=record.phone,
                identities=list(record.identities),
                conversations=list(record.threads),
                paid_orders=record.standing.paid_orders,
                expired_holds=record.standing.expired_holds,
            )
            for record in person.records
        ],
        links=[
            Link(one=link.one_id, other=link.other_id, proof=link.proof, created_at=link.created_at)
            for link in person.links
        ],
    )


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
