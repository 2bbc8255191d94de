"""An order and its lines."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from griot.core.money import Money
from griot.core.tenancy import Shop

Status = Literal["reserved", "awaiting_payment", "paid", "expired", "cancelled"]
LineStatus = Literal["held", "sold", "expired", "cancelled"]
Fulfilment = Literal["preparing", "ready", "shipped", "delivered"]

OPEN: frozenset[Status] = frozenset({"reserved", "awaiting_payment"})
STEPS: tuple[Fulfilment, ...] = get_args(Fulfilment)


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
    """``total`` is the sum of ``lines`` less ``discount``, the worth of the promotion, if there is one.

    All lines of an order have its fate: held while it is open, then sold, expired or cancelled with it; a line that the
    buyer takes out is gone from here (events remember it). ``wanted_on`` and ``wanted_at`` (HH:MM in the shop's zone)
    are when the buyer wants it; ``fulfilment`` is how far a paid order has come, ``received`` what was paid of it.
    """

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
    wanted_on: date | None = None
    wanted_at: str | None = None
    fulfilment: Fulfilment | None = None
    promotion_id: int | None = None
    discount: Money | None = None
    received: Money | None = None

    def due_now(self, shop: Shop) -> Money:
        """What is to be paid to make the order sure: the deposit, rounded up to a minor unit, or all of it."""
        if not shop.deposit_percent:
            return self.total
        return Money(-(-self.total.minor * shop.deposit_percent // 100), self.total.currency)

    @property
    def remaining(self) -> Money | None:
        """What a paid order still costs on the spot; none when there is nothing left to pay."""
        if self.received is None or self.received == self.total:
            return None
        return self.total - self.received

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
