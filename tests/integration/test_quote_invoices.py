"""Invoices: one an order, numbered without gaps, once there is something to invoice."""

from datetime import timedelta
from typing import Any

import pytest
from reservation_helpers import Buyer, arrive, article, open_shop

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict
from griot.core.money import Money
from griot.core.tenancy import Shop, load_shop
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Order
from griot.tools.quotes.invoices import make_invoice
from griot.tools.quotes.models import Document
from griot.tools.reservation.service import cancel_order, reserve, sell
from griot.tools.shops.service import update_settings
from pdf_words import words


class Till:
    def __init__(self, db: Database, clock: FrozenClock, shop: Shop, buyers: list[Buyer], bag: int) -> None:
        self.db, self.clock, self.shop, self.buyers, self.bag = db, clock, shop, buyers, bag

    async def order(self, tx: Tx, pieces: int = 2, buyer: int = 0) -> Order:
        (hold,) = await reserve(tx, self.shop, [self.buyers[buyer].wants(self.bag, pieces)], self.clock.now())
        assert hold.order_id is not None
        return await order_service.locked(tx, hold.order_id)

    async def pay(self, tx: Tx, order: Order, received: Money | None = None) -> Order:
        await order_service.await_payment(tx, order.id, "wave", self.clock.now())
        await sell(tx, order.id)
        await order_service.mark_paid(tx, order.id, "wave", self.clock.now(), received)
        return await order_service.locked(tx, order.id)

    async def invoice(self, tx: Tx, order: Order, **more: Any) -> Document:
        return await make_invoice(tx, await load_shop(tx), order, self.clock.now(), **more)


@pytest.fixture
async def till(database_url: str, db: Database, clock: FrozenClock) -> Till:
    shop = await open_shop(database_url, db, clock.now(), tax_percent=18)
    async with db.transaction(shop.id) as tx:
        bag = await article(tx, "SAC1", 50, clock.now(), price=5_900, title="Sac cabas")
        return Till(db, clock, shop, await arrive(tx, 3, clock.now()), bag)


async def test_a_paid_order_has_its_invoice(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        order = await till.pay(tx, await till.order(tx))
        invoice = await till.invoice(tx, order)
    shown = words(invoice.content).replace("\u00a0", " ")
    assert (invoice.kind, invoice.number, invoice.filename) == ("invoice", "FAC-2026-0001", "FAC-2026-0001.pdf")
    for said in (
        *("FACTURE\nFAC-2026-0001", f"Commande\n#{order.reference}", "Sac cabas", "Total HT\n10 000 F CFA"),
        *("TVA 18 %\n1 800 F CFA", "Total TTC\n11 800 F CFA", "Déjà payé\n11 800 F CFA", "Reste à payer\n0 F CFA"),
        "Facture acquittée.",
    ):
        assert said in shown, said


async def test_asked_again_it_is_the_same_invoice(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        order = await till.pay(tx, await till.order(tx))
        first = await till.invoice(tx, order)
        other = await till.invoice(tx, await till.pay(tx, await till.order(tx, buyer=1)))
    till.clock.advance(timedelta(days=3))
    async with till.db.transaction(till.shop.id) as tx:
        assert await till.invoice(tx, order) == first
    assert (first.number, other.number) == ("FAC-2026-0001", "FAC-2026-0002")


async def test_where_buyers_pay_in_thirty_days_the_invoice_comes_first_and_says_when(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        await update_settings(tx, payment_terms="net30", invoice_prefix="FRA")
        invoice = await till.invoice(tx, await till.order(tx), language="en")
    shown = words(invoice.content)
    assert "INVOICE\nFRA-2026-0001" in shown
    assert "Due date\n17 March 2026" in shown
    assert "To be paid by 17 March 2026." in shown
    assert "Already paid" not in shown


async def test_after_a_deposit_it_says_what_is_left_to_pay(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        order = await till.pay(tx, await till.order(tx), Money(5_900, "XOF"))
        shown = words((await till.invoice(tx, order)).content)
    assert "Déjà payé\n5 900 F CFA" in shown
    assert "Reste à payer\n5 900 F CFA" in shown
    assert "Solde de 5 900 F CFA à la livraison ou sur place." in shown


async def test_a_promotion_is_taken_off_before_the_tax(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        order = await till.order(tx)
        await tx.execute(
            "WITH promotion AS (INSERT INTO promotions (shop_id, code, kind, worth, starts_at, ends_at, created_at)"
            " VALUES (current_shop(), 'FETE', 'amount', 5900, %(now)s, %(now)s + interval '1 hour', %(now)s)"
            " RETURNING id) UPDATE orders SET promotion_id = promotion.id FROM promotion",
            {"now": till.clock.now()},
        )
        await orders.sum_up(tx, order.id)
        order = await till.pay(tx, await order_service.locked(tx, order.id))
        shown = words((await till.invoice(tx, order)).content)
    assert "Remise\n-5 900 F CFA" in shown
    assert "Total HT\n5 000 F CFA" in shown
    assert "Total TTC\n5 900 F CFA" in shown


async def test_what_is_not_sold_is_not_invoiced(till: Till) -> None:
    async with till.db.transaction(till.shop.id) as tx:
        unpaid = await till.order(tx)
        gone = await cancel_order(tx, till.shop, (await till.order(tx, buyer=1)).id, till.clock.now())
    for order, why in ((unpaid, "it is not paid yet"), (gone, "it is cancelled")):
        with pytest.raises(Conflict, match=why):
            async with till.db.transaction(till.shop.id) as tx:
                await till.invoice(tx, order)
