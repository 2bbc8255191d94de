"""A vendor's corrections: kept by shop, and heard from the next message on."""

import asyncio

import orjson
import pytest
from acts_world import open_stall
from typer.testing import CliRunner

from griot.agent import acts
from griot.agent.interpreter.hearing import Hearing
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput, NotFound
from griot.core.tenancy import load_shop
from griot.knowledge.corrections import service
from griot.tools.shops.service import create_shop

ODD = "c'est le feu ou bien ?"


async def test_the_same_words_keep_the_last_intent_and_caches_notice(
    db: Database, database_url: str, clock: FrozenClock
) -> None:
    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    versions = [shop.catalogue_version]
    for intent in ("praise", "price_ask"):
        async with db.transaction(shop.id) as tx:
            saved = await service.save(tx, f"  {ODD} ", intent, clock.now())
            versions.append((await load_shop(tx)).catalogue_version)
    async with db.transaction(shop.id) as tx:
        kept = await service.corrections(tx)
        assert [(item.words, item.intent) for item in kept] == [(ODD, "price_ask")]
        await service.forget(tx, saved.id)
        assert await service.corrections(tx) == ()
        versions.append((await load_shop(tx)).catalogue_version)
        with pytest.raises(NotFound, match="griot correction list"):
            await service.forget(tx, saved.id)
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("words", "intent", "says"), [(" ", "bye", "1 to 300"), ("x" * 301, "bye", "301"), ("x", "no such", "price_ask")]
)
async def test_what_is_no_correction_is_refused(
    db: Database, database_url: str, clock: FrozenClock, words: str, intent: str, says: str
) -> None:
    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    async with db.transaction(shop.id) as tx:
        with pytest.raises(InvalidInput, match=says):
            await service.save(tx, words, intent, clock.now())


async def test_a_correction_is_heard_in_its_shop_from_the_next_message_on(
    db: Database, database_url: str, clock: FrozenClock
) -> None:
    async with open_stall(database_url, db, clock) as stall:
        shop_id = stall.number.shop.id
        await stall.does(acts.SmallTalk("ok"), said=ODD)
        before = Hearing(stall.mind.asked[-1]).odds
        assert before["status"] < 0.5
        async with db.transaction(shop_id) as tx:
            await service.save(tx, ODD, "status", clock.now())
        await stall.does(acts.SmallTalk("ok"), said=ODD)
        after = Hearing(stall.mind.asked[-1]).odds
    assert after["status"] > 0.9


async def test_the_commands_add_list_and_remove(
    db: Database, database_url: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from griot.cli.main import app

    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    monkeypatch.setenv("DATABASE_URL", database_url)

    async def griot(*arguments: str) -> dict:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["correction", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return orjson.loads(result.stdout)

    assert "price_ask" in (await griot("intents"))["intents"]
    saved = await griot("add", ODD, "--intent", "price_ask", "--shop", shop.slug)
    assert (await griot("list", "--shop", shop.slug))["corrections"] == [saved]
    assert await griot("remove", str(saved["id"]), "--shop", shop.slug) == {"removed": saved["id"]}
    assert (await griot("list", "--shop", shop.slug))["corrections"] == []
