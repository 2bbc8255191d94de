"""A whole house on this machine: simulator, API and worker as processes of their own, over real HTTP."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from griot.core.clock import clock_from
from griot.core.crypto import keyring
from griot.core.db import database_url
from griot.core.db.embedded import EmbeddedPostgres
from griot.core.db.migrate import migrate
from griot.core.db.pool import Database
from griot.core.errors import GriotError
from griot.core.house import House
from griot.core.settings import Settings

START_PATIENCE = 120.0  # the first worker of a version trains the interpreter


def free_port(preferred: int = 0) -> int:
    """The preferred loopback port when nobody has it, else any free one."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


@dataclass
class Actor:
    """One process of the house."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As the out-of-memory killer would: no goodbye."""
        self.process.kill()
        self.process.wait()

    async def stop(self) -> None:
        """As an orchestrator would: SIGTERM, and time to finish."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self.process.wait, 20)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Stage:
    """The settings that all processes of the house share, and the processes."""

    config: Settings
    database: str
    env: dict[str, str]
    logs: Path
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return self.config.public_url

    @property
    def simulator(self) -> str:
        return self.config.graph_url.removesuffix("/graph")

    @property
    def console(self) -> str:
        return f"http://{self.config.host}:{self.config.console_port}"

    async def start(
        self, name: str, *arguments: str, health: str | None = None, program: list[str] | None = None, **env: str
    ) -> Actor:
        """Start a process of the program, ``env`` being its own, and wait until ``health`` answers 200."""
        command = [*(program or [sys.executable, "-m", "griot.cli.main"]), *arguments]
        with (self.logs / f"{name}.log").open("ab") as log:
            own = {**self.env, **env}
            process = subprocess.Popen(command, env=own, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: ASYNC220
        actor = self.actors[name] = Actor(name, list(arguments), process)
        if health:
            await self._wait_for(actor, health)
        return actor

    async def start_simulator(self) -> Actor:
        port = self.simulator.rsplit(":", 1)[1]
        return await self.start("simulator", "simulator", "--port", port, health=f"{self.simulator}/healthz")

    async def start_api(self) -> Actor:
        return await self.start("api", "api", health=f"{self.api}/readyz")

    async def start_console(self) -> Actor:
        return await self.start("console", "console", health=f"{self.console}/readyz")

    async def start_worker(self, number: int = 1, program: list[str] | None = None) -> Actor:
        """A worker that is ready to work; what runs by a ``program`` of its own is not waited for."""
        name = f"worker{number}"
        if program:
            return await self.start(name, program=program)
        port = (self.config.metrics_port if number == 1 else 0) or free_port()
        health = f"http://{self.config.host}:{port}/readyz"
        return await self.start(name, "worker", health=health, GRIOT_METRICS_PORT=str(port))

    async def _wait_for(self, actor: Actor, url: str) -> None:
        deadline = asyncio.get_running_loop().time() + START_PATIENCE
        async with httpx.AsyncClient(timeout=2) as http:
            while asyncio.get_running_loop().time() < deadline:
                if actor.process.poll() is not None:
                    break
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.05)
        tail = (self.logs / f"{actor.name}.log").read_text(errors="replace")[-2000:]
        raise GriotError(f"The {actor.name} did not start; its log ends with:\n{tail}")

    async def stop(self) -> None:
        """Stop every process, the last started first."""
        for actor in reversed(self.actors.values()):
            await actor.stop()


@contextlib.asynccontextmanager
async def open_stage(
    config: Settings,
    logs: Path,
    *,
    speed: float = 1.0,
    port: int | None = None,
    simulator_port: int | None = None,
    own_channels: bool = False,
    overrides: dict[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """A stage with a migrated database and nothing running yet.

    ``speed``: how many times faster than the machine's the house's clock runs; waiting times that depend on the
    machine (network, bursts) are stretched by it, so that they stay the same in real seconds. ``own_channels``: the
    installation's own addresses and keys are used, not those of the simulator.
    """
    database = await asyncio.to_thread(database_url, config)
    await asyncio.to_thread(migrate, database)
    simulator, api = simulator_port or free_port(), port or free_port()
    clock = "system" if speed == 1 else f"{speed:g}@{datetime.now(UTC).isoformat()}"
    values = {
        "DATABASE_URL": database,
        "GRIOT_DATA_DIR": str(config.data_dir.absolute()),
        "GRIOT_PORT": str(api),
        "GRIOT_CONSOLE_PORT": str(free_port(config.console_port)),
        "GRIOT_CLOCK": clock,
        "GRIOT_BURST_MS": str(int(config.burst_ms * speed)),
        "GRIOT_SEND_GRACE": str(config.send_grace * speed),
        "GRIOT_PAYMENT_POLL": str(config.payment_poll * speed),
        **({} if own_channels else _simulated(simulator, api)),
        **(overrides or {}),
    }
    env = {**os.environ, **values, "PYTHONUNBUFFERED": "1"}
    await asyncio.to_thread(logs.mkdir, parents=True, exist_ok=True)
    house = Settings(**{name.removeprefix("GRIOT_").lower(): value for name, value in values.items()})  # type: ignore[arg-type]
    stage = Stage(house, database, env, logs)
    try:
        yield stage
    finally:
        await stage.stop()


@contextlib.asynccontextmanager
async def fresh_stage(
    config: Settings, name: str, *, speed: float = 1.0, port: int | None = None
) -> AsyncIterator[Stage]:
    """A stage with an empty embedded database of its own, which is stopped in the end and emptied by the next run.

    Where DATABASE_URL names a database that one is used, and what the run writes stays in it.
    """
    server = None
    if config.database_url is None:
        config = config.model_copy(update={"data_dir": config.data_dir / name})
        server = EmbeddedPostgres(config.data_dir)
        await asyncio.to_thread(server.remove)
    try:
        async with open_stage(config, config.data_dir / "logs", speed=speed, port=port) as stage:
            yield stage
    finally:
        if server is not None:
            await asyncio.to_thread(server.stop)


@contextlib.asynccontextmanager
async def stage_house(stage: Stage) -> AsyncIterator[House]:
    """The rehearsal's own way into the house, with the clock and keys of its processes."""
    db = Database(stage.database, size=4)
    await db.open()
    async with httpx.AsyncClient() as http:
        yield House(stage.config, db, keyring(stage.config), clock_from(stage.config.clock), http)
    await db.close()


def _simulated(simulator: int, api: int) -> dict[str, str]:
    """Addresses and fresh keys of a house whose far ends are on this machine."""
    return {
        "GRIOT_PUBLIC_URL": f"http://127.0.0.1:{api}",
        "GRIOT_WHATSAPP_APP_SECRET": secrets.token_hex(16),
        "GRIOT_WHATSAPP_VERIFY_TOKEN": secrets.token_hex(8),
        "GRIOT_GRAPH_URL": f"http://127.0.0.1:{simulator}/graph",
        "GRIOT_SIMULATOR_URL": f"http://127.0.0.1:{simulator}",
        "GRIOT_SANDBOX_URL": f"http://127.0.0.1:{simulator}/psp",
        "GRIOT_SANDBOX_KEY": secrets.token_hex(16),
        "GRIOT_RATE_PAGES": "1000",  # every buyer comes from the same address
        "GRIOT_RATE_WEBHOOKS": "100000",
    }
