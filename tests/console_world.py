"""The console of a world as a real server, people who log in to it, and their browsers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import uvicorn

from griot.core.clock import FrozenClock, clock_from
from griot.core.db.pool import HOUSE, Database
from griot.rehearsal.stage import free_port
from griot.tools.users import queries, sessions, tokens
from griot.tools.users.models import Role
from griot.ui.app import PAGE, create_app
from house_world import Number, World, open_world

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who is logged in: their number, and the cookie that says so."""

    id: int
    email: str
    token: str


@dataclass(slots=True)
class Seat:
    """A browser at the console, and what went wrong in it."""

    page: Any
    base: str
    troubles: list[str] = field(default_factory=list)

    async def go(self, address: str) -> None:
        """Show an address such as ``/orders/12`` and wait until its view is there."""
        await self.page.goto("about:blank")
        await self.page.goto(f"{self.base}{PAGE}/#{address}")
        await self.page.wait_for_selector("#view h1", state="attached")

    async def said(self) -> str:
        """What the console told in passing, last."""
        toast = self.page.locator(".toast:not(:empty)")
        await toast.wait_for()
        return str(await toast.inner_text())

    async def sticks_out(self) -> int:
        """CSS pixels that the page is too wide."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@dataclass(frozen=True, slots=True)
class Console:
    world: World
    base: str
    chromium: Any

    async def worker(self, *shops: Number, role: Role = "owner", email: str = "awa@example.com") -> Worker:
        """Somebody who works in these shops, logged in. The rows are written as they are."""
        house, now = self.world.house, self.world.house.clock.now()
        token = tokens.new()
        async with house.db.transaction(HOUSE) as tx:
            user_id = await queries.insert_user(tx, email, "no password", None, now)
            assert user_id is not None
            await queries.insert_session(tx, user_id, "console", tokens.digest(token), now + timedelta(days=1), now)
        for shop in shops:
            async with house.db.transaction(shop.shop.id) as tx:
                await queries.insert_member(tx, user_id, email, "Awa", role, now)
        return Worker(user_id, email, token)

    @asynccontextmanager
    async def seat(
        self,
        worker: Worker | None,
        *,
        language: str = "fr",
        theme: str = "dark",
        viewport: dict[str, int] | None = None,
        **known: Any,
    ) -> AsyncIterator[Seat]:
        """A browser of their own, as wide as a phone; it must end without an error on its console."""
        context = await self.chromium.new_context(viewport=viewport or PHONE, locale=f"{language}-FR", **known)
        cookies = [{"name": "griot_language", "value": language, "url": self.base}]
        if worker:
            cookies.append({"name": sessions.COOKIE, "value": worker.token, "url": self.base})
        await context.add_cookies(cookies)
        await context.add_init_script(f"if (location.host) localStorage.setItem('griot-theme', '{theme}')")
        page = await context.new_page()
        page.set_default_timeout(10_000)
        seat = Seat(page, self.base)
        page.on("pageerror", lambda error: seat.troubles.append(f"error: {error}"))
        page.on("console", lambda said: seat.troubles.append(said.text) if said.type == "error" else None)
        try:
            yield seat
        finally:
            await context.close()
        assert not seat.troubles, f"the browser's console shows errors: {seat.troubles}"


@asynccontextmanager
async def open_console(
    owner_url: str, db: Database, chromium: Any, clock: FrozenClock | None = None, **settings: Any
) -> AsyncIterator[Console]:
    """A console on a free port, with the machine's clock unless another one is given."""
    time: Any = clock or clock_from("system")
    async with (
        open_world(owner_url, db, time, rate_console=1000, **settings) as world,
        serving_console(world, chromium) as console,
    ):
        yield console


@asynccontextmanager
async def serving_console(world: World, chromium: Any) -> AsyncIterator[Console]:
    """The console of a house that is open already."""
    app = create_app(world.house.config, world.house)
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(_serve(server))
    while not server.started:
        await asyncio.sleep(0.02)
    try:
        yield Console(world, f"http://127.0.0.1:{port}", chromium)
    finally:
        server.should_exit = True
        await running


async def _serve(server: uvicorn.Server) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await server._serve()  # without its signal handlers, which are the test run's
