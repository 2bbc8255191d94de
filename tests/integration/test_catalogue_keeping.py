"""A vendor keeps the catalogue: finds products, changes what they cost and come in, and every piece is explained."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import editing, listing, stock
from griot.knowledge.catalogue.models import NewProduct, Product
from griot.knowledge.catalogue.service import codes, create_product, create_products, edit
from griot.rehearsal.books import MOVEMENTS, STOCK, imbalances
from griot.tools.shops.service import create_shop

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


@pytest.fixture
async def shop(database_url: str) -> Shop:
    return await create_shop(database_url, name="Chez Aminata", now=NOW)


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id, actor="user:7") as transaction:
        yield transaction
        assert await imbalances(transaction, STOCK | MOVEMENTS) == []


def cfa(amount: int) -> Money:
    return Money(amount, "XOF")


async def robe(tx: Tx, options: str | None = "taille:S|M", pieces: int = 3) -> Product:
    return await create_product(
        tx,
        code="ROBE1",
        title="Robe Été Wax",
        category="Robes",
        price=cfa(15000),
        stock=pieces,
        options=options,
        now=NOW,
    )


async def test_products_are_found_by_words_however_they_are_written_and_by_what_their_stock_wants(tx: Tx) -> None:
    await create_products(
        tx,
        [
            NewProduct("ROBE1", "Robe d'été", cfa(15000), 5),
            NewProduct("ROBE2", "Robe bœuf", cfa(15000), 2),
            NewProduct("SAC1", "Sac", cfa(15000), 0, category="Été"),
            NewProduct("SAC2", "Vieux sac", cfa(15000), 9),
        ],
        NOW,
    )
    [old] = await listing.page(tx, NOW, search="sac2")
    await edit(tx, old.id, {"active": False}, NOW)

    async def found(search: str = "", only: listing.Only = "") -> list[str]:
        return [one.code for one in await listing.page(tx, NOW, search=search, only=only)]

    assert await found() == ["SAC1", "ROBE2", "ROBE1"]
    assert await found("ETE") == ["SAC1", "ROBE1"]
    assert await found("boeuf robe") == ["ROBE2"]
    assert await found("50%_\\") == []
    assert (await found(only="low"), await found(only="out")) == (["ROBE2"], ["SAC1"])
    assert await found(only="hidden") == ["SAC2"]
    assert await listing.counts(tx, NOW) == listing.Counts(on_sale=3, low=1, out=1, hidden=1)


async def test_a_long_list_goes_on_where_the_page_before_ended(tx: Tx) -> None:
    await create_products(tx, [NewProduct(f"SAC{n}", "Sac", cfa(5000), 1) for n in range(1, 8)], NOW)
    seen: list[str] = []
    after = None
    while page := await listing.page(tx, NOW, limit=3, after=after):
        seen += [one.code for one in page]
        after = page[-1].id
    assert seen == [f"SAC{n}" for n in range(7, 0, -1)]


async def test_every_piece_is_explained_by_who_when_why_and_by_how_much(tx: Tx) -> None:
    product = await robe(tx, None, 4)
    [variant] = product.variants
    assert await stock.receive_stock(tx, variant.id, 6, NOW, note="  colis de  Dakar ") == 10
    assert await stock.receive_stock(tx, variant.id, -1, NOW, reason="damaged", note="tache") == 9
    assert await stock.count_stock(tx, variant.id, 9, NOW) == 9
    assert await stock.count_stock(tx, variant.id, 7, NOW) == 7
    told = await stock.movements(tx, product.id)
    assert [(m.kind, m.pieces, m.on_hand, m.note, m.actor) for m in told] == [
        ("counted", -2, 7, "", "user:7"),
        ("counted", 0, 9, "", "user:7"),
        ("damaged", -1, 9, "tache", "user:7"),
        ("received", 6, 10, "colis de Dakar", "user:7"),
        ("opened", 4, 4, "", "user:7"),
    ]
    [book] = (await listing.product(tx, product.id)).variants
    assert book.received == sum(m.pieces for m in told) == book.on_hand + book.held + book.sold


async def test_a_count_includes_what_buyers_hold_and_never_takes_it_from_them(tx: Tx) -> None:
    product = await robe(tx, None, 5)
    [variant] = product.variants
    async with tx.transaction():
        await tx.execute("UPDATE stock_levels SET on_hand = 3, held = 2 WHERE shop_id = current_shop()")
        assert await stock.count_stock(tx, variant.id, 4, NOW) == 2
        with pytest.raises(Conflict, match="2 pieces are held for buyers, and 1 were counted"):
            await stock.count_stock(tx, variant.id, 1, NOW)
        await tx.execute("UPDATE stock_levels SET on_hand = 4, held = 0 WHERE shop_id = current_shop()")


@pytest.mark.parametrize(("pieces", "reason"), [(3, "damaged"), (-3, "received"), (0, None), (1, "imported")])
async def test_a_movement_that_contradicts_its_reason_is_refused(tx: Tx, pieces: int, reason: stock.Reason) -> None:
    [variant] = (await robe(tx, None)).variants
    with pytest.raises(InvalidInput):
        await stock.receive_stock(tx, variant.id, pieces, NOW, reason=reason)


async def test_a_variant_is_stopped_and_sold_again_with_its_book(tx: Tx) -> None:
    product = await robe(tx)
    small, medium = product.variants
    await editing.sell_variant(tx, small.id, False, NOW)
    assert [v.label for v in (await codes(tx))["ROBE1"].variants] == ["M"]
    [listed] = await listing.page(tx, NOW)
    assert (listed.variants, listed.free) == (1, 3)
    cursor = await tx.execute("SELECT * FROM piece_price(%s, 1)", (small.id,))
    assert await cursor.fetchone() is None, "it cannot be held any more"
    with pytest.raises(Conflict, match="the last variant of ROBE1"):
        await editing.sell_variant(tx, medium.id, False, NOW)
    assert await editing.add_variant(tx, product.id, {"taille": "S"}, 2, NOW) == small.id
    kept = await listing.product(tx, product.id)
    assert sorted((book.label, book.on_hand, book.active) for book in kept.variants) == [("M", 3, True), ("S", 5, True)]


async def test_a_variant_is_added_with_the_options_that_the_others_have(tx: Tx) -> None:
    product = await robe(tx)
    added = await editing.add_variant(tx, product.id, {"taille": " XL "}, 4, NOW, price=cfa(17000))
    found = {v.label: v.price for v in (await codes(tx))["ROBE1"].variants}
    assert found == {"S": cfa(15000), "M": cfa(15000), "XL": cfa(17000)}
    await editing.set_variant_price(tx, added, None, NOW)
    assert (await codes(tx))["ROBE1"].variants[-1].price == cfa(15000)
    for options in ({"couleur": "rouge"}, {}, {"taille": ""}, {"taille": "L", "couleur": "rouge"}):
        with pytest.raises(InvalidInput):
            await editing.add_variant(tx, product.id, options, 1, NOW)
    with pytest.raises(Conflict, match="sold as XL already"):
        await editing.add_variant(tx, product.id, {"taille": "XL"}, 1, NOW)
    plain = await create_product(tx, code="SAC1", title="Sac", price=cfa(5000), stock=1, now=NOW)
    with pytest.raises(InvalidInput, match="one kind only"):
        await editing.add_variant(tx, plain.id, {"taille": "S"}, 1, NOW)


async def test_quantity_prices_take_the_place_of_the_former_ones(tx: Tx) -> None:
    product = await robe(tx)
    await editing.set_price_breaks(tx, product.id, [(10, cfa(12000)), (5, cfa(13000))], NOW)
    kept = await listing.product(tx, product.id)
    assert [(step.min_quantity, step.unit) for step in kept.price_breaks] == [(5, cfa(13000)), (10, cfa(12000))]
    for wrong in ([(1, cfa(9000))], [(5, cfa(15000))], [(5, cfa(13000)), (5, cfa(12000))], [(5, Money(100, "EUR"))]):
        with pytest.raises(InvalidInput):
            await editing.set_price_breaks(tx, product.id, wrong, NOW)
    await editing.set_price_breaks(tx, product.id, [], NOW)
    assert (await codes(tx))["ROBE1"].price_breaks == ()


async def test_another_shops_product_is_none(shop: Shop, db: Database, database_url: str) -> None:
    async with db.transaction(shop.id) as ours:
        product = await robe(ours)
    other = await create_shop(database_url, name="Ailleurs", now=NOW)
    async with db.transaction(other.id) as theirs:
        for refused in (
            listing.product(theirs, product.id),
            editing.set_price_breaks(theirs, product.id, [], NOW),
            editing.sell_variant(theirs, product.variants[0].id, False, NOW),
            stock.count_stock(theirs, product.variants[0].id, 1, NOW),
        ):
            with pytest.raises(NotFound):
                await refused
