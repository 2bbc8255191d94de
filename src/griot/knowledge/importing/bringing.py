"""A catalogue brought in by somebody who waits for it: an upload or an address, shown first or carried out at once."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from griot.core.db.pool import Database
from griot.core.errors import FarEndError
from griot.core.events import record
from griot.core.settings import Settings
from griot.core.tenancy import load_shop
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.merging import queries, service
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.reading import read
from griot.knowledge.importing.sites.collecting import collect

PATIENCE = 300.0  # seconds that somebody waits for an address to be read


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in, or would: ``report`` as ``merging.service.report_of``, ``products`` with what happens to each."""

    source: str
    kind: str
    written: bool
    currency_needed: bool
    report: dict[str, Any]
    products: tuple[dict[str, Any], ...]
    columns: tuple[dict[str, Any], ...]


async def from_file(
    db: Database,
    shop_id: int,
    name: str,
    body: bytes,
    *,
    actor: str,
    dry_run: bool,
    currency: str | None,
    now: datetime,
) -> Brought:
    """A catalogue in a file. ``name``: of the file, under which the source is remembered."""
    found = await asyncio.to_thread(read, body)
    return await _brought(db, shop_id, name, found, actor, dry_run, currency, now)


async def from_address(
    db: Database,
    config: Settings,
    shop_id: int,
    address: str,
    *,
    actor: str,
    dry_run: bool,
    currency: str | None,
    now: datetime,
) -> Brought:
    """A catalogue at an address. ``FarEndError`` when reading it takes longer than anybody waits."""
    try:
        async with asyncio.timeout(PATIENCE), open_fetcher(config) as fetcher:
            found = await collect(address, fetcher)
    except TimeoutError:
        raise FarEndError("Reading this address takes too long: `griot import` has more patience.") from None
    return await _brought(db, shop_id, address, found, actor, dry_run, currency, now)


async def _brought(
    db: Database,
    shop_id: int,
    source: str,
    found: Found,
    actor: str,
    dry_run: bool,
    currency: str | None,
    now: datetime,
) -> Brought:
    async with db.transaction(shop_id, actor=actor) as tx:
        shop = await load_shop(tx)
        row = await queries.source(tx, source)
        if not dry_run and found.products:
            row = await queries.save_source(tx, source, currency=currency, pieces=None, mapping=None, now=now)
        terms = service.terms_of(row or {}, shop.currency, stated=currency)
        plan = await service.planned(tx, found, terms, row["id"] if row else None)
    written = not dry_run and row is not None and bool(plan.steps)
    if written:
        assert row is not None
        report = await service.carry_out(db, shop_id, row["id"], found.kind, plan, now)
        counts = {name: report[name] for name in ("new", "changed", "gone", "left_out")}
        async with db.transaction(shop_id, actor=actor) as tx:
            await record(tx, "catalogue.imported", now, data={"source": row["id"], **counts})
    else:
        report = service.report_of(plan)
    products = tuple(
        {
            "code": step.code,
            "title": step.title,
            "price": step.offer.price if step.offer else None,
            "change": step.change,
            "what": list(step.says),
        }
        for step in plan.steps
    )
    columns = tuple(asdict(column) for column in (found.mapping.columns if found.mapping else ()))
    return Brought(source, found.kind, written, plan.currency_needed, report, products, columns)
