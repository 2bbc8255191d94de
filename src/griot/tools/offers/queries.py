"""Every statement of promotions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.offers.models import Promotion


def _promotion(row: dict[str, Any]) -> Promotion:
    return Promotion(
        id=row["id"],
        code=row["code"],
        kind=row["kind"],
        worth=row["worth"],
        least=Money(row["least_minor"], row["currency"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        max_uses=row["max_uses"],
        uses=row["uses"],
    )


async def insert(
    tx: Tx,
    *,
    code: str,
    kind: str,
    worth: int,
    least: Money,
    starts_at: datetime,
    ends_at: datetime,
    max_uses: int | None,
    now: datetime,
) -> int | None:
    """A new promotion; none when the shop has its code already."""
    cursor = await tx.execute(
        """
        INSERT INTO promotions (shop_id, code, kind, worth, least_minor, starts_at, ends_at, max_uses, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (shop_id, code) DO NOTHING RETURNING id
        """,
        (code, kind, worth, least.minor, starts_at, ends_at, max_uses, now),
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def by_code(tx: Tx, code: str) -> Promotion | None:
    """The shop's promotion of this code, whether or not it counts now."""
    cursor = await tx.execute(
        """
        SELECT m.*, s.currency FROM promotions m JOIN shops s ON s.shop_id = m.shop_id
         WHERE m.shop_id = current_shop() AND m.code = %s
        """,
        (code,),
    )
    row = await cursor.fetchone()
    return _promotion(row) if row else None


async def use(tx: Tx, promotion_id: int) -> bool:
    """Count one more use; false when none is left. The count and its limit are one statement: nobody gets between."""
    cursor = await tx.execute(
        """
        UPDATE promotions SET uses = uses + 1
         WHERE shop_id = current_shop() AND id = %s AND (max_uses IS NULL OR uses < max_uses)
        RETURNING id
        """,
        (promotion_id,),
    )
    return await cursor.fetchone() is not None


async def give_back(tx: Tx, uses: Mapping[int, int]) -> None:
    """Uses of orders that ended without money; ``uses`` by promotion. Locked by id, so that nobody waits in a ring."""
    await tx.execute(
        """
        WITH given AS (
            SELECT m.id, x.uses FROM promotions m JOIN unnest(%s::bigint[], %s::int[]) AS x(id, uses) USING (id)
             WHERE m.shop_id = current_shop() ORDER BY m.id FOR NO KEY UPDATE OF m
        )
        UPDATE promotions m SET uses = greatest(m.uses - given.uses, 0)
          FROM given WHERE m.shop_id = current_shop() AND m.id = given.id
        """,
        (list(uses), list(uses.values())),
    )
