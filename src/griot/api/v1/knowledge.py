"""What the agent knows besides the catalogue: the FAQ, and the sources that the catalogue is read from."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Shown
from griot.core.tenancy import Language
from griot.knowledge.faq import service
from griot.knowledge.faq.models import NewFaq, key_of
from griot.knowledge.importing.merging import schedules
from griot.tools.users.door import Door

router = APIRouter(tags=["knowledge"])

Reading = Annotated[Door, Depends(Needs("knowledge:read"))]
Writing = Annotated[Door, Depends(Needs("knowledge:write"))]

Key = Annotated[str, Path(min_length=1, max_length=200, examples=["livraison"])]


class Entry(Shown):
    key: str = Field(examples=["livraison"])
    question: str = Field(examples=["Livrez-vous à Dakar ?"])
    answer: str = Field(examples=["Oui, en 24 h."])
    language: str = Field(examples=["fr"])


class NewEntry(BaseModel):
    key: str | None = Field(None, min_length=1, max_length=200, examples=["livraison"], description="None: made here.")
    question: str = Field(min_length=1, max_length=1000, examples=["Livrez-vous à Dakar ?"])
    answer: str = Field(min_length=1, max_length=4000, examples=["Oui, en 24 h."])
    language: Language | None = Field(None, description="None: the shop's.")


class Source(Shown):
    address: str = Field(examples=["https://shop.example.com"])
    kind: str = Field(examples=["shopify"])
    products: int = Field(examples=[120])
    every_minutes: int | None = Field(examples=[60])
    next_at: datetime | None
    last_at: datetime | None
    report: dict[str, Any] | None = Field(examples=[{"new": 2, "changed": 1}])


class Schedule(BaseModel):
    address: str = Field(min_length=1, max_length=2000, examples=["https://shop.example.com"])
    every_minutes: int | None = Field(
        ge=15, le=60 * 24 * 30, examples=[60], description="None: only by hand from now on."
    )


class Scheduled(Shown):
    address: str = Field(examples=["https://shop.example.com"])
    every_minutes: int | None = Field(examples=[60])
    next_at: datetime | None


@router.get("/faq")
async def list_faq(door: Reading) -> list[Entry]:
    """The questions that the shop has foreseen."""
    async with door.transaction() as tx:
        return [Entry.model_validate(entry) for entry in (await service.entries(tx)).values()]


@router.put("/faq")
async def save_faq(door: Writing, given: Annotated[list[NewEntry], Field(min_length=1, max_length=500)]) -> list[Entry]:
    """Write entries; one whose key is known takes the place of the old one."""
    rows = [NewFaq(one.key or key_of(one.question), one.question, one.answer, one.language) for one in given]
    async with door.transaction() as tx:
        await service.save(tx, rows, door.now)
        known = await service.entries(tx)
    return [Entry.model_validate(known[row.key.strip()]) for row in rows]


@router.delete("/faq/{key}", status_code=204)
async def retire_faq(door: Writing, key: Key) -> None:
    """Take an entry out of use."""
    async with door.transaction() as tx:
        await service.retire(tx, key, door.now)


@router.get("/sources")
async def list_sources(door: Reading) -> list[Source]:
    """Where the catalogue comes from, and how the last import went."""
    async with door.transaction() as tx:
        return [Source.model_validate(row) for row in await schedules.sources(tx)]


@router.put("/sources/schedule")
async def schedule(door: Writing, given: Schedule) -> Scheduled:
    """Read a source again every so often, or only by hand."""
    async with door.transaction() as tx:
        row = await schedules.schedule(tx, given.address, given.every_minutes, door.now)
    return Scheduled.model_validate(row)
