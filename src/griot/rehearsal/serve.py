"""`griot serve`: database, API and workers in one go; the simulator too where no Meta app is configured."""

import asyncio
import contextlib
import signal

from rich.console import Console

from griot.core.db import database_url
from griot.core.settings import Settings
from griot.rehearsal.stage import open_stage


async def serve_house(config: Settings, port: int, workers: int) -> int:
    """Run until Ctrl-C or SIGTERM; ends with 1 when a process ends by itself."""
    console = Console(stderr=True)
    connected = config.whatsapp_app_secret is not None
    async with open_stage(config, config.data_dir / "logs", port=port, own_channels=connected) as stage:
        if not connected:
            await stage.start_simulator()
            console.print("No GRIOT_WHATSAPP_APP_SECRET is set: phones and payments are simulated.")
        await stage.start_api()
        for number in range(1, workers + 1):
            await stage.start_worker(number)
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
