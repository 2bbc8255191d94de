"""Many hands at once, on real connections: nothing oversold, nothing lost, nobody turned away by a deadlock."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from reservation_helpers import Buyer, arrive, article, held_order, level, open_shop, the_order, told

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import GriotError
from griot.core.tenancy import Shop
from griot.tools.customers import service as customers
from griot.tools.orders.service import await_payment, locked, mark_paid
from griot.tools.reservation import waitlist_queries
from griot.tools.reservation.models import Hold, HoldRequest
from griot.tools.reservation.service import (
    cancel_line,
    cancel_order,
    expire_due,
    extend,
    join_waitlist,
    leave_waitlist,
    remind_due,
    reserve,
    retake,
    sell,
)

CONNECTIONS = 24


@pytest.fixture
async def crowd(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, size=CONNECTIONS)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def shop(database_url: str, crowd: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, crowd, clock.now())


async def settle(tx: Tx, order_id: int, now: datetime) -> bool:
    """What a payment does: the order first, then its stock; late money takes the stock back, if there is any."""
    order = await locked(tx, order_id)
    if order.status == "paid" or (not order.open and not await retake(tx, order_id, now)):
        return False
    if order.status == "reserved":
        await await_payment(tx, order_id, "wave", min(now, order.expires_at - timedelta(seconds=1)))
    await sell(tx, order_id)
    await mark_paid(tx, order_id, "wave", now)
    await customers.record_paid(tx, order.customer_id, order.total.minor, 60, "wave", now)
    return True


async def test_three_hundred_buyers_and_twenty_articles(crowd: Database, shop: Shop, clock: FrozenClock) -> None:
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 20, clock.now())
        buyers = await arrive(tx, 300, clock.now())

    async def ask(batch: list[Buyer]) -> list[Hold]:
        async with crowd.transaction(shop.id) as tx:
            return await reserve(tx, shop, [buyer.wants(robe) for buyer in batch], clock.now())

    answers = await asyncio.gather(*(ask(buyers[n : n + 6]) for n in range(0, 300, 6)))
    outcomes = Counter(hold.outcome for batch in answers for hold in batch)
    assert outcomes == {"held": 20, "short": 280}
    async with crowd.transaction(shop.id) as tx:
        assert await level(tx, robe) == (0, 20, 0)
        await assert_books_balanced(tx)


async def test_opposite_wishes_do_not_wait_for_each_other(crowd: Database, shop: Shop, clock: FrozenClock) -> None:
    """Half of the buyers name the dress first, half the bag: each call takes both in the same order."""
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 50, clock.now())
        bag = await article(tx, "SAC2", 50, clock.now())
        buyers = await arrive(tx, 120, clock.now())

    async def ask(buyer: Buyer, wishes: tuple[int, int]) -> list[Hold]:
        async with crowd.transaction(shop.id) as tx:
            return await reserve(tx, shop, [buyer.wants(variant_id) for variant_id in wishes], clock.now())

    await asyncio.gather(*(ask(b, (robe, bag) if n % 2 else (bag, robe)) for n, b in enumerate(buyers)))
    async with crowd.transaction(shop.id) as tx:
        assert await level(tx, robe) == await level(tx, bag) == (0, 50, 0)
        await assert_books_balanced(tx)


async def test_one_buyer_in_many_places_gets_one_basket(crowd: Database, shop: Shop, clock: FrozenClock) -> None:
    async with crowd.transaction(shop.id) as tx:
        variants = [await article(tx, f"ROBE{n}", 5, clock.now()) for n in range(8)]
        (buyer,) = await arrive(tx, 1, clock.now())

    async def ask(variant_id: int) -> list[Hold]:
        async with crowd.transaction(shop.id) as tx:
            return await reserve(tx, shop, [buyer.wants(variant_id)], clock.now())

    answers = await asyncio.gather(*(ask(variant_id) for variant_id in variants * 3))
    assert len({hold.order_id for batch in answers for hold in batch}) == 1
    assert Counter(hold.outcome for batch in answers for hold in batch) == {"held": 8, "same": 16}


async def test_sweepers_at_once_expire_each_order_once(crowd: Database, shop: Shop, clock: FrozenClock) -> None:
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 60, clock.now())
        buyers = await arrive(tx, 60, clock.now())
        await reserve(tx, shop, [buyer.wants(robe) for buyer in buyers], clock.now())
        line = await arrive(tx, 20, clock.now())
        for buyer in line:
            await join_waitlist(tx, shop, robe, buyer.customer_id, buyer.conversation_id, 1, False, clock.now())
    clock.advance(timedelta(minutes=10))

    async def sweep() -> int:
        async with crowd.transaction(shop.id) as tx:
            return await expire_due(tx, shop, clock.now(), limit=25)

    assert sum(await asyncio.gather(*(sweep() for _ in range(12)))) == 60
    async with crowd.transaction(shop.id) as tx:
        assert await level(tx, robe) == (40, 20, 0)
        cursor = await tx.execute(
            "SELECT DISTINCT expired_holds FROM customers WHERE id = ANY (%s)",
            ([buyer.customer_id for buyer in buyers],),
        )
        assert [row["expired_holds"] for row in await cursor.fetchall()] == [1]
        assert [len(await told(tx, buyer)) for buyer in (*buyers, *line)] == [1] * 80
        await assert_books_balanced(tx)


async def test_a_sweep_and_a_payment_of_the_same_order(crowd: Database, shop: Shop, clock: FrozenClock) -> None:
    """Whichever comes first, the money is honoured while there is stock, and the piece is sold once."""
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 40, clock.now())
        buyers = await arrive(tx, 40, clock.now())
        held = [await held_order(tx, shop, buyer, robe, clock.now()) for buyer in buyers]
    clock.advance(timedelta(minutes=10))

    async def sweep() -> None:
        async with crowd.transaction(shop.id) as tx:
            await expire_due(tx, shop, clock.now(), limit=10)

    async def pay(order_id: int) -> bool:
        async with crowd.transaction(shop.id) as tx:
            return await settle(tx, order_id, clock.now())

    work: list[Awaitable[bool | None]] = [pay(order.id) for order in held for _ in range(2)]
    work += [sweep() for _ in range(10)]
    random.Random(1).shuffle(work)
    results = await asyncio.gather(*work)
    assert results.count(True) == 40
    async with crowd.transaction(shop.id) as tx:
        assert {(await the_order(tx, order.id)).status for order in held} == {"paid"}
        assert await level(tx, robe) == (0, 0, 40)
        await assert_books_balanced(tx)


async def test_joining_and_cancelling_at_once_leaves_nobody_waiting_for_free_stock(
    crowd: Database, shop: Shop, clock: FrozenClock
) -> None:
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 40, clock.now())
        holders = await arrive(tx, 40, clock.now())
        held = [await held_order(tx, shop, buyer, robe, clock.now()) for buyer in holders]
        line = await arrive(tx, 40, clock.now())

    async def cancel(order_id: int) -> None:
        async with crowd.transaction(shop.id) as tx:
            await cancel_order(tx, shop, order_id, clock.now())

    async def join(buyer: Buyer) -> None:
        async with crowd.transaction(shop.id) as tx:
            await join_waitlist(tx, shop, robe, buyer.customer_id, buyer.conversation_id, 1, False, clock.now())

    work: list[Awaitable[None]] = [cancel(order.id) for order in held]
    work += [join(buyer) for buyer in line]
    random.Random(2).shuffle(work)
    await asyncio.gather(*work)
    async with crowd.transaction(shop.id) as tx:
        await expire_due(tx, shop, clock.now())
        assert await level(tx, robe) == (0, 40, 0)
        await assert_books_balanced(tx)


@pytest.mark.parametrize("seed", range(3))
async def test_a_storm_leaves_the_books_balanced(crowd: Database, shop: Shop, clock: FrozenClock, seed: int) -> None:
    """Everything at once, while the deadline of everybody passes: only refusals with a reason, and balanced books."""
    async with crowd.transaction(shop.id) as tx:
        variants = [await article(tx, f"ROBE{n}", 6, clock.now()) for n in range(4)]
        buyers = await arrive(tx, 40, clock.now())
    storm = Storm(crowd, shop, clock, variants, buyers)
    await asyncio.gather(*(storm.worker(random.Random(f"{seed}/{n}"), 40) for n in range(CONNECTIONS)))

    assert storm.done["settle"] > 0
    assert storm.done["expire"] > 0
    async with crowd.transaction(shop.id) as tx:
        await assert_books_balanced(tx)
        await expire_due(tx, shop, clock.now())
        assert await waitlist_queries.servable_variants(tx) == [], "nobody waits for what is on the shelf"
    clock.advance(timedelta(days=1))
    for _ in range(20):  # those served from the line hold for a while, too
        async with crowd.transaction(shop.id) as tx:
            expired = await expire_due(tx, shop, clock.now())
        clock.advance(timedelta(hours=1))
    assert expired == 0
    async with crowd.transaction(shop.id) as tx:
        assert [(await level(tx, variant_id))[1] for variant_id in variants] == [0, 0, 0, 0]
        await assert_books_balanced(tx)


class Storm:
    """Workers that do at random what buyers, providers and the clock do, each thing in a transaction of its own."""

    def __init__(self, db: Database, shop: Shop, clock: FrozenClock, variants: list[int], buyers: list[Buyer]) -> None:
        self.db, self.shop, self.clock, self.variants, self.buyers = db, shop, clock, variants, buyers
        self.done: Counter[str] = Counter()
        self.orders: list[int] = []

    async def worker(self, dice: random.Random, times: int) -> None:
        deeds: list[Callable[[Tx, random.Random], Awaitable[str]]] = [
            self.ask, self.ask, self.ask, self.settle, self.cancel, self.cancel_line, self.expire, self.wait,
            self.leave, self.extend, self.remind,
        ]  # fmt: skip
        for _ in range(times):
            self.clock.advance(timedelta(seconds=dice.randrange(8)))
            try:
                async with self.db.transaction(self.shop.id) as tx:
                    deed = await dice.choice(deeds)(tx, dice)
            except GriotError as refusal:  # too late, already done: said with a reason, nothing was changed
                assert refusal.status in (404, 409)
                deed = "refused"
            self.done[deed] += 1

    async def ask(self, tx: Tx, dice: random.Random) -> str:
        wishes: list[HoldRequest] = [
            buyer.wants(dice.choice(self.variants), dice.randrange(1, 4))
            for buyer in dice.sample(self.buyers, dice.randrange(1, 6))
            for _ in range(dice.randrange(1, 3))
        ]
        holds = await reserve(tx, self.shop, wishes, self.clock.now())
        self.orders += [hold.order_id for hold in holds if hold.outcome == "held" and hold.order_id]
        return "ask"

    async def settle(self, tx: Tx, dice: random.Random) -> str:
        if not self.orders or not await settle(tx, dice.choice(self.orders[-20:]), self.clock.now()):
            return "nothing"
        return "settle"

    async def cancel(self, tx: Tx, dice: random.Random) -> str:
        if self.orders:
            await cancel_order(tx, self.shop, dice.choice(self.orders[-20:]), self.clock.now())
        return "cancel"

    async def cancel_line(self, tx: Tx, dice: random.Random) -> str:
        if self.orders:
            order_id, variant_id = dice.choice(self.orders[-20:]), dice.choice(self.variants)
            await cancel_line(tx, self.shop, order_id, variant_id, self.clock.now())
        return "cancel_line"

    async def expire(self, tx: Tx, dice: random.Random) -> str:
        return "expire" if await expire_due(tx, self.shop, self.clock.now(), limit=5) else "nothing"

    async def wait(self, tx: Tx, dice: random.Random) -> str:
        buyer, vip = dice.choice(self.buyers), dice.random() < 0.2
        await join_waitlist(
            tx,
            self.shop,
            dice.choice(self.variants),
            buyer.customer_id,
            buyer.conversation_id,
            dice.randrange(1, 4),
            vip,
            self.clock.now(),
        )
        return "wait"

    async def leave(self, tx: Tx, dice: random.Random) -> str:
        buyer = dice.choice(self.buyers)
        await leave_waitlist(tx, dice.choice(self.variants), buyer.customer_id, self.clock.now())
        return "leave"

    async def extend(self, tx: Tx, dice: random.Random) -> str:
        if self.orders:
            await extend(tx, self.shop, dice.choice(self.orders[-20:]), self.clock.now())
        return "extend"

    async def remind(self, tx: Tx, dice: random.Random) -> str:
        await remind_due(tx, self.shop, self.clock.now(), limit=5)
        return "remind"
