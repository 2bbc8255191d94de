"""The inbox over REST: lists a page at a time, threads, and a person who is not talked over."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from api_world import Api, Person, open_api

from griot.channels.model import Reply
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import TurnRecord
from griot.tools.escalation.service import escalate
from griot.tools.outbox.models import Outgoing
from griot.tools.outbox.service import queue
from house_world import Number, message


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(api: Api) -> Number:
    return await api.world.number()


@pytest.fixture
async def owner(api: Api, number: Number) -> Person:
    return await api.person(number)


async def test_a_list_is_read_to_its_end_a_page_at_a_time(api: Api, number: Number, owner: Person) -> None:
    threads = []
    for n in range(1, 6):
        threads.append(await api.world.thread(number, n))
        api.world.clock.advance(timedelta(minutes=1))
    seen, after = [], None
    while True:
        page = (await api.get(owner, "/conversations", limit=2, **({"after": after} if after else {}))).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == threads[::-1]


async def test_who_waits_comes_first_when_they_are_angry(api: Api, number: Number, owner: Person) -> None:
    shop = number.shop
    for n, mood in ((1, "neutral"), (2, "frustrated"), (3, "neutral")):
        thread = await api.world.thread(number, n)
        async with api.world.db.transaction(shop.id) as tx:
            await escalate(
                tx, shop, conversation_id=thread, customer_id=1, buyer="Awa", reason="human", summary=f"no {n}",
                sentiment=mood, now=api.world.clock.now(),
            )  # fmt: skip
        api.world.clock.advance(timedelta(minutes=1))
    first = (await api.get(owner, "/conversations", view="waiting", limit=2)).json()
    rest = (await api.get(owner, "/conversations", view="waiting", limit=2, after=first["next"])).json()
    assert [item["waiting"]["summary"] for item in first["items"] + rest["items"]] == ["no 2", "no 1", "no 3"]
    assert rest["next"] is None


async def test_what_was_said_is_read_backwards_from_both_sides(api: Api, number: Number, owner: Person) -> None:
    thread = await api.world.thread(number)
    for n in range(4):
        await api.world.receive(number, message(f"in {n}", api.world.clock.now()))
        api.world.clock.advance(timedelta(seconds=1))
        async with api.world.db.transaction(number.shop.id) as tx:
            await queue(tx, [Outgoing(thread, Reply(f"out {n}"), f"key {n}")], api.world.clock.now())
        api.world.clock.advance(timedelta(seconds=1))
    said: list[str] = []
    after = None
    while True:
        params = {"after": after} if after else {}
        page = (await api.get(owner, f"/conversations/{thread}/messages", limit=3, **params)).json()
        said += [item["text"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert said == [f"{side} {n}" for n in (3, 2, 1, 0) for side in ("out", "in")]


async def test_a_person_answers_only_a_thread_that_they_have_taken(api: Api, number: Number, owner: Person) -> None:
    thread = await api.world.thread(number)
    path = f"/conversations/{thread}"
    refused = await api.post(owner, f"{path}/messages", {"text": "Bonjour"})
    assert refused.status_code == 409
    assert "take it over" in refused.json()["message"]
    assert (await api.post(owner, f"{path}/take-over")).json() == {
        "conversation": thread,
        "handler": "human",
        "changed": True,
    }
    sent = await api.post(owner, f"{path}/messages", {"text": "Bonjour"}, **{"Idempotency-Key": "a"})
    again = await api.post(owner, f"{path}/messages", {"text": "Bonjour"}, **{"Idempotency-Key": "a"})
    assert sent.status_code == again.status_code == 201
    assert sent.json() == again.json()
    assert sent.json()["by"] == "human"
    assert sent.json()["author"] == f"user:{owner.id}"
    assert (await api.post(owner, f"{path}/give-back")).json()["changed"] is True
    assert (await api.post(owner, f"{path}/messages", {"text": "encore"})).status_code == 409
    kinds = await api.world.rows(
        number.shop.id,
        "SELECT kind, actor FROM events WHERE shop_id = %(shop)s AND kind LIKE 'conversation.%%' ORDER BY id",
    )
    assert kinds == [
        {"kind": f"conversation.{act}", "actor": f"user:{owner.id}"}
        for act in ("taken_over", "answered", "handed_back")
    ]


async def test_the_agent_and_a_person_are_told_apart_in_the_history(api: Api, number: Number, owner: Person) -> None:
    thread = await api.world.thread(number)
    await api.post(owner, f"/conversations/{thread}/take-over")
    await api.post(owner, f"/conversations/{thread}/messages", {"text": "C'est moi, Awa"})
    async with api.world.db.transaction(number.shop.id) as tx:
        said = (await conversations.history(tx, [thread]))[thread]
    assert [(one.by, one.text) for one in said] == [("human", "C'est moi, Awa")]


async def test_outside_the_window_free_words_are_refused_at_once(api: Api, number: Number, owner: Person) -> None:
    thread = await api.world.thread(number)
    await api.post(owner, f"/conversations/{thread}/take-over")
    api.world.clock.advance(timedelta(hours=25))
    owner = await api.person(number, email="other@example.com")
    refused = await api.post(owner, f"/conversations/{thread}/messages", {"text": "Bonjour"})
    assert refused.status_code == 409
    assert "24 hours" in refused.json()["message"]


async def test_a_turn_that_has_the_thread_goes_first(api: Api, number: Number, owner: Person) -> None:
    """The person's act waits for the turn, so that the turn's answer and theirs never cross."""
    import asyncio

    thread = await api.world.thread(number)
    await api.world.receive(number, message("ROBE1", api.world.clock.now()))
    async with api.world.db.transaction(number.shop.id) as tx:
        [held] = await conversations.claim(tx, 1, api.world.clock.now())
        taking = asyncio.create_task(api.post(owner, f"/conversations/{thread}/take-over"))
        done, _ = await asyncio.wait([taking], timeout=0.3)
        assert not done
        record = TurnRecord(thread, tuple(m.id for m in held.messages), {}, "done", None, None, api.world.clock.now())
        await conversations.finish(tx, [record], api.world.clock.now())
    assert (await taking).json()["changed"] is True


async def test_the_seller_writes_by_phone_number(api: Api, number: Number, owner: Person) -> None:
    await api.world.receive(number, message("Bonjour", api.world.clock.now()))
    await api.world.thread(number)
    sent = await api.post(owner, "/wa/send", {"to": "+221 78 000 00 01", "text": "Votre colis est là"})
    assert sent.status_code == 201, sent.text
    assert (await api.post(owner, "/wa/send", {"to": "+221 78 999 00 01", "text": "Bonjour"})).status_code == 404


async def test_stored_markup_comes_back_as_data(api: Api, number: Number, owner: Person) -> None:
    words = "<script>alert(1)</script>\"'=cmd|' /C calc'!A0"
    await api.world.receive(number, message(words, api.world.clock.now(), name=words))
    listed = await api.get(owner, "/conversations")
    assert listed.headers["content-type"] == "application/json"
    [item] = listed.json()["items"]
    assert item["last"] == item["name"] == words
