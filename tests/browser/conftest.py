"""A browser for the run, and a console with a shop for each test."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import chromium as chromium_browser
from console_world import Console, Seat, open_console
from griot.core.db.pool import Database
from house_world import Number, article

chromium_browser.needed()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Any]:
    async with chromium_browser.open_chromium() as browser:
        yield browser


@pytest.fixture
async def console(database_url: str, db: Database, chromium: Any) -> AsyncIterator[Console]:
    async with open_console(database_url, db, chromium) as opened:
        yield opened


@pytest.fixture
async def number(console: Console) -> Number:
    """A shop that sells ROBE1 and SAC2 on WhatsApp."""
    return await console.world.number(article("ROBE1", 10), article("SAC2", 8, 25_000))


@pytest.fixture
async def vendor(console: Console, number: Number) -> AsyncIterator[Seat]:
    """The shop's owner at a phone."""
    worker = await console.worker(number)
    async with console.seat(worker) as seat:
        yield seat
