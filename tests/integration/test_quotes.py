"""Quotes: priced by the catalogue, numbered without gaps, one open a thread, and kept at their price when accepted."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from reservation_helpers import Buyer, arrive, open_shop

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue.service import create_product
from griot.tools.orders import queries as orders
from griot.tools.quotes import documents
from griot.tools.quotes import service as quotes
from griot.tools.quotes.models import Quote
from griot.tools.reservation.service import reserve
from griot.tools.shops.service import update_settings
from pdf_words import words

TAXED = {"tax_percent": 18, "legal": {"NINEA": "005123456 2G3"}}


class Desk:
    """A shop with a T-shirt (6 000, from 100 pieces 4 500) and a bag, and buyers who ask for quotes."""

    def __init__(self, db: Database, clock: FrozenClock, shop: Shop, shirts: dict[str, int], bag: int) -> None:
        self.db, self.clock, self.shop, self.shirts, self.bag = db, clock, shop, shirts, bag
        self.buyers: list[Buyer] = []

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def quote(self, *lines: tuple[int, int], buyer: int = 0, **more: Any) -> Quote:
        async with self.db.transaction(self.shop.id) as tx:
            return await self.quote_in(tx, *lines, buyer=buyer, **more)

    async def quote_in(self, tx: Tx, *lines: tuple[int, int], buyer: int = 0, **more: Any) -> Quote:
        who = self.buyers[buyer]
        return await quotes.make_quote(
            tx,
            await load_shop(tx),
            conversation_id=who.conversation_id,
            customer_id=who.customer_id,
            buyer="Hôtel Téranga",
            lines=lines or [(self.bag, 1)],
            wanted_on=more.pop("wanted_on", None),
            now=self.now,
            **more,
        )

    async def paper(self, quote: Quote) -> str:
        assert quote.document_id is not None
        async with self.db.transaction(self.shop.id) as tx:
            return words((await documents.load(tx, quote.document_id)).content)

    async def open(self, buyer: int = 0) -> Quote | None:
        async with self.db.transaction(self.shop.id) as tx:
            return await quotes.open_quote(tx, self.buyers[buyer].conversation_id, self.now)

    async def settings(self, **changes: Any) -> None:
        async with self.db.transaction(self.shop.id) as tx:
            await update_settings(tx, **changes)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.db.transaction(self.shop.id) as tx:
            cursor = await tx.execute(query.encode())
            return await cursor.fetchall()

    async def take(self, tx: Tx, quote: Quote, buyer: int = 0) -> int:
        """Hold what a quote offers; returns the order's id."""
        wanted = [self.buyers[buyer].wants(line.variant_id, line.quantity) for line in quote.lines]
        holds = await reserve(tx, await load_shop(tx), wanted, self.now)
        assert {hold.outcome for hold in holds} == {"held"}
        assert holds[0].order_id is not None
        return holds[0].order_id


@pytest.fixture
async def desk(database_url: str, db: Database, clock: FrozenClock) -> Desk:
    shop = await open_shop(database_url, db, clock.now(), max_quantity=10_000)
    async with db.transaction(shop.id) as tx:
        shirt = await create_product(
            tx, code="TSHIRT1", title="T-shirt brodé", price=Money(6_000, "XOF"), stock=500,
            options={"taille": ("M", "L")}, price_breaks=((100, Money(4_500, "XOF")),), now=clock.now(),
        )  # fmt: skip
        bag = await create_product(tx, code="SAC1", title="Sac", price=Money(9_000, "XOF"), stock=50, now=clock.now())
        desk = Desk(db, clock, shop, {v.label: v.id for v in shirt.variants}, bag.variants[0].id)
        desk.buyers = await arrive(tx, 4, clock.now())
    return desk


# What it says


async def test_prices_are_the_catalogues_with_the_quantity_prices(desk: Desk) -> None:
    quote = await desk.quote((desk.shirts["M"], 120), (desk.shirts["L"], 99), (desk.bag, 2))
    assert [(line.code, line.options, line.quantity, line.unit.minor, line.total.minor) for line in quote.lines] == [
        ("TSHIRT1", {"taille": "M"}, 120, 4_500, 540_000),
        ("TSHIRT1", {"taille": "L"}, 99, 6_000, 594_000),
        ("SAC1", {}, 2, 9_000, 18_000),
    ]
    assert quote.total == Money(1_152_000, "XOF")
    shown = await desk.paper(quote)
    assert shown.count("Prix dès 100 pièces (au lieu de 6 000 F CFA)") == 1
    assert "T-shirt brodé (M)" in shown
    assert "Hôtel Téranga" in shown


async def test_taxes_deposit_and_validity_are_the_shops(desk: Desk) -> None:
    await desk.settings(**TAXED, deposit_percent=30, quote_valid_days=10)
    quote = await desk.quote((desk.bag, 1), wanted_on=date(2026, 2, 21))
    assert (quote.net.minor, quote.tax.minor, quote.total.minor) == (7_627, 1_373, 9_000)
    assert quote.deposit == Money(2_700, "XOF")
    assert (quote.valid_until, quote.wanted_on) == (date(2026, 2, 25), date(2026, 2, 21))
    await desk.settings(prices_include_tax=False)
    dearer = await desk.quote((desk.bag, 1))
    assert (dearer.net.minor, dearer.tax.minor, dearer.total.minor) == (9_000, 1_620, 10_620)
    assert dearer.deposit == Money(3_186, "XOF")
    assert "NINEA 005123456 2G3" in await desk.paper(dearer)


async def test_the_same_article_named_twice_is_one_line(desk: Desk) -> None:
    quote = await desk.quote((desk.shirts["M"], 60), (desk.bag, 1), (desk.shirts["M"], 60))
    assert [(line.quantity, line.unit.minor) for line in quote.lines] == [(120, 4_500), (1, 9_000)]


async def test_the_paper_is_in_the_buyers_language_or_the_one_asked_for(desk: Desk) -> None:
    async with desk.db.transaction(desk.shop.id) as tx:
        (malagasy,) = await arrive(tx, 1, desk.now, language="mg")
    desk.buyers.append(malagasy)
    assert "TOMBAM-BIDY" in await desk.paper(await desk.quote(buyer=-1))
    assert "QUOTE" in await desk.paper(await desk.quote((desk.bag, 3), buyer=-1, language="en"))


async def test_the_document_is_kept_as_it_was_made(desk: Desk) -> None:
    quote = await desk.quote()
    (row,) = await desk.rows("SELECT id, kind, filename, mime_type, content, sha256 FROM documents")
    assert (row["id"], row["kind"], row["filename"]) == (quote.document_id, "quote", "DEV-2026-0001.pdf")
    assert bytes(row["content"]).startswith(b"%PDF-")
    assert row["sha256"] == hashlib.sha256(row["content"]).hexdigest()
    async with desk.db.transaction(desk.shop.id) as tx:
        assert (await documents.numbered(tx, " dev-2026-0001 ")).content == bytes(row["content"])
        with pytest.raises(NotFound, match="numbers look like"):
            await documents.numbered(tx, "DEV-2026-0002")


async def test_the_logo_of_the_shop_stands_on_it_and_is_not_read_with_every_turn(desk: Desk, tmp_path: Any) -> None:
    Image.effect_noise((1500, 1000), 80).save(tmp_path / "logo.png")
    async with desk.db.transaction(desk.shop.id) as tx:
        await documents.set_logo(tx, (tmp_path / "logo.png").read_bytes())
        head = await documents.letterhead(tx, desk.buyers[0].customer_id, desk.buyers[0].conversation_id)
        assert head.logo is not None and len(head.logo) < 128 * 1024
    with_logo = await desk.quote()
    async with desk.db.transaction(desk.shop.id) as tx:
        assert with_logo.document_id is not None
        assert b"/Subtype /Image" in (await documents.load(tx, with_logo.document_id)).content
        await documents.set_logo(tx, None)
        assert (await load_shop(tx)).max_quantity == 10_000
        head = await documents.letterhead(tx, desk.buyers[0].customer_id, desk.buyers[0].conversation_id)
        assert head.logo is None


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"<svg/>", b"x" * (5 * 1024**2 + 1)])
async def test_what_is_no_picture_is_no_logo(desk: Desk, picture: bytes) -> None:
    with pytest.raises(InvalidInput, match="logo"):
        async with desk.db.transaction(desk.shop.id) as tx:
            await documents.set_logo(tx, picture)


# Numbers


async def test_numbers_count_up_and_begin_anew_with_the_year_where_the_shop_is(desk: Desk) -> None:
    numbers = [(await desk.quote((desk.bag, n))).number for n in (1, 2)]
    desk.clock.set(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    numbers.append((await desk.quote((desk.bag, 3))).number)
    desk.clock.advance(timedelta(minutes=1))
    numbers.append((await desk.quote((desk.bag, 4))).number)
    assert numbers == ["DEV-2026-0001", "DEV-2026-0002", "DEV-2026-0003", "DEV-2027-0001"]


async def test_the_shop_chooses_what_its_numbers_begin_with(desk: Desk) -> None:
    await desk.settings(quote_prefix="PRO")
    assert (await desk.quote()).number == "PRO-2026-0001"


async def test_a_transaction_that_is_undone_leaves_no_gap(desk: Desk) -> None:
    with pytest.raises(RuntimeError):
        async with desk.db.transaction(desk.shop.id) as tx:
            assert (await desk.quote_in(tx)).number == "DEV-2026-0001"
            raise RuntimeError("something else went wrong")
    assert await desk.rows("SELECT FROM documents") == []
    assert (await desk.quote()).number == "DEV-2026-0001"


async def test_numbers_asked_for_at_once_are_all_different_and_have_no_gap(desk: Desk) -> None:
    async with desk.db.transaction(desk.shop.id) as tx:
        desk.buyers = await arrive(tx, 20, desk.now)
    made = await asyncio.gather(*(desk.quote(buyer=n) for n in range(20)))
    assert sorted(quote.number for quote in made) == [f"DEV-2026-{n:04d}" for n in range(1, 21)]


# One open quote a thread


async def test_asking_again_for_the_same_is_answered_with_the_same_quote(desk: Desk) -> None:
    first = await desk.quote((desk.bag, 2), (desk.shirts["M"], 3), wanted_on=date(2026, 2, 21))
    desk.clock.advance(timedelta(days=1))
    assert await desk.quote((desk.shirts["M"], 3), (desk.bag, 2)) == first
    assert await desk.quote((desk.bag, 2), (desk.shirts["M"], 3), wanted_on=date(2026, 2, 21)) == first
    assert len(await desk.rows("SELECT FROM documents")) == 1


async def test_asked_twice_at_once_there_is_one_quote(desk: Desk) -> None:
    made = await asyncio.gather(*(desk.quote() for _ in range(4)))
    assert {quote.number for quote in made} == {"DEV-2026-0001"}


@pytest.mark.parametrize("change", ["quantity", "article", "date", "price", "tax", "deposit"])
async def test_anything_else_makes_a_new_quote_in_place_of_the_open_one(desk: Desk, change: str) -> None:
    first = await desk.quote((desk.bag, 2), wanted_on=date(2026, 2, 21))
    lines, wanted = [(desk.bag, 2)], date(2026, 2, 21)
    match change:
        case "quantity":
            lines = [(desk.bag, 3)]
        case "article":
            lines = [(desk.shirts["M"], 2)]
        case "date":
            wanted = date(2026, 2, 22)
        case "price":
            async with desk.db.transaction(desk.shop.id) as tx:
                await tx.execute("UPDATE products SET price_minor = 9500 WHERE code = 'SAC1'")
        case "tax":
            await desk.settings(tax_percent=18)
        case "deposit":
            await desk.settings(deposit_percent=50)
    second = await desk.quote(*lines, wanted_on=wanted)
    assert second.number == "DEV-2026-0002"
    assert await desk.open() == second
    assert await desk.rows("SELECT number, status FROM quotes ORDER BY id") == [
        {"number": first.number, "status": "replaced"},
        {"number": second.number, "status": "open"},
    ]


async def test_each_thread_has_a_quote_of_its_own(desk: Desk) -> None:
    mine, yours = await desk.quote(), await desk.quote((desk.bag, 5), buyer=1)
    async with desk.db.transaction(desk.shop.id) as tx:
        found = await quotes.load_open(tx, [buyer.conversation_id for buyer in desk.buyers], desk.now)
    assert found == {quote.conversation_id: quote for quote in (mine, yours)}


async def test_a_quote_is_open_through_its_last_day_where_the_shop_is(desk: Desk) -> None:
    async with desk.db.transaction(desk.shop.id) as tx:
        await tx.execute("UPDATE shops SET timezone = 'Indian/Antananarivo'")  # three hours ahead
    quote = await desk.quote()
    assert quote.valid_until == date(2026, 3, 2)
    desk.clock.set(datetime(2026, 3, 2, 20, 59, tzinfo=UTC))
    assert await desk.open() == quote
    desk.clock.advance(timedelta(minutes=1))
    assert await desk.open() is None
    again = await desk.quote()
    assert again.number == "DEV-2026-0002"
    assert [row["status"] for row in await desk.rows("SELECT status FROM quotes ORDER BY id")] == ["expired", "open"]


async def test_what_cannot_be_ordered_is_not_quoted(desk: Desk) -> None:
    for lines, error, why in (
        ([(desk.bag, 0)], InvalidInput, "give 1 or more"),
        ([(desk.bag, 60_000), (desk.bag, 60_000)], InvalidInput, "100000 pieces of one article at most"),
        ([(999_999, 1)], NotFound, "not for sale"),
        ([(n, 1) for n in range(1, 202)], InvalidInput, "200 lines at most"),
    ):
        with pytest.raises(error, match=why):
            await desk.quote(*lines)
    async with desk.db.transaction(desk.shop.id) as tx:
        await tx.execute("UPDATE products SET active = false WHERE code = 'SAC1'")
    with pytest.raises(NotFound):
        await desk.quote()
    assert await desk.rows("SELECT FROM document_numbers") == []


# Accepted


async def test_an_accepted_quote_is_the_orders_and_costs_what_was_quoted(desk: Desk) -> None:
    quote = await desk.quote((desk.bag, 2), (desk.shirts["L"], 1))
    async with desk.db.transaction(desk.shop.id) as tx:
        await tx.execute("UPDATE products SET price_minor = 12000 WHERE code = 'SAC1'")
    async with desk.db.transaction(desk.shop.id) as tx:
        order_id = await desk.take(tx, quote)
        accepted = await quotes.accept(tx, quote.id, order_id, desk.now)
        order = await orders.load(tx, order_id)
    assert (accepted.status, accepted.order_id) == ("accepted", order_id)
    assert order is not None and order.total == quote.total == Money(24_000, "XOF")
    assert await desk.open() is None
    (event,) = await desk.rows("SELECT order_id, data FROM events WHERE kind = 'quote.accepted'")
    assert (event["order_id"], event["data"]["number"]) == (order_id, "DEV-2026-0001")


async def test_a_quote_is_accepted_once_in_its_own_thread_and_while_it_is_open(desk: Desk) -> None:
    old = await desk.quote((desk.bag, 1))
    quote = await desk.quote((desk.bag, 2))

    async def accept(wanted: Quote, buyer: int = 0) -> None:
        async with desk.db.transaction(desk.shop.id) as tx:
            await quotes.accept(tx, wanted.id, await desk.take(tx, quote, buyer), desk.now)

    with pytest.raises(Conflict, match="a newer quote has taken its place"):
        await accept(old)
    with pytest.raises(NotFound, match="in this conversation"):
        await accept(quote, buyer=1)
    desk.clock.advance(timedelta(days=16))
    with pytest.raises(Conflict, match="its last day is over"):
        await accept(quote)
    desk.clock.advance(timedelta(days=-16))
    await accept(quote)
    with pytest.raises(Conflict, match="accepted already"):
        async with desk.db.transaction(desk.shop.id) as tx:
            await quotes.acceptable(tx, quote.id, desk.buyers[0].conversation_id, desk.now)
    assert len(await desk.rows("SELECT FROM orders")) == 1


async def test_another_shop_sees_nothing_of_it(desk: Desk, database_url: str) -> None:
    quote = await desk.quote()
    async with desk.db.transaction(desk.shop.id + 1) as tx:
        assert await quotes.load_open(tx, [quote.conversation_id], desk.now) == {}
        assert quote.document_id is not None
        with pytest.raises(NotFound):
            await documents.load(tx, quote.document_id)
