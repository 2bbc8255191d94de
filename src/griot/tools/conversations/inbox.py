"""The inbox: threads as a person looks through them, what was said in one, and a person's own answers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from griot.channels.model import Reply
from griot.channels.registry import channel
from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.tools.conversations import inbox_queries
from griot.tools.conversations.service import take_over
from griot.tools.outbox.models import Outgoing
from griot.tools.outbox.service import may_answer_a_comment, queue

LONGEST_ANSWER = 4096  # characters, which is WhatsApp's limit

View = Literal["recent", "human", "waiting"]
Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a thread waits for a person, since when, and what might be said."""

    reason: str
    summary: str
    suggestion: str
    sentiment: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread in a list. ``counts``: what its buyer's trust is computed from (``customers.models.Standing``).

    ``active_at``: the buyer's last message, or when the thread began. ``last``: what they wrote last, or in brackets
    what kind it was.
    """

    id: int
    channel: str
    handler: Literal["agent", "human"]
    language: str | None
    active_at: datetime
    last_inbound_at: datetime | None
    customer_id: int
    name: str | None
    phone: str | None
    counts: dict[str, Any]
    last: str | None
    unanswered_since: datetime | None
    waiting: Waiting | None
    place: tuple[Any, ...]  # of the list that it was read from, to go on after it


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a thread. ``by``: buyer, agent or human; ``author``: the person, when they wrote it here.

    ``content``: a buyer's payload or our reply as JSON. ``status``: of what went out: queued, waiting (for the buyer to
    write), sending, unknown, sent, delivered, read, played or failed.
    """

    id: int
    direction: Direction
    by: Literal["buyer", "agent", "human"]
    kind: str
    text: str | None
    content: dict[str, Any]
    at: datetime
    author: str | None = None
    status: str | None = None
    error: str | None = None
    turn_id: int | None = None


async def page(tx: Tx, view: View, limit: int, after: tuple[Any, ...] | None, channel: str | None) -> list[Listed]:
    """A page of threads. ``after``: the ``place`` of the last one seen. ``recent``: all, the latest first; ``human``:
    those that a person answers; ``waiting``: those that wait for one, the frustrated first, then by waiting time."""
    if view == "waiting":
        rows = await inbox_queries.waiting(tx, limit, _three(after) if after else None)
        return [
            listed(row, (row["sentiment"] != "frustrated", row["escalated_at"], row["escalation_id"])) for row in rows
        ]
    before = _two(after) if after else None
    rows = await inbox_queries.recent(tx, limit, before, human=view == "human", channel=channel)
    return [listed(row, (row["active_at"], row["id"])) for row in rows]


async def thread(tx: Tx, conversation_id: int) -> Listed:
    """One thread as in the lists; ``NotFound`` when the shop has none of this number."""
    row = await inbox_queries.one(tx, conversation_id)
    if row is None:
        raise NotFound(f"There is no conversation {conversation_id} in this shop.")
    return listed(row, ())


async def entries(
    tx: Tx, conversation_id: int, limit: int, before: tuple[int | None, int | None]
) -> tuple[list[Entry], tuple[int | None, int | None] | None]:
    """What was said, the latest first, and where to go on (none: that was all).

    ``before``: numbers of the last message in and the last one out that were seen.
    """
    came = [_came(row) for row in await inbox_queries.received(tx, conversation_id, limit + 1, before[0])]
    went = [_went(row) for row in await inbox_queries.sent(tx, conversation_id, limit + 1, before[1])]
    # Either side keeps its own order; between the sides the time decides.
    found: list[Entry] = []
    ins, outs = iter(came), iter(went)
    one, other = next(ins, None), next(outs, None)
    while len(found) < limit and (one or other):
        if other is None or (one is not None and one.at > other.at):
            assert one is not None
            found.append(one)
            one = next(ins, None)
        else:
            found.append(other)
            other = next(outs, None)
    if one is None and other is None:
        return found, None
    last_in = min((entry.id for entry in found if entry.direction == "in"), default=before[0])
    last_out = min((entry.id for entry in found if entry.direction == "out"), default=before[1])
    return found, (last_in, last_out)


async def answer(
    tx: Tx, conversation_id: int, text: str, *, author: str, key: str | None, now: datetime, takes: bool = False
) -> Entry:
    """Queue a person's own words. The thread is held while it is looked at who answers it, so that nobody is talked
    over; the same ``key`` again is the same message, and is not sent twice.

    ``takes``: take the thread over with it. ``NotFound``: no such thread; ``InvalidInput``: no words, or too many;
    ``Conflict``: the agent answers this thread, or the buyer has not written for so long that no
    words are let through.
    """
    words = text.strip()
    if not 0 < len(words) <= LONGEST_ANSWER:
        raise InvalidInput(f"An answer has 1 to {LONGEST_ANSWER} characters.")
    held = await inbox_queries.lock(tx, conversation_id)
    if held is None:
        raise NotFound(f"There is no conversation {conversation_id} in this shop.")
    dedupe_key = f"human:{conversation_id}:{key or secrets.token_hex(8)}"
    before = await inbox_queries.queued(tx, [dedupe_key])
    if before:
        return _went(before[0])
    if held["handler"] != "human":
        if not takes:
            raise Conflict("The agent answers this conversation: take it over first.")
        await take_over(tx, conversation_id, now)
    if not await may_be_answered(tx, conversation_id, held["channel"], held["last_inbound_at"], now):
        window = channel(held["channel"]).human_window
        long = f"{window.days} days" if window.days > 1 else "24 hours"
        raise Conflict(f"The buyer has not written for {long}: until they do, the channel takes no answer.")
    await queue(tx, [Outgoing(conversation_id, Reply(words), dedupe_key, author=author)], now)
    [row] = await inbox_queries.queued(tx, [dedupe_key])
    await record(tx, "conversation.answered", now, data={"conversation": conversation_id, "message": row["id"]})
    return _went(row)


async def may_be_answered(
    tx: Tx, conversation_id: int, on: str, last_inbound_at: datetime | None, now: datetime
) -> bool:
    """Whether the channel ``on`` takes free words of a person now: the buyer has written lately, or in public."""
    if last_inbound_at is not None and last_inbound_at > now - channel(on).human_window:
        return True
    return await may_answer_a_comment(tx, conversation_id, now)


async def of_phone(tx: Tx, phone: str) -> int:
    """The thread with a phone number (digits, with the country); ``NotFound`` when nobody wrote from it."""
    found = await inbox_queries.of_phone(tx, phone)
    if found is None:
        raise NotFound(f"Nobody has written to this shop from +{phone}: a buyer writes first.")
    return found


def _two(place: tuple[Any, ...]) -> tuple[datetime, int]:
    at, number = place
    return at, number


def _three(place: tuple[Any, ...]) -> tuple[bool, datetime, int]:
    calm, at, number = place
    return calm, at, number


def listed(row: dict[str, Any], place: tuple[Any, ...] = ()) -> Listed:
    """A row of ``inbox_queries.SHOWN``."""
    waiting = None
    if row["escalation_id"] is not None:
        waiting = Waiting(row["reason"], row["summary"], row["suggestion"], row["sentiment"], row["escalated_at"])
    last = row["last_text"] or (f"[{row['last_kind']}]" if row["last_kind"] else None)
    counted = ("paid_orders", "expired_holds", "spent_minor", "payment_seconds", "currency")
    return Listed(
        id=row["id"],
        channel=row["channel"],
        handler=row["handler"],
        language=row["language"],
        active_at=row["active_at"],
        last_inbound_at=row["last_inbound_at"],
        customer_id=row["customer_id"],
        name=row["name"],
        phone=row["phone"],
        counts={name: row[name] for name in counted},
        last=last,
        unanswered_since=row["unanswered_since"],
        waiting=waiting,
        place=place,
    )


def _came(row: dict[str, Any]) -> Entry:
    return Entry(
        id=row["id"],
        direction="in",
        by="human" if row["kind"] == "echo" else "buyer",
        kind=row["kind"],
        text=row["text"],
        content=row["payload"],
        at=row["at"],
        turn_id=row["turn_id"],
        status=row["hearing"],
    )


def _went(row: dict[str, Any]) -> Entry:
    reply = row["reply"]
    return Entry(
        id=row["id"],
        direction="out",
        by="agent" if row["author"] is None else "human",
        kind=(reply.get("media") or {}).get("kind", "text"),
        text=reply.get("text"),
        content=reply,
        at=row["at"],
        author=row["author"],
        status=row["delivery"] or ("waiting" if row["waits"] else row["status"]),
        error=(row["error"] or {}).get("message"),
        turn_id=row["turn_id"],
    )
