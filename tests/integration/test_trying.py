"""Whoever tries a shop holds a simulated phone; what happens to the simulator costs no more than what was on it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from griot.channels.simulator.server import RunningSimulator, running_simulator
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import ConfigurationError, FarEndError, InvalidInput, NotFound
from griot.rehearsal.stage import free_port
from griot.tools.trying import service
from griot.tools.trying.models import TestBuyer
from house_world import Number, World, article, open_world

PORT = free_port()


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    url = f"http://127.0.0.1:{PORT}"
    async with open_world(database_url, db, clock, simulator_url=url) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 5))


@pytest.fixture
async def simulator(clock: FrozenClock) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(clock, port=PORT) as running:
        yield running


async def awa(world: World, number: Number) -> TestBuyer:
    made = await service.make(world.house, number.shop.id, "user:7", number.account_id, "  Awa  Test ")
    async with world.db.transaction(number.shop.id) as tx:
        return await service.buyer(tx, made)


async def shown(world: World, number: Number, buyer: TestBuyer) -> list[Any]:
    return list((await service.screen(world.house, number.shop.id, buyer)).messages)


async def test_a_test_buyer_is_made_and_remembered_as_one(
    world: World, number: Number, simulator: RunningSimulator
) -> None:
    buyer = await awa(world, number)
    assert (buyer.name, buyer.channel, buyer.account) == ("Awa Test", "whatsapp", number.phone_number_id)
    assert await service.act(world.house, number.shop.id, buyer, {"text": "ROBE1"})
    assert simulator.state.account(number.phone_number_id).counts["inbound"] == 1
    assert await shown(world, number, buyer) == [], "what was written shows when the shop has it"
    async with world.db.transaction(number.shop.id) as tx:
        assert [one.id for one in await service.buyers(tx)] == [buyer.id]
        cursor = await tx.execute("SELECT actor FROM events WHERE kind = 'test_buyer.made'")
        assert [row["actor"] for row in await cursor.fetchall()] == ["user:7"]


async def test_a_simulator_that_was_started_anew_knows_them_when_they_write_again(
    world: World, number: Number, clock: FrozenClock
) -> None:
    async with running_simulator(clock, port=PORT):
        buyer = await awa(world, number)
    with pytest.raises(FarEndError, match="griot serve"):
        await service.act(world.house, number.shop.id, buyer, {"text": "ROBE1"})
    async with running_simulator(clock, port=PORT) as again:
        assert await shown(world, number, buyer) == []
        await service.act(world.house, number.shop.id, buyer, {"text": "ROBE1"})
        assert again.state.account(number.phone_number_id).counts["inbound"] == 1
        with pytest.raises(NotFound):
            await service.act(world.house, number.shop.id, buyer, {"tap": "PAYER"})
        with pytest.raises(NotFound):
            await service.received(world.house, buyer, 1)
        with pytest.raises(InvalidInput):
            await service.send_file(world.house, number.shop.id, buyer, "audio", "audio/ogg", b"")


async def test_without_a_simulator_there_is_no_phone(database_url: str, db: Database, clock: FrozenClock) -> None:
    async with open_world(database_url, db, clock) as world:
        number = await world.number()
        with pytest.raises(ConfigurationError, match="GRIOT_SIMULATOR_URL"):
            await service.make(world.house, number.shop.id, "user:7", number.account_id, "Awa")
