"""Every statement about the waiting list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from psycopg import sql

from griot.core.db.pool import Tx
from griot.tools.reservation.models import Waiting

# How many pieces a waiting buyer lacks: what is wanted less what the open basket holds.
_NEEDED = sql.SQL("""
    w.quantity - coalesce((SELECT h.quantity FROM orders o
                             JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id AND h.status = 'held'
                            WHERE o.shop_id = w.shop_id AND o.conversation_id = w.conversation_id
                              AND o.status = 'reserved' AND h.variant_id = w.variant_id), 0)
""")
_ON_SALE = sql.SQL("""
    EXISTS (SELECT FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
             WHERE v.shop_id = w.shop_id AND v.id = w.variant_id AND p.active AND v.active)
""")


async def join(
    tx: Tx, variant_id: int, customer_id: int, conversation_id: int, quantity: int, vip: bool, now: datetime
) -> tuple[int, bool]:
    """Stand in line, or change the quantity and keep the place; returns the entry's id and whether it is new."""
    cursor = await tx.execute(
        """
        INSERT INTO waitlist AS w (shop_id, variant_id, customer_id, conversation_id, quantity, vip, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s, %s)
        ON CONFLICT (shop_id, variant_id, customer_id) WHERE status = 'waiting'
            DO UPDATE SET quantity = EXCLUDED.quantity, conversation_id = EXCLUDED.conversation_id,
                          vip = w.vip OR EXCLUDED.vip
        RETURNING w.id, w.xmax = 0 AS fresh
        """,
        (variant_id, customer_id, conversation_id, quantity, vip, now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row["id"], row["fresh"]


async def leave(tx: Tx, variant_id: int, customer_id: int) -> bool:
    """Give the place up."""
    cursor = await tx.execute(
        "UPDATE waitlist SET status = 'left' WHERE shop_id = current_shop() AND variant_id = %s"
        " AND customer_id = ANY (records_of(%s)) AND status = 'waiting' RETURNING id",
        (variant_id, customer_id),
    )
    return await cursor.fetchone() is not None


async def place(tx: Tx, waiting_id: int) -> int:
    """The place in line, 1 being next; 0 when the entry waits no longer."""
    cursor = await tx.execute(
        """
        SELECT count(ahead.id) AS place
          FROM waitlist mine JOIN waitlist ahead
            ON ahead.shop_id = mine.shop_id AND ahead.variant_id = mine.variant_id AND ahead.status = 'waiting'
           AND (ahead.vip > mine.vip OR (ahead.vip = mine.vip AND ahead.id <= mine.id))
         WHERE mine.shop_id = current_shop() AND mine.id = %s AND mine.status = 'waiting'
        """,
        (waiting_id,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["place"])


async def servable_variants(tx: Tx) -> list[int]:
    """Variants with enough stock for somebody who waits: new deliveries, and those who could not be reached before."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT DISTINCT w.variant_id FROM waitlist w
          JOIN stock_levels s ON s.shop_id = w.shop_id AND s.variant_id = w.variant_id AND s.on_hand > 0
         WHERE w.shop_id = current_shop() AND w.status = 'waiting' AND s.on_hand >= {needed} AND {on_sale}
        """).format(needed=_NEEDED, on_sale=_ON_SALE)
    )
    return [row["variant_id"] for row in await cursor.fetchall()]


async def next_in_line(tx: Tx, free: Mapping[int, int], limit: int = 100) -> list[Waiting]:
    """Who may be served from the free pieces of each variant, alone: VIP first, then first come. Entries are held."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT w.id, w.variant_id, w.customer_id, w.conversation_id, w.quantity, {needed} AS needed
          FROM waitlist w JOIN unnest(%s::bigint[], %s::int[]) AS f(variant_id, pieces) USING (variant_id)
         WHERE w.shop_id = current_shop() AND w.status = 'waiting' AND f.pieces >= {needed} AND {on_sale}
         ORDER BY w.variant_id, w.vip DESC, w.id LIMIT %s
           FOR NO KEY UPDATE OF w SKIP LOCKED
        """).format(needed=_NEEDED, on_sale=_ON_SALE),
        (list(free), list(free.values()), limit),
    )
    return [Waiting(**row) for row in await cursor.fetchall()]


async def reach(tx: Tx, conversation_ids: Iterable[int], now: datetime) -> tuple[set[int], set[int]]:
    """Take the baskets of conversations that nobody is working on and that are not overdue, without waiting.

    Returns the conversations within reach, and the orders that are their baskets.
    """
    ids = list(conversation_ids)
    free = await tx.execute(
        "SELECT id FROM unnest(%s::bigint[]) AS id"
        " WHERE pg_try_advisory_xact_lock(hashtextextended('basket ' || current_shop() || ' ' || id, 0))",
        (ids,),
    )
    locked = await tx.execute(
        "SELECT id FROM orders WHERE shop_id = current_shop() AND status = 'reserved' AND conversation_id = ANY (%s)"
        " AND expires_at > %s ORDER BY id FOR UPDATE SKIP LOCKED",
        (ids, now),
    )
    drafts = await tx.execute(
        "SELECT id, conversation_id FROM orders"
        " WHERE shop_id = current_shop() AND status = 'reserved' AND conversation_id = ANY (%s)",
        (ids,),
    )
    reachable = {row["id"] for row in await free.fetchall()}
    held = {row["id"] for row in await locked.fetchall()}
    out_of_reach = {row["conversation_id"] for row in await drafts.fetchall() if row["id"] not in held}
    return reachable - out_of_reach, held


async def mark_served(tx: Tx, orders: Mapping[int, int], now: datetime) -> None:
    """Entries that got what they waited for, with the order that holds it."""
    await tx.execute(
        """
        UPDATE waitlist w SET status = 'served', order_id = x.order_id, served_at = %s
          FROM unnest(%s::bigint[], %s::bigint[]) AS x(id, order_id)
         WHERE w.shop_id = current_shop() AND w.id = x.id
        """,
        (now, list(orders), list(orders.values())),
    )


async def settle_own(tx: Tx, taken: Sequence[tuple[int, int, int]], now: datetime) -> None:
    """Buyers who waited for a variant and took it themselves wait no longer; ``taken``: variant, customer, order."""
    await tx.execute(
        """
        UPDATE waitlist w SET status = 'served', order_id = x.order_id, served_at = %s
          FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS x(variant_id, customer_id, order_id)
         CROSS JOIN LATERAL unnest(records_of(x.customer_id)) AS of_buyer
         WHERE w.shop_id = current_shop() AND w.status = 'waiting'
           AND w.variant_id = x.variant_id AND w.customer_id = of_buyer
        """,
        (now, *(list(column) for column in zip(*taken, strict=True))),
    )


async def running_live(tx: Tx) -> int | None:
    """The live that goes on now: what is served during it counts for it."""
    cursor = await tx.execute("SELECT id FROM lives WHERE shop_id = current_shop() AND ended_at IS NULL")
    row = await cursor.fetchone()
    return row["id"] if row else None
