"""Figures of a stretch of days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, of ``n`` times; None without any. The unit is said where it stands."""

    n: int
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """Turns of the agent. ``asked``: those that somebody had to answer; ``automatic``: those that nobody but the agent
    did. ``waited``: from the buyer's last words to the decided answer, in milliseconds, of the automatic ones.
    ``calls``, ``tokens_in``, ``tokens_out``: of language models; the offline interpreter needs none."""

    asked: int
    automatic: int
    waited: Spread
    calls: int
    tokens_in: int
    tokens_out: int

    @property
    def automatic_rate(self) -> float | None:
        return share(self.automatic, self.asked)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the shop. ``orders``: made that day; ``paid``: paid that day."""

    day: date
    answers: Answers
    escalations: int
    orders: int
    paid: int


@dataclass(frozen=True, slots=True)
class Figures:
    """From the first to the last of ``days``, in the shop's zone; every day is there.

    ``talks``: conversations in which the agent had a turn. ``escalated``: of them, those that were put before the
    vendor. ``leads``: those in which an article was shown, quoted or held; ``offered``: of the leads, those with a
    quote or an order. ``resolved``: from an escalation of these days to its end, in seconds; ``open``: of them, without
    an end so far. ``ordered``: from the first article held to the payment, in seconds, of what was paid then.
    """

    days: tuple[Day, ...]
    answers: Answers
    talks: int
    escalated: int
    leads: int
    offered: int
    resolved: Spread
    open: int
    ordered: Spread

    @property
    def escalation_rate(self) -> float | None:
        return share(self.escalated, self.talks)

    @property
    def offer_rate(self) -> float | None:
        """Lead to quote: product.md §11."""
        return share(self.offered, self.leads)


def share(part: int, whole: int) -> float | None:
    """A part as a share of the whole; None of nothing."""
    return part / whole if whole else None
