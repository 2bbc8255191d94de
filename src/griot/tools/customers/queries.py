"""Every statement about customers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.tools.customers.models import Customer, Standing


async def load(tx: Tx, customer_ids: Iterable[int]) -> dict[int, Customer]:
    """Customers by id; unknown ids are absent. What all records of a person show counts.

    Most people have one record, and are read from it; only for the others are their records added up.
    """
    cursor = await tx.execute(
        """
        SELECT c.id, c.phone, s.currency, c.name, c.language, c.opted_out, c.preferred_means, c.prefers_voice, c.badges,
               c.paid_orders, c.expired_holds, c.spent_minor, c.payment_seconds,
               ARRAY(SELECT m.id FROM customers m WHERE m.shop_id = c.shop_id AND m.person_id = c.person_id
                      ORDER BY m.id) AS records
          FROM customers c JOIN shops s ON s.shop_id = c.shop_id
         WHERE c.shop_id = current_shop() AND c.id = ANY (%s)
        """,
        (list(customer_ids),),
    )
    rows = {row["id"]: row for row in await cursor.fetchall()}
    linked = [customer_id for customer_id, row in rows.items() if len(row["records"]) > 1]
    if linked:
        cursor = await tx.execute(
            "SELECT asked.id, whole.* FROM unnest(%s::bigint[]) AS asked (id)"
            " CROSS JOIN LATERAL person_of(asked.id) AS whole",
            (linked,),
        )
        for whole in await cursor.fetchall():
            rows[whole["id"]] |= whole
    return {customer_id: _customer(row) for customer_id, row in rows.items()}


async def page(tx: Tx, limit: int, before: int | None) -> list[Customer]:
    """The shop's customers, the newest first, from before a number on."""
    cursor = await tx.execute(
        "SELECT id FROM customers WHERE shop_id = current_shop() AND (%(before)s::bigint IS NULL OR id < %(before)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    ids = [row["id"] for row in await cursor.fetchall()]
    found = await load(tx, ids)
    return [found[customer_id] for customer_id in ids]


def _customer(row: dict[str, Any]) -> Customer:
    return Customer(
        id=row["id"],
        name=row["name"],
        phone=row["phone"],
        language=row["language"],
        standing=standing(row),
        opted_out=row["opted_out"],
        preferred_means=row["preferred_means"],
        badges=tuple(row["badges"]),
        prefers_voice=row["prefers_voice"],
        records=tuple(row["records"]),
    )


def standing(row: dict[str, Any]) -> Standing:
    """The counts of a row of customers, with the shop's currency."""
    return Standing(
        row["paid_orders"], row["expired_holds"], row["spent_minor"], row["payment_seconds"], row["currency"]
    )


async def add_paid(tx: Tx, customer_id: int, amount_minor: int, seconds: int, means: str | None, now: datetime) -> bool:
    """Count one paid order; false when there is no such customer."""
    cursor = await tx.execute(
        """
        UPDATE customers SET
            paid_orders = paid_orders + 1, spent_minor = spent_minor + %(amount)s,
            payment_seconds = payment_seconds + %(seconds)s,
            preferred_means = coalesce(%(means)s, preferred_means), first_paid_at = coalesce(first_paid_at, %(now)s),
            last_paid_at = greatest(last_paid_at, %(now)s)
         WHERE shop_id = current_shop() AND id = %(id)s
        RETURNING id
        """,
        {"id": customer_id, "amount": amount_minor, "seconds": seconds, "means": means, "now": now},
    )
    return await cursor.fetchone() is not None


async def add_spent(tx: Tx, customer_id: int, amount_minor: int) -> None:
    """Count money that came for an order which is counted already: what was left to pay on the spot."""
    await tx.execute(
        "UPDATE customers SET spent_minor = spent_minor + %s WHERE shop_id = current_shop() AND id = %s",
        (amount_minor, customer_id),
    )


async def add_badges(tx: Tx, customer_id: int, badges: Sequence[str]) -> list[str]:
    """Give badges, each once in a lifetime; returns those that are new."""
    cursor = await tx.execute(
        """
        WITH fresh AS (
            SELECT id, ARRAY(SELECT b FROM unnest(%(badges)s::text[]) WITH ORDINALITY AS x(b, n)
                              WHERE b <> ALL (badges) ORDER BY n) AS added
              FROM customers WHERE shop_id = current_shop() AND id = %(id)s
               FOR NO KEY UPDATE
        )
        UPDATE customers c SET badges = c.badges || fresh.added FROM fresh
         WHERE c.shop_id = current_shop() AND c.id = fresh.id
        RETURNING fresh.added
        """,
        {"id": customer_id, "badges": list(badges)},
    )
    row = await cursor.fetchone()
    return list(row["added"]) if row else []


async def prefer_voice(tx: Tx, conversation_id: int, prefers: bool | None) -> bool:
    """Note how the buyer of a thread wants to be answered; false when there is no such thread."""
    cursor = await tx.execute(
        """
        UPDATE customers p SET prefers_voice = %s FROM conversations c
         WHERE p.shop_id = current_shop() AND c.shop_id = p.shop_id AND c.id = %s AND p.id = c.customer_id
        RETURNING p.id
        """,
        (prefers, conversation_id),
    )
    return await cursor.fetchone() is not None


async def add_expired(tx: Tx, customer_ids: Sequence[int]) -> None:
    """Count one expired hold for each mention of a customer; rows are locked by id, whatever the order given."""
    await tx.execute(
        """
        WITH counted AS (
            SELECT id, count(*) AS times FROM unnest(%s::bigint[]) AS id GROUP BY id
        ), locked AS (
            SELECT c.id, counted.times FROM customers c JOIN counted ON counted.id = c.id
             WHERE c.shop_id = current_shop() ORDER BY c.id FOR NO KEY UPDATE OF c
        )
        UPDATE customers c SET expired_holds = c.expired_holds + locked.times FROM locked
         WHERE c.shop_id = current_shop() AND c.id = locked.id
        """,
        (list(customer_ids),),
    )
