"""Every statement about links that are opened from one channel in another (0016)."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def accounts(tx: Tx) -> list[dict[str, Any]]:
    """The shop's accounts; of several on one channel the first comes last."""
    cursor = await tx.execute(
        "SELECT channel, external_id, display FROM channel_accounts WHERE shop_id = current_shop() ORDER BY id DESC"
    )
    return await cursor.fetchall()


async def add(tx: Tx, token_hash: bytes, customer_id: int, now: datetime, expires_at: datetime) -> None:
    """Note that a token was given out for a buyer."""
    await tx.execute(
        "INSERT INTO invitations (shop_id, token_hash, customer_id, created_at, expires_at)"
        " VALUES (current_shop(), %s, %s, %s, %s)",
        (token_hash, customer_id, now, expires_at),
    )


async def sender(tx: Tx, account_id: int, message_id: str) -> int | None:
    """Who wrote a message, by the channel's id of it; none when it is not stored."""
    cursor = await tx.execute(
        """
        SELECT c.customer_id FROM messages m
          JOIN conversations c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
         WHERE m.shop_id = current_shop() AND m.account_id = %s AND m.external_id = %s
        """,
        (account_id, message_id),
    )
    row = await cursor.fetchone()
    return row["customer_id"] if row else None


async def use(tx: Tx, token_hash: bytes, sender_id: int, now: datetime) -> int | None:
    """Spend a token; returns whom it was made for, none when it is not good, or the sender is that person."""
    cursor = await tx.execute(
        """
        UPDATE invitations SET used_at = %(now)s, used_by = %(sender)s
         WHERE shop_id = current_shop() AND token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
           AND customer_id <> ALL (records_of(%(sender)s))
        RETURNING customer_id
        """,
        {"hash": token_hash, "sender": sender_id, "now": now},
    )
    row = await cursor.fetchone()
    return row["customer_id"] if row else None


async def share_a_channel(tx: Tx, one_id: int, other_id: int) -> bool:
    """Whether both persons are known in one channel."""
    cursor = await tx.execute(
        """
        SELECT EXISTS (SELECT FROM identities i JOIN identities j ON j.shop_id = i.shop_id AND j.channel = i.channel
                        WHERE i.shop_id = current_shop() AND i.customer_id = ANY (records_of(%s))
                          AND j.customer_id = ANY (records_of(%s))) AS shared
        """,
        (one_id, other_id),
    )
    row = await cursor.fetchone()
    return bool(row and row["shared"])
