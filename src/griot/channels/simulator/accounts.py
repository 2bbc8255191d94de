"""A business number as the simulator keeps it: its conversations, settings, faults and counters."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from griot.channels.simulator.deliveries import Outlet
from griot.channels.simulator.faults import Faults
from griot.channels.simulator.limits import PAIR_BURST, PAIR_RATE, Bucket, Throughput
from griot.channels.simulator.model import Behaviour, Person, Shown, Template
from griot.channels.simulator.poster import Poster
from griot.channels.simulator.updates import Sender
from griot.core.clock import Clock

WINDOW = timedelta(hours=24)
TYPING = timedelta(seconds=25)


class Thread:
    """The conversation of one person with one business number, as the person's phone has it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.shown: list[Shown] = []
        self.written: list[str] = []  # ids of the person's own messages
        self.read = 0  # how many of them the business has read
        self.accepted = 0
        self.last_written: datetime | None = None
        self.typing_until: datetime | None = None
        self._pair: Bucket | None = None
        self._waiting: list[asyncio.Future[None]] = []

    def window_open(self, now: datetime) -> bool:
        return self.last_written is not None and now - self.last_written <= WINDOW

    def take_pair(self, now: datetime) -> bool:
        self._pair = self._pair or Bucket(PAIR_RATE, PAIR_BURST, now)
        return self._pair.take(now)

    def show(self, message: Shown) -> None:
        self.shown.append(message)
        self.typing_until = None
        self.wake()

    def wake(self) -> None:
        """Let everybody look who waits for a message."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def messages(self, after: int, wait: float) -> list[Shown]:
        """What came after message number ``after``; when nothing did, wait for it up to ``wait`` seconds."""
        if len(self.shown) <= after and wait > 0:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await asyncio.wait([waiter], timeout=wait)
            if not waiter.done():
                self._waiting.remove(waiter)
        return self.shown[after:]


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted message, as far as its statuses need it."""

    id: str
    person: Person
    to_phone: bool
    opaque: str | None
    category: str


@dataclass(slots=True)
class Account:
    """One business number. ``token`` is what its senders show, ``outlet`` where its webhooks go."""

    token: str
    sender: Sender
    outlet: Outlet
    behaviour: Behaviour
    faults: Faults
    counts: Counter[str]
    refusals: Counter[int] = field(default_factory=Counter)
    opaque: Counter[str] = field(default_factory=Counter)  # biz_opaque_callback_data -> times accepted
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)  # by user id
    written: dict[str, tuple[Thread, int]] = field(default_factory=dict)  # inbound id -> thread and number within
    sent: dict[str, Sent] = field(default_factory=dict)
    throughput: Throughput = field(default_factory=Throughput)

    @property
    def id(self) -> str:
        return self.sender.phone_number_id

    @property
    def doubled(self) -> int:
        """Opaque ids accepted more than once: messages a buyer got twice."""
        return sum(1 for times in self.opaque.values() if times > 1)

    def thread(self, person: Person) -> Thread:
        found = self.threads.get(person.user_id)
        if found is None:
            found = self.threads[person.user_id] = Thread(person)
        return found

    def counters(self, *, phones: bool = False) -> dict[str, Any]:
        """Everything counted so far; ``phones`` adds accepted messages by phone number or user id."""
        counted: dict[str, Any] = {
            **self.counts,
            "refusals": {str(code): times for code, times in self.refusals.items()},
            "opaque_ids": len(self.opaque),
            "doubled": self.doubled,
            "doubled_ids": [opaque for opaque, times in self.opaque.items() if times > 1][:20],
            "webhooks_pending": self.outlet.pending,
        }
        if phones:
            threads = self.threads.values()
            counted["phones"] = {thread.person.phone or thread.person.user_id: thread.accepted for thread in threads}
        return counted


def open_account(
    sender: Sender, *, token: str, app_secret: str, webhook_url: str, poster: Poster, clock: Clock
) -> Account:
    """A number that behaves like Meta's, with nothing in it yet."""
    behaviour, faults = Behaviour(), Faults()
    counts: Counter[str] = Counter()
    outlet = Outlet(
        sender,
        url=webhook_url,
        secret=app_secret,
        behaviour=behaviour,
        faults=faults,
        counts=counts,
        poster=poster,
        clock=clock,
    )
    return Account(token, sender, outlet, behaviour, faults, counts)
