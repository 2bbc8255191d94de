"""Every statement that forgets a person (0021). ``customer_ids``: all of their records, locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx


async def lock_threads(tx: Tx, customer_ids: Sequence[int]) -> list[int]:
    """Nothing is written into these threads until the transaction ends: a message that comes now waits."""
    cursor = await tx.execute(
        "SELECT id FROM conversations WHERE shop_id = current_shop() AND customer_id = ANY (%s) ORDER BY id FOR UPDATE",
        (list(customer_ids),),
    )
    return [row["id"] for row in await cursor.fetchall()]


async def ties(tx: Tx, customer_ids: Sequence[int]) -> dict[str, Any]:
    """What is not finished with a person: refunds that were not given back, orders that are open."""
    cursor = await tx.execute(
        """
        SELECT EXISTS (SELECT FROM refunds r
                         JOIN payments p ON p.shop_id = r.shop_id AND p.id = r.payment_id
                         JOIN orders o ON o.shop_id = p.shop_id AND o.id = p.order_id
                        WHERE r.shop_id = current_shop() AND r.status IN ('staged', 'approved')
                          AND o.customer_id = ANY (%(ids)s)) AS refunds,
               EXISTS (SELECT FROM orders o WHERE o.shop_id = current_shop() AND o.customer_id = ANY (%(ids)s)
                          AND o.status IN ('reserved', 'awaiting_payment')) AS open_orders
        """,
        {"ids": list(customer_ids)},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def open_orders(tx: Tx, customer_ids: Sequence[int]) -> list[int]:
    """Orders of a person that go on."""
    cursor = await tx.execute(
        "SELECT id FROM orders WHERE shop_id = current_shop() AND customer_id = ANY (%s)"
        " AND status IN ('reserved', 'awaiting_payment') ORDER BY id",
        (list(customer_ids),),
    )
    return [row["id"] for row in await cursor.fetchall()]


async def erase_told(tx: Tx, customer_ids: Sequence[int], thread_ids: Sequence[int]) -> None:
    """What the shop said to the person, and what the vendor was told of them.

    What was still to be sent is not. Messages to the vendor are known by what they are about, daily briefings by the
    name or phone in them, on WhatsApp or by e-mail.
    """
    values = {"ids": list(customer_ids), "threads": list(thread_ids)}
    await tx.execute(
        "DELETE FROM statuses s USING outbox o WHERE s.shop_id = current_shop() AND o.shop_id = s.shop_id"
        " AND o.conversation_id = ANY (%(threads)s) AND s.account_id = o.account_id"
        " AND (s.external_id = o.external_id OR s.outbox_id = o.id)",
        values,
    )
    await tx.execute(
        """
        UPDATE outbox SET reply = '{}', external_id = NULL, replies_to = NULL, numbered = NULL, waits = false,
               status = CASE WHEN status IN ('queued', 'sending', 'unknown') THEN 'failed' ELSE status END,
               error = CASE WHEN status IN ('queued', 'sending', 'unknown') THEN '{"message": "erased"}'::jsonb END
         WHERE shop_id = current_shop() AND conversation_id = ANY (%(threads)s)
        """,
        values,
    )
    await tx.execute(
        """
        WITH known AS (
            SELECT 'payment-received:' || o.id AS key FROM orders o
             WHERE o.shop_id = current_shop() AND o.customer_id = ANY (%(ids)s)
            UNION SELECT 'order-sheet:' || o.id FROM orders o
             WHERE o.shop_id = current_shop() AND o.customer_id = ANY (%(ids)s)
            UNION SELECT 'vendor-refund:' || p.id FROM orders o
              JOIN payments p ON p.shop_id = o.shop_id AND p.order_id = o.id
             WHERE o.shop_id = current_shop() AND o.customer_id = ANY (%(ids)s)
            UNION SELECT 'intake:' || i.id FROM intakes i
             WHERE i.shop_id = current_shop() AND i.customer_id = ANY (%(ids)s)
            UNION SELECT 'proof:' || p.id FROM phone_proofs p
             WHERE p.shop_id = current_shop() AND p.customer_id = ANY (%(ids)s)
            UNION SELECT 'escalation:' || e.id FROM escalations e
             WHERE e.shop_id = current_shop() AND e.conversation_id = ANY (%(threads)s)
        )
        UPDATE outbox SET reply = '{}',
               status = CASE WHEN status IN ('queued', 'sending', 'unknown') THEN 'failed' ELSE status END
          FROM known WHERE shop_id = current_shop() AND dedupe_key = known.key
        """,
        values,
    )
    await tx.execute(
        """
        UPDATE outbox b SET reply = '{}'
          FROM customers c
         WHERE c.shop_id = current_shop() AND c.id = ANY (%(ids)s) AND b.shop_id = c.shop_id
           AND starts_with(b.dedupe_key, 'briefing:')
           AND (length(c.name) > 2 AND strpos(b.reply ->> 'text', c.name) > 0
                OR strpos(b.reply ->> 'text', c.phone) > 0)
        """,
        values,
    )
    await tx.execute(
        """
        UPDATE mails m SET body = '', due_at = NULL
          FROM customers c
         WHERE c.shop_id = current_shop() AND c.id = ANY (%(ids)s) AND m.shop_id = c.shop_id
           AND (length(c.name) > 2 AND strpos(m.body, c.name) > 0 OR strpos(m.body, c.phone) > 0)
        """,
        values,
    )


async def erase_papers(tx: Tx, customer_ids: Sequence[int]) -> None:
    """Quotes lose their paper, with the name on it. Invoices are kept as they were issued: the law asks for it."""
    await tx.execute(
        """
        UPDATE documents d SET content = '', sha256 = ''
          FROM quotes q WHERE q.shop_id = current_shop() AND q.customer_id = ANY (%(ids)s)
           AND d.shop_id = q.shop_id AND d.id = q.document_id
        """,
        {"ids": list(customer_ids)},
    )


async def erase_said(tx: Tx, customer_ids: Sequence[int], thread_ids: Sequence[int], now: datetime) -> int:
    """What the person said, its sound, how it was understood, and what they filled in; returns how many messages."""
    values = {"ids": list(customer_ids), "threads": list(thread_ids), "now": now}
    await tx.execute(
        "DELETE FROM hearings WHERE shop_id = current_shop() AND message_id IN"
        " (SELECT m.id FROM messages m WHERE m.shop_id = current_shop() AND m.conversation_id = ANY (%(threads)s))",
        values,
    )
    await tx.execute(
        "DELETE FROM received_files WHERE shop_id = current_shop() AND message_id IN"
        " (SELECT m.id FROM messages m WHERE m.shop_id = current_shop() AND m.conversation_id = ANY (%(threads)s))",
        values,
    )
    await tx.execute(
        "UPDATE ratings SET correction = '' WHERE shop_id = current_shop() AND conversation_id = ANY (%(threads)s)",
        values,
    )
    await tx.execute(
        """
        DELETE FROM ignored_updates u USING (
            SELECT DISTINCT split_part(i.external_id, ':', 2) AS name FROM identities i
             WHERE i.shop_id = current_shop() AND i.customer_id = ANY (%(ids)s)) AS called
         WHERE u.shop_id = current_shop() AND length(called.name) > 5 AND strpos(u.raw::text, called.name) > 0
        """,
        values,
    )
    await tx.execute(
        "UPDATE turns SET reading = '{}', effects = '[]' WHERE shop_id = current_shop()"
        " AND conversation_id = ANY (%(threads)s)",
        values,
    )
    await tx.execute(
        "UPDATE escalations SET summary = '', suggestion = '', status = 'closed' WHERE shop_id = current_shop()"
        " AND conversation_id = ANY (%(threads)s)",
        values,
    )
    await tx.execute(
        "DELETE FROM intakes WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s)",
        values,
    )
    cursor = await tx.execute(
        """
        WITH answered AS (
            INSERT INTO turns (shop_id, conversation_id, reading, outcome, started_at)
            SELECT DISTINCT current_shop(), m.conversation_id, '{}'::jsonb, 'erased', %(now)s FROM messages m
             WHERE m.shop_id = current_shop() AND m.turn_id IS NULL AND m.conversation_id = ANY (%(threads)s)
            RETURNING id, conversation_id
        ), changed AS (
            UPDATE messages m
               SET kind = 'text', text = '', payload = '{}', raw = '{}', external_id = 'erased:' || m.id,
                   turn_id = coalesce(m.turn_id,
                                      (SELECT a.id FROM answered a WHERE a.conversation_id = m.conversation_id))
             WHERE m.shop_id = current_shop() AND m.conversation_id = ANY (%(threads)s)
            RETURNING m.id
        )
        SELECT count(*) AS messages FROM changed
        """,
        values,
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["messages"])


async def erase_person(tx: Tx, customer_ids: Sequence[int], now: datetime) -> None:
    """Who the person is, on every channel. Counts, orders and links between records stay: they are the books'."""
    values = {"ids": list(customer_ids), "now": now}
    await tx.execute("DELETE FROM identities WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s)", values)
    await tx.execute(
        "DELETE FROM invitations WHERE shop_id = current_shop()"
        " AND (customer_id = ANY (%(ids)s) OR used_by = ANY (%(ids)s))",
        values,
    )
    await tx.execute(
        "DELETE FROM phone_proofs WHERE shop_id = current_shop() AND (customer_id = ANY (%(ids)s) OR conversation_id IN"
        " (SELECT id FROM conversations WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s)))",
        values,
    )
    await tx.execute(
        "DELETE FROM inbox WHERE shop_id = current_shop() AND conversation_id IN"
        " (SELECT id FROM conversations WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s))",
        values,
    )
    await tx.execute(
        "UPDATE waitlist SET status = 'left' WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s)"
        " AND status = 'waiting'",
        values,
    )
    await tx.execute(
        """
        UPDATE payments p SET checkout_url = NULL FROM orders o
         WHERE o.shop_id = current_shop() AND o.customer_id = ANY (%(ids)s)
           AND p.shop_id = o.shop_id AND p.order_id = o.id
        """,
        values,
    )
    await tx.execute(
        "UPDATE conversations SET recipient = 'erased:' || id, asked = NULL, language = NULL, handler = 'agent'"
        " WHERE shop_id = current_shop() AND customer_id = ANY (%(ids)s)",
        values,
    )
    await tx.execute(
        """
        UPDATE customers SET name = NULL, phone = NULL, language = NULL, tags = '{}', opted_out = true,
               marketing = NULL, marketing_at = NULL, marketing_how = NULL, prefers_voice = NULL, erased_at = %(now)s
         WHERE shop_id = current_shop() AND id = ANY (%(ids)s)
        """,
        values,
    )
