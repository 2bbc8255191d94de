"""Conversations: what comes in waits in order, is held by one turn at a time, and a human may step in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from griot.channels.model import InboundMessage
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import Thread, TurnRecord
from griot.tools.escalation.service import escalate
from griot.worker.turns import TurnLane
from house_world import Number, World, message, open_world, phone

SECOND = timedelta(seconds=1)
BURST = timedelta(milliseconds=250)


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number()


def turn(thread: Thread, last: datetime | None = None, handler: Any = "agent") -> TurnRecord:
    ids = tuple(message.id for message in thread.messages)
    return TurnRecord(thread.id, ids, {}, "greet", None, None, last, handler)


async def claimed(world: World, number: Number, **options: Any) -> list[Thread]:
    """What a turn would get, given back at once."""
    async with world.db.transaction(number.shop.id) as tx:
        return await conversations.claim(tx, 50, world.clock.now(), **options)


async def answer(world: World, number: Number) -> int:
    """A turn for everything that waits; returns how many messages it answered."""
    async with world.db.transaction(number.shop.id) as tx:
        threads = await conversations.claim(tx, 50, world.clock.now())
        await conversations.finish(tx, [turn(thread) for thread in threads], world.clock.now())
    return sum(len(thread.messages) for thread in threads)


async def conversation(world: World, number: Number) -> dict[str, Any]:
    (row,) = await world.rows(number.shop.id, "SELECT * FROM conversations WHERE shop_id = %(shop)s")
    return row


# Waiting


async def test_who_waits_longest_comes_first(world: World, number: Number) -> None:
    for n in (3, 1, 2):
        await world.receive(number, message("hello", world.clock.now(), n))
        world.clock.advance(SECOND)
    await world.receive(number, message("and again", world.clock.now(), 3))
    assert [thread.recipient for thread in await claimed(world, number)] == [f"phone:{phone(n)}" for n in (3, 1, 2)]
    async with world.db.transaction(number.shop.id) as tx:
        assert len(await conversations.claim(tx, 2, world.clock.now())) == 2


async def test_messages_are_read_in_the_order_in_which_they_were_written(world: World, number: Number) -> None:
    now = world.clock.now()
    late, early, between = (message(text, now + at * SECOND) for text, at in (("c", 3), ("a", 1), ("b", 2)))
    for delivered in (late, early, between):
        await world.receive(number, delivered)
    (thread,) = await claimed(world, number)
    assert [message.text for message in thread.messages] == ["a", "b", "c"]


async def test_messages_of_one_second_keep_the_order_of_their_delivery(world: World, number: Number) -> None:
    now = world.clock.now()
    await world.receive(number, *(message(str(n), now) for n in range(20)))
    (thread,) = await claimed(world, number)
    assert [message.text for message in thread.messages] == [str(n) for n in range(20)]


async def test_a_first_message_waits_for_the_rest_of_its_burst_but_not_longer(world: World, number: Number) -> None:
    for _ in range(5):
        await world.receive(number, message("hello", world.clock.now()))
        assert await claimed(world, number, burst=BURST) == []
        world.clock.advance(BURST / 5)
    await world.receive(number, message("and on", world.clock.now()))
    (thread,) = await claimed(world, number, burst=BURST)
    assert len(thread.messages) == 6


async def test_a_clock_set_back_strands_no_message(world: World, number: Number) -> None:
    await world.receive(number, message("ROBE1", world.clock.now()))
    world.clock.advance(-timedelta(hours=2))
    (thread,) = await claimed(world, number, burst=BURST)
    assert [message.text for message in thread.messages] == ["ROBE1"]


# Holding


async def test_a_thread_is_held_by_one_turn_at_a_time(world: World, number: Number) -> None:
    for n in range(10):
        await world.receive(number, message("hello", world.clock.now(), n))
    async with world.db.transaction(number.shop.id) as tx:
        mine = await conversations.claim(tx, 6, world.clock.now())
        others = await claimed(world, number)
        assert {thread.id for thread in mine}.isdisjoint(thread.id for thread in others)
        assert len(mine) + len(others) == 10
        await conversations.finish(tx, [turn(thread) for thread in mine], world.clock.now())
    assert await answer(world, number) == 4
    assert await answer(world, number) == 0


async def test_many_turns_at_once_answer_each_message_once(world: World, number: Number) -> None:
    for n in range(40):
        await world.receive(number, message("hello", world.clock.now(), n), message("again", world.clock.now(), n))
    counts = await asyncio.gather(*(answer(world, number) for _ in range(8)))
    counts.append(await answer(world, number))
    assert sum(counts) == 80
    turns = await world.rows(number.shop.id, "SELECT conversation_id FROM turns WHERE shop_id = %(shop)s")
    assert len({row["conversation_id"] for row in turns}) == len(turns) == 40


async def test_a_message_that_comes_while_a_turn_runs_neither_waits_for_it_nor_is_swallowed_by_it(
    world: World, number: Number
) -> None:
    await world.receive(number, message("ROBE1", world.clock.now()))
    async with world.db.transaction(number.shop.id) as tx:
        (thread,) = await conversations.claim(tx, 50, world.clock.now())
        async with asyncio.timeout(2):
            await world.receive(number, message("non, SAC2", world.clock.now()))
        await conversations.finish(tx, [turn(thread)], world.clock.now())
    (next_turn,) = await claimed(world, number)
    assert [message.text for message in next_turn.messages] == ["non, SAC2"]


# The window


async def test_only_the_buyers_own_messages_open_the_window(world: World, number: Number) -> None:
    start = world.clock.now()
    await _answered(world, number, message("hello", start))
    assert (await conversation(world, number))["last_inbound_at"] == start
    world.clock.advance(timedelta(hours=30))
    for kind in ("echo", "system"):
        await _answered(world, number, message("the shop itself", world.clock.now(), kind=kind))
        assert (await conversation(world, number))["last_inbound_at"] == start
    await _answered(world, number, message("from long ago", start - SECOND))
    assert (await conversation(world, number))["last_inbound_at"] == start


async def _answered(world: World, number: Number, said: InboundMessage) -> None:
    await world.receive(number, said)
    await TurnLane(world.house).work(number.shop.id)
    assert await world.unanswered(number) == 0


# Human and agent


async def test_taking_over_waits_for_the_turn_that_holds_the_thread(world: World, number: Number) -> None:
    thread_id = await world.thread(number)
    await world.receive(number, message("ROBE1", world.clock.now()))
    order: list[str] = []

    async def take_over() -> None:
        async with world.db.transaction(number.shop.id) as tx:
            assert await conversations.take_over(tx, thread_id, world.clock.now())
        order.append("taken over")

    async with world.db.transaction(number.shop.id) as tx:
        (thread,) = await conversations.claim(tx, 50, world.clock.now())
        human = asyncio.create_task(take_over())
        await asyncio.sleep(0.1)
        await conversations.finish(tx, [turn(thread)], world.clock.now())
        order.append("turn done")
    await human
    assert order == ["turn done", "taken over"]
    assert (await conversation(world, number))["handler"] == "human"


async def test_taking_over_and_giving_back_twice_is_doing_it_once(world: World, number: Number) -> None:
    thread_id = await world.thread(number)
    async with world.db.transaction(number.shop.id) as tx:
        now = world.clock.now()
        assert [await conversations.take_over(tx, thread_id, now) for _ in range(2)] == [True, False]
        assert [await conversations.give_back(tx, thread_id, now) for _ in range(2)] == [True, False]
    kinds = await world.rows(number.shop.id, "SELECT kind FROM events WHERE shop_id = %(shop)s ORDER BY id")
    assert [row["kind"] for row in kinds] == ["conversation.taken_over", "conversation.handed_back"]


async def test_giving_back_closes_what_was_put_before_the_vendor(world: World, number: Number) -> None:
    thread_id = await world.thread(number)

    async def complain(words: str) -> bool:
        async with world.db.transaction(number.shop.id) as tx:
            (row,) = await world.rows(number.shop.id, "SELECT id FROM customers WHERE shop_id = %(shop)s LIMIT 1")
            return await escalate(
                tx,
                number.shop,
                conversation_id=thread_id,
                customer_id=row["id"],
                buyer="Awa",
                reason="human",
                summary=words,
                now=world.clock.now(),
            )

    assert await complain("first") is True
    assert await complain("second") is False
    (opened,) = await world.rows(number.shop.id, "SELECT * FROM escalations WHERE shop_id = %(shop)s")
    assert (opened["status"], opened["summary"]) == ("open", "first\nsecond")
    async with world.db.transaction(number.shop.id) as tx:
        await conversations.give_back(tx, thread_id, world.clock.now())
    assert await complain("third") is True
    rows = await world.rows(number.shop.id, "SELECT status FROM escalations WHERE shop_id = %(shop)s ORDER BY id")
    assert [row["status"] for row in rows] == ["closed", "open"]
