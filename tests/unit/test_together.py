"""Turns that run side by side ask together, and an error is everybody's who asked."""

import asyncio
from collections.abc import Sequence

import pytest

from griot.agent.together import Together


class Counter:
    """Doubles numbers, and remembers which came together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def __call__(self, numbers: list[int]) -> Sequence[int]:
        self.batches.append(numbers)
        await asyncio.sleep(0)
        if any(number < 0 for number in numbers):
            raise ValueError("negative")
        return [2 * number for number in numbers]


async def turn(together: Together[int, int], *numbers: int) -> list[int]:
    """A turn that asks for each number, one after the other."""
    answers = [await together.call(number) for number in numbers]
    await together.leave()
    return answers


async def side_by_side(*turns: tuple[int, ...]) -> tuple[list[list[int]], list[list[int]]]:
    """The answers of each turn, and the batches in which they were asked for."""
    count = Counter()
    together = Together(len(turns), count)
    async with asyncio.timeout(2):
        answers = await asyncio.gather(*(turn(together, *numbers) for numbers in turns))
    return answers, count.batches


async def test_what_every_turn_wants_is_asked_for_once() -> None:
    answers, batches = await side_by_side(*((n,) for n in range(50)))
    assert answers == [[2 * n] for n in range(50)]
    assert batches == [list(range(50))]


async def test_turns_that_want_nothing_do_not_hold_up_the_others() -> None:
    answers, batches = await side_by_side((), (1,), (), (2,))
    assert (answers, batches) == ([[], [2], [], [4]], [[1, 2]])


async def test_a_turn_may_ask_again_and_others_may_have_left() -> None:
    answers, batches = await side_by_side((1, 2, 3), (10,), (20, 21))
    assert answers == [[2, 4, 6], [20], [40, 42]]
    assert sorted(map(sorted, batches)) == [[1, 10, 20], [2, 21], [3]]


async def test_when_nobody_wants_anything_nothing_is_asked() -> None:
    assert await side_by_side((), (), ()) == ([[], [], []], [])


async def test_an_answer_waits_for_the_turn_that_is_still_thinking() -> None:
    count = Counter()
    together = Together(2, count)
    quick = asyncio.create_task(turn(together, 1))
    for _ in range(5):
        await asyncio.sleep(0)
    assert count.batches == []
    slow = asyncio.create_task(turn(together))
    assert (await quick, await slow) == ([2], [])


async def test_an_error_reaches_everybody_who_asked_and_nobody_waits_for_ever() -> None:
    together = Together(3, Counter())
    async with asyncio.timeout(2):
        results = await asyncio.gather(*(turn(together, n) for n in (1, -2, 3)), return_exceptions=True)
    assert [str(result) for result in results] == ["negative"] * 3


async def test_when_a_turn_fails_for_itself_the_others_end_with_it() -> None:
    together = Together(3, Counter())

    async def broken() -> None:
        raise RuntimeError("this turn alone")

    async with asyncio.timeout(2):
        with pytest.raises(ExceptionGroup) as failed:
            async with asyncio.TaskGroup() as group:
                group.create_task(turn(together, 1))
                group.create_task(turn(together, 2))
                group.create_task(broken())
    assert [str(error) for error in failed.value.exceptions] == ["this turn alone"]
