"""Every statement about stock, holds and deadlines; the waiting list has its own in ``waitlist_queries``.

Locks are taken in one order everywhere: baskets (an advisory lock of the conversation), orders by id, stock by variant,
then the rest. What has to be locked out of turn is never waited for (SKIP LOCKED).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import sql

from griot.core.db.pool import Tx
from griot.tools.reservation.models import Outlook


async def lock_baskets(tx: Tx, conversation_ids: Iterable[int]) -> None:
    """Nobody else makes a basket for these conversations until the transaction ends."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('basket ' || current_shop() || ' ' || id, 0))
          FROM (SELECT DISTINCT id FROM unnest(%s::bigint[]) AS id ORDER BY id) AS sorted
        """,
        (list(conversation_ids),),
    )


async def outlook(tx: Tx, conversation_ids: Iterable[int], variant_ids: Iterable[int], now: datetime) -> Outlook:
    """What a batch of requests will run into; one cheap statement, because most of the time it is nothing."""
    cursor = await tx.execute(
        """
        WITH line AS (
            SELECT DISTINCT w.variant_id, w.conversation_id FROM waitlist w
             WHERE w.shop_id = current_shop() AND w.status = 'waiting' AND w.variant_id = ANY (%(variants)s)
        )
        SELECT ARRAY(SELECT o.id FROM orders o WHERE o.shop_id = current_shop() AND o.status = 'reserved'
                        AND o.conversation_id = ANY (%(conversations)s)) AS drafts,
               EXISTS (SELECT FROM orders o
                        WHERE o.shop_id = current_shop() AND o.status IN ('reserved', 'awaiting_payment')
                          AND o.expires_at <= %(now)s
                          AND (o.conversation_id = ANY (%(conversations)s)
                               OR o.conversation_id IN (SELECT line.conversation_id FROM line)
                               OR EXISTS (SELECT FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id
                                             AND h.status = 'held' AND h.variant_id = ANY (%(variants)s)))) AS overdue,
               ARRAY(SELECT DISTINCT variant_id FROM line) AS in_line,
               EXISTS (SELECT FROM line JOIN stock_levels s ON s.variant_id = line.variant_id
                        WHERE s.shop_id = current_shop() AND s.on_hand > 0) AS servable
        """,
        {"conversations": list(conversation_ids), "variants": list(variant_ids), "now": now},
    )
    row = await cursor.fetchone()
    assert row is not None
    return Outlook(frozenset(row["drafts"]), row["overdue"], tuple(row["in_line"]), row["servable"])


_OVERDUE_AROUND = sql.SQL("""
    SELECT o.id FROM orders o
     WHERE o.shop_id = current_shop() AND o.status IN ('reserved', 'awaiting_payment') AND o.expires_at <= %(now)s
       AND (o.conversation_id IN (SELECT w.conversation_id FROM waitlist w
                                   WHERE w.shop_id = current_shop() AND w.status = 'waiting'
                                     AND w.variant_id = ANY (%(variants)s))
            OR EXISTS (SELECT FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id
                          AND h.status = 'held' AND h.variant_id = ANY (%(variants)s)))
""")


async def lock_around(tx: Tx, conversation_ids: Iterable[int], variant_ids: Iterable[int], now: datetime) -> list[int]:
    """Lock, by id, the baskets of conversations and the overdue orders that hold a variant or whose buyer waits for it.

    For a transaction that holds no order yet. Returns the ids.
    """
    cursor = await tx.execute(
        sql.SQL("""
        SELECT o.id FROM orders o
         WHERE o.shop_id = current_shop() AND o.id IN (
               SELECT b.id FROM orders b WHERE b.shop_id = current_shop() AND b.status = 'reserved'
                  AND b.conversation_id = ANY (%(conversations)s)
                UNION {overdue})
         ORDER BY o.id FOR UPDATE
        """).format(overdue=_OVERDUE_AROUND),
        {"conversations": list(conversation_ids), "variants": list(variant_ids), "now": now},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def lock_overdue_around(tx: Tx, variant_ids: Iterable[int], now: datetime) -> list[int]:
    """Lock the overdue orders that hold a variant or whose buyer waits for it, but those that others work on."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT o.id FROM orders o WHERE o.shop_id = current_shop() AND o.id IN ({overdue})
         ORDER BY o.id FOR UPDATE SKIP LOCKED
        """).format(overdue=_OVERDUE_AROUND),
        {"variants": list(variant_ids), "now": now},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def lock_due(tx: Tx, now: datetime, limit: int) -> list[int]:
    """Hold up to ``limit`` overdue orders that nobody else is working on."""
    cursor = await tx.execute(
        """
        SELECT id FROM orders
         WHERE shop_id = current_shop() AND status IN ('reserved', 'awaiting_payment') AND expires_at <= %s
         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        """,
        (now, limit),
    )
    return [row["id"] for row in await cursor.fetchall()]


async def lock_stock(tx: Tx, variant_ids: Iterable[int]) -> dict[int, int]:
    """Hold the stock of variants, by variant; returns what is on hand of each."""
    cursor = await tx.execute(
        """
        SELECT variant_id, on_hand FROM stock_levels
         WHERE shop_id = current_shop() AND variant_id = ANY (%s) ORDER BY variant_id FOR NO KEY UPDATE
        """,
        (list(variant_ids),),
    )
    return {row["variant_id"]: row["on_hand"] for row in await cursor.fetchall()}


async def hold_stock(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> dict[int, dict[str, Any]]:
    """Take stock and write the holds for many buyers at once (hold_stock, 0002); the answers by the requests' ``n``."""
    cursor = await tx.execute("SELECT * FROM hold_stock(%s, %s)", (now, orjson.dumps(rows).decode()))
    return {row["n"]: row for row in await cursor.fetchall()}


async def give_back(tx: Tx, order_ids: Sequence[int], status: str) -> None:
    """End the held lines of locked orders and put their pieces on hand again; the stock is locked already."""
    await tx.execute(
        """
        WITH ended AS (
            UPDATE holds SET status = %(status)s
             WHERE shop_id = current_shop() AND order_id = ANY (%(orders)s) AND status = 'held'
            RETURNING variant_id, quantity
        ), freed AS (
            SELECT variant_id, sum(quantity) AS pieces FROM ended GROUP BY variant_id
        )
        UPDATE stock_levels s SET on_hand = s.on_hand + freed.pieces, held = s.held - freed.pieces
          FROM freed WHERE s.shop_id = current_shop() AND s.variant_id = freed.variant_id
        """,
        {"orders": list(order_ids), "status": status},
    )


async def drop_line(tx: Tx, order_id: int, variant_id: int) -> None:
    """Take a line out of a locked order and put its pieces on hand again; the stock is locked already."""
    await tx.execute(
        """
        WITH dropped AS (
            DELETE FROM holds
             WHERE shop_id = current_shop() AND order_id = %(order)s AND variant_id = %(variant)s AND status = 'held'
            RETURNING quantity
        )
        UPDATE stock_levels s SET on_hand = s.on_hand + dropped.quantity, held = s.held - dropped.quantity
          FROM dropped WHERE s.shop_id = current_shop() AND s.variant_id = %(variant)s
        """,
        {"order": order_id, "variant": variant_id},
    )


async def sell(tx: Tx, order_id: int) -> int:
    """The held lines of a locked order are sold; the stock is locked already. Returns how many lines."""
    cursor = await tx.execute(
        """
        WITH gone AS (
            UPDATE holds SET status = 'sold'
             WHERE shop_id = current_shop() AND order_id = %s AND status = 'held'
            RETURNING variant_id, quantity
        )
        UPDATE stock_levels s SET held = s.held - gone.quantity, sold = s.sold + gone.quantity
          FROM gone WHERE s.shop_id = current_shop() AND s.variant_id = gone.variant_id
        RETURNING s.variant_id
        """,
        (order_id,),
    )
    return len(await cursor.fetchall())


async def take_back(tx: Tx, order_id: int) -> None:
    """Hold every line of a closed order again; the stock is locked and known to be enough."""
    await tx.execute(
        """
        WITH again AS (
            UPDATE holds SET status = 'held' WHERE shop_id = current_shop() AND order_id = %s
            RETURNING variant_id, quantity
        )
        UPDATE stock_levels s SET on_hand = s.on_hand - again.quantity, held = s.held + again.quantity
          FROM again WHERE s.shop_id = current_shop() AND s.variant_id = again.variant_id
        """,
        (order_id,),
    )


async def take_reminders(tx: Tx, now: datetime, limit: int) -> list[int]:
    """Orders whose buyers are to be reminded now, each handed out once; overdue ones are past reminding."""
    cursor = await tx.execute(
        """
        WITH due AS (
            SELECT id FROM orders
             WHERE shop_id = current_shop() AND status IN ('reserved', 'awaiting_payment') AND remind_at <= %(now)s
               AND expires_at > %(now)s
             ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE orders o SET remind_at = NULL FROM due WHERE o.shop_id = current_shop() AND o.id = due.id
        RETURNING o.id
        """,
        {"now": now, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def listeners(tx: Tx, conversation_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """For each conversation: the language to write in, none when unknown, and who answers there."""
    cursor = await tx.execute(
        """
        SELECT cv.id, coalesce(cv.language, c.language) AS language, cv.handler
          FROM conversations cv JOIN customers c ON c.shop_id = cv.shop_id AND c.id = cv.customer_id
         WHERE cv.shop_id = current_shop() AND cv.id = ANY (%s)
        """,
        (list(conversation_ids),),
    )
    return {row["id"]: row for row in await cursor.fetchall()}
