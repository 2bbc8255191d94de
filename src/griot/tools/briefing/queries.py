"""Every statement of the daily briefing."""

from datetime import date, datetime
from typing import Any

from griot.core.db.pool import Tx

# What is looked at first: a lower number is more pressing.
_URGENCY = "array_position(ARRAY['legal', 'angry', 'complaint', 'refund', 'payment', 'human', 'delivery'], e.reason)"


async def take_day(tx: Tx, today: date) -> bool:
    """Mark the shop as briefed today; false when somebody has done so already."""
    cursor = await tx.execute(
        "UPDATE shops SET briefed_on = %(today)s WHERE shop_id = current_shop()"
        " AND (briefed_on IS NULL OR briefed_on < %(today)s) RETURNING shop_id",
        {"today": today},
    )
    return await cursor.fetchone() is not None


async def facts(tx: Tx, start: datetime, end: datetime) -> dict[str, Any]:
    """Counts of the day from ``start`` to ``end``, and what waits now."""
    cursor = await tx.execute(
        """
        SELECT (SELECT count(DISTINCT conversation_id) FROM messages
                 WHERE shop_id = current_shop() AND received_at >= %(start)s AND received_at < %(end)s
                   AND kind NOT IN ('echo', 'system', 'reaction')) AS conversations,
               (SELECT count(*) FROM orders
                 WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s) AS orders,
               (SELECT count(*) FROM orders WHERE shop_id = current_shop() AND status = 'paid'
                   AND paid_at >= %(start)s AND paid_at < %(end)s) AS paid,
               (SELECT coalesce(sum(coalesce(paid_minor, total_minor)), 0)::bigint FROM orders
                 WHERE shop_id = current_shop() AND status = 'paid'
                   AND paid_at >= %(start)s AND paid_at < %(end)s) AS turnover_minor,
               (SELECT count(*) FROM (
                    SELECT customer_id FROM orders WHERE shop_id = current_shop() AND status <> 'paid'
                       AND created_at >= %(start)s AND created_at < %(end)s
                    UNION SELECT customer_id FROM quotes WHERE shop_id = current_shop()
                       AND created_at >= %(start)s AND created_at < %(end)s) AS warm
                 WHERE NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = current_shop()
                                      AND o.customer_id = ANY (records_of(warm.customer_id))
                                      AND o.paid_at >= %(start)s)) AS hot,
               (SELECT count(*) FROM escalations WHERE shop_id = current_shop() AND status = 'open') AS waiting,
               (SELECT count(*) FROM escalations WHERE shop_id = current_shop() AND status = 'open'
                   AND reason IN ('angry', 'complaint', 'legal', 'refund')) AS complaints,
               (SELECT count(*) FROM refunds WHERE shop_id = current_shop() AND status = 'staged') AS refunds
        """,
        {"start": start, "end": end},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def sales(tx: Tx, start: datetime, end: datetime) -> dict[str, Any]:
    """Orders made and money that came from ``start`` to ``end``."""
    cursor = await tx.execute(
        """
        SELECT (SELECT count(*) FROM orders
                 WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s) AS orders,
               count(*) AS paid, coalesce(sum(coalesce(paid_minor, total_minor)), 0)::bigint AS turnover_minor
          FROM orders
         WHERE shop_id = current_shop() AND status = 'paid' AND paid_at >= %(start)s AND paid_at < %(end)s
        """,
        {"start": start, "end": end},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def waits(tx: Tx, start: datetime, now: datetime) -> dict[str, Any]:
    """Who has written since ``start``, and what waits for somebody now."""
    cursor = await tx.execute(
        """
        SELECT (SELECT count(*) FROM conversations
                 WHERE shop_id = current_shop() AND coalesce(last_inbound_at, created_at) >= %(start)s
                   AND last_inbound_at >= %(start)s) AS writers,
               (SELECT count(*) FROM orders WHERE shop_id = current_shop()
                   AND status IN ('reserved', 'awaiting_payment') AND expires_at > %(now)s) AS unpaid,
               (SELECT count(*) FROM orders WHERE shop_id = current_shop() AND status = 'paid'
                   AND paid_at > %(now)s - interval '7 days'
                   AND coalesce(fulfilment, '') NOT IN ('ready', 'shipped', 'delivered')) AS to_prepare,
               (SELECT count(*) FROM escalations WHERE shop_id = current_shop() AND status = 'open') AS waiting,
               (SELECT count(*) FROM escalations WHERE shop_id = current_shop() AND status = 'open'
                   AND reason IN ('angry', 'complaint', 'legal', 'refund')) AS complaints,
               (SELECT count(*) FROM refunds WHERE shop_id = current_shop() AND status = 'staged') AS refunds
        """,
        {"start": start, "now": now},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def sold_out(tx: Tx, start: datetime, end: datetime, most: int) -> list[str]:
    """Codes of which something was sold that day and nothing is left."""
    cursor = await tx.execute(
        """
        SELECT p.code FROM products p
         WHERE p.shop_id = current_shop() AND p.active
           AND EXISTS (SELECT FROM holds h JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
                         JOIN orders o ON o.shop_id = h.shop_id AND o.id = h.order_id
                        WHERE h.shop_id = p.shop_id AND v.product_id = p.id AND h.status = 'sold'
                          AND o.paid_at >= %(start)s AND o.paid_at < %(end)s)
           AND NOT EXISTS (SELECT FROM stock_levels s JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
                            WHERE s.shop_id = p.shop_id AND v.product_id = p.id AND v.active AND s.on_hand + s.held > 0)
         ORDER BY p.code LIMIT %(most)s
        """,
        {"start": start, "end": end, "most": most},
    )
    return [row["code"] for row in await cursor.fetchall()]


async def watch(tx: Tx) -> dict[str, Any] | None:
    """The open escalation to look at first: the most pressing, then the one that waits longest."""
    cursor = await tx.execute(
        f"""
        SELECT c.id AS conversation, coalesce(p.name, '+' || p.phone, '?') AS buyer, e.reason, e.summary
          FROM escalations e
          JOIN conversations c ON c.shop_id = e.shop_id AND c.id = e.conversation_id
          JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
         WHERE e.shop_id = current_shop() AND e.status = 'open'
         ORDER BY {_URGENCY} NULLS LAST, e.created_at, e.id LIMIT 1
        """  # noqa: S608 - a constant of this file
    )
    return await cursor.fetchone()
