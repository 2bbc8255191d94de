"""A live from start to summary: totals that add up, a vendor told of each payment, invoices by hand."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from griot.channels.model import Reply
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.catalogue.service import create_products
from griot.knowledge.catalogue.stock import receive_stock
from griot.tools.customers import queries as customers
from griot.tools.customers import service as customer_service
from griot.tools.live import service as live
from griot.tools.live.models import Totals
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.reservation import service as reservation
from griot.tools.shops.service import connect_account, create_shop, update_settings

VENDOR = "221770000000"
KEYS = Keyring("a secret for tests")


def pay_url(order_id: int) -> str:
    return f"https://pay.example/p/{order_id}"


@dataclass
class Stage:
    """A shop with a number and three articles, and the vendor's hands."""

    db: Database
    clock: FrozenClock
    shop: Shop

    async def do(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        async with self.db.transaction(self.shop.id) as tx:
            return await work(tx, self.shop, *args, **kwargs, now=self.clock.now())

    async def start(self, title: str = "Soirée wax", codes: tuple[str, ...] = ()) -> Any:
        return await self.do(live.start, title, codes)

    async def stop(self) -> Any:
        return await self.do(live.stop)

    async def invoice(self, code: str, name: str = "Aminata Diallo", phone: str = "77 123 45 67", **more: Any) -> Order:
        order = await self.do(live.invoice, code=code, name=name, phone=phone, pay_url=pay_url, **more)
        assert isinstance(order, Order)
        return order

    async def order(self, n: int, code: str, **more: Any) -> Order:
        """Buyer number ``n`` takes an article."""
        return await self.invoice(code, f"Buyer {'ABCDEFGHIJ'[n]}", f"78 000 00 {n:02d}", **more)

    async def pay(self, order: Order, received: Money | None = None) -> None:
        """The buyer pays, or the deposit: means chosen, stock sold, order paid, standing counted, vendor told."""
        now = self.clock.now()
        async with self.db.transaction(self.shop.id) as tx:
            await orders.await_payment(tx, order.id, "wave", now)
            await reservation.sell(tx, order.id)
            paid = await orders.mark_paid(tx, order.id, "wave", now, received)
            await customer_service.record_paid(tx, order.customer_id, order.total.minor, 60, "wave", now)
            await live.payment_received(tx, self.shop, paid, now)

    async def totals(self, live_id: int) -> Totals:
        async with self.db.transaction(self.shop.id) as tx:
            return await live.totals(tx, live_id, "XOF")

    async def messages(self, phone: str) -> list[Reply]:
        """What was queued for a phone, in order."""
        rows = await self.rows(
            "SELECT reply FROM outbox o JOIN conversations c ON c.id = o.conversation_id"
            " WHERE c.recipient = %s ORDER BY o.id",
            f"phone:{phone}",
        )
        return [Reply.from_json(row["reply"]) for row in rows]

    async def told(self) -> list[str]:
        return [reply.text for reply in await self.messages(VENDOR)]

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction(self.shop.id) as tx:
            return await (await tx.execute(query.encode(), values)).fetchall()


@pytest.fixture
async def stage(db: Database, database_url: str, clock: FrozenClock) -> Stage:
    shop = await create_shop(database_url, name="Chez Aminata", vendor_phone=VENDOR, now=clock.now())
    async with db.transaction(shop.id) as tx:
        await connect_account(tx, KEYS, "whatsapp", "1066", display="", token="EAAG", now=clock.now())
        articles = [
            NewProduct("ROBE1", "Robe Wax Ankara", Money(15000, "XOF"), 5),
            NewProduct("SAC2", "Sac cuir", Money(8000, "XOF"), 20),
            NewProduct("JUPE3", "Jupe", Money(6000, "XOF"), {"S": 3, "M": 10}, options="taille:S|M"),
        ]
        await create_products(tx, articles, clock.now())
    return Stage(db, clock, shop)


async def test_a_shop_has_one_live_at_a_time(stage: Stage) -> None:
    started = await stage.start(codes=("robe 1", "SAC2", "ROBE1"))
    assert started.codes == ("ROBE1", "SAC2")
    stage.clock.advance(timedelta(minutes=5))
    with pytest.raises(Conflict, match=r"since 20:00 .*griot live stop --shop chez-aminata"):
        await stage.start()
    async with stage.db.transaction(stage.shop.id) as tx:
        assert await live.current(tx) == started
    await stage.stop()
    async with stage.db.transaction(stage.shop.id) as tx:
        assert await live.current(tx) is None
    assert (await stage.start()).id != started.id


async def test_of_two_starts_at_once_one_wins(stage: Stage) -> None:
    results = await asyncio.gather(*(stage.start() for _ in range(4)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Conflict", "Live"]


async def test_a_live_shows_only_what_the_shop_sells(stage: Stage) -> None:
    with pytest.raises(NotFound, match="VESTE9, PULL8"):
        await stage.start(codes=("ROBE1", "VESTE9", "PULL8"))


async def test_without_a_live_there_is_nothing_to_stop(stage: Stage) -> None:
    with pytest.raises(NotFound, match="griot live start"):
        await stage.stop()


async def test_totals_count_every_order_once(stage: Stage) -> None:
    await stage.order(9, "SAC2")  # before the live
    started = await stage.start()
    paid, cancelled = await stage.order(0, "ROBE1"), await stage.order(1, "SAC2")
    await stage.order(2, "SAC2")
    await stage.order(2, "ROBE1")  # same basket
    await stage.pay(paid)
    await stage.do(reservation.cancel_order, cancelled.id)
    assert await stage.totals(started.id) == Totals(3, 1, 1, 0, Money(15000, "XOF"), 1)
    stage.clock.advance(timedelta(minutes=11))
    await stage.do(reservation.expire_due)
    assert await stage.totals(started.id) == Totals(3, 1, 0, 1, Money(15000, "XOF"), 1)
    assert (await stage.totals(started.id)).conversion == 33


async def test_the_vendor_hears_of_each_payment_with_the_lives_totals(stage: Stage) -> None:
    await stage.start()
    first, second = await stage.order(0, "SAC2", quantity=2), await stage.invoice("JUPE3", variant="m")
    await stage.pay(first)
    await stage.pay(second)
    assert await stage.told() == [
        "💰 *PAIEMENT REÇU*\nBuyer A. - SAC2 x2 - 16 000 F CFA\n📊 Live : 1 payé / 16 000 F CFA",
        "💰 *PAIEMENT REÇU*\nAminata D. - JUPE3 (M) - 6 000 F CFA\n📊 Live : 2 payés / 22 000 F CFA",
    ]
    template = (await stage.messages(VENDOR))[0].template
    assert template is not None
    assert (template.name, template.parameters) == ("payment_received", ("Buyer A.", "SAC2 x2", "16 000 F CFA"))


async def test_of_a_deposit_only_what_was_paid_counts(stage: Stage) -> None:
    started = await stage.start()
    await stage.pay(await stage.order(0, "SAC2"))
    await stage.pay(await stage.order(1, "ROBE1"), Money(4_500, "XOF"))
    assert (await stage.told())[1:] == [
        "💰 *PAIEMENT REÇU*\nBuyer B. - ROBE1 - 4 500 F CFA\n📊 Live : 2 payés / 12 500 F CFA"
    ]
    assert (await stage.totals(started.id)).turnover == Money(12_500, "XOF")


async def test_a_payment_outside_a_live_has_no_live_totals(stage: Stage) -> None:
    await stage.pay(await stage.order(0, "SAC2"))
    assert await stage.told() == ["💰 *PAIEMENT REÇU*\nBuyer A. - SAC2 - 8 000 F CFA"]


async def test_the_same_payment_is_told_once(stage: Stage) -> None:
    order = await stage.order(0, "SAC2")
    await stage.pay(order)
    await stage.do(live.payment_received, order)
    assert len(await stage.told()) == 1


async def test_each_level_of_low_stock_is_warned_of_once(stage: Stage) -> None:
    started = await stage.start()
    first, second = await stage.order(0, "ROBE1", quantity=2), await stage.order(1, "ROBE1")
    await stage.pay(first)
    await stage.pay(second)
    third, fourth = await stage.order(2, "ROBE1"), await stage.order(3, "ROBE1")
    await stage.pay(third)
    await stage.pay(fourth)
    assert [message.split("\n")[3:] for message in await stage.told()] == [
        ["⚠️ ROBE1 : plus que 2"],
        [],  # still two
        ["⏳ ROBE1 : plus rien de libre, 1 en attente de paiement"],
        ["🔴 ROBE1 : épuisé !"],
    ]
    events = await stage.rows("SELECT live_id, data FROM events WHERE kind = 'stock.low' ORDER BY id")
    assert {event["live_id"] for event in events} == {started.id}
    assert [(event["data"]["code"], event["data"]["free"], event["data"]["sold_out"]) for event in events] == [
        ("ROBE1", 2, False), ("ROBE1", 0, False), ("ROBE1", 0, True),
    ]  # fmt: skip


async def test_new_stock_makes_the_warning_fresh(stage: Stage) -> None:
    order = await stage.order(0, "ROBE1", quantity=3)
    await stage.pay(order)
    async with stage.db.transaction(stage.shop.id) as tx:
        await receive_stock(tx, order.lines[0].variant_id, 3, stage.clock.now())
    await stage.pay(await stage.order(1, "ROBE1", quantity=3))
    assert ["plus que 2" in message for message in await stage.told()] == [True, True]


async def test_what_is_held_past_its_deadline_is_no_shortage(stage: Stage) -> None:
    await stage.order(0, "ROBE1", quantity=3)
    stage.clock.advance(timedelta(minutes=11))
    await stage.pay(await stage.order(1, "ROBE1", quantity=2))
    assert "plus que" not in (await stage.told())[0]


async def test_the_summary_of_a_live_adds_up(stage: Stage) -> None:
    await stage.pay(await stage.order(1, "SAC2"))  # buyer B has bought before
    stage.clock.advance(timedelta(minutes=30))
    started = await stage.start()

    stage.clock.advance(timedelta(minutes=2))
    await stage.pay(await stage.order(0, "SAC2"))
    stage.clock.advance(timedelta(minutes=3))
    rush = [await stage.order(n, "ROBE1") for n in range(1, 6)] + [await stage.order(6, "SAC2", quantity=2)]
    for order in [*rush[:4], rush[5]]:
        await stage.pay(order)
    await stage.do(reservation.cancel_order, rush[4].id)
    stage.clock.advance(timedelta(minutes=5))
    await stage.pay(await stage.order(7, "ROBE1"))  # the last one
    await stage.order(8, "SAC2")
    stage.clock.advance(timedelta(minutes=40))
    await stage.do(reservation.expire_due)
    ended = await stage.stop()

    assert ended.id == started.id
    assert ended.ended_at == stage.clock.now()
    summary = ended.summary
    assert summary["duration_seconds"] == 50 * 60
    assert [summary[name] for name in ("orders", "paid", "pending", "expired", "cancelled", "conversion")] == [
        9, 7, 0, 1, 1, 78,
    ]  # fmt: skip
    assert summary["turnover_minor"] == 5 * 15000 + 3 * 8000
    assert summary["sold"] == [{"code": "ROBE1", "units": 5}, {"code": "SAC2", "units": 3}]
    assert (summary["new_buyers"], summary["returning_buyers"]) == (6, 1)
    assert summary["peak"] == {"at": "2026-02-15T20:35:00+00:00", "code": "ROBE1", "asked": 6}
    assert summary["sold_out"] == [{"code": "ROBE1", "at": "2026-02-15T20:40:00+00:00"}]
    assert summary["advice"] == {"rule": "sold_out", "text": "ROBE1 épuisé en 10 min, prévois plus de stock."}

    assert (await stage.told())[-1] == summary["text"]
    stored = await stage.rows("SELECT summary FROM lives WHERE id = %s", started.id)
    assert stored == [{"summary": summary}]
    kinds = await stage.rows("SELECT kind, data FROM events WHERE live_id = %s AND kind LIKE 'live.%%'", started.id)
    assert [row["kind"] for row in kinds] == ["live.started", "live.ended"]
    assert kinds[1]["data"] == {"orders": 9, "paid": 7, "expired": 1, "turnover_minor": 99000, "currency": "XOF"}


async def test_open_orders_are_told_as_waiting_and_an_article_that_came_back_is_not_sold_out(stage: Stage) -> None:
    await stage.start()
    await stage.order(0, "ROBE1", quantity=5)
    await stage.order(1, "SAC2")
    stage.clock.advance(timedelta(minutes=9))
    await stage.order(1, "SAC2", quantity=2)
    stage.clock.advance(timedelta(minutes=2))  # nobody has closed buyer A's order yet
    summary = (await stage.stop()).summary
    assert summary["pending"] == 2
    assert summary["sold_out"] == []
    assert summary["advice"]["rule"] == "pending"


async def test_a_shop_may_do_without_the_message(stage: Stage) -> None:
    async with stage.db.transaction(stage.shop.id) as tx:
        stage.shop = await update_settings(tx, auto_summary=False)
    await stage.start()
    assert (await stage.stop()).summary["advice"]["rule"] == "no_orders"
    assert await stage.told() == []


async def test_stock_of_the_quick_catalogue_over_all_variants(stage: Stage) -> None:
    started = await stage.start(codes=("JUPE3", "ROBE1"))
    await stage.pay(await stage.invoice("JUPE3", variant="S"))
    await stage.order(1, "ROBE1", quantity=4)
    async with stage.db.transaction(stage.shop.id) as tx:
        now = await live.levels(tx, started, stage.clock.now())
        later = await live.levels(tx, started, stage.clock.now() + timedelta(minutes=20))
    assert [(level.code, level.free, level.held, level.sold, level.low) for level in now] == [
        ("ROBE1", 1, 4, 0, True), ("JUPE3", 12, 0, 1, False),
    ]  # fmt: skip
    assert (later[0].free, later[0].held) == (5, 0)


async def test_an_invoice_by_hand_holds_the_article_and_sends_the_link(stage: Stage) -> None:
    started = await stage.start()
    order = await stage.invoice("robe 1", quantity=2)
    assert (order.status, order.live_id, order.total) == ("reserved", started.id, Money(30000, "XOF"))
    [message] = await stage.messages("221771234567")
    assert message.text == (
        "👋 Salut Aminata !\n🧾 Robe Wax Ankara x2\n💰 30 000 F CFA\n"
        "⏳ C'est réservé pour toi, il reste 10:00 pour payer"
    )
    assert message.link == ("PAYER", pay_url(order.id))
    assert message.template is not None
    assert message.template.name == "order_link"
    assert message.template.parameters == ("Aminata", "Robe Wax Ankara x2", "30 000 F CFA", pay_url(order.id))
    async with stage.db.transaction(stage.shop.id) as tx:
        buyer = (await customers.load(tx, [order.customer_id]))[order.customer_id]
    assert (buyer.name, buyer.phone) == ("Aminata Diallo", "221771234567")


async def test_the_same_invoice_twice_is_one_order_and_one_message(stage: Stage) -> None:
    first, second = await stage.invoice("ROBE1"), await stage.invoice("ROBE1", phone="+221771234567")
    assert first.id == second.id
    assert len(await stage.messages("221771234567")) == 1
    more = await stage.invoice("ROBE1", quantity=2)
    assert (more.id, more.total) == (first.id, Money(30000, "XOF"))
    assert len(await stage.messages("221771234567")) == 2


async def test_an_invoice_finds_the_buyer_who_has_written_before(stage: Stage, clock: FrozenClock) -> None:
    async with stage.db.transaction(stage.shop.id) as tx:
        cursor = await tx.execute(
            "SELECT resolve_customer('whatsapp', ARRAY['user:X1', 'phone:221771234567'], 'Ami', '221771234567', %s)"
            " AS id",
            (clock.now(),),
        )
        row = await cursor.fetchone()
    assert row is not None
    assert (await stage.invoice("ROBE1")).customer_id == row["id"]


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"code": "VESTE9"}, NotFound, "VESTE9"),
        ({"code": "JUPE3"}, InvalidInput, "several variants, name one of them: S, M"),
        ({"code": "JUPE3", "variant": "XL"}, InvalidInput, "name one of them: S, M"),
        ({"code": "ROBE1", "variant": "S"}, InvalidInput, "no variants"),
        ({"code": "ROBE1", "phone": "12"}, InvalidInput, r"77 123 45 67.*\+221"),
        ({"code": "ROBE1", "name": "  "}, InvalidInput, "buyer's name"),
        ({"code": "ROBE1", "quantity": 6}, Conflict, "Only 5 left of ROBE1"),
        ({"code": "SAC2", "quantity": 21}, InvalidInput, "at most"),
        ({"code": "SAC2", "quantity": 0}, InvalidInput, "1 or more"),
    ],
)
async def test_an_invoice_that_cannot_be_leaves_nothing_behind(
    stage: Stage, wrong: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        await stage.invoice(**wrong)
    assert await stage.rows("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM customers) AS n") == [
        {"n": 0}
    ]


async def test_who_wants_no_messages_gets_no_invoice(stage: Stage) -> None:
    await stage.invoice("ROBE1")

    async def opt_out(tx: Tx) -> None:
        await tx.execute("UPDATE customers SET opted_out = true")

    async with stage.db.transaction(stage.shop.id) as tx:
        await opt_out(tx)
    with pytest.raises(Conflict, match="write to the shop first"):
        await stage.invoice("SAC2")


async def test_a_shop_without_a_number_cannot_send_invoices(
    db: Database, database_url: str, clock: FrozenClock
) -> None:
    shop = await create_shop(database_url, name="Awa", now=clock.now())
    async with db.transaction(shop.id) as tx:
        await create_products(tx, [NewProduct("ROBE1", "Robe", Money(15000, "XOF"), 5)], clock.now())
    with pytest.raises(NotFound, match="griot shop connect whatsapp --shop awa"):
        await Stage(db, clock, shop).invoice("ROBE1")


async def test_invoices_for_the_last_piece_sell_it_once(stage: Stage) -> None:
    async with stage.db.transaction(stage.shop.id) as tx:
        await create_products(tx, [NewProduct("LAST1", "Dernier", Money(9000, "XOF"), 1)], stage.clock.now())
    results = await asyncio.gather(*(stage.order(n, "LAST1") for n in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 4 + ["Order"]


async def test_a_whole_live_from_the_command_line(stage: Stage, database_url: str, tmp_path: Path) -> None:
    def griot_live(*arguments: str, expect: int = 0) -> dict[str, Any]:
        house = {"DATABASE_URL": database_url, "GRIOT_DATA_DIR": str(tmp_path), "GRIOT_SECRET_KEY": "k"}
        result = subprocess.run(
            [
                sys.executable,
                "-c",
                "from griot.cli.live import app; app()",
                *arguments,
                "--shop",
                "chez-aminata",
                "--json",
            ],
            env=os.environ | house | {"GRIOT_PUBLIC_URL": "https://pay.example", "GRIOT_CLOCK": "system"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert result.returncode == expect, result.stderr
        document = json.loads(result.stdout) if result.stdout else {"error": result.stderr}
        assert isinstance(document, dict)
        return document

    assert griot_live("status", expect=1) == {"live": None, "totals": None, "stock": []}
    assert griot_live("start", "--title", "Wax", "--codes", "robe1,sac2")["codes"] == ["ROBE1", "SAC2"]
    assert "since" in griot_live("start", expect=2)["error"]
    invoice = griot_live("invoice", "ROBE1", "--name", "Aminata Diallo", "--phone", "77 123 45 67", "--quantity", "2")
    assert (invoice["total"], invoice["currency"]) == ("30000", "XOF")
    assert invoice["pay_url"].startswith("https://pay.example/p/")
    status = griot_live("status")
    assert (status["totals"]["orders"], status["totals"]["pending"]) == (1, 1)
    assert status["stock"][0] == {"code": "ROBE1", "free": 3, "held": 2, "sold": 0, "low": False}
    assert griot_live("stop")["advice"]["rule"] == "pending"
    assert "griot live start" in griot_live("stop", expect=2)["error"]
