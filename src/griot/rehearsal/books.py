"""The proof after a run: nothing oversold, nothing lost, nothing doubled, every account balanced."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

from griot.core.db.pool import Tx

# Each statement finds rows that must not be, with enough said to see why.
STOCK: dict[str, LiteralString] = {
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
    "an order's total is not the sum of its lines less its discount": """
        SELECT o.id, o.status, o.total_minor, o.discount_minor, l.total FROM orders o CROSS JOIN LATERAL (
               SELECT coalesce(sum(h.quantity * h.unit_minor), 0) AS total
                 FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id) AS l
         WHERE o.shop_id = current_shop() AND o.total_minor <> l.total - o.discount_minor
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

MOVEMENTS: dict[str, LiteralString] = {
    "the movements do not explain what was received": """
        SELECT s.variant_id, s.received, m.pieces FROM stock_levels s CROSS JOIN LATERAL (
               SELECT coalesce(sum(m.pieces), 0) AS pieces FROM stock_movements m
                WHERE m.shop_id = s.shop_id AND m.variant_id = s.variant_id) AS m
         WHERE s.shop_id = current_shop() AND s.received <> m.pieces
    """,
}
MONEY: dict[str, LiteralString] = {
    "money received is not what the paid orders and the refunds staged add up to": """
        SELECT received.minor, paid.minor AS paid, refunds.minor AS refunds
          FROM (SELECT coalesce(sum(received_minor), 0) AS minor FROM payments
                 WHERE shop_id = current_shop() AND status = 'succeeded') AS received,
               (SELECT coalesce(sum(coalesce(paid_minor, total_minor)), 0) AS minor FROM orders
                 WHERE shop_id = current_shop() AND status = 'paid') AS paid,
               (SELECT coalesce(sum(amount_minor), 0) AS minor FROM refunds
                 WHERE shop_id = current_shop() AND reason <> 'requested') AS refunds
         WHERE received.minor <> paid.minor + refunds.minor
    """,
}


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says of a shop when everything has come to rest."""

    holds: int
    paid: int
    expired: int
    cancelled: int
    waitlist_served: int
    late_payments: int
    double_payments: int
    messages: int
    oversold: int
    unanswered: int
    unsent: int
    failed_sends: int
    refunds: int
    quotes: int
    escalations: int
    voice_notes: int
    turnover_minor: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def read_books(tx: Tx) -> Books:
    """Count everything in one statement."""
    cursor = await tx.execute(
        """
        SELECT (SELECT count(*) FROM holds WHERE shop_id = current_shop()) AS holds,
               (SELECT count(*) FROM orders WHERE shop_id = current_shop() AND status = 'paid') AS paid,
               (SELECT count(*) FROM events WHERE shop_id = current_shop() AND kind = 'order.expired') AS expired,
               (SELECT count(*) FROM orders WHERE shop_id = current_shop() AND status = 'cancelled') AS cancelled,
               (SELECT count(*) FROM waitlist WHERE shop_id = current_shop() AND status = 'served') AS waitlist_served,
               (SELECT count(*) FROM payments WHERE shop_id = current_shop()
                   AND outcome IN ('late_settled', 'late_refund')) AS late_payments,
               (SELECT count(*) FROM payments WHERE shop_id = current_shop()
                   AND outcome = 'duplicate_refund') AS double_payments,
               (SELECT count(*) FROM messages WHERE shop_id = current_shop() AND kind <> 'echo') AS messages,
               (SELECT count(*) FROM stock_levels WHERE shop_id = current_shop()
                   AND (on_hand < 0 OR held + sold > received)) AS oversold,
               (SELECT count(*) FROM messages WHERE shop_id = current_shop() AND turn_id IS NULL) AS unanswered,
               (SELECT count(*) FROM outbox WHERE shop_id = current_shop()
                   AND status IN ('queued', 'sending', 'unknown')) AS unsent,
               (SELECT count(*) FROM outbox WHERE shop_id = current_shop() AND status = 'failed') AS failed_sends,
               (SELECT count(*) FROM refunds WHERE shop_id = current_shop()) AS refunds,
               (SELECT count(*) FROM quotes WHERE shop_id = current_shop()) AS quotes,
               (SELECT count(*) FROM escalations WHERE shop_id = current_shop()) AS escalations,
               (SELECT count(*) FROM hearings WHERE shop_id = current_shop() AND status = 'heard') AS voice_notes,
               (SELECT coalesce(sum(total_minor), 0)::bigint FROM orders WHERE shop_id = current_shop()
                   AND status = 'paid') AS turnover_minor
        """
    )
    row = await cursor.fetchone()
    assert row is not None
    return Books(**row)


async def imbalances(tx: Tx, checks: Mapping[str, LiteralString] = STOCK | MOVEMENTS | MONEY) -> list[str]:
    """What does not add up, in words with the rows that show it; empty when the books are balanced."""
    wrong = []
    for what, statement in checks.items():
        cursor = await tx.execute(statement)
        if rows := await cursor.fetchall():
            wrong.append(f"{what}: {rows[:5]}")
    return wrong
