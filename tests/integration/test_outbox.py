"""The outbox: each reply is sent once, in order, within the rates; an answer that never came is looked into."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from griot.channels.model import DeliveryStatus, Parsed, Reply
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.conversations import service as conversations
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Claimed, Outcome, Outgoing, Sent
from griot.tools.outbox.queries import PAIR_BURST, PAIR_WINDOW
from house_world import Number, World, open_world

GRACE = timedelta(seconds=20)
SENDER = 7
ANOTHER = 99  # a sender that holds nothing

_keys = itertools.count(1)


@dataclass
class Desk:
    """One number's outbox, and whoever sends from it."""

    world: World
    number: Number

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    async def queue(self, thread: int, *texts: str, key: str | None = None) -> None:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            items = [Outgoing(thread, Reply(text), key or f"key {next(_keys)}") for text in texts]
            await outbox.queue(tx, items, self.now)

    async def claim(self, limit: int = 64, sender: int = SENDER) -> list[Claimed]:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await outbox.claim(tx, sender, limit, self.now, GRACE)

    async def texts(self) -> list[str]:
        return [message.reply.text for message in await self.claim()]

    async def result(self, message: Claimed, outcome: Outcome, wait: float = 0, **more: Any) -> None:
        sent = Sent(message.id, message.account.id, outcome, self.now + timedelta(seconds=wait), **more)
        async with self.world.db.transaction(self.number.shop.id) as tx:
            await outbox.record(tx, [sent], self.now)

    async def sent(self, *messages: Claimed) -> None:
        for message in messages:
            await self.result(message, Outcome.SENT, external_id=f"wamid.{message.id}")

    async def reconcile(self) -> int:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await outbox.reconcile(tx, ANOTHER, [], self.now, GRACE)

    async def status(self, word: str, wamid: str, outbox_id: int | None = None, account: int | None = None) -> None:
        error = {"code": 131026} if word == "failed" else None
        update = DeliveryStatus(wamid, "", word, self.now, outbox_id=outbox_id, error=error)
        async with self.world.db.transaction(self.number.shop.id) as tx:
            parsed = Parsed(statuses=(update,))
            await conversations.receive(tx, "whatsapp", account or self.number.account_id, parsed, self.now)

    async def row(self, message: Claimed) -> dict[str, Any]:
        query = f"SELECT * FROM outbox WHERE shop_id = %(shop)s AND id = {message.id}"
        (row,) = await self.world.rows(self.number.shop.id, query)
        return row

    async def how(self, message: Claimed) -> tuple[str, str | None]:
        row = await self.row(message)
        return row["status"], row["delivery"]

    async def other_account(self) -> int:
        """A second number of the same shop."""
        async with self.world.db.transaction(self.number.shop.id) as tx:
            cursor = await tx.execute(
                "INSERT INTO channel_accounts (shop_id, channel, external_id, access_token, created_at)"
                " VALUES (current_shop(), 'whatsapp', '2', '', %s) RETURNING id",
                (self.now,),
            )
            row = await cursor.fetchone()
        assert row is not None
        return int(row["id"])

    def pass_(self, seconds: float) -> None:
        self.world.clock.advance(timedelta(seconds=seconds))


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def desk(world: World) -> Desk:
    return Desk(world, await world.number())


@asynccontextmanager
async def alive(desk: Desk, sender: int = SENDER) -> AsyncIterator[None]:
    """The process of this sender lives: it holds its lock."""
    async with await psycopg.AsyncConnection.connect(desk.world.owner_url, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (sender,))
        yield
        # A closed connection's locks are gone a moment later only; given back, they are gone now.
        await connection.execute("SELECT pg_advisory_unlock(%s)", (sender,))


# Once, and in order


async def test_a_reply_is_queued_once_however_often_and_by_whomever(desk: Desk) -> None:
    thread = await desk.world.thread(desk.number)
    await asyncio.gather(*(desk.queue(thread, f"copy {n}", key="answer:1:0") for n in range(8)))
    await desk.queue(thread, "another copy", key="answer:1:0")
    (claimed,) = await desk.claim()
    await desk.sent(claimed)
    assert await desk.claim() == []


async def test_two_senders_at_once_never_hold_the_same_message(desk: Desk) -> None:
    for n in range(60):
        await desk.queue(await desk.world.thread(desk.number, n), f"message {n}")
    seen: list[int] = []
    while len(seen) < 60:
        batches = await asyncio.gather(*(desk.claim(limit=7, sender=sender) for sender in range(1, 7)))
        seen += [message.id for batch in batches for message in batch]
        desk.pass_(1)
    assert len(seen) == len(set(seen)) == 60


async def test_a_thread_gets_its_messages_one_after_the_other(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number, 1), "first", "second", "third")
    await desk.queue(await desk.world.thread(desk.number, 2), "elsewhere")
    first, elsewhere = await desk.claim()
    assert (first.reply.text, elsewhere.reply.text) == ("first", "elsewhere")
    assert await desk.claim() == []
    await desk.result(first, Outcome.RETRY, wait=5)
    assert await desk.texts() == []
    desk.pass_(5)
    (again,) = await desk.claim()
    assert (again.id, again.attempts) == (first.id, 2)
    await desk.result(again, Outcome.UNKNOWN, wait=20)
    assert await desk.texts() == []
    await desk.status("delivered", "wamid.first", outbox_id=first.id)
    (second,) = await desk.claim()
    await desk.result(second, Outcome.FAILED, error={"message": "never"})
    assert await desk.texts() == ["third"]


async def test_a_message_that_is_put_off_for_a_day_steps_aside(desk: Desk) -> None:
    thread = await desk.world.thread(desk.number)
    await desk.queue(thread, "not now", "the answer to a new question")
    (put_off,) = await desk.claim()
    await desk.result(put_off, Outcome.RETRY, wait=24 * 3600)
    (answer,) = await desk.claim()
    assert answer.reply.text == "the answer to a new question"
    await desk.sent(answer)
    desk.pass_(24 * 3600)
    assert await desk.texts() == ["not now"]


# The rates


async def test_a_number_keeps_to_its_rate_to_the_message(world: World) -> None:
    desk = Desk(world, await world.number(messages_per_second=10))
    for n in range(80):
        await desk.queue(await world.thread(desk.number, n), "hello")
    taken: list[datetime] = []
    for _ in range(100):
        batch = await desk.claim()
        taken += [desk.now] * len(batch)
        await desk.sent(*batch)
        desk.pass_(0.05)
    burst = 3  # a quarter of a second ahead of the rate
    assert 10 * 5 <= len(taken) <= 10 * 5 + burst
    for start, at in enumerate(taken):
        within = [other for other in taken[start:] if other < at + timedelta(seconds=1)]
        assert len(within) <= 10 + burst


async def test_a_number_that_was_silent_may_not_make_up_for_it(world: World) -> None:
    desk = Desk(world, await world.number(messages_per_second=10))
    for n in range(20):
        await desk.queue(await world.thread(desk.number, n), "hello")
    desk.pass_(3600)
    assert len(await desk.claim()) == 3


async def test_a_person_gets_a_burst_of_45_and_then_no_more_than_one_in_six_seconds(world: World) -> None:
    desk = Desk(world, await world.number(messages_per_second=1000))
    await desk.queue(await desk.world.thread(desk.number, 1), *(f"{n}" for n in range(120)))
    at: list[datetime] = []
    while len(at) < 100:
        batch = await desk.claim()
        await desk.sent(*batch)
        at += [desk.now] * len(batch)
        if not batch:
            desk.pass_(3)
    assert at[PAIR_BURST - 1] == at[0]
    for start in range(len(at) - PAIR_BURST):
        assert at[start + PAIR_BURST] - at[start] >= PAIR_WINDOW
    assert at[-1] - at[0] == (100 - 1) // PAIR_BURST * PAIR_WINDOW  # and it is not slower than it must be


async def test_one_message_every_six_seconds_goes_out_for_ever(desk: Desk) -> None:
    thread = await desk.world.thread(desk.number)
    for n in range(PAIR_BURST + 15):
        await desk.queue(thread, f"{n}")
        (message,) = await desk.claim()
        await desk.sent(message)
        desk.pass_(6)


async def test_a_paused_number_rests_and_another_of_the_shop_goes_on(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number, 1), "refused", "later")
    (refused,) = await desk.claim()
    until = desk.now + timedelta(seconds=30)
    await desk.result(refused, Outcome.RETRY, error={"message": "locked out"}, pause_account_until=until)
    other = Desk(desk.world, Number(desk.number.shop, await desk.other_account(), "2"))
    await other.queue(await desk.world.thread(other.number, 2), "elsewhere")
    assert await desk.texts() == ["elsewhere"]
    desk.pass_(30)
    assert await desk.texts() == ["refused"]


async def test_what_waits_on_one_number_does_not_keep_another_from_sending(desk: Desk) -> None:
    thread = await desk.world.thread(desk.number, 1)
    await desk.queue(thread, "being sent", "behind it")
    await desk.claim()
    desk.pass_(1)
    other = Desk(desk.world, Number(desk.number.shop, await desk.other_account(), "2"))
    await other.queue(await desk.world.thread(other.number, 2), "elsewhere", "and more")
    (elsewhere,) = await desk.claim()
    await desk.sent(elsewhere)
    assert await desk.texts() == ["and more"]


# What the channel says


async def test_a_status_that_is_faster_than_the_answer_settles_the_message(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    await desk.status("sent", "wamid.A", outbox_id=message.id)
    assert await desk.how(message) == ("sent", "sent")
    for outcome in (Outcome.SENT, Outcome.UNKNOWN, Outcome.RETRY, Outcome.FAILED):
        await desk.result(message, outcome, external_id="wamid.A")
        assert await desk.how(message) == ("sent", "sent")
    assert (await desk.row(message))["external_id"] == "wamid.A"
    assert await desk.claim() == []


async def test_a_status_without_our_mark_is_found_by_the_channels_id(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello", "second")
    (message,) = await desk.claim()
    await desk.status("delivered", "wamid.A")
    await desk.status("sent", "wamid.A")
    assert await desk.how(message) == ("sending", None)
    await desk.result(message, Outcome.SENT, external_id="wamid.A")
    assert await desk.how(message) == ("sent", "delivered")
    await desk.status("read", "wamid.A")
    assert await desk.how(message) == ("sent", "read")


async def test_a_failure_without_our_mark_before_the_answer_is_not_forgotten(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    await desk.status("failed", "wamid.A")
    await desk.result(message, Outcome.SENT, external_id="wamid.A")
    assert await desk.how(message) == ("failed", "failed")
    assert (await desk.row(message))["error"] == {"code": 131026}


@pytest.mark.parametrize("marked", [True, False])
async def test_statuses_in_any_order_only_move_forward(desk: Desk, marked: bool) -> None:
    words = ("sent", "delivered", "read")
    for n, order in enumerate(itertools.permutations(words)):
        await desk.queue(await desk.world.thread(desk.number, n), "hello")
        (message,) = await desk.claim()
        await desk.sent(message)
        furthest = 0
        for word in order:
            desk.pass_(1)
            await desk.status(word, f"wamid.{message.id}", outbox_id=message.id if marked else None)
            furthest = max(furthest, words.index(word))
            assert await desk.how(message) == ("sent", words[furthest])


async def test_a_failed_message_stays_failed_whatever_comes_after(desk: Desk) -> None:
    for n, order in enumerate(itertools.permutations(("sent", "failed", "delivered"))):
        await desk.queue(await desk.world.thread(desk.number, n), "hello")
        (message,) = await desk.claim()
        await desk.sent(message)
        for word in order:
            desk.pass_(1)
            await desk.status(word, f"wamid.{message.id}", outbox_id=message.id)
        assert await desk.how(message) == ("failed", "failed")
        assert (await desk.row(message))["error"] == {"code": 131026}


async def test_a_message_that_we_had_given_up_and_that_arrived_all_the_same_is_sent(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    await desk.result(message, Outcome.FAILED, error={"message": "Not accepted within a day"})
    await desk.status("delivered", "wamid.A", outbox_id=message.id)
    assert await desk.how(message) == ("sent", "delivered")


# No answer


async def test_the_messages_of_a_living_sender_are_left_alone(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    async with alive(desk):
        desk.pass_(3600)
        assert await desk.reconcile() == 0
        assert await desk.how(message) == ("sending", None)
    desk.pass_(1)
    await desk.reconcile()
    assert (await desk.row(message))["status"] in ("unknown", "queued")


async def test_the_messages_of_a_dead_sender_are_left_alone_for_the_grace_period(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    desk.pass_(19)
    assert await desk.reconcile() == 0
    assert await desk.how(message) == ("sending", None)


async def _unknown(desk: Desk) -> Claimed:
    """A message whose send got no answer, ten seconds after it was claimed."""
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    desk.pass_(10)
    await desk.result(message, Outcome.UNKNOWN, wait=20)
    return message


async def test_silence_of_a_channel_that_is_heard_proves_that_a_message_never_went_out(desk: Desk) -> None:
    message = await _unknown(desk)
    desk.pass_(15)
    await desk.status("read", "wamid.of somebody else")
    assert await desk.reconcile() == 0  # the grace period is not over
    desk.pass_(5)
    assert await desk.reconcile() == 1
    (again,) = await desk.claim()
    assert (again.id, again.attempts) == (message.id, 2)


async def test_silence_of_a_channel_that_is_not_heard_proves_nothing(desk: Desk) -> None:
    other = await desk.other_account()
    await _unknown(desk)
    desk.pass_(5)
    await desk.status("read", "wamid.too soon")
    desk.pass_(60)
    await desk.status("read", "wamid.of another number", account=other)
    assert await desk.reconcile() == 0
    assert await desk.claim() == []


async def test_after_long_silence_waiting_on_helps_nobody(desk: Desk) -> None:
    message = await _unknown(desk)
    desk.pass_(89)
    assert await desk.reconcile() == 0
    desk.pass_(1)
    assert await desk.reconcile() == 1
    assert [again.id for again in await desk.claim()] == [message.id]


async def test_a_status_settles_a_message_without_an_answer(desk: Desk) -> None:
    message = await _unknown(desk)
    await desk.status("sent", "wamid.A", outbox_id=message.id)
    desk.pass_(3600)
    assert await desk.reconcile() == 0
    assert await desk.how(message) == ("sent", "sent")


async def test_an_answer_that_comes_after_all_is_believed(desk: Desk) -> None:
    """The sender had only lost its lock: its message was given to others, and then it went out."""
    message = await _unknown(desk)
    desk.pass_(90)
    assert await desk.reconcile() == 1
    await desk.sent(message)
    assert await desk.how(message) == ("sent", None)
    assert await desk.claim() == []


# The clock


async def test_a_clock_set_back_strands_no_message_and_blocks_no_number(desk: Desk) -> None:
    one, two, three, four = [await desk.world.thread(desk.number, n) for n in range(4)]
    await desk.queue(one, "being sent")
    await desk.queue(two, "to be tried again")
    sending, refused = await desk.claim()
    until = desk.now + timedelta(minutes=1)
    await desk.result(refused, Outcome.RETRY, wait=2, pause_account_until=until)
    await desk.queue(three, "waiting")
    desk.pass_(-7200)
    await desk.queue(four, "new")
    assert await desk.world.rows(0, f"SELECT shop_id FROM door_sends('{desk.now.isoformat()}')") != []
    await desk.reconcile()
    others = await desk.claim()
    assert sorted(message.reply.text for message in others) == ["new", "to be tried again", "waiting"]
    await desk.sent(*others)
    desk.pass_(20)
    await desk.reconcile()
    assert await desk.how(sending) == ("unknown", None)
    desk.pass_(80)
    await desk.reconcile()
    assert [message.id for message in await desk.claim()] == [sending.id]


async def test_a_back_off_is_kept_when_the_clock_is_right(desk: Desk) -> None:
    await desk.queue(await desk.world.thread(desk.number), "hello")
    (message,) = await desk.claim()
    await desk.result(message, Outcome.RETRY, wait=60)
    desk.pass_(59)
    await desk.reconcile()
    assert await desk.claim() == []
