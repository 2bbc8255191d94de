"""Every statement with which a person changes what a product is sold as."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from griot.core.db.pool import Tx


async def bump(tx: Tx) -> None:
    """Tell the processes that keep the catalogue in memory."""
    await tx.execute("UPDATE shops SET catalogue_version = catalogue_version + 1 WHERE shop_id = current_shop()")


async def drop_price_breaks(tx: Tx, product_id: int) -> None:
    """A product without quantity prices."""
    await tx.execute("DELETE FROM price_breaks WHERE shop_id = current_shop() AND product_id = %s", (product_id,))


async def variant(tx: Tx, variant_id: int) -> dict[str, Any] | None:
    """A variant, sold or not, with its product's code and currency; held until the transaction ends."""
    cursor = await tx.execute(
        """
        SELECT v.id, v.product_id, v.options, v.active, p.code, p.currency
          FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         WHERE v.shop_id = current_shop() AND v.id = %s FOR UPDATE OF v
        """,
        (variant_id,),
    )
    return await cursor.fetchone()


async def variants(tx: Tx, product_id: int) -> list[dict[str, Any]]:
    """Every variant of a product, sold or not, with its book."""
    cursor = await tx.execute(
        """
        SELECT v.id, v.options, v.price_minor, v.active, s.on_hand, s.held, s.sold, s.received
          FROM variants v JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
         WHERE v.shop_id = current_shop() AND v.product_id = %s ORDER BY v.active DESC, v.id
        """,
        (product_id,),
    )
    return await cursor.fetchall()


async def same_variant(tx: Tx, product_id: int, options: Mapping[str, str]) -> dict[str, Any] | None:
    """The variant of a product with these options, sold or not."""
    cursor = await tx.execute(
        "SELECT id, active FROM variants WHERE shop_id = current_shop() AND product_id = %s AND options = %s::jsonb",
        (product_id, orjson.dumps(options).decode()),
    )
    return await cursor.fetchone()


async def set_active(tx: Tx, variant_ids: Sequence[int], active: bool) -> None:
    """Sell variants, or sell them no more."""
    await tx.execute(
        "UPDATE variants SET active = %s WHERE shop_id = current_shop() AND id = ANY (%s)", (active, list(variant_ids))
    )


async def has_another(tx: Tx, product_id: int, variant_id: int) -> bool:
    """Whether the product is sold in another variant, too."""
    cursor = await tx.execute(
        "SELECT FROM variants WHERE shop_id = current_shop() AND product_id = %s AND id <> %s AND active LIMIT 1",
        (product_id, variant_id),
    )
    return await cursor.fetchone() is not None
