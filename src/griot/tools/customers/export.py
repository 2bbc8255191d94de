"""The customers to take along: one row a person, the newest first, read a page at a time."""

from collections.abc import AsyncIterator

from griot.core.clock import Clock
from griot.core.db.pool import Database
from griot.core.events import record
from griot.core.money import Money
from griot.core.spreadsheet import Cell, Sheet, phone_cell
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.customers import cards
from griot.tools.customers.cards import Listed, Segment

PAGE = 500


async def customers(
    db: Database, clock: Clock, shop: Shop, segment: Segment | None, search: str, language: str, actor: str
) -> AsyncIterator[bytes]:
    """Persons as CSV in a language. That somebody took them along is recorded first.

    Each page is a transaction of its own, so that a slow reader holds nothing; who is new meanwhile is not in it.
    """
    sheet = Sheet(language, shop.timezone)
    async with db.transaction(shop.id, actor=actor) as tx:
        await record(tx, "customers.exported", clock.now(), data={"segment": segment, "searched": bool(search)})
    yield sheet.head(text(language, "exports.customers").split("|"))
    before: int | None = None
    while True:
        async with db.transaction(shop.id, actor=actor) as tx:
            found = await cards.page(tx, shop, PAGE, before, clock.now(), segment=segment, search=search)
        if found:
            yield sheet.rows(_row(person, language) for person in found)
        if len(found) < PAGE:
            return
        before = found[-1].id


def _row(person: Listed, language: str) -> list[Cell]:
    standing = person.standing
    return [
        person.id,
        person.name,
        phone_cell(person.phone),
        ", ".join(person.channels),
        text(language, f"exports.segment_{person.segment}"),
        standing.tier,
        standing.score,
        standing.paid_orders,
        standing.expired_holds,
        Money(standing.spent_minor, standing.currency),
        standing.currency,
        person.last_paid_at,
        person.preferred_means,
        person.marketing,
        person.marketing_at,
        person.marketing_how,
        person.opted_out,
        ", ".join(person.tags),
        person.created_at,
    ]
