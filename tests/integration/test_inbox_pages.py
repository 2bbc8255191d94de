"""Ten thousand conversations: a page reads what it shows, wherever it is in the list."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.tools.conversations import inbox
from house_world import Number, World, open_world

MANY = 10_000
PAGE = 50


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def full(world: World) -> Number:
    """A shop with many threads: one in ten with a person, one in five waiting for one."""
    number = await world.number()
    now = world.clock.now()
    async with world.db.transaction(number.shop.id) as tx:
        await tx.execute(
            "INSERT INTO customers (shop_id, name, created_at)"
            " SELECT current_shop(), 'Buyer ' || n, %s FROM generate_series(1, %s) AS n",
            (now, MANY),
        )
        await tx.execute(
            "INSERT INTO conversations"
            " (shop_id, account_id, customer_id, recipient, handler, last_inbound_at, created_at)"
            " SELECT shop_id, %s, id, 'phone:' || id, CASE id %% 10 WHEN 0 THEN 'human' ELSE 'agent' END,"
            " %s::timestamptz - id * interval '1 minute', %s FROM customers WHERE shop_id = current_shop()",
            (number.account_id, now, now),
        )
        await tx.execute(
            "INSERT INTO escalations (shop_id, conversation_id, reason, summary, sentiment, created_at)"
            " SELECT shop_id, id, 'human', 'x', CASE id % 3 WHEN 0 THEN 'frustrated' ELSE 'neutral' END, created_at"
            " FROM conversations WHERE shop_id = current_shop() AND id % 5 = 0",
        )
    with psycopg.connect(world.owner_url, options=OWNER_OPTIONS) as owner:  # as autovacuum does within a minute
        owner.execute("ANALYZE conversations, customers, escalations, channel_accounts, shops")
    return number


def rows_read(plan: dict[str, Any]) -> int:
    """Rows that the scans of a plan went through, those left out included."""
    own = 0
    if "Scan" in plan["Node Type"] and "Relation Name" in plan:
        looked_at = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        own = int(looked_at * plan["Actual Loops"])
    return own + sum(rows_read(part) for part in plan.get("Plans", ()))


@pytest.mark.parametrize(
    ("view", "channel"), [("recent", None), ("recent", "whatsapp"), ("human", None), ("waiting", None)]
)
async def test_a_page_in_the_middle_costs_what_it_shows(
    world: World, full: Number, monkeypatch: pytest.MonkeyPatch, view: inbox.View, channel: str | None
) -> None:
    async with world.db.transaction(full.shop.id) as tx:
        place: tuple[Any, ...] | None = None
        seen: list[int] = []
        for _ in range(5):
            found = await inbox.page(tx, view, PAGE, place, channel)
            seen += [thread.id for thread in found]
            place = found[-1].place
        assert len(set(seen)) == 5 * PAGE

        explained: list[dict[str, Any]] = []
        execute = tx.execute

        async def explaining(query: Any, params: Any = None, **more: Any) -> Any:
            from psycopg import sql

            statement = query if isinstance(query, sql.Composable) else sql.SQL(query)
            cursor = await execute(sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) ") + statement, params)
            row = await cursor.fetchone()
            assert row is not None
            explained.append(row["QUERY PLAN"][0]["Plan"])
            return await execute(query, params, **more)

        monkeypatch.setattr(tx, "execute", explaining)
        await inbox.page(tx, view, PAGE, place, channel)
    assert explained
    assert sum(rows_read(plan) for plan in explained) < 20 * PAGE
