"""The live view from one live to the next, and its summary said aloud where there is a voice."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import NotFound
from griot.core.settings import Settings
from griot.speech.speaking import can_speak
from griot.tools.live import service as live
from griot.tools.users.models import Access
from griot.tools.users.scopes import ROLE_SCOPES
from griot.ui import voice
from griot.ui.desk import Desk
from griot.ui.registry import Address, View
from griot.ui.showing import render
from griot.ui.views import FILES, VIEWS
from house_world import Number, World, article, open_world


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 5), article("SAC2", 5))


def desk(world: World, number: Number) -> Desk:
    return Desk(world.house, Access(number.shop.id, "user:1", ROLE_SCOPES["owner"], "owner"), "fr")


def view() -> View:
    return VIEWS["live"]


async def hold_a_live(world: World, number: Number, title: str, codes: tuple[str, ...] = ()) -> int:
    async with world.db.transaction(number.shop.id) as tx:
        begun = await live.start(tx, number.shop, title, codes, world.clock.now())
        world.clock.advance(timedelta(minutes=30))
        await live.stop(tx, number.shop, world.clock.now())
    return begun.id


async def test_lives_that_are_over_are_listed_a_page_at_a_time(world: World, number: Number) -> None:
    first = await hold_a_live(world, number, "Le premier", ("ROBE1", "SAC2"))
    for n in range(10):
        await hold_a_live(world, number, f"Live {n}")
    shown = await render(view(), desk(world, number), Address("live"))
    assert "Live 9" in shown.parts["history"] and "Le premier" not in shown.parts["history"]
    assert f"#/live/past?before={first + 1}" in shown.parts["history"]
    older = await render(view(), desk(world, number), Address("live", ("past",), {"before": str(first + 1)}))
    assert f'href="#/live/{first}"' in older.parts["history"] and "30 min" in older.parts["history"]


async def test_the_codes_of_the_last_live_are_one_tap_away(world: World, number: Number) -> None:
    await hold_a_live(world, number, "Le premier", ("ROBE1", "SAC2"))
    await hold_a_live(world, number, "Le second")
    shown = await render(view(), desk(world, number), Address("live"))
    assert 'data-text="ROBE1 SAC2"' in shown.parts["start"]


async def test_a_live_of_another_shop_is_not_there(world: World, number: Number) -> None:
    other = await world.number(article("ROBE1", 5))
    theirs = await hold_a_live(world, other, "Ailleurs")
    with pytest.raises(NotFound):
        await render(view(), desk(world, number), Address("live", (str(theirs),)))


async def test_a_summary_is_said_where_there_is_a_voice(
    world: World, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = await hold_a_live(world, number, "Soirée wax")
    said: list[tuple[str, str]] = []

    class Mouth:
        async def say(self, words: str, language: str) -> bytes:
            said.append((words, language))
            return b"OggS"

    monkeypatch.setattr(voice, "_mouths", {0: Mouth()})
    for heard in (True, False):
        monkeypatch.setattr(voice, "can_speak", lambda language, config, heard=heard: heard)
        shown = await render(view(), desk(world, number), Address("live", (str(over),)))
        assert ("<audio" in shown.parts["summary"]) is heard
    for _ in range(2):
        answer = await FILES["live.spoken"].open(desk(world, number), {"live": over})
        assert (answer.body, answer.media_type) == (b"OggS", "audio/ogg")
    [(words, language)] = said
    assert words.startswith("Voici le résumé de ton live. Il a duré 30 minutes.") and language == "fr"
    with pytest.raises(NotFound):
        await FILES["live.spoken"].open(desk(world, number), {"live": over + 1})


def test_nobody_speaks_a_language_without_a_voice() -> None:
    config = Settings(_env_file=None, voice_speakers={"fr": "kokoro:ff_siwis"})
    assert not can_speak("mg", config)
    assert not can_speak("fr", Settings(_env_file=None, voice_speakers={}))
