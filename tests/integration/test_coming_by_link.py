"""Who opens the link or scans the QR code of an article is shown it; nothing is held until they say so."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from griot.channels.model import Reply
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.worker.turns import TurnLane
from house_world import Number, World, article, message, open_world, phone


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 5), article("SAC2", 5, 8_000))


async def comes(
    world: World, number: Number, text: str | None = None, kind: str = "system", **payload: Any
) -> list[Reply]:
    """What a buyer is told who comes so."""
    await world.receive(number, message(text, world.clock.now(), kind=kind, **payload))
    lane = TurnLane(world.house)
    while await lane.work(number.shop.id) is not None:
        pass
    await lane.drain(20)
    return await world.told(number, phone(1))


def by_link(ref: str) -> dict[str, Any]:
    return {"type": "referral", "referral": {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}}


@pytest.mark.parametrize("ref", ["ROBE1", "robe 1"])
async def test_the_article_of_a_link_is_shown_and_not_held(world: World, number: Number, ref: str) -> None:
    [shown] = await comes(world, number, **by_link(ref))
    assert "*Article ROBE1*" in shown.text and "15 000 F CFA" in shown.text
    assert [choice.title for choice in shown.choices] == ["JE PRENDS", "LE VENDEUR"]
    assert await world.rows(number.shop.id, "SELECT id FROM orders WHERE shop_id = %(shop)s") == []
    [thread] = await world.rows(number.shop.id, "SELECT last_inbound_at FROM conversations WHERE shop_id = %(shop)s")
    assert thread["last_inbound_at"] is not None, "opening a link opens the window"
    taken = await comes(world, number, "oui", kind="text")
    assert "C'est réservé" in taken[-1].text


async def test_the_first_conversation_is_opened_by_a_button(world: World, number: Number) -> None:
    context = {"referral": {"ref": "SAC2", "source": "SHORTLINK", "type": "OPEN_THREAD"}}
    [shown] = await comes(world, number, "Démarrer", kind="choice", id="get_started", context=context)
    assert "*Article SAC2*" in shown.text


@pytest.mark.parametrize("ref", ["summer_campaign", "ROBE99", "", "griot-abcdefghijklmnopqrst"])
async def test_what_names_no_article_is_not_answered(world: World, number: Number, ref: str) -> None:
    assert await comes(world, number, **by_link(ref)) == []
