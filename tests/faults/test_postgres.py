"""PostgreSQL dies while buyers order: nothing that was accepted is lost, and the processes find back by themselves."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from griot.core.db.embedded import EmbeddedPostgres
from griot.rehearsal.buyers import has
from griot.rehearsal.shop import article
from street import Street, open_street

BUYERS = 30


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """An embedded server of this test's own, in a folder that PostgreSQL's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="griot-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    embedded = EmbeddedPostgres(folder)
    embedded.start()
    yield embedded
    embedded.remove()
    shutil.rmtree(folder, ignore_errors=True)


async def test_postgresql_is_killed_and_started_again_while_buyers_order(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    articles = [article("ROBE1", "Robe Wax", 15_000, BUYERS), article("SAC2", "Sac", 5_000, BUYERS)]
    async with open_street(server.url(), tmp_path, articles) as street:

        async def order(n: int) -> None:
            phone = await street.buyer(n)
            await asyncio.sleep(n * 0.05)
            await phone.say("ROBE1")
            await phone.expect(has("pay:"), 60)

        ordering = asyncio.gather(*(order(n) for n in range(BUYERS)))
        await asyncio.sleep(0.5)
        postmaster = server.status().pid
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.start)
        await ordering
        await street.house.db._pool.check()  # the test's own connections are dead, too
        assert {name: actor.process.poll() for name, actor in street.stage.actors.items()} == {
            "api": None,
            "worker1": None,
        }
        books = await street.assert_nothing_lost_or_doubled()
        assert books.holds == BUYERS
        await _the_clock_still_ticks(street)


async def _the_clock_still_ticks(street: Street) -> None:
    """What only the clock brings still comes: a hold that is over is told to its buyer."""
    phone = await street.buyer(1)
    async with street.house.db.transaction(street.venue.shop.id) as tx:
        now = street.house.clock.now()
        await tx.execute("UPDATE orders SET expires_at = %s, remind_at = NULL", (now,))
    await phone.expect(has("take:"), 60)
