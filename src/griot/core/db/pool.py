"""Connections: one pool a process, one transaction a unit of work, one shop a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from griot.core.texts import house_words

Tx = AsyncConnection[DictRow]

HOUSE = 0  # the shop under which the house keeps rows of its own: no shop has this number

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

# The role and the path are set before the first statement, so no code runs as the owner by accident. Plans are made
# while a shop's tables are empty and kept while they fill: without the second line, a live that starts on a fresh
# database scans whole tables until they are analyzed (seen: claims of 150 ms that take 1 ms). Every statement of the
# application has an index.
APP_OPTIONS = "-c role=griot_app -c search_path=griot,jobs,public -c timezone=UTC -c enable_seqscan=off -c jit=off"
OWNER_OPTIONS = "-c search_path=griot,jobs,public -c timezone=UTC"


class Database:
    """The application's way to PostgreSQL."""

    def __init__(self, url: str, size: int = 8) -> None:
        self.url = url
        self._pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            timeout=15,
            kwargs={"autocommit": True, "row_factory": dict_row, "options": APP_OPTIONS},
        )

    async def open(self) -> None:
        await self._pool.open(wait=True, timeout=30)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, shop_id: int, *, actor: str = "") -> AsyncIterator[Tx]:
        """One transaction that sees the rows of one shop. BEGIN and the shop travel with the first statement.

        ``actor``: who acts, for the events that the transaction leaves (``user:7``); nobody: the house itself.
        """
        async with self._pool.connection() as connection, connection.pipeline(), connection.transaction():
            await connection.execute(
                "SELECT set_config('griot.shop_id', %s, true), set_config('griot.actor', %s, true)",
                (str(shop_id), actor),
            )
            with house_words():
                yield connection

    @asynccontextmanager
    async def anywhere(self) -> AsyncIterator[Tx]:
        """A connection outside any shop: only the door functions answer."""
        async with self._pool.connection() as connection:
            yield connection


async def listen_connection(url: str) -> AsyncConnection[Any]:
    """A connection of its own for LISTEN, outside the pool."""
    return await AsyncConnection.connect(url, autocommit=True, options=APP_OPTIONS)
