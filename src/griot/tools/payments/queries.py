"""Every statement of payments, notices and refunds."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.payments.models import Payment

_COLUMNS = (
    "id, order_id, provider, means, reference, provider_id, checkout_url, amount_minor, currency, status, outcome,"
    " received_minor, received_currency, checks, created_at, succeeded_at"
)


def _payment(row: dict[str, Any]) -> Payment:
    row["amount"] = Money(row.pop("amount_minor"), row.pop("currency"))
    minor, currency = row.pop("received_minor"), row.pop("received_currency")
    row["received"] = Money(minor, currency) if currency else None
    return Payment(**row)


async def credentials(tx: Tx, provider: str) -> bytes | None:
    """The shop's credentials at a provider, encrypted; none when it uses the installation's."""
    cursor = await tx.execute(
        "SELECT credentials FROM provider_accounts WHERE shop_id = current_shop() AND provider = %s", (provider,)
    )
    row = await cursor.fetchone()
    return bytes(row["credentials"]) if row else None


async def language_of(tx: Tx, conversation_id: int) -> str | None:
    """The language a thread is held in, else the buyer's."""
    cursor = await tx.execute(
        """
        SELECT coalesce(v.language, c.language) AS language
          FROM conversations v JOIN customers c ON c.shop_id = v.shop_id AND c.id = v.customer_id
         WHERE v.shop_id = current_shop() AND v.id = %s
        """,
        (conversation_id,),
    )
    row = await cursor.fetchone()
    return row["language"] if row else None


async def of_order(tx: Tx, order_id: int) -> list[Payment]:
    """Every attempt to pay an order, oldest first."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM payments WHERE shop_id = current_shop() AND order_id = %s ORDER BY id",  # noqa: S608
        (order_id,),
    )
    return [_payment(row) for row in await cursor.fetchall()]


async def by_reference(tx: Tx, reference: str) -> Payment | None:
    """The payment that we gave this reference to."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM payments WHERE shop_id = current_shop() AND reference = %s",  # noqa: S608
        (reference,),
    )
    row = await cursor.fetchone()
    return _payment(row) if row else None


async def lock(tx: Tx, payment_id: int) -> Payment:
    """A payment, held until the transaction ends; its order is locked first."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM payments WHERE shop_id = current_shop() AND id = %s FOR UPDATE",  # noqa: S608
        (payment_id,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return _payment(row)


async def insert(
    tx: Tx, *, order_id: int, provider: str, means: str, reference: str, amount: Money, check_at: datetime, now: datetime
) -> Payment:
    """A new attempt, written down before the provider hears of it."""
    cursor = await tx.execute(
        f"""
        INSERT INTO payments (shop_id, order_id, provider, means, reference, amount_minor, currency, next_check_at,
                              created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING {_COLUMNS}
        """,  # noqa: S608
        (order_id, provider, means, reference, amount.minor, amount.currency, check_at, now),
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
    """An open payment has failed or expired. Should money come all the same, it is settled then."""
    await tx.execute(
        "UPDATE payments SET status = %s, next_check_at = NULL"
        " WHERE shop_id = current_shop() AND id = %s AND status IN ('created', 'pending')",
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
        f"""
        WITH due AS (
            SELECT id AS due_id FROM payments WHERE shop_id = current_shop() AND next_check_at <= %(now)s
             ORDER BY next_check_at LIMIT %(limit)s
               FOR UPDATE SKIP LOCKED
        )
        UPDATE payments SET checks = checks + 1,
                            next_check_at = %(now)s + least(%(first)s * power(2, least(checks + 1, 20)), %(longest)s)
          FROM due WHERE shop_id = current_shop() AND id = due_id
        RETURNING {_COLUMNS}
        """,  # noqa: S608
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


async def store_notice(
    tx: Tx, provider: str, notice_id: str, payment_id: int, body: Any, now: datetime
) -> bool:
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
