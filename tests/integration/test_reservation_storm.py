"""Many hands at once, on real connections: nothing oversold, nothing lost, nobody turned away by a deadlock."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta

import pytest
from reservation_helpers import Buyer, arrive, article, held_order, level, one_hold, open_shop, the_order, told

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import GriotError
from griot.core.tenancy import Shop
from griot.tools.customers import service as customers
from griot.tools.offers import service as offers
from griot.tools.offers.models import Applied
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
    swap,
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


async def test_a_crowd_gets_all_overdue_stock_though_no_worker_runs(
    crowd: Database, shop: Shop, clock: FrozenClock
) -> None:
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 20, clock.now())
        late = await arrive(tx, 20, clock.now())
        await reserve(tx, shop, [buyer.wants(robe) for buyer in late], clock.now())
        buyers = await arrive(tx, 120, clock.now())
    clock.advance(timedelta(minutes=10))

    async def ask(batch: list[Buyer]) -> list[Hold]:
        async with crowd.transaction(shop.id) as tx:
            return await reserve(tx, shop, [buyer.wants(robe) for buyer in batch], clock.now())

    answers = await asyncio.gather(*(ask(buyers[n : n + 4]) for n in range(0, 120, 4)))
    assert Counter(hold.outcome for batch in answers for hold in batch) == {"held": 20, "short": 100}


async def test_who_asks_while_a_sweep_is_under_way_gets_what_it_frees(
    crowd: Database, shop: Shop, clock: FrozenClock
) -> None:
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 1, clock.now())
        late, buyer = await arrive(tx, 2, clock.now())
        await held_order(tx, shop, late, robe, clock.now())
    clock.advance(timedelta(minutes=10))

    async def ask() -> Hold:
        async with crowd.transaction(shop.id) as tx:
            return await one_hold(tx, shop, buyer, robe, clock.now())

    async with crowd.transaction(shop.id) as tx:
        assert await expire_due(tx, shop, clock.now()) == 1
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.2)
        assert not asking.done(), "it is not sold out: the piece is on its way back"
    assert (await asking).outcome == "held"


async def test_nobody_passes_a_buyer_in_line_who_is_busy_elsewhere(
    crowd: Database, shop: Shop, clock: FrozenClock
) -> None:
    """The first in line is just taking another article: the freed piece stays for them, whoever asks meanwhile."""
    async with crowd.transaction(shop.id) as tx:
        robe = await article(tx, "ROBE1", 1, clock.now())
        bag = await article(tx, "SAC2", 1, clock.now())
        holder, first, second, newcomer = await arrive(tx, 4, clock.now())
        order = await held_order(tx, shop, holder, robe, clock.now())
        for buyer in (first, second):
            who = (buyer.customer_id, buyer.conversation_id)
            await join_waitlist(tx, shop, robe, *who, 1, False, clock.now())

    async with crowd.transaction(shop.id) as busy:
        await one_hold(busy, shop, first, bag, clock.now())
        async with crowd.transaction(shop.id) as tx:
            await cancel_order(tx, shop, order.id, clock.now())
        async with crowd.transaction(shop.id) as tx:
            assert await level(tx, robe) == (1, 0, 0)
            assert (await one_hold(tx, shop, newcomer, robe, clock.now())).outcome == "short"
            assert (await one_hold(tx, shop, second, robe, clock.now())).outcome == "short"
    async with crowd.transaction(shop.id) as tx:
        await expire_due(tx, shop, clock.now())
        assert list(await told(tx, first)) != []
        assert await told(tx, second) == {}
        assert await level(tx, robe) == (0, 1, 0)
        await assert_books_balanced(tx)


@pytest.mark.parametrize("seed", range(3))
async def test_a_storm_leaves_the_books_balanced(crowd: Database, shop: Shop, clock: FrozenClock, seed: int) -> None:
    """Everything at once, while the deadline of everybody passes: only refusals with a reason, and balanced books."""
    async with crowd.transaction(shop.id) as tx:
        variants = [await article(tx, f"ROBE{n}", 6, clock.now()) for n in range(4)]
        buyers = await arrive(tx, 40, clock.now())
        tomorrow = clock.now() + timedelta(days=1)
        await offers.create(tx, shop, code="AID", kind="percent", worth=10, ends_at=tomorrow, now=clock.now())
    storm = Storm(crowd, shop, clock, variants, buyers)
    await asyncio.gather(*(storm.worker(random.Random(f"{seed}/{n}"), 40) for n in range(CONNECTIONS)))

    wanted = ("ask", "settle", "cancel", "wait", "expire", "swap", "promote")
    assert all(storm.done[deed] for deed in wanted), storm.done
    async with crowd.transaction(shop.id) as tx:
        await assert_books_balanced(tx)
        assert await uses_that_do_not_count(tx) == 0
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
        assert await uses_that_do_not_count(tx) == 0


async def uses_that_do_not_count(tx: Tx) -> int:
    """Uses of promotions beyond, or short of, the orders that are open or paid with one."""
    cursor = await tx.execute(
        "SELECT (SELECT sum(uses) FROM promotions) - count(*) AS difference FROM orders"
        " WHERE promotion_id IS NOT NULL AND status IN ('reserved', 'awaiting_payment', 'paid')"
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["difference"])


class Storm:
    """Workers that do at random what buyers, providers, the vendor and the clock do, each deed a transaction."""

    def __init__(self, db: Database, shop: Shop, clock: FrozenClock, variants: list[int], buyers: list[Buyer]) -> None:
        self.db, self.shop, self.clock, self.variants, self.buyers = db, shop, clock, variants, buyers
        self.done: Counter[str] = Counter()

    async def worker(self, dice: random.Random, times: int) -> None:
        deeds = [self.ask] * 3 + [self.settle, self.cancel, self.cancel_line, self.wait, self.leave, self.extend]
        deeds += [self.deliver, self.expire, self.remind, *[self.swap] * 3, self.promote]
        for _ in range(times):
            self.clock.advance(timedelta(seconds=dice.randrange(8)))
            deed = dice.choice(deeds)
            try:
                async with self.db.transaction(self.shop.id) as tx:
                    done = await deed(tx, dice)
            except GriotError as refusal:  # too late, or done already: said with a reason, and nothing was changed
                assert refusal.status in (404, 409)
                done = False
            self.done[deed.__name__] += bool(done)

    async def an_order(self, tx: Tx, dice: random.Random) -> int:
        cursor = await tx.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 25")
        ids: list[int] = [row["id"] for row in await cursor.fetchall()]
        return dice.choice(ids or [0])

    async def ask(self, tx: Tx, dice: random.Random) -> bool:
        wishes: list[HoldRequest] = [
            buyer.wants(dice.choice(self.variants), dice.randrange(1, 4))
            for buyer in dice.sample(self.buyers, dice.randrange(1, 6))
            for _ in range(dice.randrange(1, 3))
        ]
        return any(hold.outcome == "held" for hold in await reserve(tx, self.shop, wishes, self.clock.now()))

    async def settle(self, tx: Tx, dice: random.Random) -> bool:
        return await settle(tx, await self.an_order(tx, dice), self.clock.now())

    async def cancel(self, tx: Tx, dice: random.Random) -> bool:
        return bool(await cancel_order(tx, self.shop, await self.an_order(tx, dice), self.clock.now()))

    async def cancel_line(self, tx: Tx, dice: random.Random) -> bool:
        order_id = await self.an_order(tx, dice)
        return bool(await cancel_line(tx, self.shop, order_id, dice.choice(self.variants), self.clock.now()))

    async def swap(self, tx: Tx, dice: random.Random) -> bool:
        order_id, (here, there) = await self.an_order(tx, dice), dice.sample(self.variants, 2)
        return (await swap(tx, self.shop, order_id, here, there, None, self.clock.now())).outcome == "held"

    async def promote(self, tx: Tx, dice: random.Random) -> bool:
        return isinstance(await offers.apply(tx, await self.an_order(tx, dice), "aid", self.clock.now()), Applied)

    async def extend(self, tx: Tx, dice: random.Random) -> bool:
        return bool(await extend(tx, self.shop, await self.an_order(tx, dice), self.clock.now()))

    async def wait(self, tx: Tx, dice: random.Random) -> bool:
        buyer, variant_id, quantity = dice.choice(self.buyers), dice.choice(self.variants), dice.randrange(1, 4)
        who = (buyer.customer_id, buyer.conversation_id)
        vip = dice.random() < 0.2
        return await join_waitlist(tx, self.shop, variant_id, *who, quantity, vip, self.clock.now()) > 0

    async def leave(self, tx: Tx, dice: random.Random) -> bool:
        buyer = dice.choice(self.buyers)
        return await leave_waitlist(tx, dice.choice(self.variants), buyer.customer_id, self.clock.now())

    async def deliver(self, tx: Tx, dice: random.Random) -> bool:
        await tx.execute(
            "UPDATE stock_levels SET on_hand = on_hand + 2, received = received + 2 WHERE variant_id = %s",
            (dice.choice(self.variants),),
        )
        return True

    async def expire(self, tx: Tx, dice: random.Random) -> bool:
        return await expire_due(tx, self.shop, self.clock.now(), limit=5) > 0

    async def remind(self, tx: Tx, dice: random.Random) -> bool:
        return await remind_due(tx, self.shop, self.clock.now(), limit=5) > 0
