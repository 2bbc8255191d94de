"""What happened: an append-only row for the vendor's timeline and the audit, and a knock for whoever is watching.

Who did it and in which transaction is added by the database (migration 14).
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

import orjson

from griot.core import metrics
from griot.core.db.pool import Tx
from griot.core.errors import GriotError, InvalidInput


@dataclass(frozen=True, slots=True)
class Event:
    """``kind`` is ``noun.what_happened``; ``data`` holds ids, codes and amounts, never a name or a phone."""

    kind: str
    live_id: int | None = None
    order_id: int | None = None
    customer_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


async def record_all(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Write events in the transaction that made them true."""
    if not events:
        return
    for event in events:
        metrics.EVENTS.labels(event.kind).inc()
    rows = [
        {"kind": e.kind, "live_id": e.live_id, "order_id": e.order_id, "customer_id": e.customer_id, "data": e.data}
        for e in events
    ]
    await tx.execute(
        "INSERT INTO events (shop_id, kind, live_id, order_id, customer_id, data, at)"
        " SELECT current_shop(), kind, live_id, order_id, customer_id, data, %s FROM jsonb_to_recordset(%s)"
        " AS x(kind text, live_id bigint, order_id bigint, customer_id bigint, data jsonb)",
        (now, orjson.dumps(rows).decode()),
    )


async def record(
    tx: Tx,
    kind: str,
    now: datetime,
    *,
    live_id: int | None = None,
    order_id: int | None = None,
    customer_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """One event; see ``Event``."""
    await record_all(tx, [Event(kind, live_id, order_id, customer_id, data or {})], now)


# What a reader who comes back looks through, in numbers of events of all shops: no transaction is open for as long as
# it takes so many to happen.
_LATE = 10_000
_LARGEST = 2**63 - 1
_MOST = 5_000  # events that are told at once
_PLACE = re.compile(r"([0-9]{1,18})_(([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18}(?:,[0-9]{1,18})*)?)")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is read. ``actor``: ``user:7``, ``key:3`` or ``cli``; none is the house itself."""

    number: int
    kind: str
    actor: str | None
    live_id: int | None
    order_id: int | None
    customer_id: int | None
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the highest number, and which transactions had been committed by then."""

    number: int
    snapshot: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """A place as it was written; ``InvalidInput`` when it is none."""
        found = _PLACE.fullmatch(text)
        if found is not None:
            oldest, newest = int(found[3]), int(found[4])
            running = [int(number) for number in (found[5] or "").split(",") if number]
            if (
                0 < oldest <= newest
                and running == sorted(set(running))
                and all(oldest <= one < newest for one in running)
            ):
                return cls(int(found[1]), found[2])
        raise InvalidInput("This is no place in the events: leave it out to begin from now.")

    def __str__(self) -> str:
        return f"{self.number}_{self.snapshot}"


_PAGE: LiteralString = (
    "SELECT id AS number, kind, actor, live_id, order_id, customer_id, data, at FROM events"
    " WHERE shop_id = current_shop() AND id < %(before)s"
)
_OF_KIND: LiteralString = " AND kind = %(kind)s"  # a condition of its own, so that its index serves


async def page(tx: Tx, limit: int, before: int | None, kind: str | None) -> list[Happened]:
    """Events of the shop, the latest first, from before a number on; of one kind if named. For the audit."""
    cursor = await tx.execute(
        _PAGE + (_OF_KIND if kind is not None else "") + " ORDER BY id DESC LIMIT %(limit)s",
        {"limit": limit, "before": _LARGEST if before is None else before, "kind": kind},
    )
    return [Happened(**row) for row in await cursor.fetchall()]


async def of_order(tx: Tx, order_id: int) -> list[Happened]:
    """What happened to an order, in order."""
    cursor = await tx.execute(
        "SELECT id AS number, kind, actor, live_id, order_id, customer_id, data, at FROM events"
        " WHERE shop_id = current_shop() AND order_id = %s ORDER BY id",
        (order_id,),
    )
    return [Happened(**row) for row in await cursor.fetchall()]


class TooFarBack(GriotError):
    """More has happened since than is told at once: begin from now, and look at everything again."""

    status = 410


async def here(tx: Tx) -> Place:
    """The place after everything that has happened in this shop."""
    cursor = await tx.execute(
        "SELECT coalesce(max(id), 0) AS number, pg_current_snapshot()::text AS snapshot FROM events"
        " WHERE shop_id = current_shop()"
    )
    row = await cursor.fetchone()
    assert row is not None
    return Place(**row)


# An event, and the place after it when it was the last of its transaction.
Told = tuple[Happened, Place | None]


async def read(tx: Tx, place: Place, *, until: Place | None = None) -> tuple[list[Told], Place]:
    """Every event that was committed after ``place``, and the place after them all; ``until``: no later than there.

    Events are told apart by their transactions, not by their numbers, which are given out before the commit. The last
    event of each transaction comes with a place to go on from. Raises ``TooFarBack``.
    """
    cursor = await tx.execute(
        """
        SELECT now.snapshot, fresh.*
          FROM (SELECT coalesce(%(until)s::pg_snapshot, pg_current_snapshot()) AS snapshot) AS now
          LEFT JOIN LATERAL (
               SELECT xid, id AS number, kind, actor, live_id, order_id, customer_id, data, at FROM events
                WHERE shop_id = current_shop() AND id > %(after)s
                  AND NOT pg_visible_in_snapshot(xid, %(place)s::pg_snapshot)
                  AND pg_visible_in_snapshot(xid, now.snapshot)
                LIMIT %(most)s) AS fresh ON true
         ORDER BY fresh.xid, fresh.number
        """,
        {
            "after": place.number - _LATE,
            "place": place.snapshot,
            "until": until.snapshot if until else None,
            "most": _MOST + 1,
        },
    )
    rows = await cursor.fetchall()
    if len(rows) > _MOST:
        raise TooFarBack("Too much has happened since: begin from now, and look at everything again.")
    snapshot = str(rows[0].pop("snapshot"))
    rows = [row for row in rows if row["number"] is not None]
    highest = max([place.number, *(row["number"] for row in rows)])
    told: list[Told] = []
    for row, following in itertools.zip_longest(rows, rows[1:]):
        row.pop("snapshot", None)
        xid = int(row.pop("xid"))
        whole = following is None or int(following["xid"]) != xid
        told.append((Happened(**row), Place(highest, _up_to(snapshot, xid)) if whole else None))
    return told, Place(highest, snapshot)


def _up_to(snapshot: str, xid: int) -> str:
    """The snapshot without the transactions that began after this one."""
    oldest, _, running = snapshot.split(":")
    earlier = [number for number in running.split(",") if number and int(number) <= xid]
    return f"{min(int(oldest), xid + 1)}:{xid + 1}:{','.join(earlier)}"
