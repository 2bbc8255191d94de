"""A shop on Instagram or Messenger, between the simulated Graph API and the house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from griot.api.app import attach, create_app
from griot.channels.model import Reply
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.server import running_simulator, serving
from griot.channels.simulator.state import Simulator
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import service as catalogue
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.shops.service import connect_account, create_shop
from griot.worker.sends import SendLane
from griot.worker.turns import TurnLane
from house_world import APP_SECRET, VENDOR_PHONE, World, article, open_world

ACCOUNT = "17841400000000001"
both = pytest.mark.parametrize("channel", ["instagram", "messenger"])


@dataclass
class Stall:
    """A shop with one account, its API served, its lanes at hand, and the far end."""

    world: World
    shop: Shop
    account_id: int
    simulator: Simulator
    account: Account
    http: httpx.AsyncClient
    channel: str

    def __post_init__(self) -> None:
        self.turns = TurnLane(self.world.house)
        self.sends = SendLane(self.world.house, sender=7)

    async def buyer(self, n: int = 1) -> Phone:
        return await Phone.on(LocalLine(self.simulator, ACCOUNT), f"22178{n:07d}", name=f"Buyer {n}")

    async def vendor(self, **action: Any) -> str:
        """Something that the vendor does in the platform's own app."""
        return await LocalLine(self.simulator, ACCOUNT).direct(action)

    async def go(self) -> None:
        """Until everything that came in is answered, and every answer has gone out or waits."""
        for _ in range(6):
            await self.simulator.drained()
            while await self.turns.work(self.shop.id) is not None:
                pass
            await self.turns.drain(20)
            await self.sends.work(self.shop.id)
            await self.sends.drain(20)
        await self.simulator.drained()

    async def rows(self, query: str) -> list[dict[str, Any]]:
        return await self.world.rows(self.shop.id, query)

    async def outcomes(self) -> list[str]:
        rows = await self.rows("SELECT outcome FROM turns WHERE shop_id = %(shop)s ORDER BY id")
        return [row["outcome"] for row in rows]

    async def outbox(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM outbox WHERE shop_id = %(shop)s ORDER BY id")

    async def thread(self) -> dict[str, Any]:
        (row,) = await self.rows("SELECT * FROM conversations WHERE shop_id = %(shop)s")
        return row

    async def queue(self, reply: Reply, key: str = "x") -> None:
        async with self.world.db.transaction(self.shop.id) as tx:
            await outbox.queue(tx, [Outgoing((await self.thread())["id"], reply, key)], self.world.clock.now())

    async def held(self) -> int:
        (row,) = await self.rows("SELECT coalesce(sum(quantity), 0) AS n FROM holds WHERE shop_id = %(shop)s")
        return int(row["n"])


@asynccontextmanager
async def open_stall(channel: str, database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    """A shop with one account of a channel, which sells ROBE1 and SAC2."""
    async with (
        running_simulator(clock) as running,
        open_world(database_url, db, clock, graph_url=running.base_url) as world,
    ):
        app = create_app(world.house.config)
        attach(app, world.house)
        async with serving(app) as origin, httpx.AsyncClient(base_url=origin, timeout=30) as http:
            now = clock.now()
            shop = await create_shop(database_url, name="Chez Awa", vendor_phone=VENDOR_PHONE, now=now)
            async with db.transaction(shop.id) as tx:
                account_id = await connect_account(
                    tx, world.house.keyring, channel, ACCOUNT, display="@awa", token="token", now=now
                )
                await catalogue.create_products(tx, [article("ROBE1", 5), article("SAC2", 5)], now)
            simulator = running.state
            account = simulator.create_account(
                ACCOUNT,
                platform=channel,
                token="token",
                app_secret=APP_SECRET,
                webhook_url=f"{origin}/webhooks/{channel}",
                statuses={"sent": 0.0, "delivered": 0.0},
            )
            yield Stall(world, shop, account_id, simulator, account, http, channel)
