"""Every statement of the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from griot.channels.port import WINDOW
from griot.core.db.pool import Tx

# Meta, channels: one message per 6 s to the same person, bursts of 45 borrowed from the future.
PAIR_BURST = 45
PAIR_WINDOW = timedelta(seconds=6 * PAIR_BURST)
# A number may send this much ahead of its steady rate.
ACCOUNT_BURST = timedelta(milliseconds=250)
# No two processes' clocks differ by more, and no rate is used further ahead (a message a second is the slowest).
CLOCKS_APART = timedelta(seconds=5)
PRIVATE_REPLY_WINDOW = timedelta(days=7)  # after a comment; one message for each comment
# Longer than any back-off or pause, except for the messages that are put off for a day.
FAR_AHEAD = timedelta(minutes=15)


async def insert(tx: Tx, rows: list[dict[str, Any]], now: datetime) -> None:
    """Queue messages, each dedupe key once, and wake the senders; nothing for a buyer who was forgotten."""
    await tx.execute(
        """
        WITH wanted AS (
            SELECT * FROM ROWS FROM (jsonb_to_recordset(%(rows)s)
                AS (conversation_id bigint, turn_id bigint, dedupe_key text, reply jsonb, author text,
                    good_until timestamptz, held_order bigint)) WITH ORDINALITY
                AS x(conversation_id, turn_id, dedupe_key, reply, author, good_until, held_order, n)
        )
        INSERT INTO outbox (shop_id, conversation_id, account_id, turn_id, dedupe_key, reply, author, good_until,
                            held_order, next_at, created_at)
        SELECT current_shop(), c.id, c.account_id, w.turn_id, w.dedupe_key, w.reply, w.author, w.good_until,
               w.held_order, %(now)s, %(now)s
          FROM wanted w JOIN conversations c ON c.shop_id = current_shop() AND c.id = w.conversation_id
         WHERE NOT starts_with(c.recipient, 'erased:')
         ORDER BY w.n
        ON CONFLICT (shop_id, dedupe_key) DO NOTHING
        """,
        {"rows": orjson.dumps(rows).decode(), "now": now},
    )
    await tx.execute("SELECT pg_notify('griot_sends', current_shop()::text)")


async def vendor_conversation(tx: Tx, phone: str, now: datetime) -> int | None:
    """The thread with the vendor's own phone, on the shop's first number; none when no number is connected."""
    cursor = await tx.execute(
        """
        SELECT resolve_conversation(a.id, resolve_customer(a.channel, ARRAY['phone:' || %(phone)s], NULL, %(phone)s,
                                                           %(now)s), 'phone:' || %(phone)s, %(now)s) AS id
          FROM (SELECT id, channel FROM channel_accounts WHERE shop_id = current_shop() AND channel = 'whatsapp'
                 ORDER BY id LIMIT 1) AS a
        """,
        {"phone": phone, "now": now},
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def lock_account(tx: Tx, now: datetime, but: Sequence[int]) -> dict[str, Any] | None:
    """The account whose turn it is to send: not paused, something due, nobody else claiming for it just now.

    A pause or a use of the rate further ahead than any we note down is one of a clock that was set back since.
    """
    cursor = await tx.execute(
        """
        SELECT a.id, a.channel, a.external_id, a.access_token, a.messages_per_second,
               CASE WHEN a.rate_tat > %(now)s + %(apart)s THEN %(now)s ELSE a.rate_tat END AS rate_tat
          FROM channel_accounts a
         WHERE a.shop_id = current_shop() AND a.id <> ALL (%(but)s)
           AND (a.paused_until <= %(now)s OR a.paused_until > %(now)s + %(far)s)
           AND (a.rate_tat <= %(now)s + %(burst)s OR a.rate_tat > %(now)s + %(apart)s)
           AND EXISTS (SELECT FROM outbox o WHERE o.shop_id = a.shop_id AND o.account_id = a.id
                          AND o.status = 'queued' AND o.next_at <= %(now)s)
         ORDER BY a.rate_tat LIMIT 1
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        {"now": now, "burst": ACCOUNT_BURST, "far": FAR_AHEAD, "apart": CLOCKS_APART, "but": list(but)},
    )
    return await cursor.fetchone()


async def claim(
    tx: Tx, account_id: int, limit: int, sender: int, now: datetime, grace: timedelta, human_window: timedelta
) -> list[dict[str, Any]]:
    """Take due messages of an account: the oldest of each thread, so that order is kept, within the pair's rate.

    A message that is put off for a day, or waits for the buyer, steps aside. Outside the window (``human_window`` for
    what a person wrote) a message is the private reply to the last comment that may have one (``open_comment``, 0017).
    """
    cursor = await tx.execute(
        """
        WITH due AS (
            SELECT o.id, open_comment(o.conversation_id, o.id, %(now)s - %(reply_window)s, o.created_at) AS comment
              FROM outbox o
             WHERE o.shop_id = current_shop() AND o.account_id = %(account)s
               AND o.status = 'queued' AND o.next_at <= %(now)s
               AND NOT EXISTS (SELECT FROM outbox e
                                WHERE e.shop_id = o.shop_id AND e.conversation_id = o.conversation_id AND e.id < o.id
                                  AND e.status IN ('queued', 'sending', 'unknown')
                                  AND NOT (e.status = 'queued' AND (e.waits OR e.next_at > %(now)s + %(far)s)))
               AND (SELECT count(*) FROM (SELECT p.sent_at FROM outbox p
                                           WHERE p.shop_id = o.shop_id AND p.conversation_id = o.conversation_id
                                             AND p.id < o.id
                                           ORDER BY p.id DESC LIMIT %(pair_burst)s) AS recent
                     WHERE recent.sent_at > %(pair_since)s AND recent.sent_at <= %(now)s) < %(pair_burst)s
             ORDER BY o.next_at, o.id LIMIT %(limit)s
               FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox o SET status = 'sending', attempts = o.attempts + 1, sender = %(sender)s, claimed_at = %(now)s,
                            next_at = %(now)s + %(grace)s, numbered = NULL, waits = false,
                            replies_to = CASE WHEN c.last_inbound_at > %(now)s - %(window)s
                                                OR o.author IS NOT NULL
                                               AND c.last_inbound_at > %(now)s - %(human_window)s THEN NULL
                                              ELSE due.comment END
          FROM due, conversations c
         WHERE o.shop_id = current_shop() AND o.id = due.id
           AND c.shop_id = o.shop_id AND c.id = o.conversation_id
        RETURNING o.id, o.conversation_id, o.reply, o.attempts, o.created_at, o.author, o.good_until,
                  coalesce('comment:' || o.replies_to, c.recipient) AS recipient,
                  o.replies_to IS NOT NULL OR coalesce(c.last_inbound_at > %(now)s - %(window)s, false) AS window_open,
                  o.author IS NOT NULL AND o.replies_to IS NULL
                      AND coalesce(c.last_inbound_at <= %(now)s - %(window)s
                                   AND c.last_inbound_at > %(now)s - %(human_window)s, false) AS late,
                  coalesce(o.good_until > %(now)s, true)
                      AND (o.held_order IS NULL
                           OR EXISTS (SELECT FROM orders h WHERE h.shop_id = o.shop_id AND h.id = o.held_order
                                         AND h.status IN ('reserved', 'awaiting_payment') AND h.expires_at > %(now)s))
                      AS good
        """,
        {
            "account": account_id,
            "limit": limit,
            "sender": sender,
            "now": now,
            "grace": grace,
            "pair_burst": PAIR_BURST,
            "pair_since": now - PAIR_WINDOW,
            "window": WINDOW,
            "human_window": human_window,
            "reply_window": PRIVATE_REPLY_WINDOW,
            "far": FAR_AHEAD,
        },
    )
    return await cursor.fetchall()


async def open_comment(tx: Tx, conversation_id: int, now: datetime) -> str | None:
    """The comment that a message queued now would be the private reply to."""
    cursor = await tx.execute(
        "SELECT open_comment(%s, 0, %s, %s) AS comment", (conversation_id, now - PRIVATE_REPLY_WINDOW, now)
    )
    row = await cursor.fetchone()
    return row["comment"] if row else None


async def spend_rate(tx: Tx, account_id: int, rate_tat: datetime) -> None:
    """Note how far ahead the account has used its rate."""
    await tx.execute(
        "UPDATE channel_accounts SET rate_tat = %s WHERE shop_id = current_shop() AND id = %s", (rate_tat, account_id)
    )


async def note_numbers(tx: Tx, message_id: int, numbered: list[dict[str, str]]) -> None:
    """The choices that a claimed message is about to show with numbers: 1 is the first."""
    await tx.execute(
        "UPDATE outbox SET numbered = %s WHERE shop_id = current_shop() AND id = %s",
        (orjson.dumps(numbered).decode(), message_id),
    )


async def record(tx: Tx, rows: list[dict[str, Any]], now: datetime) -> None:
    """Write what became of claimed messages. What a status webhook has settled meanwhile stays settled.

    That a message was sent is believed even when it has been queued again since.
    """
    await tx.execute(
        """
        WITH result AS (
            SELECT * FROM jsonb_to_recordset(%(rows)s)
                AS x(id bigint, outcome text, external_id text, error jsonb, next_at timestamptz)
        ), locked AS (
            SELECT o.id FROM outbox o JOIN result r ON r.id = o.id
             WHERE o.shop_id = current_shop()
               AND (o.status IN ('sending', 'unknown') OR o.status = 'queued' AND r.outcome = 'sent')
             ORDER BY o.id FOR UPDATE OF o
        )
        UPDATE outbox o SET
            status = CASE r.outcome WHEN 'sent' THEN 'sent' WHEN 'retry' THEN 'queued'
                                    WHEN 'unknown' THEN 'unknown' ELSE 'failed' END,
            external_id = coalesce(o.external_id, r.external_id),
            sent_at = CASE WHEN r.outcome = 'sent' THEN %(now)s ELSE o.sent_at END,
            delivery = CASE WHEN r.outcome = 'failed' THEN 'failed' ELSE o.delivery END,
            error = r.error, next_at = r.next_at, sender = NULL
          FROM result r JOIN locked USING (id)
         WHERE o.shop_id = current_shop() AND o.id = r.id
        """,
        {"rows": orjson.dumps(rows).decode(), "now": now},
    )


async def wait(tx: Tx, rows: list[dict[str, Any]], now: datetime) -> None:
    """Put claimed messages back until their buyers write. A turn that has a buyer's words is waited for: whose buyer
    has written meanwhile is due at once."""
    await tx.execute(
        """
        WITH result AS (
            SELECT * FROM jsonb_to_recordset(%(rows)s) AS x(id bigint, next_at timestamptz)
        ), thread AS (
            SELECT c.id, coalesce(c.last_inbound_at > %(now)s - %(window)s, false) AS open FROM conversations c
             WHERE c.shop_id = current_shop() AND c.id IN (
                   SELECT o.conversation_id FROM outbox o JOIN result r ON r.id = o.id WHERE o.shop_id = current_shop())
             ORDER BY c.id FOR SHARE
        )
        UPDATE outbox o SET status = 'queued', attempts = o.attempts - 1, sender = NULL, waits = NOT thread.open,
                            next_at = CASE WHEN thread.open THEN %(now)s ELSE r.next_at END
          FROM result r, thread
         WHERE o.shop_id = current_shop() AND o.id = r.id AND o.conversation_id = thread.id
           AND o.status IN ('sending', 'unknown')
        """,
        {"rows": orjson.dumps(rows).decode(), "now": now, "window": WINDOW},
    )


async def release(tx: Tx, conversation_ids: Sequence[int], now: datetime) -> None:
    """Messages that waited for these buyers are due, where the agent answers, and the senders are woken."""
    await tx.execute(
        """
        WITH due AS (
            UPDATE outbox o SET waits = false, next_at = %(now)s
              FROM conversations c
             WHERE o.shop_id = current_shop() AND o.waits AND o.conversation_id = ANY (%(threads)s)
               AND c.shop_id = o.shop_id AND c.id = o.conversation_id AND c.handler = 'agent'
            RETURNING o.id
        )
        SELECT pg_notify('griot_sends', current_shop()::text) FROM due LIMIT 1
        """,
        {"threads": list(conversation_ids), "now": now},
    )


async def catch_up_statuses(tx: Tx, external_ids: Sequence[str]) -> None:
    """Apply statuses that came before we knew the channel's id of the message, and did not carry ours."""
    await tx.execute(
        """
        WITH early AS (
            SELECT DISTINCT ON (s.external_id) s.external_id, s.status, s.error FROM statuses s
             WHERE s.shop_id = current_shop() AND s.external_id = ANY (%s) AND s.outbox_id IS NULL
               AND s.status IN ('sent', 'delivered', 'read', 'played', 'failed')
             ORDER BY s.external_id, array_position(ARRAY['failed', 'played', 'read', 'delivered', 'sent'], s.status)
        )
        UPDATE outbox o SET delivery = early.status, error = coalesce(early.error, o.error),
                            status = CASE WHEN early.status = 'failed' THEN 'failed' ELSE o.status END
          FROM early WHERE o.shop_id = current_shop() AND o.external_id = early.external_id AND o.delivery IS NULL
        """,
        (list(external_ids),),
    )


async def pause_account(tx: Tx, account_id: int, until: datetime, reason: str) -> None:
    """Let an account rest: over its rate, or locked out until the shop acts."""
    await tx.execute(
        "UPDATE channel_accounts SET paused_until = greatest(paused_until, %s), pause_reason = %s"
        " WHERE shop_id = current_shop() AND id = %s",
        (until, reason, account_id),
    )


async def mind_the_clock(tx: Tx, now: datetime, grace: timedelta) -> None:
    """Messages from the future tell that the clock was set back: they wait from now on, not until it is there again."""
    await tx.execute(
        """
        UPDATE outbox SET claimed_at = least(claimed_at, %(now)s),
                          next_at = %(now)s + CASE status WHEN 'queued' THEN interval '0' ELSE %(grace)s END
         WHERE shop_id = current_shop() AND status IN ('queued', 'sending', 'unknown') AND next_at > %(now)s
           AND coalesce(claimed_at, created_at) > %(now)s
        """,
        {"now": now, "grace": grace},
    )


async def abandon(tx: Tx, now: datetime) -> None:
    """Messages whose sender has died, after the time in which a status webhook would have told that they went out.

    A sender holds an advisory lock of its own number for as long as it lives, so no clock can take a message from it.
    """
    await tx.execute(
        """
        UPDATE outbox o SET status = 'unknown', next_at = %(now)s, sender = NULL
         WHERE o.shop_id = current_shop() AND o.status = 'sending' AND o.next_at <= %(now)s
           AND pg_try_advisory_xact_lock(o.sender)
        """,
        {"now": now},
    )


async def forget_own_echoes(tx: Tx, external_ids: Sequence[str]) -> None:
    """What a channel told back of messages that are in the outbox says nothing new."""
    await tx.execute(
        """
        DELETE FROM messages m
         WHERE m.shop_id = current_shop() AND m.external_id = ANY (%s) AND m.kind = 'echo' AND m.turn_id IS NULL
           AND EXISTS (SELECT FROM outbox o WHERE o.shop_id = current_shop() AND o.external_id = m.external_id)
        """,
        (list(external_ids),),
    )


async def recognise_echoes(tx: Tx, now: datetime) -> None:
    """A message without an answer, in whose thread the channel has told of one since: that was it.

    Only where echoes do not carry our own mark; there, the mark has decided before.
    """
    cursor = await tx.execute(
        """
        WITH told AS (
            SELECT DISTINCT ON (o.id) o.id, m.external_id
              FROM outbox o
              JOIN messages m ON m.shop_id = o.shop_id AND m.conversation_id = o.conversation_id
             WHERE o.shop_id = current_shop() AND o.status = 'unknown'
               AND m.kind = 'echo' AND m.turn_id IS NULL AND m.received_at >= o.claimed_at
             ORDER BY o.id, m.id
        )
        UPDATE outbox o SET status = 'sent', external_id = told.external_id, sent_at = coalesce(o.sent_at, %(now)s),
                            error = NULL, sender = NULL
          FROM told WHERE o.shop_id = current_shop() AND o.id = told.id RETURNING o.external_id
        """,
        {"now": now},
    )
    if told := [row["external_id"] for row in await cursor.fetchall()]:
        await forget_own_echoes(tx, told)


async def let_go(tx: Tx, sender: int, in_flight: Sequence[int], now: datetime) -> None:
    """Messages held by a sender that is not sending them: it never learned that it had claimed them."""
    await tx.execute(
        """
        UPDATE outbox SET status = 'queued', next_at = %(now)s, sender = NULL, attempts = attempts - 1
         WHERE shop_id = current_shop() AND status = 'sending' AND sender = %(sender)s AND id <> ALL (%(in_flight)s)
        """,
        {"sender": sender, "in_flight": list(in_flight), "now": now},
    )


async def send_again(tx: Tx, now: datetime, grace: timedelta) -> int:
    """Queue unknown messages again once silence proves that they never went out.

    Silence proves something only while the channel is heard: another status of the account has come since, or so
    much time has passed that waiting longer helps nobody.
    """
    cursor = await tx.execute(
        """
        UPDATE outbox o SET status = 'queued', next_at = %(now)s
         WHERE o.shop_id = current_shop() AND o.status = 'unknown' AND o.next_at <= %(now)s
           AND (o.claimed_at + %(patience)s <= %(now)s
                OR EXISTS (SELECT FROM statuses s WHERE s.shop_id = o.shop_id AND s.account_id = o.account_id
                              AND s.received_at > o.claimed_at + %(grace)s))
        RETURNING o.id
        """,
        {"now": now, "grace": grace, "patience": 5 * grace},
    )
    return len(await cursor.fetchall())


async def next_due(tx: Tx) -> datetime | None:
    """When the outbox of the shop has to be looked at again."""
    cursor = await tx.execute(
        "SELECT min(next_at) AS at FROM outbox WHERE shop_id = current_shop()"
        " AND status IN ('queued', 'sending', 'unknown')"
    )
    row = await cursor.fetchone()
    return row["at"] if row else None
