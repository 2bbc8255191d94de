"""`griot bench voice`, second part: many voice notes at once, and what the buyers who write notice of it."""

import asyncio
import base64
import random
import time
from importlib.resources import files
from typing import Any

import httpx
from starlette.applications import Starlette

from griot.channels.simulator.server import create_app, serving
from griot.channels.simulator.state import Simulator
from griot.core.house import House
from griot.core.settings import Settings
from griot.rehearsal.books import read_books
from griot.rehearsal.figures import percentiles
from griot.rehearsal.shop import Venue, article, open_shop, until_rest
from griot.rehearsal.stage import fresh_stage, stage_house

LIMIT_REPLY_MS = 1000.0  # p95 of those who write, while voice notes are heard
PER_SECOND = 3  # messages of those who write
ALONE = 10.0  # seconds in which nobody speaks
PATIENCE = 300.0
_PLENTY = 1_000_000


async def bench_crowd(config: Settings, notes: int) -> dict[str, Any]:
    """``notes`` buyers speak at the same moment while others write; the same writing beside it, when nobody speaks."""
    async with fresh_stage(config, "bench") as stage:
        simulator = Simulator()
        app: Starlette = create_app(simulator)
        async with serving(app, int(stage.simulator.rsplit(":", 1)[1])), stage_house(stage) as house:
            simulator.graph_url = stage.config.graph_url
            await asyncio.gather(stage.start_api(), stage.start_worker())
            async with httpx.AsyncClient() as http:
                goods = [article("CHAUSSURE3", "Babouches brodées", 9_000, _PLENTY), article("SAC2", "Sac", 5, _PLENTY)]
                behaviour = {"throughput": None, "window": "off"}
                venue = await open_shop(
                    stage, house, http, goods, name="Crowd", messages_per_second=1000, behaviour=behaviour
                )
                crowd = Crowd(simulator, house, venue)
                await crowd.warm_up()
                alone = await crowd.write_until(ALONE)
                result = await crowd.speak(notes)
            await simulator.close()
    return {"reply_ms_alone": alone, **result}


class Crowd:
    """Buyers of one shop, each with a phone and one message."""

    def __init__(self, simulator: Simulator, house: House, venue: Venue) -> None:
        self._simulator = simulator
        self._house = house
        self._venue = venue
        self._people = 0
        recording = (files("griot.rehearsal") / "data" / "chaussure3.ogg").read_bytes()
        media = {"kind": "audio", "mime_type": "audio/ogg; codecs=opus", "voice": True}
        self._note = {"media": {**media, "data": base64.b64encode(recording).decode()}}

    async def warm_up(self) -> None:
        """One of each: models are loaded, pages are read."""
        self._act({"text": "SAC2"})
        self._act(self._note)
        await until_rest(self._house.db, self._venue.shop.id, PATIENCE)

    async def speak(self, notes: int) -> dict[str, Any]:
        """All notes at once, and writing until the last of them is answered."""
        began = time.time()
        speakers = [self._act(self._note) for _ in range(notes)]
        rest = asyncio.create_task(until_rest(self._house.db, self._venue.shop.id, PATIENCE))
        written = await self.write_until(None, lambda: all(self._answered(phone) for phone in speakers))
        await rest
        answers = [at - began for phone in speakers if (at := self._answered(phone))]
        async with self._house.db.transaction(self._venue.shop.id) as tx:
            books = await read_books(tx)
        return {
            "notes": notes,
            "heard": books.voice_notes - 1,
            "answered_after_seconds": percentiles(answers, 1, (50, 95, 99)),
            "reply_ms_beside": written,
            "lost": books.unanswered + books.unsent + books.failed_sends,
        }

    async def write_until(self, seconds: float | None, over: Any = lambda: False) -> dict[str, float]:
        """Write at an even pace; how long the answers took, in milliseconds."""
        chance = random.Random(1)  # noqa: S311 - load, not a secret
        began = time.time()
        written: dict[str, float] = {}
        while not over() and time.time() - began < (seconds or PATIENCE):
            at = time.time()
            written[self._act({"text": "SAC2"})] = at
            await asyncio.sleep(chance.uniform(0.5, 1.5) / PER_SECOND)
        if seconds:
            await until_rest(self._house.db, self._venue.shop.id, PATIENCE)
        else:
            await asyncio.sleep(2)
        return percentiles(
            [a - at for phone, at in written.items() if (a := self._answered(phone))], 1000, (50, 95, 99)
        )

    def _act(self, action: dict[str, Any]) -> str:
        self._people += 1
        phone = f"2217{self._people:08d}"
        self._simulator.add_person(phone, name=f"Buyer {self._people}")
        self._simulator.account(self._venue.phone_number_id).act(phone, action)
        return phone

    def _answered(self, phone: str) -> float | None:
        """When the first answer was shown, in Unix seconds."""
        account = self._simulator.account(self._venue.phone_number_id)
        shown = account.thread(self._simulator.person(phone)).shown
        return shown[0].wall if shown else None
