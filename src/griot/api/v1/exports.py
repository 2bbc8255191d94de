"""Lists to take along as CSV, streamed a page of the database at a time; each leaves an event."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from griot.api.v1.access import Needs
from griot.core.spreadsheet import CSV, download
from griot.core.tenancy import Language
from griot.core.texts import text
from griot.tools.book import export as orders
from griot.tools.book.models import Filters
from griot.tools.customers import export as customers
from griot.tools.customers.cards import Segment
from griot.tools.orders.models import Stage
from griot.tools.users.door import Door

router = APIRouter(tags=["exports"])

Orders = Annotated[Door, Depends(Needs("orders:export"))]
Customers = Annotated[Door, Depends(Needs("customers:export"))]
Search = Annotated[str, Query(max_length=120, examples=["binta"])]
Tongue = Annotated[Language | None, Query(alias="language", description="Of the columns; left out: the shop's.")]

_EXAMPLE = '"Reference","Created"\r\n"LP-2026-0215-A3F2","2026-02-15T20:00:00+00:00"\r\n'
_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The list.",
        "content": {"text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


@router.get("/exports/orders", response_class=StreamingResponse, responses=_CSV)
async def export_orders(
    door: Orders,
    stage: Stage | None = None,
    channel: Annotated[str | None, Query(max_length=40, examples=["whatsapp"])] = None,
    since: date | None = None,
    until: date | None = None,
    search: Search = "",
    language: Tongue = None,
) -> StreamingResponse:
    """Orders as CSV, the latest first: UTF-8 with a mark, a semicolon between cells unless in English."""
    async with door.shop() as (_, shop):
        tongue = language or shop.language
    filters = Filters(stage, channel, since, until, search)
    rows = orders.orders(door.house.db, door.house.clock, shop, filters, tongue, door.access.actor)
    name = f"{text(tongue, 'exports.file_orders')}-{door.now:%Y-%m-%d}.csv"
    return StreamingResponse(rows, media_type=CSV, headers=download(name))


@router.get("/exports/customers", response_class=StreamingResponse, responses=_CSV)
async def export_customers(
    door: Customers, segment: Segment | None = None, search: Search = "", language: Tongue = None
) -> StreamingResponse:
    """Customers as CSV, the newest first; written as orders are."""
    async with door.shop() as (_, shop):
        tongue = language or shop.language
    rows = customers.customers(door.house.db, door.house.clock, shop, segment, search, tongue, door.access.actor)
    name = f"{text(tongue, 'exports.file_customers')}-{door.now:%Y-%m-%d}.csv"
    return StreamingResponse(rows, media_type=CSV, headers=download(name))
