"""The order book to take along: one row an order, the latest first, read a page at a time."""

from collections.abc import AsyncIterator

from griot.core.clock import Clock
from griot.core.db.pool import Database
from griot.core.events import record
from griot.core.spreadsheet import Cell, Sheet, phone_cell
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.book import service
from griot.tools.book.models import Entry, Filters
from griot.tools.intakes import queries as intakes
from griot.tools.intakes.models import FIELDS

PAGE = 500


async def orders(
    db: Database, clock: Clock, shop: Shop, filters: Filters, language: str, actor: str
) -> AsyncIterator[bytes]:
    """The orders that the filters want, as CSV in a language. That somebody took them along is recorded first.

    Each page is a transaction of its own, so that a slow reader holds nothing; what is new meanwhile is not in it.
    """
    sheet = Sheet(language, shop.timezone)
    asked = {name: str(value) for name in Filters.__slots__ if (value := getattr(filters, name)) and name != "search"}
    async with db.transaction(shop.id, actor=actor) as tx:
        await record(tx, "orders.exported", clock.now(), data={**asked, "searched": bool(filters.search)})
    yield sheet.head(text(language, "exports.orders").split("|"))
    before: int | None = None
    while True:
        async with db.transaction(shop.id, actor=actor) as tx:
            entries = await service.page(tx, shop, filters, PAGE, before, clock.now())
            addresses = await intakes.addresses_of(tx, [entry.order.id for entry in entries])
        if entries:
            yield sheet.rows(_row(entry, addresses.get(entry.order.id), language) for entry in entries)
        if len(entries) < PAGE:
            return
        before = entries[-1].order.id


def _row(entry: Entry, address: dict[str, str] | None, language: str) -> list[Cell]:
    order = entry.order
    where = ", ".join(address[name] for name in FIELDS["address"] if name in address) if address else None
    return [
        order.reference,
        order.created_at,
        order.channel,
        text(language, f"exports.stage_{order.stage}"),
        entry.buyer or text(language, "exports.customer", number=order.customer_id),
        phone_cell(entry.phone),
        ", ".join(f"{line.code}{_options(line.options)} x{line.quantity}" for line in order.lines),
        order.total,
        order.discount,
        order.received,
        order.owed,
        order.total.currency,
        text(language, f"payments.means_{order.means}") if order.means else None,
        order.paid_at,
        order.wanted_on,
        order.wanted_at,
        where,
    ]


def _options(options: dict[str, str]) -> str:
    return f" ({', '.join(options.values())})" if options else ""
