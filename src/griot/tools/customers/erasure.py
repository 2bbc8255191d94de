"""A buyer asks to be forgotten (product.md §11): all that tells who they are goes, in one transaction, for good.

What goes and what stays is on one page: docs/reference/customers.md. A later message from the same number is a new
buyer's.
"""

from dataclasses import dataclass
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.tools.customers import erasure_queries, people, people_queries


@dataclass(frozen=True, slots=True)
class Erased:
    """The records that are numbers now, and how much went with them."""

    customer_id: int
    records: tuple[int, ...]
    messages: int


async def erase(tx: Tx, shop: Shop, customer_id: int, now: datetime) -> Erased:
    """Forget the person that a record belongs to, under all of their records.

    Their orders that are open have been cancelled before (``reservation.cancel_order``); paid ones stay, with a number
    for the buyer. Done once, however often it is asked.

    Raises ``NotFound``, and ``Conflict`` while money is still to be given back to them, an order of theirs is open, or
    the person is the vendor.
    """
    person = await people.person(tx, customer_id)
    number, ids = person.whole.id, [known.id for known in person.records]
    if person.erased_at is not None:
        return Erased(number, tuple(ids), 0)
    if shop.vendor_phone is not None and shop.vendor_phone in [known.phone for known in person.records]:
        raise Conflict("This is the vendor's own record: it cannot be erased.")
    ids = (await people_queries.lock(tx, [number]))[number]
    threads = await erasure_queries.lock_threads(tx, ids)
    ties = await erasure_queries.ties(tx, ids)
    if ties["refunds"]:
        raise Conflict("Money is still to be given back to this customer: settle the refund first.")
    if ties["open_orders"]:
        raise Conflict("An order of this customer is still open: cancel it, or have it paid first.")
    await erasure_queries.erase_told(tx, ids, threads)
    await erasure_queries.erase_papers(tx, ids)
    messages = await erasure_queries.erase_said(tx, ids, threads, now)
    await erasure_queries.erase_person(tx, ids, now)
    await record(tx, "customer.erased", now, customer_id=number, data={"records": ids, "messages": messages})
    return Erased(number, tuple(ids), messages)
