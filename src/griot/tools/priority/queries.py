"""Every statement of the order in which conversations want a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import orjson
from psycopg import sql

from griot.core.db.pool import Tx
from griot.tools.conversations.inbox_queries import SHOWN


async def take_calls(tx: Tx, most: int) -> list[int]:
    """Threads about which something has changed; nobody else gets them. Calls of one thread count once."""
    cursor = await tx.execute(
        """
        WITH taken AS (
            DELETE FROM inbox_calls WHERE shop_id = current_shop() AND id = ANY (ARRAY(
                SELECT id FROM inbox_calls WHERE shop_id = current_shop() ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
            RETURNING conversation_id)
        SELECT DISTINCT conversation_id FROM taken ORDER BY conversation_id
        """,
        (most,),
    )
    return [row["conversation_id"] for row in await cursor.fetchall()]


async def facts(tx: Tx, conversation_ids: Sequence[int], now: datetime, recent: int) -> list[dict[str, Any]]:
    """What speaks for and against each thread; of moods and questions, those of its ``recent`` last turns.

    Who was forgotten has no thread any more.

    A person is waited for since the thread was put before one, or, where a person answers, since the first words of
    the buyer that they have not answered.
    """
    cursor = await tx.execute(
        """
        SELECT c.id AS conversation_id, wrote.at AS written_at,
               coalesce(c.last_inbound_at, wrote.at, c.created_at) AS active_at, c.handler = 'human' AS human,
               CASE WHEN e.created_at >= coalesce(human.at, e.created_at) THEN e.created_at
                    WHEN c.handler = 'human' THEN open.at END AS waits_since, e.reason,
               coalesce(nullif(e.sentiment, 'neutral'), said.mood, 'neutral') AS mood, said.asked,
               coalesce(o.runs AND o.expires_at > %(now)s, false) AS holds,
               coalesce(o.runs AND o.status = 'awaiting_payment' AND o.expires_at > %(now)s, false) AS asked_to_pay,
               coalesce(o.runs AND o.expires_at > %(now)s AND paid.status = 'failed', false) AS payment_failed,
               coalesce(o.status = 'expired' OR o.runs AND o.expires_at <= %(now)s, false) AS let_go,
               EXISTS (SELECT FROM quotes q WHERE q.shop_id = c.shop_id AND q.conversation_id = c.id
                          AND q.status = 'open' AND q.valid_until >= %(now)s::date) AS quoted,
               whole.paid_orders, whole.expired_holds, whole.spent_minor, whole.payment_seconds, s.currency
          FROM conversations c
          JOIN shops s ON s.shop_id = c.shop_id
         CROSS JOIN LATERAL person_of(c.customer_id) AS whole
          LEFT JOIN escalations e ON e.shop_id = c.shop_id AND e.conversation_id = c.id AND e.status = 'open'
          LEFT JOIN LATERAL (
               SELECT m.received_at AS at FROM messages m
                WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id
                  AND m.kind NOT IN ('echo', 'system', 'reaction') ORDER BY m.id DESC LIMIT 1) AS wrote ON true
          LEFT JOIN LATERAL (
               SELECT max(x.created_at) AS at FROM outbox x
                WHERE x.shop_id = c.shop_id AND x.conversation_id = c.id AND x.author IS NOT NULL) AS wrote_here ON true
          LEFT JOIN LATERAL (
               SELECT max(x.received_at) AS at FROM messages x
                WHERE x.shop_id = c.shop_id AND x.conversation_id = c.id AND x.kind = 'echo'
                  AND is_own_echo(x.conversation_id, x.external_id) IS FALSE) AS wrote_by_phone ON true
         CROSS JOIN LATERAL (SELECT greatest(wrote_here.at, wrote_by_phone.at) AS at) AS human
          LEFT JOIN LATERAL (
               SELECT max(x.created_at) AS at FROM outbox x
                WHERE x.shop_id = c.shop_id AND x.conversation_id = c.id AND human.at IS NULL) AS agent ON true
          LEFT JOIN LATERAL (
               SELECT min(m.received_at) AS at FROM messages m
                WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id
                  AND m.kind NOT IN ('echo', 'system', 'reaction')
                  AND m.received_at > coalesce(human.at, agent.at, '-infinity')) AS open ON true
          LEFT JOIN LATERAL (
               SELECT (array_agg(t.reading ->> 'sentiment' ORDER BY t.id DESC)
                          FILTER (WHERE t.reading ? 'sentiment'))[1] AS mood,
                      coalesce(bool_or(t.effects @> '[{"action": "search"}]'), false) AS asked
                 FROM (SELECT * FROM turns l WHERE l.shop_id = c.shop_id AND l.conversation_id = c.id
                        ORDER BY l.id DESC LIMIT %(recent)s) AS t) AS said ON true
          LEFT JOIN LATERAL (
               SELECT r.id, r.status, r.expires_at,
                      r.status IN ('reserved', 'awaiting_payment') AND r.confirmed_at IS NULL AS runs FROM orders r
                WHERE r.shop_id = c.shop_id AND r.customer_id = c.customer_id ORDER BY r.id DESC LIMIT 1) AS o ON true
          LEFT JOIN LATERAL (
               SELECT p.status FROM payments p WHERE p.shop_id = c.shop_id AND p.order_id = o.id
                ORDER BY p.id DESC LIMIT 1) AS paid ON true
         WHERE c.shop_id = current_shop() AND c.id = ANY (%(ids)s) AND NOT starts_with(c.recipient, 'erased:')
        """,
        {"ids": list(conversation_ids), "now": now, "recent": recent},
    )
    return await cursor.fetchall()


async def save(tx: Tx, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Write where threads stand, and tell who watches of those that moved. Who looked at a thread earlier, and comes
    later, changes nothing."""
    await tx.execute(
        """
        WITH given AS (
            SELECT * FROM jsonb_to_recordset(%(rows)s) AS x(
                conversation_id bigint, score int, reasons jsonb, advice text[], place bigint, waits_since timestamptz,
                human boolean, hot boolean, angry boolean, written_at timestamptz)
        ), written AS (
            INSERT INTO inbox AS i (shop_id, conversation_id, score, reasons, advice, place, waits_since, human, hot,
                                    angry, written_at, scored_at)
            SELECT current_shop(), conversation_id, score, reasons, advice, place, waits_since, human, hot, angry,
                   written_at, %(now)s FROM given ORDER BY conversation_id
            ON CONFLICT (shop_id, conversation_id) DO UPDATE
               SET score = excluded.score, reasons = excluded.reasons, advice = excluded.advice,
                   place = excluded.place, waits_since = excluded.waits_since, human = excluded.human,
                   hot = excluded.hot, angry = excluded.angry, written_at = excluded.written_at,
                   scored_at = excluded.scored_at
             WHERE i.scored_at <= excluded.scored_at
            RETURNING shop_id, conversation_id
        )
        SELECT pg_notify('griot_feed', shop_id || ' ' || conversation_id) FROM written
        """,
        {"rows": orjson.dumps(rows).decode(), "now": now},
    )


async def page(
    tx: Tx, limit: int, after: tuple[int, int] | None, filter_by: str, channel: str | None, words: str | None
) -> list[dict[str, Any]]:
    """Threads in the order in which they want a person. ``filter_by``: one of ``service.FILTERS``. ``words``: a part of
    the buyer's name or phone, or of what they wrote.

    The vendor's own thread is not a buyer's, and that of somebody who was erased is nobody's.
    """
    query = sql.SQL("""
        WITH page AS MATERIALIZED (
            SELECT i.conversation_id AS thread, row_number() OVER (ORDER BY i.place, i.conversation_id) AS place
              FROM inbox i
             WHERE i.shop_id = current_shop() AND {which}
               AND (i.place, i.conversation_id) > (coalesce(%(place)s::bigint, '-9223372036854775808'::bigint),
                                                   coalesce(%(id)s::bigint, 0))
               AND {found}
             ORDER BY i.place, i.conversation_id LIMIT %(limit)s), shown AS (
    """).format(which=_WHICH[filter_by], found=_found(channel, words))
    cursor = await tx.execute(
        query
        + sql.SQL(SHOWN)
        + sql.SQL(") SELECT shown.*, ")
        + sql.SQL(_STANDS)
        + sql.SQL(
            " FROM shown JOIN inbox i ON i.shop_id = current_shop() AND i.conversation_id = shown.id"
            " ORDER BY i.place, i.conversation_id"
        ),
        {
            "limit": limit,
            "place": after[0] if after else None,
            "id": after[1] if after else None,
            "channel": channel,
            "words": _pattern(words) if words else None,
            "digits": "".join(filter(str.isdigit, words or "")) or None,
        },
    )
    return await cursor.fetchall()


async def one(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """Where one thread stands."""
    cursor = await tx.execute(
        f"SELECT {_STANDS} FROM inbox i WHERE i.shop_id = current_shop() AND i.conversation_id = %s",  # noqa: S608
        (conversation_id,),
    )
    return await cursor.fetchone()


async def counts(tx: Tx, most: int) -> dict[str, int]:
    """How many threads each filter holds, counted no further than ``most``."""
    parts = [
        sql.SQL(
            "(SELECT count(*) FROM (SELECT FROM inbox i WHERE i.shop_id = current_shop() AND {} LIMIT %(most)s) AS x)"
            " AS {}"
        ).format(which, sql.Identifier(name))
        for name, which in _WHICH.items()
        if name != "all"
    ]
    cursor = await tx.execute(sql.SQL("SELECT ") + sql.SQL(", ").join(parts), {"most": most})
    row = await cursor.fetchone()
    assert row is not None
    return row


async def channels(tx: Tx) -> list[str]:
    """The channels on which the shop has an account."""
    cursor = await tx.execute(
        "SELECT DISTINCT channel FROM channel_accounts WHERE shop_id = current_shop() ORDER BY channel"
    )
    return [row["channel"] for row in await cursor.fetchall()]


async def mark_seen(tx: Tx, conversation_id: int, now: datetime) -> bool:
    """A person has read the thread; false when there was nothing new in it."""
    cursor = await tx.execute(
        "UPDATE inbox SET seen_at = %s WHERE shop_id = current_shop() AND conversation_id = %s AND unread"
        " RETURNING conversation_id",
        (now, conversation_id),
    )
    return await cursor.fetchone() is not None


_STANDS: LiteralString = (
    "i.score, i.reasons, i.advice, i.place AS first, i.waits_since, i.hot, i.angry, i.unread, i.written_at"
)
_WHICH: dict[str, sql.SQL] = {
    "all": sql.SQL("true"),
    "waiting": sql.SQL("i.waits_since IS NOT NULL"),
    "human": sql.SQL("i.human"),
    "hot": sql.SQL("i.hot"),
    "angry": sql.SQL("i.angry"),
    "unread": sql.SQL("i.unread"),
}
_NOT_THE_VENDORS: LiteralString = """
    EXISTS (SELECT FROM conversations c
             WHERE c.shop_id = i.shop_id AND c.id = i.conversation_id AND NOT starts_with(c.recipient, 'erased:')
               AND c.recipient IS DISTINCT FROM
                   'phone:' || (SELECT vendor_phone FROM shops WHERE shop_id = current_shop())
"""
_ON_CHANNEL: LiteralString = """
               AND c.account_id = ANY (ARRAY(
                   SELECT id FROM channel_accounts WHERE shop_id = current_shop() AND channel = %(channel)s))
"""
_WITH_WORDS: LiteralString = """
               AND (EXISTS (SELECT FROM customers p WHERE p.shop_id = c.shop_id AND p.id = c.customer_id
                               AND (p.name ~* %(words)s OR strpos(p.phone, %(digits)s) > 0))
                    OR EXISTS (SELECT FROM messages m WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id
                                  AND m.text ~* %(words)s))
"""


# A search without accents and case: one pass of a pattern costs a tenth of translating every message.
_LETTERS = {
    letter: f"[{alike}]" for alike in ("aàâäáã", "eéèêë", "iîïí", "oôöóõ", "uùûüú", "cç", "nñ") for letter in alike
}


def _pattern(words: str) -> str:
    """What finds these words wherever they stand, taken as they are."""
    return "".join(
        _LETTERS.get(sign) or (sign if sign.isalnum() or sign == " " else f"\\{sign}") for sign in words.lower()
    )


def _found(channel: str | None, words: str | None) -> sql.SQL:
    return sql.SQL(_NOT_THE_VENDORS + (_ON_CHANNEL if channel else "") + (_WITH_WORDS if words else "") + ")")
