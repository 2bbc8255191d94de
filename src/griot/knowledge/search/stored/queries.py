"""Every statement about stored vectors."""

from collections.abc import Sequence
from typing import Any

from griot.core.db.pool import Tx


async def unembedded(tx: Tx, model: str, most: int) -> list[dict[str, Any]]:
    """Products on sale whose title has no vector of the model."""
    cursor = await tx.execute(
        """
        SELECT p.id, p.title
          FROM products p
          LEFT JOIN product_vectors v ON v.shop_id = p.shop_id AND v.product_id = p.id AND v.model = %s
                                     AND v.title_sha256 = sha256(convert_to(p.title, 'UTF8'))
         WHERE p.shop_id = current_shop() AND p.active AND v.product_id IS NULL
         ORDER BY p.id LIMIT %s
        """,
        (model, most),
    )
    return await cursor.fetchall()


async def store(tx: Tx, model: str, ids: Sequence[int], titles: Sequence[str], vectors: Sequence[bytes]) -> None:
    """Vectors of titles; one of another title of the same product is replaced."""
    await tx.execute(
        """
        INSERT INTO product_vectors (shop_id, product_id, model, title_sha256, vector)
        SELECT current_shop(), id, %s, sha256(convert_to(title, 'UTF8')), vector
          FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) AS x(id, title, vector)
        ON CONFLICT (shop_id, product_id, model)
        DO UPDATE SET title_sha256 = excluded.title_sha256, vector = excluded.vector
        """,
        (model, list(ids), list(titles), list(vectors)),
    )


async def forget_others(tx: Tx, model: str) -> None:
    """Drop what other models made of the shop's titles."""
    await tx.execute("DELETE FROM product_vectors WHERE shop_id = current_shop() AND model <> %s", (model,))


async def stored(tx: Tx, model: str) -> list[dict[str, Any]]:
    """Titles on sale and their vectors."""
    cursor = await tx.execute(
        """
        SELECT p.title, v.vector
          FROM products p
          JOIN product_vectors v ON v.shop_id = p.shop_id AND v.product_id = p.id AND v.model = %s
                                AND v.title_sha256 = sha256(convert_to(p.title, 'UTF8'))
         WHERE p.shop_id = current_shop() AND p.active
        """,
        (model,),
        binary=True,
    )
    return await cursor.fetchall()
