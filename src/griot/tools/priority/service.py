"""Conversations in the order in which they want a person, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from griot.core.db.pool import Tx
from griot.core.events import record
from griot.tools.conversations.inbox import Listed, listed
from griot.tools.customers.queries import standing
from griot.tools.priority import queries
from griot.tools.priority.models import COMPLAINTS, Advice, Facts, Label, at, judge, label

Filter = Literal["all", "waiting", "human", "hot", "angry", "unread"]
FILTERS: tuple[Filter, ...] = ("all", "waiting", "human", "hot", "angry", "unread")

BATCH = 200  # calls that are answered in one transaction
COUNTED = 100  # threads of a filter, beyond which nobody wants the number
_RECENT = 6  # turns whose moods and questions count
_LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a thread stands now. ``reasons``: each with its points, which add up to ``score``, the wait included."""

    score: int
    label: Label
    reasons: tuple[tuple[str, int], ...]
    advice: tuple[Advice, ...]
    waits_since: datetime | None
    hot: bool
    angry: bool
    unread: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thread of the list, where it stands, and the place to go on after it."""

    thread: Listed
    stands: Stands
    place: tuple[int, int]


async def answer_calls(tx: Tx, now: datetime) -> int:
    """Judge threads about which something has changed, up to ``BATCH`` calls; how many there were."""
    called = await queries.take_calls(tx, BATCH)
    await look(tx, called, now)
    return len(called)


async def look(tx: Tx, conversation_ids: list[int], now: datetime) -> None:
    """Judge these threads by what the database says of them."""
    if not conversation_ids:
        return
    found = [_facts(row) for row in await queries.facts(tx, conversation_ids, now, _RECENT)]
    await queries.save(tx, [_row(facts) for facts in found], now)


async def page(
    tx: Tx,
    now: datetime,
    limit: int,
    after: tuple[int, int] | None = None,
    *,
    which: Filter = "all",
    channel: str | None = None,
    search: str | None = None,
) -> list[Ranked]:
    """A page of threads, the one to act on first at its head. ``after``: the place of the last one seen.

    ``search``: a part of a name, a phone, or of what the buyer wrote.
    """
    words = " ".join((search or "").split())[:_LONGEST_SEARCH] or None
    rows = await queries.page(tx, limit, after, which, channel, words)
    return [Ranked(listed(row), _stands(row, now), (row["first"], row["id"])) for row in rows]


async def of_thread(tx: Tx, conversation_id: int, now: datetime) -> Stands | None:
    """Where a thread stands; none until somebody has looked at it."""
    row = await queries.one(tx, conversation_id)
    return _stands(row, now) if row else None


async def counts(tx: Tx) -> dict[str, int]:
    """How many threads there are by filter, at most ``COUNTED`` each."""
    return await queries.counts(tx, COUNTED)


async def channels(tx: Tx) -> list[str]:
    """The channels on which the shop has an account."""
    return await queries.channels(tx)


async def mark_seen(tx: Tx, conversation_id: int, now: datetime) -> bool:
    """A person has opened the thread; true when there was something new in it."""
    changed = await queries.mark_seen(tx, conversation_id, now)
    if changed:
        await record(tx, "conversation.seen", now, data={"conversation": conversation_id})
    return changed


def _facts(row: dict[str, Any]) -> Facts:
    counted = ("paid_orders", "expired_holds", "spent_minor", "payment_seconds", "currency")
    trust = standing({name: row.pop(name) for name in counted})
    return Facts(complains=row.pop("reason") in COMPLAINTS, standing=trust, **row)


def _row(facts: Facts) -> dict[str, Any]:
    judged = judge(facts)
    return {
        "conversation_id": facts.conversation_id,
        "score": judged.score,
        "reasons": judged.reasons,
        "advice": judged.advice,
        "place": judged.place,
        "waits_since": facts.waits_since,
        "human": facts.human,
        "hot": judged.hot,
        "angry": judged.angry,
        "written_at": facts.written_at,
    }


def _stands(row: dict[str, Any], now: datetime) -> Stands:
    reasons = at(tuple((name, points) for name, points in row["reasons"]), row["waits_since"], now)
    score = sum(points for _, points in reasons)
    return Stands(
        score=score,
        label=label(score, row["angry"]),
        reasons=reasons,
        advice=tuple(row["advice"]),
        waits_since=row["waits_since"],
        hot=row["hot"],
        angry=row["angry"],
        unread=row["unread"],
    )
