"""Files of buyers and our documents, as the console opens them; and what is suggested as an answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from test_turn_lane import answer_all

from griot.channels.errors import ChannelError, ErrorClass
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import NotFound
from griot.core.tenancy import load_shop
from griot.knowledge.faq import service as faq
from griot.knowledge.faq.models import NewFaq
from griot.tools.conversations import files, inbox
from griot.tools.conversations.suggesting import suggest
from griot.tools.quotes import documents
from griot.tools.users.models import Access
from griot.tools.users.scopes import ROLE_SCOPES
from griot.ui.desk import Desk
from griot.ui.views import FILES
from house_world import Number, World, article, message, open_world

JPEG = b"\xff\xd8\xff\xe0 a picture"


@dataclass
class Phones:
    """The far end: gives a file as often as it is asked, until it forgets it."""

    has: bytes | None = JPEG
    asked: list[dict[str, Any]] = field(default_factory=list)

    def inlet(self, line: Any) -> "Phones":
        return self

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        self.asked.append(payload)
        if self.has is None:
            raise ChannelError("The file is gone.", ErrorClass.FINAL)
        return self.has


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number(article("ROBE1", 5))


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Phones:
    far_end = Phones()
    monkeypatch.setattr(files, "channel", lambda name: far_end)
    return far_end


def desk(world: World, number: Number) -> Desk:
    return Desk(world.house, Access(number.shop.id, "user:1", ROLE_SCOPES["agent"], "agent"), "fr")


async def received(world: World, number: Number, kind: str, **payload: Any) -> int:
    await world.receive(number, message(None, world.clock.now(), kind=kind, **payload))
    [row] = await world.rows(number.shop.id, "SELECT max(id) AS id FROM messages WHERE shop_id = %(shop)s")
    return int(row["id"])


async def test_a_picture_is_fetched_once_and_outlives_the_channel(world: World, number: Number, phones: Phones) -> None:
    picture = await received(world, number, "image", media_id="7", mime_type="image/jpeg")
    open_file = FILES["inbox.received"].open
    first = await open_file(desk(world, number), {"message": str(picture)})
    phones.has = None
    again = await open_file(desk(world, number), {"message": str(picture)})
    assert first.body == again.body == JPEG
    assert first.headers["content-type"] == "image/jpeg"
    assert [payload["media_id"] for payload in phones.asked] == ["7"]
    with pytest.raises(ChannelError):
        await open_file(desk(world, number), {"message": await received(world, number, "image", media_id="8")})


async def test_what_could_run_in_a_browser_is_only_saved(world: World, number: Number, phones: Phones) -> None:
    phones.has = b"<script>alert(1)</script>"
    page = await received(
        world, number, "document", media_id="7", mime_type="text/html", filename='a"b\r\nSet-Cookie: x.html'
    )
    answer = await FILES["inbox.received"].open(desk(world, number), {"message": page})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="abSet-Cookiex.html"'


async def test_a_voice_note_is_played_from_what_was_heard(world: World, number: Number, phones: Phones) -> None:
    note = await received(world, number, "voice", media_id="7", mime_type="audio/ogg; codecs=opus")
    async with world.db.transaction(number.shop.id) as tx:
        await tx.execute(
            "INSERT INTO hearings (shop_id, message_id, status, content, mime, next_at, done_at)"
            " VALUES (current_shop(), %s, 'heard', 'OggS', 'audio/ogg; codecs=opus', now(), now())",
            (note,),
        )
    answer = await FILES["inbox.received"].open(desk(world, number), {"message": note})
    assert (answer.body, answer.headers["content-type"]) == (b"OggS", "audio/ogg")
    assert phones.asked == []


async def test_nothing_of_another_shop_and_nothing_without_a_file(world: World, number: Number, phones: Phones) -> None:
    theirs = await world.number(article("ROBE1", 5))
    picture = await received(world, theirs, "image", media_id="7")
    text = await received(world, number, "text")
    async with world.db.transaction(theirs.shop.id) as tx:
        await tx.execute(
            "INSERT INTO documents (shop_id, kind, filename, mime_type, content, sha256, created_at)"
            " VALUES (current_shop(), 'quote', 'DEV-1.pdf', 'application/pdf', '%PDF', 'x', now())"
        )
    [paper] = await world.rows(theirs.shop.id, "SELECT id FROM documents WHERE shop_id = %(shop)s")
    own = desk(world, number)
    for name, given in (
        ("inbox.received", {"message": picture}),
        ("inbox.received", {"message": text}),
        ("inbox.document", {"number": paper["id"]}),
        ("inbox.picture", {"product": 1_000}),
    ):
        with pytest.raises(NotFound):
            await FILES[name].open(own, given)
    answer = await FILES["inbox.document"].open(desk(world, theirs), {"number": paper["id"]})
    assert answer.headers["content-disposition"] == 'inline; filename="DEV-1.pdf"'
    async with world.db.transaction(theirs.shop.id) as tx:
        assert (await documents.load(tx, paper["id"])).content == b"%PDF"


async def test_what_is_suggested_is_the_agents_else_the_shops_else_a_first_word(world: World, number: Number) -> None:
    async def suggested(text: str, n: int) -> tuple[str, str]:
        await world.receive(number, message(text, world.clock.now(), n, name="Binta Sow"))
        await answer_all(world, number)
        thread = await world.thread(number, n)
        async with world.db.transaction(number.shop.id) as tx:
            found = await suggest(tx, shop, await inbox.thread(tx, thread))
        return found.source, found.text

    async with world.db.transaction(number.shop.id) as tx:
        await faq.save(tx, [NewFaq("horaires", "Quels sont vos horaires ?", "De 9 h à 19 h.")], world.clock.now())
        shop = await load_shop(tx)
    assert await suggested("vous ouvrez à quelle heure ?", 1) == ("faq", "De 9 h à 19 h.")
    assert (await suggested("coucou", 2))[0] == "template"
    waits = (
        "INSERT INTO escalations (shop_id, conversation_id, reason, summary, suggestion, created_at)"
        " VALUES (current_shop(), %s, %s, 'x', %s, now())"
    )
    hours, hello = await world.thread(number, 1), await world.thread(number, 2)
    async with world.db.transaction(number.shop.id) as tx:
        await tx.execute(waits, (hello, "human", "Je suis là."))
        assert (await suggest(tx, shop, await inbox.thread(tx, hello))).text == "Je suis là."
        await tx.execute(waits, (hours, "angry", ""))
        upset = await suggest(tx, shop, await inbox.thread(tx, hours))
        assert upset.source == "template", "who is upset wants a person's words"
