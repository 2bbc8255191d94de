"""Which shops have work: asked once for all of them, outside any shop."""

from typing import LiteralString

from griot.core.house import House


async def shops_behind(house: House, door: LiteralString, *values: object) -> list[int]:
    """The shops that a door function names. ``door``: the call, such as ``door_due(%s)``; ``values`` for it."""
    async with house.db.anywhere() as connection:
        cursor = await connection.execute(f"SELECT {door} AS shop_id", values)
        return [row["shop_id"] for row in await cursor.fetchall()]
