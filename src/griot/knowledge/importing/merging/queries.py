"""Every statement of an import."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx

_AT_ONCE = 1_000  # products that are read in one go


async def save_source(
    tx: Tx,
    address: str,
    *,
    currency: str | None,
    pieces: int | None,
    mapping: Mapping[str, Any] | None,
    token: bytes | None = None,
    now: datetime,
) -> dict[str, Any]:
    """The source of this address, made when it is new; what is not said stays as it was said before. Locks it.

    ``token``: encrypted, what the merchant lets us read the source with.
    """
    cursor = await tx.execute(
        """
        INSERT INTO sources (shop_id, address, currency, pieces, mapping, token, created_at)
        VALUES (current_shop(), %(address)s, %(currency)s, coalesce(%(pieces)s, 1), %(mapping)s, %(token)s, %(now)s)
        ON CONFLICT (shop_id, address) DO UPDATE
           SET currency = coalesce(%(currency)s, sources.currency), pieces = coalesce(%(pieces)s, sources.pieces),
               mapping = coalesce(%(mapping)s, sources.mapping), token = coalesce(%(token)s, sources.token)
        RETURNING *
        """,
        {
            "address": address,
            "currency": currency,
            "pieces": pieces,
            "mapping": orjson.dumps(mapping).decode() if mapping is not None else None,
            "token": token,
            "now": now,
        },
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def source(tx: Tx, address: str) -> dict[str, Any] | None:
    """The source of this address."""
    cursor = await tx.execute("SELECT * FROM sources WHERE shop_id = current_shop() AND address = %s", (address,))
    return await cursor.fetchone()


async def sources(tx: Tx) -> list[dict[str, Any]]:
    """Every source, how many products on sale come from it, and its last report."""
    cursor = await tx.execute(
        """
        SELECT s.id, s.address, s.kind, s.currency, s.pieces, s.every_minutes, s.next_at, s.created_at,
               e.products, r.report, r.at AS last_at
          FROM sources s
         CROSS JOIN LATERAL (
               SELECT count(*)::int AS products FROM source_entries e
                 JOIN products p ON p.shop_id = e.shop_id AND p.id = e.product_id AND p.active
                WHERE e.shop_id = s.shop_id AND e.source_id = s.id) AS e
          LEFT JOIN LATERAL (
               SELECT report, at FROM source_runs r
                WHERE r.shop_id = s.shop_id AND r.source_id = s.id ORDER BY r.id DESC LIMIT 1) AS r ON true
         WHERE s.shop_id = current_shop() ORDER BY s.id
        """
    )
    return await cursor.fetchall()


async def catalogue(tx: Tx, source_id: int | None) -> AsyncIterator[dict[str, Any]]:
    """Every product of the shop, on sale or not, with its variants, free pieces and what the source last said of it.

    A shop may have tens of thousands: they come some at a time.
    """
    after = 0
    while True:
        rows = await _catalogue_after(tx, source_id, after)
        for row in rows:
            yield row
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1]["id"]


async def _catalogue_after(tx: Tx, source_id: int | None, after: int) -> list[dict[str, Any]]:
    cursor = await tx.execute(
        """
        SELECT p.id, p.code, p.title, p.description, p.category, p.price_minor, p.image_url, p.active,
               e.key, e.said, v.variants
          FROM products p
          LEFT JOIN source_entries e ON e.shop_id = p.shop_id AND e.source_id = %(source)s AND e.product_id = p.id
         CROSS JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'options', v.options,
                                                            'price_minor', v.price_minor, 'on_hand', s.on_hand)
                                         ORDER BY v.id), '[]') AS variants
                 FROM variants v JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
                WHERE v.shop_id = p.shop_id AND v.product_id = p.id) AS v
         WHERE p.shop_id = current_shop() AND p.id > %(after)s ORDER BY p.id LIMIT %(most)s
        """,
        {"source": source_id, "after": after, "most": _AT_ONCE},
    )
    return await cursor.fetchall()


async def save_entries(tx: Tx, source_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What the source says now: rows of ``key``, ``product_id``, ``said`` and ``provenance``."""
    await tx.execute(
        """
        INSERT INTO source_entries (shop_id, source_id, key, product_id, said, provenance, seen_at)
        SELECT current_shop(), %(source)s, key, product_id, said, provenance, %(now)s
          FROM jsonb_to_recordset(%(rows)s) AS x(key text, product_id bigint, said jsonb, provenance jsonb)
        ON CONFLICT (shop_id, source_id, product_id) DO UPDATE
           SET key = excluded.key, said = excluded.said, provenance = excluded.provenance, seen_at = excluded.seen_at
        """,
        {"source": source_id, "rows": orjson.dumps(rows).decode(), "now": now},
    )


async def end_run(tx: Tx, source_id: int, kind: str, report: Mapping[str, Any], now: datetime) -> None:
    """Keep the report of an import; a source with a schedule is due again after its pause."""
    await tx.execute(
        "INSERT INTO source_runs (shop_id, source_id, report, at) VALUES (current_shop(), %s, %s, %s)",
        (source_id, orjson.dumps(report).decode(), now),
    )
    await tx.execute(
        """
        UPDATE sources SET kind = CASE WHEN %(kind)s <> '' THEN %(kind)s ELSE kind END, busy_until = 'epoch',
                           next_at = %(now)s + make_interval(mins => every_minutes)
         WHERE shop_id = current_shop() AND id = %(source)s
        """,
        {"source": source_id, "kind": kind, "now": now},
    )


async def schedule(tx: Tx, address: str, minutes: int | None, now: datetime) -> dict[str, Any] | None:
    """Read a source every so many minutes, the first time after one pause; None: only by hand from now on."""
    cursor = await tx.execute(
        """
        UPDATE sources SET every_minutes = %(minutes)s, next_at = %(now)s + make_interval(mins => %(minutes)s)
         WHERE shop_id = current_shop() AND address = %(address)s RETURNING id, address, every_minutes, next_at
        """,
        {"address": address, "minutes": minutes, "now": now},
    )
    return await cursor.fetchone()


async def take_due(tx: Tx, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """Sources whose time has come and that nobody reads; they are the caller's ``until`` then."""
    cursor = await tx.execute(
        """
        UPDATE sources SET busy_until = %(until)s
         WHERE shop_id = current_shop() AND next_at <= %(now)s AND busy_until <= %(now)s
        RETURNING id, address, currency, pieces, mapping, token
        """,
        {"now": now, "until": until},
    )
    return await cursor.fetchall()
