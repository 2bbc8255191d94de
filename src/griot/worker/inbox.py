"""The inbox lane: threads about which something has changed are judged again, beside the turns."""

from griot.core.house import House
from griot.tools.priority import service
from griot.worker.doors import shops_behind


class InboxLane:
    """Keeps the order in which the conversations of a shop want a person."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def work(self, shop_id: int) -> float | None:
        """Judge what has changed; none when a knock will tell of more."""
        async with self._house.db.transaction(shop_id) as tx:
            judged = await service.answer_calls(tx, self._house.clock.now())
        return 0.0 if judged else None

    async def sweep(self) -> list[int]:
        """Shops with threads to judge, in case a knock was lost."""
        return await shops_behind(self._house, "door_inbox()")
