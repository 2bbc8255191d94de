"""The proof after a run: nothing oversold, nothing lost, nothing doubled, every account balanced."""

from dataclasses import asdict, dataclass
from typing import Any

from griot.core.db.pool import Tx

# Each statement returns the rows that should not exist; the name says what is wrong with them.
IMBALANCES = {
    "stock: on hand + held + sold differs from received": """
        SELECT variant_id FROM stock_levels WHERE shop_id = current_shop() AND on_hand + held + sold <> received""",
    "stock: held differs from the holds": """
        SELECT s.variant_id FROM stock_levels s WHERE s.shop_id = current_shop() AND s.held <> (
            SELECT coalesce(sum(h.quantity), 0) FROM holds h
             WHERE h.shop_id = s.shop_id AND h.variant_id = s.variant_id AND h.status = 'held')""",
    "stock: sold differs from the sold holds": """
        SELECT s.variant_id FROM stock_levels s WHERE s.shop_id = current_shop() AND s.sold <> (
            SELECT coalesce(sum(h.quantity), 0) FROM holds h
             WHERE h.shop_id = s.shop_id AND h.variant_id = s.variant_id AND h.status = 'sold')""",
    "orders: stock held under an order that is over": """
        SELECT o.id FROM orders o JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id
         WHERE o.shop_id = current_shop() AND h.status = 'held' AND o.status NOT IN ('reserved', 'awaiting_payment')""",
    "orders: paid without its articles": """
        SELECT o.id FROM orders o WHERE o.shop_id = current_shop() AND o.status = 'paid' AND o.total_minor <> (
            SELECT coalesce(sum(h.quantity * h.unit_minor), 0) FROM holds h
             WHERE h.shop_id = o.shop_id AND h.order_id = o.id AND h.status = 'sold')""",
    "money: received differs from orders paid plus refunds staged": """
        SELECT 1 WHERE (SELECT coalesce(sum(received_minor), 0) FROM payments
                         WHERE shop_id = current_shop() AND status = 'succeeded')
                    <> (SELECT coalesce(sum(total_minor), 0) FROM orders
                         WHERE shop_id = current_shop() AND status = 'paid')
                     + (SELECT coalesce(sum(amount_minor), 0) FROM refunds
                         WHERE shop_id = current_shop() AND reason <> 'requested')""",
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
               (SELECT count(*) FROM messages WHERE shop_id = current_shop()) AS messages,
               (SELECT count(*) FROM stock_levels WHERE shop_id = current_shop()
                   AND (on_hand < 0 OR held + sold > received)) AS oversold,
               (SELECT count(*) FROM messages WHERE shop_id = current_shop() AND turn_id IS NULL) AS unanswered,
               (SELECT count(*) FROM outbox WHERE shop_id = current_shop()
                   AND status IN ('queued', 'sending', 'unknown')) AS unsent,
               (SELECT count(*) FROM outbox WHERE shop_id = current_shop() AND status = 'failed') AS failed_sends,
               (SELECT count(*) FROM refunds WHERE shop_id = current_shop()) AS refunds,
               (SELECT coalesce(sum(total_minor), 0)::bigint FROM orders WHERE shop_id = current_shop()
                   AND status = 'paid') AS turnover_minor
        """
    )
    row = await cursor.fetchone()
    assert row is not None
    return Books(**row)


async def imbalances(tx: Tx) -> list[str]:
    """What does not add up, in words; empty when the books are balanced."""
    wrong = []
    for what, statement in IMBALANCES.items():
        cursor = await tx.execute(statement.encode())
        if await cursor.fetchall():
            wrong.append(what)
    return wrong
