"""What arrives together is written together, and nobody pays for a neighbour."""

import asyncio
from collections.abc import Sequence

import pytest
import structlog

from griot.core.coalesce import Closed, Coalescer
from griot.core.errors import GriotError


class Writer:
    """Doubles numbers, batch by batch, each batch when it is let; a negative number breaks its batch."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.running: dict[int, int] = {}
        self.most_at_once = 0
        self.gate = asyncio.Event()
        if not held:
            self.gate.set()

    async def __call__(self, numbers: list[int]) -> Sequence[int]:
        self.batches.append(numbers)
        tens = numbers[0] // 10
        self.running[tens] = self.running.get(tens, 0) + 1
        self.most_at_once = max(self.most_at_once, *self.running.values())
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
            for number in numbers:
                if number < 0:
                    raise ValueError(f"{number} is negative")
            return [2 * number for number in numbers]
        finally:
            self.running[tens] -= 1


async def gathered() -> None:
    """Long enough for everything that can happen without new input to have happened."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_each_submitter_gets_the_result_of_its_own_item() -> None:
    write = Writer()
    coalescer = Coalescer(write)
    assert await asyncio.gather(*map(coalescer.submit, range(200))) == [2 * n for n in range(200)]
    assert [number for batch in write.batches for number in batch] == list(range(200))


async def test_what_arrives_during_a_write_goes_together_in_the_next() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write)
    first = asyncio.create_task(coalescer.submit(1))
    await gathered()
    later = [asyncio.create_task(coalescer.submit(n)) for n in (2, 3, 4)]
    await gathered()
    assert write.batches == [[1]]
    write.gate.set()
    assert await asyncio.gather(first, *later) == [2, 4, 6, 8]
    assert write.batches == [[1], [2, 3, 4]]


async def test_a_batch_is_never_larger_than_allowed() -> None:
    write = Writer()
    coalescer = Coalescer(write, max_batch=16)
    await asyncio.gather(*map(coalescer.submit, range(100)))
    assert [len(batch) for batch in write.batches] == [16] * 6 + [4]


async def test_one_batch_at_a_time_for_each_key_and_keys_do_not_wait_for_each_other() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write, key=lambda number: number // 10, max_batch=2)
    tasks = [asyncio.create_task(coalescer.submit(n)) for n in (1, 2, 3, 11, 12, 13)]
    await gathered()
    assert write.batches == [[1, 2], [11, 12]]
    write.gate.set()
    await asyncio.gather(*tasks)
    assert sorted(write.batches[2:]) == [[3], [13]]
    assert write.most_at_once == 1


async def test_a_bad_item_fails_alone() -> None:
    write = Writer()
    coalescer = Coalescer(write)
    results = await asyncio.gather(*map(coalescer.submit, [1, -2, 3, -4]), return_exceptions=True)
    assert (results[0], results[2]) == (2, 6)
    assert [str(results[1]), str(results[3])] == ["-2 is negative", "-4 is negative"]
    assert write.batches == [[1, -2, 3, -4], [1], [-2], [3], [-4]]
    assert await coalescer.submit(5) == 10


async def test_an_error_that_is_nobodys_own_is_not_tried_once_for_each() -> None:
    calls = 0

    async def unreachable(numbers: list[int]) -> list[int]:
        nonlocal calls
        calls += 1
        raise ConnectionError("no answer")

    coalescer = Coalescer(unreachable, common=(ConnectionError,))
    results = await asyncio.gather(*map(coalescer.submit, range(50)), return_exceptions=True)
    assert calls == 1
    assert all(isinstance(result, ConnectionError) for result in results)


async def test_a_handler_that_answers_too_little_fails_its_batch_and_is_not_called_again() -> None:
    calls = 0

    async def forgetful(numbers: list[int]) -> list[int]:
        nonlocal calls
        calls += 1
        return numbers[1:]

    coalescer = Coalescer(forgetful)
    results = await asyncio.gather(*map(coalescer.submit, [1, 2, 3]), return_exceptions=True)
    assert calls == 1
    assert [str(result) for result in results] == ["A batch of 3 was answered with 2 results."] * 3
    assert all(isinstance(result, GriotError) for result in results)


async def test_who_gives_up_before_the_write_is_left_out_and_others_are_served() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write)
    tasks = [asyncio.create_task(coalescer.submit(n)) for n in (1, 2, 3)]
    await gathered()
    waiting = [asyncio.create_task(coalescer.submit(n)) for n in (4, 5)]
    await gathered()
    waiting[0].cancel()
    tasks[1].cancel()  # its batch is being written: only the answer is lost
    write.gate.set()
    await asyncio.gather(*tasks, *waiting, return_exceptions=True)
    assert [tasks[0].result(), tasks[2].result(), waiting[1].result()] == [2, 6, 10]
    assert tasks[1].cancelled() and waiting[0].cancelled()
    assert write.batches == [[1, 2, 3], [5]]


async def test_when_everybody_gives_up_nothing_is_written() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write)
    first = asyncio.create_task(coalescer.submit(1))
    await gathered()
    waiting = [asyncio.create_task(coalescer.submit(n)) for n in (2, 3)]
    await gathered()
    for task in waiting:
        task.cancel()
    write.gate.set()
    assert await first == 2
    await coalescer.close()
    assert write.batches == [[1]]


async def test_who_gave_up_is_not_told_of_the_error_either() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write)
    alone = asyncio.create_task(coalescer.submit(-1))
    await gathered()
    alone.cancel()
    write.gate.set()
    await coalescer.close()
    assert alone.cancelled()


async def test_closing_waits_for_what_was_taken_and_takes_nothing_new() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write, max_batch=1)
    taken = [asyncio.create_task(coalescer.submit(n)) for n in (1, 2, 3)]
    await gathered()
    closing = asyncio.create_task(coalescer.close())
    await gathered()
    with pytest.raises(Closed, match="stopping"):
        await coalescer.submit(4)
    assert not closing.done()
    write.gate.set()
    await closing
    assert [task.result() for task in taken] == [2, 4, 6]


async def test_nobody_waits_for_a_writer_that_was_stopped() -> None:
    write = Writer(held=True)
    coalescer = Coalescer(write, max_batch=2)
    before = asyncio.all_tasks()
    waiting = [asyncio.create_task(coalescer.submit(n)) for n in (1, 2, 3)]
    await gathered()
    for writer in asyncio.all_tasks() - before - set(waiting):
        writer.cancel()
    await asyncio.wait(waiting, timeout=1)
    assert all(task.cancelled() for task in waiting)
    write.gate.set()
    assert await coalescer.submit(7) == 14


async def test_the_writer_does_not_speak_in_the_name_of_the_first_submitter() -> None:
    seen = []

    async def look(numbers: list[int]) -> list[int]:
        seen.append(structlog.contextvars.get_contextvars())
        return numbers

    with structlog.contextvars.bound_contextvars(conversation_id=1):
        await Coalescer(look).submit(1)
    assert seen == [{}]
