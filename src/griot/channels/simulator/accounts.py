"""What every account of a business has, on any platform: conversations, settings, faults, counters, webhooks."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, NamedTuple

from starlette.datastructures import FormData

from griot.channels.simulator.behaviour import Behaviour
from griot.channels.simulator.deliveries import Outlet, Update
from griot.channels.simulator.errors import Refused
from griot.channels.simulator.faults import Fault, Faults, Kind
from griot.channels.simulator.limits import PAIR_BURST, PAIR_RATE, Bucket, Throughput
from griot.channels.simulator.model import Person, Screen, Shown
from griot.channels.simulator.world import World
from griot.core.errors import InvalidInput, NotFound

WINDOW = timedelta(hours=24)
TYPING = timedelta(seconds=25)

Reporter = Callable[[str, int | None], Update]


class Thread:
    """The conversation of one person with one account, as the person's phone has it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.shown: list[Shown] = []
        self.written: list[str] = []  # ids of the person's own messages
        self.read = 0  # how many of them the business has read
        self.accepted = 0
        self.answered = 0  # how many messages were shown when the person wrote last
        self.last_written: datetime | None = None
        self.typing_until: datetime | None = None
        self._pair: Bucket | None = None
        self._waiting: list[asyncio.Future[None]] = []

    def window_open(self, now: datetime, window: timedelta = WINDOW) -> bool:
        return self.last_written is not None and now - self.last_written <= window

    def take_pair(self, now: datetime) -> bool:
        self._pair = self._pair or Bucket(PAIR_RATE, PAIR_BURST, now)
        return self._pair.take(now)

    def write(self, message_id: str, now: datetime) -> None:
        self.last_written = now
        self.answered = len(self.shown)
        self.written.append(message_id)

    def show(self, message_id: str, content: dict[str, Any], screen: Screen, now: datetime) -> None:
        seq = len(self.shown) + 1
        self.shown.append(Shown(message_id, seq, now, time.time(), *screen, content))
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


class Accepted(NamedTuple):
    """A message that was taken: its id, and what the request is answered."""

    id: str
    answer: dict[str, Any]


class Account(ABC):
    """One account of a business; a subclass makes it one of WhatsApp, Instagram or Messenger.

    ``token`` is what its senders show, ``outlet`` where its webhooks go.
    """

    platform: ClassVar[str]
    upload_edge: ClassVar[str]  # the last part of the address that takes files
    identity: ClassVar[frozenset[str]] = frozenset()  # keywords of the constructor
    broken: ClassVar[int]  # the platform's code for "something went wrong"
    busy: ClassVar[int]  # and for too many requests
    behaviour: Behaviour

    def __init__(self, account_id: str, world: World, behaviour: Behaviour) -> None:
        self.id = account_id
        self.world = world
        self.token = ""
        self.behaviour = behaviour
        self.faults = Faults()
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[int] = Counter()
        self.opaque: Counter[str] = Counter()  # the sender's own id of a message -> times accepted
        self.threads: dict[str, Thread] = {}  # by user id
        self.throughput = Throughput()
        self._written: dict[str, tuple[Thread, int]] = {}  # inbound id -> thread and number within
        self._sent: dict[str, Reporter] = {}  # id of an accepted message -> what makes its statuses
        self.outlet = Outlet(
            self.envelope,
            behaviour=behaviour,
            faults=self.faults,
            counts=self.counts,
            poster=world.poster,
            clock=world.clock,
        )

    # What a platform does in its own way

    @abstractmethod
    def envelope(self, updates: Sequence[Update]) -> bytes:
        """A webhook body with these updates."""

    @abstractmethod
    def refusal(self, code: int, subcode: int | None = None) -> Refused:
        """The error with this code, as this platform words it."""

    @abstractmethod
    def check(self, payload: Any) -> dict[str, Any]:
        """The outermost object of a request. Raises ``Refused``."""

    @abstractmethod
    def instruct(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Carry out a request that is no message (read, typing). The answer; None when it is a message."""

    @abstractmethod
    def addressee(self, payload: dict[str, Any]) -> Any:
        """Whom a send is for, as written in the request."""

    @abstractmethod
    def send(self, payload: dict[str, Any], fault: Fault | None = None) -> Accepted:
        """Judge a message and bring it to the person. Raises ``Refused``."""

    @abstractmethod
    def act(self, key: str, action: dict[str, Any]) -> str:
        """What a person (by phone number or user id) does with a phone. The id of the message it sent.

        Raises ``InvalidInput`` for an action that is none, ``NotFound`` when there is nothing to tap or fill in.
        """

    def direct(self, action: dict[str, Any]) -> str:
        """What the vendor does with the platform's own app. The id of what came of it."""
        raise InvalidInput(f"The app of a {self.platform} vendor is not simulated.")

    @abstractmethod
    async def upload(self, form: FormData) -> dict[str, Any]:
        """Take a file. The answer."""

    @abstractmethod
    def describe(self, object_id: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """What an id stands for; None when it is nothing of this account."""

    def delete(self, object_id: str) -> bool:
        """Whether there was something to delete with this id."""
        return False

    def reported(self, statuses: Iterable[str]) -> list[str]:
        """Those statuses that the platform tells the business about."""
        return list(statuses)

    # From the business to a person

    def thread(self, person: Person) -> Thread:
        found = self.threads.get(person.user_id)
        if found is None:
            found = self.threads[person.user_id] = Thread(person)
        return found

    def count(self, thread: Thread, opaque: str | None) -> None:
        """One more accepted message; ``opaque`` the sender's own id of it."""
        self.counts["accepted"] += 1
        thread.accepted += 1
        if opaque is not None:
            self.opaque[opaque] += 1

    def plan(self, message_id: str, reporter: Reporter, fault: Fault | None) -> None:
        """Let the usual statuses of an accepted message come in their time."""
        self._sent[message_id] = reporter
        names = self.reported(self.behaviour.statuses)
        delays = [self.behaviour.statuses[name] for name in names]
        if fault is not None and fault.kind is Kind.DISORDER:
            names.reverse()
        for name, delay in zip(names, delays, strict=True):
            if not (fault is not None and fault.kind is Kind.EARLY_STATUS and name == "sent"):
                self._schedule(message_id, name, delay)

    def plan_failure(self, message_id: str, reporter: Reporter, code: int) -> None:
        """Let the message fail."""
        self._sent[message_id] = reporter
        self._schedule(message_id, "failed", 0.0, code)

    def _schedule(self, message_id: str, name: str, delay: float, code: int | None = None) -> None:
        self.counts[f"status_{name}"] += 1
        self.outlet.schedule(delay, message_id, partial(self._sent[message_id], name, code))

    def report(self, message_id: str, status: str, code: int | None = None) -> None:
        """Send a status by hand: ``played``, a ``failed`` with its code, a second ``read``, …"""
        if message_id not in self._sent:
            raise NotFound(f"{message_id} was not sent by {self.id}.")
        if not self.reported([status]):
            raise InvalidInput(f"There is no {status!r} on {self.platform}.")
        self._schedule(message_id, status, 0.0, code)

    async def report_early(self, message_id: str) -> None:
        """Post the ``sent`` status and wait for the receiver, before the sender has its answer."""
        self.counts["status_sent"] += 1
        await self.outlet.post_now(self._sent[message_id]("sent", None))

    # From a person to the business

    def write(self, thread: Thread, message_id: str, update: Update) -> str:
        """A person wrote; the webhook goes out at once. The message's id."""
        now = self.world.clock.now()
        thread.write(message_id, now)
        self._written[message_id] = (thread, len(thread.written))
        self.counts["inbound"] += 1
        self.outlet.schedule(0.0, thread.person.user_id, lambda: update)
        return message_id

    def read_until(self, message_id: str) -> Thread | None:
        """This message and all earlier ones have been read by the business. None when nobody wrote it."""
        found = self._written.get(message_id)
        if found is None:
            return None
        thread, number = found
        thread.read = max(thread.read, number)
        self.counts["reads"] += 1
        return thread

    def was_read(self, message_id: str) -> bool:
        """Whether the business marked this message of a person as read."""
        thread, number = self._written[message_id]
        return thread.read >= number

    # Counters

    @property
    def doubled(self) -> int:
        """Opaque ids accepted more than once: messages a buyer got twice."""
        return sum(1 for times in self.opaque.values() if times > 1)

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
