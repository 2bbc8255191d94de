"""What the order book shows and what it is asked for.

| stage       | an order is there …                                                            |
|-------------|--------------------------------------------------------------------------------|
| `new`       | while it is held and its payment is awaited                                    |
| `confirmed` | when it is paid (or its deposit), or a person took it on to be paid at delivery |
| `preparing` | once somebody works on it                                                      |
| `ready`     | when it waits to be fetched or is on its way (`shipped`)                       |
| `delivered` | when it was handed over and money is still owed                                |
| `paid`      | when it was handed over and all of it is paid: done                            |
| `cancelled` | when it was cancelled, or expired unpaid                                       |
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from griot.tools.orders.models import Order, Stage

Alert = Literal["waiting", "unpaid"]

LATE = timedelta(hours=24)  # in one place before an order counts as forgotten
MOST_COUNTED = 1000  # of a column; beyond, it is said that there are more


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders. ``since`` and ``until`` are days in the shop's zone, both included; ``search``: a reference, a
    product's code, a part of a buyer's name, phone or name on a channel. ``alert``: those that wait too long."""

    stage: Stage | None = None
    channel: str | None = None
    since: date | None = None
    until: date | None = None
    search: str = ""
    alert: Alert | None = None
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An order with its buyer. ``buyer``: the name, none when it is not known or was erased."""

    order: Order
    buyer: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many orders wait for somebody for too long, up to ``MOST_COUNTED`` each; ``refunds``: to be decided."""

    waiting: int
    unpaid: int
    refunds: int


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its latest orders; ``many``: how many there are, ``MOST_COUNTED`` standing for that or more."""

    stage: Stage
    many: int
    entries: tuple[Entry, ...]
