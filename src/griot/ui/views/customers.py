"""Customers: who buys, what they have earned, what they allow, and how they are forgotten."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from griot.core.errors import InvalidInput
from griot.core.spreadsheet import CSV, download
from griot.core.texts import text
from griot.tools.book import service as book
from griot.tools.book.forgetting import forget
from griot.tools.book.models import Filters
from griot.tools.customers import cards, consent, export, people
from griot.tools.customers.cards import SEGMENTS, Segment
from griot.tools.customers.consent import WAYS, How
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, Number, Shown, View

_PAGE = 40
_ORDERS = 8  # of a person, on the card

view = View("customers", "customers:read", concerns=("customer.", "order.paid", "order.expired", "order.taken_down"))


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """``/customers``: the list, with a segment or words; ``/customers/34``: a card."""
    if (number := at.number()) is not None:
        return await _card(desk, number)
    wanted = at.get("segment")
    segment = next((known for known in SEGMENTS if known == wanted), None)
    search = (at.get("search") or "")[:120]
    before = at.get("before")
    place = int(before) if before and before.isascii() and before.isdigit() and len(before) < 19 else None
    async with desk.shop() as (tx, shop):
        found = await cards.page(tx, shop, _PAGE, place, desk.now, segment=segment, search=search)
    filters = {"segment": segment, "search": search}
    data = {
        **filters,
        "people": found,
        "segments": SEGMENTS,
        "query": lambda **changed: _query(filters, **changed),
        "further": _query(filters, before=found[-1].id) if len(found) == _PAGE else None,
    }
    return Shown("customers/view.html", ("head", "find", "list"), data, desk.t("customers.title"))


def _query(filters: Mapping[str, object], **changed: object) -> str:
    """The address of the list with these filters, some of them changed."""
    said = urlencode({name: str(value) for name, value in {**filters, **changed}.items() if value})
    return f"#/customers?{said}" if said else "#/customers"


async def _card(desk: Desk, number: int) -> Shown:
    async with desk.shop() as (tx, shop):
        card = await cards.card(tx, shop, number, desk.now)
        orders = await book.page(tx, shop, Filters(customer_id=card.person.whole.id), _ORDERS, None, desk.now)
    data = {
        "card": card,
        "person": card.person,
        "whole": card.person.whole,
        "listed": card.listed,
        "standing": card.listed.standing,
        "orders": orders,
        "ways": WAYS,
        "own_phone": shop.vendor_phone,
    }
    parts = ("person", "trust", "history", "tags", "consent", "records", "orders", "erasure")
    name = card.listed.name or desk.t("customers.nobody", number=card.listed.id)
    return Shown("customers/card.html", parts, data, name)


@view.act("customers:write")
async def tag(desk: Desk, customer: Number, tags: str = "") -> Done:
    """The tags that a person gives, parted by commas, in place of those before."""
    async with desk.transaction() as tx:
        await cards.set_tags(tx, customer, tags.split(","), desk.now)
    return Done(desk.t("customers.saved"))


@view.act("customers:write")
async def marketing(desk: Desk, customer: Number, given: bool, how: How) -> Done:
    """Whether offers are welcome, and how the buyer said so."""
    async with desk.transaction() as tx:
        await consent.set_marketing(tx, customer, given, how, desk.now)
    return Done(desk.t("customers.saved"))


@view.act("customers:write")
async def messages(desk: Desk, customer: Number, wanted: bool) -> Done:
    """Whether the buyer is written to at all."""
    async with desk.transaction() as tx:
        await consent.set_opted_out(tx, customer, not wanted, desk.now)
    return Done(desk.t("customers.saved"))


@view.act("customers:write")
async def voice(desk: Desk, customer: Number, prefers: Literal["yes", "no", "shop"]) -> Done:
    """How the buyer is answered."""
    chosen = {"yes": True, "no": False, "shop": None}[prefers]
    async with desk.transaction() as tx:
        await consent.set_voice(tx, customer, chosen, desk.now)
    return Done(desk.t("customers.saved"))


@view.act("customers:write")
async def merge(desk: Desk, customer: Number, other: Number) -> Done:
    """Another record is the same person."""
    async with desk.transaction() as tx:
        person = await people.merge(tx, customer, other, desk.now)
    return Done(desk.t("customers.merged"), go=f"/customers/{person.whole.id}")


@view.act("customers:write")
async def unmerge(desk: Desk, one: Number, other: Number) -> Done:
    """Two records are not the same person after all."""
    async with desk.transaction() as tx:
        await people.unmerge(tx, one, other, desk.now)
    return Done(desk.t("customers.unmerged"))


@view.act("customers:write")
async def ask_erasure(desk: Desk, customer: Number) -> Done:
    """What being forgotten means, and the word to type."""
    async with desk.shop() as (tx, shop):
        card = await cards.card(tx, shop, customer, desk.now)
        orders = await book.page(tx, shop, Filters(customer_id=customer), _ORDERS, None, desk.now)
    data = {"card": card, "open_orders": [entry.order for entry in orders if entry.order.open]}
    return Done(sheet="customers/erase.html", data=data)


@view.act("customers:write")
async def erase(desk: Desk, customer: Number, word: str) -> Done:
    """Forget a person, once the word was typed."""
    if word.strip().casefold() != desk.t("customers.erase_word").casefold():
        raise InvalidInput(f"The word is {desk.t('customers.erase_word')}.")
    async with desk.shop() as (tx, shop):
        await forget(tx, shop, customer, desk.now)
    return Done(desk.t("customers.erased"), go="/customers")


@view.file("customers:export")
async def export_list(desk: Desk, segment: Segment | None = None, search: str = "") -> Response:
    """The customers that are shown, as CSV."""
    async with desk.shop() as (_, shop):
        name = f"{text(desk.language, 'exports.file_customers')}-{desk.now:%Y-%m-%d}.csv"
    rows = export.customers(desk.house.db, desk.house.clock, shop, segment, search, desk.language, desk.access.actor)
    return StreamingResponse(rows, media_type=CSV, headers=download(name))
