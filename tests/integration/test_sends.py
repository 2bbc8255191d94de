"""The send lane against a Graph API: what the channel answers decides, and no outcome is ever forgotten."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from house_world import Number, World, database_away, open_world, phone

from griot.channels.model import Reply
from griot.channels.model import Template as TemplateReply
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.model import Template
from griot.channels.simulator.server import running_simulator
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database, Tx
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.worker.sends import SendLane

DAY = timedelta(days=1)
CONFIRMED = TemplateReply("payment_confirmed", "fr", ("15 000 F CFA", "LP-1"))


@dataclass
class Post:
    """A number at the simulated channel, and the lane that sends from it."""

    world: World
    number: Number
    account: Account
    lane: SendLane

    async def queue(self, *replies: Reply, n: int = 1, window: bool = True) -> None:
        thread = await self.world.thread(self.number, n, window=window)
        async with self.world.db.transaction(self.number.shop.id) as tx:
            (row,) = await (await tx.execute("SELECT count(*) AS n FROM outbox")).fetchall()
            items = [Outgoing(thread, reply, f"key {row['n'] + i}") for i, reply in enumerate(replies)]
            await outbox.queue(tx, items, self.world.clock.now())

    async def work(self) -> float | None:
        """Look at the outbox once, and wait for what was sent."""
        wait = await self.lane.work(self.number.shop.id)
        await self.lane.drain(30)
        return wait

    async def rows(self) -> list[dict[str, Any]]:
        return await self.world.rows(self.number.shop.id, "SELECT * FROM outbox WHERE shop_id = %(shop)s ORDER BY id")

    async def how(self) -> list[str]:
        return [row["status"] for row in await self.rows()]

    def shown(self, n: int = 1) -> list[str]:
        return [
            message.text
            for thread in self.account.threads.values()
            if thread.person.phone == phone(n)
            for message in thread.shown
        ]


@pytest.fixture
async def post(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Post]:
    async with (
        running_simulator(clock) as simulator,
        open_world(database_url, db, clock, graph_url=simulator.base_url, send_timeout=5.0) as world,
    ):
        number = await world.number()
        account = simulator.state.create_account(
            number.phone_number_id, token="token", app_secret="x", webhook_url="http://127.0.0.1:9/", statuses={}
        )
        template = Template("payment_confirmed", "fr", "Paiement confirmé : {{1}} pour la commande {{2}}.")
        simulator.state.add_template(number.phone_number_id, template)
        account.behaviour.change(window="off")
        yield Post(world, number, account, SendLane(world.house, sender=7))


# In the window and outside


async def test_in_the_open_window_the_words_go_out_even_when_there_is_a_template(post: Post) -> None:
    await post.queue(Reply("Merci Awa !", template=CONFIRMED))
    await post.work()
    assert post.shown() == ["Merci Awa !"]


async def test_in_the_closed_window_the_template_goes_out_and_nothing_else(post: Post) -> None:
    post.account.behaviour.change(window="refused")
    await post.queue(Reply("Merci Awa !", template=CONFIRMED), Reply("On te répond."), window=False)
    await post.work()
    await post.work()
    assert post.shown() == ["Paiement confirmé : 15 000 F CFA pour la commande LP-1."]
    assert await post.how() == ["sent", "failed"]
    assert "24-hour window" in (await post.rows())[1]["error"]["message"]


async def test_the_window_closes_a_day_after_the_last_message(post: Post) -> None:
    await post.queue(Reply("Merci Awa !", template=CONFIRMED))
    post.world.clock.advance(DAY)
    await post.work()
    assert post.shown() == ["Paiement confirmé : 15 000 F CFA pour la commande LP-1."]


async def test_a_long_reply_goes_out_whole_and_in_order(post: Post) -> None:
    words = "\n\n".join(f"paragraph {n} " + "x" * 500 for n in range(20))
    await post.queue(Reply(words))
    for _ in range(4):
        await post.work()
    assert "\n\n".join(post.shown()) == words
    assert post.account.counters()["doubled"] == 0


# What the channel answers


@pytest.mark.parametrize(
    ("code", "status", "again_after", "pause"),
    [
        (131000, "queued", timedelta(seconds=1), None),
        (131056, "queued", timedelta(seconds=4), None),
        (130429, "queued", timedelta(seconds=1), timedelta(seconds=1)),
        (131049, "queued", DAY, None),
        (190, "queued", timedelta(minutes=5), timedelta(minutes=5)),
        (131026, "failed", None, None),
        (100, "failed", None, None),
    ],
)
async def test_a_refusal_is_answered_by_its_kind(
    post: Post, code: int, status: str, again_after: timedelta | None, pause: timedelta | None
) -> None:
    now = post.world.clock.now()
    post.account.faults.add("refuse", code=code)
    await post.queue(Reply("hello"))
    await post.work()
    (row,) = await post.rows()
    assert (row["status"], row["error"]["code"]) == (status, code)
    assert again_after is None or row["next_at"] - now == again_after
    (account,) = await post.world.rows(
        post.number.shop.id, "SELECT paused_until FROM channel_accounts WHERE shop_id = %(shop)s"
    )
    assert (account["paused_until"] - now == pause) if pause else account["paused_until"] < now
    post.world.clock.advance(again_after or DAY)
    await post.world.thread(post.number)  # the buyer wrote again meanwhile
    await post.work()
    assert post.shown() == ([] if again_after is None else ["hello"])


@pytest.mark.parametrize(
    ("kind", "code"), [("refuse", 131000), ("refuse", 131056), ("refuse", 190), ("drop_before", 0)]
)
async def test_what_nobody_accepts_is_tried_for_a_day_and_then_given_up(post: Post, kind: str, code: int) -> None:
    await post.queue(Reply("hello"), Reply("the next"))
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await tx.execute("UPDATE outbox SET attempts = 400 WHERE dedupe_key = 'key 0'")
    post.account.faults.add(kind, code=code, times=2)
    await post.work()
    (row, _) = await post.rows()
    assert row["status"] == ("unknown" if kind == "drop_before" else "queued")
    assert row["next_at"] - post.world.clock.now() <= timedelta(minutes=5)
    post.world.clock.advance(DAY + timedelta(seconds=1))
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await tx.execute("UPDATE conversations SET last_inbound_at = %s", (post.world.clock.now(),))
        await outbox.reconcile(tx, 7, [], post.world.clock.now(), timedelta(0))
    await post.work()
    await post.work()
    assert await post.how() == ["failed", "sent"]
    assert "within a day" in (await post.rows())[0]["error"]["message"]
    assert post.shown() == ["the next"]


async def test_a_send_without_an_answer_waits_for_the_status(post: Post) -> None:
    post.account.faults.add("drop_after")
    await post.queue(Reply("hello"), Reply("the next"))
    for _ in range(3):
        await post.work()
    assert await post.how() == ["unknown", "queued"]
    assert post.shown() == ["hello"]


# What goes wrong on our side


async def test_what_became_of_a_message_is_written_down_when_the_database_is_back(
    post: Post, server_url: str, database_url: str
) -> None:
    post.account.faults.add("late_after", seconds=0.3)
    await post.queue(Reply("hello"))
    await post.lane.work(post.number.shop.id)
    with database_away(server_url, database_url):
        await asyncio.sleep(0.5)
    await post.lane.drain(10)
    assert await post.how() == ["sent"]


async def test_a_claim_whose_commit_was_not_heard_of_is_sent_all_the_same(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.asynccontextmanager
    async def unheard(shop_id: int) -> AsyncIterator[Tx]:
        async with Database.transaction(post.world.db, shop_id) as tx:
            yield tx
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    await post.work()  # so that the outbox was looked after a moment ago
    await post.queue(Reply("hello"))
    with monkeypatch.context() as patch:
        patch.setattr(post.world.house.db, "transaction", unheard)
        with pytest.raises(psycopg.OperationalError):
            await post.work()
    assert await post.how() == ["sending"]
    await post.work()
    await post.work()
    assert (await post.how(), post.shown()) == (["sent"], ["hello"])
    assert (await post.rows())[0]["attempts"] == 1


async def test_a_message_on_the_wire_is_not_let_go(post: Post) -> None:
    post.account.faults.add("late_after", seconds=0.3)
    await post.queue(Reply("hello"))
    await post.lane.work(post.number.shop.id)
    post.lane._reconciled.clear()
    await post.work()
    assert (await post.how(), post.account.counters()["doubled"]) == (["sent"], 0)


async def test_a_credential_of_another_key_rests_the_number_until_the_shop_has_acted(post: Post) -> None:
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await tx.execute("UPDATE channel_accounts SET access_token = %s", (Keyring("another").encrypt("token"),))
    await post.queue(Reply("hello"))
    await post.work()
    await post.work()
    (row,) = await post.rows()
    assert (row["status"], row["attempts"]) == ("queued", 1)
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await tx.execute("UPDATE channel_accounts SET access_token = %s", (post.world.house.keyring.encrypt("token"),))
    post.world.clock.advance(timedelta(minutes=5))
    await post.work()
    assert post.shown() == ["hello"]


async def test_an_error_of_our_own_leaves_no_message_behind(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("nobody expected this")

    with monkeypatch.context() as patch:
        patch.setattr(post.lane, "_outlet", broken)
        await post.queue(Reply("hello"))
        await post.work()
    assert await post.how() == ["unknown"]
    post.world.clock.advance(timedelta(minutes=2))
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await outbox.reconcile(tx, 7, [], post.world.clock.now(), timedelta(seconds=20))
    await post.work()
    assert (await post.how(), post.shown()) == (["sent"], ["hello"])
