"""The worker process: its lanes and the clock's jobs. As many as needed may run, on as many machines."""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import AsyncIterator

import psycopg
import uvicorn
from starlette.applications import Starlette

from griot.agent.interpreter import warm
from griot.core import logs
from griot.core.clock import FastClock
from griot.core.db.pool import listen_connection
from griot.core.house import House, open_house
from griot.core.ops import ROUTES
from griot.core.settings import Settings
from griot.speech.speaking.speaking import Speaking
from griot.worker.catalogues import CatalogueLane, Catalogues
from griot.worker.clockwork import Clockwork
from griot.worker.hearing import HearLane
from griot.worker.imports import ImportLane
from griot.worker.inbox import InboxLane
from griot.worker.lane import Lane
from griot.worker.sends import SendLane
from griot.worker.speech import open_ear
from griot.worker.turns import TurnLane

log = logs.get(__name__)

SHUTDOWN_PATIENCE = 15.0
CANCEL_AGAIN = 2.0


class Worker:
    """The lanes of one process, and the ear that wakes them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sender = secrets.randbits(62)
        self._ear, self._mouth = open_ear(house.config), Speaking(house.config)
        self._sends = SendLane(house, self._sender, self._mouth)
        speed = house.clock.speed if isinstance(house.clock, FastClock) else 1.0
        catalogues = Catalogues()
        self._turns = TurnLane(house, speed=speed, catalogues=catalogues)
        self.turns = Lane("turns", self._turns, lambda seconds: seconds / speed, gather=0.04)
        self.sends = Lane("sends", self._sends, lambda seconds: seconds / speed, gather=0.01)
        self.hearings = Lane("hearings", HearLane(house, self._ear, speed), lambda seconds: seconds / speed)
        self.catalogues = Lane("catalogues", CatalogueLane(house, catalogues), sweep=60.0)
        self.inbox = Lane("inbox", InboxLane(house), gather=0.2)
        self.imports = Lane("imports", ImportLane(house))
        self._lanes = (self.hearings, self.turns, self.sends, self.catalogues, self.inbox, self.imports)
        self._clockwork = Clockwork(house)
        self._listening = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then end what has begun and leave the rest to the next process."""
        jobs = [
            asyncio.create_task(self._listen(), name="listen"),
            asyncio.create_task(self._clockwork.run(), name="clockwork"),
        ]
        await self._listening.wait()
        jobs += [asyncio.create_task(lane.run(), name=lane.name) for lane in self._lanes]
        stopped = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([stopped, *jobs], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            log.error("a part of the worker ended by itself", part=task.get_name(), exc_info=task.exception())
        await asyncio.gather(*(lane.stop(SHUTDOWN_PATIENCE) for lane in self._lanes))
        await asyncio.gather(self._turns.drain(SHUTDOWN_PATIENCE), self._sends.drain(SHUTDOWN_PATIENCE))
        self._ear.close()
        self._mouth.close()
        await _end(set(jobs))

    async def _listen(self) -> None:
        """Wake the lanes when the database says so. The connection also holds the lock that says we live."""
        lanes = {f"griot_{lane.name}": lane for lane in self._lanes}
        while True:
            try:
                async with await listen_connection(self._house.db.url) as connection:
                    await connection.execute("SELECT pg_advisory_lock(%s)", (self._sender,))
                    for name in lanes:
                        await connection.execute(f"LISTEN {name}")
                    self._listening.set()
                    async for notice in connection.notifies():
                        lanes[notice.channel].knock(int(notice.payload))
            except psycopg.OperationalError as error:
                log.warning("lost the database, connecting again", exc_info=error)
                await asyncio.sleep(0.5)


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have heard it: a wait that ends at the same moment swallows the cancellation."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=CANCEL_AGAIN)


@contextlib.asynccontextmanager
async def _ops_server(house: House) -> AsyncIterator[None]:
    """Health and metrics of a worker, when GRIOT_METRICS_PORT gives them a port."""
    if not house.config.metrics_port:
        yield
        return
    app = Starlette(routes=ROUTES)
    app.state.house = house
    config = uvicorn.Config(app, house.config.host, house.config.metrics_port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # serve() would take the signals from us
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def run_worker(config: Settings) -> None:
    """Run one worker until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_house(config) as house:
        await asyncio.to_thread(warm)
        async with _ops_server(house):
            log.info("worker started")
            await Worker(house).run(stop)
        log.info("worker stopped")
