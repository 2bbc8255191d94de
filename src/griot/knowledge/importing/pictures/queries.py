"""Every statement about pictures of products."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def take_due(tx: Tx, most: int, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """Products whose picture is to be fetched, the caller's ``until`` then; nobody else gets them before.

    A picture of another address is dropped: it is not the product's any more.
    """
    cursor = await tx.execute(
        """
        INSERT INTO product_images AS i (shop_id, product_id, address, next_at)
        SELECT current_shop(), p.id, p.image_url, %(until)s
          FROM products p
          LEFT JOIN product_images k ON k.shop_id = p.shop_id AND k.product_id = p.id
         WHERE p.shop_id = current_shop() AND p.active AND p.image_url <> ''
           AND (k.product_id IS NULL OR k.address <> p.image_url OR k.next_at <= %(now)s)
         ORDER BY p.id LIMIT %(most)s
        ON CONFLICT (shop_id, product_id) DO UPDATE
           SET address = excluded.address, next_at = excluded.next_at,
               content = CASE WHEN i.address = excluded.address THEN i.content END,
               sha256 = CASE WHEN i.address = excluded.address THEN i.sha256 END,
               etag = CASE WHEN i.address = excluded.address THEN i.etag END,
               modified = CASE WHEN i.address = excluded.address THEN i.modified END,
               trouble = CASE WHEN i.address = excluded.address THEN i.trouble END,
               tries = CASE WHEN i.address = excluded.address THEN i.tries ELSE 0 END
         WHERE i.address <> excluded.address OR i.next_at <= %(now)s
        RETURNING i.product_id, i.address, i.etag, i.modified, i.sha256, i.tries
        """,
        {"now": now, "until": until, "most": most},
    )
    return await cursor.fetchall()


async def forget(tx: Tx, before: datetime) -> None:
    """Drop pictures that products have no more, and those of products off sale that were due before then."""
    await tx.execute(
        """
        DELETE FROM product_images i USING products p
         WHERE i.shop_id = current_shop() AND p.shop_id = i.shop_id AND p.id = i.product_id
           AND (coalesce(p.image_url, '') = '' OR (NOT p.active AND i.next_at < %s))
        """,
        (before,),
    )


async def keep(tx: Tx, row: dict[str, Any]) -> None:
    """A picture as it is now; by ``product_id`` and ``address``, since the product may have got another meanwhile."""
    await tx.execute(
        """
        UPDATE product_images
           SET content = %(content)s, sha256 = %(sha256)s, mime = %(mime)s, width = %(width)s, height = %(height)s,
               etag = %(etag)s, modified = %(modified)s, fetched_at = %(now)s, trouble = NULL, tries = 0,
               next_at = %(next_at)s
         WHERE shop_id = current_shop() AND product_id = %(product_id)s AND address = %(address)s
        """,
        row,
    )


async def put(tx: Tx, row: dict[str, Any]) -> None:
    """A picture that was uploaded: there is no place to look at again."""
    await tx.execute(
        """
        INSERT INTO product_images AS i (shop_id, product_id, address, content, sha256, mime, width, height, fetched_at,
                                         next_at)
        VALUES (current_shop(), %(product_id)s, %(address)s, %(content)s, %(sha256)s, %(mime)s, %(width)s, %(height)s,
                %(now)s, '9999-12-31')
        ON CONFLICT (shop_id, product_id) DO UPDATE
           SET address = excluded.address, content = excluded.content, sha256 = excluded.sha256, mime = excluded.mime,
               width = excluded.width, height = excluded.height, fetched_at = excluded.fetched_at,
               next_at = excluded.next_at, etag = NULL, modified = NULL, trouble = NULL, tries = 0
        """,
        row,
    )


async def keep_as_it_is(tx: Tx, row: dict[str, Any]) -> None:
    """The same picture is still there."""
    await tx.execute(
        """
        UPDATE product_images SET etag = %(etag)s, modified = %(modified)s, trouble = NULL, tries = 0,
                                  next_at = %(next_at)s
         WHERE shop_id = current_shop() AND product_id = %(product_id)s AND address = %(address)s
        """,
        row,
    )


async def fail(tx: Tx, row: dict[str, Any]) -> None:
    """An attempt that gave no picture; one that is kept stays."""
    await tx.execute(
        """
        UPDATE product_images SET trouble = %(trouble)s, tries = tries + 1, next_at = %(next_at)s
         WHERE shop_id = current_shop() AND product_id = %(product_id)s AND address = %(address)s
        """,
        row,
    )


async def release(tx: Tx, product_ids: Sequence[int], next_at: datetime) -> None:
    """Pictures that were taken and not asked for are due again."""
    await tx.execute(
        "UPDATE product_images SET next_at = %s WHERE shop_id = current_shop() AND product_id = ANY (%s)",
        (next_at, list(product_ids)),
    )


# The picture of a product as its catalogue says it now; one of an address that it had before does not count.
_CURRENT = """
    FROM product_images i
    JOIN products p ON p.shop_id = i.shop_id AND p.id = i.product_id AND p.image_url = i.address
   WHERE i.shop_id = current_shop() AND i.product_id = %s AND i.content IS NOT NULL
"""


async def has(tx: Tx, product_id: int) -> bool:
    """Whether a picture of the product is kept."""
    cursor = await tx.execute(f"SELECT 1 {_CURRENT}", (product_id,))
    return await cursor.fetchone() is not None


async def load(tx: Tx, product_id: int) -> dict[str, Any] | None:
    """The picture of the product, if one is kept."""
    cursor = await tx.execute(f"SELECT i.content, i.mime, i.sha256 {_CURRENT}", (product_id,))
    return await cursor.fetchone()


async def counts(tx: Tx) -> dict[str, Any]:
    """How many products on sale have a picture that is kept, wait for theirs, or have none; bytes that are kept."""
    cursor = await tx.execute(
        """
        SELECT count(*) FILTER (WHERE i.content IS NOT NULL)::int AS kept,
               count(*) FILTER (WHERE p.image_url <> '' AND i.content IS NULL AND i.trouble IS NULL)::int AS waiting,
               count(*) FILTER (WHERE i.content IS NULL AND i.trouble IS NOT NULL)::int AS failed,
               count(*) FILTER (WHERE coalesce(p.image_url, '') = '')::int AS without,
               coalesce(sum(octet_length(i.content)), 0)::bigint AS bytes
          FROM products p
          LEFT JOIN product_images i
            ON i.shop_id = p.shop_id AND i.product_id = p.id AND i.address = p.image_url
         WHERE p.shop_id = current_shop() AND p.active
        """
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def troubles(tx: Tx, most: int) -> list[dict[str, Any]]:
    """Pictures that could not be had, and why."""
    cursor = await tx.execute(
        """
        SELECT p.code, p.title, i.address, i.trouble
          FROM product_images i
          JOIN products p ON p.shop_id = i.shop_id AND p.id = i.product_id AND p.image_url = i.address AND p.active
         WHERE i.shop_id = current_shop() AND i.trouble IS NOT NULL ORDER BY p.id LIMIT %s
        """,
        (most,),
    )
    return await cursor.fetchall()
