"""Every statement of ratings and of the cases that are made of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx

_RATING = """
    r.id, r.message_id, r.conversation_id, r.turn_id, r.actor, r.good, r.correction, r.intent, r.right_intent,
    r.rated_at, coalesce((SELECT jsonb_object_agg(u.use, u.target) FROM rating_uses u
                           WHERE u.shop_id = r.shop_id AND u.rating_id = r.id), '{}') AS uses
"""


async def turn_of(tx: Tx, message_id: int) -> dict[str, Any] | None:
    """The turn behind a reply of the agent; none when it answers nothing. A reply's key names the message that it
    answers."""
    cursor = await tx.execute(
        """
        SELECT o.conversation_id, t.id AS turn_id, t.reading
          FROM outbox o
          JOIN messages m ON m.shop_id = o.shop_id AND m.id = split_part(o.dedupe_key, ':', 2)::bigint
          JOIN turns t ON t.shop_id = m.shop_id AND t.id = m.turn_id
         WHERE o.shop_id = current_shop() AND o.id = %s AND o.author IS NULL AND o.dedupe_key ~ '^answer:[0-9]{1,18}:'
        """,
        (message_id,),
    )
    return await cursor.fetchone()


async def upsert(tx: Tx, row: Mapping[str, Any]) -> int:
    """Write what somebody thinks of a reply, over what they thought before."""
    cursor = await tx.execute(
        """
        INSERT INTO ratings (shop_id, message_id, conversation_id, turn_id, actor, good, correction, intent,
                             right_intent, created_at, rated_at)
        VALUES (current_shop(), %(message_id)s, %(conversation_id)s, %(turn_id)s, %(actor)s, %(good)s, %(correction)s,
                %(intent)s, %(right_intent)s, %(now)s, %(now)s)
        ON CONFLICT (shop_id, message_id, actor) DO UPDATE
           SET good = excluded.good, correction = excluded.correction, right_intent = excluded.right_intent,
               rated_at = excluded.rated_at
        RETURNING id
        """,
        row,
    )
    found = await cursor.fetchone()
    assert found is not None
    return int(found["id"])


async def one(tx: Tx, rating_id: int) -> dict[str, Any] | None:
    """A rating with its uses."""
    cursor = await tx.execute(
        f"SELECT {_RATING} FROM ratings r WHERE r.shop_id = current_shop() AND r.id = %s",  # noqa: S608 - a constant
        (rating_id,),
    )
    return await cursor.fetchone()


async def of_thread(tx: Tx, conversation_id: int, actor: str | None) -> list[dict[str, Any]]:
    """The ratings in a thread, one person's if named."""
    cursor = await tx.execute(
        f"""
        SELECT {_RATING} FROM ratings r
         WHERE r.shop_id = current_shop() AND r.conversation_id = %(thread)s
           AND (%(actor)s::text IS NULL OR r.actor = %(actor)s) ORDER BY r.message_id, r.id
        """,  # noqa: S608 - a constant of this file
        {"thread": conversation_id, "actor": actor},
    )
    return await cursor.fetchall()


async def page(tx: Tx, limit: int, before: int | None, good: bool | None) -> list[dict[str, Any]]:
    """Ratings as they were first given, the latest first, from before a number on."""
    cursor = await tx.execute(
        f"""
        SELECT {_RATING} FROM ratings r
         WHERE r.shop_id = current_shop() AND (%(before)s::bigint IS NULL OR r.id < %(before)s)
           AND (%(good)s::boolean IS NULL OR r.good = %(good)s)
         ORDER BY r.id DESC LIMIT %(limit)s
        """,  # noqa: S608 - a constant of this file
        {"limit": limit, "before": before, "good": good},
    )
    return await cursor.fetchall()


async def by_intent(tx: Tx, since: datetime) -> list[dict[str, Any]]:
    """Thumbs since a moment by what the agent did, the most criticised first."""
    cursor = await tx.execute(
        """
        SELECT intent, count(*) FILTER (WHERE good)::int AS up, count(*) FILTER (WHERE NOT good)::int AS down
          FROM ratings WHERE shop_id = current_shop() AND rated_at >= %s
         GROUP BY intent ORDER BY down DESC, up DESC, intent
        """,
        (since,),
    )
    return await cursor.fetchall()


async def per_day(tx: Tx, since: datetime) -> list[dict[str, Any]]:
    """Thumbs by the shop's day and what the agent did, from a moment on."""
    cursor = await tx.execute(
        """
        SELECT (r.rated_at AT TIME ZONE s.timezone)::date AS day, r.intent, count(*) FILTER (WHERE r.good)::int AS up,
               count(*) FILTER (WHERE NOT r.good)::int AS down
          FROM ratings r JOIN shops s ON s.shop_id = r.shop_id
         WHERE r.shop_id = current_shop() AND r.rated_at >= %s GROUP BY 1, 2 ORDER BY 1, 2
        """,
        (since,),
    )
    return await cursor.fetchall()


async def insert_use(tx: Tx, rating_id: int, use: str, target: str, now: datetime) -> None:
    """Write what was made of a rating; made again, it is the new one."""
    await tx.execute(
        """
        INSERT INTO rating_uses (shop_id, rating_id, use, target, created_at)
        VALUES (current_shop(), %s, %s, %s, %s)
        ON CONFLICT (shop_id, rating_id, use) DO UPDATE
           SET target = excluded.target, created_at = excluded.created_at
        """,
        (rating_id, use, target, now),
    )


async def situation(tx: Tx, turn_id: int, before: int) -> dict[str, Any] | None:
    """A turn with what was written, answered, said and held then; of what was said, the last ``before`` messages."""
    cursor = await tx.execute(
        """
        SELECT t.started_at, t.reading, coalesce(c.language, s.language) AS language, a.channel, turn.words,
               replies.texts AS replies, said.said, held.held AS "order", people.names, people.phones
          FROM turns t
          JOIN conversations c ON c.shop_id = t.shop_id AND c.id = t.conversation_id
          JOIN channel_accounts a ON a.shop_id = c.shop_id AND a.id = c.account_id
          JOIN shops s ON s.shop_id = t.shop_id
         CROSS JOIN LATERAL (
               SELECT array_agg(CASE WHEN m.kind IN ('image', 'video', 'document', 'sticker', 'contacts')
                                     THEN concat_ws(' ', '[' || m.kind || ']', m.text)
                                     ELSE coalesce(m.text, '[' || m.kind || ']') END ORDER BY m.sent_at, m.id) AS words,
                      min(m.id) AS first, max(m.id) AS last
                 FROM messages m WHERE m.shop_id = t.shop_id AND m.turn_id = t.id AND m.kind <> 'echo') AS turn
         CROSS JOIN LATERAL (
               SELECT array_agg(o.reply ->> 'text' ORDER BY o.id) AS texts
                 FROM outbox o WHERE o.shop_id = t.shop_id AND o.conversation_id = t.conversation_id
                  AND o.dedupe_key LIKE 'answer:' || turn.last || ':%%') AS replies
         CROSS JOIN LATERAL (
               SELECT coalesce(jsonb_agg(jsonb_build_array(x.by, x.text) ORDER BY x.at, x.n), '[]') AS said FROM (
                   SELECT * FROM (
                       SELECT 'buyer' AS by, m.text, m.received_at AS at, 0 AS n FROM messages m
                        WHERE m.shop_id = t.shop_id AND m.conversation_id = t.conversation_id AND m.id < turn.first
                          AND m.kind NOT IN ('echo', 'system', 'reaction') AND m.text IS NOT NULL
                       UNION ALL
                       SELECT 'agent', o.reply ->> 'text', o.created_at, 1 FROM outbox o
                        WHERE o.shop_id = t.shop_id AND o.conversation_id = t.conversation_id
                          AND o.created_at < t.started_at AND coalesce(o.reply ->> 'text', '') <> ''
                   ) AS every ORDER BY at DESC, n DESC LIMIT %(before)s) AS x) AS said
          LEFT JOIN LATERAL (
               SELECT jsonb_build_object('id', r.reference, 'status', r.status, 'lines', (
                          SELECT jsonb_agg(jsonb_build_object('product', p.code, 'quantity', h.quantity,
                                                              'variant', v.options) ORDER BY h.id)
                            FROM holds h
                            JOIN variants v ON v.shop_id = h.shop_id AND v.id = h.variant_id
                            JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
                           WHERE h.shop_id = r.shop_id AND h.order_id = r.id AND h.created_at < t.started_at)) AS held
                 FROM orders r
                WHERE r.shop_id = t.shop_id AND r.customer_id = c.customer_id AND r.created_at < t.started_at
                  AND r.expires_at > t.started_at AND coalesce(r.closed_at, 'infinity') > t.started_at
                  AND coalesce(r.paid_at, 'infinity') > t.started_at
                ORDER BY r.id DESC LIMIT 1) AS held ON true
         CROSS JOIN LATERAL (
               SELECT array_agg(DISTINCT p.name) FILTER (WHERE p.name IS NOT NULL) AS names,
                      array_agg(DISTINCT p.phone) FILTER (WHERE p.phone IS NOT NULL) AS phones
                 FROM customers p WHERE p.shop_id = t.shop_id AND p.id = ANY (records_of(c.customer_id))) AS people
         WHERE t.shop_id = current_shop() AND t.id = %(turn)s
        """,
        {"turn": turn_id, "before": before},
    )
    return await cursor.fetchone()


async def articles(tx: Tx, codes: Sequence[str], beside: int) -> list[dict[str, Any]]:
    """Articles on sale with these codes, and up to ``beside`` others of their categories or, without any, of the shop,
    with pieces on the shelf by variant."""
    cursor = await tx.execute(
        """
        WITH named AS (
            SELECT id, category FROM products WHERE shop_id = current_shop() AND active AND code = ANY (%(codes)s)
        ), chosen AS (
            SELECT id, 0 AS n FROM named
            UNION ALL
            (SELECT p.id, 1 FROM products p
              WHERE p.shop_id = current_shop() AND p.active AND p.id NOT IN (SELECT id FROM named)
              ORDER BY p.category IN (SELECT category FROM named) DESC, p.id LIMIT %(beside)s)
        )
        SELECT p.code, p.title, p.description, p.category, p.price_minor, p.currency,
               (SELECT jsonb_agg(jsonb_build_object('options', v.options, 'pieces', s.on_hand) ORDER BY v.id)
                  FROM variants v JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
                 WHERE v.shop_id = p.shop_id AND v.product_id = p.id) AS variants,
               (SELECT coalesce(jsonb_agg(jsonb_build_array(b.min_quantity, b.unit_minor)
                                          ORDER BY b.min_quantity), '[]')
                  FROM price_breaks b WHERE b.shop_id = p.shop_id AND b.product_id = p.id) AS breaks
          FROM chosen JOIN products p ON p.shop_id = current_shop() AND p.id = chosen.id ORDER BY chosen.n, p.id
        """,
        {"codes": list(codes), "beside": beside},
    )
    return await cursor.fetchall()


async def keep_case(
    tx: Tx,
    rating_id: int,
    content: Mapping[str, Any],
    articles: Sequence[Mapping[str, str]],
    answers: Sequence[Mapping[str, str]],
    now: datetime,
) -> int:
    """Keep a case; one of the same rating takes the place of the old one."""
    cursor = await tx.execute(
        """
        INSERT INTO eval_cases (shop_id, rating_id, content, articles, answers, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s)
        ON CONFLICT (shop_id, rating_id) DO UPDATE
           SET content = excluded.content, articles = excluded.articles, answers = excluded.answers,
               created_at = excluded.created_at
        RETURNING id
        """,
        (rating_id, *(orjson.dumps(part).decode() for part in (content, articles, answers)), now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def cases(tx: Tx, limit: int, before: int | None) -> list[dict[str, Any]]:
    """The cases of the shop, the latest first, from before a number on."""
    cursor = await tx.execute(
        "SELECT id, rating_id, content, articles, answers, created_at FROM eval_cases"
        " WHERE shop_id = current_shop() AND (%(before)s::bigint IS NULL OR id < %(before)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        {"limit": limit, "before": before},
    )
    return await cursor.fetchall()


async def count_cases(tx: Tx) -> int:
    """How many cases the shop has."""
    cursor = await tx.execute("SELECT count(*) AS n FROM eval_cases WHERE shop_id = current_shop()")
    row = await cursor.fetchone()
    assert row is not None
    return int(row["n"])


async def delete_case(tx: Tx, case_id: int) -> int | None:
    """Forget a case, and that it was made; the number of its rating, none when there is no such case."""
    cursor = await tx.execute(
        """
        WITH gone AS (
            DELETE FROM eval_cases WHERE shop_id = current_shop() AND id = %s RETURNING rating_id),
        unmade AS (
            DELETE FROM rating_uses WHERE shop_id = current_shop() AND use = 'case'
               AND rating_id IN (SELECT rating_id FROM gone))
        SELECT rating_id FROM gone
        """,
        (case_id,),
    )
    row = await cursor.fetchone()
    return row["rating_id"] if row else None
