"""The turn lane: every message is answered once, whatever happens to a turn, and nobody talks over a human."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from griot.agent.desk import Desk, Held, Wish
from griot.agent.models import Scene
from griot.channels.model import InboundMessage, Sender
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import text
from griot.rehearsal.books import imbalances
from griot.tools.conversations import service as conversations
from griot.worker.scenes import Scenes
from griot.worker.turns import TurnLane
from house_world import VENDOR_PHONE, Number, World, article, message, open_world, phone

POISON = "Poison"
Take = Callable[[Desk, Scene, list[Wish]], Awaitable[Held]]


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 100), article("SAC2", 100))


async def answer_all(world: World, number: Number, lane: TurnLane | None = None) -> None:
    """Let the lane work and think until it has nothing more to do."""
    lane = lane or TurnLane(world.house)
    async with asyncio.timeout(20):
        while True:
            while await lane.work(number.shop.id) is not None:
                pass
            if not lane._thinking:
                return
            await lane.drain(20)


async def turns(world: World, number: Number) -> list[dict[str, Any]]:
    """The turns, each with the messages that it answered."""
    return await world.rows(
        number.shop.id,
        "SELECT t.*, array_agg(m.text ORDER BY m.id) AS said FROM turns t"
        " JOIN messages m ON m.shop_id = t.shop_id AND m.turn_id = t.id"
        " WHERE t.shop_id = %(shop)s GROUP BY t.shop_id, t.id ORDER BY t.id",
    )


async def held(world: World, number: Number) -> dict[str, int]:
    """Pieces held, by buyer."""
    rows = await world.rows(
        number.shop.id,
        "SELECT c.recipient, sum(h.quantity)::int AS pieces FROM holds h"
        " JOIN orders o ON o.shop_id = h.shop_id AND o.id = h.order_id"
        " JOIN conversations c ON c.shop_id = o.shop_id AND c.id = o.conversation_id"
        " WHERE h.shop_id = %(shop)s AND h.status = 'held' GROUP BY c.recipient",
    )
    return {row["recipient"].partition(":")[2]: row["pieces"] for row in rows}


async def escalations(world: World, number: Number) -> list[tuple[str, str]]:
    rows = await world.rows(number.shop.id, "SELECT reason, summary FROM escalations WHERE shop_id = %(shop)s")
    return [(row["reason"], row["summary"]) for row in rows]


async def assert_balanced(world: World, number: Number) -> None:
    async with world.db.transaction(number.shop.id) as tx:
        assert await imbalances(tx) == []


# Once


async def test_two_workers_at_once_answer_each_message_once(world: World, number: Number) -> None:
    for n in range(60):
        await world.receive(number, message("ROBE1", world.clock.now(), n))
    lanes = [TurnLane(world.house), TurnLane(world.house)]
    await asyncio.gather(*(answer_all(world, number, lane) for lane in lanes))
    answered = Counter(row["conversation_id"] for row in await turns(world, number))
    assert len(answered) == 60 and set(answered.values()) == {1}
    assert await held(world, number) == {phone(n): 1 for n in range(60)}
    for n in range(60):
        assert len(await world.told(number, phone(n))) == 1
    await assert_balanced(world, number)


async def test_a_burst_of_messages_gets_one_turn_and_one_answer(world: World, number: Number) -> None:
    now = world.clock.now()
    await world.receive(number, message("Bonsoir", now), message("je prends", now), message("ROBE1", now))
    await world.receive(number, message("svp", now))
    await answer_all(world, number)
    (turn,) = await turns(world, number)
    assert turn["said"] == ["Bonsoir", "je prends", "ROBE1", "svp"]
    assert len(await world.told(number, phone(1))) == 1
    assert await held(world, number) == {phone(1): 1}


async def test_a_burst_is_waited_for(database_url: str, db: Database, clock: FrozenClock) -> None:
    async with open_world(database_url, db, clock, burst_ms=250) as world:
        number = await world.number(article("ROBE1", 5))
        lane = TurnLane(world.house)
        await world.receive(number, message("ROBE1", clock.now()))
        clock.advance(timedelta(milliseconds=100))
        assert await lane.work(number.shop.id) == pytest.approx(0.15)
        await world.receive(number, message("x2", clock.now()))
        clock.advance(timedelta(milliseconds=150))
        assert await lane.work(number.shop.id) is None
        (turn,) = await turns(world, number)
        assert turn["said"] == ["ROBE1", "x2"]


async def test_what_comes_while_a_turn_runs_is_answered_by_the_next(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = TurnLane(world.house)
    take = Desk.take

    async def interrupted(desk: Desk, scene: Scene, wishes: list[Wish]) -> Held:
        monkeypatch.setattr(Desk, "take", take)
        await world.receive(number, message("SAC2", world.clock.now()))
        return await take(desk, scene, wishes)

    monkeypatch.setattr(Desk, "take", interrupted)
    await world.receive(number, message("ROBE1", world.clock.now()))
    await answer_all(world, number, lane)
    assert [row["said"] for row in await turns(world, number)] == [["ROBE1"], ["SAC2"]]
    assert len(await world.told(number, phone(1))) == 2
    assert await held(world, number) == {phone(1): 2}


async def test_messages_from_before_the_clock_was_set_back_are_answered_now(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    async with open_world(database_url, db, clock, burst_ms=250) as world:
        number = await world.number(article("ROBE1", 5))
        await world.receive(number, message("ROBE1", clock.now()))
        clock.advance(-timedelta(hours=2))
        await TurnLane(world.house).work(number.shop.id)
        assert await world.unanswered(number) == 0
        assert await held(world, number) == {phone(1): 1}


# A human


async def take_over(world: World, number: Number, thread: int) -> int:
    """Take over, and count what had been said in the thread by then."""
    async with world.db.transaction(number.shop.id) as tx:
        await conversations.take_over(tx, thread, world.clock.now())
        cursor = await tx.execute("SELECT count(*) AS n FROM outbox WHERE conversation_id = %s", (thread,))
        row = await cursor.fetchone()
    assert row is not None
    return int(row["n"])


async def test_once_a_human_has_taken_over_the_agent_says_nothing(world: World, number: Number) -> None:
    thread = await world.thread(number)
    await take_over(world, number, thread)
    for said in ("ROBE1", "payer", "vous êtes là ?"):
        await world.receive(number, message(said, world.clock.now()))
        await answer_all(world, number)
    assert await world.told(number, phone(1)) == []
    assert await held(world, number) == {}
    assert {row["outcome"] for row in await turns(world, number)} == {"human"}

    async with world.db.transaction(number.shop.id) as tx:
        await conversations.give_back(tx, thread, world.clock.now())
    await answer_all(world, number)
    assert await world.told(number, phone(1)) == []  # what was said to the human is not the agent's
    await world.receive(number, message("ROBE1", world.clock.now()))
    await answer_all(world, number)
    assert len(await world.told(number, phone(1))) == 1


async def test_taking_over_during_a_turn_lets_it_end_and_nothing_more(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = await world.thread(number)
    take = Desk.take
    human: list[asyncio.Task[int]] = []

    async def interrupted(desk: Desk, scene: Scene, wishes: list[Wish]) -> Held:
        human.append(asyncio.create_task(take_over(world, number, thread)))
        await asyncio.sleep(0.1)
        assert not human[0].done()  # it waits until this turn's answer is decided
        return await take(desk, scene, wishes)

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "take", interrupted)
        await world.receive(number, message("ROBE1", world.clock.now()))
        await TurnLane(world.house).work(number.shop.id)
    said_before = await human[0]
    await world.receive(number, message("SAC2", world.clock.now()))
    await answer_all(world, number)
    assert len(await world.told(number, phone(1))) == said_before == 1


async def test_the_vendors_own_answer_by_phone_takes_the_thread_over(world: World, number: Number) -> None:
    now = world.clock.now()
    await world.receive(number, message("vous avez la robe en bleu ?", now))
    await world.receive(number, message("Oui ma chérie", now, kind="echo"))
    await answer_all(world, number)
    await world.receive(number, message("ROBE1", now))
    await answer_all(world, number)
    assert await world.told(number, phone(1)) == []
    (row,) = await world.rows(number.shop.id, "SELECT handler FROM conversations WHERE shop_id = %(shop)s")
    assert row["handler"] == "human"


# Turns that fail


def poisoned(monkeypatch: pytest.MonkeyPatch, fail: Take) -> None:
    """The buyer called Poison makes the taking of stock fail."""
    take = Desk.take

    async def failing(desk: Desk, scene: Scene, wishes: list[Wish]) -> Held:
        return await (fail if scene.customer.name == POISON else take)(desk, scene, wishes)

    monkeypatch.setattr(Desk, "take", failing)


async def _raises(desk: Desk, scene: Scene, wishes: list[Wish]) -> Held:
    raise RuntimeError("a defect")


async def _refused_by_the_database(desk: Desk, scene: Scene, wishes: list[Wish]) -> Held:
    async with desk._alone:
        await desk._tx.execute("UPDATE stock_levels SET on_hand = on_hand - 1000")
        await (await desk._tx.execute("SELECT 1 AS one")).fetchone()
    raise AssertionError("the database let stock go below zero")


@pytest.mark.parametrize("fail", [_raises, _refused_by_the_database])
async def test_a_turn_that_fails_costs_its_neighbours_nothing_and_goes_to_the_vendor(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch, fail: Take
) -> None:
    poisoned(monkeypatch, fail)
    for n in range(10):
        name = POISON if n in (3, 7) else "Awa"
        await world.receive(number, message("ROBE1", world.clock.now(), n, name=name))
    await answer_all(world, number)
    sorry = text("fr", "conversation.failed", shop=number.shop.name)
    for n in range(10):
        (reply,) = await world.told(number, phone(n))
        assert (reply.text == sorry) == (n in (3, 7))
    assert await held(world, number) == {phone(n): 1 for n in range(10) if n not in (3, 7)}
    assert await escalations(world, number) == [("failed", "ROBE1"), ("failed", "ROBE1")]
    alerts = await world.told(number, VENDOR_PHONE)
    assert all(POISON in alert.text for alert in alerts) and len(alerts) == 2
    assert await world.unanswered(number) == 0
    await assert_balanced(world, number)


async def test_a_buyer_without_name_and_number_is_not_called_none(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "take", _raises)
    hidden = InboundMessage("wamid.hidden", "", Sender(user_id="SN.1"), "text", "ROBE1", world.clock.now())
    await world.receive(number, hidden)
    await answer_all(world, number)
    (alert,) = await world.told(number, VENDOR_PHONE)
    assert "None" not in alert.text


async def test_a_turn_that_fails_while_a_human_answers_says_nothing(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError("a defect")

    await take_over(world, number, await world.thread(number))
    monkeypatch.setattr(TurnLane, "_run", broken)
    await world.receive(number, message("ROBE1", world.clock.now()))
    await answer_all(world, number)
    assert await world.told(number, phone(1)) == []
    assert await world.unanswered(number) == 0
    (row,) = await world.rows(
        number.shop.id, "SELECT handler FROM conversations WHERE shop_id = %(shop)s ORDER BY id LIMIT 1"
    )
    assert row["handler"] == "human"


async def test_a_thread_that_cannot_even_be_given_up_does_not_hold_up_the_others(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Scenes.load

    async def failing(scenes: Scenes, tx: Any, shop: Any, threads: Any, now: Any) -> list[Scene]:
        found = await load(scenes, tx, shop, threads, now)
        if any(scene.customer.name == POISON for scene in found):
            raise RuntimeError("a defect")
        return found

    for n in range(5):
        name = POISON if n == 0 else "Awa"
        await world.receive(number, message("ROBE1", world.clock.now(), n, name=name))
    with monkeypatch.context() as patch:
        patch.setattr(Scenes, "load", failing)
        wait = await TurnLane(world.house).work(number.shop.id)
        assert wait is not None and wait > 1  # tried again, but not at once
        assert await held(world, number) == {phone(n): 1 for n in range(1, 5)}
        assert await world.unanswered(number) == 1
    await answer_all(world, number)
    assert await held(world, number) == {phone(n): 1 for n in range(5)}


async def test_a_lost_connection_undoes_the_whole_batch_and_the_next_try_answers_it(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = conversations.finish
    lost = 0

    async def cut(tx: Any, *rest: Any) -> None:
        nonlocal lost
        if lost == 0:
            lost = tx.info.backend_pid
            await world.rows(0, f"SELECT pg_terminate_backend({lost}, 2000)")
        await finish(tx, *rest)

    monkeypatch.setattr(conversations, "finish", cut)
    for n in range(5):
        await world.receive(number, message("ROBE1", world.clock.now(), n))
    lane = TurnLane(world.house)
    with pytest.raises(Exception, match=r"connection|terminat"):
        await lane.work(number.shop.id)
    assert lost and await held(world, number) == {}
    await answer_all(world, number, lane)
    assert await held(world, number) == {phone(n): 1 for n in range(5)}
    assert len(await turns(world, number)) == 5
    assert await escalations(world, number) == []


# Messages that are no words


async def test_what_asks_for_no_answer_gets_none(world: World, number: Number) -> None:
    for n, kind in enumerate(("reaction", "sticker", "system", "revoke")):
        await world.receive(number, message(None, world.clock.now(), n, kind=kind))
    await answer_all(world, number)
    assert [await world.told(number, phone(n)) for n in range(4)] == [[]] * 4
    assert await escalations(world, number) == []
    assert await world.unanswered(number) == 0


async def test_what_only_a_human_can_look_at_goes_to_the_vendor_and_the_buyer_is_told(
    world: World, number: Number
) -> None:
    kinds = ("image", "video", "document", "location", "contacts", "unsupported")
    for n, kind in enumerate(kinds):
        await world.receive(number, message(None, world.clock.now(), n, kind=kind))
    await answer_all(world, number)
    passed_on = text("fr", "talk.escalated_media", shop=number.shop.name)  # nothing was written in any other language
    for n in range(len(kinds)):
        assert [reply.text for reply in await world.told(number, phone(n))] == [passed_on]
    assert len(await world.told(number, VENDOR_PHONE)) == len(kinds)
    found = await escalations(world, number)
    assert [reason for reason, _ in found] == ["media"] * len(kinds) and all(summary for _, summary in found)


async def test_a_reaction_beside_an_order_does_not_hold_it_up(world: World, number: Number) -> None:
    now = world.clock.now()
    await world.receive(number, message(None, now, kind="reaction"), message("ROBE1", now))
    await answer_all(world, number)
    assert await held(world, number) == {phone(1): 1}
