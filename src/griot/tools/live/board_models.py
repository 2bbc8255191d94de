"""What a vendor sees of a live while it runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from griot.core.money import Money
from griot.tools.live.models import Live, Totals
from griot.tools.orders.models import Order

AlertKind = Literal["sold_out", "all_held", "low", "expiring", "payments", "escalations"]


@dataclass(frozen=True, slots=True)
class Bar:
    """``orders`` into which something was put from ``at`` on, and the ``code`` most of them named; none: no orders."""

    at: datetime
    orders: int = 0
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """Orders over time: a bar for every ``step`` of the live, empty ones too; ``peaks`` are some of ``bars``."""

    step: timedelta
    bars: tuple[Bar, ...]
    peaks: tuple[Bar, ...]

    @property
    def highest(self) -> int:
        return max((bar.orders for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stock of a product over all its variants, and how it is asked for in this live.

    ``orders`` and ``pieces`` are those of the live, ``lately`` the orders of its last ten minutes, ``waiting`` the
    buyers in line. ``free`` counts overdue holds as free; ``sold`` is everything that was ever sold.
    """

    code: str
    title: str
    price: Money
    free: int
    held: int
    sold: int
    low_stock: int
    orders: int
    pieces: int
    lately: int
    waiting: int

    @property
    def low(self) -> bool:
        """Few enough to warn the vendor."""
        return self.free <= self.low_stock

    @property
    def sold_out(self) -> bool:
        return self.free == 0 and self.held == 0

    @property
    def orders_left(self) -> int:
        """How many more orders the free pieces are enough for, if they take as many as those before."""
        return self.free * self.orders // self.pieces if self.pieces else self.free


@dataclass(frozen=True, slots=True)
class Moment:
    """What the orders of a live come to just now.

    ``paid`` and ``received``: payments of the last two minutes; ``expiring``: holds that end within two minutes;
    ``slow``: open orders of which more than half the time is gone.
    """

    paid: int
    received: Money
    expiring: int
    slow: int


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at. ``code`` of an article, or ``count`` of payments (``amount``), holds or threads."""

    kind: AlertKind
    code: str = ""
    count: int = 0
    amount: Money | None = None

    @property
    def critical(self) -> bool:
        """Sales or customers are being lost."""
        return self.kind in ("sold_out", "low", "escalations")


@dataclass(frozen=True, slots=True)
class Tip:
    """Advice for the next minutes: ``rule`` names the template ``live.tip_<rule>``, ``values`` fill it."""

    rule: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An order and who made it, as the vendor calls them."""

    order: Order
    buyer: str


@dataclass(frozen=True, slots=True)
class Board:
    """A live as it stands. Alerts and tips: the most pressing first; entries: the latest first."""

    live: Live
    totals: Totals
    pulse: Pulse
    shelves: tuple[Shelf, ...]
    alerts: tuple[Alert, ...]
    tips: tuple[Tip, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who can be sent an invoice."""

    name: str
    phone: str
