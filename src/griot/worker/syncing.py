"""Sources with a schedule: read again when their time has come, and what they changed taken over."""

from datetime import timedelta
from typing import Any

from griot.core import logs
from griot.core.errors import GriotError
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.knowledge.importing.bringing import read_address
from griot.knowledge.importing.merging import queries, service
from griot.worker.doors import shops_behind

log = logs.get(__name__)

_OURS = timedelta(minutes=30)  # longer than an import may take: a source of a process that died is taken up after it


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
        found = await read_address(
            house, shop_id, source["address"], token=source["token"], columns=source["mapping"] or {}
        )
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            plan = await service.planned(tx, found, service.terms_of(source, shop.currency), source["id"])
        report = await service.carry_out(house.db, shop_id, source["id"], found.kind, plan, house.clock.now())
        log.info("source read", shop_id=shop_id, source=source["id"], new=report["new"], changed=report["changed"])
    except GriotError as error:
        log.warning("a source cannot be read", shop_id=shop_id, source=source["id"], why=str(error))
        async with house.db.transaction(shop_id) as tx:
            await queries.end_run(tx, source["id"], "", {"failed": str(error)}, house.clock.now())
