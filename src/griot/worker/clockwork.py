"""What the clock brings: reminders, overdue holds, payments to ask about. Scheduled and retried by procrastinate."""

import asyncio

import procrastinate
from procrastinate import PsycopgConnector
from procrastinate.jobs import Status

from griot.core import logs
from griot.core.db.pool import APP_OPTIONS
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.payments import service as payments
from griot.tools.reservation import service as reservation
from griot.worker.embedding import embed_due
from griot.worker.picturing import picture_due
from griot.worker.syncing import sync_due

log = logs.get(__name__)

RESTART_SECONDS = 0.5


class Clockwork:
    """The periodic jobs of the house. Of many workers, one runs each tick."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.app = procrastinate.App(
            connector=PsycopgConnector(conninfo=house.db.url, kwargs={"options": APP_OPTIONS}, min_size=1, max_size=4)
        )
        # One tick waits at most. No lock keeps two from running at once: they do each other no harm, and the lock of a
        # worker that was killed in its tick would stop the clock for ever.
        self.app.periodic(cron="* * * * * *")(
            self.app.task(name="tick", queueing_lock="tick", pass_context=False)(self._tick)
        )
        # Reading a shop's whole site takes minutes: one waits at most, beside the ticks.
        self.app.periodic(cron="* * * * *")(
            self.app.task(name="sync", queueing_lock="sync", pass_context=False)(self._sync)
        )
        self.app.periodic(cron="* * * * *")(
            self.app.task(name="pictures", queueing_lock="pictures", pass_context=False)(self._pictures)
        )
        self.app.periodic(cron="*/2 * * * *")(
            self.app.task(name="vectors", queueing_lock="vectors", pass_context=False)(self._vectors)
        )

    async def run(self) -> None:
        """Work until cancelled; when the database is lost, from the start again."""
        while True:
            try:
                async with self.app.open_async():
                    await self._forget_the_dead()
                    await self.app.run_worker_async(
                        concurrency=4,
                        install_signal_handlers=False,
                        delete_jobs="always",
                        fetch_job_polling_interval=1.0,
                    )
            except Exception as error:
                log.warning("the clock's jobs have stopped, starting them again", exc_info=error)
            await asyncio.sleep(RESTART_SECONDS)

    async def _forget_the_dead(self) -> None:
        """Remove the jobs of workers that were killed."""
        for job in await self.app.job_manager.get_stalled_jobs():
            await self.app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    async def _tick(self, timestamp: int) -> None:
        async with self._house.db.anywhere() as connection:
            cursor = await connection.execute("SELECT door_due(%s) AS shop_id", (self._house.clock.now(),))
            shops = [row["shop_id"] for row in await cursor.fetchall()]
        results = await asyncio.gather(*(self.due(shop_id) for shop_id in shops), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                log.warning("a shop's due work failed, the next tick tries again", exc_info=result)

    async def _sync(self, timestamp: int) -> None:
        await sync_due(self._house)

    async def _pictures(self, timestamp: int) -> None:
        await picture_due(self._house)

    async def _vectors(self, timestamp: int) -> None:
        await embed_due(self._house)

    async def due(self, shop_id: int) -> None:
        """Everything of a shop whose time has come."""
        house = self._house
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            await reservation.remind_due(tx, shop, house.clock.now())
        async with house.db.transaction(shop_id) as tx:
            await reservation.expire_due(tx, shop, house.clock.now())
        await payments.poll_due(house, shop_id)
