"""A buyer and the trust earned with a shop (product.md §4). docs/reference/holds.md has the rules on one page."""

from dataclasses import dataclass
from typing import Literal

from griot.core.tenancy import Shop

Tier = Literal["bronze", "silver", "gold", "diamond"]
Badge = Literal["first_buyer", "loyal", "fast_payer", "verified"]

FAST_PAYMENT_SECONDS = 120
VIP_SCORE = 80
RISKY_SCORE = 30
VIP_HOLD_MINUTES = 15
RISKY_HOLD_MINUTES = 5

# "More than 100 000" is said in XOF. Elsewhere: about as much, in minor units (EUR at the peg of 655.957, MGA at
# 7.5 for one XOF, the others rounded). A threshold needs no exchange rate of the day.
BIG_SPENDER_MINOR = {
    "XOF": 100_000,
    "XAF": 100_000,
    "GNF": 1_430_000,
    "MGA": 750_000,
    "EUR": 152_45,
    "USD": 165_00,
    "MAD": 1_650_00,
    "TND": 510_000,
}

_TIERS: tuple[tuple[Tier, int, int], ...] = (("diamond", 10, 80), ("gold", 6, 70), ("silver", 3, 60))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a buyer has done in a shop so far. Everything below is computed from these counts and nothing else.

    ``spent_minor`` is in minor units of ``currency``; ``payment_seconds`` is the sum over all paid orders.
    """

    paid_orders: int = 0
    expired_holds: int = 0
    spent_minor: int = 0
    payment_seconds: int = 0
    currency: str = "XOF"

    @property
    def average_payment_seconds(self) -> float | None:
        """From the hold to the money, on average; none before the first payment."""
        return self.payment_seconds / self.paid_orders if self.paid_orders else None

    @property
    def flagged(self) -> bool:
        """Takes articles again and again and does not pay: ``faux_acheteur_potentiel``."""
        return self.expired_holds > 3 and self.paid_orders < 2

    @property
    def explanation(self) -> list[tuple[str, int]]:
        """Every criterion that counted, with its points; the points add up to the score."""
        reasons = [("base", 50)]
        if self.paid_orders:
            reasons.append(("payments", min(5 * self.paid_orders, 25)))
        average = self.average_payment_seconds
        if average is not None and average < FAST_PAYMENT_SECONDS:
            reasons.append(("fast_payments", 10))
        if self.spent_minor > BIG_SPENDER_MINOR[self.currency]:
            reasons.append(("big_spender", 10))
        if self.expired_holds:
            reasons.append(("expired_holds", -10 * self.expired_holds))
        if self.flagged:
            reasons.append(("faux_acheteur_potentiel", -20))
        total = sum(points for _, points in reasons)
        clamped = max(0, min(100, total))
        if clamped != total:
            reasons.append(("limits", clamped - total))
        return reasons

    @property
    def score(self) -> int:
        """Trust from 0 to 100."""
        return sum(points for _, points in self.explanation)

    @property
    def tier(self) -> Tier:
        score = self.score
        return next((name for name, paid, least in _TIERS if self.paid_orders >= paid and score >= least), "bronze")

    @property
    def vip(self) -> bool:
        """Holds for longer, and goes first on a waiting list."""
        return self.score >= VIP_SCORE

    @property
    def reminder_share(self) -> float:
        """After which part of the hold the reminder goes out."""
        score = self.score
        if score >= VIP_SCORE:
            return 0.8
        return 0.5 if score < 40 else 0.7

    def hold_minutes(self, shop: Shop) -> int:
        """How long this buyer may hold an article in this shop."""
        score = self.score
        if score < RISKY_SCORE or self.flagged:
            return RISKY_HOLD_MINUTES
        return max(VIP_HOLD_MINUTES, shop.hold_minutes) if score >= VIP_SCORE else shop.hold_minutes


@dataclass(frozen=True, slots=True)
class Customer:
    """``phone`` is E.164 without '+', none when the person hides it; ``language`` none until known.

    ``records``: the numbers of all records that are linked as one person, this one among them. All but ``id`` and
    ``phone`` is the person's: a number that was proven on one channel opens nothing on another.
    """

    id: int
    name: str | None
    phone: str | None
    language: str | None
    standing: Standing
    opted_out: bool
    preferred_means: str | None
    badges: tuple[str, ...] = ()
    prefers_voice: bool | None = None  # None: as the shop does
    records: tuple[int, ...] = ()

    def is_one_with(self, customer_id: int) -> bool:
        """Whether a record is this one or linked to it."""
        return customer_id == self.id or customer_id in self.records
