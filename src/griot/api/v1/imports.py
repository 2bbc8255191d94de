"""Importing: a catalogue from a file or an address, shown at once, or carried out by a worker and looked at here."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Amount, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.knowledge.importing.jobs import service
from griot.knowledge.importing.jobs.models import Status
from griot.knowledge.importing.jobs.service import LARGEST_FILE
from griot.tools.users.door import Door

router = APIRouter(tags=["importing"])

Reading = Annotated[Door, Depends(Needs("catalogue:read"))]
Writing = Annotated[Door, Depends(Needs("catalogue:write"))]

_DRY = "Only show what would come in."
_LATER = "Have it read by a worker and shown there: the answer is a job that waits to be written."


class Preview(Shown):
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    price: Amount | None
    change: str = Field(examples=["new"], description="new, changed, unchanged or gone.")
    what: list[str] = Field(examples=[["price 12 000 F CFA -> 15 000 F CFA"]])


class Imported(Shown):
    source: str = Field(examples=["catalogue.csv"])
    kind: str = Field(examples=["csv"])
    currency_needed: bool = Field(description="Prices name no currency: say which.")
    report: dict[str, Any] = Field(examples=[{"new": 12, "changed": 3, "gone": 0, "warnings": []}])
    products: list[Preview]
    columns: list[dict[str, Any]] = Field(examples=[[{"header": "Prix", "field": "price"}]])


class Job(Shown):
    id: int = Field(examples=[4])
    source: str = Field(examples=["https://shop.example.com"])
    status: Status = Field(description="`shown` waits for `POST /imports/{job}/write`.")
    done: int = Field(examples=[120], description="Products so far, of what is being done now.")
    expected: int | None = Field(examples=[300])
    currency: str | None = Field(examples=["XOF"])
    columns: dict[str, str] = Field(examples=[{"Tarif": "price"}])
    preview: dict[str, Any] | None = Field(examples=[{"new": 12, "changed": 3, "gone": 0, "products": []}])
    report: dict[str, Any] | None = Field(examples=[{"new": 12, "changed": 3, "gone": 0, "warnings": []}])
    trouble: str | None = Field(examples=["The shop does not answer."])
    created_at: datetime
    changed_at: datetime


class Address(BaseModel):
    address: str = Field(min_length=1, max_length=2000, examples=["https://shop.example.com"])
    dry_run: bool = Field(True, description=_DRY)
    later: bool = Field(False, description=_LATER)
    currency: str | None = Field(None, max_length=3, examples=["XOF"])


class Correction(BaseModel):
    currency: str | None = Field(None, max_length=3, examples=["XOF"])
    columns: dict[str, str] | None = Field(
        None,
        max_length=200,
        examples=[{"Tarif": "price"}],
        description="Header or letter -> field; `-`: not read.",
    )


_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"model": Job, "description": "A worker carries it out."}}


@router.post("/products/upload", response_model=Imported, responses=_ACCEPTED)
async def upload(
    door: Writing,
    file: Annotated[UploadFile, File(description="A table, a feed or an export of a shop platform.")],
    dry_run: Annotated[bool, Form(description=_DRY)] = True,
    later: Annotated[bool, Form(description=_LATER)] = False,
    currency: Annotated[str | None, Form(max_length=3, examples=["XOF"])] = None,
) -> Any:
    """Bring a catalogue in from a file, or show what that would do."""
    from griot.knowledge.importing import bringing

    body = await file.read(LARGEST_FILE + 1)
    if len(body) > LARGEST_FILE:
        raise InvalidInput("The file has more than 20 MB: split it.")
    name = " ".join((file.filename or "").split())[-200:] or "upload"
    if later or not dry_run:
        return await _asked(door, name, currency, write=not dry_run, body=body)
    return await bringing.from_file(door.house.db, door.access.shop_id, name, body, currency=_currency(currency))


@router.post("/products/import", response_model=Imported, responses=_ACCEPTED)
async def import_address(door: Writing, given: Address) -> Any:
    """Bring a catalogue in from an address, or show what that would do, for which it is read: a minute at most."""
    from griot.knowledge.importing import bringing

    if given.later or not given.dry_run:
        return await _asked(door, given.address, given.currency, write=not given.dry_run)
    return await bringing.from_address(
        door.house.db, door.house.config, door.access.shop_id, given.address, currency=_currency(given.currency)
    )


@router.get("/imports")
async def list_imports(door: Reading, limit: Limit = 50, after: After = None) -> Page[Job]:
    """Imports, the latest first."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await service.page(tx, limit, place[0] if place else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Job.model_validate(one) for one in found], next=following)


@router.get("/imports/{job}")
async def show_import(door: Reading, job: Number) -> Job:
    """How far an import is, what it would bring in, or what it brought in."""
    async with door.transaction() as tx:
        return Job.model_validate(await service.job(tx, job))


@router.patch("/imports/{job}")
async def correct_import(door: Writing, job: Number, given: Correction) -> Job:
    """Have it shown again, with another currency or with columns as you name them."""
    async with door.transaction() as tx:
        corrected = await service.correct(tx, job, door.now, currency=given.currency, columns=given.columns)
    return Job.model_validate(corrected)


@router.post("/imports/{job}/write")
async def write_import(door: Writing, job: Number) -> Job:
    """Write what was shown."""
    async with door.transaction() as tx:
        return Job.model_validate(await service.confirm(tx, job, door.now))


@router.delete("/imports/{job}")
async def cancel_import(door: Writing, job: Number) -> Job:
    """Give an import up, before it writes."""
    async with door.transaction() as tx:
        return Job.model_validate(await service.cancel(tx, job, door.now))


async def _asked(door: Door, source: str, currency: str | None, *, write: bool, body: bytes | None = None) -> Response:
    async with door.transaction() as tx:
        job = await service.ask(tx, source, door.now, body=body, currency=currency, write=write)
    return Response(Job.model_validate(job).model_dump_json(), 202, media_type="application/json")


def _currency(code: str | None) -> str | None:
    return Money(0, code.upper()).currency if code else None
