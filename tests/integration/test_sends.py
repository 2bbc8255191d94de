"""The send lane against a Graph API: what the channel answers decides, and no outcome is ever forgotten."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from griot.channels.model import Choice, Media, Reply
from griot.channels.model import Template as TemplateReply
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.server import running_simulator
from griot.channels.simulator.state import Simulator
from griot.channels.simulator.whatsapp.messages import Template
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database, Tx
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.quotes import queries as quotes
from griot.worker.sends import SendLane
from house_world import Number, World, database_away, open_world, phone

DAY = timedelta(days=1)
CONFIRMED = TemplateReply("payment_confirmed", "fr", ("15 000 F CFA", "LP-1"))


@dataclass
class Post:
    """A number at the simulated channel, and the lane that sends from it."""

    world: World
    number: Number
    account: Account
    lane: SendLane
    simulator: Simulator

    async def document(self, content: bytes) -> int:
        """A quote of the shop with these bytes; returns its id."""
        row = {"kind": "quote", "filename": "DEV-2026-0001.pdf", "mime_type": "application/pdf", "content": content}
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await quotes.insert_document(tx, row, self.world.clock.now())

    def files(self, n: int = 1) -> list[tuple[str, bytes]]:
        """Name and bytes of the documents on the phone of buyer ``n``, as the phone fetches them."""
        shown = [m.media for t in self.account.threads.values() if t.person.phone == phone(n) for m in t.shown]
        return [(media["filename"], self.simulator.files[media["id"]].data) for media in shown if media]

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
        yield Post(world, number, account, SendLane(world.house, sender=7), simulator.state)


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


# With a document of the shop's own

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 200
ACCEPT = (Choice("accept_quote:1", "COMMANDER"),)


def quote(document: int, *choices: Choice, text: str = "Ton devis") -> Reply:
    return Reply(text, choices, media=Media("document", document=document, filename="DEV-2026-0001.pdf"))


async def test_a_document_arrives_byte_for_byte_with_its_words_and_buttons_in_one_message(post: Post) -> None:
    await post.queue(quote(await post.document(PDF), *ACCEPT))
    await post.work()
    (thread,) = post.account.threads.values()
    (message,) = thread.shown
    assert message.text == "Ton devis"
    assert [(choice.id, choice.title) for choice in message.choices] == [("accept_quote:1", "COMMANDER")]
    assert post.files() == [("DEV-2026-0001.pdf", PDF)]
    assert await post.how() == ["sent"]


async def test_without_buttons_the_words_are_its_caption(post: Post) -> None:
    await post.queue(quote(await post.document(PDF)))
    await post.work()
    assert (post.shown(), post.files()) == (["Ton devis"], [("DEV-2026-0001.pdf", PDF)])


async def test_words_too_long_for_one_message_follow_the_document_which_is_uploaded_once(post: Post) -> None:
    await post.queue(quote(await post.document(PDF), *ACCEPT, text="mot " * 400))
    for _ in range(3):
        await post.work()
    assert post.shown() == ["", ("mot " * 400).strip()]
    assert (len(post.simulator.files), post.files()) == (1, [("DEV-2026-0001.pdf", PDF)])
    assert await post.how() == ["sent", "sent"]


async def test_a_document_whose_sending_was_not_answered_is_not_sent_twice(post: Post) -> None:
    post.account.faults.add("drop_after")
    await post.queue(quote(await post.document(PDF), *ACCEPT))
    for _ in range(3):
        await post.work()
    assert (await post.how(), len(post.files())) == (["unknown"], 1)
    assert post.account.counters()["doubled"] == 0


async def test_an_upload_that_was_not_answered_sent_nothing_and_is_tried_again(post: Post) -> None:
    await post.queue(quote(await post.document(PDF), *ACCEPT))
    post.account.faults.go_down(60)
    await post.work()
    assert await post.how() == ["queued"]
    post.account.faults.clear()
    post.world.clock.advance(timedelta(seconds=1))
    await post.work()
    assert (await post.how(), post.files()) == (["sent"], [("DEV-2026-0001.pdf", PDF)])


async def test_no_transaction_is_open_while_a_document_is_on_its_way(post: Post) -> None:
    post.account.faults.add("late_after", seconds=0.5)
    await post.queue(quote(await post.document(PDF), *ACCEPT))
    await post.lane.work(post.number.shop.id)
    await asyncio.sleep(0.25)
    busy = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%%'"
    assert await post.world.rows(post.number.shop.id, busy) == []
    await post.lane.drain(10)
    assert await post.how() == ["sent"]


async def test_a_document_of_another_shop_is_not_sent(post: Post) -> None:
    other = await post.world.number()
    row = {"kind": "quote", "filename": "DEV-2026-0001.pdf", "mime_type": "application/pdf", "content": PDF}
    async with post.world.db.transaction(other.shop.id) as tx:
        theirs = await quotes.insert_document(tx, row, post.world.clock.now())
    await post.queue(quote(theirs), Reply("the next"))
    await post.work()
    await post.work()
    assert (await post.how(), post.shown()) == (["failed", "sent"], ["the next"])
    assert "no document" in (await post.rows())[0]["error"]["message"]


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
