"""Every statement of payments, notices and refunds."""

from datetime import datetime, timedelta
from typing import Any, LiteralString

import orjson

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.payments.models import Payment, Refund

_REFUND: LiteralString = """
    SELECT r.id, r.payment_id, p.order_id, r.amount_minor, r.currency, r.reason, r.status, r.created_at
      FROM refunds r JOIN payments p ON p.shop_id = r.shop_id AND p.id = r.payment_id
     WHERE r.shop_id = current_shop()
"""
_SELECT = "SELECT * FROM payments WHERE shop_id = current_shop()"


def _payment(row: dict[str, Any]) -> Payment:
    received = row["received_currency"] and Money(row["received_minor"], row["received_currency"])
    return Payment(
        id=row["id"],
        order_id=row["order_id"],
        provider=row["provider"],
        means=row["means"],
        reference=row["reference"],
        provider_id=row["provider_id"],
        checkout_url=row["checkout_url"],
        amount=Money(row["amount_minor"], row["currency"]),
        order_total=Money(row["order_total_minor"] or row["amount_minor"], row["currency"]),
        status=row["status"],
        outcome=row["outcome"],
        received=received,
        checks=row["checks"],
        created_at=row["created_at"],
        succeeded_at=row["succeeded_at"],
    )


async def credentials(tx: Tx, provider: str) -> bytes | None:
    """The shop's credentials at a provider, encrypted; none when it uses the installation's."""
    cursor = await tx.execute(
        "SELECT credentials FROM provider_accounts WHERE shop_id = current_shop() AND provider = %s", (provider,)
    )
    row = await cursor.fetchone()
    return bytes(row["credentials"]) if row else None


async def of_order(tx: Tx, order_id: int) -> list[Payment]:
    """Every attempt to pay an order, oldest first."""
    cursor = await tx.execute(_SELECT + " AND order_id = %s ORDER BY id", (order_id,))
    return [_payment(row) for row in await cursor.fetchall()]


async def by_reference(tx: Tx, reference: str) -> Payment | None:
    """The payment that we gave this reference to."""
    cursor = await tx.execute(_SELECT + " AND reference = %s", (reference,))
    row = await cursor.fetchone()
    return _payment(row) if row else None


async def lock(tx: Tx, payment_id: int) -> Payment:
    """A payment, held until the transaction ends; its order is locked first."""
    cursor = await tx.execute(_SELECT + " AND id = %s FOR UPDATE", (payment_id,))
    row = await cursor.fetchone()
    assert row is not None
    return _payment(row)


async def insert(
    tx: Tx,
    *,
    order_id: int,
    provider: str,
    means: str,
    reference: str,
    amount: Money,
    order_total: Money,
    check_at: datetime | None,
    now: datetime,
) -> Payment:
    """A new attempt, written down before the provider hears of it."""
    cursor = await tx.execute(
        """
        INSERT INTO payments (shop_id, order_id, provider, means, reference, amount_minor, currency, order_total_minor,
                              next_check_at, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING *
        """,
        (order_id, provider, means, reference, amount.minor, amount.currency, order_total.minor, check_at, now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return _payment(row)


async def record_checkout(tx: Tx, payment_id: int, provider_id: str, url: str) -> None:
    """The provider has opened the checkout. A payment that was settled meanwhile stays as it is."""
    await tx.execute(
        """
        UPDATE payments SET provider_id = coalesce(provider_id, %s), checkout_url = %s,
                            status = CASE status WHEN 'created' THEN 'pending' ELSE status END
         WHERE shop_id = current_shop() AND id = %s
        """,
        (provider_id, url, payment_id),
    )


async def close(tx: Tx, payment_id: int, status: str) -> None:
    """A payment has failed or expired: nobody asks about it any more. Should money come all the same, it counts."""
    await tx.execute(
        """
        UPDATE payments SET status = CASE WHEN status IN ('created', 'pending') THEN %s ELSE status END,
                            next_check_at = NULL
         WHERE shop_id = current_shop() AND id = %s AND status <> 'succeeded'
        """,
        (status, payment_id),
    )


async def succeed(
    tx: Tx, payment_id: int, outcome: str, received: Money, provider_id: str, succeeded_at: datetime
) -> None:
    """Money has arrived: what came of it, and how much it was."""
    await tx.execute(
        """
        UPDATE payments SET status = 'succeeded', outcome = %s, received_minor = %s, received_currency = %s,
                            provider_id = coalesce(provider_id, %s), succeeded_at = %s, next_check_at = NULL
         WHERE shop_id = current_shop() AND id = %s
        """,
        (outcome, received.minor, received.currency, provider_id, succeeded_at, payment_id),
    )


async def check_at(tx: Tx, payment_id: int, when: datetime) -> None:
    """Have the provider asked about a payment no later than ``when``, unless the money has arrived."""
    await tx.execute(
        "UPDATE payments SET next_check_at = least(coalesce(next_check_at, %s), %s)"
        " WHERE shop_id = current_shop() AND id = %s AND status <> 'succeeded'",
        (when, when, payment_id),
    )


async def claim_due(tx: Tx, now: datetime, first: timedelta, longest: timedelta, limit: int) -> list[Payment]:
    """Payments whose provider is to be asked now. The next time is set at once, twice as far away each time.

    So a process that dies after this, or another that comes by, neither loses a payment nor asks twice.
    """
    cursor = await tx.execute(
        """
        WITH due AS (
            SELECT id AS due_id FROM payments WHERE shop_id = current_shop() AND next_check_at <= %(now)s
             ORDER BY next_check_at LIMIT %(limit)s
               FOR UPDATE SKIP LOCKED
        )
        UPDATE payments SET checks = checks + 1,
                            next_check_at = %(now)s + least(%(first)s * power(2, least(checks + 1, 20)), %(longest)s)
          FROM due WHERE shop_id = current_shop() AND id = due_id
        RETURNING payments.*
        """,
        {"now": now, "first": first, "longest": longest, "limit": limit},
    )
    return [_payment(row) for row in await cursor.fetchall()]


async def hurry(tx: Tx, order_id: int, now: datetime) -> None:
    """The buyer came back from the provider: ask now what was not asked yet."""
    await tx.execute(
        "UPDATE payments SET next_check_at = least(next_check_at, %s)"
        " WHERE shop_id = current_shop() AND order_id = %s AND status = 'pending' AND checks = 0",
        (now, order_id),
    )


async def store_notice(tx: Tx, provider: str, notice_id: str, payment_id: int, body: Any, now: datetime) -> bool:
    """Keep a notice as it came; False when it has come before."""
    cursor = await tx.execute(
        """
        INSERT INTO payment_notices (shop_id, provider, notice_id, payment_id, body, received_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING RETURNING payment_id
        """,
        (provider, notice_id, payment_id, orjson.dumps(body).decode(), now),
    )
    return await cursor.fetchone() is not None


async def stage_refund(tx: Tx, payment_id: int, amount: Money, reason: str, now: datetime) -> None:
    """Money to give back, once a person approves; each reason once per payment."""
    await tx.execute(
        """
        INSERT INTO refunds (shop_id, payment_id, amount_minor, currency, reason, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING
        """,
        (payment_id, amount.minor, amount.currency, reason, now),
    )


def _refund(row: dict[str, Any]) -> Refund:
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    return Refund(amount=amount, **row)


async def refunds(tx: Tx, limit: int, before: int | None, status: str | None) -> list[Refund]:
    """Refunds, the latest first, from before a number on; of one status if named."""
    cursor = await tx.execute(
        _REFUND
        + """
           AND (%(before)s::bigint IS NULL OR r.id < %(before)s) AND (%(status)s::text IS NULL OR r.status = %(status)s)
         ORDER BY r.id DESC LIMIT %(limit)s
        """,
        {"limit": limit, "before": before, "status": status},
    )
    return [_refund(row) for row in await cursor.fetchall()]


async def refunds_of_order(tx: Tx, order_id: int) -> list[Refund]:
    """Refunds of the payments of an order, oldest first."""
    cursor = await tx.execute(_REFUND + " AND p.order_id = %s ORDER BY r.id", (order_id,))
    return [_refund(row) for row in await cursor.fetchall()]


async def lock_refund(tx: Tx, refund_id: int) -> Refund | None:
    """A refund, held until the transaction ends."""
    cursor = await tx.execute(_REFUND + " AND r.id = %s FOR UPDATE OF r", (refund_id,))
    row = await cursor.fetchone()
    return _refund(row) if row else None


async def decide_refund(tx: Tx, refund_id: int, status: str) -> None:
    """What a person has decided."""
    await tx.execute("UPDATE refunds SET status = %s WHERE shop_id = current_shop() AND id = %s", (status, refund_id))


async def trial_events(tx: Tx, kinds: list[str], limit: int) -> list[dict[str, Any]]:
    """The latest events of test payments, in order."""
    cursor = await tx.execute(
        "SELECT kind, data, at FROM (SELECT id, kind, data, at FROM events"
        " WHERE shop_id = current_shop() AND kind = ANY (%s) ORDER BY id DESC LIMIT %s) AS last ORDER BY id",
        (kinds, limit),
    )
    return await cursor.fetchall()
