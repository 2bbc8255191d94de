"""A small market for tests: a shop, articles with stock, and buyers with a history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg

from griot.channels.model import Reply
from griot.core.db.pool import OWNER_OPTIONS, Database, Tx
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue import queries as catalogue
from griot.tools.customers import queries as customers
from griot.tools.customers.models import Standing
from griot.tools.orders import queries as orders
from griot.tools.orders.models import Order
from griot.tools.reservation.models import Hold, HoldRequest
from griot.tools.reservation.service import reserve

NEW = Standing()
VIP = Standing(paid_orders=5, spent_minor=200_000, payment_seconds=300)
RISKY = Standing(expired_holds=4)


@dataclass(frozen=True, slots=True)
class Buyer:
    customer_id: int
    conversation_id: int
    standing: Standing

    def wants(self, variant_id: int, quantity: int = 1, live_id: int | None = None) -> HoldRequest:
        return HoldRequest(self.conversation_id, self.customer_id, self.standing, live_id, variant_id, quantity)


async def open_shop(database_url: str, db: Database, now: datetime, **settings: Any) -> Shop:
    """A shop with one WhatsApp number; the application may not make shops, so the owner does."""
    with psycopg.connect(database_url, options=OWNER_OPTIONS, autocommit=True) as owner:
        row = owner.execute(
            "INSERT INTO shops (slug, name, settings, created_at)"
            " VALUES ('market', 'Market', %s, %s) RETURNING shop_id",
            (orjson.dumps(settings).decode(), now),
        ).fetchone()
        assert row is not None
        owner.execute(
            "INSERT INTO channel_accounts (shop_id, channel, external_id, access_token, created_at)"
            " VALUES (%s, 'whatsapp', '1', '', %s)",
            (row[0], now),
        )
    async with db.transaction(row[0]) as tx:
        return await load_shop(tx)


async def article(
    tx: Tx, code: str, pieces: int, now: datetime, *, price: int = 15_000, title: str = "Robe Wax"
) -> int:
    """A product with one variant; returns the variant's id."""
    cursor = await tx.execute(
        """
        WITH product AS (
            INSERT INTO products (shop_id, code, title, price_minor, currency, created_at)
            VALUES (current_shop(), %s, %s, %s, 'XOF', %s) RETURNING shop_id, id
        )
        INSERT INTO variants (shop_id, product_id) SELECT shop_id, id FROM product RETURNING id
        """,
        (code, title, price, now),
    )
    row = await cursor.fetchone()
    assert row is not None
    await catalogue.insert_stock(tx, [{"variant_id": row["id"], "quantity": pieces}], now)
    return int(row["id"])


async def arrive(tx: Tx, count: int, now: datetime, standing: Standing = NEW, language: str = "fr") -> list[Buyer]:
    """Buyers with a conversation each."""
    cursor = await tx.execute(
        """
        WITH customer AS (
            INSERT INTO customers (shop_id, name, language, paid_orders, expired_holds, spent_minor, payment_seconds,
                                   created_at)
            SELECT current_shop(), 'Buyer ' || n, %s, %s, %s, %s, %s, %s FROM generate_series(1, %s) AS n
            RETURNING id
        )
        INSERT INTO conversations (shop_id, account_id, customer_id, recipient, created_at)
        SELECT current_shop(), (SELECT min(id) FROM channel_accounts WHERE shop_id = current_shop()), id,
               'phone:' || id, %s FROM customer ORDER BY id
        RETURNING id, customer_id
        """,
        (
            language,
            standing.paid_orders,
            standing.expired_holds,
            standing.spent_minor,
            standing.payment_seconds,
            now,
            count,
            now,
        ),
    )
    return [Buyer(row["customer_id"], row["id"], standing) for row in await cursor.fetchall()]


async def one_hold(tx: Tx, shop: Shop, buyer: Buyer, variant_id: int, now: datetime, quantity: int = 1) -> Hold:
    (hold,) = await reserve(tx, shop, [buyer.wants(variant_id, quantity)], now)
    return hold


async def held_order(tx: Tx, shop: Shop, buyer: Buyer, variant_id: int, now: datetime, quantity: int = 1) -> Order:
    """The buyer takes the article; returns the order, which is then open."""
    hold = await one_hold(tx, shop, buyer, variant_id, now, quantity)
    assert hold.outcome == "held", hold
    assert hold.order_id is not None
    return await the_order(tx, hold.order_id)


async def the_order(tx: Tx, order_id: int) -> Order:
    order = await orders.load(tx, order_id)
    assert order is not None
    return order


async def level(tx: Tx, variant_id: int) -> tuple[int, int, int]:
    """On hand, held, sold."""
    cursor = await tx.execute("SELECT on_hand, held, sold FROM stock_levels WHERE variant_id = %s", (variant_id,))
    row = await cursor.fetchone()
    assert row is not None
    return row["on_hand"], row["held"], row["sold"]


async def told(tx: Tx, buyer: Buyer) -> dict[str, Reply]:
    """What was queued for a buyer, by dedupe key, in order."""
    cursor = await tx.execute(
        "SELECT dedupe_key, reply FROM outbox WHERE conversation_id = %s ORDER BY id", (buyer.conversation_id,)
    )
    return {row["dedupe_key"]: Reply.from_json(row["reply"]) for row in await cursor.fetchall()}


async def happened(tx: Tx) -> list[str]:
    """The kinds of all events, in order."""
    cursor = await tx.execute("SELECT kind FROM events ORDER BY id")
    return [row["kind"] for row in await cursor.fetchall()]


async def standing_of(tx: Tx, buyer: Buyer) -> Standing:
    return (await customers.load(tx, [buyer.customer_id]))[buyer.customer_id].standing
