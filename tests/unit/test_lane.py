"""A lane works when somebody knocks, looks again when it was told to, and never gives a shop up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from griot.worker import lane as lanes
from griot.worker import main as workers
from griot.worker.lane import Lane

AWA, FATOU = 1, 2


class Shops:
    """Work that is written down; ``answers`` are what the next looks at a shop return or raise."""

    def __init__(self, *answers: float | Exception | None) -> None:
        self.answers = list(answers)
        self.looked: list[int] = []
        self.waiting: list[int] = []  # shops that a sweep finds
        self.running = 0
        self.most_at_once: dict[int, int] = {}
        self._at_once: dict[int, int] = {}
        self.gate = asyncio.Event()
        self.gate.set()

    async def work(self, shop_id: int) -> float | None:
        self.looked.append(shop_id)
        self._at_once[shop_id] = self._at_once.get(shop_id, 0) + 1
        self.most_at_once[shop_id] = max(self.most_at_once.get(shop_id, 0), self._at_once[shop_id])
        try:
            await self.gate.wait()
            answer = self.answers.pop(0) if self.answers else None
            if isinstance(answer, Exception):
                raise answer
            return answer
        finally:
            self._at_once[shop_id] -= 1

    async def sweep(self) -> list[int]:
        return self.waiting


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not true():
            await asyncio.sleep(0.002)


@asynccontextmanager
async def running(lane: Lane) -> AsyncIterator[None]:
    """The lane sweeps in the background."""
    sweeping = asyncio.create_task(lane.run())
    yield
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    await lane.stop(1)


async def test_a_knock_is_worked_on_at_once_and_then_the_lane_rests() -> None:
    shops = Shops()
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: shops.looked == [AWA])
    await asyncio.sleep(0.05)
    assert shops.looked == [AWA]
    lane.knock(AWA)
    await until(lambda: shops.looked == [AWA, AWA])


async def test_a_knock_during_work_leads_to_another_look() -> None:
    shops = Shops()
    shops.gate.clear()
    lane = Lane("test", shops)
    for _ in range(5):
        lane.knock(AWA)
    await until(lambda: shops.looked == [AWA])
    for _ in range(5):
        lane.knock(AWA)
    shops.gate.set()
    await until(lambda: len(shops.looked) >= 2)
    await asyncio.sleep(0.05)
    assert shops.looked == [AWA, AWA] and shops.most_at_once == {AWA: 1}


async def test_shops_do_not_wait_for_each_other() -> None:
    shops = Shops()
    shops.gate.clear()
    lane = Lane("test", shops)
    lane.knock(AWA)
    lane.knock(FATOU)
    await until(lambda: sorted(shops.looked) == [AWA, FATOU])
    shops.gate.set()
    await lane.stop(1)


async def test_the_lane_looks_again_after_the_time_it_was_told_in_its_own_seconds() -> None:
    shops = Shops(6.0)
    lane = Lane("test", shops, nap=lambda seconds: seconds / 60)
    lane.knock(AWA)
    await asyncio.sleep(0.05)
    assert len(shops.looked) == 1
    await until(lambda: len(shops.looked) == 2)


async def test_a_knock_ends_a_nap() -> None:
    shops = Shops(1000.0)
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: len(shops.looked) == 1)
    lane.knock(AWA)
    await until(lambda: len(shops.looked) == 2)


async def test_no_nap_is_longer_than_the_longest_however_far_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "LONGEST_NAP", 0.02)
    shops = Shops(7200.0, 7200.0)
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: len(shops.looked) == 3)


async def test_work_that_fails_is_tried_again_until_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "LONGEST_NAP", 0.0)
    failures = [RuntimeError(f"failure {n}") for n in range(1100)]  # hours without a database
    shops = Shops(*failures)
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: len(shops.looked) == 1101)
    await asyncio.sleep(0.02)
    assert len(shops.looked) == 1101


async def test_a_sweep_finds_what_a_lost_knock_left_and_survives_its_own_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shops = Shops()
    lane = Lane("test", shops, sweep=0.01)

    async def fails_twice() -> list[int]:
        if len(tried) < 2:
            tried.append(0)
            raise ConnectionError("away")
        return [AWA]

    tried: list[int] = []
    monkeypatch.setattr(shops, "sweep", fails_twice)
    async with running(lane):
        await until(lambda: AWA in shops.looked)


async def test_stopping_lets_work_end_and_takes_nothing_new() -> None:
    shops = Shops(0.0, 0.0, 0.0)
    shops.gate.clear()
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: shops.looked == [AWA])
    stopping = asyncio.create_task(lane.stop(2))
    await asyncio.sleep(0.01)
    lane.knock(FATOU)
    assert not stopping.done()
    shops.gate.set()
    await stopping
    assert shops.looked == [AWA]


async def test_stopping_does_not_wait_for_ever() -> None:
    shops = Shops()
    shops.gate.clear()
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: shops.looked == [AWA])
    async with asyncio.timeout(1):
        await lane.stop(0.05)


async def test_stopping_ends_a_nap_at_once() -> None:
    shops = Shops(1000.0)
    lane = Lane("test", shops)
    lane.knock(AWA)
    await until(lambda: len(shops.looked) == 1)
    async with asyncio.timeout(1):
        await lane.stop(30)


async def test_a_task_that_did_not_hear_its_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CANCEL_AGAIN", 0.01)
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                heard += 1
                if heard == 3:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    async with asyncio.timeout(2):
        await workers._end({task})
    assert task.cancelled()
