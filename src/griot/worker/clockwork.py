"""What the clock brings: reminders, overdue holds, payments to ask about. Scheduled and retried by procrastinate."""

import asyncio
from collections.abc import Awaitable, Callable

import procrastinate
from procrastinate import PsycopgConnector
from procrastinate.jobs import Status

from griot.core import logs
from griot.core.db.pool import APP_OPTIONS
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.payments import service as payments
from griot.tools.reservation import service as reservation
from griot.worker.briefing import brief_due
from griot.worker.doors import shops_behind
from griot.worker.embedding import embed_due
from griot.worker.mailing import mail_due
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
        self._every("* * * * * *", "tick", self._tick)
        # These may take minutes: jobs of their own, beside the ticks.
        self._every("* * * * *", "sync", sync_due)
        self._every("* * * * *", "pictures", picture_due)
        self._every("*/2 * * * *", "vectors", embed_due)
        self._every("*/5 * * * *", "briefings", brief_due)
        self._every("*/10 * * * * *", "mails", mail_due)

    def _every(self, cron: str, name: str, work: Callable[[House], Awaitable[object]]) -> None:
        """A job of the clock. One of a name waits at most.

        No lock keeps two from running at once: they do each other no harm, and the lock of a worker that was killed in
        its job would stop the clock for ever.
        """

        async def job(timestamp: int) -> None:
            await work(self._house)

        self.app.periodic(cron=cron)(self.app.task(name=name, queueing_lock=name, pass_context=False)(job))

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

    async def _tick(self, house: House) -> None:
        shops = await shops_behind(house, "door_due(%s)", house.clock.now())
        results = await asyncio.gather(*(self.due(shop_id) for shop_id in shops), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                log.warning("a shop's due work failed, the next tick tries again", exc_info=result)

    async def due(self, shop_id: int) -> None:
        """Everything of a shop whose time has come."""
        house = self._house
        async with house.db.transaction(shop_id) as tx:
            await reservation.remind_due(tx, await load_shop(tx), house.clock.now())
        async with house.db.transaction(shop_id) as tx:
            await reservation.expire_due(tx, await load_shop(tx), house.clock.now())
        await payments.poll_due(house, shop_id)
