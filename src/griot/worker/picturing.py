"""Pictures of products are fetched after an import, beside everything else: an import never waits for them."""

from datetime import timedelta

from griot.core import logs
from griot.core.house import House
from griot.knowledge.importing.fetching.errors import Busy, Halt
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.pictures import service
from griot.knowledge.importing.pictures.getting import LIMITS, Asking, got
from griot.knowledge.importing.pictures.models import Got, Wanted
from griot.worker.doors import shops_behind

log = logs.get(__name__)

_REST = timedelta(hours=1)  # for a site that asked to wait


async def picture_due(house: House, limits: Limits = LIMITS) -> int:
    """Fetch some pictures of every shop that has new ones; how many were asked for."""
    shops = await shops_behind(house, "door_pictures(%s)", house.clock.now())
    return sum([await _of_shop(house, shop_id, limits) for shop_id in shops])


async def _of_shop(house: House, shop_id: int, limits: Limits) -> int:
    """Each picture is settled by itself: what was fetched is kept, whatever happens to the next one."""
    async with house.db.transaction(shop_id) as tx:
        wanted = await service.take_due(tx, house.clock.now())
    unasked = list(wanted)
    troubled = 0
    resting: set[str] = set()  # sites that asked to wait
    shelf = Asking()
    async with open_fetcher(house.config, limits, shelf) as fetcher:
        for one in wanted:
            if _site(one) in resting:
                continue
            try:
                found = await got(fetcher, shelf, one)
            except Busy as busy:
                resting.add(_site(one))
                found = Got(trouble=str(busy))
            except Halt as stop:
                log.info("pictures stop for now", shop_id=shop_id, why=stop.what)
                break
            unasked.remove(one)
            troubled += bool(found.trouble)
            async with house.db.transaction(shop_id) as tx:
                await service.settle(tx, one, found, house.clock.now())
    if unasked:
        async with house.db.transaction(shop_id) as tx:
            now = house.clock.now()
            await service.release(tx, [one for one in unasked if _site(one) not in resting], now)
            await service.release(tx, [one for one in unasked if _site(one) in resting], now + _REST)
    asked = len(wanted) - len(unasked)
    log.info("pictures fetched", shop_id=shop_id, asked=asked, troubled=troubled)
    return asked


def _site(wanted: Wanted) -> str:
    return wanted.address.partition("://")[2].partition("/")[0].lower()
