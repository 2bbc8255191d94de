"""Every statement about persons as lists and cards show them: records that are linked count as one (0015, 0021)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql

from griot.core.db.pool import Tx

# Persons whose oldest records are in ``page``. What was said last about marketing counts, on whichever record.
_SHOWN = sql.SQL("""
    SELECT page.*, oldest.created_at, oldest.erased_at, s.currency, said.marketing, said.marketing_at,
           said.marketing_how,
           coalesce(oldest.name, (SELECT m.name FROM customers m WHERE m.shop_id = current_shop()
                       AND m.person_id = page.id AND m.name IS NOT NULL ORDER BY m.id LIMIT 1)) AS name,
           coalesce(oldest.phone, (SELECT m.phone FROM customers m WHERE m.shop_id = current_shop()
                       AND m.person_id = page.id AND m.phone IS NOT NULL ORDER BY m.id LIMIT 1)) AS phone,
           coalesce(oldest.preferred_means, (SELECT m.preferred_means FROM customers m WHERE m.shop_id = current_shop()
                       AND m.person_id = page.id AND m.preferred_means IS NOT NULL ORDER BY m.id LIMIT 1))
               AS preferred_means,
           ARRAY(SELECT DISTINCT tag FROM customers m CROSS JOIN unnest(m.tags) AS tag
                  WHERE m.shop_id = current_shop() AND m.person_id = page.id ORDER BY tag) AS tags,
           ARRAY(SELECT DISTINCT i.channel FROM customers m
                   JOIN identities i ON i.shop_id = m.shop_id AND i.customer_id = m.id
                  WHERE m.shop_id = current_shop() AND m.person_id = page.id ORDER BY i.channel) AS channels
      FROM page
      JOIN customers oldest ON oldest.shop_id = current_shop() AND oldest.id = page.id
      JOIN shops s ON s.shop_id = current_shop()
      LEFT JOIN LATERAL (
           SELECT m.marketing, m.marketing_at, m.marketing_how FROM customers m
            WHERE m.shop_id = current_shop() AND m.person_id = page.id AND m.marketing_at IS NOT NULL
            ORDER BY m.marketing_at DESC LIMIT 1) AS said ON true
     ORDER BY page.id DESC
""")

# All that the records of a person have done, with the segment it makes.
_SUMS = sql.SQL("""
    c.person_id AS id, sum(c.paid_orders)::int AS paid_orders, sum(c.expired_holds)::int AS expired_holds,
    sum(c.spent_minor)::bigint AS spent_minor, sum(c.payment_seconds)::bigint AS payment_seconds,
    max(c.last_paid_at) AS last_paid_at, bool_or(c.opted_out) AS opted_out,
    segment_of(sum(c.paid_orders)::int,
               trust(sum(c.paid_orders)::int, sum(c.expired_holds)::int, sum(c.spent_minor)::bigint,
                     sum(c.payment_seconds)::bigint, %(big)s::bigint),
               max(c.last_paid_at), %(now)s) AS segment
""")

_MATCHING = sql.SQL("""
    AND c.person_id IN (
        SELECT r.person_id FROM customers r
         WHERE r.shop_id = current_shop()
           AND (strpos(plain(r.name), plain(%(words)s)) > 0
                OR %(digits)s <> '' AND strpos(r.phone, %(digits)s) > 0
                OR EXISTS (SELECT FROM identities i WHERE i.shop_id = r.shop_id AND i.customer_id = r.id
                              AND strpos(lower(i.external_id), %(words)s) > 0)))
""")


async def page(
    tx: Tx, big: int, limit: int, before: int | None, now: datetime, segment: str | None, search: str
) -> list[dict[str, Any]]:
    """Persons, the newest first, from before a number on; summed up in the order of the index, until there are enough.

    ``big``: what a big spender has spent more than.
    """
    digits = "".join(letter for letter in search if letter.isdigit())
    cursor = await tx.execute(
        sql.SQL("""
        WITH page AS MATERIALIZED (
            SELECT * FROM (
                SELECT {sums} FROM customers c
                 WHERE c.shop_id = current_shop() AND c.erased_at IS NULL
                   AND c.person_id < coalesce(%(before)s::bigint, 9223372036854775807) {matching}
                   AND c.phone IS DISTINCT FROM (SELECT vendor_phone FROM shops WHERE shop_id = current_shop())
                 GROUP BY c.person_id ORDER BY c.person_id DESC) AS summed
             WHERE %(segment)s::text IS NULL OR summed.segment = %(segment)s
             ORDER BY summed.id DESC LIMIT %(limit)s)
        {shown}
        """).format(sums=_SUMS, matching=_MATCHING if search else sql.SQL(""), shown=_SHOWN),
        {
            "big": big,
            "limit": limit,
            "before": before,
            "now": now,
            "segment": segment,
            "words": search.lower(),
            "digits": digits if len(digits) >= 4 else "",
        },
    )
    return await cursor.fetchall()


async def one(tx: Tx, big: int, person_id: int, now: datetime) -> dict[str, Any]:
    """One person, by the number of the oldest record."""
    cursor = await tx.execute(
        sql.SQL("""
        WITH page AS (
            SELECT {sums} FROM customers c WHERE c.shop_id = current_shop() AND c.person_id = %(id)s
             GROUP BY c.person_id)
        {shown}
        """).format(sums=_SUMS, shown=_SHOWN),
        {"big": big, "id": person_id, "now": now},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def history(tx: Tx, person_id: int) -> dict[str, Any]:
    """How many orders a person has made, and what became of them."""
    cursor = await tx.execute(
        """
        SELECT count(*) AS orders, count(*) FILTER (WHERE status = 'paid') AS paid,
               count(*) FILTER (WHERE status = 'expired') AS expired,
               count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
               count(*) FILTER (WHERE status = 'expired' AND live_id IS NOT NULL) AS expired_in_live
          FROM orders WHERE shop_id = current_shop() AND customer_id = ANY (records_of(%s))
        """,
        (person_id,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def set_tags(tx: Tx, person_id: int, tags: Sequence[str]) -> None:
    """The tags of a person, kept on the oldest record."""
    await tx.execute(
        "UPDATE customers SET tags = CASE WHEN id = %(id)s THEN %(tags)s::text[] ELSE '{}' END"
        " WHERE shop_id = current_shop() AND person_id = %(id)s",
        {"id": person_id, "tags": list(tags)},
    )


async def set_marketing(tx: Tx, customer_id: int, given: bool, how: str, now: datetime) -> None:
    """What a buyer says about being written to with offers."""
    await tx.execute(
        "UPDATE customers SET marketing = %s, marketing_at = %s, marketing_how = %s"
        " WHERE shop_id = current_shop() AND id = %s",
        (given, now, how, customer_id),
    )


async def set_opted_out(tx: Tx, customer_id: int, opted_out: bool) -> None:
    """Whether a buyer is written to at all, on any channel."""
    await tx.execute(
        "UPDATE customers SET opted_out = %s WHERE shop_id = current_shop() AND id = ANY (records_of(%s))",
        (opted_out, customer_id),
    )


async def set_voice(tx: Tx, customer_id: int, prefers: bool | None) -> None:
    """How a buyer is answered, on any channel; none: as the shop does."""
    await tx.execute(
        "UPDATE customers SET prefers_voice = %s WHERE shop_id = current_shop() AND id = ANY (records_of(%s))",
        (prefers, customer_id),
    )
