"""What is new in shops, for consoles that watch: one listening connection a process, however many they are.

A watcher gets every event of its shop after its place, none left out (core/events.py), and hints that a
thread, or something else that has no events of its own, looks different now. Hints carry no place: who has been away is
told to look at its threads again.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import psycopg

from griot.core import logs
from griot.core.db.pool import Database, listen_connection
from griot.core.errors import Conflict
from griot.core.events import Happened, Place, Told, TooFarBack, here, read

log = logs.get(__name__)

CHANNEL = "griot_feed"
GATHER = 0.05  # seconds in which further knocks become one look
SWEEP = 5.0  # seconds after which a shop is looked at though nobody knocked
WAITING = 256  # signals that a slow watcher may have waiting; then it has to come again
_RETRY = 1.0


@dataclass(frozen=True, slots=True)
class Signal:
    """``event`` and the ``place`` to go on from, or a ``thread`` that has changed, or neither: look at all again."""

    event: Happened | None = None
    place: Place | None = None
    thread: int | None = None


@dataclass(eq=False, slots=True)
class Watcher:
    """Somebody who watches a shop. Iterating ends when they were too slow or the process stops: then watch again from
    the last place."""

    _queue: asyncio.Queue[Signal | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    _missed: deque[Signal] = field(default_factory=deque)
    _over: bool = False

    def catch_up(self, signals: Sequence[Signal]) -> None:
        """What comes before all else, however much it is."""
        self._missed.extend(signals)

    def tell(self, signals: Sequence[Signal]) -> None:
        if self._over:
            return None
        if self._queue.qsize() + len(signals) >= WAITING:
            return self.end()
        for signal in signals:
            self._queue.put_nowait(signal)
        return None

    def end(self) -> None:
        """No more signals; what waits is dropped, since the place says what was taken."""
        self._over = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self, seconds: float) -> Signal | None:
        """The next signal, or none when there was none for so long. ``Conflict`` once it is over."""
        if self._missed:
            return self._missed.popleft()
        try:
            # What is there is taken as it is: a wait of no seconds would not even look.
            waits = self._queue.empty()
            signal = await asyncio.wait_for(self._queue.get(), seconds) if waits else self._queue.get_nowait()
        except TimeoutError:
            return None
        if signal is None:
            raise Conflict("This watch is over: begin again from the last place.")
        return signal


class _Shop:
    """A shop that somebody watches."""

    def __init__(self, db: Database, shop_id: int) -> None:
        self._db = db
        self._id = shop_id
        self._place: Place | None = None
        self._lock = asyncio.Lock()
        self._knocked = asyncio.Event()
        self._threads: set[int] = set()
        self._anything = False
        self.watchers: set[Watcher] = set()
        self.guests = 0  # watchers, and those who are about to be
        self.task = asyncio.create_task(self._run(), name=f"feed:{shop_id}")

    def knock(self, thread: int | None, *, anything: bool = False) -> None:
        """``anything``: what is shown of the shop may be another now, whether or not an event says so."""
        if thread is not None:
            self._threads.add(thread)
        self._anything = self._anything or anything
        self._knocked.set()

    def tell(self, signals: Sequence[Signal]) -> None:
        if signals:
            for watcher in self.watchers:
                watcher.tell(signals)

    async def join(self, watcher: Watcher, place: Place | None) -> None:
        """From here on the watcher is told; what happened since ``place`` comes first."""
        async with self._lock:
            if self._place is None:
                async with self._db.transaction(self._id) as tx:
                    self._place = await here(tx)
            else:
                await self._look()
            signals = [Signal(place=self._place)]
            if place is not None:
                try:
                    async with self._db.transaction(self._id) as tx:
                        missed, _ = await read(tx, place, until=self._place)
                    signals = [*_signals(missed), *signals]
                except TooFarBack:
                    log.info("a watcher was away for too long to be told everything", shop_id=self._id)
            watcher.catch_up(signals)
            self.watchers.add(watcher)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._knocked.wait(), SWEEP)
            await asyncio.sleep(GATHER)
            self._knocked.clear()
            try:
                async with self._lock:
                    await self._look()
            except Exception as error:  # nothing is lost: the place stays where it was
                log.warning("what is new could not be read, trying again", shop_id=self._id, exc_info=error)
                self._knocked.set()
                await asyncio.sleep(_RETRY)

    async def _look(self) -> None:
        """Tell the watchers what has come since the last look."""
        anything, self._anything = self._anything, False
        if self._place is not None:
            try:
                async with self._db.transaction(self._id) as tx:
                    events, place = await read(tx, self._place)
                self._place = place
                self.tell(_signals(events))
            except TooFarBack:
                async with self._db.transaction(self._id) as tx:
                    self._place = await here(tx)
                self.tell([Signal(place=self._place)])
        threads, self._threads = self._threads, set()  # not earlier: a look that fails leaves them for the next
        self.tell([Signal(thread=thread) for thread in sorted(threads)])
        if anything:
            self.tell([Signal()])


def _signals(events: Sequence[Told]) -> list[Signal]:
    return [Signal(event=event, place=place) for event, place in events]


class Feed:
    """The watchers of this process. It listens from the first one on, until closed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._shops: dict[int, _Shop] = {}
        self._listening = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def watch(self, shop_id: int, place: Place | None = None) -> AsyncIterator[Watcher]:
        """Watch a shop, from now on or from a place where an earlier watch was left."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="feed")
        await self._listening.wait()  # what comes after the first look must not be missed
        shop = self._shops.get(shop_id)
        if shop is None:
            shop = self._shops[shop_id] = _Shop(self._db, shop_id)
        watcher = Watcher()
        shop.guests += 1
        try:
            await shop.join(watcher, place)
            yield watcher
        finally:
            shop.watchers.discard(watcher)
            shop.guests -= 1
            if not shop.guests:
                del self._shops[shop_id]
                shop.task.cancel()

    async def close(self) -> None:
        """End every watch."""
        tasks = [shop.task for shop in self._shops.values()]
        for shop in self._shops.values():
            for watcher in shop.watchers:
                watcher.end()
        if self._listener is not None:
            tasks.append(self._listener)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await listen_connection(self._db.url) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._look_at_all()
                    self._listening.set()
                    async for note in connection.notifies():
                        self._heard(note.payload)
            except psycopg.Error as error:
                log.warning("the feed has lost its connection, trying again", exc_info=error)
            await asyncio.sleep(_RETRY)

    def _heard(self, payload: str) -> None:
        """``12``: an event of shop 12; ``12 34``: its thread 34; ``12 *``: anything of it."""
        shop_id, _, what = payload.partition(" ")
        shop = self._shops.get(int(shop_id))
        if shop is not None:
            shop.knock(int(what) if what.isdigit() else None, anything=what == "*")

    def _look_at_all(self) -> None:
        """Knocks may have been missed."""
        for shop in self._shops.values():
            shop.tell([Signal()])
            shop.knock(None)
