"""Every statement about voice notes."""

from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx


async def take_next(tx: Tx, now: datetime, until: datetime) -> dict[str, Any] | None:
    """The note that waits longest, the caller's until ``until``; a note that several ask for goes to one of them."""
    cursor = await tx.execute(
        """
        WITH next AS (
            SELECT m.id FROM messages m
              LEFT JOIN hearings h ON h.shop_id = m.shop_id AND h.message_id = m.id
             WHERE m.shop_id = current_shop() AND m.kind IN ('voice', 'audio')
               AND CASE WHEN h.message_id IS NULL THEN m.turn_id IS NULL
                        ELSE h.status = 'listening' AND h.next_at <= %(now)s END
             ORDER BY m.received_at, m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED
        ), taken AS (
            INSERT INTO hearings AS h (shop_id, message_id, tries, next_at)
            SELECT current_shop(), id, 1, %(until)s FROM next
            ON CONFLICT (shop_id, message_id) DO UPDATE SET tries = h.tries + 1, next_at = excluded.next_at
             WHERE h.status = 'listening' AND h.next_at <= %(now)s
            RETURNING h.message_id, h.content, h.tries
        )
        SELECT taken.message_id, m.conversation_id, a.channel, a.external_id AS account, a.access_token, m.payload,
               taken.content, taken.tries, c.language
          FROM taken
          JOIN messages m ON m.shop_id = current_shop() AND m.id = taken.message_id
          JOIN conversations c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
          JOIN channel_accounts a ON a.shop_id = m.shop_id AND a.id = m.account_id
        """,
        {"now": now, "until": until},
    )
    return await cursor.fetchone()


async def keep_sound(tx: Tx, message_id: int, content: bytes, mime: str | None) -> None:
    """The sound as the channel gave it, so that no later attempt has to fetch it again."""
    await tx.execute(
        "UPDATE hearings SET content = %s, mime = %s WHERE shop_id = current_shop() AND message_id = %s",
        (content, mime, message_id),
    )


async def try_again(tx: Tx, message_id: int, at: datetime) -> None:
    """Leave a note to whoever comes after ``at``."""
    await tx.execute(
        "UPDATE hearings SET next_at = %s WHERE shop_id = current_shop() AND message_id = %s AND status = 'listening'",
        (at, message_id),
    )


async def write_heard(tx: Tx, message_id: int, text: str, heard: dict[str, Any], seconds: float, now: datetime) -> None:
    """The words become the text of the message; what a turn has to know of them goes into its payload."""
    await tx.execute(
        """
        WITH done AS (
            UPDATE hearings SET status = 'heard', heard = %(heard)s, seconds = %(seconds)s, done_at = %(now)s
             WHERE shop_id = current_shop() AND message_id = %(id)s AND status = 'listening' RETURNING message_id
        )
        UPDATE messages m SET text = %(text)s,
                              payload = m.payload || jsonb_build_object('doubtful', %(heard)s::jsonb -> 'doubtful')
          FROM done WHERE m.shop_id = current_shop() AND m.id = done.message_id
        """,
        {"id": message_id, "text": text, "heard": orjson.dumps(heard).decode(), "seconds": seconds, "now": now},
    )


async def write_unheard(tx: Tx, message_id: int, trouble: str, now: datetime) -> None:
    """Nothing was heard, and nothing will be."""
    await tx.execute(
        """
        WITH done AS (
            UPDATE hearings SET status = 'unheard', trouble = %(trouble)s, done_at = %(now)s
             WHERE shop_id = current_shop() AND message_id = %(id)s AND status = 'listening' RETURNING message_id
        )
        UPDATE messages m SET payload = m.payload || jsonb_build_object('unheard', %(trouble)s::text)
          FROM done WHERE m.shop_id = current_shop() AND m.id = done.message_id
        """,
        {"id": message_id, "trouble": trouble, "now": now},
    )


async def next_due(tx: Tx) -> datetime | None:
    """When the next note has to be looked at; 'epoch' when one waits that nobody has taken up."""
    cursor = await tx.execute(
        """
        SELECT min(at) AS at FROM (
            SELECT min(next_at) AS at FROM hearings WHERE shop_id = current_shop() AND status = 'listening'
            UNION ALL
            SELECT 'epoch' FROM messages m
             WHERE m.shop_id = current_shop() AND m.turn_id IS NULL AND m.kind IN ('voice', 'audio')
               AND NOT EXISTS (SELECT FROM hearings h WHERE h.shop_id = m.shop_id AND h.message_id = m.id)
        ) AS waiting
        """
    )
    row = await cursor.fetchone()
    return row["at"] if row else None


async def sound(tx: Tx, message_id: int) -> dict[str, Any] | None:
    """The sound of a note and what was heard in it, for the vendor."""
    cursor = await tx.execute(
        """
        SELECT h.content, h.mime, h.seconds, h.status, h.trouble, m.text, h.heard
          FROM hearings h JOIN messages m ON m.shop_id = h.shop_id AND m.id = h.message_id
         WHERE h.shop_id = current_shop() AND h.message_id = %s
        """,
        (message_id,),
    )
    return await cursor.fetchone()


async def notes(tx: Tx, most: int) -> list[dict[str, Any]]:
    """The last voice notes of the shop, the newest first."""
    cursor = await tx.execute(
        """
        SELECT m.id, m.conversation_id AS thread, coalesce(p.name, p.phone, c.recipient) AS buyer, m.received_at AS at,
               coalesce(h.status, 'waiting') AS status, h.seconds, m.text, h.trouble, h.heard -> 'doubtful' AS doubtful
          FROM messages m
          JOIN conversations c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
          JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
          LEFT JOIN hearings h ON h.shop_id = m.shop_id AND h.message_id = m.id
         WHERE m.shop_id = current_shop() AND m.kind IN ('voice', 'audio')
         ORDER BY m.received_at DESC, m.id DESC LIMIT %s
        """,
        (most,),
    )
    return await cursor.fetchall()
