"""Every statement of the page that a stream shows (0019)."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def open_page(tx: Tx) -> int | None:
    """The shop's page; none: it has none."""
    cursor = await tx.execute("SELECT id FROM overlays WHERE shop_id = current_shop() AND revoked_at IS NULL")
    row = await cursor.fetchone()
    return int(row["id"]) if row else None


async def make_page(tx: Tx, now: datetime) -> int:
    """A page for the shop, which has none."""
    cursor = await tx.execute(
        "INSERT INTO overlays (shop_id, created_at) VALUES (current_shop(), %s) RETURNING id", (now,)
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def close_page(tx: Tx, now: datetime) -> int | None:
    """Close the shop's page; none: it has none."""
    cursor = await tx.execute(
        "UPDATE overlays SET revoked_at = %s WHERE shop_id = current_shop() AND revoked_at IS NULL RETURNING id", (now,)
    )
    row = await cursor.fetchone()
    return int(row["id"]) if row else None


async def last_paid(tx: Tx, live_id: int) -> dict[str, Any] | None:
    """The order of a live that was paid last: its first article, and the buyer's name."""
    cursor = await tx.execute(
        """
        SELECT c.name, p.code FROM (
            SELECT * FROM orders WHERE shop_id = current_shop() AND live_id = %s AND status = 'paid'
             ORDER BY paid_at DESC, id DESC LIMIT 1) AS o
          JOIN customers c ON c.shop_id = o.shop_id AND c.id = o.customer_id
          JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
          JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         ORDER BY h.id LIMIT 1
        """,
        (live_id,),
    )
    return await cursor.fetchone()
