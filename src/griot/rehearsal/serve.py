"""`griot serve`: database, API, workers and console in one go; the simulator too where no Meta app is configured."""

import asyncio
import contextlib
import secrets
import signal

import httpx
from rich.console import Console

from griot.core.db import database_url
from griot.core.house import House
from griot.core.settings import Settings
from griot.rehearsal.shop import Number, at_simulator
from griot.rehearsal.stage import Stage, free_port, open_stage, stage_house
from griot.tools.shops import queries as shops
from griot.tools.shops import service as shop_service

SIMULATOR_PORT = 8001


async def serve_house(config: Settings, port: int, workers: int) -> int:
    """Run until Ctrl-C or SIGTERM; ends with 1 when a process ends by itself."""
    console = Console(stderr=True, highlight=False)
    connected = config.whatsapp_app_secret is not None
    logs = config.data_dir / "logs"
    async with open_stage(
        config, logs, port=port, simulator_port=free_port(SIMULATOR_PORT), own_channels=connected
    ) as stage:
        if not connected:
            await stage.start_simulator()
        await stage.start_api()
        if not connected:
            await _simulate_numbers(stage, console)
        for number in range(1, workers + 1):
            await stage.start_worker(number)
        await stage.start_console()
        console.print(f"The console is at {stage.console}: `griot user add` makes a login.")
        console.print(f"Griot serves at {stage.api}, logs in {stage.logs}. Ctrl-C to stop.")
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        while not stop.is_set():
            ended = [actor.name for actor in stage.actors.values() if actor.process.poll() is not None]
            if ended:
                console.print(f"[red]The {ended[0]} ended by itself; its log is in {stage.logs}.[/]")
                return 1
            await asyncio.to_thread(database_url, config)  # starts the embedded server again, should it have died
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 2)
    return 0


async def _simulate_numbers(stage: Stage, console: Console) -> None:
    """Every shop has a number at the simulator; one that has none connected gets one."""
    console.print("No GRIOT_WHATSAPP_APP_SECRET is set: phones and payments are simulated on this machine.")
    async with stage_house(stage) as house, httpx.AsyncClient() as http:
        async with house.db.anywhere() as connection:
            ids = await shops.shop_ids(connection)
        for shop_id in ids:
            for number in await _numbers(house, shop_id):
                await at_simulator(stage, house, http, number)
                console.print(
                    f"Write to shop {shop_id} as a buyer: curl -X PUT {stage.simulator}/control/people/221770000042"
                    f" && curl {stage.simulator}/control/accounts/{number.external_id}/people/221770000042/actions"
                    ' -d \'{"text": "ROBE1"}\'',
                    soft_wrap=True,
                )


async def _numbers(house: House, shop_id: int) -> list[Number]:
    async with house.db.transaction(shop_id) as tx:
        if not await shops.accounts(tx, "whatsapp"):
            await shop_service.connect_account(
                tx,
                house.keyring,
                "whatsapp",
                str(10_000_000_000 + shop_id),
                display="+221 33 800 00 00",
                token=secrets.token_hex(16),
                now=house.clock.now(),
            )
        known = await shops.accounts(tx, "whatsapp")
    return [Number(row["external_id"], house.keyring.decrypt(row["access_token"])) for row in known]
