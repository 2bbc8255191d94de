"""Many turns, one statement: calls of turns that run side by side are sent to the database together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Collects the calls of a known number of turns and makes them as one.

    A call waits until every turn is either waiting here too or done; then all waiting calls go to ``handler`` in one
    list. So fifty buyers who take an article at the same moment cost one round trip.
    """

    def __init__(self, turns: int, handler: Callable[[list[T]], Awaitable[Sequence[R]]]) -> None:
        self._running = turns
        self._handler = handler
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []

    async def call(self, item: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        await self._flush_when_all_wait()
        return await future

    async def leave(self) -> None:
        """A turn is done and will not call again."""
        self._running -= 1
        await self._flush_when_all_wait()

    async def _flush_when_all_wait(self) -> None:
        if not self._waiting or len(self._waiting) < self._running:
            return
        batch, self._waiting = self._waiting, []
        try:
            results = await self._handler([item for item, _ in batch])
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # each waiting turn raises it; none of them need be told twice
            raise
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
