"""What may be said when on Instagram and Messenger: a person's late answers, messages that wait for the buyer, comments
that cannot be answered."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from direct_world import Stall, both, open_stall

from griot.channels.model import Reply
from griot.channels.simulator.phones import Phone
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict
from griot.tools.conversations import inbox
from griot.tools.conversations import service as conversations
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outcome, Outgoing, Sent
from griot.tools.reservation import service as reservation

DAY = timedelta(days=1)
GRACE = timedelta(seconds=20)


@pytest.fixture
async def stall(channel: str, database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(channel, database_url, db, clock) as opened:
        yield opened


async def answer(stall: Stall, text: str) -> None:
    """The vendor writes in the console, and takes the thread over with it."""
    thread = (await stall.thread())["id"]
    async with stall.world.db.transaction(stall.shop.id) as tx:
        await inbox.answer(tx, thread, text, author="user:1", key=None, now=stall.world.clock.now(), takes=True)
    await stall.go()


async def commented(stall: Stall, words: str = "je prends ROBE1") -> Phone:
    """A buyer whose comment has its private reply, and who has not written since."""
    awa = await stall.buyer()
    await awa.comment(words, on=await stall.vendor(publish="feed"))
    await stall.go()
    return awa


async def last(stall: Stall) -> tuple[str, str]:
    """Status of the last message, and why it failed."""
    row = (await stall.outbox())[-1]
    return row["status"], (row["error"] or {}).get("message", "")


async def texts(phone: Phone) -> list[str]:
    return [shown.text for shown in await phone.inbox()]


async def pass_time(stall: Stall, how_long: timedelta) -> None:
    """What the clock brings is done when it is due."""
    stall.world.clock.advance(how_long)
    async with stall.world.db.transaction(stall.shop.id) as tx:
        await reservation.remind_due(tx, stall.shop, stall.world.clock.now())
        await reservation.expire_due(tx, stall.shop, stall.world.clock.now())
    await stall.go()


# A person's answer after the window


@both
async def test_a_person_answers_for_seven_days_and_longer_words_in_several_messages(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    before = len(await awa.inbox())
    stall.world.clock.advance(3 * DAY)
    await answer(stall, "x" * 2500)
    assert "".join((await texts(awa))[before:]) == "x" * 2500
    assert {row["status"] for row in await stall.outbox()} == {"sent"}


@both
async def test_within_a_day_a_person_needs_no_permission(stall: Stall) -> None:
    stall.account.behaviour.change(human_agent=False)
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    await answer(stall, "C'est moi, Awa")
    assert (await texts(awa))[-1] == "C'est moi, Awa"


@both
async def test_without_the_permission_the_vendor_reads_why_and_the_account_goes_on(stall: Stall) -> None:
    stall.account.behaviour.change(human_agent=False)
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    stall.world.clock.advance(2 * DAY)
    await answer(stall, "Je reviens vers toi")
    status, why = await last(stall)
    assert status == "failed"
    assert "Human Agent" in why
    (account,) = await stall.rows("SELECT pause_reason FROM channel_accounts WHERE shop_id = %(shop)s")
    assert account["pause_reason"] is None


@both
async def test_after_seven_days_a_person_is_told_at_once(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    stall.world.clock.advance(7 * DAY)
    with pytest.raises(Conflict, match="7 days"):
        await answer(stall, "Je reviens vers toi")


@both
async def test_the_window_of_a_person_closes_while_the_answer_waits_to_be_sent(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    stall.world.clock.advance(6 * DAY)
    stall.account.faults.add("refuse", code=2)
    await answer(stall, "Je reviens vers toi")
    stall.world.clock.advance(2 * DAY)
    await stall.go()
    status, why = await last(stall)
    assert status == "failed"
    assert "takes no answer" in why


@both
async def test_the_agents_own_words_never_go_out_as_a_persons(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    before = len(await awa.inbox())
    stall.world.clock.advance(2 * DAY)
    await stall.queue(Reply("Ta commande est en route."))
    await stall.go()
    assert len(await awa.inbox()) == before
    assert (await last(stall))[0] == "queued"


@both
async def test_a_person_may_be_who_answers_a_comment(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.comment("trop beau", on=await stall.vendor(publish="feed"))
    await stall.go()
    await answer(stall, "Merci ! Elle t'intéresse ?")
    assert await texts(awa) == ["Merci ! Elle t'intéresse ?"]
    with pytest.raises(Conflict):
        await answer(stall, "Tu es là ?")


# Messages that wait for the buyer


@both
async def test_a_second_word_waits_and_goes_out_once_when_the_buyer_writes(stall: Stall) -> None:
    awa = await commented(stall)
    await stall.queue(Reply("Ta commande est prête."))
    await stall.go()
    await stall.go()
    assert len(await awa.inbox()) == 1
    async with stall.world.db.transaction(stall.shop.id) as tx:
        said_so_far, _ = await inbox.entries(tx, (await stall.thread())["id"], 10, (None, None))
    assert said_so_far[0].status == "waiting"
    await awa.say("SAC2")
    await stall.go()
    said = await texts(awa)
    assert said[1] == "Ta commande est prête."
    assert "SAC2" in said[2]
    assert len(said) == 3
    assert {row["status"] for row in await stall.outbox()} == {"sent"}


@both
async def test_what_waits_does_not_take_the_reply_of_the_next_comment(stall: Stall) -> None:
    awa = await commented(stall)
    await stall.queue(Reply("Ta commande est prête."))
    await stall.go()
    await awa.comment("je prends SAC2", on=await stall.vendor(publish="feed"))
    await stall.go()
    said = await texts(awa)
    assert len(said) == 2
    assert "SAC2" in said[1]


@both
async def test_what_waits_for_a_short_while_does_not_hold_up_the_next_reply(stall: Stall) -> None:
    awa = await commented(stall)
    async with stall.world.db.transaction(stall.shop.id) as tx:
        soon = stall.world.clock.now() + timedelta(minutes=5)
        item = Outgoing((await stall.thread())["id"], Reply("Plus que 5 minutes."), "soon", good_until=soon)
        await outbox.queue(tx, [item], stall.world.clock.now())
    await stall.go()
    await awa.comment("je prends SAC2", on=await stall.vendor(publish="feed"))
    await stall.go()
    assert "SAC2" in (await texts(awa))[-1]


@both
async def test_a_reminder_waits_as_long_as_its_hold_and_is_dropped_with_it(stall: Stall) -> None:
    awa = await commented(stall)
    await pass_time(stall, timedelta(minutes=8))
    assert [row["waits"] for row in await stall.outbox()] == [False, True]
    await pass_time(stall, timedelta(minutes=30))
    assert await stall.held() == 0 or await orders(stall) == ["expired"]
    await awa.say("bonjour")
    await stall.go()
    rows = await stall.outbox()
    assert [row["status"] for row in rows[:3]] == ["sent", "failed", "sent"]
    assert "no longer true" in rows[1]["error"]["message"]
    assert rows[2]["dedupe_key"].startswith("expired:")
    assert len(await awa.inbox()) == len(rows) - 1


@both
async def test_a_reminder_reaches_a_buyer_who_writes_in_time(stall: Stall) -> None:
    awa = await commented(stall)
    await pass_time(stall, timedelta(minutes=8))
    await awa.say("bonjour")
    await stall.go()
    assert [row["status"] for row in await stall.outbox()][:2] == ["sent", "sent"]


@both
async def test_what_nobody_wrote_for_is_given_up_after_seven_days(stall: Stall) -> None:
    await commented(stall)
    await stall.queue(Reply("Ta commande est prête."))
    await stall.go()
    stall.world.clock.advance(7 * DAY + GRACE)
    await stall.go()
    status, why = await last(stall)
    assert status == "failed"
    assert "7 days" in why


@both
async def test_what_waits_is_not_said_over_a_person(stall: Stall) -> None:
    awa = await commented(stall)
    await stall.queue(Reply("Ta commande est prête."))
    await stall.go()
    async with stall.world.db.transaction(stall.shop.id) as tx:
        await conversations.take_over(tx, (await stall.thread())["id"], stall.world.clock.now())
    await awa.say("bonjour")
    await stall.go()
    assert len(await awa.inbox()) == 1
    async with stall.world.db.transaction(stall.shop.id) as tx:
        await conversations.give_back(tx, (await stall.thread())["id"], stall.world.clock.now())
    await awa.say("re")
    await stall.go()
    assert "Ta commande est prête." in await texts(awa)


@both
async def test_a_buyer_who_writes_while_it_is_looked_at_is_not_missed(stall: Stall) -> None:
    """The sender found the window closed, then the buyer's turn ended, then the sender writes down that it waits."""
    awa = await commented(stall)
    await stall.queue(Reply("Ta commande est prête."))
    world, now = stall.world, stall.world.clock.now()
    async with world.db.transaction(stall.shop.id) as tx:
        (claimed,) = await outbox.claim(tx, 7, 10, now, GRACE)
    assert not claimed.window_open
    await awa.say("merci")
    await stall.simulator.drained()
    while await stall.turns.work(stall.shop.id) is not None:
        pass
    async with world.db.transaction(stall.shop.id) as tx:
        await outbox.record(tx, [Sent(claimed.id, claimed.account.id, Outcome.WAIT, now + 7 * DAY)], now)
    await stall.go()
    assert "Ta commande est prête." in await texts(awa)


# Comments that cannot be answered


async def orders(stall: Stall) -> list[Any]:
    return [row["status"] for row in await stall.rows("SELECT status FROM orders WHERE shop_id = %(shop)s")]


async def refused(stall: Stall) -> None:
    """The vendor is told, once, and the hold ends when its time is over."""
    (told,) = await stall.rows("SELECT reason, summary FROM escalations WHERE shop_id = %(shop)s")
    assert told == {"reason": "comment", "summary": "je prends ROBE1"}
    assert (await stall.held(), await orders(stall)) == (1, ["reserved"])
    await pass_time(stall, timedelta(minutes=8))
    await pass_time(stall, timedelta(minutes=30))
    assert await orders(stall) == ["expired"]
    assert len(await stall.rows("SELECT FROM escalations WHERE shop_id = %(shop)s")) == 1


@both
async def test_of_a_deleted_comment_the_vendor_learns_and_its_hold_runs_out(stall: Stall) -> None:
    awa = await stall.buyer()
    comment = await awa.comment("je prends ROBE1", on=await stall.vendor(publish="feed"))
    await stall.simulator.drained()
    stall.account.wall.comments[comment].removed = True
    await stall.go()
    assert await awa.inbox() == []
    await refused(stall)


@both
async def test_of_a_buyer_who_takes_no_messages_the_vendor_learns(stall: Stall) -> None:
    awa = await stall.buyer()
    stall.simulator.person(awa.user_id).reachable = False
    await awa.comment("je prends ROBE1", on=await stall.vendor(publish="feed"))
    await stall.go()
    await refused(stall)


@both
async def test_of_a_live_that_is_over_the_vendor_learns(stall: Stall) -> None:
    live = await stall.vendor(publish="live")
    awa = await stall.buyer()
    await awa.comment("je prends ROBE1", on=live)
    await stall.simulator.drained()
    await stall.vendor(end=live)
    await stall.go()
    await refused(stall)


@both
async def test_of_a_reply_that_could_not_be_sent_for_a_day_the_vendor_learns(stall: Stall) -> None:
    stall.account.token = "the shop's token has ended"
    awa = await stall.buyer()
    await awa.comment("je prends ROBE1", on=await stall.vendor(publish="feed"))
    await stall.go()
    assert await stall.rows("SELECT FROM escalations WHERE shop_id = %(shop)s") == []
    stall.world.clock.advance(DAY + timedelta(hours=1))
    await stall.go()
    (told,) = await stall.rows("SELECT reason, summary FROM escalations WHERE shop_id = %(shop)s")
    assert told == {"reason": "comment", "summary": "je prends ROBE1"}


@both
async def test_a_message_of_the_shop_after_a_refused_comment_waits(stall: Stall) -> None:
    awa = await stall.buyer()
    stall.account.faults.add("refuse", code=10900)
    await awa.comment("je prends ROBE1", on=await stall.vendor(publish="feed"))
    await stall.go()
    async with stall.world.db.transaction(stall.shop.id) as tx:
        item = Outgoing((await stall.thread())["id"], Reply("Ta commande est prête."), "ready")
        await outbox.queue(tx, [item], stall.world.clock.now())
    await stall.go()
    assert [(row["status"], row["waits"]) for row in await stall.outbox()] == [("failed", False), ("queued", True)]
