"""Every statement of the order book. Pages go by key: the number of the last order seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql

from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.tools.book.models import LATE, MOST_COUNTED, Filters
from griot.tools.orders.models import STAGES

_SINCE = sql.SQL("coalesce(o.moved_at, o.paid_at, o.confirmed_at, o.created_at)")
_WAITING = sql.SQL("""
    o.stage IN ('new', 'confirmed', 'preparing', 'ready') AND {since} < %(late)s
    AND (o.wanted_on IS NULL OR o.wanted_on <= %(tomorrow)s)
""").format(since=_SINCE)
_UNPAID = sql.SQL("o.stage = 'delivered' AND {since} < %(late)s").format(since=_SINCE)

# Orders that words mean: by their own name, by what is in them, by who takes them. Looked for once a statement.
_FOUND = sql.SQL("""
    WITH found AS MATERIALIZED (
        SELECT f.id FROM orders f WHERE f.shop_id = current_shop() AND strpos(f.reference, %(reference)s) > 0
        UNION
        SELECT h.order_id FROM products p
          JOIN variants v ON v.shop_id = p.shop_id AND v.product_id = p.id
          JOIN holds h ON h.shop_id = v.shop_id AND h.variant_id = v.id
         WHERE p.shop_id = current_shop() AND p.code = %(code)s
        UNION
        SELECT f.id FROM customers c JOIN orders f ON f.shop_id = c.shop_id AND f.customer_id = c.id
         WHERE c.shop_id = current_shop()
           AND (strpos(plain(c.name), plain(%(words)s)) > 0
                OR %(digits)s <> '' AND strpos(c.phone, %(digits)s) > 0
                OR EXISTS (SELECT FROM identities i WHERE i.shop_id = c.shop_id AND i.customer_id = c.id
                              AND strpos(lower(i.external_id), %(words)s) > 0)))
""")


def _conditions(filters: Filters) -> sql.Composable:
    """What the filters ask of an order ``o``, but for its stage."""
    wanted: list[sql.Composable] = [sql.SQL("o.shop_id = current_shop()")]
    if filters.channel:
        wanted.append(sql.SQL("o.channel = %(channel)s"))
    if filters.since:
        wanted.append(sql.SQL("o.created_at >= %(since)s::date::timestamp AT TIME ZONE %(zone)s"))
    if filters.until:
        wanted.append(sql.SQL("o.created_at < (%(until)s::date + 1)::timestamp AT TIME ZONE %(zone)s"))
    if filters.search.strip():
        wanted.append(sql.SQL("o.id IN (SELECT found.id FROM found)"))
    if filters.customer_id is not None:
        wanted.append(sql.SQL("o.customer_id = ANY (records_of(%(customer)s))"))
    if filters.alert:
        wanted.append(_WAITING if filters.alert == "waiting" else _UNPAID)
    return sql.SQL(" AND ").join(wanted)


def _searched(filters: Filters) -> sql.Composable:
    """What comes before the statement when words are looked for."""
    return _FOUND if filters.search.strip() else sql.SQL("")


def _values(shop: Shop, filters: Filters, now: datetime) -> dict[str, Any]:
    said = filters.search.strip()
    return {
        "channel": filters.channel,
        "since": filters.since,
        "until": filters.until,
        "zone": shop.timezone,
        "reference": said.lstrip("#").upper(),
        "code": "".join(said.split()).upper(),
        "words": said.lower(),
        "digits": "".join(letter for letter in said if letter.isdigit()) if _like_a_phone(said) else "",
        "customer": filters.customer_id,
        **_late(shop, now),
    }


def _late(shop: Shop, now: datetime) -> dict[str, Any]:
    """From when on an order waits too long; what is wanted later than tomorrow does not."""
    return {"late": now - LATE, "tomorrow": (now.astimezone(ZoneInfo(shop.timezone)) + LATE).date()}


def _like_a_phone(said: str) -> bool:
    return sum(letter.isdigit() for letter in said) >= 4 and not any(letter.isalpha() for letter in said)


async def page(
    tx: Tx, shop: Shop, filters: Filters, limit: int, before: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Numbers of orders, the latest first, from before a number on."""
    cursor = await tx.execute(
        sql.SQL("""
        {searched}
        SELECT o.id FROM orders o
         WHERE {conditions} AND {stage} AND (%(before)s::bigint IS NULL OR o.id < %(before)s)
         ORDER BY o.id DESC LIMIT %(limit)s
        """).format(
            searched=_searched(filters),
            conditions=_conditions(filters),
            stage=sql.SQL("o.stage = %(stage)s" if filters.stage else "true"),
        ),
        {**_values(shop, filters, now), "stage": filters.stage, "limit": limit, "before": before},
    )
    return await cursor.fetchall()


async def columns(tx: Tx, shop: Shop, filters: Filters, limit: int, now: datetime) -> list[dict[str, Any]]:
    """The latest orders of every stage at once, with how many there are of it, up to ``MOST_COUNTED``."""
    cursor = await tx.execute(
        sql.SQL("""
        {searched}
        SELECT column_of.stage, counted.many, latest.ids
          FROM unnest(%(stages)s::text[]) WITH ORDINALITY AS column_of (stage, n)
         CROSS JOIN LATERAL (
               SELECT array_agg(top.id ORDER BY top.id DESC) AS ids FROM (
                      SELECT o.id FROM orders o WHERE {conditions} AND o.stage = column_of.stage
                       ORDER BY o.id DESC LIMIT %(limit)s) AS top) AS latest
         CROSS JOIN LATERAL (
               SELECT count(*) AS many FROM (
                      SELECT FROM orders o WHERE {conditions} AND o.stage = column_of.stage
                       LIMIT %(most)s) AS few) AS counted
         ORDER BY column_of.n
        """).format(searched=_searched(filters), conditions=_conditions(filters)),
        {**_values(shop, filters, now), "stages": list(STAGES), "limit": limit, "most": MOST_COUNTED},
    )
    return await cursor.fetchall()


async def buyers(tx: Tx, customer_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Name and phone of those who ordered, by customer."""
    cursor = await tx.execute(
        "SELECT id, name, phone FROM customers WHERE shop_id = current_shop() AND id = ANY (%s)",
        (list(set(customer_ids)),),
    )
    return {row["id"]: row for row in await cursor.fetchall()}


async def alerts(tx: Tx, shop: Shop, now: datetime) -> dict[str, Any]:
    """How many orders wait too long, are delivered and not paid, and how many refunds are to be decided."""
    cursor = await tx.execute(
        sql.SQL("""
        SELECT (SELECT count(*) FROM (SELECT FROM orders o WHERE o.shop_id = current_shop() AND {waiting}
                                       LIMIT %(most)s) AS few) AS waiting,
               (SELECT count(*) FROM (SELECT FROM orders o WHERE o.shop_id = current_shop() AND {unpaid}
                                       LIMIT %(most)s) AS few) AS unpaid,
               (SELECT count(*) FROM refunds WHERE shop_id = current_shop() AND status = 'staged') AS refunds
        """).format(waiting=_WAITING, unpaid=_UNPAID),
        {"most": MOST_COUNTED, **_late(shop, now)},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def to_prepare(tx: Tx) -> int:
    """Orders that are sure and not begun, up to 100."""
    cursor = await tx.execute(
        "SELECT count(*) AS many FROM (SELECT FROM orders WHERE shop_id = current_shop() AND stage = 'confirmed'"
        " LIMIT 100) AS few"
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["many"])


async def channels(tx: Tx) -> list[str]:
    """The channels that orders of this shop may have come from."""
    cursor = await tx.execute(
        "SELECT DISTINCT channel FROM channel_accounts WHERE shop_id = current_shop() ORDER BY channel"
    )
    return [row["channel"] for row in await cursor.fetchall()]


async def papers(tx: Tx, order_id: int) -> dict[str, Any]:
    """The papers of an order: its quote and its invoice, with their documents."""
    cursor = await tx.execute(
        """
        SELECT (SELECT json_build_object('id', q.id, 'number', q.number, 'document_id', q.document_id) FROM quotes q
                 WHERE q.shop_id = current_shop() AND q.order_id = %(order)s ORDER BY q.id DESC LIMIT 1) AS quote,
               (SELECT json_build_object('document_id', (e.data ->> 'document_id')::bigint,
                                         'number', e.data ->> 'number')
                  FROM events e WHERE e.shop_id = current_shop() AND e.order_id = %(order)s
                   AND e.kind = 'invoice.made' ORDER BY e.id LIMIT 1) AS invoice
        """,
        {"order": order_id},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def neighbours(tx: Tx, order_id: int) -> tuple[int | None, int | None]:
    """The orders before and after one in the book."""
    cursor = await tx.execute(
        "SELECT (SELECT max(id) FROM orders WHERE shop_id = current_shop() AND id < %(id)s) AS before,"
        " (SELECT min(id) FROM orders WHERE shop_id = current_shop() AND id > %(id)s) AS after",
        {"id": order_id},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row["before"], row["after"]


async def suggestions(tx: Tx, limit: int) -> tuple[Sequence[str], Sequence[dict[str, Any]]]:
    """Codes on sale and the last buyers with a phone, to choose from when an order is taken down."""
    codes = await tx.execute(
        "SELECT code FROM products WHERE shop_id = current_shop() AND active ORDER BY code LIMIT %s", (limit,)
    )
    people = await tx.execute(
        "SELECT name, phone FROM customers WHERE shop_id = current_shop() AND phone IS NOT NULL AND name IS NOT NULL"
        " ORDER BY id DESC LIMIT %s",
        (limit,),
    )
    return [row["code"] for row in await codes.fetchall()], await people.fetchall()
