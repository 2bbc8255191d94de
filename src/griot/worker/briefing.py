"""Every shop has its daily briefing at its own hour."""

from griot.core import logs
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.briefing import service
from griot.worker.doors import shops_behind

log = logs.get(__name__)


async def brief_due(house: House) -> int:
    """Brief the shops whose hour has come; how many had something to tell. A shop that fails is tried again."""
    told = 0
    for shop_id in await shops_behind(house, "door_briefings(%s)", house.clock.now()):
        try:
            async with house.db.transaction(shop_id) as tx:
                shop, url = await load_shop(tx), house.config.console_url
                told += await service.brief(tx, shop, house.clock.now(), url) is not None
        except Exception as error:
            log.warning("a briefing failed", shop_id=shop_id, exc_info=error)
    return told
