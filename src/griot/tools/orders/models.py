"""An order and its lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from griot.core.money import Money

Status = Literal["reserved", "awaiting_payment", "paid", "expired", "cancelled"]
LineStatus = Literal["held", "sold", "expired", "cancelled"]

OPEN: frozenset[Status] = frozenset({"reserved", "awaiting_payment"})


@dataclass(frozen=True, slots=True)
class Line:
    """An article of an order with the stock it holds, or held; ``unit`` is the price of one piece when it was taken."""

    hold_id: int
    variant_id: int
    product_id: int
    code: str
    title: str
    options: dict[str, str]
    quantity: int
    unit: Money
    status: LineStatus

    @property
    def total(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """``total`` is the sum of ``lines``. All lines of an order have its fate: held while it is open, then sold,
    expired or cancelled with it; a line that the buyer takes out is gone from here (events remember it)."""

    id: int
    reference: str
    customer_id: int
    conversation_id: int
    live_id: int | None
    status: Status
    means: str | None
    total: Money
    expires_at: datetime
    extended: bool
    created_at: datetime
    paid_at: datetime | None
    lines: tuple[Line, ...]

    @property
    def open(self) -> bool:
        return self.status in OPEN

    def overdue(self, now: datetime) -> bool:
        """Past its deadline though nobody has closed it yet: as good as expired."""
        return self.open and self.expires_at <= now

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the hold ends, never negative."""
        return max(0, int((self.expires_at - now).total_seconds()))

    @property
    def variant_ids(self) -> list[int]:
        return [line.variant_id for line in self.lines]
