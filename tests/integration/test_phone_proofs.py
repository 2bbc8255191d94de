"""A number given on Instagram or Messenger is asked about on WhatsApp, once; only a yes from there makes one person."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from direct_world import Stall, both, open_stall

from griot.channels.model import Choice
from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.whatsapp.messages import Template
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.conversations import service as conversations
from griot.tools.shops.service import connect_account
from house_world import APP_SECRET

NUMBER = "106540000000001"
BINTA = "221781234567"
WRITTEN = "78 123 45 67"
GIVEN = f"mon numéro c'est {WRITTEN}"


@pytest.fixture
async def stall(channel: str, database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    """A shop on two channels: the one of the test, and WhatsApp."""
    async with open_stall(channel, database_url, db, clock) as opened:
        async with db.transaction(opened.shop.id) as tx:
            await connect_account(
                tx, opened.world.house.keyring, "whatsapp", NUMBER, display="+221", token="number", now=clock.now()
            )
        opened.simulator.create_account(
            NUMBER,
            token="number",
            app_secret=APP_SECRET,
            webhook_url=f"{opened.http.base_url}/webhooks/whatsapp",
            statuses={},
        )
        yield opened


async def on_whatsapp(stall: Stall, phone: str = BINTA, name: str = "Binta") -> Phone:
    """Somebody who has written on WhatsApp."""
    binta = await Phone.on(LocalLine(stall.simulator, NUMBER), phone, name=name)
    await binta.say("bonjour")
    await stall.go()
    return binta


async def gives(stall: Stall, words: str = GIVEN, n: int = 1) -> Phone:
    """Somebody who writes this on the other channel."""
    other = await stall.buyer(n)
    await other.say(words)
    await stall.go()
    return other


async def questions(phone: Phone) -> list[Choice]:
    """The buttons to say that it is oneself, of all messages on the phone."""
    return [c for shown in await phone.inbox() for c in shown.choices if c.id.startswith("mine:")]


async def links(stall: Stall) -> list[Any]:
    rows = await stall.rows("SELECT proof FROM customer_links WHERE shop_id = %(shop)s AND undone_at IS NULL")
    return [row["proof"] for row in rows]


@both
async def test_a_yes_makes_one_person(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    await gives(stall)
    (yes,) = await questions(binta)
    asked = (await binta.inbox())[-1]
    assert stall.channel.title() in asked.text
    assert await links(stall) == []
    await binta.tap(yes.id)
    await stall.go()
    assert await links(stall) == ["phone"]
    assert "comptent" in (await binta.inbox())[-1].text


@both
async def test_a_no_changes_nothing_and_is_the_last_word(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    other = await gives(stall)
    (yes,) = await questions(binta)
    await binta.tap(yes.id.replace("mine", "not_mine"))
    await stall.go()
    await binta.tap(yes.id)
    await other.say(GIVEN)
    await stall.go()
    assert await links(stall) == []
    assert len(await questions(binta)) == 1


@both
async def test_it_is_asked_once_and_with_an_address_too(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    other = await gives(stall, f"livrez à Mermoz, villa 12, tel {WRITTEN}")
    await other.say(GIVEN)
    await stall.go()
    assert len(await questions(binta)) == 1


@both
async def test_the_number_alone_merges_nobody_and_one_that_never_wrote_is_not_asked(stall: Stall) -> None:
    await gives(stall)
    binta = await on_whatsapp(stall)
    assert await questions(binta) == []
    assert await links(stall) == []
    assert await stall.rows("SELECT FROM phone_proofs WHERE shop_id = %(shop)s") == []


@both
async def test_a_number_in_public_or_beside_another_is_not_asked_about(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    awa = await stall.buyer()
    await awa.comment(f"je prends ROBE1, {WRITTEN}", on=await stall.vendor(publish="feed"))
    await awa.say("appelez le 78 123 45 67 ou le 77 111 22 33")
    await stall.go()
    assert await questions(binta) == []


@both
async def test_a_number_is_not_pestered(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    for n in (1, 2, 3):
        await gives(stall, n=n)
    assert len(await questions(binta)) == 1


@both
async def test_outside_the_window_the_template_asks(stall: Stall) -> None:
    template = Template("is_it_you", "fr", "Sur {{1}} ? C'est toi ?", buttons=("Oui, c'est moi", "Non"))
    stall.simulator.add_template(NUMBER, template)
    binta = await on_whatsapp(stall)
    stall.world.clock.advance(timedelta(days=2))
    await gives(stall)
    assert (await binta.inbox())[-1].text == f"Sur {stall.channel.title()} ? C'est toi ?"
    (yes,) = await questions(binta)
    await binta.tap(yes.id)
    await stall.go()
    assert await links(stall) == ["phone"]


@both
async def test_without_the_template_it_is_asked_when_it_is_given_again_in_time(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    stall.world.clock.advance(timedelta(days=2))
    other = await gives(stall)
    assert await questions(binta) == []
    await binta.say("bonjour")
    await other.say(GIVEN)
    await stall.go()
    assert len(await questions(binta)) == 1


@both
async def test_whom_a_person_answers_is_not_asked(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    (thread,) = await stall.rows(
        "SELECT c.id FROM conversations c JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id"
        " WHERE c.shop_id = %(shop)s AND a.channel = 'whatsapp'"
    )
    async with stall.world.db.transaction(stall.shop.id) as tx:
        await conversations.take_over(tx, thread["id"], stall.world.clock.now())
    await gives(stall)
    assert await questions(binta) == []


@both
async def test_the_answer_of_somebody_else_is_none(stall: Stall) -> None:
    """A button's id that another phone sends back is no proof."""
    binta = await on_whatsapp(stall)
    stranger = await on_whatsapp(stall, "221770000099", "Moussa")
    await gives(stall)
    (yes,) = await questions(binta)
    reply = {"type": "button_reply", "button_reply": {"id": yes.id, "title": yes.title}}
    await stranger.send("interactive", reply)
    await stall.go()
    assert await links(stall) == []
    await binta.tap(yes.id)
    await stall.go()
    assert await links(stall) == ["phone"]


@both
async def test_who_is_one_already_is_not_asked_and_a_late_yes_changes_nothing(stall: Stall) -> None:
    binta = await on_whatsapp(stall)
    other = await gives(stall)
    (yes,) = await questions(binta)
    stall.world.clock.advance(timedelta(days=8))
    await binta.tap(yes.id)
    await stall.go()
    assert await links(stall) == []
    await other.say(GIVEN)
    await stall.go()
    assert len(await questions(binta)) == 1
