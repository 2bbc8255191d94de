"""Every statement of the list of products that people keep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg import sql

from griot.core.db.pool import Tx

# Pieces of variants that orders past their deadline still hold: free for whoever asks next.
_LATE = sql.SQL("""
    late AS MATERIALIZED (
        SELECT h.variant_id, sum(h.quantity)::int AS pieces
          FROM orders o JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id AND h.status = 'held'
         WHERE o.shop_id = current_shop() AND o.status IN ('reserved', 'awaiting_payment') AND o.expires_at <= %(now)s
         GROUP BY h.variant_id)
""")

# The stock of products over the variants that are sold.
_STOCK = sql.SQL("""
    SELECT v.product_id, count(*)::int AS variants, sum(s.on_hand + coalesce(l.pieces, 0))::int AS free,
           sum(s.held - coalesce(l.pieces, 0))::int AS held, sum(s.sold)::int AS sold
      FROM variants v
      JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
      LEFT JOIN late l ON l.variant_id = v.id
     WHERE v.shop_id = current_shop() AND v.active {of} GROUP BY v.product_id
""")

# Every word somewhere in it. The patterns are made once, not for every row.
_WORDS = sql.SQL("""
    p.folded LIKE ALL (ARRAY(SELECT '%%' || regexp_replace(fold_words(w), '([\\\\%%_])', '\\\\\\1', 'g') || '%%'
                               FROM unnest(%(words)s::text[]) AS w))
""")

_ONLY: dict[str, LiteralString] = {
    "": "p.active",
    "low": "p.active AND s.free BETWEEN 1 AND p.low_stock",
    "out": "p.active AND s.free <= 0",
    "hidden": "NOT p.active",
}


async def page(
    tx: Tx, words: Sequence[str], only: str, limit: int, after: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Products with the sum of their stock, the latest first, from below a number on.

    Where the stock decides, it is summed for all products at once; otherwise for those of the page only.
    """
    by_stock = only in ("low", "out")
    stock = _STOCK.format(of=sql.SQL("" if by_stock else "AND v.product_id = p.id"))
    cursor = await tx.execute(
        sql.SQL("""
        WITH {late} {stocks}
        SELECT p.id, p.code, p.title, p.category, p.price_minor, p.currency, p.image_url, p.low_stock, p.active,
               coalesce(s.variants, 0) AS variants, coalesce(s.free, 0) AS free, coalesce(s.held, 0) AS held,
               coalesce(s.sold, 0) AS sold, i.sha256 AS picture
          FROM products p
          {join}
          LEFT JOIN product_images i ON i.shop_id = p.shop_id AND i.product_id = p.id AND i.address = p.image_url
                                    AND i.content IS NOT NULL
         WHERE p.shop_id = current_shop() AND (%(after)s::bigint IS NULL OR p.id < %(after)s) AND {only} AND {words}
         ORDER BY p.id DESC LIMIT %(limit)s
        """).format(
            late=_LATE,
            stocks=sql.SQL(", stock AS MATERIALIZED ({})").format(stock) if by_stock else sql.SQL(""),
            join=sql.SQL("JOIN stock s ON s.product_id = p.id")
            if by_stock
            else sql.SQL("LEFT JOIN LATERAL ({}) AS s ON true").format(stock),
            only=sql.SQL(_ONLY[only]),
            words=_WORDS,
        ),
        {"words": list(words), "after": after, "limit": limit, "now": now},
    )
    return await cursor.fetchall()


async def counts(tx: Tx, now: datetime) -> dict[str, Any]:
    """How many products are on sale, running low, sold out and hidden."""
    cursor = await tx.execute(
        sql.SQL("""
        WITH {late}, stock AS MATERIALIZED ({stock})
        SELECT count(*) FILTER (WHERE p.active)::int AS on_sale,
               count(*) FILTER (WHERE p.active AND s.free BETWEEN 1 AND p.low_stock)::int AS low,
               count(*) FILTER (WHERE p.active AND coalesce(s.free, 0) <= 0)::int AS out,
               count(*) FILTER (WHERE NOT p.active)::int AS hidden
          FROM products p LEFT JOIN stock s ON s.product_id = p.id
         WHERE p.shop_id = current_shop()
        """).format(late=_LATE, stock=_STOCK.format(of=sql.SQL(""))),
        {"now": now},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def one(tx: Tx, product_id: int) -> dict[str, Any] | None:
    """A product, on sale or not, with its quantity prices, its picture and where it came from."""
    cursor = await tx.execute(
        """
        SELECT p.id, p.code, p.title, p.description, p.category, p.price_minor, p.currency, p.image_url, p.low_stock,
               p.active, p.created_at, i.sha256 AS picture, i.trouble AS picture_trouble,
               ARRAY(SELECT src.address FROM source_entries e
                       JOIN sources src ON src.shop_id = e.shop_id AND src.id = e.source_id
                      WHERE e.shop_id = p.shop_id AND e.product_id = p.id ORDER BY src.id) AS sources,
               (SELECT coalesce(jsonb_agg(jsonb_build_array(b.min_quantity, b.unit_minor)
                                          ORDER BY b.min_quantity), '[]')
                  FROM price_breaks b WHERE b.shop_id = p.shop_id AND b.product_id = p.id) AS price_breaks
          FROM products p
          LEFT JOIN product_images i ON i.shop_id = p.shop_id AND i.product_id = p.id AND i.address = p.image_url
         WHERE p.shop_id = current_shop() AND p.id = %s
        """,
        (product_id,),
    )
    return await cursor.fetchone()
