"""A shop, its API and the sandbox provider, each on a loopback port of its own, with real PostgreSQL behind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr

from griot.api.app import attach, create_app
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.core.house import House
from griot.core.money import Money
from griot.core.settings import Settings
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue.service import create_product
from griot.tools.customers import queries as customers
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Order
from griot.tools.payments import links
from griot.tools.payments import queries as payments
from griot.tools.payments.models import Payment
from griot.tools.payments.sandbox.app import create_app as create_sandbox
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Sandbox
from griot.tools.reservation import service as reservation
from griot.tools.reservation.models import HoldRequest
from griot.tools.shops.service import connect_account, create_shop, update_settings

KEY = "a key that both sides know"


def listening_socket() -> tuple[socket.socket, str]:
    """A loopback socket on a free port, and its address as a URL."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock, f"http://127.0.0.1:{sock.getsockname()[1]}"


@asynccontextmanager
async def served(app: Any, sock: socket.socket) -> AsyncIterator[None]:
    """The application under a real uvicorn for as long as the block runs."""
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[sock]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await running
        sock.close()


@dataclass(slots=True)
class World:
    house: House
    shop: Shop
    sandbox: Sandbox
    clock: FrozenClock
    url: str
    products: dict[str, int] = field(default_factory=dict)  # code -> variant
    _buyers: int = 0

    @property
    def db(self) -> Database:
        return self.house.db

    async def product(self, code: str, price: int, stock: int, title: str | None = None) -> int:
        async with self.db.transaction(self.shop.id) as tx:
            money = Money(price, self.shop.currency)
            made = await create_product(
                tx, code=code, title=title or code.title(), price=money, stock=stock, now=self.clock.now()
            )
        self.products[code] = made.variants[0].id
        return self.products[code]

    async def thread(self, language: str | None = None) -> tuple[int, int]:
        """A new buyer with a conversation: (conversation, customer)."""
        self._buyers += 1
        phone = f"22177000{self._buyers:04d}"
        async with self.db.transaction(self.shop.id) as tx:
            cursor = await tx.execute(
                "SELECT resolve_customer('whatsapp', ARRAY['phone:' || %(p)s], 'Aminata', %(p)s, %(now)s) AS customer,"
                " (SELECT id FROM channel_accounts WHERE shop_id = current_shop()) AS account",
                {"p": phone, "now": self.clock.now()},
            )
            row = await cursor.fetchone()
            assert row is not None
            cursor = await tx.execute(
                "SELECT resolve_conversation(%s, %s, %s, %s) AS id",
                (row["account"], row["customer"], f"phone:{phone}", self.clock.now()),
            )
            conversation = await cursor.fetchone()
            assert conversation is not None
            await tx.execute("UPDATE conversations SET language = %s WHERE id = %s", (language, conversation["id"]))
        return conversation["id"], row["customer"]

    async def hold(
        self,
        code: str = "ROBE1",
        quantity: int = 1,
        *,
        thread: tuple[int, int] | None = None,
        means: str | None = "wave",
    ) -> Order:
        """An order that holds stock; with means, its payment is awaited."""
        conversation, customer = thread or await self.thread()
        now = self.clock.now()
        async with self.db.transaction(self.shop.id) as tx:
            standing = (await customers.load(tx, [customer]))[customer].standing
            request = HoldRequest(conversation, customer, standing, None, self.products[code], quantity)
            (held,) = await reservation.reserve(tx, self.shop, [request], now)
            assert held.order_id is not None, held
            if means:
                return await order_service.await_payment(tx, held.order_id, means, now)
            order = await orders.load(tx, held.order_id)
        assert order is not None
        return order

    def link(self, order: Order) -> str:
        return links.pay_url(self.house.keyring, self.url, self.shop.id, order.id)

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(timeout=30) as http:
            yield http

    async def pay(self, order: Order, means: str | None = None, outcome: Any = "paid") -> httpx.Response:
        """One buyer with a browser of their own goes the whole way, and every notice has arrived."""
        async with self.browser() as http:
            page = await Payer(http).pay(self.link(order), means, outcome)
        await self.sandbox.settled()
        return page

    async def order(self, order: Order) -> Order:
        async with self.db.transaction(self.shop.id) as tx:
            found = await orders.load(tx, order.id)
        assert found is not None
        return found

    async def payments(self, order: Order) -> list[Payment]:
        async with self.db.transaction(self.shop.id) as tx:
            return await payments.of_order(tx, order.id)

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of any table, seen as the shop sees them."""
        async with self.db.transaction(self.shop.id) as tx:
            cursor = await tx.execute(query.encode(), values)
            return await cursor.fetchall()

    async def told(self, order: Order) -> list[str]:
        """What the buyer of an order was told, oldest first."""
        found = await self.rows(
            "SELECT reply FROM outbox WHERE conversation_id = %s ORDER BY id", order.conversation_id
        )
        return [row["reply"]["text"] for row in found]

    async def vendor_told(self) -> list[str]:
        found = await self.rows(
            "SELECT o.reply FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
            " WHERE c.recipient = 'phone:' || %s ORDER BY o.id",
            self.shop.vendor_phone,
        )
        return [row["reply"]["text"] for row in found]

    async def refunds(self) -> list[tuple[str, int, str, str]]:
        found = await self.rows("SELECT reason, amount_minor, currency, status FROM refunds ORDER BY id")
        return [(row["reason"], row["amount_minor"], row["currency"], row["status"]) for row in found]

    async def stock(self, code: str = "ROBE1") -> tuple[int, int, int]:
        """(on hand, held, sold)"""
        (row,) = await self.rows(
            "SELECT on_hand, held, sold FROM stock_levels WHERE variant_id = %s", self.products[code]
        )
        return row["on_hand"], row["held"], row["sold"]

    async def kinds(self) -> list[str]:
        """The kinds of everything that happened, in order."""
        return [row["kind"] for row in await self.rows("SELECT kind FROM events ORDER BY id")]

    async def expire(self, order: Order) -> None:
        """The deadline passes and the worker expires what is overdue."""
        self.clock.set(max(self.clock.now(), (await self.order(order)).expires_at))
        async with self.db.transaction(self.shop.id) as tx:
            await reservation.expire_due(tx, self.shop, self.clock.now())

    async def cancel(self, order: Order) -> None:
        async with self.db.transaction(self.shop.id) as tx:
            await reservation.cancel_order(tx, self.shop, order.id, self.clock.now())


@asynccontextmanager
async def open_world(
    database_url: str, db: Database, clock: FrozenClock, *, segment: str = "live_seller", **shop_settings: Any
) -> AsyncIterator[World]:
    """A shop in Dakar with a WhatsApp number, its API and its provider running."""
    api_socket, api_url = listening_socket()
    psp_socket, psp_url = listening_socket()
    config = Settings(
        _env_file=None,
        secret_key=SecretStr("a secret for tests"),
        sandbox_key=SecretStr(KEY),
        public_url=api_url,
        sandbox_url=psp_url,
        provider_timeout=1.0,
        rate_pages=10_000,
        rate_webhooks=10_000,
    )
    keyring = Keyring("a secret for tests")
    shop = await create_shop(
        database_url, name="Chez Fatou", segment=segment, vendor_phone="+221770009999", now=clock.now()
    )
    async with db.transaction(shop.id) as tx:
        await connect_account(
            tx, keyring, "whatsapp", f"1555{shop.id}", display="+221 33 800 00 00", token="t", now=clock.now()
        )
        if shop_settings:
            await update_settings(tx, **shop_settings)
        shop = await load_shop(tx)
    async with httpx.AsyncClient() as http, httpx.AsyncClient() as psp_http:
        house = House(config, db, keyring, clock, http)
        sandbox = Sandbox(psp_url, {KEY}, clock, psp_http, retry_gaps=(0.02, 0.05, 0.1))
        app = create_app(config)
        attach(app, house)
        async with served(app, api_socket), served(create_sandbox(sandbox), psp_socket):
            world = World(house, shop, sandbox, clock, api_url)
            await world.product("ROBE1", 15_000, 5, "Robe Wax Ankara")
            yield world
            await sandbox.aclose()
