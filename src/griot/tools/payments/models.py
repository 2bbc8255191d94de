"""Payments and what settling them came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from griot.core.money import Money

Status = Literal["created", "pending", "succeeded", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay one order by one means.

    ``reference`` is our name for it at the provider, ``provider_id`` the provider's own, ``checkout_url`` the page on
    which the buyer pays. ``order_total`` is what the order came to when it was asked for: ``amount``, or more when that
    is a deposit. ``received`` is what the provider says was paid, which may differ from ``amount``.
    """

    id: int
    order_id: int
    provider: str
    means: str
    reference: str
    provider_id: str | None
    checkout_url: str | None
    amount: Money
    order_total: Money
    status: Status
    outcome: str | None
    received: Money | None
    checks: int
    created_at: datetime
    succeeded_at: datetime | None

    @property
    def open(self) -> bool:
        """Money may still be on its way."""
        return self.status in ("created", "pending")


RefundStatus = Literal["staged", "approved", "rejected", "done"]


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to give back. ``staged`` until a person decides; ``approved``: it is to be given back at the provider."""

    id: int
    payment_id: int
    order_id: int
    amount: Money
    reason: str
    status: RefundStatus
    created_at: datetime


class Result(StrEnum):
    """What an answer of a provider, or a notice, came to. The first five are the outcomes of money received."""

    SETTLED = "settled"
    LATE_SETTLED = "late_settled"  # after the deadline, and the stock was still there
    LATE_REFUND = "late_refund"  # after the deadline, and the stock was gone
    DUPLICATE_REFUND = "duplicate_refund"
    MISMATCH_REFUND = "mismatch_refund"  # another amount or currency than the order's
    FAILED = "failed"
    EXPIRED = "expired"
    WAITING = "waiting"  # nothing final yet: the provider will be asked again
    UNANSWERED = "unanswered"  # the provider could not be asked, or said nothing of use
    UNCHANGED = "unchanged"  # known before
