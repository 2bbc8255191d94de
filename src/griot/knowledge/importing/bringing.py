"""What a catalogue would bring in, for somebody who waits for it: a file or an address, read and shown."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from griot.core.db.pool import Database
from griot.core.errors import FarEndError
from griot.core.house import House
from griot.core.settings import Settings
from griot.core.tenancy import load_shop
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.fetching.shelf import FolderShelf
from griot.knowledge.importing.merging import queries, service
from griot.knowledge.importing.merging.models import Plan
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.reading import read, reread
from griot.knowledge.importing.sites.collecting import collect
from griot.knowledge.importing.sites.instagram import access_with
from griot.knowledge.importing.sites.visit import Progress

PATIENCE = 60.0  # seconds that somebody waits for an address to be read
_UNUSED = timedelta(days=30)  # answers that no import asked for are not kept longer


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come in: ``report`` as ``merging.service.report_of``, ``products`` with what happens to each."""

    source: str
    kind: str
    currency_needed: bool
    report: dict[str, Any]
    products: tuple[dict[str, Any], ...]
    columns: tuple[dict[str, Any], ...]


async def from_file(db: Database, shop_id: int, name: str, body: bytes, *, currency: str | None) -> Preview:
    """A catalogue in a file. ``name``: of the file, under which the source is remembered."""
    return await _shown(db, shop_id, name, await read_file(body, {}), currency)


async def from_address(db: Database, config: Settings, shop_id: int, address: str, *, currency: str | None) -> Preview:
    """A catalogue at an address. ``FarEndError`` when reading it takes longer than anybody waits."""
    try:
        async with asyncio.timeout(PATIENCE), open_fetcher(config) as fetcher:
            found = await collect(address, fetcher)
    except TimeoutError:
        raise FarEndError("Reading this address takes more than a minute: have it read later instead.") from None
    return await _shown(db, shop_id, address, found, currency)


async def read_file(body: bytes, columns: Mapping[str, str]) -> Found:
    """What a file holds, its columns as the merchant names them (``reread``)."""
    found = await asyncio.to_thread(read, body)
    return await asyncio.to_thread(reread, body, found, columns) if columns else found


async def read_address(
    house: House,
    shop_id: int,
    address: str,
    *,
    token: bytes | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    progress: Progress | None = None,
) -> Found:
    """What an address says now; pages that have not changed since the shop last read them are not sent again.

    ``token``: encrypted, what the merchant lets us read it with; ``columns``: as ``read_file``. Raises FetchError.
    """
    shelf = FolderShelf(house.config.data_dir / "imports" / str(shop_id))
    meta = access_with(house.keyring.decrypt(token), house.config) if token else None
    async with open_fetcher(house.config, shelf=shelf) as fetcher:
        found = await collect(address, fetcher, progress=progress, meta=meta, columns=columns)
    await asyncio.to_thread(shelf.clear, _UNUSED)
    return found


async def _shown(db: Database, shop_id: int, source: str, found: Found, currency: str | None) -> Preview:
    async with db.transaction(shop_id) as tx:
        shop = await load_shop(tx)
        row = await queries.source(tx, source)
        terms = service.terms_of(row or {}, shop.currency, stated=currency)
        plan = await service.planned(tx, found, terms, row["id"] if row else None)
    return preview_of(source, found, plan)


def preview_of(source: str, found: Found, plan: Plan) -> Preview:
    """A plan in words."""
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
    columns = tuple(
        {**asdict(column), "column": column.label} for column in (found.mapping.columns if found.mapping else ())
    )
    return Preview(source, found.kind, plan.currency_needed, service.report_of(plan), products, columns)
