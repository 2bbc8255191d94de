"""Every statement about orders; their lines are read along, the stock behind them is reservation's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.orders.models import Line, Order

_ORDER: LiteralString = """
    SELECT o.id, o.reference, o.customer_id, o.conversation_id, o.live_id, o.status, o.means, o.total_minor, o.currency,
           o.expires_at, o.extended, o.created_at, o.paid_at, l.lines
      FROM orders o
     CROSS JOIN LATERAL (
           SELECT coalesce(json_agg(json_build_object(
                      'hold_id', h.id, 'variant_id', h.variant_id, 'product_id', p.id, 'code', p.code,
                      'title', p.title, 'options', v.options, 'quantity', h.quantity, 'unit_minor', h.unit_minor,
                      'status', h.status) ORDER BY h.id), '[]') AS lines
             FROM holds h
             JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
             JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
            WHERE h.shop_id = o.shop_id AND h.order_id = o.id) AS l
"""


async def load(tx: Tx, order_id: int) -> Order | None:
    """One order."""
    return (await load_many(tx, [order_id])).get(order_id)


async def load_many(tx: Tx, order_ids: Iterable[int]) -> dict[int, Order]:
    """Orders by id, in the order of their ids; unknown ids are absent."""
    cursor = await tx.execute(
        _ORDER + " WHERE o.shop_id = current_shop() AND o.id = ANY (%s) ORDER BY o.id", (list(order_ids),)
    )
    return {row["id"]: _order(row) for row in await cursor.fetchall()}


async def lock(tx: Tx, order_ids: Iterable[int]) -> list[Order]:
    """Hold orders for this transaction, by id, then read them: what they were before the wait does not count."""
    ids = list(order_ids)
    await tx.execute(
        "SELECT FROM orders WHERE shop_id = current_shop() AND id = ANY (%s) ORDER BY id FOR NO KEY UPDATE", (ids,)
    )
    return list((await load_many(tx, ids)).values())


async def open_orders(tx: Tx, conversation_ids: Sequence[int]) -> dict[int, list[Order]]:
    """Reserved and awaiting payment, newest first, for many conversations at once; overdue ones are among them."""
    cursor = await tx.execute(
        _ORDER
        + """
         WHERE o.shop_id = current_shop() AND o.conversation_id = ANY (%s)
           AND o.status IN ('reserved', 'awaiting_payment')
         ORDER BY o.id DESC
        """,
        (list(conversation_ids),),
    )
    found: dict[int, list[Order]] = {conversation_id: [] for conversation_id in conversation_ids}
    for row in await cursor.fetchall():
        found[row["conversation_id"]].append(_order(row))
    return found


async def purchases(tx: Tx, customer_id: int, limit: int = 10) -> list[Order]:
    """What a customer has paid for, newest first."""
    cursor = await tx.execute(
        _ORDER
        + """
         WHERE o.shop_id = current_shop() AND o.customer_id = %s AND o.status = 'paid'
         ORDER BY o.paid_at DESC, o.id DESC LIMIT %s
        """,
        (customer_id, limit),
    )
    return [_order(row) for row in await cursor.fetchall()]


async def set_awaiting(tx: Tx, order_id: int, means: str | None) -> None:
    """The basket is fixed and its payment asked for; without means, those chosen before stay."""
    await tx.execute(
        "UPDATE orders SET status = 'awaiting_payment', means = coalesce(%s, means)"
        " WHERE shop_id = current_shop() AND id = %s",
        (means, order_id),
    )


async def close(tx: Tx, order_ids: Sequence[int], status: str, now: datetime) -> None:
    """End orders without money: expired or cancelled. Nobody is reminded of an order that is over."""
    await tx.execute(
        "UPDATE orders SET status = %s, closed_at = %s, remind_at = NULL"
        " WHERE shop_id = current_shop() AND id = ANY (%s)",
        (status, now, list(order_ids)),
    )


async def set_paid(tx: Tx, order_id: int, means: str | None, paid_at: datetime) -> None:
    """End an order with money, by the means that it really came through."""
    await tx.execute(
        "UPDATE orders SET status = 'paid', means = coalesce(%s, means), paid_at = %s, closed_at = %s, remind_at = NULL"
        " WHERE shop_id = current_shop() AND id = %s",
        (means, paid_at, paid_at, order_id),
    )


async def reopen(tx: Tx, order_id: int) -> None:
    """A closed order whose stock was taken back for money that came late; it waits to be sold."""
    await tx.execute(
        "UPDATE orders SET status = 'awaiting_payment', closed_at = NULL WHERE shop_id = current_shop() AND id = %s",
        (order_id,),
    )


async def set_deadline(tx: Tx, order_id: int, expires_at: datetime) -> None:
    """Move the deadline of an order, once; a reminder still to come moves along."""
    await tx.execute(
        """
        UPDATE orders SET remind_at = remind_at + (%(expires_at)s - expires_at), expires_at = %(expires_at)s,
                          extended = true
         WHERE shop_id = current_shop() AND id = %(id)s
        """,
        {"id": order_id, "expires_at": expires_at},
    )


async def sum_up(tx: Tx, order_id: int) -> int:
    """Write the sum of an order's lines as its total, and return it."""
    cursor = await tx.execute(
        """
        UPDATE orders o SET total_minor = (SELECT coalesce(sum(h.quantity * h.unit_minor), 0) FROM holds h
                                            WHERE h.shop_id = o.shop_id AND h.order_id = o.id)
         WHERE o.shop_id = current_shop() AND o.id = %s
        RETURNING o.total_minor
        """,
        (order_id,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["total_minor"])


def _order(row: dict[str, Any]) -> Order:
    currency = row["currency"]
    return Order(
        id=row["id"],
        reference=row["reference"],
        customer_id=row["customer_id"],
        conversation_id=row["conversation_id"],
        live_id=row["live_id"],
        status=row["status"],
        means=row["means"],
        total=Money(row["total_minor"], currency),
        expires_at=row["expires_at"],
        extended=row["extended"],
        created_at=row["created_at"],
        paid_at=row["paid_at"],
        lines=tuple(_line(line, currency) for line in row["lines"]),
    )


def _line(row: dict[str, Any], currency: str) -> Line:
    return Line(unit=Money(row.pop("unit_minor"), currency), **row)
