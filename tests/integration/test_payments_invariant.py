"""The books balance after any order of events: no money is lost, none is kept that was not earned."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import orjson
import pytest
from payments_world import KEY, World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import Conflict, FarEndError
from griot.core.money import Money
from griot.tools.orders.models import Order
from griot.tools.payments import signature
from griot.tools.payments.sandbox.state import Checkout, Faults
from griot.tools.payments.service import begin, poll_due

MEANS = ("wave", "orange_money", "card")
SPOILT = (*[Faults()] * 12, Faults(amount="100"), Faults(currency="XAF"), Faults(failure=True))
PROVIDER = (Faults(), Faults(), Faults(), Faults(create="error"), Faults(look_up="error"))


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


class Night:
    """A live night in which everything that can happen happens, in an order drawn by lot."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._lot = random.Random(seed)
        self._orders: list[Order] = []
        self._notices: list[bytes] = []

    async def run(self, steps: int) -> None:
        acts = {
            self._order: 4, self._press: 8, self._pay: 8, self._notice: 4, self._poll: 1,
            self._wait: 2, self._expire: 1, self._cancel: 1, self._provider: 1,
        }  # fmt: skip
        for _ in range(steps):
            await self._lot.choices(list(acts), list(acts.values()))[0]()
        self._world.sandbox.faults = Faults()
        for _ in range(40):  # a day and more of polling, and every notice once again
            self._world.clock.advance(timedelta(hours=1))
            await poll_due(self._world.house, self._world.shop.id, limit=1000)
        for raw in self._lot.sample(self._notices, len(self._notices)):
            await self._send(raw)

    async def _order(self) -> None:
        on_hand, _, _ = await self._world.stock("LAMPE")
        if on_hand:
            quantity = self._lot.randint(1, min(4, on_hand))
            self._orders.append(await self._world.hold("LAMPE", quantity))

    async def _press(self) -> None:
        if self._orders:
            order = self._lot.choice(self._orders[-3:])
            try:
                await begin(self._world.house, self._world.shop.id, order.id, self._lot.choice(MEANS), "fr")
            except (Conflict, FarEndError):
                return

    async def _pay(self) -> None:
        now = self._world.clock.now()
        payable = [c for c in self._world.sandbox.checkouts.values() if c.state(now) == "open"]
        if payable:
            checkout = self._lot.choice(payable)
            checkout.faults = self._lot.choice(SPOILT)
            self._world.sandbox.press(checkout, self._lot.choice(("paid", "paid", "paid", "paid", "failed")))

    async def _notice(self) -> None:
        checkout = self._any_checkout()
        if checkout is None:
            return
        facts = {"id": checkout.id, "reference": checkout.reference}
        notice_id = f"evt_{self._lot.randrange(10**9)}"
        raw = orjson.dumps({"id": notice_id, "type": "checkout.paid", "data": facts})
        self._notices.append(raw)
        await self._send(raw)
        if self._lot.random() < 0.5:
            await self._send(self._lot.choice(self._notices))

    async def _send(self, raw: bytes) -> None:
        headers = {signature.HEADER: signature.sign(KEY, raw, self._world.clock.now())}
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{self._world.url}/webhooks/payments/sandbox", content=raw, headers=headers)
        assert answer.status_code == 200

    async def _poll(self) -> None:
        await poll_due(self._world.house, self._world.shop.id)

    async def _wait(self) -> None:
        self._world.clock.advance(timedelta(seconds=self._lot.choice((5, 30, 120))))

    async def _expire(self) -> None:
        if self._orders:
            await self._world.expire(self._lot.choice(self._orders))

    async def _cancel(self) -> None:
        if self._orders:
            try:
                await self._world.cancel(self._lot.choice(self._orders))
            except Conflict:
                return

    async def _provider(self) -> None:
        self._world.sandbox.faults = self._lot.choice(PROVIDER)

    def _any_checkout(self) -> Checkout | None:
        checkouts = list(self._world.sandbox.checkouts.values())
        return self._lot.choice(checkouts) if checkouts else None


def total(amounts: list[Money]) -> Counter[str]:
    books: Counter[str] = Counter()
    for amount in amounts:
        books[amount.currency] += amount.minor
    return books


@pytest.mark.parametrize("seed", range(10))
async def test_money_in_is_orders_paid_plus_refunds_staged(world: World, seed: int) -> None:
    await world.product("LAMPE", 4_000, 12)
    await Night(world, seed).run(steps=120)

    payments = await world.rows("SELECT * FROM payments")
    succeeded = [row for row in payments if row["status"] == "succeeded"]
    received = total([Money(row["received_minor"], row["received_currency"]) for row in succeeded])
    orders = await world.rows("SELECT id, total_minor, currency FROM orders WHERE status = 'paid'")
    refunds = await world.rows("SELECT amount_minor, currency FROM refunds")
    earned = total([Money(row["total_minor"], row["currency"]) for row in orders])
    owed = total([Money(row["amount_minor"], row["currency"]) for row in refunds])

    collected = total([c.received for c in world.sandbox.checkouts.values() if c.received])
    assert received == collected  # what the provider has collected is what our books say
    assert received == earned + owed
    for order in orders:
        outcomes = [row["outcome"] for row in payments if row["order_id"] == order["id"]]
        assert sum(outcome in ("settled", "late_settled") for outcome in outcomes) == 1
    assert not [row for row in payments if row["status"] in ("created", "pending")]
    assert not [row for row in payments if row["next_check_at"]]

    sold = await world.rows("SELECT coalesce(sum(quantity), 0) AS n FROM holds WHERE status = 'sold'")
    on_hand, held, gone = await world.stock("LAMPE")
    assert (on_hand + held + gone, gone) == (12, sold[0]["n"])
