"""Sources of a shop and how often they are read again."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.core.events import record
from griot.knowledge.importing.merging import queries


async def sources(tx: Tx) -> list[dict[str, Any]]:
    """Every source, without what it is read with: address, kind, products, every_minutes, next_at, last_at, report."""
    shown = ("address", "kind", "products", "every_minutes", "next_at", "last_at", "report")
    return [{name: row[name] for name in shown} for row in await queries.sources(tx)]


async def schedule(tx: Tx, address: str, minutes: int | None, now: datetime) -> dict[str, Any]:
    """Read a source every so many minutes; none: only by hand. ``NotFound``: nothing was imported from there yet."""
    row = await queries.schedule(tx, address, minutes, now)
    if row is None:
        raise NotFound(f"Nothing was imported from {address} yet: import it first.")
    await record(tx, "source.scheduled", now, data={"source": row["id"], "minutes": minutes})
    return row
