"""A shop, opened for somebody: what the API and the console get to work with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Forbidden
from griot.core.house import House
from griot.core.tenancy import Shop, load_shop
from griot.tools.users.models import Access


@dataclass(frozen=True, slots=True)
class Door:
    """A shop, opened for somebody who may come in."""

    house: House
    access: Access

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @property
    def user_id(self) -> int:
        """The person who acts, where only a person may."""
        kind, _, number = self.access.actor.partition(":")
        if kind != "user":
            raise Forbidden("Only a person may do this, not a key.")
        return int(number)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction in the shop; the events it leaves name who acted."""
        async with self.house.db.transaction(self.access.shop_id, actor=self.access.actor) as tx:
            yield tx

    @asynccontextmanager
    async def shop(self) -> AsyncIterator[tuple[Tx, Shop]]:
        """One transaction, and the shop as it is now."""
        async with self.transaction() as tx:
            yield tx, await load_shop(tx)
