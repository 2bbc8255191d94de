"""A child process that crashes, hangs or refuses costs the call it was given, and nothing else."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from griot.speech.isolated import NICE, Busy, Died, Isolated, Overran
from griot.speech.models import Inaudible


@pytest_asyncio.fixture
async def child() -> AsyncIterator[Isolated]:
    child = Isolated(waiting=3)
    yield child
    child.close()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise Inaudible("language", "Nobody here speaks it.", "mg")


class Unpackable(Exception):
    """Its arguments are not what it is made of, so that it cannot be unpacked."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def fail_unpackably() -> None:
    raise Unpackable(1, 2)


async def test_calls_share_one_child_of_low_priority(child: Isolated) -> None:
    first, second = await asyncio.gather(child.call(10, os.getpid), child.call(10, os.getpid))
    assert first == second != os.getpid()
    assert await child.call(10, os.nice, 0) == os.nice(0) + NICE


async def test_a_crash_fails_one_call_and_the_next_gets_a_new_child(child: Isolated) -> None:
    before = await child.call(10, os.getpid)
    with pytest.raises(Died):
        await child.call(10, crash)
    assert await child.call(10, os.getpid) != before


async def test_a_call_that_never_ends_is_killed_while_others_wait(child: Isolated) -> None:
    await child.call(10, os.getpid)
    began = time.perf_counter()
    hung, waited = await asyncio.gather(
        child.call(0.3, time.sleep, 60), child.call(10, max, 1, 2), return_exceptions=True
    )
    assert isinstance(hung, Overran)
    assert waited == 2
    assert time.perf_counter() - began < 10


async def test_what_a_function_raises_is_raised_here(child: Isolated) -> None:
    with pytest.raises(Inaudible) as refused:
        await child.call(10, refuse)
    assert (refused.value.trouble, refused.value.language) == ("language", "mg")
    with pytest.raises(RuntimeError, match="1 and 2"):
        await child.call(10, fail_unpackably)


async def test_the_queue_is_bounded(child: Isolated) -> None:
    calls = [child.call(10, time.sleep, 0.05) for _ in range(6)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 2
    assert await child.call(10, max, 1, 2) == 2


async def test_the_event_loop_runs_on_meanwhile(child: Isolated) -> None:
    await child.call(10, os.getpid)
    slow = asyncio.create_task(child.call(10, time.sleep, 0.5))
    ticks = 0
    while not slow.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 20


async def test_a_cancelled_call_leaves_the_others_their_answers(child: Isolated) -> None:
    await child.call(10, os.getpid)
    slow = asyncio.create_task(child.call(10, time.sleep, 0.3))
    await asyncio.sleep(0.05)
    slow.cancel()
    assert await child.call(10, max, 1, 2) == 2
