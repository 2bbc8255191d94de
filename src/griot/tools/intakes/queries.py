"""Every statement of intakes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx
from griot.tools.intakes.models import Intake


def _intake(row: dict[str, Any]) -> Intake:
    return Intake(
        id=row["id"],
        conversation_id=row["conversation_id"],
        customer_id=row["customer_id"],
        order_id=row["order_id"],
        kind=row["kind"],
        fields=row["fields"],
        created_at=row["created_at"],
    )


async def insert(
    tx: Tx,
    conversation_id: int,
    customer_id: int,
    order_id: int | None,
    kind: str,
    fields: Mapping[str, str],
    now: datetime,
) -> Intake:
    """Keep a form as it was given; earlier ones stay."""
    cursor = await tx.execute(
        "INSERT INTO intakes (shop_id, conversation_id, customer_id, order_id, kind, fields, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s, %s, %s) RETURNING *",
        (conversation_id, customer_id, order_id, kind, orjson.dumps(fields).decode(), now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return _intake(row)


async def last_address(tx: Tx, customer_id: int) -> Intake | None:
    """Where the customer had things delivered to last."""
    cursor = await tx.execute(
        "SELECT * FROM intakes WHERE shop_id = current_shop() AND customer_id = ANY (records_of(%s))"
        " AND kind = 'address' ORDER BY id DESC LIMIT 1",
        (customer_id,),
    )
    row = await cursor.fetchone()
    return _intake(row) if row else None


async def of_order(tx: Tx, customer_id: int, order_id: int) -> list[Intake]:
    """The last form of each kind about an order; found by its customer, who has few."""
    cursor = await tx.execute(
        "SELECT DISTINCT ON (kind) * FROM intakes"
        " WHERE shop_id = current_shop() AND customer_id = ANY (records_of(%s)) AND order_id = %s"
        " ORDER BY kind, id DESC",
        (customer_id, order_id),
    )
    return [_intake(row) for row in await cursor.fetchall()]


async def addresses_of(tx: Tx, order_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Where orders are to be delivered, by order; those of which nothing was said are absent."""
    cursor = await tx.execute(
        """
        SELECT DISTINCT ON (i.order_id) i.order_id, i.fields
          FROM orders o JOIN intakes i ON i.shop_id = o.shop_id AND i.customer_id = o.customer_id AND i.order_id = o.id
         WHERE o.shop_id = current_shop() AND o.id = ANY (%s) AND i.kind = 'address'
         ORDER BY i.order_id, i.id DESC
        """,
        (list(order_ids),),
    )
    return {row["order_id"]: row["fields"] for row in await cursor.fetchall()}
