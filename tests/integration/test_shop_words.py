"""What buyers read when a shop has its own words, and when it is closed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from acts_world import Stall, open_stall

from griot.agent import acts
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.hours import WEEKDAYS
from griot.core.tenancy import load_shop
from griot.core.texts import text
from griot.knowledge.faq import service as faq
from griot.tools.live import service as live
from griot.tools.shops import hours, wording
from griot.tools.shops.service import change_settings, change_shop
from griot.worker.clockwork import Clockwork
from griot.worker.turns import TurnLane
from house_world import message, phone

# Sunday 15 February 2026, 20:00 in Dakar: closed since Saturday, open again on Monday.
WEEK = {"week": {day: [["09:00", "18:00"]] for day in WEEKDAYS[:6]}}
CLOSED = "est fermé pour le moment, réouverture demain à 09:00"


@pytest.fixture
async def stall(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(database_url, db, clock) as opened:
        yield opened


async def set_hours(stall: Stall, given: Any = WEEK) -> None:
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await change_settings(tx, {"opening_hours": given}, stall.world.clock.now())


async def word(stall: Stall, name: str, words: str, language: str = "fr") -> None:
    async with stall.world.db.transaction(stall.number.shop.id, actor="user:7") as tx:
        await wording.save(tx, language, name, words, stall.world.clock.now())


async def test_the_shops_own_greeting_is_said_from_the_next_message_on(stall: Stall) -> None:
    (before,) = await stall.does(acts.Greet())
    await word(stall, "conversation.greet", "Bienvenue dans ma boutique, {shop} 💃")
    (after,) = await stall.does(acts.Greet())
    assert "Bienvenue, ici" in before.text and after.text == "Bienvenue dans ma boutique, Chez Awa 💃"
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await wording.reset(tx, "fr", "conversation.greet", stall.world.clock.now())
    (again,) = await stall.does(acts.Greet())
    assert again.text == before.text


async def test_another_shop_and_another_language_keep_the_houses_words(stall: Stall) -> None:
    await word(stall, "conversation.greet", "Que pour nous")
    (english,) = await stall.does(acts.Greet(), language="en")
    assert "Que pour nous" not in english.text
    other = await stall.world.number()
    lane = TurnLane(stall.world.house)
    for number in (stall.number, other):
        await stall.world.receive(number, message("bonsoir", stall.world.clock.now(), 9))
    for _ in range(2):
        for number in (stall.number, other):
            await lane.work(number.shop.id)
    await lane.drain(20)
    (own,) = await stall.world.told(stall.number, phone(9))
    (foreign,) = await stall.world.told(other, phone(9))
    assert own.text == "Que pour nous" and "Bienvenue" in foreign.text


async def test_reminders_and_endings_are_in_the_shops_words_too(stall: Stall) -> None:
    await word(stall, "reservation.reminder", "Vite ! {left} {basket} {total}")
    await word(stall, "reservation.expired", "Trop tard pour {basket} : renvoie {codes}")
    await stall.writes("GAT1")
    clockwork = Clockwork(stall.world.house)
    stall.world.clock.advance(timedelta(minutes=8))
    await clockwork.due(stall.number.shop.id)
    stall.world.clock.advance(timedelta(minutes=5))
    await clockwork.due(stall.number.shop.id)
    reminder, expired = (await stall.told())[-2:]
    assert reminder.text.startswith("Vite ! ") and expired.text.startswith("Trop tard pour ")


async def test_who_writes_while_it_is_closed_is_told_once(stall: Stall) -> None:
    await set_hours(stall)
    (first,) = await stall.does(acts.Greet())
    assert CLOSED in first.text and "Bienvenue" in first.text
    (second,) = await stall.does(acts.Thanks())
    assert CLOSED not in second.text
    stall.world.clock.advance(timedelta(days=1, hours=1))  # Monday evening: another closed time
    (third,) = await stall.does(acts.Thanks())
    assert "fermé" in third.text and "demain à 09:00" in third.text


async def test_sales_by_code_go_on_while_it_is_closed(stall: Stall) -> None:
    await set_hours(stall)
    replies = await stall.writes("GAT1")
    assert CLOSED in replies[0].text and await stall.held() == {"GAT1": 1}
    assert replies[-1].choices, "what can be tapped stays last"


async def test_a_handover_says_when_somebody_is_back(stall: Stall) -> None:
    await set_hours(stall)
    await stall.does(acts.Greet())
    (reply,) = await stall.does(acts.Escalate("human"))
    assert text("fr", "conversation.back", opens="demain à 09:00") in reply.text


async def test_open_hours_and_lives_say_nothing_of_it(stall: Stall) -> None:
    await set_hours(stall, {"week": {"sun": [["08:00", "23:00"]]}})
    (reply,) = await stall.does(acts.Greet())
    assert "fermé" not in reply.text
    await set_hours(stall)
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await live.start(tx, await load_shop(tx), "Live", [], stall.world.clock.now())
    (reply,) = await stall.does(acts.Greet())
    assert "fermé" not in reply.text


async def test_the_hours_of_the_settings_answer_when_the_faq_does_not(stall: Stall) -> None:
    """The stall's own FAQ has an answer about its hours, so that one is given."""
    await set_hours(stall)
    await stall.does(acts.Greet())
    assert hours.KEY not in stall.mind.asked[-1].faq
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await faq.retire(tx, "hours", stall.world.clock.now())
    lane = TurnLane(stall.world.house)  # with the real interpreter
    questions = ("vous êtes ouverts ?", "are you open on Sunday?", "Amin'ny firy ianareo no misokatra?")
    for n, said in enumerate(questions, 20):
        await stall.world.receive(stall.number, message(said, stall.world.clock.now(), n))
    await lane.work(stall.number.shop.id)
    await lane.drain(60)
    french, english, malagasy = [(await stall.world.told(stall.number, phone(n)))[0].text for n in (20, 21, 22)]
    assert "C'est fermé pour le moment" in french and "Lundi – samedi : 09:00 – 18:00\nDimanche : fermé" in french
    assert "We are closed right now" in english and "Monday – Saturday" in english
    assert "Mikatona izao" in malagasy
    assert "*Chez Awa*" not in french, "what has just been said is not said again"


async def test_what_the_shop_is_can_be_changed_and_is_written_down(stall: Stall) -> None:
    world = stall.world
    async with world.db.transaction(stall.number.shop.id, actor="user:7") as tx:
        shop = await change_shop(
            tx, {"name": " Chez  Aïda ", "segment": "shop", "vendor_phone": "77 555 44 33"}, world.clock.now()
        )
    assert (shop.name, shop.segment, shop.vendor_phone, shop.timezone) == (
        "Chez Aïda",
        "shop",
        "221775554433",
        "Africa/Dakar",
    )
    (event,) = await stall.rows("SELECT * FROM events WHERE shop_id = %(shop)s AND kind = 'shop.changed'")
    assert event["actor"] == "user:7" and event["data"] == {"what": ["name", "segment", "vendor_phone"]}
