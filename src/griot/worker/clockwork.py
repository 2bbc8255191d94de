"""What the clock brings: reminders, overdue holds, payments to ask about. Scheduled and retried by procrastinate."""

import asyncio

import procrastinate
from procrastinate import PsycopgConnector

from griot.core import logs
from griot.core.db.pool import APP_OPTIONS
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.payments import service as payments
from griot.tools.reservation import service as reservation

log = logs.get(__name__)


class Clockwork:
    """The periodic jobs of the house. Of many workers, one runs each tick."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.app = procrastinate.App(
            connector=PsycopgConnector(conninfo=house.db.url, kwargs={"options": APP_OPTIONS}, min_size=1, max_size=4)
        )
        self.app.periodic(cron="* * * * * *")(
            self.app.task(name="tick", queueing_lock="tick", lock="tick", pass_context=False)(self._tick)
        )

    async def run(self) -> None:
        """Work until cancelled."""
        async with self.app.open_async():
            await self.app.run_worker_async(
                concurrency=2, install_signal_handlers=False, delete_jobs="always", fetch_job_polling_interval=1.0
            )

    async def _tick(self, timestamp: int) -> None:
        async with self._house.db.anywhere() as connection:
            cursor = await connection.execute("SELECT door_due(%s) AS shop_id", (self._house.clock.now(),))
            shops = [row["shop_id"] for row in await cursor.fetchall()]
        results = await asyncio.gather(*(self.due(shop_id) for shop_id in shops), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                log.warning("a shop's due work failed, the next tick tries again", exc_info=result)

    async def due(self, shop_id: int) -> None:
        """Everything of a shop whose time has come."""
        house = self._house
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            await reservation.remind_due(tx, shop, house.clock.now())
        async with house.db.transaction(shop_id) as tx:
            await reservation.expire_due(tx, shop, house.clock.now())
        await payments.poll_due(house, shop_id)
