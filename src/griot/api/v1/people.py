"""Customers as persons: segments, tags, what they allow, and being forgotten."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Limit, Number, Page, Shown, pack, unpack
from griot.tools.book import forgetting
from griot.tools.customers import cards, consent
from griot.tools.customers.cards import LONGEST_TAG, MOST_TAGS, Segment
from griot.tools.customers.consent import How
from griot.tools.users.door import Door

router = APIRouter(tags=["customers"])

Reading = Annotated[Door, Depends(Needs("customers:read"))]
Writing = Annotated[Door, Depends(Needs("customers:write"))]


class Marketing(BaseModel):
    given: bool = Field(examples=[True], description="Whether offers are welcome.")
    how: How = Field(description="How the buyer said so.")


class Tags(BaseModel):
    tags: list[Annotated[str, Field(max_length=LONGEST_TAG)]] = Field(max_length=MOST_TAGS, examples=[["grossiste"]])


class Forget(BaseModel):
    sure: Literal["erase"] = Field(description="That this cannot be undone is understood.")


class Forgotten(Shown):
    customer: int = Field(validation_alias="customer_id", examples=[34])
    records: list[int] = Field(examples=[[34, 56]])
    messages: int = Field(examples=[12])


class Listed(Shown):
    """Records that are linked count as one person, under the number of the oldest."""

    id: int = Field(examples=[34])
    name: str | None = Field(examples=["Binta"])
    phone: str | None = Field(examples=["221781234567"])
    channels: list[str] = Field(examples=[["whatsapp"]])
    segment: Segment
    tags: list[str] = Field(examples=[["grossiste"]])
    marketing: bool | None = Field(description="None: never asked.")


@router.get("/people")
async def list_people(
    door: Reading,
    segment: Annotated[Segment | None, Query(description="Of this segment only.")] = None,
    search: Annotated[str, Query(max_length=120, description="A part of a name or phone.", examples=["binta"])] = "",
    limit: Limit = 50,
    after: After = None,
) -> Page[Listed]:
    """Customers as persons, the newest first, a page at a time."""
    place = unpack(after, int)
    async with door.shop() as (tx, shop):
        found = await cards.page(tx, shop, limit, place[0] if place else None, door.now, segment=segment, search=search)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Listed.model_validate(person) for person in found], next=following)


@router.post("/customers/{customer}/tags")
async def set_tags(door: Writing, customer: Number, given: Tags) -> Tags:
    """The tags that people of the shop give a customer, in place of those before."""
    async with door.transaction() as tx:
        return Tags(tags=await cards.set_tags(tx, customer, given.tags, door.now))


@router.post("/customers/{customer}/consent", status_code=204)
async def set_consent(door: Writing, customer: Number, given: Marketing) -> None:
    """Note that a customer wants offers, or none, and how they said so."""
    async with door.transaction() as tx:
        await consent.set_marketing(tx, customer, given.given, given.how, door.now)


@router.post("/customers/{customer}/erasure")
async def erase(door: Writing, customer: Number, given: Forget) -> Forgotten:
    """Forget a customer: all that tells who they are goes, for good. Paid orders stay, with a number for the buyer.

    Only a person may do this.
    """
    _ = door.user_id
    async with door.shop() as (tx, shop):
        return Forgotten.model_validate(await forgetting.forget(tx, shop, customer, door.now))
