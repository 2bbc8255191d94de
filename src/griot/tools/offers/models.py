"""Promotions and what came of using one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from griot.core.money import Money
from griot.tools.orders.models import Order

Kind = Literal["percent", "amount"]
Reason = Literal[
    "unknown", "not_started", "over", "used_up", "below_least", "order_over", "being_paid", "already_has_one"
]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A code and its worth: per cent of an order, or minor units off it.

    It counts from ``starts_at`` until before ``ends_at``, ``max_uses`` times at most (none: as often as wanted), for
    orders worth ``least`` or more before it is taken off.
    """

    id: int
    code: str
    kind: Kind
    worth: int
    least: Money
    starts_at: datetime
    ends_at: datetime
    max_uses: int | None
    uses: int


@dataclass(frozen=True, slots=True)
class Applied:
    """The order as it is with the promotion; ``discount`` is what it takes off now."""

    promotion: Promotion
    order: Order
    discount: Money


@dataclass(frozen=True, slots=True)
class NotApplied:
    """Why nothing was taken off. ``promotion`` is there when the code is known: it says since, until or from when."""

    reason: Reason
    promotion: Promotion | None = None
