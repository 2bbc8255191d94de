"""The receiver: what is signed with the right key is stored once, whatever else it is; the rest changes nothing."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from house_world import APP_SECRET, VERIFY_TOKEN, Number, World, open_world
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from griot.api.app import attach, create_app
from griot.channels.signature import sign
from griot.channels.simulator import updates
from griot.channels.simulator.model import Person
from griot.channels.simulator.server import serving
from griot.channels.simulator.updates import Update
from griot.channels.whatsapp.parse import parse_bytes
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "payloads" / "whatsapp"
AWA = Person("Awa", "SN.1001", "221781000001")
HIDDEN = Person("Binta", "SN.1002", None, "binta")

_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Door:
    """The API of a world, reached over HTTP."""

    world: World
    http: httpx.AsyncClient

    async def post(self, body: bytes, secret: str = APP_SECRET, **headers: str) -> httpx.Response:
        headers = headers or {"X-Hub-Signature-256": sign(secret, body)}
        return await self.http.post("/webhooks/whatsapp", content=body, headers=headers)

    async def stored(self, number: Number) -> list[dict[str, Any]]:
        return await self.world.rows(number.shop.id, "SELECT * FROM messages WHERE shop_id = %(shop)s ORDER BY id")

    async def ignored(self, shop_id: int = 0) -> list[dict[str, Any]]:
        return await self.world.rows(shop_id, "SELECT * FROM ignored_updates WHERE shop_id = %(shop)s ORDER BY id")

    async def customers(self, number: Number) -> list[dict[str, Any]]:
        return await self.world.rows(number.shop.id, "SELECT * FROM customers WHERE shop_id = %(shop)s ORDER BY id")


@pytest.fixture
async def door(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Door]:
    async with open_door(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(door: Door) -> Number:
    return await door.world.number()


class open_door:  # noqa: N801 - used like the function it stands for
    """The API under a real server."""

    def __init__(self, database_url: str, db: Database, clock: FrozenClock, **settings: Any) -> None:
        self._world = open_world(database_url, db, clock, **settings)

    async def __aenter__(self) -> Door:
        world = await self._world.__aenter__()
        app = create_app(world.house.config)
        attach(app, world.house)
        self._server = serving(app)
        self._http = httpx.AsyncClient(base_url=await self._server.__aenter__(), timeout=30)
        return Door(world, self._http)

    async def __aexit__(self, *error: Any) -> None:
        await self._http.aclose()
        await self._server.__aexit__(*error)
        await self._world.__aexit__(*error)
