"""Imports that people asked for: one of a shop at a time, beside everything else."""

from griot.core.house import House
from griot.knowledge.importing.jobs.running import run_next
from griot.worker.doors import shops_behind


class ImportLane:
    """Carries out what waits in ``import_jobs``, and what a process that died has left there."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def work(self, shop_id: int) -> float | None:
        """The shop's next import; another one at once when there was one."""
        return 0.0 if await run_next(self._house, shop_id) else None

    async def sweep(self) -> list[int]:
        return await shops_behind(self._house, "door_imports(%s)", self._house.clock.now())
