"""How likely a conversation ends in a sale, what speaks for and against it, and what may be done about it.

docs/reference/inbox.md has the rules on one page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from griot.tools.customers.models import Standing

Advice = Literal["calm", "answer", "help_pay", "remind_pay", "follow_quote", "offer", "revive"]
Label = Literal["hot", "warm", "cold", "at_risk"]

BASE = 30
HOT = 60  # from here on somebody is likely to buy
WARM = 40
AT_RISK = 20  # below, somebody is likely to leave
_TRUST_SHARE = 5  # points of trust above or below 50 that are worth one
_MOODS = {"positive": 5, "hurried": 5, "hesitant": -10, "frustrated": -30}

# What waiting costs: points for each quarter of an hour that a person is waited for.
WAITING_STEP = timedelta(minutes=15)
_WAITING_POINTS = -5
_WAITING_MOST = -20

# Who is served before somebody that has waited for so much longer.
_ANGRY_AHEAD = timedelta(hours=6)
_HOT_AHEAD = timedelta(minutes=30)
_AHEAD_PER_POINT = timedelta(seconds=15)

# Those who wait come first, then those for whom something can be done, then all others: the latest first. In
# milliseconds, more than any time of this era has.
_CLASS = 10**15

COMPLAINTS = frozenset({"angry", "complaint", "legal", "refund", "abuse"})  # reasons of an escalation


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database says of a thread. ``mood``: the last one that was heard in the buyer's words.

    ``waits_since``: since when a person is waited for; ``complains``: and the reason is a complaint. ``holds``: an open
    order; ``asked_to_pay``: its payment was asked for; ``payment_failed``: the last attempt at it; ``let_go``: the last
    order expired unpaid. ``asked``: what is sold was asked about lately.
    """

    conversation_id: int
    written_at: datetime | None
    active_at: datetime
    human: bool
    waits_since: datetime | None
    complains: bool
    mood: str
    asked: bool
    holds: bool
    asked_to_pay: bool
    payment_failed: bool
    let_go: bool
    quoted: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Judged:
    """A thread's place among the others. ``reasons``: each with its points, which add up to ``score``."""

    score: int
    reasons: tuple[tuple[str, int], ...]
    advice: tuple[Advice, ...]
    hot: bool
    angry: bool
    place: int


def judge(facts: Facts) -> Judged:
    """The score of a thread, why, what may be done, and its place: the smaller, the sooner."""
    angry = facts.mood == "frustrated" or facts.complains
    reasons = _clamped(_reasons(facts, angry))
    score = sum(points for _, points in reasons)
    hot = score >= HOT and not angry
    advice = _advice(facts, angry)
    return Judged(score, reasons, advice, hot, angry, _place(facts, score, hot, angry, bool(advice)))


def at(
    reasons: tuple[tuple[str, int], ...], waits_since: datetime | None, now: datetime
) -> tuple[tuple[str, int], ...]:
    """The reasons with what the wait costs by now; they add up to the score of this moment."""
    if waits_since is None:
        return reasons
    points = max(_WAITING_MOST, _WAITING_POINTS * ((now - waits_since) // WAITING_STEP))
    return _clamped([*reasons, ("waiting", points)]) if points else reasons


def label(score: int, angry: bool) -> Label:
    """A score in a word."""
    if angry or score < AT_RISK:
        return "at_risk"
    if score >= HOT:
        return "hot"
    return "warm" if score >= WARM else "cold"


def _reasons(facts: Facts, angry: bool) -> list[tuple[str, int]]:
    trust = int((facts.standing.score - 50) / _TRUST_SHARE)
    counted = [
        ("base", BASE, True),
        ("open_hold", 25, facts.holds),
        ("asked_to_pay", 10, facts.asked_to_pay),
        ("quoted", 20, facts.quoted),
        ("asked", 10, facts.asked),
        ("payment_failed", -15, facts.payment_failed),
        ("let_go", -15, facts.let_go),
        ("angry", _MOODS["frustrated"], angry),
        (facts.mood, _MOODS.get(facts.mood, 0), not angry),
        ("trust", trust, True),
    ]
    return [(name, points) for name, points, holds in counted if holds and points]


def _clamped(reasons: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    total = sum(points for _, points in reasons)
    over = max(0, min(100, total)) - total
    return (*reasons, ("limits", over)) if over else tuple(reasons)


def _advice(facts: Facts, angry: bool) -> tuple[Advice, ...]:
    """What may be done, the most pressing first."""
    possible: list[tuple[Advice, bool]] = [
        ("calm", angry),
        ("answer", facts.waits_since is not None and not angry),
        ("help_pay", facts.payment_failed),
        ("remind_pay", facts.holds and not facts.payment_failed),
        ("follow_quote", facts.quoted and not facts.holds),
        ("offer", facts.mood == "hesitant"),
        ("revive", facts.let_go and not facts.holds),
    ]
    return tuple(advice for advice, holds in possible if holds)[:2]


def _place(facts: Facts, score: int, hot: bool, angry: bool, to_do: bool) -> int:
    if facts.waits_since is not None:
        ahead = score * _AHEAD_PER_POINT + _ANGRY_AHEAD * angry + _HOT_AHEAD * hot
        return _milliseconds(facts.waits_since - ahead)
    later = score * _AHEAD_PER_POINT + _HOT_AHEAD * hot
    return _CLASS * (2 if to_do else 3) - _milliseconds(facts.active_at + later)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
