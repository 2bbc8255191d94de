"""A quote and its lines. Amounts are whole minor units of the shop's currency."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from griot.core.money import Money

Status = Literal["open", "accepted", "replaced", "expired"]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """``unit`` is the price of a piece at this quantity, taxes included or not as the shop counts."""

    variant_id: int
    code: str
    title: str
    options: dict[str, str]
    quantity: int
    unit: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """``total`` is what the buyer pays: ``net`` + ``tax``. ``deposit`` is the part of it to pay with the order."""

    id: int
    number: str
    conversation_id: int
    customer_id: int
    status: Status
    lines: tuple[QuoteLine, ...]
    net: Money
    tax: Money
    total: Money
    deposit: Money | None
    wanted_on: date | None
    valid_until: date
    created_at: datetime
