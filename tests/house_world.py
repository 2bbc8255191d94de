"""A house without processes: shops with numbers, what their buyers write, and a look into what was stored."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from pydantic import SecretStr

from griot.channels.model import InboundMessage, Parsed, Reply, Sender
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.core.house import House
from griot.core.http import client
from griot.core.money import Money
from griot.core.settings import Settings
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.tools.conversations import service as conversations
from griot.tools.shops.service import connect_account, create_shop

APP_SECRET = "the secret of the installation's own app"
VERIFY_TOKEN = "the token that both sides know"
VENDOR_PHONE = "221770000001"

_numbers = itertools.count(106540000000001)
_messages = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Number:
    """A shop, and its WhatsApp number."""

    shop: Shop
    account_id: int
    phone_number_id: str


@dataclass(frozen=True, slots=True)
class World:
    house: House
    clock: FrozenClock
    owner_url: str

    @property
    def db(self) -> Database:
        return self.house.db

    async def number(
        self, *articles: NewProduct, app_secret: str | None = None, messages_per_second: int = 80
    ) -> Number:
        """Open a shop with a number of its own and these articles."""
        now = self.clock.now()
        shop = await create_shop(self.owner_url, name="Chez Awa", vendor_phone=VENDOR_PHONE, now=now)
        phone_number_id = str(next(_numbers))
        async with self.db.transaction(shop.id) as tx:
            account_id = await connect_account(
                tx,
                self.house.keyring,
                "whatsapp",
                phone_number_id,
                display="+221 33 800 00 00",
                token="token",
                app_secret=app_secret,
                messages_per_second=messages_per_second,
                now=now,
            )
            await catalogue.create_products(tx, articles, now)
        return Number(shop, account_id, phone_number_id)

    async def receive(self, number: Number, *messages: InboundMessage) -> None:
        """What the API does with messages once it has read them."""
        async with self.db.transaction(number.shop.id) as tx:
            await conversations.receive(tx, "whatsapp", number.account_id, Parsed(messages=messages), self.clock.now())

    async def thread(self, number: Number, n: int = 1, *, window: bool = True) -> int:
        """The conversation with buyer ``n``, who wrote a moment ago, or never did."""
        now = self.clock.now()
        async with self.db.transaction(number.shop.id) as tx:
            cursor = await tx.execute(
                "SELECT resolve_conversation(%(account)s, resolve_customer('whatsapp', ARRAY['phone:' || %(phone)s],"
                " 'Awa', %(phone)s, %(now)s), 'phone:' || %(phone)s, %(now)s) AS id",
                {"account": number.account_id, "phone": phone(n), "now": now},
            )
            row = await cursor.fetchone()
            assert row is not None
            await tx.execute(
                "UPDATE conversations SET last_inbound_at = %s WHERE id = %s", (now if window else None, row["id"])
            )
        return int(row["id"])

    async def rows(self, shop_id: int, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a shop, seen by the owner, who sees every shop."""
        async with await psycopg.AsyncConnection.connect(
            self.owner_url, options=OWNER_OPTIONS, row_factory=dict_row
        ) as owner:
            cursor = await owner.execute(query.encode(), {"shop": shop_id, **values})
            return await cursor.fetchall()

    async def told(self, number: Number, phone: str) -> list[Reply]:
        """What was queued for a person, oldest first."""
        found = await self.rows(
            number.shop.id,
            "SELECT o.reply FROM outbox o JOIN conversations c USING (shop_id)"
            f" WHERE shop_id = %(shop)s AND c.id = o.conversation_id AND c.recipient = 'phone:{phone}' ORDER BY o.id",
        )
        return [Reply.from_json(row["reply"]) for row in found]

    async def unanswered(self, number: Number) -> int:
        (row,) = await self.rows(
            number.shop.id, "SELECT count(*) AS n FROM messages WHERE shop_id = %(shop)s AND turn_id IS NULL"
        )
        return int(row["n"])


def phone(n: int) -> str:
    """The phone number of buyer ``n``."""
    return f"22178{n:07d}"


def article(code: str, stock: int, price: int = 15_000) -> NewProduct:
    return NewProduct(code=code, title=f"Article {code}", price=Money(price, "XOF"), stock=stock)


def message(
    text: str | None, at: datetime, n: int = 1, *, kind: str = "text", name: str | None = "Awa", **payload: Any
) -> InboundMessage:
    """A message of buyer ``n``, as the channel reads it."""
    return InboundMessage(
        f"wamid.{next(_messages)}", "", Sender(phone=phone(n), name=name), kind, text, at, payload=payload
    )


@contextmanager
def database_away(server_url: str, database_url: str) -> Iterator[None]:
    """Nobody gets into the database of this test, and who was in is thrown out."""
    name = str(conninfo_to_dict(database_url)["dbname"])
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(name), False))
        admin.execute("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            admin.execute(allow.format(sql.Identifier(name), True))


@asynccontextmanager
async def open_world(
    owner_url: str, db: Database, clock: FrozenClock, *, graph_url: str = "http://127.0.0.1:9/graph", **settings: Any
) -> AsyncIterator[World]:
    config = Settings(
        _env_file=None,
        secret_key=SecretStr("a secret for tests"),
        whatsapp_app_secret=SecretStr(APP_SECRET),
        graph_url=graph_url,
        **{
            "whatsapp_verify_token": SecretStr(VERIFY_TOKEN),
            "rate_webhooks": 100_000,
            "burst_ms": 0,
            **settings,
        },
    )
    async with client(config.send_timeout) as http:
        yield World(House(config, db, Keyring("a secret for tests"), clock, http), clock, owner_url)
