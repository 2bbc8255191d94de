"""Every statement about pieces that come in or go out by hand."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def lock_level(tx: Tx, variant_id: int) -> dict[str, Any] | None:
    """The book of a variant, held until the transaction ends."""
    cursor = await tx.execute(
        "SELECT on_hand, held, sold, received FROM stock_levels"
        " WHERE shop_id = current_shop() AND variant_id = %s FOR UPDATE",
        (variant_id,),
    )
    return await cursor.fetchone()


async def move(tx: Tx, variant_id: int, pieces: int, kind: str, note: str, now: datetime) -> dict[str, Any] | None:
    """Book pieces in (or out, when negative) and note the movement; none, when there are not so many free ones."""
    cursor = await tx.execute(
        """
        WITH moved AS (
            UPDATE stock_levels SET on_hand = on_hand + %(pieces)s, received = received + %(pieces)s
             WHERE shop_id = current_shop() AND variant_id = %(variant)s AND on_hand + %(pieces)s >= 0
            RETURNING variant_id, on_hand, received),
        noted AS (
            INSERT INTO stock_movements (shop_id, variant_id, kind, pieces, on_hand, note, at)
            SELECT current_shop(), variant_id, %(kind)s, %(pieces)s, on_hand, %(note)s, %(now)s FROM moved)
        SELECT on_hand, received FROM moved
        """,
        {"variant": variant_id, "pieces": pieces, "kind": kind, "note": note, "now": now},
    )
    return await cursor.fetchone()


async def movements(tx: Tx, product_id: int, limit: int, before: int | None) -> list[dict[str, Any]]:
    """The movements of a product's variants, the latest first."""
    cursor = await tx.execute(
        """
        SELECT m.id, m.variant_id, v.options, m.kind, m.pieces, m.on_hand, m.note, m.actor, m.at
          FROM variants v
          JOIN stock_movements m ON m.shop_id = v.shop_id AND m.variant_id = v.id
         WHERE v.shop_id = current_shop() AND v.product_id = %(product)s
           AND (%(before)s::bigint IS NULL OR m.id < %(before)s)
         ORDER BY m.id DESC LIMIT %(limit)s
        """,
        {"product": product_id, "before": before, "limit": limit},
    )
    return await cursor.fetchall()
