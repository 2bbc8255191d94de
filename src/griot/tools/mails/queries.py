"""Every statement of the e-mails."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def insert(tx: Tx, mail: dict[str, Any]) -> None:
    """Keep a mail to be sent; the same key again is the same mail."""
    await tx.execute(
        """
        INSERT INTO mails (shop_id, dedupe_key, recipient, subject, body, written_at, due_at)
        VALUES (current_shop(), %(dedupe_key)s, %(recipient)s, %(subject)s, %(body)s, %(now)s, %(now)s)
        ON CONFLICT (shop_id, dedupe_key) DO NOTHING
        """,
        mail,
    )


async def claim(tx: Tx, now: datetime, again_at: datetime, limit: int) -> list[dict[str, Any]]:
    """Mails that are due, taken by this worker until ``again_at``; oldest first."""
    cursor = await tx.execute(
        """
        UPDATE mails SET due_at = %(again_at)s, attempts = attempts + 1
         WHERE shop_id = current_shop() AND id IN (
               SELECT id FROM mails WHERE shop_id = current_shop() AND due_at <= %(now)s
                ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING id, recipient, subject, body, shop_id, written_at, attempts - 1 AS attempts
        """,
        {"now": now, "again_at": again_at, "limit": limit},
    )
    return sorted(await cursor.fetchall(), key=lambda row: int(row["id"]))


async def sent(tx: Tx, mail_id: int, now: datetime) -> None:
    """A server has taken it: it is not due any more."""
    await tx.execute(
        "UPDATE mails SET due_at = NULL, sent_at = %s, error = NULL WHERE shop_id = current_shop() AND id = %s",
        (now, mail_id),
    )


async def failed(tx: Tx, mail_id: int, error: str, due_at: datetime | None) -> None:
    """It could not be sent; ``due_at``: when it is tried again, none for never."""
    await tx.execute(
        "UPDATE mails SET due_at = %s, error = %s WHERE shop_id = current_shop() AND id = %s", (due_at, error, mail_id)
    )
