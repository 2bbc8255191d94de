"""Runs in the console: the shop's own cases, what is refused, and whose runs one sees."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from test_console_access import visitor
from test_turn_lane import answer_all

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.evals import kept
from griot.evals.kept import Kept
from griot.tools.conversations import inbox
from griot.tools.ratings import making, service
from griot.ui import words
from griot.ui.answering import answer
from griot.ui.desk import Visitor
from griot.ui.views.quality.words import asked_for, effect, number, percent, span
from house_world import Number, World, article, message, open_world


@pytest.fixture
async def world(
    database_url: str, db: Database, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setenv("GRIOT_VOICE_EAR", "")
    async with open_world(database_url, db, clock, data_dir=tmp_path) as opened:
        yield opened


async def act(who: Visitor, shop: Number, name: str, **data: str) -> dict[str, str]:
    return await answer(who, {"at": "/quality", "shop": shop.shop.id, "act": f"quality.{name}", "data": data})


async def ended(world: World, shop: Number) -> Kept:
    async with asyncio.timeout(90):
        while True:
            (run,) = await asyncio.to_thread(kept.listed, world.house.config.data_dir, shop.shop.id)
            if not run.active:
                return run
            await asyncio.sleep(0.1)


async def test_the_cases_of_a_shop_are_run_and_seen_by_nobody_else(world: World) -> None:
    shop, other = await world.number(article("ROBE1", 3)), await world.number(article("ROBE1", 3))
    await world.receive(shop, message("ROBE1", world.clock.now()))
    await answer_all(world, shop)
    thread = await world.thread(shop)
    async with world.db.transaction(shop.shop.id, actor="user:1") as tx:
        said, _ = await inbox.entries(tx, thread, 10, (None, None))
        reply = next(entry.id for entry in said if entry.by == "agent")
        rating = await service.rate(
            tx, thread, reply, good=False, correction="Oui, 15 000 F.", actor="user:1", now=world.clock.now()
        )
        await making.make_case(tx, rating.id, world.clock.now())
    analyst = await visitor(world, shop, "analyst")
    stranger = await visitor(world, other, "owner")
    refused = await act(stranger, other, "run", suite="cases")
    assert words.say("fr", "errors.InvalidInput") in refused["error"], "a shop without cases"
    begun = await act(analyst, shop, "run", suite="cases")
    run = await ended(world, shop)
    assert begun["go"] == f"/quality/run/{run.id}"
    assert (run.state, run.total, run.asked.by) == ("done", 1, "Awa"), (run.folder / "log.txt").read_text()
    for name in ("stop", "forget"):
        assert words.say("fr", "errors.NotFound") in (await act(stranger, other, name, run=run.id))["error"]
    assert "error" in await answer(stranger, {"at": f"/quality/run/{run.id}", "shop": other.shop.id})
    assert "error" not in await answer(analyst, {"at": f"/quality/run/{run.id}?show=all", "shop": shop.shop.id})
    assert (await act(analyst, shop, "forget", run=run.id))["go"] == "/quality"
    kinds = await world.rows(shop.shop.id, "SELECT kind, actor FROM events WHERE shop_id = %(shop)s AND kind ~ '^eval'")
    assert [row["kind"] for row in kinds] == ["eval.asked", "eval.forgotten"]
    assert all(row["actor"] == f"user:{analyst.session.user_id}" for row in kinds)


async def test_only_suites_that_are_there_are_run(world: World) -> None:
    shop = await world.number(article("ROBE1", 3))
    who = await visitor(world, shop, "analyst")
    for suite in ("nowhere", "../suites", "/etc", ""):
        assert words.say("fr", "errors.NotFound") in (await act(who, shop, "run", suite=suite))["error"], suite
    assert (
        words.say("fr", "errors.InvalidInput") in (await act(who, shop, "run", suite="street", model="model"))["error"]
    ), "there is no language model"
    assert kept.listed(world.house.config.data_dir, shop.shop.id) == []


async def test_a_suite_that_cannot_be_read_is_said_to_be_so_and_the_others_are_there(world: World) -> None:
    shop = await world.number(article("ROBE1", 3))
    broken = world.house.config.data_dir / "suites" / "broken"
    (broken / "shops").mkdir(parents=True)
    (broken / "shops" / "shops.json").write_text("{}")
    (broken / "turns.jsonl").write_bytes(b"\xff\xfe\x00")
    shown = await answer(await visitor(world, shop, "analyst"), {"at": "/quality?from=\u00b2", "shop": shop.shop.id})
    assert words.say("fr", "quality.unreadable").partition(":")[0] in shown["parts"]["suites"]
    assert "street" in shown["parts"]["suites"]


def test_figures_are_written_as_people_write_them() -> None:
    assert (percent("fr", 0.9142), percent("en", 0.9142), percent("fr", None)) == ("91,4 %", "91.4 %", "–")
    assert (number("fr", 12345.6, 1), number("en", 12345.6, 1)) == ("12\u202f345,6", "12,345.6")
    times = [span("fr", seconds) for seconds in (None, 0.18, 1.5, 250, 7500, 3 * 86400)]
    assert times == ["–", "180 ms", "1,5 s", "4 min 10", "2 h 05", "3 j"]


def test_effects_and_expectations_are_told_in_a_line_each() -> None:
    held = {"action": "reserve", "product": "ROBE1", "quantity": 2, "variant": {"taille": "M"}, "order": "LP-1"}
    assert effect(held) == "reserve · 2 × ROBE1 (M) · order: LP-1"
    assert effect({"action": "quote", "lines": [{"product": "SAC2", "quantity": 3}]}) == "quote · 3 × SAC2"
    expect = {"action": "faq", "alt": ["escalate"], "must_mention": ["2500"], "must_not": "action:reserve"}
    assert asked_for("en", expect) == ["faq", "or: escalate", "says: 2500", "never: action:reserve"]
    assert asked_for("en", None) == []
