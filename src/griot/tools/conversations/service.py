"""Conversations: what comes in is stored once, and answered by one turn at a time."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from griot.channels.model import DeliveryStatus, Ignored, InboundMessage, Parsed
from griot.core.db.pool import Tx
from griot.core.events import record
from griot.tools.conversations import queries
from griot.tools.conversations.models import SPOKEN, Message, Received, Said, Thread, TurnRecord
from griot.tools.escalation import queries as escalations
from griot.tools.outbox.queries import forget_own_echoes

PATIENCE = timedelta(minutes=1)
_BARE_NUMBER = re.compile(r"\W*([0-9]{1,2})\W*")


async def receive(tx: Tx, channel: str, account_id: int, parsed: Parsed, now: datetime) -> Received:
    """Store a delivery for one account. However often and in whatever order it comes, each update counts once."""
    row = await queries.receive(
        tx,
        channel,
        account_id,
        [_message_row(message, now) for message in parsed.messages],
        [_status_row(status) for status in _with_marks(parsed.statuses)],
        [ignored_row(ignored) for ignored in parsed.ignored],
        now,
    )
    if echoes := [message.id for message in parsed.messages if message.kind == "echo"]:
        await forget_own_echoes(tx, echoes)
    if any(status.up_to for status in parsed.statuses):
        await queries.apply_receipts(tx, account_id, [_status_row(s) for s in parsed.statuses if s.up_to])
    if any(message.kind in SPOKEN for message in parsed.messages):
        await queries.call_listeners(tx)
    return Received(row["stored"], row["repeated"])


def _message_row(message: InboundMessage, now: datetime) -> dict[str, Any]:
    """A message as a row; one whose time could not be read is dated when it came."""
    sender = message.sender
    return {
        "id": message.id,
        "kind": message.kind,
        "text": message.text,
        "payload": message.payload,
        "raw": message.raw,
        "sent_at": message.sent_at if message.sent_at.timestamp() > 0 else now,
        "keys": sender.keys,
        "former": sender.former,
        "phone": sender.phone,
        "name": sender.name,
        "recipient": sender.recipient,
    }


def _with_marks(statuses: Sequence[DeliveryStatus]) -> list[DeliveryStatus]:
    """A mark that one status of a message carries is that of its others, too."""
    marks = {status.id: status.outbox_id for status in statuses if status.outbox_id is not None}
    return [replace(status, outbox_id=marks.get(status.id)) for status in statuses]


def _status_row(status: DeliveryStatus) -> dict[str, Any]:
    return {
        "id": status.id,
        "status": status.status,
        "at": status.at,
        "outbox_id": status.outbox_id,
        "up_to": status.up_to,
        "error": status.error,
    }


def ignored_row(ignored: Ignored) -> dict[str, Any]:
    """An ignored update as a row; the digest of its content keeps a repeated delivery from being kept twice."""
    content = orjson.dumps([ignored.account, ignored.what, ignored.raw], option=orjson.OPT_SORT_KEYS)
    return {
        "digest": hashlib.sha256(content).hexdigest(),
        "what": ignored.what,
        "why": ignored.why,
        "raw": ignored.raw,
    }


async def claim(
    tx: Tx,
    limit: int,
    now: datetime,
    *,
    burst: timedelta = timedelta(0),
    only: int | None = None,
    patience: timedelta = PATIENCE,
) -> list[Thread]:
    """Hold up to ``limit`` threads with unanswered messages until the transaction ends.

    ``burst``: how long a first message waits for the others of the same burst. ``only``: this thread and no other.
    ``patience``: how long a thread waits for a voice note to be heard.
    """
    held = await queries.claim(tx, limit, now - burst, now, only, now - patience)
    if not held:
        return []
    messages: dict[int, list[Message]] = {}
    for row in await queries.unanswered(tx, [thread["id"] for thread in held]):
        messages.setdefault(row.pop("conversation_id"), []).append(Message(**row))
    threads = [Thread(**row, messages=tuple(messages[row["id"]])) for row in held if row["id"] in messages]
    return await _with_numbers_as_choices(tx, threads)


async def _with_numbers_as_choices(tx: Tx, threads: list[Thread]) -> list[Thread]:
    """A bare number answers the choices that were shown with numbers, if nothing was said in the thread since."""
    numbers = [t for t in threads if t.handler == "agent" and any(_number(message) for message in t.messages)]
    if not numbers:
        return threads
    shown = {
        row["conversation_id"]: row["numbered"] for row in await queries.numbered(tx, [thread.id for thread in numbers])
    }
    return [
        replace(thread, messages=tuple(_chosen(message, shown[thread.id]) for message in thread.messages))
        if thread.id in shown
        else thread
        for thread in threads
    ]


def _number(message: Message) -> int | None:
    found = _BARE_NUMBER.fullmatch(message.text or "") if message.kind == "text" else None
    return int(found[1]) if found else None


def _chosen(message: Message, shown: list[dict[str, str]]) -> Message:
    number = _number(message)
    if number is None or not 0 < number <= len(shown):
        return message
    choice = shown[number - 1]
    return replace(message, kind="choice", text=choice["title"], payload={**message.payload, **choice})


async def finish(tx: Tx, turns: Sequence[TurnRecord], now: datetime) -> None:
    """Close turns: their messages are answered, in the same transaction as everything the turns did."""
    if not turns:
        return
    rows = [
        {
            "conversation_id": turn.conversation_id,
            "message_ids": turn.message_ids,
            "reading": turn.reading,
            "outcome": turn.outcome,
            "asked": turn.asked,
            "language": turn.language,
            "last_inbound_at": turn.last_inbound_at,
            "handler": turn.handler,
            "effects": turn.effects,
            "usage": turn.usage,
            "troubled": turn.troubled,
            "told_closed": turn.told_closed,
        }
        for turn in turns
    ]
    await queries.finish(tx, rows, now)


async def take_over(tx: Tx, conversation_id: int, now: datetime) -> bool:
    """A human answers from here on; the agent stays silent until the thread is given back."""
    changed = await queries.set_handler(tx, conversation_id, "human")
    if changed:
        await record(tx, "conversation.taken_over", now, data={"conversation": conversation_id})
    return changed


async def give_back(tx: Tx, conversation_id: int, now: datetime) -> bool:
    """The agent answers again; open escalations of the thread are closed."""
    changed = await queries.set_handler(tx, conversation_id, "agent")
    await escalations.close(tx, conversation_id, now)
    if changed:
        await record(tx, "conversation.handed_back", now, data={"conversation": conversation_id})
    return changed


async def think(tx: Tx, conversation_ids: Sequence[int], until: datetime) -> None:
    """These threads are being thought about: until then, or until they are finished, no other turn takes them."""
    await queries.lease(tx, conversation_ids, until)


async def wake(tx: Tx) -> None:
    """A thread is free again; messages that came meanwhile can be taken once the transaction ends."""
    await queries.wake(tx)


async def history(tx: Tx, conversation_ids: Sequence[int], limit: int = 6) -> dict[int, tuple[Said, ...]]:
    """What was said last in threads, by thread, oldest first; messages that wait for an answer are not in it."""
    said: dict[int, list[Said]] = {}
    for row in await queries.history(tx, conversation_ids, limit):
        said.setdefault(row.pop("conversation_id"), []).append(Said(**row))
    return {thread: tuple(messages) for thread, messages in said.items()}


async def waiting_since(tx: Tx, now: datetime, patience: timedelta) -> datetime | None:
    """When the longest waiting message of the shop came in that can be answered; none when there is none.

    Those that somebody thinks about, or listens to within ``patience``, cannot be answered yet.
    """
    return await queries.waiting_since(tx, now, now - patience)


async def with_humans(tx: Tx) -> list[dict[str, Any]]:
    """Threads that a human answers or that wait for one: thread, buyer, handler, reason, summary."""
    return await queries.with_humans(tx)
