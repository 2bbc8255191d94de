"""Every statement of the inbox: lists of threads a page at a time, what was said in one, and its lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg import sql

from griot.core.db.pool import Tx

# Threads whose numbers are in ``page``, in its order, with what a person needs to choose one. LIMIT 1 keeps the planner
# from joining whole tables when it has no statistics yet, as on a night when everything is new.
SHOWN: LiteralString = """
    SELECT c.id, a.channel, c.handler, c.language, coalesce(c.last_inbound_at, c.created_at) AS active_at,
           c.last_inbound_at, c.customer_id, p.name, p.phone, whole.paid_orders, whole.expired_holds,
           whole.spent_minor, whole.payment_seconds, s.currency, e.id AS escalation_id, e.reason, e.summary,
           e.suggestion, e.sentiment, e.created_at AS escalated_at, said.kind AS last_kind, said.text AS last_text,
           open.received_at AS unanswered_since
      FROM page
     CROSS JOIN LATERAL (
           SELECT * FROM conversations t WHERE t.shop_id = current_shop() AND t.id = page.thread LIMIT 1) AS c
     CROSS JOIN LATERAL (
           SELECT * FROM channel_accounts t WHERE t.shop_id = current_shop() AND t.id = c.account_id LIMIT 1) AS a
     CROSS JOIN LATERAL (
           SELECT * FROM customers t WHERE t.shop_id = current_shop() AND t.id = c.customer_id LIMIT 1) AS p
     CROSS JOIN LATERAL person_of(c.customer_id) AS whole
     CROSS JOIN LATERAL (SELECT t.currency FROM shops t WHERE t.shop_id = current_shop() LIMIT 1) AS s
      LEFT JOIN LATERAL (
           SELECT * FROM escalations t
            WHERE t.shop_id = current_shop() AND t.conversation_id = c.id AND t.status = 'open' LIMIT 1) AS e ON true
      LEFT JOIN LATERAL (
           SELECT m.kind, m.text FROM messages m WHERE m.shop_id = current_shop() AND m.conversation_id = c.id
            ORDER BY m.id DESC LIMIT 1) AS said ON true
      LEFT JOIN LATERAL (
           SELECT m.received_at FROM messages m
            WHERE m.shop_id = current_shop() AND m.conversation_id = c.id AND m.turn_id IS NULL
            ORDER BY m.received_at LIMIT 1) AS open ON true
     ORDER BY page.place
"""


async def recent(
    tx: Tx, limit: int, before: tuple[datetime, int] | None, *, human: bool, channel: str | None
) -> list[dict[str, Any]]:
    """Threads by their last message, the latest first; ``human``: those that a person answers.

    The vendor's own thread is not a buyer's, and those of who was forgotten are nobody's.
    """
    page = sql.SQL("""
        WITH page AS MATERIALIZED (
            SELECT id AS thread,
                   row_number() OVER (ORDER BY coalesce(last_inbound_at, created_at) DESC, id DESC) AS place
              FROM conversations
             WHERE shop_id = current_shop() AND {whose} AND NOT starts_with(recipient, 'erased:')
               AND (coalesce(last_inbound_at, created_at), id)
                   < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(id)s::bigint, 0))
               AND recipient IS DISTINCT FROM
                   'phone:' || (SELECT vendor_phone FROM shops WHERE shop_id = current_shop())
               AND (%(channel)s::text IS NULL OR account_id = ANY (ARRAY(
                    SELECT id FROM channel_accounts WHERE shop_id = current_shop() AND channel = %(channel)s)))
             ORDER BY coalesce(last_inbound_at, created_at) DESC, id DESC LIMIT %(limit)s)
    """).format(whose=sql.SQL("handler = 'human'" if human else "true"))
    at, number = before or (None, None)
    cursor = await tx.execute(page + sql.SQL(SHOWN), {"limit": limit, "at": at, "id": number, "channel": channel})
    return await cursor.fetchall()


async def waiting(tx: Tx, limit: int, after: tuple[bool, datetime, int] | None) -> list[dict[str, Any]]:
    """Threads that wait for a person: the frustrated first, then who waits longest."""
    page = sql.SQL("""
        WITH page AS MATERIALIZED (
            SELECT conversation_id AS thread,
                   row_number() OVER (ORDER BY sentiment <> 'frustrated', created_at, id) AS place
              FROM escalations
             WHERE shop_id = current_shop() AND status = 'open'
               AND (sentiment <> 'frustrated', created_at, id) > (coalesce(%(calm)s, false),
                    coalesce(%(at)s::timestamptz, '-infinity'), coalesce(%(id)s::bigint, 0))
             ORDER BY sentiment <> 'frustrated', created_at, id LIMIT %(limit)s)
    """)
    calm, at, number = after or (None, None, None)
    cursor = await tx.execute(page + sql.SQL(SHOWN), {"limit": limit, "calm": calm, "at": at, "id": number})
    return await cursor.fetchall()


async def one(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """One thread, as in the lists."""
    page = sql.SQL("WITH page AS (SELECT %s::bigint AS thread, 1 AS place)")
    cursor = await tx.execute(page + sql.SQL(SHOWN), (conversation_id,))
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
        SELECT o.id, o.reply, o.status, o.waits, o.delivery, o.error, o.author, o.created_at AS at,
               coalesce(o.turn_id, (
                   SELECT m.turn_id FROM messages m
                    WHERE o.dedupe_key ~ '^answer:[0-9]{1,18}:' AND m.shop_id = o.shop_id
                      AND m.id = split_part(o.dedupe_key, ':', 2)::bigint)) AS turn_id
          FROM outbox o
         WHERE o.shop_id = current_shop() AND o.conversation_id = %(thread)s
           AND (%(before)s::bigint IS NULL OR o.id < %(before)s)
         ORDER BY o.id DESC LIMIT %(limit)s
        """,
        {"thread": conversation_id, "before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def lock(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """Hold a thread until the transaction ends; waits for a turn that has it."""
    cursor = await tx.execute(
        "SELECT c.handler, c.last_inbound_at, a.channel FROM conversations c"
        " JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id"
        " WHERE c.shop_id = current_shop() AND c.id = %s FOR NO KEY UPDATE OF c",
        (conversation_id,),
    )
    return await cursor.fetchone()


async def queued(tx: Tx, dedupe_keys: Sequence[str]) -> list[dict[str, Any]]:
    """Outgoing messages by their keys."""
    cursor = await tx.execute(
        "SELECT id, reply, status, waits, delivery, error, author, turn_id, created_at AS at FROM outbox"
        " WHERE shop_id = current_shop() AND dedupe_key = ANY (%s) ORDER BY id",
        (list(dedupe_keys),),
    )
    return await cursor.fetchall()


async def received_file(tx: Tx, message_id: int) -> dict[str, Any] | None:
    """The file of a message, if it is kept, and how its channel is reached if not. Sounds are kept with what was heard
    in them."""
    cursor = await tx.execute(
        """
        SELECT m.kind, m.payload, coalesce(f.content, h.content) AS content,
               coalesce(f.mime, split_part(h.mime, ';', 1), 'audio/ogg') AS mime,
               a.channel, a.external_id AS account, a.access_token
          FROM messages m
          JOIN channel_accounts a ON a.shop_id = m.shop_id AND a.id = m.account_id
          LEFT JOIN received_files f ON f.shop_id = m.shop_id AND f.message_id = m.id
          LEFT JOIN hearings h ON h.shop_id = m.shop_id AND h.message_id = m.id
         WHERE m.shop_id = current_shop() AND m.id = %s
        """,
        (message_id,),
    )
    return await cursor.fetchone()


async def keep_file(tx: Tx, message_id: int, content: bytes, mime: str, now: datetime) -> None:
    """Keep a file that was fetched; the first one stays."""
    await tx.execute(
        "INSERT INTO received_files (shop_id, message_id, content, mime, kept_at)"
        " VALUES (current_shop(), %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (message_id, content, mime, now),
    )


async def last_question(tx: Tx, conversation_id: int, most: int) -> str | None:
    """The buyer's last words, of up to ``most`` messages since anybody answered."""
    cursor = await tx.execute(
        """
        SELECT string_agg(text, ' ' ORDER BY id) AS words FROM (
            SELECT m.id, m.text FROM messages m
             WHERE m.shop_id = current_shop() AND m.conversation_id = %(thread)s
               AND m.kind IN ('text', 'voice', 'audio') AND m.text <> ''
             ORDER BY m.id DESC LIMIT %(most)s) AS last
        """,
        {"thread": conversation_id, "most": most},
    )
    row = await cursor.fetchone()
    return row["words"] if row else None
