"""Every statement of the inbox: lists of threads a page at a time, what was said in one, and its lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg import sql

from griot.core.db.pool import Tx

# A page of threads (named c) with what a person needs to choose one. The vendor's own thread is not a buyer's.
_SHOWN: LiteralString = """
    SELECT c.id, a.channel, c.handler, c.language, coalesce(c.last_inbound_at, c.created_at) AS active_at,
           c.last_inbound_at, c.customer_id, p.name, p.phone, p.paid_orders, p.expired_holds, p.spent_minor,
           p.payment_seconds, s.currency, e.id AS escalation_id, e.reason, e.summary, e.suggestion, e.sentiment,
           e.created_at AS escalated_at, said.kind AS last_kind, said.text AS last_text,
           (SELECT min(m.received_at) FROM messages m
             WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id AND m.turn_id IS NULL) AS unanswered_since
      FROM conversations c
      JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id
      JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
      JOIN shops s ON s.shop_id = c.shop_id
      LEFT JOIN escalations e ON e.shop_id = c.shop_id AND e.conversation_id = c.id AND e.status = 'open'
      LEFT JOIN LATERAL (
           SELECT m.kind, m.text FROM messages m WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id
            ORDER BY m.id DESC LIMIT 1) AS said ON true
"""


async def recent(
    tx: Tx, limit: int, before: tuple[datetime, int] | None, *, human: bool, channel: str | None
) -> list[dict[str, Any]]:
    """Threads by their last message, the latest first; ``human``: those that a person answers."""
    cursor = await tx.execute(
        sql.SQL(_SHOWN)
        + sql.SQL("""
         WHERE c.shop_id = current_shop() AND c.id IN (
               SELECT id FROM conversations
                WHERE shop_id = current_shop() AND {whose}
                  AND (coalesce(last_inbound_at, created_at), id)
                      < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(id)s::bigint, 0))
                  AND recipient IS DISTINCT FROM
                      'phone:' || (SELECT vendor_phone FROM shops WHERE shop_id = current_shop())
                  AND (%(channel)s::text IS NULL OR account_id IN (
                       SELECT id FROM channel_accounts WHERE shop_id = current_shop() AND channel = %(channel)s))
                ORDER BY coalesce(last_inbound_at, created_at) DESC, id DESC LIMIT %(limit)s)
         ORDER BY active_at DESC, c.id DESC
        """).format(whose=sql.SQL("handler = 'human'" if human else "true")),
        {
            "limit": limit,
            "at": before[0] if before else None,
            "id": before[1] if before else None,
            "channel": channel,
        },
    )
    return await cursor.fetchall()


async def waiting(tx: Tx, limit: int, after: tuple[bool, datetime, int] | None) -> list[dict[str, Any]]:
    """Threads that wait for a person: the frustrated first, then who waits longest."""
    cursor = await tx.execute(
        sql.SQL(_SHOWN)
        + sql.SQL("""
         WHERE c.shop_id = current_shop() AND e.id IN (
               SELECT id FROM escalations
                WHERE shop_id = current_shop() AND status = 'open'
                  AND (sentiment <> 'frustrated', created_at, id) > (coalesce(%(calm)s, false),
                       coalesce(%(at)s::timestamptz, '-infinity'), coalesce(%(id)s::bigint, 0))
                ORDER BY sentiment <> 'frustrated', created_at, id LIMIT %(limit)s)
         ORDER BY e.sentiment <> 'frustrated', e.created_at, e.id
        """),
        {
            "limit": limit,
            "calm": after[0] if after else None,
            "at": after[1] if after else None,
            "id": after[2] if after else None,
        },
    )
    return await cursor.fetchall()


async def one(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """One thread, as in the lists."""
    cursor = await tx.execute(_SHOWN + " WHERE c.shop_id = current_shop() AND c.id = %s", (conversation_id,))
    return await cursor.fetchone()


async def of_phone(tx: Tx, phone: str) -> int | None:
    """The thread with a phone number that was written in last."""
    cursor = await tx.execute(
        """
        SELECT c.id FROM identities i
          JOIN conversations c ON c.shop_id = i.shop_id AND c.customer_id = i.customer_id
         WHERE i.shop_id = current_shop() AND i.external_id = 'phone:' || %s
         ORDER BY coalesce(c.last_inbound_at, c.created_at) DESC LIMIT 1
        """,
        (phone,),
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def received(tx: Tx, conversation_id: int, limit: int, before: int | None) -> list[dict[str, Any]]:
    """What came in, the latest first, from before a number on."""
    cursor = await tx.execute(
        """
        SELECT m.id, m.kind, m.text, m.payload, m.received_at AS at, m.turn_id, h.seconds, h.status AS hearing
          FROM messages m LEFT JOIN hearings h ON h.shop_id = m.shop_id AND h.message_id = m.id
         WHERE m.shop_id = current_shop() AND m.conversation_id = %(thread)s
           AND (%(before)s::bigint IS NULL OR m.id < %(before)s)
         ORDER BY m.id DESC LIMIT %(limit)s
        """,
        {"thread": conversation_id, "before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def sent(tx: Tx, conversation_id: int, limit: int, before: int | None) -> list[dict[str, Any]]:
    """What went out, or will, the latest first, from before a number on."""
    cursor = await tx.execute(
        """
        SELECT id, reply, status, delivery, error, author, turn_id, created_at AS at FROM outbox
         WHERE shop_id = current_shop() AND conversation_id = %(thread)s
           AND (%(before)s::bigint IS NULL OR id < %(before)s)
         ORDER BY id DESC LIMIT %(limit)s
        """,
        {"thread": conversation_id, "before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def lock(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """Hold a thread until the transaction ends; waits for a turn that has it."""
    cursor = await tx.execute(
        "SELECT handler, last_inbound_at FROM conversations WHERE shop_id = current_shop() AND id = %s"
        " FOR NO KEY UPDATE",
        (conversation_id,),
    )
    return await cursor.fetchone()


async def queued(tx: Tx, dedupe_keys: Sequence[str]) -> list[dict[str, Any]]:
    """Outgoing messages by their keys."""
    cursor = await tx.execute(
        "SELECT id, reply, status, delivery, error, author, turn_id, created_at AS at FROM outbox"
        " WHERE shop_id = current_shop() AND dedupe_key = ANY (%s) ORDER BY id",
        (list(dedupe_keys),),
    )
    return await cursor.fetchall()
