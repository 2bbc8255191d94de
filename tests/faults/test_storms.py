"""Storms: many buyers and few articles, workers that come and go, a clock that jumps, a provider that is away."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from griot.channels.simulator.model import Shown
from griot.channels.simulator.phones import Phone
from griot.rehearsal.buyers import Buyer, Timings, has
from griot.rehearsal.shop import article
from griot.tools.payments.sandbox.state import Faults
from street import Street, open_street

STEP = 1.01  # a clock that is hours off has to run at another speed; this one is 1 % off

PATIENCE = 60  # seconds; the machine may be busy


async def _order(street: Street, n: int, text: str = "ROBE1", patience: float = PATIENCE) -> tuple[Phone, Shown]:
    phone = await street.buyer(n)
    await phone.say(text)
    return phone, await phone.expect(lambda message: has("pay:")(message) or has("wait:")(message), patience)


async def _up(street: Street, name: str) -> None:
    """Return once the worker has begun to work."""
    async with asyncio.timeout(PATIENCE):
        while "worker started" not in (street.stage.logs / f"{name}.log").read_text():
            await asyncio.sleep(0.05)


async def test_a_hundred_buyers_and_two_workers_for_twenty_articles(database_url: str, tmp_path: Path) -> None:
    async with open_street(database_url, tmp_path, [article("ROBE1", "Robe Wax", 15_000, 20)]) as street:
        await street.stage.start_worker(2)
        await asyncio.gather(_up(street, "worker1"), _up(street, "worker2"))
        street.account.behaviour.change(throughput=None, layout="entries", message_batch=7)
        street.account.faults.duplicates = 60
        answers = [message for _, message in await asyncio.gather(*(_order(street, n) for n in range(100)))]
        assert Counter("held" if has("pay:")(message) else "short" for message in answers) == {"held": 20, "short": 80}
        books = await street.assert_nothing_lost_or_doubled()
        assert (books.holds, books.messages, books.oversold) == (20, 100, 0)
        assert street.account.counters()["accepted"] == 100


async def test_a_worker_that_is_told_to_stop_ends_what_it_has_begun(database_url: str, tmp_path: Path) -> None:
    articles = [article("ROBE1", "Robe Wax", 15_000, 50)]
    async with open_street(database_url, tmp_path, articles, GRIOT_SEND_GRACE="600") as street:
        street.account.behaviour.change(statuses={})  # nobody but the answer tells what became of a message
        street.account.faults.add("late_after", times=50, seconds=0.4)
        ordering = [asyncio.create_task(_order(street, n)) for n in range(30)]
        async with asyncio.timeout(PATIENCE):
            while street.account.counters().get("accepted", 0) < 5:
                await asyncio.sleep(0.02)
            await asyncio.gather(street.worker.stop(), street.stage.start_worker(2))
        assert street.worker.process.returncode == 0
        ordering += [asyncio.create_task(_order(street, n)) for n in range(30, 50)]
        await asyncio.gather(*ordering)
        books = await street.assert_nothing_lost_or_doubled()
        assert books.holds == 50
        async with street.house.db.transaction(street.venue.shop.id) as tx:
            cursor = await tx.execute("SELECT max(attempts) AS attempts FROM outbox")
            assert await cursor.fetchone() == {"attempts": 1}  # nothing was left to the grace period


async def test_the_clock_ticks_on_after_a_worker_was_killed_in_a_tick(database_url: str, tmp_path: Path) -> None:
    articles = [article("ROBE1", "Robe Wax", 15_000, 1)]
    async with open_street(database_url, tmp_path, articles, start=("api",)) as street:
        dying = await street.dying("worker", "griot.worker.clockwork.Clockwork._tick", "before")
        await asyncio.to_thread(dying.process.wait, PATIENCE)
        assert dying.process.returncode == -9
        await street.stage.start_worker()
        phone, _ = await _order(street, 1)
        async with street.house.db.transaction(street.venue.shop.id) as tx:
            await tx.execute("UPDATE orders SET expires_at = %s, remind_at = NULL", (street.house.clock.now(),))
        await phone.expect(has("take:"), 10)
        books = await street.assert_nothing_lost_or_doubled()
        assert books.expired == 1


async def test_a_clock_that_jumps_forward_and_back_loses_and_doubles_nothing(database_url: str, tmp_path: Path) -> None:
    articles = [article("ROBE1", "Robe Wax", 15_000, 40)]
    async with open_street(database_url, tmp_path, articles, GRIOT_SEND_TIMEOUT="2") as street:

        async def begin(first: int) -> list[asyncio.Task[tuple[Phone, Shown]]]:
            """Ten buyers order while no answer can go out, and the worker dies."""
            street.account.faults.add("drop_before", times=5)
            street.account.faults.throttle(1000)
            tasks = [asyncio.create_task(_order(street, n)) for n in range(first, first + 10)]
            async with asyncio.timeout(PATIENCE):
                while await _stuck(street) < 10:
                    await asyncio.sleep(0.05)
            street.worker.kill()
            return tasks

        async def go_on(hours: float) -> None:
            """Another worker starts, whose clock is off, and the channel is back."""
            shift = timedelta(hours=hours) / (STEP - 1)
            street.stage.env["GRIOT_CLOCK"] = f"{STEP}@{(datetime.now(UTC) - shift).isoformat()}"
            await street.stage.start_worker()
            street.account.faults.clear()

        before = await begin(0)
        await go_on(+2)
        await asyncio.gather(*before)
        ahead = await begin(10)
        await go_on(-2)
        behind = [asyncio.create_task(_order(street, n)) for n in range(20, 30)]
        await asyncio.gather(*ahead, *behind)
        books = await street.assert_nothing_lost_or_doubled()
        assert books.messages == 30


async def _stuck(street: Street) -> int:
    """How many answers a worker has tried to send in vain."""
    async with street.house.db.transaction(street.venue.shop.id) as tx:
        cursor = await tx.execute("SELECT count(*) AS n FROM outbox WHERE status <> 'sent' AND attempts > 0")
        row = await cursor.fetchone()
    assert row is not None
    return int(row["n"])


async def test_a_payment_is_settled_when_the_provider_is_back(database_url: str, tmp_path: Path) -> None:
    articles = [article("ROBE1", "Robe Wax", 15_000, 3)]
    async with open_street(database_url, tmp_path, articles, GRIOT_PAYMENT_POLL="0.5") as street:
        buyers = [Buyer(await street.buyer(n), Timings(), n) for n in range(3)]
        links = [await buyer.link(await buyer.order("ROBE1")) for buyer in buyers]
        away = Faults(look_up="error")
        for buyer, link, faults in zip(
            buyers, links, (away, replace(away, loss=True), replace(away, duplicates=3)), strict=True
        ):
            street.provider.faults = faults
            async with buyer.at_checkout(link, "wave") as (payer, hosted):
                await payer.press(hosted, "outcome", "paid")
        await asyncio.sleep(1.5)
        assert (await street.books()).paid == 0
        street.provider.faults = Faults()
        for buyer in buyers:
            await buyer.phone.expect(has("purchases"), PATIENCE)
        books = await street.assert_nothing_lost_or_doubled()
        assert (books.paid, books.refunds) == (3, 0)
