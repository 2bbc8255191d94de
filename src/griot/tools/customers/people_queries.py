"""Every statement about records that are linked as one person (0015)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def page(tx: Tx, limit: int, before: int | None, search: str | None) -> list[dict[str, Any]]:
    """Records, the latest first, from before a number on; ``search``: a part of a name, phone or name on a channel."""
    cursor = await tx.execute(
        """
        SELECT c.id, c.person_id AS person, c.name, c.phone, whole.paid_orders, whole.expired_holds, whole.spent_minor,
               whole.payment_seconds, s.currency,
               ARRAY(SELECT DISTINCT i.channel FROM identities i
                      WHERE i.shop_id = c.shop_id AND i.customer_id = c.id ORDER BY i.channel) AS channels
          FROM customers c JOIN shops s ON s.shop_id = c.shop_id CROSS JOIN LATERAL person_of(c.id) AS whole
         WHERE c.shop_id = current_shop() AND c.id IN (
               SELECT r.id FROM customers r
                WHERE r.shop_id = current_shop() AND (%(before)s::bigint IS NULL OR r.id < %(before)s)
                  AND (%(search)s::text IS NULL
                       OR strpos(lower(coalesce(r.name, '') || ' +' || coalesce(r.phone, '')), lower(%(search)s)) > 0
                       OR EXISTS (SELECT FROM identities i WHERE i.shop_id = r.shop_id AND i.customer_id = r.id
                                     AND strpos(lower(i.external_id), lower(%(search)s)) > 0))
                ORDER BY r.id DESC LIMIT %(limit)s)
         ORDER BY c.id DESC
        """,
        {"limit": limit, "before": before, "search": search},
    )
    return await cursor.fetchall()


async def records(tx: Tx, customer_id: int) -> list[dict[str, Any]]:
    """Each record of the person, the oldest first, with what was done under it; none: no such record."""
    cursor = await tx.execute(
        """
        SELECT c.id, c.name, c.phone, c.badges, c.opted_out, c.erased_at, c.paid_orders, c.expired_holds, c.spent_minor,
               c.payment_seconds, s.currency,
               ARRAY(SELECT i.channel || ' ' || i.external_id FROM identities i
                      WHERE i.shop_id = c.shop_id AND i.customer_id = c.id ORDER BY 1) AS identities,
               ARRAY(SELECT v.id FROM conversations v
                      WHERE v.shop_id = c.shop_id AND v.customer_id = c.id ORDER BY v.id) AS threads
          FROM customers c JOIN shops s ON s.shop_id = c.shop_id
         WHERE c.shop_id = current_shop() AND c.id = ANY (records_of(%s)) ORDER BY c.id
        """,
        (customer_id,),
    )
    return await cursor.fetchall()


async def links(tx: Tx, customer_id: int) -> list[dict[str, Any]]:
    """The links that hold a person together, in the order in which they were made."""
    cursor = await tx.execute(
        """
        SELECT one_id, other_id, proof, created_at FROM customer_links
         WHERE shop_id = current_shop() AND undone_at IS NULL AND one_id = ANY (records_of(%s)) ORDER BY id
        """,
        (customer_id,),
    )
    return await cursor.fetchall()


async def lock(tx: Tx, customer_ids: Iterable[int]) -> dict[int, list[int]]:
    """Hold all records of these persons, by id, as every counter of orders does; returns each one's records.

    One at a time in a shop, so that what was read here stays true. Unknown ids are absent.
    """
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('customer_links ' || current_shop(), 0))")
    ids = list(customer_ids)
    cursor = await tx.execute(
        "SELECT id, records_of(id) AS records FROM customers WHERE shop_id = current_shop() AND id = ANY (%s)", (ids,)
    )
    found: dict[int, list[int]] = {row["id"]: row["records"] for row in await cursor.fetchall()}
    await tx.execute(
        "SELECT FROM customers WHERE shop_id = current_shop() AND id = ANY (%s) ORDER BY id FOR NO KEY UPDATE",
        (sorted({record for person in found.values() for record in person}),),
    )
    return found


async def any_erased(tx: Tx, customer_ids: Iterable[int]) -> bool:
    """Whether somebody was forgotten under one of these records."""
    cursor = await tx.execute(
        "SELECT EXISTS (SELECT FROM customers WHERE shop_id = current_shop() AND id = ANY (%s)"
        " AND erased_at IS NOT NULL) AS erased",
        (list(customer_ids),),
    )
    row = await cursor.fetchone()
    return bool(row and row["erased"])


async def add_link(tx: Tx, one_id: int, other_id: int, proof: str, now: datetime) -> None:
    """Note that two records are one person."""
    await tx.execute(
        "INSERT INTO customer_links (shop_id, one_id, other_id, proof, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s)",
        (one_id, other_id, proof, now),
    )


async def undo_link(tx: Tx, one_id: int, other_id: int, now: datetime) -> bool:
    """Note that they are not; false when no link says they are."""
    cursor = await tx.execute(
        "UPDATE customer_links SET undone_at = %s WHERE shop_id = current_shop() AND one_id = %s AND other_id = %s"
        " AND undone_at IS NULL RETURNING id",
        (now, one_id, other_id),
    )
    return await cursor.fetchone() is not None


async def regroup(tx: Tx, customer_ids: Iterable[int]) -> None:
    """Have each record led by the oldest one that links reach from it."""
    await tx.execute(
        """
        WITH RECURSIVE reached (start, id) AS (
            SELECT id, id FROM unnest(%s::bigint[]) AS id
            UNION
            SELECT r.start, CASE l.one_id WHEN r.id THEN l.other_id ELSE l.one_id END
              FROM reached r
              JOIN customer_links l ON l.shop_id = current_shop() AND l.undone_at IS NULL
                                   AND (l.one_id = r.id OR l.other_id = r.id)
        ), led AS (
            SELECT start AS id, nullif(min(id), start) AS by FROM reached GROUP BY start
        )
        UPDATE customers c SET led_by = led.by FROM led
         WHERE c.shop_id = current_shop() AND c.id = led.id AND c.led_by IS DISTINCT FROM led.by
        """,
        (list(customer_ids),),
    )
