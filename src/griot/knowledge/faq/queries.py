"""Every statement of the FAQ."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx


async def upsert(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Write entries, those with a known key over the old ones, and tell who keeps the shop's knowledge in memory."""
    await tx.execute(
        """
        WITH written AS (
            INSERT INTO faq (shop_id, key, question, answer, language, created_at)
            SELECT current_shop(), x.key, x.question, x.answer, coalesce(x.language, s.language), %s
              FROM jsonb_to_recordset(%s) AS x(key text, question text, answer text, language text)
              JOIN shops s ON s.shop_id = current_shop()
            ON CONFLICT (shop_id, key) DO UPDATE
               SET question = excluded.question, answer = excluded.answer, language = excluded.language, active = true
            RETURNING 1)
        UPDATE shops SET catalogue_version = catalogue_version + 1
         WHERE shop_id = current_shop() AND EXISTS (SELECT FROM written)
        """,
        (now, orjson.dumps(rows).decode()),
    )


async def retire(tx: Tx, key: str) -> bool:
    """Take an entry out of use, and tell who keeps the shop's knowledge in memory; false when it is not in use."""
    cursor = await tx.execute(
        """
        WITH gone AS (
            UPDATE faq SET active = false WHERE shop_id = current_shop() AND key = %s AND active RETURNING 1)
        UPDATE shops SET catalogue_version = catalogue_version + 1
         WHERE shop_id = current_shop() AND EXISTS (SELECT FROM gone)
        RETURNING 1
        """,
        (key,),
    )
    return await cursor.fetchone() is not None


async def entries(tx: Tx) -> list[dict[str, Any]]:
    """The entries in use, in the order they were first written."""
    cursor = await tx.execute(
        "SELECT id, key, question, answer, language FROM faq WHERE shop_id = current_shop() AND active ORDER BY id"
    )
    return await cursor.fetchall()
