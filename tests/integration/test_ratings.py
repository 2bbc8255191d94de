"""A reply that is rated down becomes an answer, an example and a case, each shown before it is made."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from api_world import Api, Person, open_api
from pydantic import SecretStr
from test_turn_lane import answer_all

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput
from griot.evals.check import check_suite
from griot.evals.pool import Plan, run_suite
from griot.evals.suite import load_suite
from griot.knowledge.corrections import service as corrections
from griot.knowledge.faq import service as faq
from griot.knowledge.faq.models import NewFaq
from griot.tools.conversations import inbox
from griot.tools.ratings import making, service, suite
from house_world import Number, article, message, phone

ASKED = "Bonsoir c'est Fatou Ndiaye, vous livrez à Thiès ? mon numéro 77 123 45 67"
RIGHT = "Oui Fatou, on livre aussi à Thiès, c'est 2 500 F."


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(api: Api) -> Number:
    return await api.world.number(article("ROBE1", 5), article("SAC2", 3))


@pytest.fixture
async def owner(api: Api, number: Number) -> Person:
    return await api.person(number)


async def reply_to(api: Api, number: Number, text: str, name: str = "Fatou Ndiaye") -> tuple[int, int]:
    """The thread of a buyer who wrote this, and the agent's reply."""
    world = api.world
    await world.receive(number, message(text, world.clock.now(), name=name))
    await answer_all(world, number)
    thread = await world.thread(number)
    async with world.db.transaction(number.shop.id) as tx:
        said, _ = await inbox.entries(tx, thread, 10, (None, None))
    return thread, next(entry.id for entry in said if entry.by == "agent")


async def rated(api: Api, number: Number, owner: Person, **given: object) -> int:
    thread, reply = await reply_to(api, number, ASKED)
    answer = await api.post(owner, f"/conversations/{thread}/messages/{reply}/ratings", {"good": False, **given})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


async def test_one_rating_a_reply_and_person_which_may_change_its_mind(api: Api, number: Number, owner: Person) -> None:
    thread, reply = await reply_to(api, number, "ROBE1")
    other = await api.person(number, role="agent", email="other@example.com")
    path = f"/conversations/{thread}/messages/{reply}/ratings"
    first = (await api.post(owner, path, {"good": True})).json()
    again = (await api.post(owner, path, {"good": False, "correction": "Non"})).json()
    assert first["id"] == again["id"]
    assert (again["good"], again["correction"], again["intent"]) == (False, "Non", "take")
    assert (await api.post(other, path, {"good": True})).json()["id"] != first["id"]
    assert len((await api.get(owner, "/ratings")).json()["items"]) == 2
    [down] = (await api.get(owner, "/ratings", good=False)).json()["items"]
    assert down["actor"] == f"user:{owner.id}"
    async with api.world.db.transaction(number.shop.id) as tx:
        since = api.world.clock.now()
        assert await service.by_intent(tx, since) == [{"intent": "take", "up": 1, "down": 1}]
        assert await service.per_day(tx, since) == [{"day": since.date(), "intent": "take", "up": 1, "down": 1}]


async def test_only_a_reply_of_the_agent_in_that_thread_is_rated(api: Api, number: Number, owner: Person) -> None:
    thread, reply = await reply_to(api, number, "ROBE1")
    await api.post(owner, f"/conversations/{thread}/take-over")
    own = (await api.post(owner, f"/conversations/{thread}/messages", {"text": "C'est moi"})).json()["id"]
    for where, what in ((thread, own), (thread, 10_000), (thread + 1, reply)):
        refused = await api.post(owner, f"/conversations/{where}/messages/{what}/ratings", {"good": True})
        assert refused.status_code == 404, refused.text
    path = f"/conversations/{thread}/messages/{reply}/ratings"
    assert (await api.post(owner, path, {"good": False, "right_intent": "nonsense"})).status_code == 422


async def test_a_correction_becomes_an_answer_of_the_shop(api: Api, number: Number, owner: Person) -> None:
    rating = await rated(api, number, owner, correction=RIGHT)
    async with api.world.db.transaction(number.shop.id, actor="user:1") as tx:
        draft = await making.draft_faq(tx, rating)
        assert "Fatou" not in draft.question + draft.answer and "123 45" not in draft.question
        assert draft.replaces is None
        assert await faq.entries(tx) == {}  # shown, not made
        made = await making.make_faq(tx, rating, "Vous livrez à Thiès ?", "Oui, 2 500 F.", api.world.clock.now())
        assert (await faq.entries(tx))[made.key].answer == "Oui, 2 500 F."
        assert (await making.draft_faq(tx, rating, "vous livrez à thiès", "Non")).replaces == "Oui, 2 500 F."
        assert (await service.load(tx, rating)).uses == {"faq": made.key}


async def test_a_right_intent_becomes_an_example_of_the_interpreter(api: Api, number: Number, owner: Person) -> None:
    without = await rated(api, number, owner)
    async with api.world.db.transaction(number.shop.id) as tx:
        with pytest.raises(InvalidInput):
            await making.draft_example(tx, without)
    rating = await rated(api, number, owner, right_intent="delivery_ask")
    async with api.world.db.transaction(number.shop.id) as tx:
        draft = await making.draft_example(tx, rating)
        assert "Ndiaye" not in draft.words and draft.intent == "delivery_ask"
        assert await corrections.corrections(tx) == ()
        await making.make_example(tx, rating, api.world.clock.now())
        assert [(one.words, one.intent) for one in await corrections.corrections(tx)] == [(draft.words, "delivery_ask")]


async def test_a_rated_reply_becomes_a_case_that_the_harness_runs(
    api: Api, number: Number, owner: Person, server_url: str, tmp_path: Path
) -> None:
    world = api.world
    async with world.db.transaction(number.shop.id) as tx:
        await faq.save(tx, [NewFaq("horaires", "Vous ouvrez quand ?", "De 9 h à 19 h.")], world.clock.now())
    await reply_to(api, number, "SAC2")
    world.clock.advance(timedelta(minutes=1))
    rating = await rated(api, number, owner, correction=RIGHT, right_intent="delivery_ask")
    async with world.db.transaction(number.shop.id, actor="user:1") as tx:
        draft = await making.draft_case(tx, rating)
        assert await service.cases(tx, 10) == []
        await making.make_faq(
            tx, rating, "Vous livrez à Thiès ?", "Oui, on livre à Thiès : 2 500 F.", world.clock.now()
        )
        case_id = await making.make_case(tx, rating, world.clock.now())
        files = await suite.read(tx, number.shop)
    text = json.dumps(draft.content, ensure_ascii=False)
    for private in ("Fatou", "Ndiaye", "123 45 67", phone(1), "Awa"):
        assert private not in text.replace("Chez Awa", "")
    assert "Thiès" in draft.content["turn"]
    assert draft.content["expect"]["must_mention"] == ["2500", "Thiès"]
    assert [entry["kind"] for entry in draft.content["customer"]["history"]] == ["order", "msg", "msg"]

    [listed] = (await api.get(owner, "/eval-cases")).json()["items"]
    assert (listed["id"], listed["rating"]) == (case_id, rating)
    assert {row["code"] for row in listed["articles"]} == {"ROBE1", "SAC2"}
    assert (await api.get(owner, "/ratings")).json()["items"][0]["uses"]["case"] == str(case_id)

    suite.write(tmp_path / "rated", files)
    found = load_suite(tmp_path / "rated")
    report = check_suite(found)
    assert (report["errors"], report["warnings"]) == (0, 0), report["problems"]
    config = world.house.config.model_copy(update={"database_url": SecretStr(server_url)})
    plan = Plan(suite=found.path, jobs=1)
    [line] = await asyncio.to_thread(run_suite, found, plan, config, lambda done, total, line: None)
    assert line["pass"], line["why"]
    assert line["effects"][0]["action"] == "faq"
