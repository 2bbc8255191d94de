"""The daily briefing: once a day, at the shop's hour, with what the database says and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.briefing import service
from griot.worker.briefing import brief_due
from griot.worker.turns import TurnLane
from house_world import VENDOR_PHONE, Number, World, article, message, open_world

MORNING = datetime(2026, 2, 16, 8, 5, tzinfo=UTC)  # Dakar has no offset


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    clock.set(datetime(2026, 2, 14, 12, 0, tzinfo=UTC))
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    opened = await world.number(article("ROBE1", 2), article("SAC2", 100))
    world.clock.set(datetime(2026, 2, 15, 20, 0, tzinfo=UTC))
    return opened


async def write(world: World, number: Number, text: str, n: int = 1, name: str = "Awa") -> None:
    await world.receive(number, message(text, world.clock.now(), n, name=name))
    world.clock.advance(timedelta(seconds=1))
    lane = TurnLane(world.house)
    while await lane.work(number.shop.id) is not None or lane._thinking:
        await lane.drain(20)


async def told(world: World, number: Number) -> list[str]:
    return [r.text for r in await world.told(number, VENDOR_PHONE) if "RÉSUMÉ D'HIER" in r.text]


async def test_it_says_what_happened_and_what_waits(world: World, number: Number) -> None:
    await write(world, number, "ROBE1", 1)
    await write(world, number, "SAC2", 2)
    await world.rows(
        number.shop.id,
        "UPDATE orders SET status = 'paid', paid_at = created_at, remind_at = NULL WHERE shop_id = %(shop)s"
        " AND id = (SELECT min(id) FROM orders WHERE shop_id = %(shop)s) RETURNING id",
    )
    await write(world, number, "c'est une arnaque, je veux parler à quelqu'un !!!", 3, "Modou")
    world.clock.set(MORNING)
    assert await brief_due(world.house) == 1
    (words,) = await told(world, number)
    assert "(15/02)" in words
    assert "3 conversations" in words
    assert "2 commandes, 1 payée : 15 000 F CFA" in words
    assert "1 client a réservé" in words
    assert "1 conversation attend" in words
    assert "*Modou*" in words
    reply = next(r for r in await world.told(number, VENDOR_PHONE) if "RÉSUMÉ" in r.text)
    assert reply.media is not None and reply.media.words is not None
    assert "Commence par Modou." in reply.media.words
    assert "arnaque" not in reply.media.words


async def test_it_comes_once_a_day_and_not_before_its_hour(world: World, number: Number) -> None:
    await write(world, number, "bonjour")
    world.clock.set(MORNING.replace(hour=7))
    assert await brief_due(world.house) == 0
    world.clock.set(MORNING)
    assert await brief_due(world.house) == 1
    assert await brief_due(world.house) == 0
    world.clock.advance(timedelta(hours=5))
    assert await brief_due(world.house) == 0
    assert len(await told(world, number)) == 1


async def test_a_quiet_day_is_not_told(world: World, number: Number) -> None:
    world.clock.set(MORNING)
    assert await brief_due(world.house) == 0
    assert await told(world, number) == []


async def test_a_shop_may_have_it_at_another_hour_or_not_at_all(world: World, number: Number) -> None:
    await write(world, number, "bonjour")
    await set_hour(world, number, "null")
    world.clock.set(MORNING)
    assert await brief_due(world.house) == 0
    await set_hour(world, number, "9")
    assert await brief_due(world.house) == 0
    world.clock.advance(timedelta(hours=1))
    assert await brief_due(world.house) == 1


async def test_a_shop_that_opened_today_has_no_yesterday(world: World, number: Number) -> None:
    world.clock.set(MORNING)
    late = await world.number(article("ROBE1", 2))
    await write(world, late, "bonjour")
    world.clock.advance(timedelta(hours=1))
    assert await brief_due(world.house) == 0


async def test_the_day_is_the_shops_own(world: World, number: Number) -> None:
    await world.rows(
        number.shop.id, "UPDATE shops SET timezone = 'Indian/Antananarivo' WHERE shop_id = %(shop)s RETURNING 1"
    )
    world.clock.set(datetime(2026, 2, 15, 20, 30, tzinfo=UTC))  # 23:30 there
    await write(world, number, "bonjour")
    world.clock.set(datetime(2026, 2, 15, 21, 30, tzinfo=UTC))  # half past midnight
    await write(world, number, "bonjour", 2)
    async with world.db.transaction(number.shop.id) as tx:
        facts = await service.of_yesterday(tx, replace(number.shop, timezone="Indian/Antananarivo"), MORNING)
    assert facts.conversations == 1


async def set_hour(world: World, number: Number, hour: str) -> None:
    await world.rows(
        number.shop.id,
        f"UPDATE shops SET settings = settings || '{{\"briefing_hour\": {hour}}}' WHERE shop_id = %(shop)s RETURNING 1",
    )
