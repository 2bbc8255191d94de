"""A link made for a buyer of one channel and opened in another makes both one person, once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from griot.api.app import attach, create_app
from griot.channels.signature import sign
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict, NotFound
from griot.tools.customers import invitations
from griot.tools.customers.invitations import Invitation
from griot.tools.shops.service import connect_account
from griot.worker.turns import TurnLane
from house_world import APP_SECRET, Number, World, article, open_world

PAGE = "1122334455"


@dataclass
class Corner:
    """A shop with a WhatsApp number and a Messenger page, and the API before it."""

    world: World
    number: Number
    http: httpx.AsyncClient
    known: list[str] = field(default_factory=list)

    async def on_whatsapp(self, n: int = 1) -> int:
        """A buyer who has written on WhatsApp; returns the record."""
        thread = await self.world.thread(self.number, n)
        (row,) = await self.rows(f"SELECT customer_id FROM conversations WHERE shop_id = %(shop)s AND id = {thread}")
        return int(row["customer_id"])

    async def on_messenger(self, psid: str, *, text: str | None = None, ref: str | None = None) -> int:
        """The page is written to, or reached by a link; returns the record of whoever did it."""
        mid = f"m_{len(self.known)}"
        self.known.append(mid)
        event: dict[str, Any] = {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": 1_770_000_000_000}
        if text is not None:
            event["message"] = {"mid": mid, "text": text}
        else:
            event["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        await self.deliver({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [event]}]})
        (row,) = await self.rows(
            f"SELECT customer_id FROM identities WHERE shop_id = %(shop)s AND external_id = 'user:{psid}'"
        )
        return int(row["customer_id"])

    async def deliver(self, body: dict[str, Any]) -> None:
        raw = orjson.dumps(body)
        answer = await self.http.post(
            "/webhooks/messenger", content=raw, headers={"X-Hub-Signature-256": sign(APP_SECRET, raw)}
        )
        assert answer.status_code == 200, answer.text

    async def invite(self, customer_id: int) -> Invitation:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await invitations.invite(tx, self.number.shop, customer_id, self.world.clock.now())

    async def rows(self, query: str) -> list[dict[str, Any]]:
        return await self.world.rows(self.number.shop.id, query)

    async def links(self) -> list[tuple[int, int, str]]:
        rows = await self.rows("SELECT * FROM customer_links WHERE shop_id = %(shop)s ORDER BY id")
        return [(row["one_id"], row["other_id"], row["proof"]) for row in rows]


def ref_in(invitation: Invitation) -> str:
    """The reference that the link to Messenger brings along."""
    return invitation.addresses["messenger"].partition("?ref=")[2]


@pytest.fixture
async def corner(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Corner]:
    async with open_world(database_url, db, clock) as world:
        number = await world.number(article("ROBE1", 5))
        async with db.transaction(number.shop.id) as tx:
            await connect_account(
                tx,
                world.house.keyring,
                "messenger",
                PAGE,
                display="Chez Awa",
                token="token",
                app_secret=APP_SECRET,
                now=clock.now(),
            )
        app = create_app(world.house.config)
        attach(app, world.house)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as http:
            yield Corner(world, number, http)


async def test_a_link_opened_in_the_other_channel_makes_one_person(corner: Corner) -> None:
    awa = await corner.on_whatsapp()
    invitation = await corner.invite(awa)
    assert list(invitation.addresses) == ["messenger"]
    assert invitation.addresses["messenger"].startswith(f"https://m.me/{PAGE}?ref=griot-")
    psid = await corner.on_messenger("77", ref=ref_in(invitation))
    assert await corner.links() == [(awa, psid, "link")]
    merged = await corner.rows("SELECT data FROM events WHERE shop_id = %(shop)s AND kind = 'customer.merged'")
    assert [row["data"]["proof"] for row in merged] == ["link"]


async def test_words_ready_on_whatsapp_prove_it_too_and_are_answered_as_a_greeting(corner: Corner) -> None:
    fatou = await corner.on_messenger("88", text="Bonjour")
    invitation = await corner.invite(fatou)
    assert invitation.addresses["whatsapp"].startswith("https://wa.me/221338000000?text=Bonjour%20%21%20griot-")

    awa = await corner.on_whatsapp()  # and back, in words
    binta = await corner.on_messenger("99", text=f"Bonjour ! {ref_in(await corner.invite(awa)).upper()}")
    assert await corner.links() == [(awa, binta, "link")]
    turns = TurnLane(corner.world.house)
    while await turns.work(corner.number.shop.id) is not None:
        pass
    await turns.drain(20)
    said = await corner.rows(
        "SELECT o.reply ->> 'text' AS text FROM outbox o JOIN conversations c ON c.shop_id = o.shop_id"
        f" AND c.id = o.conversation_id WHERE o.shop_id = %(shop)s"
        f" AND c.customer_id IN ({fatou}, {binta}) ORDER BY o.id"
    )
    assert len(said) == 2
    assert said[0] == said[1]


async def test_a_link_is_good_once_for_somebody_else_and_for_half_an_hour(corner: Corner) -> None:
    awa, binta = await corner.on_whatsapp(1), await corner.on_whatsapp(2)
    first = ref_in(await corner.invite(awa))
    one = await corner.on_messenger("1", ref=first)
    await corner.on_messenger("2", ref=first)
    late = ref_in(await corner.invite(binta))
    corner.world.clock.advance(timedelta(minutes=31))
    await corner.on_messenger("3", ref=late)
    await corner.on_messenger("4", ref="griot-aaaaaaaaaaaaaaaaaaaa")
    assert await corner.links() == [(awa, one, "link")]
    with pytest.raises(Conflict):  # known in every channel
        await corner.invite(awa)
    with pytest.raises(NotFound):
        await corner.invite(999_999)


async def test_whoever_is_known_in_the_same_channel_under_another_name_is_not_merged(corner: Corner) -> None:
    """Somebody sent the link on to a friend whom the shop knows."""
    awa, binta = await corner.on_whatsapp(1), await corner.on_whatsapp(2)
    friend = await corner.on_messenger("5", ref=ref_in(await corner.invite(binta)))
    await corner.on_messenger("5", ref=ref_in(await corner.invite(awa)))
    assert await corner.links() == [(binta, friend, "link")]
    refused = await corner.rows("SELECT data FROM events WHERE shop_id = %(shop)s AND kind = 'customer.merge_refused'")
    assert [row["data"] for row in refused] == [{"customers": [awa, friend]}]


async def test_nothing_that_is_not_the_buyers_own_private_message_proves_anything(corner: Corner) -> None:
    awa = await corner.on_whatsapp()
    ref = ref_in(await corner.invite(awa))
    echo = {"mid": "m_echo", "text": ref, "is_echo": True}
    event = {"sender": {"id": PAGE}, "recipient": {"id": "6"}, "timestamp": 1, "message": echo}
    await corner.deliver({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [event]}]})
    value = {"item": "comment", "verb": "add", "comment_id": "9_1", "post_id": "9", "from": {"id": "7"}, "message": ref}
    change = {"field": "feed", "value": value}
    await corner.deliver({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [change]}]})
    assert await corner.links() == []
