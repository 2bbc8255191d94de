"""Turns that have to think: no transaction is open meanwhile, and still every message is answered once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from griot.agent import acts
from griot.agent.mind.models import Brief, Decision, Usage
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import text
from griot.tools.conversations import service as conversations
from griot.worker import turns
from griot.worker.turns import LEASE_MARGIN, TurnLane
from house_world import Number, World, article, message, open_world, phone

PUZZLE = "Bonsoir, auriez-vous quelque chose de joli pour ma tante ?"


@dataclass
class Ponderer:
    """A mind that takes its time: it decides when it is let go."""

    choose: Callable[[Brief], tuple[acts.Act, ...]]
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[Brief] = field(default_factory=list)

    async def decide(self, brief: Brief) -> Decision:
        self.asked.append(brief)
        await self.go.wait()
        return Decision(self.choose(brief), Usage("test", calls=1, tokens_in=7))


def takes(code: str) -> Ponderer:
    return Ponderer(lambda _: (acts.Take(code, 1),))


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 100), article("SAC2", 100))


def lane_with(world: World, mind: Ponderer) -> TurnLane:
    return TurnLane(world.house, lambda _: mind)


async def begin(world: World, number: Number, mind: Ponderer) -> TurnLane:
    """A lane that has begun to think about a puzzling message."""
    lane = lane_with(world, mind)
    await world.receive(number, message(PUZZLE, world.clock.now()))
    assert await lane.work(number.shop.id) is None
    while not mind.asked:
        await asyncio.sleep(0)
    return lane


async def held(world: World, number: Number) -> list[int]:
    rows = await world.rows(number.shop.id, "SELECT quantity FROM holds WHERE shop_id = %(shop)s AND status = 'held'")
    return [row["quantity"] for row in rows]


async def test_what_was_decided_is_carried_out_and_answered(world: World, number: Number) -> None:
    mind = takes("ROBE1")
    lane = await begin(world, number, mind)
    assert await world.told(number, phone(1)) == []
    mind.go.set()
    await lane.drain(30)
    (reply,) = await world.told(number, phone(1))
    assert "Article ROBE1" in reply.text
    assert await held(world, number) == [1]
    (turn,) = await world.rows(number.shop.id, "SELECT usage, reading FROM turns WHERE shop_id = %(shop)s")
    assert (turn["usage"]["calls"], turn["usage"]["tokens_in"]) == (1, 7)
    assert turn["reading"]["acts"][0]["act"] == "Take"


async def test_the_brief_tells_what_was_said_before(world: World, number: Number) -> None:
    mind = takes("SAC2")
    mind.go.set()
    lane = lane_with(world, mind)
    await world.receive(number, message("ROBE1", world.clock.now()))
    await lane.work(number.shop.id)
    world.clock.advance(timedelta(seconds=10))
    await world.receive(number, message(PUZZLE, world.clock.now()))
    await lane.work(number.shop.id)
    await lane.drain(30)
    (brief,) = mind.asked
    assert [said.by for said in brief.history] == ["buyer", "agent"]
    assert "Article ROBE1" in brief.history[1].text
    assert [line.code for order in brief.orders for line in order.lines] == ["ROBE1"]


async def test_nobody_else_takes_a_thread_that_is_thought_about(world: World, number: Number) -> None:
    mind = takes("ROBE1")
    lane = await begin(world, number, mind)
    other = lane_with(world, takes("SAC2"))
    assert await other.work(number.shop.id) is None
    mind.go.set()
    await lane.drain(30)
    assert await other.work(number.shop.id) is None
    assert len(await world.told(number, phone(1))) == 1


async def test_other_buyers_are_answered_meanwhile(world: World, number: Number) -> None:
    mind = takes("ROBE1")
    lane = await begin(world, number, mind)
    await world.receive(number, message("SAC2", world.clock.now(), 2))
    await lane.work(number.shop.id)
    assert len(await world.told(number, phone(2))) == 1
    mind.go.set()
    await lane.drain(30)


async def test_what_is_written_meanwhile_is_answered_by_the_next_turn(world: World, number: Number) -> None:
    mind = takes("ROBE1")
    lane = await begin(world, number, mind)
    await world.receive(number, message("SAC2", world.clock.now()))
    await lane.work(number.shop.id)
    assert await held(world, number) == []  # one turn at a time
    mind.go.set()
    await lane.drain(30)
    await lane.work(number.shop.id)
    assert len(await world.told(number, phone(1))) == 2
    assert await held(world, number) == [1, 1]


async def test_a_human_who_takes_over_meanwhile_is_not_talked_over(world: World, number: Number) -> None:
    mind = takes("ROBE1")
    lane = await begin(world, number, mind)
    (row,) = await world.rows(number.shop.id, "SELECT id FROM conversations WHERE shop_id = %(shop)s")
    async with world.db.transaction(number.shop.id) as tx:
        await conversations.take_over(tx, row["id"], world.clock.now())
    mind.go.set()
    await lane.drain(30)
    assert await world.told(number, phone(1)) == []
    assert await held(world, number) == []
    assert await world.unanswered(number) == 0


async def test_a_process_that_dies_thinking_leaves_the_message_to_another(world: World, number: Number) -> None:
    lane = await begin(world, number, takes("ROBE1"))
    for task in lane._thinking:
        task.cancel()
    mind = takes("SAC2")
    mind.go.set()
    other = lane_with(world, mind)
    assert await other.work(number.shop.id) is None  # the lease still holds
    world.clock.advance(timedelta(seconds=world.house.config.model_turn_seconds + LEASE_MARGIN))
    await other.work(number.shop.id)
    await other.drain(5)
    assert len(await world.told(number, phone(1))) == 1


async def test_a_decision_that_cannot_be_carried_out_goes_to_the_vendor(world: World, number: Number) -> None:
    mind = takes("NONE9")  # no mind of ours chooses what is not there; a defect would
    mind.go.set()
    lane = lane_with(world, mind)
    await world.receive(number, message(PUZZLE, world.clock.now()))
    await lane.work(number.shop.id)
    await lane.drain(30)
    assert await world.unanswered(number) == 0
    (row,) = await world.rows(number.shop.id, "SELECT reason FROM escalations WHERE shop_id = %(shop)s")
    assert row["reason"] == "failed"


async def test_a_mind_that_fails_does_not_cost_the_buyer_the_answer(world: World, number: Number) -> None:
    def fails(_: Brief) -> tuple[acts.Act, ...]:
        raise RuntimeError("a defect")

    mind = Ponderer(fails)
    lane = await begin(world, number, mind)
    await world.receive(number, message("ROBE1", world.clock.now(), 2))
    mind.go.set()
    await lane.drain(30)
    (reply,) = await world.told(number, phone(1))
    assert reply.text == text("fr", "conversation.failed", shop=number.shop.name)
    (row,) = await world.rows(number.shop.id, "SELECT reason, summary FROM escalations WHERE shop_id = %(shop)s")
    assert (row["reason"], row["summary"]) == ("failed", PUZZLE)
    await lane.work(number.shop.id)
    assert len(await world.told(number, phone(2))) == 1
    assert await world.unanswered(number) == 0


async def test_what_cannot_even_be_put_to_a_mind_goes_to_the_vendor(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Brief:
        raise RuntimeError("a defect")

    monkeypatch.setattr(turns, "brief_of", broken)
    lane = lane_with(world, takes("ROBE1"))
    await world.receive(number, message(PUZZLE, world.clock.now()))
    await lane.work(number.shop.id)
    await lane.drain(30)
    assert len(await world.told(number, phone(1))) == 1
    assert await world.unanswered(number) == 0


async def test_where_the_clock_runs_fast_there_is_as_much_of_the_machines_time_to_think(
    world: World, number: Number
) -> None:
    lane = TurnLane(world.house, lambda _: Ponderer(lambda _: ()), speed=30)
    await world.receive(number, message(PUZZLE, world.clock.now()))
    await lane.work(number.shop.id)
    world.clock.advance(timedelta(seconds=30 * world.house.config.model_turn_seconds))
    mind = takes("ROBE1")
    assert await lane_with(world, mind).work(number.shop.id) is None
    assert mind.asked == []
    for task in lane._thinking:
        task.cancel()


async def test_codes_and_buttons_never_wait_for_a_mind(world: World, number: Number) -> None:
    mind = takes("SAC2")
    lane = lane_with(world, mind)
    await world.receive(number, message("je prends ROBE1 x2", world.clock.now()))
    await lane.work(number.shop.id)
    assert mind.asked == [] and await held(world, number) == [2]
