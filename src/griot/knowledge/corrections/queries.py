"""Every statement of the corrections. Writing one tells who keeps the shop's knowledge in memory."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def upsert(tx: Tx, words: str, intent: str, now: datetime) -> dict[str, Any]:
    """Write a correction; the same words get the new intent."""
    cursor = await tx.execute(
        """
        WITH written AS (
            INSERT INTO corrections (shop_id, words, intent, created_at)
            VALUES (current_shop(), %s, %s, %s)
            ON CONFLICT (shop_id, words) DO UPDATE SET intent = excluded.intent
            RETURNING id, words, intent),
        told AS (
            UPDATE shops SET catalogue_version = catalogue_version + 1 WHERE shop_id = current_shop())
        SELECT id, words, intent FROM written
        """,
        (words, intent, now),
    )
    row: dict[str, Any] | None = await cursor.fetchone()
    assert row is not None
    return row


async def delete(tx: Tx, correction_id: int) -> bool:
    """Forget a correction; false when there is none of this number."""
    cursor = await tx.execute(
        """
        WITH gone AS (
            DELETE FROM corrections WHERE shop_id = current_shop() AND id = %s RETURNING 1)
        UPDATE shops SET catalogue_version = catalogue_version + 1
         WHERE shop_id = current_shop() AND EXISTS (SELECT FROM gone)
        RETURNING 1
        """,
        (correction_id,),
    )
    return await cursor.fetchone() is not None


async def newest(tx: Tx, at_most: int) -> list[dict[str, Any]]:
    """The last corrections, newest first."""
    cursor = await tx.execute(
        "SELECT id, words, intent FROM corrections WHERE shop_id = current_shop() ORDER BY id DESC LIMIT %s", (at_most,)
    )
    return await cursor.fetchall()
