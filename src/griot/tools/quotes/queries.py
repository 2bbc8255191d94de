"""Every statement about quotes, invoices and the documents they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import orjson

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.tools.quotes.models import Document, Quote, QuoteLine

_QUOTE: LiteralString = """
    SELECT q.id, q.number, q.conversation_id, q.customer_id, q.status, q.currency, q.net_minor, q.tax_minor,
           q.total_minor, q.deposit_minor, q.wanted_on, q.valid_until, q.created_at, q.document_id, q.order_id, l.lines
      FROM quotes q
     CROSS JOIN LATERAL (
           SELECT json_agg(json_build_object(
                      'variant_id', l.variant_id, 'code', p.code, 'title', l.title, 'options', v.options,
                      'quantity', l.quantity, 'unit_minor', l.unit_minor) ORDER BY l.position) AS lines
             FROM quote_lines l
             JOIN variants v ON v.shop_id = l.shop_id AND v.id = l.variant_id
             JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
            WHERE l.shop_id = q.shop_id AND l.quote_id = q.id) AS l
"""


async def lock_thread(tx: Tx, conversation_id: int) -> None:
    """Nobody else makes a quote for this conversation until the transaction ends."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('quote ' || current_shop() || ' ' || %s::bigint, 0))",
        (conversation_id,),
    )


async def prices(tx: Tx, lines: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Variants on sale with what a piece costs at their quantity, and alone, in the order given."""
    cursor = await tx.execute(
        """
        SELECT l.variant_id, l.quantity, p.code, p.title, v.options, price.unit_minor, price.currency,
               coalesce(v.price_minor, p.price_minor) AS list_minor,
               (SELECT max(b.min_quantity) FROM price_breaks b
                 WHERE b.shop_id = p.shop_id AND b.product_id = p.id AND b.min_quantity <= l.quantity
                   AND b.unit_minor = price.unit_minor) AS from_quantity
          FROM unnest(%s::bigint[], %s::int[]) WITH ORDINALITY AS l(variant_id, quantity, n)
          JOIN variants v ON v.shop_id = current_shop() AND v.id = l.variant_id
          JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
         CROSS JOIN LATERAL piece_price(l.variant_id, l.quantity) AS price
         ORDER BY l.n
        """,
        ([variant_id for variant_id, _ in lines], [quantity for _, quantity in lines]),
    )
    return await cursor.fetchall()


async def letterhead(tx: Tx, customer_id: int, conversation_id: int) -> dict[str, Any]:
    """What stands at the head of a document: the shop's logo (base64), who the buyer is and reads."""
    cursor = await tx.execute(
        """
        SELECT s.settings ->> 'logo' AS logo, c.name, c.phone, coalesce(t.language, c.language, s.language) AS language
          FROM shops s
          JOIN customers c ON c.shop_id = s.shop_id AND c.id = %s
          LEFT JOIN conversations t ON t.shop_id = s.shop_id AND t.id = %s
         WHERE s.shop_id = current_shop()
        """,
        (customer_id, conversation_id),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def logo(tx: Tx) -> str | None:
    """The shop's logo (base64)."""
    cursor = await tx.execute("SELECT settings ->> 'logo' AS logo FROM shops WHERE shop_id = current_shop()")
    row = await cursor.fetchone()
    return row["logo"] if row else None


async def save_logo(tx: Tx, logo: str | None) -> None:
    """Keep the shop's logo (base64) for its documents; none takes it away."""
    await tx.execute(
        "UPDATE shops SET settings = CASE WHEN %(logo)s::text IS NULL THEN settings - 'logo'"
        " ELSE settings || jsonb_build_object('logo', %(logo)s::text) END WHERE shop_id = current_shop()",
        {"logo": logo},
    )


async def next_number(tx: Tx, kind: str, year: int) -> int:
    """The next number of the year. Who comes after waits for this transaction, so that none is ever left out."""
    cursor = await tx.execute(
        """
        INSERT INTO document_numbers AS d (shop_id, kind, year, last) VALUES (current_shop(), %s, %s, 1)
        ON CONFLICT (shop_id, kind, year) DO UPDATE SET last = d.last + 1
        RETURNING last
        """,
        (kind, year),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["last"])


async def insert_document(tx: Tx, row: dict[str, Any], now: datetime) -> int:
    """Keep a file as it is sent; returns its id."""
    cursor = await tx.execute(
        """
        INSERT INTO documents (shop_id, kind, filename, mime_type, content, sha256, created_at)
        VALUES (current_shop(), %(kind)s, %(filename)s, %(mime_type)s, %(content)s,
                encode(sha256(%(content)s), 'hex'), %(now)s)
        RETURNING id
        """,
        {**row, "now": now},
    )
    written = await cursor.fetchone()
    assert written is not None
    return int(written["id"])


async def document(tx: Tx, document_id: int) -> Document | None:
    """A file of the shop."""
    cursor = await tx.execute(
        "SELECT id, kind, filename, mime_type, content, created_at FROM documents"
        " WHERE shop_id = current_shop() AND id = %s",
        (document_id,),
    )
    row = await cursor.fetchone()
    return Document(**{**row, "content": bytes(row["content"])}) if row else None


async def document_numbered(tx: Tx, number: str) -> int | None:
    """The document of this number."""
    cursor = await tx.execute(
        "SELECT id FROM documents WHERE shop_id = current_shop() AND filename = %s || '.pdf' ORDER BY id LIMIT 1",
        (number,),
    )
    row = await cursor.fetchone()
    return int(row["id"]) if row else None


async def insert_quote(tx: Tx, quote: Quote) -> int:
    """An open quote with its lines; returns its id."""
    cursor = await tx.execute(
        """
        WITH quote AS (
            INSERT INTO quotes (shop_id, number, conversation_id, customer_id, currency, net_minor, tax_minor,
                                total_minor, deposit_minor, wanted_on, valid_until, document_id, created_at)
            VALUES (current_shop(), %(number)s, %(conversation_id)s, %(customer_id)s, %(currency)s, %(net_minor)s,
                    %(tax_minor)s, %(total_minor)s, %(deposit_minor)s, %(wanted_on)s, %(valid_until)s,
                    %(document_id)s, %(now)s)
            RETURNING id
        ), lines AS (
            INSERT INTO quote_lines (shop_id, quote_id, position, variant_id, title, quantity, unit_minor, total_minor)
            SELECT current_shop(), quote.id, position, variant_id, title, quantity, unit_minor, quantity * unit_minor
              FROM quote, jsonb_to_recordset(%(lines)s)
                AS x(position int, variant_id bigint, title text, quantity int, unit_minor bigint)
        )
        SELECT id FROM quote
        """,
        {**_quote_row(quote), "lines": orjson.dumps(_line_rows(quote.lines)).decode()},
    )
    written = await cursor.fetchone()
    assert written is not None
    return int(written["id"])


def _quote_row(quote: Quote) -> dict[str, Any]:
    return {
        "number": quote.number,
        "conversation_id": quote.conversation_id,
        "customer_id": quote.customer_id,
        "currency": quote.total.currency,
        "net_minor": quote.net.minor,
        "tax_minor": quote.tax.minor,
        "total_minor": quote.total.minor,
        "deposit_minor": quote.deposit.minor if quote.deposit else None,
        "wanted_on": quote.wanted_on,
        "valid_until": quote.valid_until,
        "document_id": quote.document_id,
        "now": quote.created_at,
    }


def _line_rows(lines: Sequence[QuoteLine]) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "variant_id": line.variant_id,
            "title": line.title,
            "quantity": line.quantity,
            "unit_minor": line.unit.minor,
        }
        for position, line in enumerate(lines, start=1)
    ]


async def close(tx: Tx, quote_id: int, status: str) -> None:
    """An open quote is open no more; one that was accepted meanwhile stays so."""
    await tx.execute(
        "UPDATE quotes SET status = %s WHERE shop_id = current_shop() AND id = %s AND status = 'open'",
        (status, quote_id),
    )


async def load(tx: Tx, quote_id: int) -> Quote | None:
    """One quote, whatever became of it."""
    cursor = await tx.execute(_QUOTE + " WHERE q.shop_id = current_shop() AND q.id = %s", (quote_id,))
    row = await cursor.fetchone()
    return _quote(row) if row else None


async def lock(tx: Tx, quote_id: int) -> Quote | None:
    """Hold a quote for this transaction, then read it."""
    await tx.execute("SELECT FROM quotes WHERE shop_id = current_shop() AND id = %s FOR NO KEY UPDATE", (quote_id,))
    return await load(tx, quote_id)


async def unanswered(tx: Tx, conversation_ids: Sequence[int]) -> list[Quote]:
    """The quotes of conversations that nobody has accepted or replaced, the lapsed ones among them."""
    cursor = await tx.execute(
        _QUOTE + " WHERE q.shop_id = current_shop() AND q.status = 'open' AND q.conversation_id = ANY (%s)",
        (list(conversation_ids),),
    )
    return [_quote(row) for row in await cursor.fetchall()]


async def open_quotes(tx: Tx, conversation_ids: Sequence[int], now: datetime) -> list[Quote]:
    """The open quotes of conversations, but those whose last day is over where the shop is."""
    cursor = await tx.execute(
        _QUOTE
        + """
          JOIN shops s ON s.shop_id = q.shop_id
         WHERE q.shop_id = current_shop() AND q.status = 'open' AND q.conversation_id = ANY (%s)
           AND q.valid_until >= (%s AT TIME ZONE s.timezone)::date
        """,
        (list(conversation_ids), now),
    )
    return [_quote(row) for row in await cursor.fetchall()]


async def latest(tx: Tx, limit: int, before: int | None = None) -> list[Quote]:
    """The last quotes of the shop, newest first, from before a number on."""
    cursor = await tx.execute(
        _QUOTE
        + " WHERE q.shop_id = current_shop() AND (%(before)s::bigint IS NULL OR q.id < %(before)s)"
        + " ORDER BY q.id DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [_quote(row) for row in await cursor.fetchall()]


async def tie(tx: Tx, quote_id: int, order_id: int) -> None:
    """The quote is accepted: this order came of it."""
    await tx.execute(
        "UPDATE quotes SET status = 'accepted', order_id = %s WHERE shop_id = current_shop() AND id = %s",
        (order_id, quote_id),
    )


async def give_quoted_prices(tx: Tx, quote_id: int, order_id: int) -> bool:
    """What an order holds as quoted costs as quoted, whatever the catalogue says by now; whether a price changed."""
    cursor = await tx.execute(
        """
        UPDATE holds h SET unit_minor = l.unit_minor
          FROM quote_lines l
         WHERE h.shop_id = current_shop() AND h.order_id = %(order)s AND h.status = 'held'
           AND l.shop_id = h.shop_id AND l.quote_id = %(quote)s AND l.variant_id = h.variant_id
           AND l.quantity = h.quantity AND l.unit_minor <> h.unit_minor
        RETURNING h.id
        """,
        {"quote": quote_id, "order": order_id},
    )
    return bool(await cursor.fetchall())


async def invoice_of(tx: Tx, order_id: int) -> int | None:
    """The document that invoices an order, as its history has it."""
    cursor = await tx.execute(
        "SELECT (data ->> 'document_id')::bigint AS id FROM events"
        " WHERE shop_id = current_shop() AND order_id = %s AND kind = 'invoice.made' ORDER BY id LIMIT 1",
        (order_id,),
    )
    row = await cursor.fetchone()
    return int(row["id"]) if row else None


def _quote(row: dict[str, Any]) -> Quote:
    currency = row["currency"]
    return Quote(
        id=row["id"],
        number=row["number"],
        conversation_id=row["conversation_id"],
        customer_id=row["customer_id"],
        status=row["status"],
        lines=tuple(_line(line, currency) for line in row["lines"]),
        net=Money(row["net_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        total=Money(row["total_minor"], currency),
        deposit=None if row["deposit_minor"] is None else Money(row["deposit_minor"], currency),
        wanted_on=row["wanted_on"],
        valid_until=row["valid_until"],
        created_at=row["created_at"],
        document_id=row["document_id"],
        order_id=row["order_id"],
    )


def _line(row: dict[str, Any], currency: str) -> QuoteLine:
    unit = Money(row.pop("unit_minor"), currency)
    return QuoteLine(unit=unit, total=unit * row["quantity"], **row)
