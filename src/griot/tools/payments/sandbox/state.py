"""What the sandbox provider knows: its merchants' keys, the checkouts, and how it is told to misbehave."""

import asyncio
import secrets
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import httpx

from griot.core.clock import Clock
from griot.core.errors import Conflict, NotFound
from griot.core.money import Money

Health = Literal["ok", "error", "silence"]
Outcome = Literal["paid", "failed"]
Status = Literal["open", "processing", "paid", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class Faults:
    """How the provider misbehaves, for all checkouts or for one. The default is a provider that works."""

    create: Health = "ok"  # error: 500, nothing done; silence: done, and never answered
    look_up: Health = "ok"
    failure: bool = False  # the payment is refused, whatever the buyer presses
    processing: float = 0.0  # seconds between the buyer's press and the result
    amount: str | None = None  # what is really collected, in major units
    currency: str | None = None
    loss: bool = False  # no notice is ever sent
    delay: float = 0.0  # seconds before a notice is sent
    disorder: bool = False  # the notice arrives before the buyer sees the result
    duplicates: int = 0  # further copies of each notice, sent at once
    forged: bool = False  # signed with another key


@dataclass(slots=True)
class Checkout:
    """One request to collect money. ``received`` is what was collected, once ``status`` is ``paid``."""

    id: str
    key: str
    reference: str
    amount: Money
    means: str
    description: str
    language: str
    success_url: str
    cancel_url: str
    notify_url: str
    created_at: datetime
    expires_at: datetime
    status: Status = "open"
    received: Money | None = None
    paid_at: datetime | None = None
    faults: Faults | None = None

    def state(self, now: datetime) -> Status:
        """The status, an overdue open checkout being expired without anybody having to say so."""
        return "expired" if self.status == "open" and now >= self.expires_at else self.status


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver a notice; ``status`` is None when nobody answered."""

    notice_id: str
    reference: str
    status: int | None


@dataclass(slots=True)
class Sandbox:
    """The provider itself. It lives in one process; every other process asks it over HTTP."""

    base_url: str
    keys: set[str]
    clock: Clock
    http: httpx.AsyncClient
    faults: Faults = field(default_factory=Faults)
    retry_gaps: tuple[float, ...] = (0.5, 1, 2, 4, 8, 16, 32, 64, 128)  # seconds between attempts to deliver
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=10_000))
    _by_reference: dict[tuple[str, str], str] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def create(self, key: str, *, reference: str, amount: Money, **details: Any) -> tuple[Checkout, bool]:
        """The checkout of a reference, and whether it is new; ``Conflict`` when it was opened for other money."""
        known = self.by_reference(key, reference)
        if known is not None:
            if known.amount != amount:
                raise Conflict(f"The reference {reference} was used for {known.amount} before: use a new one.")
            return known, False
        checkout = Checkout(
            id=f"chk_{secrets.token_hex(10)}",
            key=key,
            reference=reference,
            amount=amount,
            created_at=self.clock.now(),
            **details,
        )
        self.checkouts[checkout.id] = checkout
        self._by_reference[key, reference] = checkout.id
        return checkout, True

    def find(self, checkout_id: str) -> Checkout:
        try:
            return self.checkouts[checkout_id]
        except KeyError:
            raise NotFound("There is no such checkout.") from None

    def by_reference(self, key: str, reference: str) -> Checkout | None:
        checkout_id = self._by_reference.get((key, reference))
        return self.checkouts[checkout_id] if checkout_id else None

    def behaviour(self, checkout: Checkout) -> Faults:
        """The faults that hold for a checkout: its own when it was given some, else everybody's."""
        return checkout.faults or self.faults

    def page_url(self, checkout: Checkout) -> str:
        return f"{self.base_url}/pay/{checkout.id}"

    def press(self, checkout: Checkout, outcome: Outcome) -> Outcome:
        """The buyer confirms or gives up; the answer is what will come of it.

        Raises ``Conflict`` when the checkout has been decided before, or is over.
        """
        state = checkout.state(self.clock.now())
        if state != "open":
            raise Conflict(f"This payment is {state}: it cannot be paid again.")
        faults = self.behaviour(checkout)
        if faults.failure:
            outcome = "failed"
        if faults.processing:
            checkout.status = "processing"
        else:
            self.decide(checkout, outcome)
        return outcome

    def decide(self, checkout: Checkout, outcome: Outcome) -> None:
        """The money has arrived, or it never will."""
        if outcome == "paid":
            faults = self.behaviour(checkout)
            currency = faults.currency or checkout.amount.currency
            checkout.received = Money.parse(faults.amount or checkout.amount.decimal(), currency)
            checkout.paid_at = self.clock.now()
        checkout.status = outcome

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until every notice is delivered or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        """Drop what is still to be delivered."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
