"""What happened: an append-only row for the vendor's timeline, and a knock for whoever is watching."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from griot.core import metrics
from griot.core.db.pool import Tx


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
