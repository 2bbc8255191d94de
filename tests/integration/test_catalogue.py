"""Products have codes that can be spoken, variants with stock of their own, and a book that balances."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.money import Money
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue.codes import normalise_code
from griot.knowledge.catalogue.models import NewProduct, PriceBreak
from griot.knowledge.catalogue.options import parse_options
from griot.knowledge.catalogue.service import (
    availability,
    codes,
    create_product,
    create_products,
    products_by_code,
)
from griot.knowledge.catalogue.stock import receive_stock
from griot.tools.shops.service import create_shop

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
PRICE = Money(15000, "XOF")


@pytest.fixture
async def shop(database_url: str) -> Shop:
    return await create_shop(database_url, name="Chez Aminata", now=NOW)


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def _stock(tx: Tx, variant_id: int) -> tuple[int, int, int, int]:
    row = await (await tx.execute("SELECT * FROM stock_levels WHERE variant_id = %s", (variant_id,))).fetchone()
    assert row is not None
    return row["on_hand"], row["held"], row["sold"], row["received"]


@pytest.mark.parametrize(
    ("written", "code"),
    [("robe1", "ROBE1"), ("Robe 1", "ROBE1"), ("sac-à-2", "SACA2"), ("Éclat_12", "ECLAT12"), ("chaussure", "CHAUSSURE"),
     ("bœuf3", "BOEUF3"), ("A1", "A1")],
)  # fmt: skip
def test_codes_are_written_in_one_way(written: str, code: str) -> None:
    assert normalise_code(written) == code


@pytest.mark.parametrize("written", ["", "1ROBE", "ROBE1A", "12", "R", "ROBE12345", "ROBE!", "🌹1", "A" * 17])
def test_what_cannot_be_said_is_no_code(written: str) -> None:
    with pytest.raises(InvalidInput, match="such as ROBE1 or SAC2"):
        normalise_code(written)


async def test_a_product_without_options_has_one_variant(tx: Tx) -> None:
    robe = await create_product(tx, code="robe 1", title=" Robe Wax Ankara ", price=PRICE, stock=5, now=NOW)
    assert (robe.code, robe.title, robe.price, robe.low_stock) == ("ROBE1", "Robe Wax Ankara", PRICE, 2)
    [variant] = robe.variants
    assert (variant.options, variant.label, variant.price) == ({}, "", PRICE)
    assert await _stock(tx, variant.id) == (5, 0, 0, 5)


async def test_every_combination_of_options_is_a_variant_with_its_own_stock(tx: Tx) -> None:
    robe = await create_product(
        tx, code="ROBE1", title="Robe", price=PRICE, stock=3, options="taille:S|M;couleur:rouge|bleu", now=NOW
    )
    assert sorted(variant.label for variant in robe.variants) == ["M / bleu", "M / rouge", "S / bleu", "S / rouge"]
    free = await availability(tx, [variant.id for variant in robe.variants], NOW)
    assert list(free.values()) == [3, 3, 3, 3]


async def test_stock_by_variant_makes_only_the_variants_it_names(tx: Tx) -> None:
    robe = await create_product(
        tx,
        code="ROBE1",
        title="Robe",
        price=PRICE,
        stock={"S": 4, "L": 0},
        options={"taille": ("S", "M", "L")},
        now=NOW,
    )
    free = await availability(tx, [variant.id for variant in robe.variants], NOW)
    assert {variant.label: free[variant.id] for variant in robe.variants} == {"S": 4, "L": 0}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"code": "1"}, "product code"),
        ({"title": " "}, "needs a title"),
        ({"price": Money(0, "XOF")}, "more than nothing"),
        ({"price": Money(1200, "EUR")}, "priced in EUR.*sells in XOF"),
        ({"stock": -1}, "stock of -1"),
        ({"stock": {"XL": 1}, "options": "taille:S|M"}, "no variant 'XL'.*variants: S, M"),
        ({"stock": {"S": 1}}, "give one number"),
        ({"options": "taille=S"}, "taille:S"),
        ({"options": "taille:S|S"}, "each of them once"),
        ({"price_breaks": ((1, Money(14_000, "XOF")),)}, "2 at least"),
        ({"price_breaks": ((10, PRICE),)}, "lower than the price before it"),
        ({"price_breaks": ((10, Money(14_000, "XOF")), (20, Money(14_500, "XOF")))}, "lower than the price before it"),
        ({"price_breaks": ((10, Money(14_000, "XOF")), (10, Money(13_000, "XOF")))}, "starts at more pieces"),
        ({"price_breaks": ((10, Money(900, "EUR")),)}, "cannot be a quantity price"),
    ],
)
async def test_a_product_that_cannot_be_is_refused_with_what_to_mend(
    tx: Tx, wrong: dict[str, Any], message: str
) -> None:
    product: dict[str, Any] = {"code": "ROBE1", "title": "Robe", "price": PRICE, "stock": 1, "now": NOW}
    with pytest.raises(InvalidInput, match=message):
        await create_product(tx, **(product | wrong))


async def test_quantity_prices_come_with_the_product_fewest_pieces_first(tx: Tx) -> None:
    steps = ((50, Money(12_000, "XOF")), (10, Money(13_500, "XOF")))
    robe = await create_product(tx, code="ROBE1", title="Robe", price=PRICE, stock=99, price_breaks=steps, now=NOW)
    assert robe.price_breaks == (PriceBreak(10, Money(13_500, "XOF")), PriceBreak(50, Money(12_000, "XOF")))
    await create_product(tx, code="SAC2", title="Sac", price=PRICE, stock=1, now=NOW)
    known = await codes(tx)
    assert known["ROBE1"] == robe
    assert known["SAC2"].price_breaks == ()
    assert (await products_by_code(tx, ["robe 1"]))["ROBE1"] == robe


async def test_a_code_names_one_product(db: Database, shop: Shop) -> None:
    async with db.transaction(shop.id) as tx:
        await create_product(tx, code="ROBE1", title="Robe", price=PRICE, stock=1, now=NOW)
    with pytest.raises(Conflict, match="ROBE1"):
        async with db.transaction(shop.id) as tx:
            await create_products(
                tx, [NewProduct("SAC2", "Sac", PRICE, 1), NewProduct("robe-1", "Robe", PRICE, 1)], NOW
            )
    with pytest.raises(InvalidInput, match="SAC2 is given to two"):
        async with db.transaction(shop.id) as tx:
            await create_products(tx, [NewProduct("SAC2", "Sac", PRICE, 1), NewProduct("sac 2", "Sac", PRICE, 1)], NOW)
    async with db.transaction(shop.id) as tx:
        assert list(await codes(tx)) == ["ROBE1"]  # all or nothing


async def test_many_products_are_created_in_the_order_given(tx: Tx) -> None:
    rows = [NewProduct(f"ART{n}", f"Article {n}", PRICE, n, options="taille:S|M") for n in range(1, 301)]
    created = await create_products(tx, rows, NOW)
    assert [product.code for product in created] == [row.code for row in rows]
    assert list((await codes(tx)).values()) == created
    last = await availability(tx, [variant.id for variant in created[-1].variants], NOW)
    assert set(last.values()) == {300}
    assert await create_products(tx, [], NOW) == []


async def test_codes_are_those_on_sale_in_this_shop(db: Database, database_url: str, shop: Shop) -> None:
    other = await create_shop(database_url, name="Chez Binta", now=NOW)
    async with db.transaction(other.id) as tx:
        await create_product(tx, code="VESTE1", title="Veste", price=PRICE, stock=1, now=NOW)
    async with db.transaction(shop.id) as tx:
        await create_products(tx, [NewProduct(code, code, PRICE, 1) for code in ("ROBE1", "SAC2", "OLD3")], NOW)
        await tx.execute("UPDATE products SET active = false WHERE code = 'OLD3'")
        assert list(await codes(tx)) == ["ROBE1", "SAC2"]
        assert list(await products_by_code(tx, ["sac 2", "OLD3", "VESTE1", "?!"])) == ["SAC2"]


async def test_a_new_product_changes_the_version_of_the_catalogue(db: Database, shop: Shop) -> None:
    async with db.transaction(shop.id) as tx:
        await create_product(tx, code="ROBE1", title="Robe", price=PRICE, stock=1, now=NOW)
    async with db.transaction(shop.id) as tx:
        version = (await load_shop(tx)).catalogue_version
        [variant] = (await codes(tx))["ROBE1"].variants
        await receive_stock(tx, variant.id, 5, NOW)
    async with db.transaction(shop.id) as tx:
        assert version > shop.catalogue_version
        assert (await load_shop(tx)).catalogue_version == version  # stock is no part of it


async def _hold(tx: Tx, variant_id: int, quantity: int, expires_at: datetime) -> None:
    """An order that holds pieces, as the reservation writes it."""
    await tx.execute(
        """
        WITH account AS (
            INSERT INTO channel_accounts (shop_id, channel, external_id, access_token, created_at)
            VALUES (current_shop(), 'whatsapp', gen_random_uuid()::text, '', %(now)s) RETURNING id
        ), customer AS (
            INSERT INTO customers (shop_id, created_at) VALUES (current_shop(), %(now)s) RETURNING id
        ), conversation AS (
            INSERT INTO conversations (shop_id, account_id, customer_id, recipient, created_at)
            SELECT current_shop(), account.id, customer.id, 'phone:1', %(now)s FROM account, customer
            RETURNING id, customer_id
        ), draft AS (
            INSERT INTO orders (shop_id, reference, customer_id, conversation_id, status, currency, expires_at,
                                created_at)
            SELECT current_shop(), 'LP', customer_id, id, 'reserved', 'XOF', %(expires)s, %(now)s FROM conversation
            RETURNING id
        ), taken AS (
            UPDATE stock_levels SET on_hand = on_hand - %(quantity)s, held = held + %(quantity)s
             WHERE variant_id = %(variant)s
        )
        INSERT INTO holds (shop_id, order_id, variant_id, quantity, unit_minor, created_at)
        SELECT current_shop(), id, %(variant)s, %(quantity)s, 15000, %(now)s FROM draft
        """,
        {"now": NOW, "expires": expires_at, "quantity": quantity, "variant": variant_id},
    )


async def test_what_is_held_past_its_deadline_counts_as_free(tx: Tx) -> None:
    robe = await create_product(tx, code="ROBE1", title="Robe", price=PRICE, stock=10, now=NOW)
    [variant] = robe.variants
    await _hold(tx, variant.id, 3, NOW + timedelta(minutes=10))
    await _hold(tx, variant.id, 2, NOW + timedelta(minutes=5))
    assert await availability(tx, [variant.id], NOW) == {variant.id: 5}
    assert await availability(tx, [variant.id], NOW + timedelta(minutes=5)) == {variant.id: 7}
    assert await availability(tx, [variant.id], NOW + timedelta(minutes=10)) == {variant.id: 10}


async def test_stock_comes_in_and_a_correction_takes_out_what_is_free_only(db: Database, shop: Shop) -> None:
    async with db.transaction(shop.id) as tx:
        robe = await create_product(tx, code="ROBE1", title="Robe", price=PRICE, stock=4, now=NOW)
        [variant] = robe.variants
        await _hold(tx, variant.id, 3, NOW + timedelta(minutes=10))
        assert await receive_stock(tx, variant.id, 6, NOW) == 7
        assert await receive_stock(tx, variant.id, -2, NOW) == 5
        assert await _stock(tx, variant.id) == (5, 3, 0, 8)
        kinds = await (await tx.execute("SELECT kind, data ->> 'quantity' AS n FROM events ORDER BY id")).fetchall()
        assert [(row["kind"], row["n"]) for row in kinds] == [("stock.received", "6"), ("stock.received", "-2")]
    with pytest.raises(Conflict, match="5 are free, 3 are held"):
        async with db.transaction(shop.id) as tx:
            await receive_stock(tx, variant.id, -6, NOW)
    with pytest.raises(NotFound):
        async with db.transaction(shop.id) as tx:
            await receive_stock(tx, 999, 1, NOW)
    with pytest.raises(InvalidInput):
        async with db.transaction(shop.id) as tx:
            await receive_stock(tx, variant.id, 0, NOW)


def test_options_are_read_as_they_are_written_in_catalogues() -> None:
    assert parse_options(" taille: S|M ; couleur:rouge ") == {"taille": ("S", "M"), "couleur": ("rouge",)}
    for wrong in ("taille", "taille:", "taille:S||M", ":S", "taille:S;taille:M"):
        with pytest.raises(InvalidInput, match=r"taille:S\|M;couleur:rouge\|bleu"):
            parse_options(wrong)
