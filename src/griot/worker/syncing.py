"""Sources with a schedule: read again when their time has come, and what they changed taken over."""

import asyncio
from datetime import timedelta
from typing import Any

from griot.core import logs
from griot.core.errors import GriotError
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.fetching.shelf import FolderShelf
from griot.knowledge.importing.merging import queries, service
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.sites.collecting import collect
from griot.knowledge.importing.sites.instagram import access_with
from griot.worker.doors import shops_behind

log = logs.get(__name__)

_OURS = timedelta(minutes=30)  # longer than an import may take: a source of a process that died is taken up after it
_UNUSED = timedelta(days=30)  # answers that no import asked for are not kept longer


async def sync_due(house: House) -> int:
    """Read every source whose time has come, one after the other; how many that were."""
    read = 0
    for shop_id in await shops_behind(house, "door_sources(%s)", house.clock.now()):
        now = house.clock.now()
        async with house.db.transaction(shop_id) as tx:
            due = await queries.take_due(tx, now, now + _OURS)
        for source in due:
            await _sync(house, shop_id, source)
            read += 1
    return read


async def _sync(house: House, shop_id: int, source: dict[str, Any]) -> None:
    """One source; what goes wrong is its report, and it is due again after its pause."""
    try:
        found = await _collected(house, shop_id, source)
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            plan = await service.planned(tx, found, service.terms_of(source, shop.currency), source["id"])
        report = await service.carry_out(house.db, shop_id, source["id"], found.kind, plan, house.clock.now())
        log.info("source read", shop_id=shop_id, source=source["id"], new=report["new"], changed=report["changed"])
    except GriotError as error:
        log.warning("a source cannot be read", shop_id=shop_id, source=source["id"], why=str(error))
        async with house.db.transaction(shop_id) as tx:
            await queries.end_run(tx, source["id"], "", {"failed": str(error)}, house.clock.now())


async def _collected(house: House, shop_id: int, source: dict[str, Any]) -> Found:
    """What the source says now, columns as the merchant named them; pages that have not changed are not sent again."""
    shelf = FolderShelf(house.config.data_dir / "imports" / str(shop_id))
    meta = access_with(house.keyring.decrypt(source["token"]), house.config) if source["token"] else None
    async with open_fetcher(house.config, shelf=shelf) as fetcher:
        found = await collect(source["address"], fetcher, meta=meta, columns=source["mapping"] or {})
    await asyncio.to_thread(shelf.clear, _UNUSED)
    return found
