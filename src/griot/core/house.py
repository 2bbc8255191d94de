"""What every process needs, opened once: settings, database, keys, clock and an HTTP client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from griot.core.clock import Clock, clock_from
from griot.core.crypto import Keyring, keyring
from griot.core.db import database_url
from griot.core.db.pool import Database
from griot.core.http import client
from griot.core.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    config: Settings
    db: Database
    keyring: Keyring
    clock: Clock
    http: httpx.AsyncClient


@asynccontextmanager
async def open_house(config: Settings) -> AsyncIterator[House]:
    """The house for as long as the block runs; the embedded database is started when there is no other."""
    db = Database(database_url(config), size=config.database_pool)
    await db.open()
    try:
        async with client(config.send_timeout) as http:
            yield House(config, db, keyring(config), clock_from(config.clock), http)
    finally:
        await db.close()
