"""Quotes ("devis"): made for a conversation, listed, and their papers."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from griot.api.v1.access import Needs
from griot.api.v1.shapes import LARGEST, After, Amount, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import NotFound
from griot.tools.conversations import inbox
from griot.tools.customers import queries as customers
from griot.tools.orders.wording import called
from griot.tools.quotes import documents, queries, service
from griot.tools.quotes.models import Status
from griot.tools.users.door import Door

_PDF = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.4 …"}
_PAPER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": _PDF}}}

router = APIRouter(tags=["quotes"])

Reading = Annotated[Door, Depends(Needs("quotes:read"))]
Writing = Annotated[Door, Depends(Needs("quotes:write"))]


class QuoteLine(Shown):
    variant: int = Field(validation_alias="variant_id", examples=[21])
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    options: dict[str, str] = Field(examples=[{"taille": "M"}])
    quantity: int = Field(examples=[50])
    unit: Amount
    total: Amount


class Quote(Shown):
    id: int = Field(examples=[9])
    number: str = Field(examples=["DEV-2026-0001"])
    conversation: int = Field(validation_alias="conversation_id", examples=[56])
    customer: int = Field(validation_alias="customer_id", examples=[34])
    status: Status
    lines: list[QuoteLine]
    net: Amount
    tax: Amount
    total: Amount
    deposit: Amount | None
    wanted_on: date | None
    valid_until: date
    created_at: datetime
    order: int | None = Field(validation_alias="order_id", examples=[12], description="What came of it.")


class WantedLine(BaseModel):
    variant: int = Field(ge=1, le=LARGEST, examples=[21])
    quantity: int = Field(ge=1, le=service.MOST_PIECES, examples=[50])


class NewQuote(BaseModel):
    conversation: int = Field(ge=1, le=LARGEST, examples=[56])
    lines: list[WantedLine] = Field(min_length=1, max_length=service.MOST_LINES)
    wanted_on: date | None = None


@router.get("/devis")
async def list_quotes(door: Reading, limit: Limit = 50, after: After = None) -> Page[Quote]:
    """Quotes, the latest first, a page at a time."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await queries.latest(tx, limit, place[0] if place else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Quote.model_validate(quote) for quote in found], next=following)


@router.post("/devis", status_code=201)
async def make_quote(door: Writing, given: NewQuote) -> Quote:
    """A numbered quote at the catalogue's prices, with its paper; it takes the place of the open one."""
    async with door.shop() as (tx, shop):
        thread = await inbox.thread(tx, given.conversation)
        customer = (await customers.load(tx, [thread.customer_id]))[thread.customer_id]
        quote = await service.make_quote(
            tx,
            shop,
            conversation_id=thread.id,
            customer_id=customer.id,
            buyer=called(customer),
            lines=[(line.variant, line.quantity) for line in given.lines],
            wanted_on=given.wanted_on,
            now=door.now,
        )
    return Quote.model_validate(quote)


@router.get("/devis/{quote}")
async def show_quote(door: Reading, quote: Number) -> Quote:
    """One quote."""
    async with door.transaction() as tx:
        found = await queries.load(tx, quote)
    if found is None:
        raise NotFound(f"There is no quote {quote} in this shop.")
    return Quote.model_validate(found)


@router.get("/devis/{quote}/paper", response_class=Response, responses=_PAPER)
async def show_paper(door: Reading, quote: Number) -> Response:
    """The paper of a quote, as it was sent (PDF)."""
    async with door.transaction() as tx:
        found = await queries.load(tx, quote)
        if found is None or found.document_id is None:
            raise NotFound(f"There is no quote {quote} with a paper in this shop.")
        paper = await documents.load(tx, found.document_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{paper.filename}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(paper.content, media_type=paper.mime_type, headers=headers)
