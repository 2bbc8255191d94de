"""Every statement of what a vendor sees while a live runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import sql

from griot.core.db.pool import Tx
from griot.knowledge.catalogue.queries import OVERDUE


async def pulse(tx: Tx, live_id: int, step: timedelta, since: datetime) -> list[dict[str, Any]]:
    """Orders of a live by the step of time in which something was put into them, with the code most of them named."""
    cursor = await tx.execute(
        """
        SELECT date_bin(%(step)s, h.created_at, 'epoch') AS at, count(DISTINCT o.id)::int AS orders,
               mode() WITHIN GROUP (ORDER BY p.code) AS code
          FROM orders o
          JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
          JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         WHERE o.shop_id = current_shop() AND o.live_id = %(live)s AND h.created_at >= %(since)s
         GROUP BY 1
        """,
        {"live": live_id, "step": step, "since": since},
    )
    return await cursor.fetchall()


async def shelves(
    tx: Tx, live_id: int, codes: Sequence[str], lately: datetime, most: int, now: datetime
) -> list[dict[str, Any]]:
    """Stock and demand of the quick catalogue, in its order; without one, of what was asked for most in the live and
    of the shop's first articles, in the order of their codes."""
    cursor = await tx.execute(
        sql.SQL("""
        WITH asked AS (
            SELECT v.product_id, count(DISTINCT o.id)::int AS orders, sum(h.quantity)::int AS pieces,
                   count(DISTINCT o.id) FILTER (WHERE h.created_at > %(lately)s)::int AS lately
              FROM orders o
              JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
              JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
             WHERE o.shop_id = current_shop() AND o.live_id = %(live)s
             GROUP BY v.product_id
        ), chosen AS (
            SELECT p.shop_id, p.id FROM products p
             WHERE p.shop_id = current_shop() AND p.code = ANY (%(codes)s)
             UNION
            SELECT shop_id, id FROM (
                SELECT p.shop_id, p.id FROM products p LEFT JOIN asked a ON a.product_id = p.id
                 WHERE p.shop_id = current_shop() AND cardinality(%(codes)s::text[]) = 0
                   AND p.id IN (SELECT product_id FROM asked
                                 UNION (SELECT id FROM products WHERE shop_id = current_shop() AND active
                                         ORDER BY shop_id, id LIMIT %(most)s))
                 ORDER BY a.orders DESC NULLS LAST, p.id LIMIT %(most)s) AS first
        )
        SELECT p.code, p.title, p.price_minor, p.currency, p.low_stock, coalesce(a.orders, 0) AS orders,
               coalesce(a.pieces, 0) AS pieces, coalesce(a.lately, 0) AS lately, stock.*
          FROM chosen
          JOIN products p ON p.shop_id = chosen.shop_id AND p.id = chosen.id AND p.active
          LEFT JOIN asked a ON a.product_id = p.id
         CROSS JOIN LATERAL (
               SELECT sum(s.on_hand + overdue.pieces)::int AS free, sum(s.held - overdue.pieces)::int AS held,
                      sum(s.sold)::int AS sold, sum(line.waiting)::int AS waiting
                 FROM variants v
                 JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
                CROSS JOIN LATERAL ({overdue}) AS overdue
                CROSS JOIN LATERAL (
                      SELECT count(*) AS waiting FROM waitlist w
                       WHERE w.shop_id = v.shop_id AND w.variant_id = v.id AND w.status = 'waiting') AS line
                WHERE v.shop_id = p.shop_id AND v.product_id = p.id) AS stock
         WHERE stock.free IS NOT NULL
         ORDER BY array_position(%(codes)s::text[], p.code), p.code LIMIT %(most)s
        """).format(overdue=OVERDUE),
        {"live": live_id, "codes": list(codes), "lately": lately, "most": most, "now": now},
    )
    return await cursor.fetchall()


async def moment(tx: Tx, live_id: int, now: datetime, near: timedelta) -> dict[str, Any]:
    """Payments of a live since ``near`` ago, holds that end within ``near``, and orders that are slow to be paid."""
    cursor = await tx.execute(
        """
        SELECT count(*) FILTER (WHERE status = 'paid' AND paid_at > %(now)s - %(near)s)::int AS paid,
               coalesce(sum(coalesce(paid_minor, total_minor))
                        FILTER (WHERE status = 'paid' AND paid_at > %(now)s - %(near)s), 0)::bigint AS received_minor,
               count(*) FILTER (WHERE running AND expires_at <= %(now)s + %(near)s)::int AS expiring,
               count(*) FILTER (WHERE running AND %(now)s - created_at > expires_at - %(now)s)::int AS slow
          FROM (SELECT *, status IN ('reserved', 'awaiting_payment') AND expires_at > %(now)s AS running
                  FROM orders WHERE shop_id = current_shop() AND live_id = %(live)s) AS o
        """,
        {"live": live_id, "now": now, "near": near},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def open_escalations(tx: Tx) -> int:
    """How many threads wait for a person."""
    cursor = await tx.execute(
        "SELECT count(*) AS open FROM escalations WHERE shop_id = current_shop() AND status = 'open'"
    )
    row = await cursor.fetchone()
    return int(row["open"]) if row else 0


async def old_friends(tx: Tx, since: datetime, most: int) -> list[int]:
    """Who has written since then and had bought before: one record of each person, the latest writers first."""
    cursor = await tx.execute(
        """
        SELECT DISTINCT p.person_id FROM (
            SELECT customer_id FROM conversations
             WHERE shop_id = current_shop() AND coalesce(last_inbound_at, created_at) >= %(since)s
               AND last_inbound_at IS NOT NULL
             ORDER BY coalesce(last_inbound_at, created_at) DESC LIMIT %(most)s) AS c
          JOIN customers p ON p.shop_id = current_shop() AND p.id = c.customer_id
         WHERE EXISTS (SELECT FROM customers m
                        WHERE m.shop_id = p.shop_id AND m.person_id = p.person_id AND m.paid_orders > 0)
        """,
        {"since": since, "most": most},
    )
    return [row["person_id"] for row in await cursor.fetchall()]


async def recent_buyers(tx: Tx, most: int) -> list[dict[str, Any]]:
    """Buyers whose name and WhatsApp number are known, who wrote last first; not the vendor."""
    cursor = await tx.execute(
        """
        SELECT p.name, p.phone FROM conversations c
          JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id AND a.channel = 'whatsapp'
          JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
         WHERE c.shop_id = current_shop() AND p.name <> '' AND NOT p.opted_out
           AND p.phone IS DISTINCT FROM (SELECT vendor_phone FROM shops WHERE shop_id = current_shop())
           AND p.phone IS NOT NULL
         ORDER BY coalesce(c.last_inbound_at, c.created_at) DESC, c.id DESC LIMIT %s
        """,
        (most,),
    )
    return await cursor.fetchall()


async def name_of_phone(tx: Tx, phone: str) -> str | None:
    """How the buyer with this WhatsApp number is called; none: not known."""
    cursor = await tx.execute(
        """
        SELECT p.name FROM identities i JOIN customers p ON p.shop_id = i.shop_id AND p.id = i.customer_id
         WHERE i.shop_id = current_shop() AND i.channel = 'whatsapp' AND i.external_id = 'phone:' || %s
        """,
        (phone,),
    )
    row = await cursor.fetchone()
    return row["name"] if row else None
