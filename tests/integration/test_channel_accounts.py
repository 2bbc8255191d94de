"""Accounts of a shop on its channels: asked whether they work, listed without a secret."""

from collections.abc import AsyncIterator

import pytest

from griot.channels.simulator.server import RunningSimulator, running_simulator
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import NotFound
from griot.core.tenancy import Shop
from griot.tools.shops import accounts
from griot.tools.shops.accounts import Health
from griot.tools.shops.service import connect_account, create_shop
from house_world import World, open_world

HOOK = "http://127.0.0.1:9/hook"
IDS = {"whatsapp": "106540000000777", "instagram": "17841400008460777", "messenger": "117172741761777"}


@pytest.fixture
async def sim(clock: FrozenClock) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(clock) as running:
        for platform, id_ in IDS.items():
            name = {} if platform == "whatsapp" else {"name": "chez.awa"}
            running.state.create_account(
                id_, platform=platform, token=platform, app_secret="s", webhook_url=HOOK, **name
            )
        yield running


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock, sim: RunningSimulator) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock, graph_url=sim.base_url) as opened:
        yield opened


@pytest.fixture
async def shop(world: World) -> Shop:
    return await create_shop(world.owner_url, name="Chez Awa", now=world.clock.now())


async def connect(world: World, shop: Shop, channel: str, token: str | None = None, id_: str | None = None) -> int:
    async with world.db.transaction(shop.id) as tx:
        return await connect_account(
            tx,
            world.house.keyring,
            channel,
            id_ or IDS[channel],
            display="",
            token=token or channel,
            now=world.clock.now(),
        )


async def test_an_account_that_works_says_who_it_is(world: World, shop: Shop) -> None:
    told = {
        "whatsapp": Health("Griot Test · +221338000000", "green", "TIER_1K"),
        "instagram": Health("chez.awa"),
        "messenger": Health("chez.awa"),
    }
    for channel, health in told.items():
        account = await connect(world, shop, channel)
        assert await accounts.check(world.house, shop.id, account, "user:7") == health, channel
    async with world.db.transaction(shop.id) as tx:
        known = await accounts.accounts(tx)
    assert {one.channel: one.health for one in known} == told
    assert {one.checked_at for one in known} == {world.clock.now()} and "token" not in repr(known)


async def test_what_is_wrong_with_an_account_is_told_apart(world: World, shop: Shop, sim: RunningSimulator) -> None:
    wrong_token = await connect(world, shop, "whatsapp", token="expired")
    unknown = await connect(world, shop, "messenger", id_="999999999999")
    problems = [
        (await accounts.check(world.house, shop.id, account, "user:7")).problem for account in (wrong_token, unknown)
    ]
    assert problems == ["token", "unknown"]


async def test_a_channel_that_is_away_is_no_fault_of_the_token(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    async with open_world(database_url, db, clock) as world:
        number = await world.number()
        health = await accounts.check(world.house, number.shop.id, number.account_id, "user:7")
        assert health.problem == "unreachable" and "token" not in health.said


async def test_another_shops_account_is_not_there(world: World, shop: Shop) -> None:
    account = await connect(world, shop, "whatsapp")
    other = await create_shop(world.owner_url, name="Autre", now=world.clock.now())
    with pytest.raises(NotFound):
        await accounts.check(world.house, other.id, account, "user:7")
