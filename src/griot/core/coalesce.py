"""Many small writes that arrive together become one: while a batch is being written, the next one gathers."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Generic, TypeVar

from griot.core.errors import GriotError

T = TypeVar("T")
R = TypeVar("R")


class Closed(GriotError):
    """The process is stopping and takes nothing new: send it again, to another process or a moment later."""

    status = 503


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T, R]):
    item: T
    result: asyncio.Future[R]


class Coalescer(Generic[T, R]):
    """Hands items to ``handler`` in batches, one batch at a time for each key.

    ``handler(items) -> results`` answers in the order of the items and is all or nothing: when it raises, nothing
    was written, and each item of the batch is tried again alone, so that one bad item cannot fail its neighbours.
    An error in ``common`` (say, no connection) is nobody's own: it fails the batch without trying again.
    """

    def __init__(
        self,
        handler: Callable[[list[T]], Awaitable[Sequence[R]]],
        *,
        key: Callable[[T], Hashable] = lambda item: None,
        max_batch: int = 64,
        common: tuple[type[Exception], ...] = (),
    ) -> None:
        self._handler = handler
        self._key = key
        self._max_batch = max_batch
        self._common = common
        self._waiting: dict[Hashable, list[_Entry[T, R]]] = {}
        self._writers: set[asyncio.Task[None]] = set()
        self._closed = False

    async def submit(self, item: T) -> R:
        """The handler's result for this item, or its error. An item given up before its batch began is not written."""
        if self._closed:
            raise Closed("This process is stopping: send it again.")
        entry: _Entry[T, R] = _Entry(item, asyncio.get_running_loop().create_future())
        key = self._key(item)
        if key in self._waiting:
            self._waiting[key].append(entry)
        else:
            self._waiting[key] = [entry]
            # A context of its own: the writer works for everybody, not for the submitter who happened to be first.
            writer = asyncio.create_task(self._write(key), context=Context())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await entry.result

    async def close(self) -> None:
        """Take nothing new, and return when all that was taken is written."""
        self._closed = True
        await asyncio.gather(*self._writers)

    async def _write(self, key: Hashable) -> None:
        waiting = self._waiting[key]
        batch: list[_Entry[T, R]] = []
        try:
            while waiting:
                batch = [entry for entry in waiting[: self._max_batch] if not entry.result.done()]
                del waiting[: self._max_batch]
                if batch:
                    await self._serve(batch)
        finally:
            del self._waiting[key]
            for entry in (*batch, *waiting):  # nobody is left to wait for a writer that was stopped
                entry.result.cancel()

    async def _serve(self, batch: list[_Entry[T, R]]) -> None:
        try:
            results = await self._handler([entry.item for entry in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits for the item raises it
            if len(batch) == 1 or isinstance(error, self._common):
                return _fail(batch, error)
            for entry in batch:
                await self._serve([entry])
            return None
        if len(results) != len(batch):
            return _fail(batch, GriotError(f"A batch of {len(batch)} was answered with {len(results)} results."))
        for entry, result in zip(batch, results, strict=True):
            if not entry.result.done():
                entry.result.set_result(result)
        return None


def _fail(batch: list[_Entry[T, R]], error: Exception) -> None:
    for entry in batch:
        if not entry.result.done():
            entry.result.set_exception(error)
