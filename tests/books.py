"""The books of a shop, checked from outside: whatever happened, in whatever order, this is true afterwards."""

from typing import Any, LiteralString

from griot.core.db.pool import Tx

# Each statement finds rows that must not be, with enough said to see why.
_WRONG: dict[str, LiteralString] = {
    "pieces appeared or vanished": """
        SELECT variant_id, on_hand, held, sold, received FROM stock_levels
         WHERE shop_id = current_shop() AND on_hand + held + sold <> received
    """,
    "stock held or sold is not what the lines say": """
        SELECT s.variant_id, s.held, l.held AS lines_held, s.sold, l.sold AS lines_sold
          FROM stock_levels s CROSS JOIN LATERAL (
               SELECT coalesce(sum(h.quantity) FILTER (WHERE h.status = 'held'), 0) AS held,
                      coalesce(sum(h.quantity) FILTER (WHERE h.status = 'sold'), 0) AS sold
                 FROM holds h WHERE h.shop_id = s.shop_id AND h.variant_id = s.variant_id) AS l
         WHERE s.shop_id = current_shop() AND (s.held <> l.held OR s.sold <> l.sold)
    """,
    "an order's total is not the sum of its lines": """
        SELECT o.id, o.status, o.total_minor, l.total FROM orders o CROSS JOIN LATERAL (
               SELECT coalesce(sum(h.quantity * h.unit_minor), 0) AS total
                 FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id) AS l
         WHERE o.shop_id = current_shop() AND o.total_minor <> l.total
    """,
    "a line has not shared the fate of its order": """
        SELECT o.id, o.status, h.id AS hold_id, h.status AS hold_status
          FROM orders o JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
         WHERE o.shop_id = current_shop() AND h.status <> CASE o.status
               WHEN 'reserved' THEN 'held' WHEN 'awaiting_payment' THEN 'held' WHEN 'paid' THEN 'sold' ELSE o.status END
    """,
    "an order has no lines": """
        SELECT o.id, o.status FROM orders o
         WHERE o.shop_id = current_shop()
           AND NOT EXISTS (SELECT FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id)
    """,
    "a closed order has no date, or an open one has": """
        SELECT id, status, closed_at, paid_at FROM orders
         WHERE shop_id = current_shop()
           AND ((closed_at IS NULL) <> (status IN ('reserved', 'awaiting_payment'))
                OR (paid_at IS NULL) <> (status <> 'paid'))
    """,
}


async def assert_books_balanced(tx: Tx) -> None:
    """Stock, lines and orders of the transaction's shop agree with each other, to the piece and to the franc."""
    wrong: dict[str, list[dict[str, Any]]] = {}
    for what, statement in _WRONG.items():
        cursor = await tx.execute(statement)
        if rows := await cursor.fetchall():
            wrong[what] = rows[:5]
    assert not wrong, wrong
