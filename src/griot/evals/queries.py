"""The statements of the harness: a world is written, and looked at before and after each turn.

They go past the services on purpose: a case begins in the middle of things (an order already paid, a quote already
sent), and its end is read from the tables themselves, not through the code under test.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx

# Writing a world


async def add_account(tx: Tx, channel: str, external_id: str, token: bytes, now: datetime) -> int:
    """A number or page of the shop on any channel."""
    return await _id(
        tx,
        "INSERT INTO channel_accounts (shop_id, channel, external_id, access_token, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s) RETURNING id",
        (channel, external_id, token, now),
    )


async def add_thread(
    tx: Tx, channel: str, account_id: int, keys: list[str], name: str | None, phone: str | None, now: datetime
) -> tuple[int, int]:
    """A person and their thread, made as the receiver makes them; returns customer and conversation."""
    customer_id = await _id(tx, "SELECT resolve_customer(%s, %s, %s, %s, %s) AS id", (channel, keys, name, phone, now))
    recipient = f"phone:{phone}" if phone else keys[0]
    conversation_id = await _id(
        tx, "SELECT resolve_conversation(%s, %s, %s, %s) AS id", (account_id, customer_id, recipient, now)
    )
    return customer_id, conversation_id


async def add_faq(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Entries of the FAQ, with the keys of the suite; the first of each key."""
    await tx.execute(
        "INSERT INTO faq (shop_id, key, question, answer, language, created_at)"
        " SELECT current_shop(), key, question, answer, language, %s"
        " FROM jsonb_to_recordset(%s) AS x(key text, question text, answer text, language text)"
        " ON CONFLICT DO NOTHING",
        (now, orjson.dumps(rows).decode()),
    )


async def add_said(tx: Tx, account_id: int, conversation_id: int, row: dict[str, Any], at: datetime) -> None:
    """A message of the past: what the buyer wrote, answered, or what the shop sent."""
    if row["by"] == "agent":
        await tx.execute(
            "INSERT INTO outbox (shop_id, conversation_id, account_id, dedupe_key, reply, status, next_at, created_at,"
            " sent_at) VALUES (current_shop(), %s, %s, %s, %s, 'sent', %s, %s, %s)",
            (conversation_id, account_id, row["id"], orjson.dumps({"text": row["text"]}).decode(), at, at, at),
        )
        return
    turn_id = await _id(
        tx,
        "INSERT INTO turns (shop_id, conversation_id, reading, outcome, started_at)"
        " VALUES (current_shop(), %s, '{}', 'history', %s) RETURNING id",
        (conversation_id, at),
    )
    await tx.execute(
        "INSERT INTO messages (shop_id, account_id, conversation_id, external_id, kind, text, raw, sent_at,"
        " received_at, turn_id) VALUES (current_shop(), %s, %s, %s, %s, %s, '{}', %s, %s, %s)",
        (account_id, conversation_id, row["id"], row["kind"], row["text"], at, at, turn_id),
    )
    await tx.execute(
        "UPDATE conversations SET last_inbound_at = %s WHERE shop_id = current_shop() AND id = %s",
        (at, conversation_id),
    )


async def add_order(tx: Tx, row: dict[str, Any]) -> int:
    """An order in any status, under the reference that the suite gives it, unless an order before it has that."""
    order_id = await _id(
        tx,
        """
        INSERT INTO orders (shop_id, reference, customer_id, conversation_id, status, fulfilment, means, total_minor,
                            currency, expires_at, created_at, paid_at, closed_at, wanted_on)
        VALUES (current_shop(), 'OLD', %(customer_id)s, %(conversation_id)s, %(status)s, %(fulfilment)s, %(means)s,
                %(total)s, %(currency)s, %(expires_at)s, %(created_at)s, %(paid_at)s, %(closed_at)s, %(wanted_on)s)
        RETURNING id
        """,
        row,
    )
    if row["reference"]:  # past the trigger that completes references
        await tx.execute(
            "UPDATE orders SET reference = %(reference)s WHERE shop_id = current_shop() AND id = %(id)s AND NOT EXISTS"
            " (SELECT FROM orders WHERE shop_id = current_shop() AND reference = %(reference)s)",
            {"reference": row["reference"], "id": order_id},
        )
    return order_id


async def add_hold(tx: Tx, order_id: int, row: dict[str, Any], at: datetime) -> None:
    """A line of an order."""
    await tx.execute(
        "INSERT INTO holds (shop_id, order_id, variant_id, quantity, unit_minor, status, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (shop_id, order_id, variant_id) DO UPDATE SET quantity = holds.quantity + EXCLUDED.quantity",
        (order_id, row["variant_id"], row["quantity"], row["unit"], row["status"], at),
    )


async def book(tx: Tx, variant_id: int, *, held: int = 0, sold: int = 0, from_shelf: bool) -> None:
    """Enter pieces of a past order in the book of a variant.

    ``from_shelf``: they come out of the stock of the suite, as far as it goes; else they came in besides it.
    """
    await tx.execute(
        """
        UPDATE stock_levels SET
            on_hand = CASE WHEN %(shelf)s THEN greatest(0, on_hand - %(pieces)s) ELSE on_hand END,
            received = received + CASE WHEN %(shelf)s THEN greatest(0, %(pieces)s - on_hand) ELSE %(pieces)s END,
            held = held + %(held)s, sold = sold + %(sold)s
         WHERE shop_id = current_shop() AND variant_id = %(variant_id)s
        """,
        {"variant_id": variant_id, "held": held, "sold": sold, "pieces": held + sold, "shelf": from_shelf},
    )


async def add_payment(tx: Tx, order_id: int, amount: int, currency: str, at: datetime) -> None:
    """The money of an order that was paid."""
    await tx.execute(
        "INSERT INTO payments (shop_id, order_id, provider, means, reference, amount_minor, currency, status, outcome,"
        " received_minor, received_currency, created_at, succeeded_at)"
        " VALUES (current_shop(), %(order)s, 'sandbox', 'wave', 'EVAL-' || %(order)s, %(amount)s, %(currency)s,"
        " 'succeeded', 'settled', %(amount)s, %(currency)s, %(at)s, %(at)s)",
        {"order": order_id, "amount": amount, "currency": currency, "at": at},
    )


async def count_orders(tx: Tx, customer_id: int, paid: int, spent: int, expired: int, at: datetime) -> None:
    """What a buyer's past orders say of them."""
    await tx.execute(
        "UPDATE customers SET paid_orders = paid_orders + %(paid)s, spent_minor = spent_minor + %(spent)s,"
        " payment_seconds = payment_seconds + 300 * %(paid)s, expired_holds = expired_holds + %(expired)s,"
        " first_paid_at = CASE WHEN %(paid)s > 0 THEN %(at)s ELSE first_paid_at END"
        " WHERE shop_id = current_shop() AND id = %(id)s",
        {"id": customer_id, "paid": paid, "spent": spent, "expired": expired, "at": at},
    )


async def add_address(
    tx: Tx, conversation_id: int, customer_id: int, order_id: int | None, address: str, at: datetime
) -> None:
    """Where a buyer has things delivered."""
    await tx.execute(
        "INSERT INTO intakes (shop_id, conversation_id, customer_id, order_id, kind, fields, created_at)"
        " VALUES (current_shop(), %s, %s, %s, 'address', %s, %s)",
        (conversation_id, customer_id, order_id, orjson.dumps({"text": address}).decode(), at),
    )


async def add_quote(tx: Tx, row: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """A quote under the number that the suite gives it; an open one before it is replaced."""
    await tx.execute(
        "UPDATE quotes SET status = 'replaced' WHERE shop_id = current_shop() AND conversation_id = %s"
        " AND status = 'open'",
        (row["conversation_id"],),
    )
    quote_id = await _id(
        tx,
        """
        INSERT INTO quotes (shop_id, number, conversation_id, customer_id, status, currency, net_minor, tax_minor,
                            total_minor, wanted_on, valid_until, created_at)
        VALUES (current_shop(), %(number)s, %(conversation_id)s, %(customer_id)s, %(status)s, %(currency)s, %(total)s,
                0, %(total)s, %(wanted_on)s, %(valid_until)s, %(at)s)
        RETURNING id
        """,
        row,
    )
    for position, line in enumerate(lines, 1):
        await tx.execute(
            "INSERT INTO quote_lines (shop_id, quote_id, position, variant_id, title, quantity, unit_minor,"
            " total_minor) VALUES (current_shop(), %s, %s, %s, %s, %s, %s, %s)",
            (
                quote_id,
                position,
                line["variant_id"],
                line["title"],
                line["quantity"],
                line["unit"],
                line["unit"] * line["quantity"],
            ),
        )


async def _id(tx: Tx, statement: Any, values: Any) -> int:
    cursor = await tx.execute(statement, values)
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


# Looking at it

_LOOK = """
    SELECT jsonb_build_object(
      'orders', (SELECT coalesce(jsonb_agg(to_jsonb(o) || jsonb_build_object('lines', (
                    SELECT coalesce(jsonb_agg(jsonb_build_object(
                               'variant_id', h.variant_id, 'quantity', h.quantity, 'unit_minor', h.unit_minor,
                               'status', h.status) ORDER BY h.id), '[]')
                      FROM holds h WHERE h.shop_id = o.shop_id AND h.order_id = o.id)) ORDER BY o.id), '[]')
                   FROM orders o WHERE o.shop_id = current_shop()),
      'quotes', (SELECT coalesce(jsonb_agg(to_jsonb(q) || jsonb_build_object('lines', (
                    SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.position), '[]')
                      FROM quote_lines l WHERE l.shop_id = q.shop_id AND l.quote_id = q.id)) ORDER BY q.id), '[]')
                   FROM quotes q WHERE q.shop_id = current_shop()),
      'intakes', (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.id), '[]') FROM intakes i
                   WHERE i.shop_id = current_shop()),
      'waitlist', (SELECT coalesce(jsonb_agg(to_jsonb(w) ORDER BY w.id), '[]') FROM waitlist w
                    WHERE w.shop_id = current_shop()),
      'escalations', (SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.id), '[]') FROM escalations e
                       WHERE e.shop_id = current_shop()),
      'refunds', (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.id), '[]') FROM refunds r
                   WHERE r.shop_id = current_shop()),
      'payments', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]') FROM payments p
                    WHERE p.shop_id = current_shop()),
      'stock', (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.variant_id), '[]') FROM stock_levels s
                 WHERE s.shop_id = current_shop()),
      'prices', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                            'variant_id', v.id, 'product_id', p.id, 'code', p.code, 'title', p.title,
                            'options', v.options, 'unit_minor', coalesce(v.price_minor, p.price_minor))
                            ORDER BY v.id), '[]')
                   FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
                  WHERE v.shop_id = current_shop()),
      'breaks', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.product_id, b.min_quantity), '[]')
                   FROM price_breaks b WHERE b.shop_id = current_shop()),
      'promotions', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]') FROM promotions p
                      WHERE p.shop_id = current_shop()),
      'turns', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'effects', t.effects, 'usage', t.usage,
                                  'outcome', t.outcome, 'reading', t.reading) ORDER BY t.id), '[]')
                  FROM turns t WHERE t.shop_id = current_shop() AND t.conversation_id = %(thread)s),
      'replies', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'reply', o.reply) ORDER BY o.id), '[]')
                    FROM outbox o WHERE o.shop_id = current_shop() AND o.conversation_id = %(thread)s),
      'handler', (SELECT handler FROM conversations WHERE shop_id = current_shop() AND id = %(thread)s)
    ) AS look
"""


async def look(tx: Tx, conversation_id: int) -> dict[str, Any]:
    """Everything of a shop that a turn may change, and what was said in one thread."""
    cursor = await tx.execute(_LOOK, {"thread": conversation_id})
    row = await cursor.fetchone()
    assert row is not None
    found: dict[str, Any] = row["look"]
    return found


async def unanswered(tx: Tx) -> int:
    """Messages that no turn has answered."""
    cursor = await tx.execute("SELECT count(*) AS n FROM messages WHERE shop_id = current_shop() AND turn_id IS NULL")
    row = await cursor.fetchone()
    return int(row["n"]) if row else 0


def as_date(written: Any) -> date | None:
    """The day of an ISO date or time as JSON has it."""
    return date.fromisoformat(str(written)[:10]) if written else None
