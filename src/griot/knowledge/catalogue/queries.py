"""Every statement of the catalogue."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import sql

from griot.core.db.pool import Tx

# Pieces of the stock level ``s`` that orders past their deadline still hold: free for whoever asks next.
OVERDUE = sql.SQL("""
    SELECT coalesce(sum(h.quantity), 0)::int AS pieces
      FROM holds h JOIN orders o ON o.shop_id = h.shop_id AND o.id = h.order_id
     WHERE h.shop_id = s.shop_id AND h.variant_id = s.variant_id AND h.status = 'held'
       AND o.status IN ('reserved', 'awaiting_payment') AND o.expires_at <= %(now)s
""")


async def shop_currency(tx: Tx) -> str:
    """The currency that the shop sells in."""
    cursor = await tx.execute("SELECT currency FROM shops WHERE shop_id = current_shop()")
    row = await cursor.fetchone()
    assert row is not None
    return str(row["currency"])


async def insert_products(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Products whose code is free, all in one statement; returns id and code of those written."""
    cursor = await tx.execute(
        """
        INSERT INTO products (shop_id, code, title, description, category, price_minor, currency, image_url, low_stock,
                              created_at)
        SELECT current_shop(), code, title, description, category, price_minor, currency, image_url, low_stock, %s
          FROM jsonb_to_recordset(%s) AS x(code text, title text, description text, category text, price_minor bigint,
                                           currency text, image_url text, low_stock int)
        ON CONFLICT (shop_id, code) DO NOTHING RETURNING id, code
        """,
        (now, orjson.dumps(rows).decode()),
    )
    return await cursor.fetchall()


async def insert_variants(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Variants of products just written, in the order given; returns id, product_id and options."""
    cursor = await tx.execute(
        """
        INSERT INTO variants (shop_id, product_id, options, price_minor)
        SELECT current_shop(), (value ->> 'product_id')::bigint, value -> 'options', (value ->> 'price_minor')::bigint
          FROM jsonb_array_elements(%s) WITH ORDINALITY ORDER BY ordinality
        RETURNING id, product_id, options
        """,
        (orjson.dumps(rows).decode(),),
    )
    return await cursor.fetchall()


async def insert_stock(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Open the book of new variants: what was received is on hand, and a movement says so."""
    await tx.execute(
        """
        WITH opened AS (
            INSERT INTO stock_levels (shop_id, variant_id, on_hand, received)
            SELECT current_shop(), variant_id, quantity, quantity
              FROM jsonb_to_recordset(%s) AS x(variant_id bigint, quantity int)
            RETURNING variant_id, on_hand)
        INSERT INTO stock_movements (shop_id, variant_id, kind, pieces, on_hand, at)
        SELECT current_shop(), variant_id, 'opened', on_hand, on_hand, %s FROM opened WHERE on_hand <> 0
        """,
        (orjson.dumps(rows).decode(), now),
    )


async def insert_price_breaks(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Quantity prices of products just written."""
    await tx.execute(
        """
        INSERT INTO price_breaks (shop_id, product_id, min_quantity, unit_minor)
        SELECT current_shop(), product_id, min_quantity, unit_minor
          FROM jsonb_to_recordset(%s) AS x(product_id bigint, min_quantity int, unit_minor bigint)
        """,
        (orjson.dumps(rows).decode(),),
    )


async def names(tx: Tx) -> list[dict[str, Any]]:
    """What the products on sale are called."""
    cursor = await tx.execute("SELECT code, title FROM products WHERE shop_id = current_shop() AND active ORDER BY id")
    return await cursor.fetchall()


async def products(tx: Tx, codes: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Products on sale with variants and quantity prices, as they were created; those with the codes given, if any."""
    cursor = await tx.execute(
        """
        SELECT p.id, p.code, p.title, p.description, p.category, p.price_minor, p.currency, p.image_url, p.low_stock,
               v.variants, b.price_breaks
          FROM products p
         CROSS JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'options', v.options,
                                                            'price_minor', coalesce(v.price_minor, p.price_minor))
                                         ORDER BY v.id), '[]') AS variants
                 FROM variants v WHERE v.shop_id = p.shop_id AND v.product_id = p.id AND v.active) AS v
         CROSS JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_array(b.min_quantity, b.unit_minor) ORDER BY b.min_quantity), '[]')
                   AS price_breaks
                 FROM price_breaks b WHERE b.shop_id = p.shop_id AND b.product_id = p.id) AS b
         WHERE p.shop_id = current_shop() AND p.active AND (%(codes)s::text[] IS NULL OR p.code = ANY (%(codes)s))
         ORDER BY p.id
        """,
        {"codes": None if codes is None else list(codes)},
    )
    return await cursor.fetchall()


async def page(tx: Tx, limit: int, after: int | None) -> list[str]:
    """Codes of products on sale in the order in which they were created, after a number."""
    cursor = await tx.execute(
        "SELECT code FROM products WHERE shop_id = current_shop() AND active AND id > coalesce(%s::bigint, 0)"
        " ORDER BY id LIMIT %s",
        (after, limit),
    )
    return [row["code"] for row in await cursor.fetchall()]


async def lock_product(tx: Tx, product_id: int) -> dict[str, Any] | None:
    """A product, on sale or not, held until the transaction ends."""
    cursor = await tx.execute(
        "SELECT id, code, price_minor, currency FROM products WHERE shop_id = current_shop() AND id = %s FOR UPDATE",
        (product_id,),
    )
    return await cursor.fetchone()


async def availability(tx: Tx, variant_ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """Free pieces of variants: on hand, plus what orders past their deadline still hold."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT s.variant_id, s.on_hand + overdue.pieces AS free
          FROM stock_levels s CROSS JOIN LATERAL ({overdue}) AS overdue
         WHERE s.shop_id = current_shop() AND s.variant_id = ANY (%(variants)s)
        """).format(overdue=OVERDUE),
        {"now": now, "variants": list(variant_ids)},
    )
    return await cursor.fetchall()


async def update_products(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New values of products by ``id``; a field that a row does not name stays."""
    await tx.execute(
        """
        UPDATE products p
           SET title = coalesce(x.value ->> 'title', p.title),
               description = coalesce(x.value ->> 'description', p.description),
               category = coalesce(x.value ->> 'category', p.category),
               price_minor = coalesce((x.value ->> 'price_minor')::bigint, p.price_minor),
               low_stock = coalesce((x.value ->> 'low_stock')::int, p.low_stock),
               image_url = CASE WHEN x.value ? 'image_url' THEN x.value ->> 'image_url' ELSE p.image_url END,
               active = coalesce((x.value ->> 'active')::boolean, p.active)
          FROM jsonb_array_elements(%s) AS x
         WHERE p.shop_id = current_shop() AND p.id = (x.value ->> 'id')::bigint
        """,
        (orjson.dumps(rows).decode(),),
    )


async def update_prices(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Prices of variants by ``id``; null is the product's."""
    await tx.execute(
        """
        UPDATE variants v SET price_minor = x.price_minor
          FROM jsonb_to_recordset(%s) AS x(id bigint, price_minor bigint)
         WHERE v.shop_id = current_shop() AND v.id = x.id
        """,
        (orjson.dumps(rows).decode(),),
    )


async def move_stock(tx: Tx, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """What an import books in or out by variant ``id``, out as far as there are free ones; what really moved.

    Rows are locked in the order of their id, so that two imports never wait for each other.
    """
    cursor = await tx.execute(
        """
        WITH wanted AS (
            SELECT s.variant_id, greatest(x.pieces, -s.on_hand) AS pieces
              FROM jsonb_to_recordset(%s) AS x(id bigint, pieces int)
              JOIN stock_levels s ON s.shop_id = current_shop() AND s.variant_id = x.id
             ORDER BY s.variant_id FOR UPDATE OF s),
        moved AS (
            UPDATE stock_levels s SET on_hand = s.on_hand + w.pieces, received = s.received + w.pieces
              FROM wanted w
             WHERE s.shop_id = current_shop() AND s.variant_id = w.variant_id AND w.pieces <> 0
            RETURNING s.variant_id, w.pieces AS quantity, s.on_hand, s.received),
        noted AS (
            INSERT INTO stock_movements (shop_id, variant_id, kind, pieces, on_hand, at)
            SELECT current_shop(), variant_id, 'imported', quantity, on_hand, %s FROM moved ORDER BY variant_id)
        SELECT variant_id, quantity, on_hand, received FROM moved ORDER BY variant_id
        """,
        (orjson.dumps(rows).decode(), now),
    )
    return await cursor.fetchall()
