"""A lane: one kind of work, shop by shop, done when somebody knocks and swept now and then in case a knock was lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from griot.core import logs

log = logs.get(__name__)

SWEEP_SECONDS = 2.0
LONGEST_NAP = 5.0


class Work(Protocol):
    """Work that a lane does."""

    async def work(self, shop_id: int) -> float | None:
        """Do what is ready for a shop; returns seconds until there is more, or none when a knock will tell."""
        ...

    async def sweep(self) -> list[int]:
        """Shops that have work, whether or not anybody knocked."""
        ...


class Lane:
    """Runs ``Work`` for every shop that needs it, one task a shop, until stopped.

    ``nap(seconds)`` converts seconds of the house's clock to seconds of the machine. ``gather``: seconds of the machine
    after each look at a shop in which further work may gather, so that a busy shop is served in batches. ``sweep``:
    seconds from one look at all shops to the next.
    """

    def __init__(
        self,
        name: str,
        work: Work,
        nap: Callable[[float], float] = lambda seconds: seconds,
        gather: float = 0.0,
        sweep: float = SWEEP_SECONDS,
    ) -> None:
        self.name = name
        self._work = work
        self._gather = gather
        self._sweep = sweep
        self._nap = nap
        self._knocks: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    def knock(self, shop_id: int) -> None:
        """There is work for this shop."""
        if self._stopping:
            return
        self._knocks.setdefault(shop_id, asyncio.Event()).set()
        if shop_id not in self._tasks:
            task = asyncio.create_task(self._serve(shop_id), name=f"{self.name}:{shop_id}")
            self._tasks[shop_id] = task
            task.add_done_callback(lambda _: self._rest(shop_id))

    def _rest(self, shop_id: int) -> None:
        self._tasks.pop(shop_id, None)
        if self._knocks[shop_id].is_set():
            self.knock(shop_id)

    async def _serve(self, shop_id: int) -> None:
        knocked = self._knocks[shop_id]
        failures = 0
        wait: float | None = 0.0
        while wait is not None and not self._stopping:
            if wait > 0:
                await _first(knocked.wait(), min(self._nap(wait), LONGEST_NAP))
            knocked.clear()
            try:
                wait = await self._work.work(shop_id)
                failures = 0
                await asyncio.sleep(self._gather)
            except Exception as error:
                failures += 1
                log.warning("lane failed, trying again", lane=self.name, failures=failures, exc_info=error)
                await asyncio.sleep(min(0.1 * 2 ** min(failures, 10), LONGEST_NAP))
                wait = 0.0

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                for shop_id in await self._work.sweep():
                    self.knock(shop_id)
            except Exception as error:
                log.warning("sweep failed, trying again", lane=self.name, exc_info=error)
            await asyncio.sleep(self._sweep)

    async def stop(self, patience: float) -> None:
        """Take nothing new; let what has begun end, within ``patience`` seconds."""
        self._stopping = True
        for knocked in self._knocks.values():
            knocked.set()
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks.values()), timeout=patience)
            for task in late:
                task.cancel()


async def _first(event: Awaitable[object], seconds: float) -> None:
    try:
        await asyncio.wait_for(event, seconds)
    except TimeoutError:
        return
