"""Every statement about imports that were asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from psycopg import sql

from griot.core.db.pool import Tx

_SHOWN = sql.SQL("""
    id, source, body IS NOT NULL AS is_file, currency, columns, status, done, expected, preview, report, trouble, actor,
    created_at, changed_at
""")


async def forget(tx: Tx, before: datetime) -> None:
    """Give up what was shown and never decided, and drop the files of what is over."""
    await tx.execute(
        """
        UPDATE import_jobs SET status = 'cancelled', body = NULL, found = NULL
         WHERE shop_id = current_shop() AND status = 'shown' AND changed_at < %s
        """,
        (before,),
    )


async def unfinished(tx: Tx) -> list[dict[str, Any]]:
    """Imports that are not over, held until the transaction ends."""
    cursor = await tx.execute(
        "SELECT id, source, status FROM import_jobs WHERE shop_id = current_shop()"
        " AND status IN ('waiting', 'reading', 'shown', 'writing') ORDER BY id FOR UPDATE"
    )
    return await cursor.fetchall()


async def insert(
    tx: Tx,
    source: str,
    body: bytes | None,
    currency: str | None,
    columns: Mapping[str, str],
    write: bool,
    now: datetime,
) -> int:
    """Ask for an import."""
    cursor = await tx.execute(
        """
        INSERT INTO import_jobs (shop_id, source, body, currency, columns, write, actor, created_at, changed_at)
        VALUES (current_shop(), %(source)s, %(body)s, %(currency)s, %(columns)s, %(write)s,
                nullif(current_setting('griot.actor', true), ''), %(now)s, %(now)s) RETURNING id
        """,
        {
            "source": source,
            "body": body,
            "currency": currency,
            "columns": orjson.dumps(columns).decode(),
            "write": write,
            "now": now,
        },
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def job(tx: Tx, job_id: int) -> dict[str, Any] | None:
    """An import as it is now."""
    cursor = await tx.execute(
        sql.SQL("SELECT {shown} FROM import_jobs WHERE shop_id = current_shop() AND id = %s").format(shown=_SHOWN),
        (job_id,),
    )
    return await cursor.fetchone()


async def page(tx: Tx, limit: int, before: int | None) -> list[dict[str, Any]]:
    """Imports, the latest first, from before a number on."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT {shown} FROM import_jobs
         WHERE shop_id = current_shop() AND (%(before)s::bigint IS NULL OR id < %(before)s)
         ORDER BY id DESC LIMIT %(limit)s
        """).format(shown=_SHOWN),
        {"limit": limit, "before": before},
    )
    return await cursor.fetchall()


async def correct(tx: Tx, job_id: int, currency: str | None, columns: Mapping[str, str] | None, now: datetime) -> bool:
    """Have it read with other columns, or planned with another currency; whether it was there to be corrected."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs
           SET currency = coalesce(%(currency)s, currency), columns = coalesce(%(columns)s::jsonb, columns),
               found = CASE WHEN %(columns)s IS NULL THEN found END,
               status = 'waiting', busy_until = 'epoch', tries = 0, done = 0, expected = NULL, changed_at = %(now)s
         WHERE shop_id = current_shop() AND id = %(id)s AND status = 'shown' RETURNING 1
        """,
        {
            "id": job_id,
            "currency": currency,
            "columns": orjson.dumps(columns).decode() if columns is not None else None,
            "now": now,
        },
    )
    return await cursor.fetchone() is not None


async def confirm(tx: Tx, job_id: int, now: datetime) -> bool:
    """What was shown is to be written; whether it was shown."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs SET write = true, status = 'waiting', busy_until = 'epoch', tries = 0, done = 0,
                               expected = NULL, changed_at = %s,
                               actor = nullif(current_setting('griot.actor', true), '')
         WHERE shop_id = current_shop() AND id = %s AND status = 'shown' RETURNING 1
        """,
        (now, job_id),
    )
    return await cursor.fetchone() is not None


async def cancel(tx: Tx, job_id: int, now: datetime) -> bool:
    """Give an import up before it writes; whether that was still possible."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs SET status = 'cancelled', body = NULL, found = NULL, changed_at = %s
         WHERE shop_id = current_shop() AND id = %s AND status IN ('waiting', 'reading', 'shown') RETURNING 1
        """,
        (now, job_id),
    )
    return await cursor.fetchone() is not None


async def take(tx: Tx, now: datetime, until: datetime) -> dict[str, Any] | None:
    """The oldest import that waits, or whose process died: the caller's ``until`` then."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs j
           SET status = CASE WHEN j.write AND j.found IS NOT NULL THEN 'writing' ELSE 'reading' END,
               busy_until = %(until)s, tries = j.tries + 1, changed_at = %(now)s
          FROM (SELECT id FROM import_jobs
                 WHERE shop_id = current_shop() AND status IN ('waiting', 'reading', 'writing')
                   AND busy_until <= %(now)s
                 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) AS next
         WHERE j.shop_id = current_shop() AND j.id = next.id
        RETURNING j.id, j.source, j.body, j.currency, j.columns, j.write, j.found, j.actor, j.tries
        """,
        {"now": now, "until": until},
    )
    return await cursor.fetchone()


async def advance(tx: Tx, job_id: int, status: str, done: int, expected: int | None, until: datetime) -> bool:
    """Say how far it is and keep it until then; false when it is not the caller's any more."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs SET status = %(status)s, done = %(done)s, expected = %(expected)s, busy_until = %(until)s
         WHERE shop_id = current_shop() AND id = %(id)s AND status IN ('reading', 'writing') RETURNING 1
        """,
        {"id": job_id, "status": status, "done": done, "expected": expected, "until": until},
    )
    return await cursor.fetchone() is not None


async def keep(tx: Tx, job_id: int, found: bytes) -> None:
    """What was read, so that it need not be read again."""
    await tx.execute("UPDATE import_jobs SET found = %s WHERE shop_id = current_shop() AND id = %s", (found, job_id))


async def show(tx: Tx, job_id: int, preview: Mapping[str, Any], now: datetime) -> bool:
    """It was read and may be looked at; false when it was given up meanwhile."""
    cursor = await tx.execute(
        """
        UPDATE import_jobs SET status = 'shown', preview = %s, tries = 0, changed_at = %s
         WHERE shop_id = current_shop() AND id = %s AND status = 'reading' RETURNING 1
        """,
        (orjson.dumps(preview).decode(), now, job_id),
    )
    return await cursor.fetchone() is not None


async def end(
    tx: Tx, job_id: int, status: str, report: Mapping[str, Any] | None, trouble: str | None, now: datetime
) -> None:
    """It is over: what was needed for it is dropped."""
    await tx.execute(
        """
        UPDATE import_jobs SET status = %s, report = %s, trouble = %s, body = NULL, found = NULL, changed_at = %s
         WHERE shop_id = current_shop() AND id = %s AND status IN ('reading', 'writing')
        """,
        (status, orjson.dumps(report).decode() if report is not None else None, trouble, now, job_id),
    )


async def release(tx: Tx, job_id: int) -> None:
    """Give it back at once, for another process."""
    await tx.execute(
        "UPDATE import_jobs SET busy_until = 'epoch', tries = greatest(tries - 1, 0)"
        " WHERE shop_id = current_shop() AND id = %s AND status IN ('reading', 'writing')",
        (job_id,),
    )
