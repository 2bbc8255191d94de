"""A whole house for a test: API and worker as processes, the far ends in the test's own process."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Mount

from griot.channels.simulator import control, graph
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.server import serving
from griot.channels.simulator.state import Simulator
from griot.core.house import House
from griot.core.settings import Settings
from griot.knowledge.catalogue.models import NewProduct
from griot.rehearsal.books import Books, imbalances, read_books
from griot.rehearsal.shop import Venue, open_shop, until_rest
from griot.rehearsal.stage import Actor, Stage, open_stage, stage_house
from griot.tools.payments.sandbox.app import create_app as create_provider
from griot.tools.payments.sandbox.state import Sandbox

PATIENCE = 30.0
DYING = Path(__file__).parent / "faults" / "dying.py"


@dataclass
class Street:
    """The house, the shop in it, and everything around it that a test may disturb."""

    stage: Stage
    house: House
    simulator: Simulator
    provider: Sandbox
    venue: Venue

    @property
    def account(self) -> Account:
        """The WhatsApp number, at the far end."""
        return self.accounts["whatsapp"]

    @property
    def accounts(self) -> dict[str, Account]:
        """Every account of the shop at the far end, by channel."""
        return {channel: self.simulator.account(id_) for channel, id_ in self.venue.accounts.items()}

    @property
    def worker(self) -> Actor:
        return self.stage.actors["worker1"]

    async def buyer(self, n: int = 1, channel: str = "whatsapp", **known: str) -> Phone:
        line = LocalLine(self.simulator, self.venue.accounts[channel])
        return await Phone.on(line, f"22178{n:07d}", name=known.pop("name", f"Awa {n}"), **known)

    async def dying(self, process: str, point: str, when: str, nth: int = 1) -> Actor:
        """Start ``process`` (api or worker) so that it kills itself at the nth pass of a point in the code."""
        program = [sys.executable, str(DYING), process, point, when, str(nth)]
        health = f"{self.stage.api}/readyz" if process == "api" else None
        return await self.stage.start("api" if process == "api" else "worker1", program=program, health=health)

    async def rest(self, patience: float = PATIENCE) -> None:
        await until_rest(self.house.db, self.venue.shop.id, patience)

    async def books(self) -> Books:
        async with self.house.db.transaction(self.venue.shop.id) as tx:
            assert await imbalances(tx) == []
            return await read_books(tx)

    async def assert_nothing_lost_or_doubled(self) -> Books:
        """Every message answered, every answer sent exactly once, every book balanced."""
        await self.simulator.drained()
        await self.rest()
        books = await self.books()
        counters = [account.counters() for account in self.accounts.values()]
        assert books.messages == sum(each.get("inbound", 0) + each.get("comments", 0) for each in counters)
        assert (books.unanswered, books.unsent, books.failed_sends) == (0, 0, 0)
        assert all(each["doubled"] == each.get("repeated", 0) == 0 for each in counters)
        return books


@contextlib.asynccontextmanager
async def open_street(
    database: str,
    folder: Path,
    articles: list[NewProduct],
    *,
    speed: float = 1.0,
    start: tuple[str, ...] = ("api", "worker"),
    channels: tuple[str, ...] = ("whatsapp",),
    **overrides: str,
) -> AsyncIterator[Street]:
    """A street with a shop that sells on ``channels``; ``overrides`` are environment variables of the processes."""
    config = Settings(database_url=SecretStr(database), data_dir=folder)
    settings = {"GRIOT_SEND_GRACE": str(1.0 * speed), **overrides}
    async with (
        open_stage(config, folder / "logs", speed=speed, overrides=settings) as stage,
        stage_house(stage) as house,
    ):
        port = int(stage.simulator.rsplit(":", 1)[1])
        simulator = Simulator(house.clock, graph_url=stage.config.graph_url)
        async with httpx.AsyncClient(timeout=30) as http:
            keys = {stage.config.sandbox_key.get_secret_value()}
            provider = Sandbox(stage.config.sandbox_url, keys, house.clock, http)
            routes = [*graph.routes(simulator), *control.routes(simulator), Mount("/psp", create_provider(provider))]
            async with serving(Starlette(routes=routes), port):
                starts = {"api": stage.start_api, "worker": stage.start_worker}
                await asyncio.gather(*(starts[name]() for name in start))
                venue = await open_shop(stage, house, http, articles, name="Chez Awa", channels=channels)
                try:
                    yield Street(stage, house, simulator, provider, venue)
                finally:
                    await stage.stop()
                    await provider.aclose()
                    await simulator.close()
