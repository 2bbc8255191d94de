"""What a briefing is made of."""

from dataclasses import dataclass
from datetime import date

from griot.core.money import Money


@dataclass(frozen=True, slots=True)
class Watch:
    """The conversation to look at first: who, why (``escalation.REASONS``), and what they said last."""

    conversation: int
    buyer: str
    reason: str
    summary: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A day of a shop, in its own zone, and how things stand now.

    ``conversations``: with buyers who wrote. ``paid``, ``turnover``: what was paid that day. ``hot``: buyers who held
    or were quoted something that day and have bought nothing since. ``waiting``: threads that wait for the vendor now,
    ``complaints`` of them. ``refunds``: staged, to be approved. ``sold_out``: codes with nothing left, of those sold
    that day.
    """

    day: date
    conversations: int
    orders: int
    paid: int
    turnover: Money
    hot: int
    waiting: int
    complaints: int
    refunds: int
    sold_out: tuple[str, ...]
    watch: Watch | None

    @property
    def quiet(self) -> bool:
        """Nothing happened and nothing waits."""
        return not (self.conversations or self.orders or self.paid or self.waiting or self.refunds)


@dataclass(frozen=True, slots=True)
class Sales:
    """``orders`` made, ``paid`` and their ``turnover`` in a stretch of time."""

    orders: int
    paid: int
    turnover: Money

    @property
    def basket(self) -> Money | None:
        """What a paid order brings on average, in whole minor units; none without any."""
        return Money(round(self.turnover.minor / self.paid), self.turnover.currency) if self.paid else None


@dataclass(frozen=True, slots=True)
class Today:
    """A shop's day so far, in its own zone, and what waits for somebody now.

    ``yesterday``: until the same time of day. ``writers``: conversations in which buyers wrote today. ``unpaid``:
    orders that may still be paid; ``to_prepare``: paid in the last week and not yet ready. Else as ``Facts``.
    """

    day: date
    sales: Sales
    yesterday: Sales
    writers: int
    unpaid: int
    to_prepare: int
    waiting: int
    complaints: int
    refunds: int
    sold_out: tuple[str, ...]
