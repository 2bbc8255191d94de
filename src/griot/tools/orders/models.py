"""An order and its lines."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from griot.core.money import Money
from griot.core.tenancy import Shop

Status = Literal["reserved", "awaiting_payment", "paid", "expired", "cancelled"]
LineStatus = Literal["held", "sold", "expired", "cancelled"]
Fulfilment = Literal["preparing", "ready", "shipped", "delivered"]
Stage = Literal["new", "confirmed", "preparing", "ready", "delivered", "paid", "cancelled"]

OPEN: frozenset[Status] = frozenset({"reserved", "awaiting_payment"})
STEPS: tuple[Fulfilment, ...] = get_args(Fulfilment)
STAGES: tuple[Stage, ...] = get_args(Stage)


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
    are when the buyer wants it; ``fulfilment`` is how far a paid or confirmed order has come, ``received`` what
    was paid of it. ``confirmed_at``: a person took it on, to be paid at delivery. ``channel``: where it came from, the
    thread's channel, or `phone` or `counter`.
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
    channel: str = ""
    confirmed_at: datetime | None = None
    moved_at: datetime | None = None

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
    def owed(self) -> Money | None:
        """What is still to be received of an order that goes on; none when there is nothing."""
        if self.open:
            return self.total
        return self.remaining if self.status == "paid" else None

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def on_delivery(self) -> bool:
        """Taken on without money: the buyer pays when it is handed over, and no deadline runs."""
        return self.open and self.confirmed_at is not None

    @property
    def stage(self) -> Stage:
        """Its column in the order book, as the database has it (0021)."""
        if self.status in ("expired", "cancelled"):
            return "cancelled"
        if self.fulfilment == "delivered":
            return "delivered" if self.owed else "paid"
        if self.fulfilment is not None:
            return "preparing" if self.fulfilment == "preparing" else "ready"
        return "confirmed" if self.status == "paid" or self.confirmed_at else "new"

    @property
    def waits_since(self) -> datetime:
        """Since when it has been where it is."""
        return self.moved_at or self.paid_at or self.confirmed_at or self.created_at

    def overdue(self, now: datetime) -> bool:
        """Past its deadline though nobody has closed it yet: as good as expired."""
        return self.open and self.expires_at <= now

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the hold ends, never negative."""
        return max(0, int((self.expires_at - now).total_seconds()))

    @property
    def variant_ids(self) -> list[int]:
        return [line.variant_id for line in self.lines]
