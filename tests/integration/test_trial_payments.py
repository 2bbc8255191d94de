"""A test payment goes the whole way at the provider, and touches no order, no stock and no books."""

from collections.abc import AsyncIterator

import httpx
import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput, NotFound
from griot.core.money import Money
from griot.tools.payments import trial
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.shops.service import update_settings


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def kept(world: World) -> list[trial.Trial]:
    async with world.db.transaction(world.shop.id) as tx:
        return await trial.trials(tx)


async def test_a_trial_that_is_paid_is_seen_by_question_and_by_notice(world: World) -> None:
    begun = await trial.begin(world.house, world.shop.id, "wave", "user:7")
    assert begun.amount == Money(100, "XOF") and begun.url and begun.problem is None
    assert await kept(world) == [begun]
    async with httpx.AsyncClient(timeout=10, follow_redirects=True) as http:
        payer = Payer(http)
        page = await payer.press(await payer.open(begun.url), "outcome", "paid")
    await world.sandbox.settled()
    assert page.status_code == 200 and "test" in str(page.url)
    asked = await trial.ask(world.house, world.shop.id, begun.reference, "user:7")
    assert asked.status == "succeeded"
    (last,) = await kept(world)
    assert last.status == "succeeded" and last.noticed
    async with world.db.transaction(world.shop.id) as tx:
        cursor = await tx.execute(
            "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM payments)"
            " + (SELECT count(*) FROM payment_notices) AS n"
        )
        row = await cursor.fetchone()
    assert row == {"n": 0}


async def test_a_provider_that_refuses_is_quoted(world: World) -> None:
    world.sandbox.keys.clear()
    begun = await trial.begin(world.house, world.shop.id, "wave", "user:7")
    assert begun.url is None and begun.problem and "401" in begun.problem
    with pytest.raises(NotFound):
        await trial.ask(world.house, world.shop.id, begun.reference, "user:7")


async def test_only_means_that_the_shop_takes_are_tried(world: World) -> None:
    async with world.db.transaction(world.shop.id) as tx:
        await update_settings(tx, means=["wave"])
    with pytest.raises(InvalidInput, match="wave"):
        await trial.begin(world.house, world.shop.id, "card", "user:7")
    with pytest.raises(NotFound):
        await trial.ask(world.house, world.shop.id, "G1-0-NOTHING1", "user:7")


async def test_the_latest_trials_come_first_and_only_a_few(world: World) -> None:
    references = [(await trial.begin(world.house, world.shop.id, "wave", "user:7")).reference for _ in range(7)]
    assert [one.reference for one in await kept(world)] == references[:1:-1]
