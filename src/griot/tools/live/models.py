"""A live session and what is known about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from griot.core.money import Money


@dataclass(frozen=True, slots=True)
class Live:
    """``codes`` is the quick catalogue, empty for everything; ``summary`` is there once the live has ended."""

    id: int
    title: str
    codes: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    summary: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The orders opened in a live, each counted once, whatever became of it.

    ``pending`` are reserved or awaiting payment; ``turnover`` is what was paid, of some orders only a deposit.
    """

    orders: int
    paid: int
    pending: int
    expired: int
    turnover: Money
    cancelled: int = 0

    @property
    def conversion(self) -> int:
        """Paid orders in percent of all, rounded; 0 without orders."""
        return round(100 * self.paid / self.orders) if self.orders else 0


@dataclass(frozen=True, slots=True)
class Level:
    """The stock of a product during a live, over all its variants. ``free`` counts overdue holds as free."""

    code: str
    title: str
    free: int
    held: int
    sold: int
    low_stock: int

    @property
    def low(self) -> bool:
        """Few enough to warn the vendor."""
        return self.free <= self.low_stock


@dataclass(frozen=True, slots=True)
class Warned:
    """A variant of which few are left. ``free`` 0 with some ``held``: others may still get what is not paid."""

    variant_id: int
    code: str
    options: dict[str, str]
    free: int
    held: int
    received: int

    @property
    def sold_out(self) -> bool:
        return self.free == 0 and self.held == 0


@dataclass(frozen=True, slots=True)
class Sold:
    code: str
    units: int


@dataclass(frozen=True, slots=True)
class Peak:
    """The minute in which most was asked for: ``asked`` requests, most of them for ``code``."""

    minute: datetime
    asked: int
    code: str


@dataclass(frozen=True, slots=True)
class SoldOut:
    """Nothing free was left at the end; the last piece was taken at ``at``."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the summary of a live is made from. ``sold`` has the best-seller first, ``sold_out`` the earliest."""

    title: str
    started_at: datetime
    ended_at: datetime
    totals: Totals
    sold: tuple[Sold, ...]
    new_buyers: int
    returning_buyers: int
    peak: Peak | None
    sold_out: tuple[SoldOut, ...]

    @property
    def duration(self) -> timedelta:
        return self.ended_at - self.started_at
