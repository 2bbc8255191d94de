"""Every statement of the live."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import sql

from griot.core.db.pool import Tx
from griot.knowledge.catalogue.queries import OVERDUE

_LIVE = sql.SQL("id, title, codes, started_at, ended_at, summary")

_TOTALS = sql.SQL("""
    SELECT count(*) AS orders,
           count(*) FILTER (WHERE status = 'paid') AS paid,
           count(*) FILTER (WHERE status IN ('reserved', 'awaiting_payment')) AS pending,
           count(*) FILTER (WHERE status = 'expired') AS expired,
           count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
           coalesce(sum(coalesce(paid_minor, total_minor)) FILTER (WHERE status = 'paid'), 0)::bigint AS turnover_minor
      FROM orders WHERE shop_id = current_shop() AND live_id = %(live)s
""")


async def start(tx: Tx, title: str, codes: Sequence[str], now: datetime) -> dict[str, Any]:
    """Start a live, unless one runs: then that one is returned, and ``fresh`` is false."""
    cursor = await tx.execute(
        sql.SQL("""
        INSERT INTO lives (shop_id, title, codes, started_at) VALUES (current_shop(), %s, %s, %s)
        ON CONFLICT (shop_id) WHERE ended_at IS NULL DO UPDATE SET title = lives.title
        RETURNING {live}, (xmax = 0) AS fresh
        """).format(live=_LIVE),
        (title, list(codes), now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def end(tx: Tx, now: datetime) -> dict[str, Any] | None:
    """End the running live, if there is one."""
    cursor = await tx.execute(
        sql.SQL("""
        UPDATE lives SET ended_at = greatest(started_at, %s)
         WHERE shop_id = current_shop() AND ended_at IS NULL RETURNING {live}
        """).format(live=_LIVE),
        (now,),
    )
    return await cursor.fetchone()


async def save_summary(tx: Tx, live_id: int, summary: dict[str, Any]) -> None:
    """Keep the summary with its live."""
    await tx.execute(
        "UPDATE lives SET summary = %s::jsonb WHERE shop_id = current_shop() AND id = %s",
        (orjson.dumps(summary).decode(), live_id),
    )


async def running(tx: Tx) -> dict[str, Any] | None:
    """The live that runs now."""
    cursor = await tx.execute(
        sql.SQL("SELECT {live} FROM lives WHERE shop_id = current_shop() AND ended_at IS NULL").format(live=_LIVE)
    )
    return await cursor.fetchone()


async def one(tx: Tx, live_id: int) -> dict[str, Any] | None:
    """A live by its number."""
    cursor = await tx.execute(
        sql.SQL("SELECT {live} FROM lives WHERE shop_id = current_shop() AND id = %s").format(live=_LIVE), (live_id,)
    )
    return await cursor.fetchone()


async def page(tx: Tx, limit: int, before: int | None) -> list[dict[str, Any]]:
    """The lives of the shop, the latest first, from before a number on."""
    cursor = await tx.execute(
        sql.SQL(
            "SELECT {live} FROM lives"
            " WHERE shop_id = current_shop() AND (%(before)s::bigint IS NULL OR id < %(before)s)"
            " ORDER BY id DESC LIMIT %(limit)s"
        ).format(live=_LIVE),
        {"before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def totals(tx: Tx, live_id: int) -> dict[str, Any]:
    """Orders of a live by what became of them, and what was paid for them: of some, only the deposit."""
    cursor = await tx.execute(_TOTALS, {"live": live_id})
    row = await cursor.fetchone()
    assert row is not None
    return row


async def buyer_and_totals(tx: Tx, customer_id: int, live_id: int | None) -> dict[str, Any]:
    """Who paid, and how the live stands with it (zeros without a live)."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT c.name, c.phone, t.* FROM customers c CROSS JOIN ({totals}) AS t
         WHERE c.shop_id = current_shop() AND c.id = %(customer)s
        """).format(totals=_TOTALS),
        {"customer": customer_id, "live": live_id},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def running_low(tx: Tx, variant_ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """Variants with few free pieces, unless the vendor has been warned at this level since stock last came in."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT s.variant_id, p.code, v.options, s.on_hand + overdue.pieces AS free, s.held - overdue.pieces AS held,
               s.received
          FROM stock_levels s
          JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         CROSS JOIN LATERAL ({overdue}) AS overdue
         WHERE s.shop_id = current_shop() AND s.variant_id = ANY (%(variants)s) AND v.active
           AND s.on_hand + overdue.pieces <= p.low_stock
           AND NOT EXISTS (
               SELECT FROM events e
                WHERE e.shop_id = s.shop_id AND e.kind = 'stock.low' AND e.data ->> 'variant_id' = s.variant_id::text
                  AND (e.data ->> 'received')::int = s.received
                  AND (e.data ->> 'free')::int = s.on_hand + overdue.pieces
                  AND (e.data ->> 'sold_out')::boolean = (s.on_hand = 0 AND s.held = 0))
         ORDER BY p.code, s.variant_id
        """).format(overdue=OVERDUE),
        {"variants": list(variant_ids), "now": now},
    )
    return await cursor.fetchall()


async def levels(tx: Tx, codes: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """Stock of the products with these codes, or of all on sale, over all variants."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT p.code, p.title, p.low_stock,
               coalesce(sum(s.on_hand + overdue.pieces) FILTER (WHERE v.active), 0)::int AS free,
               sum(s.held - overdue.pieces)::int AS held, sum(s.sold)::int AS sold
          FROM products p
          JOIN variants v ON v.shop_id = p.shop_id AND v.product_id = p.id
          JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
         CROSS JOIN LATERAL ({overdue}) AS overdue
         WHERE p.shop_id = current_shop() AND p.active
           AND (cardinality(%(codes)s::text[]) = 0 OR p.code = ANY (%(codes)s))
         GROUP BY p.shop_id, p.id ORDER BY p.id
        """).format(overdue=OVERDUE),
        {"codes": list(codes), "now": now},
    )
    return await cursor.fetchall()


async def sold(tx: Tx, live_id: int) -> list[dict[str, Any]]:
    """Pieces sold in the live by product, the best-seller first."""
    cursor = await tx.execute(
        """
        SELECT p.code, sum(h.quantity)::int AS units
          FROM orders o
          JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id AND h.status = 'sold'
          JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         WHERE o.shop_id = current_shop() AND o.live_id = %s AND o.status = 'paid'
         GROUP BY p.code ORDER BY units DESC, p.code
        """,
        (live_id,),
    )
    return await cursor.fetchall()


async def buyers(tx: Tx, live_id: int) -> dict[str, Any]:
    """Who paid in the live: ``known`` had paid in this shop before, ``fresh`` had not."""
    cursor = await tx.execute(
        """
        SELECT count(*) FILTER (WHERE whole.paid_orders > here.paid) AS known,
               count(*) FILTER (WHERE whole.paid_orders <= here.paid) AS fresh
          FROM (SELECT c.person_id, count(*) AS paid
                  FROM orders o JOIN customers c ON c.shop_id = o.shop_id AND c.id = o.customer_id
                 WHERE o.shop_id = current_shop() AND o.live_id = %s AND o.status = 'paid'
                 GROUP BY c.person_id) AS here
         CROSS JOIN LATERAL person_of(here.person_id) AS whole
        """,
        (live_id,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def peak(tx: Tx, live_id: int) -> dict[str, Any] | None:
    """The minute of the live in which most was asked for (the first of several), and the code most asked for then."""
    cursor = await tx.execute(
        """
        WITH wishes AS (
            SELECT date_trunc('minute', h.created_at) AS minute, p.code, count(*) AS times
              FROM orders o
              JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
              JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
              JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
             WHERE o.shop_id = current_shop() AND o.live_id = %s
             GROUP BY 1, 2
        )
        SELECT minute, code, (sum(times) OVER (PARTITION BY minute))::int AS asked FROM wishes
         ORDER BY asked DESC, minute, times DESC, code LIMIT 1
        """,
        (live_id,),
    )
    return await cursor.fetchone()


async def sold_out(tx: Tx, live_id: int, now: datetime) -> list[dict[str, Any]]:
    """Products asked for in the live of which nothing is free now, and when their last piece was taken."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT p.code, max(taken.created_at) AS at
          FROM orders sale
          JOIN holds taken ON taken.shop_id = sale.shop_id AND taken.order_id = sale.id
                          AND taken.status IN ('held', 'sold')
          JOIN variants v ON v.shop_id = taken.shop_id AND v.id = taken.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         WHERE sale.shop_id = current_shop() AND sale.live_id = %(live)s
           AND NOT EXISTS (
               SELECT FROM variants w
                 JOIN stock_levels s ON s.shop_id = w.shop_id AND s.variant_id = w.id
                CROSS JOIN LATERAL ({overdue}) AS overdue
                WHERE w.shop_id = p.shop_id AND w.product_id = p.id AND w.active AND s.on_hand + overdue.pieces > 0)
         GROUP BY p.code ORDER BY at, p.code
        """).format(overdue=OVERDUE),
        {"live": live_id, "now": now},
    )
    return await cursor.fetchall()


async def first_account(tx: Tx, channel: str) -> int | None:
    """The shop's oldest account on a channel."""
    cursor = await tx.execute(
        "SELECT id FROM channel_accounts WHERE shop_id = current_shop() AND channel = %s ORDER BY id LIMIT 1",
        (channel,),
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def thread_by_phone(
    tx: Tx, account_id: int, channel: str, name: str, phone: str, now: datetime
) -> dict[str, Any]:
    """The customer with this phone and the thread with them on the account, made when new."""
    cursor = await tx.execute(
        """
        SELECT customer AS customer_id,
               resolve_conversation(%(account)s, customer, 'phone:' || %(phone)s, %(now)s) AS conversation_id
          FROM resolve_customer(%(channel)s, ARRAY['phone:' || %(phone)s], %(name)s, %(phone)s, %(now)s) AS customer
        """,
        {"account": account_id, "channel": channel, "name": name, "phone": phone, "now": now},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row
