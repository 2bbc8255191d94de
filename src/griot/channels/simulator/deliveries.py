"""Webhooks on their way: batched, signed, posted, repeated until the receiver answers 200."""

import asyncio
import itertools
import zlib
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from griot.channels.signature import sign
from griot.channels.simulator.behaviour import Behaviour
from griot.channels.simulator.faults import Faults
from griot.channels.simulator.poster import Poster
from griot.core.clock import Clock

MESSAGE_LANES = 32
STATUS_LANES = 4
HORIZON = timedelta(days=7)  # after which Meta gives up a webhook
OUTAGE_CHECK = 0.02  # seconds between two looks at whether an outage is over

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Update:
    """One event on its way to the receiver.

    ``kind``: messages (what people do) or statuses (what became of the business's messages), which travel apart.
    ``field``: the subscription it belongs to. ``contact``: what WhatsApp says about the person beside it.
    """

    kind: str
    body: dict[str, Any]
    contact: dict[str, Any] | None = None
    field: str = "messages"


class Outlet:
    """The webhooks of one account; ``envelope`` makes a body of several updates, ``url`` and ``secret`` are set later.

    A person's messages, and a message's statuses, share a lane, so they arrive in order unless a delivery fails:
    a failed body is repeated beside the lane while later ones go on, as at Meta.
    """

    def __init__(
        self,
        envelope: Callable[[Sequence[Update]], bytes],
        *,
        behaviour: Behaviour,
        faults: Faults,
        counts: Counter[str],
        poster: Poster,
        clock: Clock,
    ) -> None:
        self.url = ""
        self.secret = ""
        self._envelope = envelope
        self._behaviour = behaviour
        self._faults = faults
        self._counts = counts
        self._poster = poster
        self._clock = clock
        self._open = asyncio.Event()
        self._open.set()
        self._lanes = {
            "messages": [_Lane(self, "message") for _ in range(MESSAGE_LANES)],
            "statuses": [_Lane(self, "status") for _ in range(STATUS_LANES)],
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.pending = 0  # updates not yet received or given up
        self.closed = False

    @property
    def behaviour(self) -> Behaviour:
        return self._behaviour

    def schedule(self, seconds: float, key: str, make: Callable[[], Update]) -> None:
        """Send an update ``seconds`` from now (it is made then). ``key`` chooses the lane: same key, same order."""
        self._expect(1)
        seconds += self._behaviour.webhook_delay
        if seconds <= 0:
            self._enqueue(key, make())
            return
        loop = asyncio.get_running_loop()

        def due() -> None:
            self._timers.discard(timer)
            self._enqueue(key, make())

        timer = loop.call_later(seconds, due)
        self._timers.add(timer)

    def _enqueue(self, key: str, update: Update) -> None:
        if not self.closed:
            lanes = self._lanes[update.kind]
            lanes[zlib.crc32(key.encode()) % len(lanes)].put(update)

    async def post_now(self, update: Update) -> None:
        """Post one update ahead of all others and wait for the receiver's answer."""
        self._expect(1)
        await self.deliver([update])

    def hold(self) -> None:
        """Keep everything back until ``release``."""
        self._open.clear()

    def release(self, batch: int = 1000) -> None:
        """Deliver what was held back in bodies of up to ``batch`` updates, then go on as usual."""
        held = [update for lanes in self._lanes.values() for lane in lanes for update in lane.take_all()]
        self._open.set()
        for start in range(0, len(held), batch):
            self._spawn(self.deliver(held[start : start + batch]))

    async def ready(self) -> None:
        """Return once nothing keeps webhooks back."""
        while True:
            await self._open.wait()
            if not self._faults.down:
                return
            await asyncio.sleep(OUTAGE_CHECK)

    async def deliver(self, updates: list[Update]) -> None:
        """Post one body; when that fails, go on trying in the background."""
        body = self._envelope(updates)
        if not await self._attempt(body):
            self._spawn(self._repeat(body, len(updates)))
            return
        if self._faults.duplicates > 0:
            self._faults.duplicates -= 1
            self._counts["webhook_duplicates"] += 1
            await self._attempt(body)
        self._settle(len(updates))

    async def _repeat(self, body: bytes, updates: int) -> None:
        first = self._clock.now()
        gaps = self._behaviour.retry_gaps
        for gap in itertools.chain(gaps, itertools.repeat(gaps[-1])):
            await asyncio.sleep(gap)
            await self.ready()
            if self._clock.now() - first > HORIZON:
                self._counts["webhook_given_up"] += 1
                break
            self._counts["webhook_retries"] += 1
            if await self._attempt(body):
                break
        self._settle(updates)

    async def _attempt(self, body: bytes) -> bool:
        self._counts["webhook_posts"] += 1
        self._counts["webhook_bytes"] += len(body)
        try:
            status = await self._poster.post(self.url, body, sign(self.secret, body), self._behaviour.webhook_timeout)
        except (OSError, TimeoutError) as error:
            log.info("simulator.webhook_unanswered", url=self.url, error=repr(error))
            return False
        if status != 200:
            log.info("simulator.webhook_refused", url=self.url, status=status)
        return status == 200

    def _expect(self, updates: int) -> None:
        self.pending += updates
        self._idle.clear()

    def _settle(self, updates: int) -> None:
        self.pending -= updates
        if self.pending == 0:
            self._idle.set()

    async def drained(self) -> None:
        """Return once every update was received."""
        await self._idle.wait()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; what was not delivered is lost with the simulator."""
        self.closed = True
        for timer in self._timers:
            timer.cancel()
        lanes = [lane for group in self._lanes.values() for lane in group]
        running = [task for task in (*self._tasks, *(lane.task for lane in lanes)) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class _Lane:
    """Updates that leave one body after the other."""

    def __init__(self, outlet: Outlet, kind: str) -> None:
        self._outlet = outlet
        self._batch = f"{kind}_batch"
        self._flush = f"{kind}_flush"
        self._queue: deque[Update] = deque()
        self._wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def put(self, update: Update) -> None:
        self._queue.append(update)
        self._wake.set()
        if self.task is None:
            self.task = asyncio.create_task(self._run())

    def take_all(self) -> list[Update]:
        updates = list(self._queue)
        self._queue.clear()
        return updates

    async def _run(self) -> None:
        behaviour = self._outlet.behaviour
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                batch: int = getattr(behaviour, self._batch)
                flush: float = getattr(behaviour, self._flush)
                if flush and len(self._queue) < batch:
                    await asyncio.sleep(flush)
                await self._outlet.ready()
                updates = [self._queue.popleft() for _ in range(min(batch, len(self._queue)))]
                if updates:
                    await self._outlet.deliver(updates)
