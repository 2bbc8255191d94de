"""Pictures of products are fetched after an import, beside everything else: an import never waits for them."""

from griot.core import logs
from griot.core.house import House
from griot.knowledge.importing.fetching.errors import Halt
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.pictures import service
from griot.knowledge.importing.pictures.getting import LIMITS, Asking, got

log = logs.get(__name__)


async def picture_due(house: House, limits: Limits = LIMITS) -> int:
    """Fetch some pictures of every shop that has new ones; how many were asked for."""
    async with house.db.anywhere() as connection:
        cursor = await connection.execute("SELECT door_pictures(%s) AS shop_id", (house.clock.now(),))
        shops = [row["shop_id"] for row in await cursor.fetchall()]
    asked = 0
    for shop_id in shops:
        asked += await _of_shop(house, shop_id, limits)
    return asked


async def _of_shop(house: House, shop_id: int, limits: Limits) -> int:
    """Each picture is settled by itself: what was fetched is kept, whatever happens to the next one."""
    async with house.db.transaction(shop_id) as tx:
        wanted = await service.take_due(tx, house.clock.now())
    asked = troubled = 0
    shelf = Asking()
    async with open_fetcher(house.config, limits, shelf) as fetcher:
        for one in wanted:
            try:
                found = await got(fetcher, shelf, one)
            except Halt as stop:
                log.info("pictures stop for now", shop_id=shop_id, why=stop.what)
                break
            asked += 1
            troubled += bool(found.trouble)
            async with house.db.transaction(shop_id) as tx:
                await service.settle(tx, one, found, house.clock.now())
    if asked < len(wanted):
        async with house.db.transaction(shop_id) as tx:
            await service.release(tx, wanted[asked:], house.clock.now())
    log.info("pictures fetched", shop_id=shop_id, asked=asked, troubled=troubled)
    return asked
