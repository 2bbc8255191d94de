"""The outbox: replies are queued in the transaction that decided them, sent later, each exactly once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from griot.channels.model import Choice, Reply
from griot.channels.registry import channel
from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.tools.outbox import queries
from griot.tools.outbox.models import Account, Claimed, Outcome, Outgoing, Sent


async def queue(tx: Tx, outgoing: Sequence[Outgoing], now: datetime) -> None:
    """Queue replies; one whose dedupe key has been queued before is left out."""
    if not outgoing:
        return
    rows = [
        {
            "conversation_id": item.conversation_id,
            "turn_id": item.turn_id,
            "dedupe_key": item.dedupe_key,
            "reply": item.reply.to_json(),
            "author": item.author,
            "good_until": item.good_until,
            "held_order": item.held_order,
        }
        for item in outgoing
    ]
    await queries.insert(tx, rows, now)


async def queue_to_vendor(tx: Tx, shop: Shop, reply: Reply, dedupe_key: str, now: datetime) -> None:
    """Tell the vendor on the shop's own number; nothing when the shop has no vendor phone or no account."""
    if shop.vendor_phone is None:
        return
    conversation_id = await queries.vendor_conversation(tx, shop.vendor_phone, now)
    if conversation_id is not None:
        await queue(tx, [Outgoing(conversation_id, reply, dedupe_key)], now)


async def claim(tx: Tx, sender: int, limit: int, now: datetime, grace: timedelta) -> list[Claimed]:
    """Take up to ``limit`` due messages of one account, within its rate. The caller commits, then sends."""
    tried: list[int] = []
    while (row := await queries.lock_account(tx, now, tried)) is not None:
        interval = timedelta(seconds=1 / row["messages_per_second"])
        used = max(row["rate_tat"], now)
        allowed = min(limit, int((now + queries.ACCOUNT_BURST - used) / interval) + 1)
        human_window = channel(row["channel"]).human_window
        claimed = await queries.claim(tx, row["id"], allowed, sender, now, grace, human_window)
        if claimed:
            await queries.spend_rate(tx, row["id"], used + interval * len(claimed))
            return _read(row, claimed)
        tried.append(row["id"])  # what is due here waits behind other messages: another account's turn
    return []


def _read(account_row: dict[str, Any], claimed: list[dict[str, Any]]) -> list[Claimed]:
    account = Account(
        account_row["id"], account_row["channel"], account_row["external_id"], bytes(account_row["access_token"])
    )
    return [
        Claimed(
            item["id"],
            item["conversation_id"],
            account,
            item["recipient"],
            Reply.from_json(item["reply"]),
            item["attempts"],
            item["window_open"],
            item["created_at"],
            item["author"],
            item["late"],
            item["good"],
            item["good_until"],
        )
        for item in sorted(claimed, key=lambda item: item["id"])
    ]


async def note_numbers(tx: Tx, message_id: int, numbered: Sequence[Choice]) -> None:
    """Which choices a claimed message shows with numbers. The caller commits, then sends: an answer may come before
    it is known what became of the send."""
    await queries.note_numbers(tx, message_id, [{"id": choice.id, "title": choice.title} for choice in numbered])


async def record(tx: Tx, results: Sequence[Sent], now: datetime) -> None:
    """Write what became of claimed messages, and rest the accounts that are over their rate."""
    rows: list[dict[str, Any]] = [
        {
            "id": result.id,
            "outcome": result.outcome,
            "external_id": result.external_id,
            "error": result.error,
            "next_at": result.next_at,
        }
        for result in results
        if result.outcome is not Outcome.WAIT
    ]
    if rows:
        await queries.record(tx, rows, now)
    if waiting := [{"id": r.id, "next_at": r.next_at} for r in results if r.outcome is Outcome.WAIT]:
        await queries.wait(tx, waiting, now)
    sent = [r.external_id for r in results if r.outcome is Outcome.SENT and r.external_id]
    if sent:
        await queries.catch_up_statuses(tx, sent)
        await queries.forget_own_echoes(tx, sent)
    pauses = {r.account_id: r for r in results if r.pause_account_until is not None}
    for account_id, result in sorted(pauses.items()):
        assert result.pause_account_until is not None
        reason = str((result.error or {}).get("message", ""))
        await queries.pause_account(tx, account_id, result.pause_account_until, reason)


async def may_answer_a_comment(tx: Tx, conversation_id: int, now: datetime) -> bool:
    """Whether a message to this buyer would be let through as the private reply to a comment."""
    return await queries.open_comment(tx, conversation_id, now) is not None


async def release(tx: Tx, conversation_ids: Sequence[int], now: datetime) -> None:
    """These buyers have written: what waited for that goes out, unless a person answers them."""
    if conversation_ids:
        await queries.release(tx, conversation_ids, now)


async def reconcile(tx: Tx, sender: int, in_flight: Sequence[int], now: datetime, grace: timedelta) -> int:
    """Look after messages without an answer; returns how many are queued again.

    ``in_flight``: the messages that ``sender`` is sending. What else is in its name was claimed by a commit whose
    answer got lost, was never sent, and is queued at once.
    """
    await queries.let_go(tx, sender, in_flight, now)
    await queries.mind_the_clock(tx, now, grace)
    await queries.abandon(tx, now)
    await queries.recognise_echoes(tx, now)
    return await queries.send_again(tx, now, grace)


async def next_due(tx: Tx) -> datetime | None:
    """When the outbox of the shop has to be looked at again; none when it is empty."""
    return await queries.next_due(tx)
