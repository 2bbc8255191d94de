"""What a vendor sees while a live runs, and what its audience sees, from the database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from griot.core import events
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.core.errors import NotFound, SignatureMismatch
from griot.core.money import Money
from griot.tools.customers import service as customer_service
from griot.tools.live import board as boards
from griot.tools.live import overlay
from griot.tools.live import service as live
from griot.tools.live.board_models import Alert, Board, Buyer, Tip
from griot.tools.live.models import Live
from griot.tools.live.overlay import Article, Bought, Scene, first_name
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.reservation import service as reservation
from house_world import Number, World, article, open_world

KEYS = Keyring("a secret for tests")


@dataclass
class Evening:
    """A live of a shop with ROBE1 (4 pieces), SAC2 (20) and a lot more."""

    world: World
    number: Number
    live: Live

    @property
    def clock(self) -> FrozenClock:
        return self.world.clock

    async def order(self, n: int, code: str, quantity: int = 1, name: str = "Aminata Diallo") -> Order:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await live.invoice(
                tx,
                self.number.shop,
                code=code,
                quantity=quantity,
                name=name,
                phone=f"78 000 00 {n:02d}",
                pay_url=lambda order_id: f"https://pay.example/{order_id}",
                now=self.clock.now(),
            )

    async def pay(self, order: Order) -> None:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            now = self.clock.now()
            await orders.await_payment(tx, order.id, "wave", now)
            await reservation.sell(tx, order.id)
            await orders.mark_paid(tx, order.id, "wave", now)
            await customer_service.record_paid(tx, order.customer_id, order.total.minor, 60, "wave", now)

    async def board(self) -> Board:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await boards.board(tx, self.number.shop, self.live, self.clock.now())

    async def token(self) -> str:
        async with self.world.db.transaction(self.number.shop.id) as tx:
            return await overlay.make_page(tx, KEYS, self.number.shop, self.clock.now())

    async def scene(self, token: str) -> Scene:
        shop_id, page_id = overlay.read_token(KEYS, token)
        async with self.world.db.transaction(shop_id) as tx:
            return await overlay.scene(tx, self.number.shop, page_id, self.clock.now())


@pytest.fixture
async def evening(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Evening]:
    async with open_world(database_url, db, clock) as world:
        number = await world.number(
            article("ROBE1", 4), article("SAC2", 20, 8_000), *(article(f"ART{n}", 5) for n in range(30))
        )
        async with db.transaction(number.shop.id) as tx:
            started = await live.start(tx, number.shop, "Soirée wax", ["SAC2", "ROBE1"], clock.now())
        yield Evening(world, number, started)


async def test_the_board_of_a_live(evening: Evening) -> None:
    await evening.pay(await evening.order(1, "ROBE1"))
    await evening.pay(await evening.order(2, "ROBE1", name="Fatou"))
    late = await evening.order(3, "ROBE1", name="Moussa Kane")
    await evening.order(4, "ART7", 2, name="Ndeye Fall")
    shown = await evening.board()
    assert [shelf.code for shelf in shown.shelves] == ["SAC2", "ROBE1"], "the quick catalogue, in the vendor's order"
    robe = shown.shelves[1]
    assert (robe.free, robe.held, robe.sold, robe.orders, robe.lately) == (1, 1, 2, 3, 3)
    assert [(bar.orders, bar.code) for bar in shown.pulse.bars] == [(4, "ROBE1")]
    assert shown.alerts == (Alert("low", "ROBE1", 1), Alert("payments", count=2, amount=Money(30_000, "XOF")))
    assert shown.tips == (Tip("running_out", {"code": "ROBE1", "count": 1}),)
    assert [(entry.buyer, entry.order.status) for entry in shown.entries] == [
        ("Ndeye F.", "reserved"),
        ("Moussa K.", "reserved"),
        ("Fatou", "paid"),
        ("Aminata D.", "paid"),
    ]
    evening.clock.set(late.expires_at - timedelta(seconds=30))
    shown = await evening.board()
    assert Alert("expiring", count=2) in shown.alerts
    assert Tip("slow", {"count": 2}) in shown.tips
    assert [bar.orders for bar in shown.pulse.bars] == [4] + [0] * 9
    evening.clock.set(late.expires_at)
    overdue = (await evening.board()).shelves[1]
    assert (overdue.free, overdue.held) == (2, 0), "a hold that is over is free"


async def test_without_a_quick_catalogue_what_is_asked_for_is_shown(evening: Evening) -> None:
    async with evening.world.db.transaction(evening.number.shop.id) as tx:
        await live.stop(tx, evening.number.shop, evening.clock.now())
        evening.live = await live.start(tx, evening.number.shop, "", [], evening.clock.now())
    await evening.order(1, "ART29")
    codes = [shelf.code for shelf in (await evening.board()).shelves]
    assert len(codes) == boards.MOST_SHELVES and codes == sorted(codes)
    assert {"ART29", "ROBE1", "SAC2"} <= set(codes)


async def test_good_customers_who_write_are_noticed(evening: Evening) -> None:
    await evening.world.thread(evening.number, 1)
    assert (await evening.board()).tips == ()
    await evening.world.rows(
        evening.number.shop.id, "UPDATE customers SET paid_orders = 6, payment_seconds = 300 RETURNING 1"
    )
    assert (await evening.board()).tips == (Tip("vip", {"code": "SAC2", "count": 1}),)


async def test_invoices_go_to_those_who_wrote_last(evening: Evening) -> None:
    await evening.order(1, "SAC2", name="Aminata Diallo")
    await evening.pay(await evening.order(2, "SAC2", name="Fatou Sow"))
    await evening.world.thread(evening.number, 9)
    async with evening.world.db.transaction(evening.number.shop.id) as tx:
        await live.stop(tx, evening.number.shop, evening.clock.now())  # which writes to the vendor
        buyers = await boards.recent_buyers(tx)
    assert [buyer.name for buyer in buyers] == ["Awa", "Fatou Sow", "Aminata Diallo"]
    assert buyers[1] == Buyer("Fatou Sow", "221780000002")


async def test_the_audience_sees_codes_and_a_first_name(evening: Evening) -> None:
    token = await evening.token()
    before = await evening.scene(token)
    assert before.title == "Soirée wax" and before.bought is None
    assert before.articles[0] == Article("SAC2", "Article SAC2", Money(8_000, "XOF"), 20)
    assert before.door is not None and before.door.address.startswith("https://wa.me/221338000000")
    await evening.pay(await evening.order(1, "SAC2", 3))
    after = await evening.scene(token)
    assert after.articles[0].free == 17
    assert after.bought == Bought("Aminata", "SAC2")
    assert "Diallo" not in repr(after) and "22178" not in repr(after)


async def test_an_overlay_ends_with_its_link(evening: Evening) -> None:
    shop, now = evening.number.shop, evening.clock.now()
    former = await evening.token()
    token = await evening.token()
    assert token != former
    with pytest.raises(NotFound, match="closed"):
        await evening.scene(former)
    assert (await evening.scene(token)).articles
    with pytest.raises(SignatureMismatch):
        overlay.read_token(KEYS, former[:22] + token[22:])
    with pytest.raises(SignatureMismatch):
        overlay.read_token(Keyring("another"), token)
    async with evening.world.db.transaction(shop.id) as tx:
        assert await overlay.page_token(tx, KEYS, shop) == token
        await overlay.close_page(tx, now)
        assert await overlay.page_token(tx, KEYS, shop) is None
        with pytest.raises(NotFound):
            await overlay.close_page(tx, now)
        kinds = [event.kind for event in await events.page(tx, 3, None, None)]
    assert kinds == ["overlay.closed", "overlay.made", "overlay.made"]
    with pytest.raises(NotFound):
        await evening.scene(token)


async def test_between_lives_an_overlay_shows_nothing(evening: Evening) -> None:
    token = await evening.token()
    async with evening.world.db.transaction(evening.number.shop.id) as tx:
        await live.stop(tx, evening.number.shop, evening.clock.now())
    assert await evening.scene(token) == Scene("Chez Awa")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Aminata Diallo", "Aminata"),
        ("Marie-Noëlle Faye", "Marie-Noëlle"),
        ("N'Deye", "N'Deye"),
        ("+221 77 123 45 67", ""),
        ("221771234567", ""),
        ("www.spam.example", ""),
        ("<script>alert(1)</script>", ""),
        ("🌸 Bijou", ""),
        ("X" * 60, ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_a_first_name_that_is_one_is_shown(name: str | None, shown: str) -> None:
    assert first_name(name) == shown
