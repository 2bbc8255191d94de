"""Every statement about orders; their lines are read along, the stock behind them is reservation's."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg import sql

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.orders.models import Line, Order

_ORDER: LiteralString = """
    SELECT o.id, o.reference, o.customer_id, o.conversation_id, o.live_id, o.status, o.means, o.total_minor, o.currency,
           o.expires_at, o.extended, o.created_at, o.paid_at, o.wanted_on, o.wanted_at, o.fulfilment, o.promotion_id,
           o.discount_minor, o.channel, o.confirmed_at, o.moved_at,
           CASE o.status WHEN 'paid' THEN coalesce(o.paid_minor, o.total_minor) END AS received_minor,
           l.lines
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


async def page(
    tx: Tx,
    limit: int,
    before: int | None,
    *,
    status: str | None = None,
    customer_id: int | None = None,
    live_id: int | None = None,
) -> list[Order]:
    """The shop's book, the latest order first, from before a number on; of one status, customer or live if named."""
    cursor = await tx.execute(
        sql.SQL(_ORDER)
        + sql.SQL("""
         WHERE o.shop_id = current_shop() AND o.id IN (
               SELECT b.id FROM orders b
                WHERE b.shop_id = current_shop() AND (%(before)s::bigint IS NULL OR b.id < %(before)s)
                  AND (%(status)s::text IS NULL OR b.status = %(status)s)
                  AND (%(customer)s::bigint IS NULL OR b.customer_id = ANY (records_of(%(customer)s)))
                  AND (%(live)s::bigint IS NULL OR b.live_id = %(live)s)
                ORDER BY b.id DESC LIMIT %(limit)s)
         ORDER BY o.id DESC
        """),
        {"limit": limit, "before": before, "status": status, "customer": customer_id, "live": live_id},
    )
    return [_order(row) for row in await cursor.fetchall()]


async def purchases(tx: Tx, customer_id: int, limit: int = 10) -> list[Order]:
    """What a customer has paid for, on any channel, newest first."""
    cursor = await tx.execute(
        _ORDER
        + """
         WHERE o.shop_id = current_shop() AND o.customer_id = ANY (records_of(%s)) AND o.status = 'paid'
         ORDER BY o.paid_at DESC, o.id DESC LIMIT %s
        """,
        (customer_id, limit),
    )
    return [_order(row) for row in await cursor.fetchall()]


async def past(tx: Tx, customer_ids: Sequence[int], limit: int) -> dict[int, tuple[Order, ...]]:
    """The last ``limit`` orders of each customer that are over, paid or not, newest first; for many at once."""
    cursor = await tx.execute(
        """
        SELECT buyer, last.id FROM unnest(%s::bigint[]) AS buyer CROSS JOIN LATERAL (
               SELECT c.id FROM orders c
                WHERE c.shop_id = current_shop() AND c.customer_id = ANY (records_of(buyer))
                  AND c.status IN ('paid', 'expired', 'cancelled')
                ORDER BY c.id DESC LIMIT %s) AS last
         ORDER BY last.id DESC
        """,
        (list(set(customer_ids)), limit),
    )
    last = [(row["buyer"], row["id"]) for row in await cursor.fetchall()]
    orders = await load_many(tx, {order_id for _, order_id in last})
    found: dict[int, tuple[Order, ...]] = dict.fromkeys(customer_ids, ())
    for buyer, order_id in last:
        found[buyer] += (orders[order_id],)
    return found


async def by_reference(tx: Tx, customer_id: int, reference: str) -> Order | None:
    """The customer's own order of this reference, however it is written: ``#lp 2026-0215-a3f2``."""
    cursor = await tx.execute(
        _ORDER
        + """
         WHERE o.shop_id = current_shop() AND o.customer_id = ANY (records_of(%s))
           AND regexp_replace(upper(o.reference), '[^A-Z0-9]', '', 'g') = %s
        """,
        (customer_id, _bare(reference)),
    )
    row = await cursor.fetchone()
    return _order(row) if row else None


async def id_of_reference(tx: Tx, reference: str) -> int | None:
    """Which order of the shop a vendor means; the reference is written as it is printed, ``#`` and case aside."""
    cursor = await tx.execute(
        "SELECT id FROM orders WHERE shop_id = current_shop() AND reference = %s",
        (reference.strip().lstrip("#").upper(),),
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def set_wanted(tx: Tx, order_id: int, on: date | None, at: str | None) -> None:
    """When the buyer wants it; what is not said stays."""
    await tx.execute(
        "UPDATE orders SET wanted_on = coalesce(%s, wanted_on), wanted_at = coalesce(%s, wanted_at)"
        " WHERE shop_id = current_shop() AND id = %s",
        (on, at, order_id),
    )


async def set_fulfilment(tx: Tx, order_id: int, step: str | None, now: datetime) -> None:
    """How far an order has come; none: nothing was done for it yet."""
    await tx.execute(
        "UPDATE orders SET fulfilment = %s, moved_at = %s WHERE shop_id = current_shop() AND id = %s",
        (step, now, order_id),
    )


async def set_confirmed(tx: Tx, order_id: int, deadline: datetime, now: datetime) -> None:
    """Taken on, to be paid at delivery: its payment is awaited until ``deadline``, and nobody is reminded."""
    await tx.execute(
        """
        UPDATE orders SET status = 'awaiting_payment', confirmed_at = %s, moved_at = %s, expires_at = %s,
                          remind_at = NULL
         WHERE shop_id = current_shop() AND id = %s
        """,
        (now, now, deadline, order_id),
    )


async def set_channel(tx: Tx, order_id: int, channel: str) -> None:
    """Where a person says that an order came from."""
    await tx.execute("UPDATE orders SET channel = %s WHERE shop_id = current_shop() AND id = %s", (channel, order_id))


async def set_received(tx: Tx, order_id: int, received: Money, now: datetime) -> None:
    """How much of a paid order has been received by now."""
    await tx.execute(
        "UPDATE orders SET paid_minor = %s, moved_at = %s WHERE shop_id = current_shop() AND id = %s",
        (received.minor, now, order_id),
    )


async def set_promotion(tx: Tx, order_id: int, promotion_id: int) -> None:
    """Put a promotion on an order; ``sum_up`` makes it count."""
    await tx.execute(
        "UPDATE orders SET promotion_id = %s WHERE shop_id = current_shop() AND id = %s", (promotion_id, order_id)
    )


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


async def set_paid(tx: Tx, order_id: int, means: str | None, received: Money, paid_at: datetime) -> None:
    """End an order with money, by the means that it really came through."""
    await tx.execute(
        """
        UPDATE orders SET status = 'paid', means = coalesce(%(means)s, means), paid_minor = %(received)s,
                          paid_at = %(at)s, closed_at = %(at)s, remind_at = NULL
         WHERE shop_id = current_shop() AND id = %(id)s
        """,
        {"means": means, "received": received.minor, "at": paid_at, "id": order_id},
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
    """Write an order's discount and total from its lines and promotion (sum_up, 0002), and return the total."""
    cursor = await tx.execute("SELECT sum_up(%s) AS total_minor", (order_id,))
    row = await cursor.fetchone()
    assert row is not None
    return int(row["total_minor"])


def _bare(reference: str) -> str:
    return "".join(letter for letter in reference.upper() if letter.isascii() and letter.isalnum())


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
        wanted_on=row["wanted_on"],
        wanted_at=row["wanted_at"],
        fulfilment=row["fulfilment"],
        promotion_id=row["promotion_id"],
        discount=Money(row["discount_minor"], currency) if row["discount_minor"] else None,
        received=None if row["received_minor"] is None else Money(row["received_minor"], currency),
        channel=row["channel"],
        confirmed_at=row["confirmed_at"],
        moved_at=row["moved_at"],
    )


def _line(row: dict[str, Any], currency: str) -> Line:
    return Line(unit=Money(row.pop("unit_minor"), currency), **row)
