"""Every statement of the figures. Each reads one stretch of time by an index on it."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def answers(tx: Tx, start: datetime, end: datetime, zone: str) -> list[dict[str, Any]]:
    """Turns by the shop's day, and over all days (``day`` null); those that nobody had to answer are left out."""
    cursor = await tx.execute(
        """
        WITH told AS (
            SELECT (started_at AT TIME ZONE %(zone)s)::date AS day, waited_ms, usage,
                   NOT string_to_array(outcome, '+') && ARRAY['human', 'escalated', 'failed', 'unheard'] AS automatic
              FROM turns
             WHERE shop_id = current_shop() AND started_at >= %(start)s AND started_at < %(end)s
               AND outcome NOT IN ('noted', 'vendor'))
        SELECT day, count(*)::int AS asked, (count(*) FILTER (WHERE automatic))::int AS automatic,
               (count(waited_ms) FILTER (WHERE automatic))::int AS n,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY waited_ms) FILTER (WHERE automatic) AS p50,
               percentile_disc(0.95) WITHIN GROUP (ORDER BY waited_ms) FILTER (WHERE automatic) AS p95,
               coalesce(sum((usage ->> 'calls')::bigint), 0)::bigint AS calls,
               coalesce(sum((usage ->> 'tokens_in')::bigint), 0)::bigint AS tokens_in,
               coalesce(sum((usage ->> 'tokens_out')::bigint), 0)::bigint AS tokens_out
          FROM told GROUP BY GROUPING SETS ((day), ())
        """,
        {"start": start, "end": end, "zone": zone},
    )
    return await cursor.fetchall()


async def sales(tx: Tx, start: datetime, end: datetime, zone: str) -> list[dict[str, Any]]:
    """Escalations, orders made and orders paid, by the shop's day."""
    cursor = await tx.execute(
        """
        SELECT (at AT TIME ZONE %(zone)s)::date AS day,
               (count(*) FILTER (WHERE what = 'escalation'))::int AS escalations,
               (count(*) FILTER (WHERE what = 'order'))::int AS orders,
               (count(*) FILTER (WHERE what = 'paid'))::int AS paid
          FROM (SELECT created_at AS at, 'escalation' AS what FROM escalations
                 WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s
                UNION ALL
                SELECT created_at, 'order' FROM orders
                 WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s
                UNION ALL
                SELECT paid_at, 'paid' FROM orders
                 WHERE shop_id = current_shop() AND paid_at >= %(start)s AND paid_at < %(end)s) AS happened
         GROUP BY day
        """,
        {"start": start, "end": end, "zone": zone},
    )
    return await cursor.fetchall()


async def talks(tx: Tx, start: datetime, end: datetime) -> dict[str, Any]:
    """Conversations of these days: how many, how many were escalated, how many were leads and came to an offer."""
    cursor = await tx.execute(
        """
        WITH talks AS (
            SELECT conversation_id, bool_or(effects @> '[{"action": "search"}]') AS shown FROM turns
             WHERE shop_id = current_shop() AND started_at >= %(start)s AND started_at < %(end)s
               AND outcome NOT IN ('noted', 'vendor')
             GROUP BY conversation_id),
        offered AS (
            SELECT conversation_id FROM orders
             WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s
            UNION
            SELECT conversation_id FROM quotes
             WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s),
        escalated AS (
            SELECT DISTINCT conversation_id FROM escalations
             WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s)
        SELECT count(*)::int AS talks, count(e.conversation_id)::int AS escalated,
               (count(*) FILTER (WHERE t.shown OR o.conversation_id IS NOT NULL))::int AS leads,
               count(o.conversation_id)::int AS offered
          FROM talks t
          LEFT JOIN offered o USING (conversation_id)
          LEFT JOIN escalated e USING (conversation_id)
        """,
        {"start": start, "end": end},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def resolved(tx: Tx, start: datetime, end: datetime) -> dict[str, Any]:
    """Seconds from escalations of these days to their ends, where they are known, and how many have none yet."""
    cursor = await tx.execute(
        """
        SELECT count(closed_at)::int AS n, (count(*) FILTER (WHERE status = 'open'))::int AS open,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - created_at)) AS p50,
               percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - created_at)) AS p95
          FROM escalations
         WHERE shop_id = current_shop() AND created_at >= %(start)s AND created_at < %(end)s
        """,
        {"start": start, "end": end},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def ordered(tx: Tx, start: datetime, end: datetime) -> dict[str, Any]:
    """Seconds from the first article held to the payment, of orders paid on these days."""
    cursor = await tx.execute(
        """
        SELECT count(*)::int AS n,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM paid_at - created_at)) AS p50,
               percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM paid_at - created_at)) AS p95
          FROM orders
         WHERE shop_id = current_shop() AND status = 'paid' AND paid_at >= %(start)s AND paid_at < %(end)s
        """,
        {"start": start, "end": end},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row
