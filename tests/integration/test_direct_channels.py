"""Instagram and Messenger between the simulated Graph API and the house: webhooks in, turns, messages out."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from direct_world import ACCOUNT, Stall, both, open_stall

from griot.channels.model import Choice, Reply
from griot.channels.signature import sign
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from house_world import APP_SECRET


@pytest.fixture
async def stall(channel: str, database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(channel, database_url, db, clock) as opened:
        yield opened


# Direct messages


@both
async def test_an_order_is_held_and_its_button_works(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("ROBE1")
    await stall.go()
    shown = await awa.expect("Article ROBE1")
    assert await stall.held() == 1
    await awa.tap(next(choice.id for choice in shown.choices if choice.id.startswith("pay:")))
    await stall.go()
    said = [outcome for outcome in await stall.outcomes() if outcome != "noted"]  # an echo may have been noted
    assert (said[0], len(said)) == ("held", 2)
    assert len(await awa.inbox()) == 2


@both
async def test_our_own_echoes_take_nothing_over_and_the_vendors_do(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("ROBE1")
    await stall.go()
    assert (await stall.thread())["handler"] == "agent"
    await stall.vendor(to=awa.user_id, text="Bonjour, c'est Awa elle-même")
    await stall.go()
    assert (await stall.thread())["handler"] == "human"
    await awa.say("SAC2")
    await stall.go()
    assert await stall.held() == 1


@both
async def test_an_echo_settles_a_send_that_was_not_answered(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    before = len(await awa.inbox())
    stall.account.faults.add("drop_after")
    await stall.queue(Reply("Il en reste deux."))
    await stall.go()
    last = (await stall.outbox())[-1]
    stall.world.clock.advance(stall.sends._grace * 2)
    await asyncio.sleep(1.1)  # reconciliation is at most once a second
    await stall.go()
    assert last["status"] in ("unknown", "sent")
    assert (await stall.outbox())[-1]["status"] == "sent"
    assert len(await awa.inbox()) == before + 1
    assert (await stall.thread())["handler"] == "agent"


@both
async def test_numbers_answer_where_there_are_no_buttons(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    many = tuple(Choice(f"take:{'ROBE1' if n == 2 else 'SAC2'}", f"Modèle {n}") for n in range(1, 16))
    await stall.queue(Reply("Lequel ?", many))
    await stall.go()
    assert (await awa.inbox())[-1].text.endswith("15. Modèle 15")
    await awa.say("2")
    await stall.go()
    rows = await stall.rows(
        "SELECT p.code FROM holds h JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id"
        " JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id WHERE h.shop_id = %(shop)s"
    )
    assert [row["code"] for row in rows] == ["ROBE1"]


@pytest.mark.parametrize("answer", ["tap", "number"])
@pytest.mark.parametrize("channel", ["messenger"])
async def test_a_card_is_tapped_or_answered_by_its_number(stall: Stall, answer: str) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    cards = (Choice("take:SAC2", "Sac", "12 500 F CFA"), Choice("take:ROBE1", "Robe", "15 000 F CFA"))
    await stall.queue(Reply("Lequel ?", cards))
    await stall.go()
    assert [choice.id for choice in (await awa.inbox())[-1].choices] == ["take:SAC2", "take:ROBE1"]
    await (awa.tap("take:ROBE1") if answer == "tap" else awa.say("2"))
    await stall.go()
    assert "Article ROBE1" in (await awa.inbox())[-1].text


@both
async def test_a_number_counts_although_the_echo_was_faster_than_the_answer(stall: Stall) -> None:
    post = await stall.vendor(publish="feed")
    awa = await stall.buyer()
    stall.account.faults.add("early_status")
    await awa.comment("je prends ROBE1", on=post)
    await stall.go()
    (shown,) = await stall.outbox()
    assert [choice["id"].split(":")[0] for choice in shown["numbered"]] == ["pay", "cancel"]
    await awa.say("1")
    await stall.go()
    assert any(choice.id.startswith("means:") for choice in (await awa.inbox())[-1].choices)


@both
async def test_a_number_counts_before_the_answer_to_the_send_is_written_down(stall: Stall) -> None:
    post = await stall.vendor(publish="feed")
    awa = await stall.buyer()
    stall.account.faults.add("late_after", seconds=1.0)
    await awa.comment("je prends ROBE1", on=post)
    await stall.simulator.drained()
    while await stall.turns.work(stall.shop.id) is not None:
        pass
    await stall.turns.drain(20)
    await stall.sends.work(stall.shop.id)
    await awa.expect("ROBE1")
    await awa.say("1")
    await stall.go()
    assert any(choice.id.startswith("means:") for choice in (await awa.inbox())[-1].choices)


# Comments


@pytest.mark.parametrize("kind", ["feed", "live"])
@both
async def test_a_comment_is_an_order_answered_once_in_private(stall: Stall, kind: str) -> None:
    post = await stall.vendor(publish=kind)
    awa = await stall.buyer()
    comment = await awa.comment("je prends ROBE1", on=post)
    await stall.go()
    assert await stall.held() == 1
    (message,) = await awa.inbox()
    assert "Article ROBE1" in message.text
    assert "1. " in message.text
    (sent,) = await stall.outbox()
    assert (sent["status"], sent["replies_to"]) == ("sent", comment)
    await awa.say("1")
    await stall.go()
    order = await stall.rows("SELECT status FROM orders WHERE shop_id = %(shop)s")
    assert len(order) == 1
    assert len(await awa.inbox()) == 2
    assert (await stall.outbox())[-1]["replies_to"] is None
    assert "held" in (await stall.outcomes())[0]


@pytest.mark.parametrize("words", ["Magnifique 😍", "merci", "oui", "❤️❤️", "2", "trop beau"])
@both
async def test_talk_in_public_is_not_answered(stall: Stall, words: str) -> None:
    post = await stall.vendor(publish="feed")
    awa = await stall.buyer()
    await awa.comment(words, on=post)
    await stall.go()
    assert await awa.inbox() == []
    assert await stall.outcomes() == ["noted"]


@both
async def test_a_question_in_public_is_answered_in_private(stall: Stall) -> None:
    post = await stall.vendor(publish="feed")
    awa = await stall.buyer()
    await awa.comment("ROBE1 c'est combien ?", on=post)
    await stall.go()
    (message,) = await awa.inbox()
    assert "15 000" in message.text.replace("\u202f", " ").replace("\xa0", " ")
    assert await stall.held() == 0


@both
async def test_two_comments_get_a_reply_each(stall: Stall) -> None:
    post = await stall.vendor(publish="feed")
    awa = await stall.buyer()
    for words in ("je prends ROBE1", "et je prends SAC2"):
        await awa.comment(words, on=post)
        await stall.go()
    assert len(await awa.inbox()) == 2
    assert len({row["replies_to"] for row in await stall.outbox()}) == 2
    assert await stall.held() == 2


# The door


@both
async def test_an_unsigned_body_and_one_of_another_account_change_nothing(stall: Stall) -> None:
    path, body = f"/webhooks/{stall.channel}", b'{"object":"x","entry":[{"id":"9","messaging":[]}]}'
    assert (await stall.http.post(path, content=body)).status_code == 401
    signed = {"X-Hub-Signature-256": sign(APP_SECRET, body)}
    assert (await stall.http.post(path, content=body, headers=signed)).status_code == 200
    assert await stall.rows("SELECT * FROM messages WHERE shop_id = %(shop)s") == []


@both
async def test_what_is_delivered_again_or_late_counts_once_and_in_its_place(stall: Stall) -> None:
    sides = {"sender": {"id": "4711"}, "recipient": {"id": ACCOUNT}}
    at = int(stall.world.clock.now().timestamp() * 1000)
    said = [{**sides, "timestamp": at + n, "message": {"mid": f"m_{n}", "text": f"mot {n}"}} for n in range(3)]
    tap = {**sides, "timestamp": at, "postback": {"title": "Prix ?", "payload": "human"}}  # without an id of its own
    bodies = [
        orjson.dumps({"object": "x", "entry": [{"id": ACCOUNT, "time": at, "messaging": batch}]})
        for batch in ([said[2]], [said[0], said[1]], [said[1], said[2], tap], [tap])
    ]
    for body in [*bodies, *bodies]:
        signed = {"X-Hub-Signature-256": sign(APP_SECRET, body)}
        assert (await stall.http.post(f"/webhooks/{stall.channel}", content=body, headers=signed)).status_code == 200
    rows = await stall.rows("SELECT text FROM messages WHERE shop_id = %(shop)s ORDER BY sent_at, id")
    assert [row["text"] for row in rows if row["text"] != "Prix ?"] == ["mot 0", "mot 1", "mot 2"]
    assert len(rows) == 4


@both
async def test_a_message_that_somebody_else_answers_is_kept_and_left_alone(stall: Stall) -> None:
    awa = await stall.buyer()
    stall.account.behaviour.change(shape="standby")
    await awa.say("ROBE1")
    await stall.go()
    assert await stall.outcomes() == ["noted"]
    assert (await stall.held(), await awa.inbox()) == (0, [])


@both
async def test_what_was_read_until_a_moment_or_by_its_id_is_read(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    stall.account.report((await awa.inbox())[-1].id, "read")
    await stall.go()
    assert [row["delivery"] for row in await stall.outbox()] == ["read"]
