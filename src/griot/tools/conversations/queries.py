"""Every statement of conversations and messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from griot.core.db.pool import Tx

# No lease of a thread is longer: one that ends later was made before the clock was set back.
LONGEST_THOUGHT = timedelta(minutes=10)


async def store_unrouted(tx: Tx, channel: str, ignored: list[dict[str, Any]], now: datetime) -> None:
    """Keep updates for an account that no shop has connected; needs no shop."""
    await tx.execute("SELECT door_unrouted(%s, %s, %s)", (channel, now, orjson.dumps(ignored).decode()))


async def route(tx: Tx, channel: str, external_id: str) -> dict[str, Any] | None:
    """The shop and account behind a channel's own id of an account; needs no shop."""
    cursor = await tx.execute(
        "SELECT shop_id, account_id, app_secret FROM door_account(%s, %s)", (channel, external_id)
    )
    return await cursor.fetchone()


async def receive(
    tx: Tx,
    channel: str,
    account_id: int,
    messages: list[dict[str, Any]],
    statuses: list[dict[str, Any]],
    ignored: list[dict[str, Any]],
    now: datetime,
) -> dict[str, int]:
    """Store everything that one delivery brought for an account, each update once (receive_updates, 0002)."""
    cursor = await tx.execute(
        "SELECT stored, repeated FROM receive_updates(%s, %s, %s, %s, %s, %s)",
        (
            channel,
            account_id,
            now,
            orjson.dumps(messages).decode(),
            orjson.dumps(statuses).decode(),
            orjson.dumps(ignored).decode(),
        ),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row


async def claim(
    tx: Tx, limit: int, before: datetime, now: datetime, only: int | None, deaf_since: datetime
) -> list[dict[str, Any]]:
    """Hold threads with unanswered messages for this transaction, the longest waiting first.

    Threads that another turn holds, or thinks about, are passed over, and so are those with a voice note that came
    after ``deaf_since`` and is not heard yet. A message dated after now (the clock was set back) does not wait.
    """
    cursor = await tx.execute(
        """
        WITH ready AS (
            SELECT m.conversation_id, min(m.received_at) AS since
              FROM messages m JOIN conversations t ON t.shop_id = m.shop_id AND t.id = m.conversation_id
             WHERE m.shop_id = current_shop() AND m.turn_id IS NULL
               AND (m.kind <> 'echo' OR is_own_echo(m.conversation_id, m.external_id) IS NOT NULL)
               AND CASE WHEN %(only)s::bigint IS NULL
                        THEN t.thinking_until <= %(now)s OR t.thinking_until > %(now)s + %(longest_thought)s
                        ELSE m.conversation_id = %(only)s END
               AND m.conversation_id NOT IN (SELECT listening_threads(%(deaf_since)s))
             GROUP BY m.conversation_id
            HAVING min(m.received_at) <= %(before)s OR min(m.received_at) > %(now)s
             ORDER BY since LIMIT 4 * %(limit)s::int
        )
        SELECT c.id, c.account_id, c.customer_id, c.recipient, c.handler, c.asked, c.language, c.troubles,
               c.told_closed_at
          FROM conversations c JOIN ready ON ready.conversation_id = c.id
         WHERE c.shop_id = current_shop()
         ORDER BY ready.since, c.id LIMIT %(limit)s
           FOR NO KEY UPDATE OF c SKIP LOCKED
        """,
        {
            "limit": limit,
            "before": before,
            "now": now,
            "only": only,
            "longest_thought": LONGEST_THOUGHT,
            "deaf_since": deaf_since,
        },
    )
    return await cursor.fetchall()


async def unanswered(tx: Tx, conversation_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The messages of held threads that no turn has answered, as the buyers wrote them.

    An echo of our own message is the channel's notice; one that may be of a message on its way is not there yet.
    """
    cursor = await tx.execute(
        """
        SELECT m.id, m.conversation_id, CASE WHEN own THEN 'system' ELSE m.kind END AS kind, m.text,
               m.payload, m.sent_at
          FROM messages m
         CROSS JOIN LATERAL (SELECT CASE WHEN m.kind = 'echo' THEN is_own_echo(m.conversation_id, m.external_id)
                                         ELSE false END AS own) AS e
         WHERE m.shop_id = current_shop() AND m.turn_id IS NULL AND m.conversation_id = ANY (%s) AND own IS NOT NULL
         ORDER BY m.sent_at, m.id
        """,
        (list(conversation_ids),),
    )
    return await cursor.fetchall()


async def numbered(tx: Tx, conversation_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The choices that the last messages of threads showed with numbers, unless a human has written since.

    One that is on its way counts when it has numbers: who answers with one has read it.
    """
    cursor = await tx.execute(
        """
        SELECT conversation_id, numbered FROM (
            SELECT DISTINCT ON (o.conversation_id) o.conversation_id, o.numbered, o.created_at
              FROM outbox o
             WHERE o.shop_id = current_shop() AND o.conversation_id = ANY (%s)
               AND (o.status IN ('sent', 'unknown') OR o.status = 'sending' AND o.numbered IS NOT NULL)
             ORDER BY o.conversation_id, o.created_at DESC, o.numbered IS NULL, o.id DESC) AS last
         WHERE numbered IS NOT NULL
           AND NOT EXISTS (SELECT FROM messages m
                            WHERE m.shop_id = current_shop() AND m.conversation_id = last.conversation_id
                              AND m.kind = 'echo' AND m.received_at > last.created_at
                              AND is_own_echo(m.conversation_id, m.external_id) IS FALSE)
        """,
        (list(conversation_ids),),
    )
    return await cursor.fetchall()


async def apply_receipts(tx: Tx, account_id: int, rows: list[dict[str, Any]]) -> None:
    """Receipts for everything that was sent to a person until a moment (apply_receipts, 0013)."""
    await tx.execute("SELECT apply_receipts(%s, %s)", (account_id, orjson.dumps(rows).decode()))


async def finish(tx: Tx, rows: list[dict[str, Any]], now: datetime) -> None:
    """Write turns, tie their messages to them and leave the threads as the turns left them."""
    await tx.execute(
        """
        WITH done AS (
            SELECT * FROM jsonb_to_recordset(%(rows)s) AS x(
                conversation_id bigint, message_ids bigint[], reading jsonb, outcome text, asked jsonb, language text,
                last_inbound_at timestamptz, handler text, effects jsonb, usage jsonb, troubled boolean,
                told_closed boolean)
        ), written AS (
            INSERT INTO turns (shop_id, conversation_id, reading, outcome, effects, usage, started_at, waited_ms)
            SELECT current_shop(), conversation_id, reading, outcome, effects, usage, %(now)s,
                   (SELECT least(2147483647, greatest(0, 1000 * extract(epoch FROM
                           %(now)s::timestamptz - max(m.received_at))))::int
                      FROM messages m WHERE m.shop_id = current_shop() AND m.id = ANY (message_ids)) FROM done
            RETURNING id, conversation_id
        ), tied AS (
            UPDATE messages m SET turn_id = w.id
              FROM written w JOIN done d USING (conversation_id)
             WHERE m.shop_id = current_shop() AND m.id = ANY (d.message_ids)
        )
        UPDATE conversations c SET asked = d.asked, language = coalesce(d.language, c.language), handler = d.handler,
                                   last_inbound_at = greatest(c.last_inbound_at, d.last_inbound_at),
                                   troubles = CASE WHEN d.troubled THEN c.troubles + 1 ELSE 0 END,
                                   told_closed_at = CASE WHEN d.told_closed THEN %(now)s ELSE c.told_closed_at END,
                                   thinking_until = 'epoch'
          FROM done d WHERE c.shop_id = current_shop() AND c.id = d.conversation_id
        """,
        {"rows": orjson.dumps(rows).decode(), "now": now},
    )


async def lease(tx: Tx, conversation_ids: Sequence[int], until: datetime) -> None:
    """Keep other turns off these threads while one thinks about them outside of a transaction."""
    await tx.execute(
        "UPDATE conversations SET thinking_until = %s WHERE shop_id = current_shop() AND id = ANY (%s)",
        (until, list(conversation_ids)),
    )


async def wake(tx: Tx) -> None:
    """Tell the workers that a thread of the shop may be taken again."""
    await tx.execute("SELECT pg_notify('griot_turns', current_shop()::text)")


async def call_listeners(tx: Tx) -> None:
    """Tell the workers that a voice note has come in."""
    await tx.execute("SELECT pg_notify('griot_hearings', current_shop()::text)")


async def history(tx: Tx, conversation_ids: Sequence[int], limit: int) -> list[dict[str, Any]]:
    """The last messages of threads that are answered, with the answers, oldest first."""
    cursor = await tx.execute(
        """
        SELECT t.id AS conversation_id, s.by, s.text, s.at
          FROM unnest(%(ids)s::bigint[]) AS t (id)
         CROSS JOIN LATERAL (
               SELECT * FROM (
                   SELECT CASE m.kind WHEN 'echo' THEN 'human' ELSE 'buyer' END AS by,
                          coalesce(m.text, '[' || m.kind || ']') AS text, m.received_at AS at, 0 AS place, m.id
                     FROM messages m
                    WHERE m.shop_id = current_shop() AND m.conversation_id = t.id AND m.turn_id IS NOT NULL
                      AND NOT (m.kind = 'echo' AND coalesce(is_own_echo(m.conversation_id, m.external_id), false))
                   UNION ALL
                   SELECT CASE WHEN o.author IS NULL THEN 'agent' ELSE 'human' END,
                          o.reply ->> 'text', o.created_at, 1, o.id FROM outbox o
                    WHERE o.shop_id = current_shop() AND o.conversation_id = t.id AND o.reply ? 'text'
               ) AS spoken ORDER BY at DESC, place DESC, id DESC LIMIT %(limit)s) AS s
         ORDER BY t.id, s.at, s.place, s.id
        """,
        {"ids": list(conversation_ids), "limit": limit},
    )
    return await cursor.fetchall()


async def set_handler(tx: Tx, conversation_id: int, handler: str) -> bool:
    """Give a thread to the agent or to a human; waits for a turn that holds it, so nobody is talked over."""
    cursor = await tx.execute(
        "UPDATE conversations SET handler = %s, asked = NULL WHERE shop_id = current_shop() AND id = %s"
        " AND handler <> %s RETURNING id",
        (handler, conversation_id, handler),
    )
    return await cursor.fetchone() is not None


async def set_asked(tx: Tx, conversation_id: int, asked: dict[str, Any]) -> None:
    """Note a question that was asked outside a turn, such as an offer to the next in line."""
    await tx.execute(
        "UPDATE conversations SET asked = %s WHERE shop_id = current_shop() AND id = %s",
        (orjson.dumps(asked).decode(), conversation_id),
    )


async def waiting_since(tx: Tx, now: datetime, deaf_since: datetime) -> datetime | None:
    """When the longest waiting unanswered message came in that nobody thinks about or listens to (see ``claim``)."""
    cursor = await tx.execute(
        """
        SELECT min(m.received_at) AS since
          FROM messages m JOIN conversations c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
         WHERE m.shop_id = current_shop() AND m.turn_id IS NULL
           AND (m.kind <> 'echo' OR is_own_echo(m.conversation_id, m.external_id) IS NOT NULL)
           AND (c.thinking_until <= %(now)s OR c.thinking_until > %(now)s + %(longest)s)
           AND m.conversation_id NOT IN (SELECT listening_threads(%(deaf_since)s))
        """,
        {"now": now, "longest": LONGEST_THOUGHT, "deaf_since": deaf_since},
    )
    row = await cursor.fetchone()
    return row["since"] if row else None


async def with_humans(tx: Tx) -> list[dict[str, Any]]:
    """Threads that a human answers or that wait for one, the longest waiting first."""
    cursor = await tx.execute(
        """
        SELECT c.id AS thread, coalesce(p.name, p.phone, c.recipient) AS buyer, c.handler, e.reason, e.summary
          FROM conversations c
          JOIN customers p ON p.shop_id = c.shop_id AND p.id = c.customer_id
          LEFT JOIN escalations e ON e.shop_id = c.shop_id AND e.conversation_id = c.id AND e.status = 'open'
         WHERE c.shop_id = current_shop() AND (c.handler = 'human' OR e.id IS NOT NULL)
         ORDER BY e.created_at NULLS FIRST, c.id
        """
    )
    return await cursor.fetchall()
