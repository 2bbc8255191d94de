"""People who talk to the real house: what they read on their phones, and what the database says of them."""

import asyncio
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from griot.channels.simulator.model import Shown
from griot.channels.simulator.phones import LocalLine, Phone, Silence
from griot.channels.simulator.social.profile import Profile
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order
from griot.tools.payments.sandbox.payer import Payer
from street import Street

PATIENCE = 30.0
AT_REST = b"""
    SELECT NOT EXISTS (SELECT FROM messages WHERE shop_id = current_shop() AND turn_id IS NULL)
       AND NOT EXISTS (SELECT FROM outbox WHERE shop_id = current_shop() AND status IN ('queued', 'sending', 'unknown'))
           AS rest"""
LONGEST = 1024  # characters; what WhatsApp allows above buttons

_SINGULAR = re.compile(r"\b1 (disponibles|achats|payés|payées|ventes|commandes|articles|purchases|orders)\b")
_AMOUNT = re.compile(r"(\S*\d[\d ]*) F CFA")


def titles(message: Shown) -> list[str]:
    """The buttons under a message, or the rows of its list."""
    return [choice.title for choice in message.choices]


def check_wording(message: Shown) -> None:
    """What holds for every message that the house sends, whatever it says."""
    text = message.text
    lines = text.splitlines()
    assert text == text.strip() and 0 < len(text) <= LONGEST, text
    assert not re.search(r"[{}]|  |\n\n\n|None", text), text
    assert all(above != below for above, below in itertools.pairwise(lines)), f"said twice: {text}"
    assert not _SINGULAR.search(text), text
    for amount in _AMOUNT.findall(text):
        assert re.fullmatch(r"\*?\d{1,3}( \d{3})*", amount), f"{amount} in {text}"
    for title in titles(message):
        assert 0 < len(title) <= (20 if len(message.choices) <= 3 else 24), title


class Person:
    """Somebody with a phone. What they hear is checked, and returned once the house is at rest."""

    def __init__(self, street: Street, phone: Phone, channel: str = "whatsapp") -> None:
        self.street = street
        self.phone = phone
        self._account = street.accounts[channel]
        self._heard = 0

    @classmethod
    async def on(
        cls, street: Street, number: int, name: str = "Aminata Diallo", *, channel: str = "whatsapp", **known: str
    ) -> "Person":
        return cls(street, await street.buyer(number, channel, name=name, **known), channel)

    @classmethod
    async def with_phone(cls, street: Street, phone: str, name: str) -> "Person":
        line = LocalLine(street.simulator, street.venue.phone_number_id)
        return cls(street, await Phone.on(line, phone, name=name))

    async def asks(self, *texts: str) -> Shown:
        """Write, and read the one answer."""
        for text in texts:
            await self.phone.say(text)
        return await self._answer(*texts)

    async def taps(self, choice: str) -> Shown:
        """Tap a button by its title or id, and read the one answer."""
        await self.phone.tap(choice)
        return await self._answer(choice)

    async def taps_id(self, choice_id: str) -> Shown:
        """Tap a button that is not on this phone: an old one, or somebody else's."""
        reply = {"type": "button_reply", "button_reply": {"id": choice_id, "title": "?"}}
        await self.phone.send("interactive", reply)
        return await self._answer(choice_id)

    async def _answer(self, *what: str) -> Shown:
        heard = await self.hears()
        assert len(heard) == 1, f"{what} was answered by {[message.text for message in heard]}"
        return heard[0]

    async def hears(self) -> list[Shown]:
        """What is new on the phone when everything is answered and sent."""
        await self.street.simulator.drained()
        async with asyncio.timeout(PATIENCE):
            while not await self._at_rest():
                await asyncio.sleep(0.02)
        return self._new(await self.phone.inbox())

    async def _at_rest(self) -> bool:
        """Nobody waits for an answer of the house."""
        async with self.street.house.db.transaction(self.street.venue.shop.id) as tx:
            cursor = await tx.execute(AT_REST)
            row = await cursor.fetchone()
        return bool(row and row["rest"])

    async def hears_of(self, wanted: Callable[[Shown], bool] | str, patience: float = PATIENCE) -> Shown:
        """Wait for a message that nobody asked for: a receipt, a reminder, one's turn in line."""
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            inbox = await self.phone.inbox()
            for place, message in enumerate(inbox[self._heard :], start=self._heard):
                if wanted in message.text if isinstance(wanted, str) else wanted(message):
                    self._new(inbox[: place + 1])
                    return message
            if asyncio.get_running_loop().time() > deadline:
                raise Silence(f"{wanted!r} did not come; what did: {[m.text for m in inbox[self._heard :]]}")
            await asyncio.sleep(0.05)

    def _new(self, inbox: list[Shown]) -> list[Shown]:
        new, self._heard = inbox[self._heard :], len(inbox)
        for message in new:
            check_wording(message)
        return new

    async def goes_to_pay(self, means: str = "wave") -> str:
        """From what is held to the payment link."""
        shown = await self.asks(means)
        assert shown.link is not None, shown.text
        return shown.link

    async def pays(self, link: str | None = None, means: str | None = None) -> Shown:
        """Open the link, pay, and read the receipt."""
        await self.at_the_page(link or await self.phone.open_link(), means, "paid")
        return await self.hears_of(lambda message: "purchases" in [choice.id for choice in message.choices])

    async def at_the_page(self, link: str, means: str | None, outcome: Any) -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as browser:
            return await Payer(browser).pay(link, means, outcome)

    # What the database says

    async def rows(self, statement: str) -> list[dict[str, Any]]:
        """Rows about this person; ``%s`` in the statement is the customer's id."""
        async with self.street.house.db.transaction(self.street.venue.shop.id) as tx:
            cursor = await tx.execute(
                "SELECT customer_id FROM identities WHERE shop_id = current_shop() AND external_id = ANY(%s)",
                (self._ids(),),
            )
            row = await cursor.fetchone()
            assert row is not None, "the house has never heard of this person"
            cursor = await tx.execute(statement.encode(), (row["customer_id"],))
            return await cursor.fetchall()

    def _ids(self) -> list[str]:
        """Under which this person is known to the shop."""
        if isinstance(self._account, Profile):
            return [f"user:{self._account.scoped_id(self.street.simulator.person(self.phone.user_id))}"]
        return [f"user:{self.phone.user_id}", f"phone:{self.phone.phone}"]

    async def orders(self) -> list[Order]:
        """Every order of this person, the oldest first."""
        ids = [row["id"] for row in await self.rows("SELECT id FROM orders WHERE customer_id = %s ORDER BY id")]
        async with self.street.house.db.transaction(self.street.venue.shop.id) as tx:
            found = await orders.load_many(tx, ids)
        return [found[id_] for id_ in ids]

    async def order(self) -> Order:
        """The one order of this person."""
        (order,) = await self.orders()
        return order

    async def outcomes(self) -> list[str]:
        """How the turns of this person ended."""
        statement = (
            "SELECT t.outcome FROM turns t JOIN conversations c ON c.shop_id = t.shop_id AND c.id = t.conversation_id"
            " WHERE c.customer_id = %s ORDER BY t.id"
        )
        return [row["outcome"] for row in await self.rows(statement)]

    async def waiting(self) -> list[dict[str, Any]]:
        """The places of this person in the waiting lines, with the options of the article."""
        return await self.rows(
            "SELECT w.status, w.quantity, v.options FROM waitlist w JOIN variants v"
            " ON v.shop_id = w.shop_id AND v.id = w.variant_id WHERE w.customer_id = %s ORDER BY w.id"
        )

    async def escalations(self) -> list[str]:
        """Why this person was put before the vendor."""
        statement = (
            "SELECT e.reason FROM escalations e JOIN conversations c ON c.shop_id = e.shop_id"
            " AND c.id = e.conversation_id WHERE c.customer_id = %s"
        )
        return [row["reason"] for row in await self.rows(statement)]


def held(order: Order) -> dict[str, int]:
    """What an order holds: pieces by code."""
    pieces: dict[str, int] = {}
    for line in order.lines:
        pieces[line.code] = pieces.get(line.code, 0) + line.quantity
    return pieces


def a_file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
