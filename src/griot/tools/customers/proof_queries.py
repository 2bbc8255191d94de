"""Every statement about numbers that buyers gave, and whoever has them was asked about (0023)."""

from datetime import datetime, timedelta
from typing import Any

from griot.core.db.pool import Tx


async def owner(tx: Tx, customer_id: int, conversation_id: int, phone: str) -> dict[str, Any] | None:
    """Who writes from a number on WhatsApp, if that is another than the person who gave it, whom the agent answers and
    who wants to be written to; with the channel and the name of who gave it."""
    cursor = await tx.execute(
        """
        SELECT c.id AS thread, c.customer_id, coalesce(c.language, p.language, s.language) AS language,
               from_account.channel, giver.name
          FROM identities i
          JOIN customers p ON p.shop_id = i.shop_id AND p.id = i.customer_id
          JOIN conversations c ON c.shop_id = i.shop_id AND c.customer_id = i.customer_id
          JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id AND a.channel = 'whatsapp'
          JOIN conversations given ON given.shop_id = i.shop_id AND given.id = %(given)s
          JOIN channel_accounts from_account
            ON from_account.shop_id = given.shop_id AND from_account.id = given.account_id
          JOIN customers giver ON giver.shop_id = i.shop_id AND giver.id = %(customer)s
          JOIN shops s ON s.shop_id = i.shop_id
         WHERE i.shop_id = current_shop() AND i.channel = 'whatsapp' AND i.external_id = 'phone:' || %(phone)s
           AND c.handler = 'agent' AND NOT p.opted_out AND i.customer_id <> ALL (records_of(%(customer)s))
         ORDER BY coalesce(c.last_inbound_at, c.created_at) DESC LIMIT 1
        """,
        {"customer": customer_id, "given": conversation_id, "phone": phone},
    )
    return await cursor.fetchone()


async def forget_unasked(tx: Tx, customer_id: int, phone: str) -> None:
    """A question that never went out was not asked."""
    await tx.execute(
        """
        DELETE FROM phone_proofs q
         WHERE q.shop_id = current_shop() AND q.customer_id = %s AND q.phone = %s AND q.answered_at IS NULL
           AND EXISTS (SELECT FROM outbox o WHERE o.shop_id = q.shop_id AND o.dedupe_key = 'proof:' || q.id
                          AND o.status = 'failed')
        """,
        (customer_id, phone),
    )


async def add(
    tx: Tx, customer_id: int, phone: str, conversation_id: int, now: datetime, most: int, rest: timedelta
) -> int | None:
    """Note a question; none when it was asked before, the person gave ``most`` numbers already, or whoever has this one
    was asked about somebody within ``rest``."""
    cursor = await tx.execute(
        """
        INSERT INTO phone_proofs (shop_id, customer_id, phone, conversation_id, asked_at)
        SELECT current_shop(), %(customer)s, %(phone)s, %(thread)s, %(now)s
         WHERE (SELECT count(*) FROM phone_proofs q
                 WHERE q.shop_id = current_shop() AND q.customer_id = ANY (records_of(%(customer)s))) < %(most)s
           AND NOT EXISTS (SELECT FROM phone_proofs q WHERE q.shop_id = current_shop() AND q.phone = %(phone)s
                              AND q.asked_at > %(now)s - %(rest)s)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        {
            "customer": customer_id,
            "phone": phone,
            "thread": conversation_id,
            "now": now,
            "most": most,
            "rest": rest,
        },
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def answer(
    tx: Tx, account_id: int, message_id: str, proof_id: int, confirmed: bool, now: datetime, since: datetime
) -> dict[str, Any] | None:
    """Close a question that was asked since a moment in the very thread that the answer came in: who gave the number,
    who has it, and whether they are one person already. None: there is no such question."""
    cursor = await tx.execute(
        """
        UPDATE phone_proofs q SET answered_at = %(now)s, confirmed = %(confirmed)s
          FROM messages m JOIN conversations c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
         WHERE q.shop_id = current_shop() AND q.id = %(proof)s AND q.answered_at IS NULL AND q.asked_at > %(since)s
           AND m.shop_id = q.shop_id AND m.account_id = %(account)s AND m.external_id = %(message)s
           AND m.conversation_id = q.conversation_id
        RETURNING q.customer_id AS giver, c.customer_id AS owner, q.customer_id = ANY (records_of(c.customer_id)) AS one
        """,
        {
            "proof": proof_id,
            "account": account_id,
            "message": message_id,
            "confirmed": confirmed,
            "now": now,
            "since": since,
        },
    )
    return await cursor.fetchone()
