"""Every statement of escalations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def insert(
    tx: Tx, conversation_id: int, reason: str, summary: str, suggestion: str, sentiment: str, now: datetime
) -> int | None:
    """Open an escalation; none when the thread has one open, which then gains the new words, answer and mood."""
    cursor = await tx.execute(
        """
        INSERT INTO escalations AS e (shop_id, conversation_id, reason, summary, suggestion, sentiment, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s, %s)
        ON CONFLICT (shop_id, conversation_id) WHERE status = 'open'
            DO UPDATE SET summary = right(e.summary || E'\\n' || EXCLUDED.summary, 2000),
                          suggestion = coalesce(nullif(EXCLUDED.suggestion, ''), e.suggestion),
                          sentiment = coalesce(nullif(EXCLUDED.sentiment, 'neutral'), e.sentiment)
        RETURNING id, xmax = 0 AS fresh
        """,
        (conversation_id, reason, summary, suggestion, sentiment, now),
    )
    row = await cursor.fetchone()
    return row["id"] if row and row["fresh"] else None


async def refused_comments(tx: Tx, message_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Of messages that failed, those that were to be private replies, with the comment and its writer; what was dropped
    because it was true no more is not among them."""
    cursor = await tx.execute(
        """
        SELECT o.conversation_id, c.customer_id, coalesce(p.name, '+' || p.phone, '?') AS buyer,
               coalesce(m.text, '') AS text
          FROM outbox o
          JOIN conversations c ON c.shop_id = o.shop_id AND c.id = o.conversation_id
          JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
          JOIN messages m ON m.shop_id = o.shop_id AND m.account_id = o.account_id AND m.external_id = o.replies_to
         WHERE o.shop_id = current_shop() AND o.id = ANY (%s) AND o.status = 'failed'
           AND (o.error ->> 'code' IS NOT NULL OR (o.good_until IS NULL AND o.held_order IS NULL))
         ORDER BY o.id
        """,
        (list(message_ids),),
    )
    return await cursor.fetchall()


async def close(tx: Tx, conversation_id: int, now: datetime) -> None:
    """The vendor has dealt with the thread."""
    await tx.execute(
        "UPDATE escalations SET status = 'closed', closed_at = %s WHERE shop_id = current_shop()"
        " AND conversation_id = %s AND status = 'open'",
        (now, conversation_id),
    )


async def unknown(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Escalations for want of an answer, the latest first."""
    cursor = await tx.execute(
        "SELECT summary, created_at FROM escalations WHERE shop_id = current_shop() AND reason = 'unknown'"
        " ORDER BY id DESC LIMIT %s",
        (limit,),
    )
    return await cursor.fetchall()
