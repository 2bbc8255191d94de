"""One person under several records: the vendor merges two, and takes it back (docs/reference/customers.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.tools.customers import people_queries, queries
from griot.tools.customers.models import Customer, Standing

Proof = Literal["vendor", "link", "phone"]


@dataclass(frozen=True, slots=True)
class Record:
    """What was done under one record. ``identities``: ``channel name``, as the channel calls the person;
    ``threads``: numbers of conversations."""

    id: int
    name: str | None
    phone: str | None
    identities: tuple[str, ...]
    threads: tuple[int, ...]
    standing: Standing
    badges: tuple[str, ...]
    opted_out: bool
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """Two records, the older one first, that are one person: by the vendor's word, a link that was opened, or a number
    that was confirmed."""

    one_id: int
    other_id: int
    proof: Proof
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """``whole``: all records together, seen from the oldest one, whose number is the person's."""

    whole: Customer
    records: tuple[Record, ...]
    links: tuple[Link, ...]

    @property
    def erased_at(self) -> datetime | None:
        """When the person was forgotten, if they were (``erasure``), under every record."""
        moments = [record.erased_at for record in self.records if record.erased_at is not None]
        return max(moments) if len(moments) == len(self.records) else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A record in a list; ``standing`` is that of the person, whose number is the oldest record's."""

    id: int
    person: int
    name: str | None
    phone: str | None
    channels: tuple[str, ...]
    standing: Standing


async def page(tx: Tx, limit: int, before: int | None = None, search: str | None = None) -> list[Listed]:
    """Records of buyers, the latest first; ``search``: a part of a name, of ``+phone`` or of a name on a channel."""
    return [
        Listed(row["id"], row["person"], row["name"], row["phone"], tuple(row["channels"]), queries.standing(row))
        for row in await people_queries.page(tx, limit, before, search)
    ]


async def person(tx: Tx, customer_id: int) -> Person:
    """The person that a record belongs to; ``NotFound`` when the shop has no such record."""
    rows = await people_queries.records(tx, customer_id)
    if not rows:
        raise _unknown(customer_id)
    oldest = rows[0]["id"]
    whole = (await queries.load(tx, [oldest]))[oldest]
    links = [Link(**row) for row in await people_queries.links(tx, oldest)]
    return Person(whole, tuple(_record(row) for row in rows), tuple(links))


async def merge(tx: Tx, first_id: int, second_id: int, now: datetime, proof: Proof = "vendor") -> Person:
    """Make two records one person, whatever other records either is linked to.

    ``NotFound``: no such record; ``InvalidInput``: the same number twice; ``Conflict``: they are one person already, or
    one was forgotten.
    """
    if first_id == second_id:
        raise InvalidInput("These are not two records.")
    one, other = sorted((first_id, second_id))
    records = await people_queries.lock(tx, (one, other))
    for customer_id in (one, other):
        if customer_id not in records:
            raise _unknown(customer_id)
    if await people_queries.any_erased(tx, (one, other)):
        raise Conflict("One of these customers was forgotten: nobody can say who that was.")
    if other in records[one]:
        raise Conflict(f"Customers {one} and {other} are one person already.")
    await people_queries.add_link(tx, one, other, proof, now)
    await people_queries.regroup(tx, [*records[one], *records[other]])
    data = {"customers": [one, other], "proof": proof, "before": [records[one], records[other]]}
    await record(tx, "customer.merged", now, customer_id=one, data=data)
    return await person(tx, one)


async def unmerge(tx: Tx, first_id: int, second_id: int, now: datetime) -> tuple[Person, Person]:
    """Take a merge of two records back: each has again what was done under it, before and since.

    Records that others are linked to keep those. ``NotFound``: these two were not merged with each other.
    """
    one, other = sorted((first_id, second_id))
    records = await people_queries.lock(tx, (one, other))
    if not await people_queries.undo_link(tx, one, other, now):
        raise NotFound(f"Customers {one} and {other} were not merged: `griot customer show` says who was.")
    await people_queries.regroup(tx, records[one])
    apart = await person(tx, one), await person(tx, other)
    data = {"customers": [one, other], "after": [[part.id for part in whole.records] for whole in apart]}
    await record(tx, "customer.unmerged", now, customer_id=one, data=data)
    return apart


def _unknown(customer_id: int) -> NotFound:
    return NotFound(f"There is no customer {customer_id} in this shop.")


def _record(row: dict[str, Any]) -> Record:
    return Record(
        id=row["id"],
        name=row["name"],
        phone=row["phone"],
        identities=tuple(row["identities"]),
        threads=tuple(row["threads"]),
        standing=queries.standing(row),
        badges=tuple(row["badges"]),
        opted_out=row["opted_out"],
        erased_at=row["erased_at"],
    )
