"""The catalogue: create products, read them by code, count what is free, book stock in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import Event, record, record_all
from griot.core.money import Money
from griot.knowledge.catalogue import queries
from griot.knowledge.catalogue.codes import fold_code, normalise_code
from griot.knowledge.catalogue.models import NewProduct, NewVariant, PriceBreak, Product, Variant
from griot.knowledge.catalogue.options import variants_of


async def create_product(
    tx: Tx,
    *,
    code: str,
    title: str,
    price: Money,
    stock: int | Mapping[str, int],
    description: str = "",
    category: str = "",
    image_url: str | None = None,
    options: Mapping[str, tuple[str, ...]] | str | None = None,
    low_stock: int = 2,
    price_breaks: tuple[tuple[int, Money], ...] = (),
    now: datetime,
) -> Product:
    """One product with its variants and their stock; arguments and errors: ``NewProduct``, ``create_products``."""
    row = NewProduct(code, title, price, stock, description, category, image_url, options, low_stock, price_breaks)
    return (await create_products(tx, [row], now))[0]


async def note_made(tx: Tx, product: Product, now: datetime) -> None:
    """A person has put a product on sale, which is remembered; imports have reports of their own."""
    await record(tx, "product.made", now, data={"product": product.id, "code": product.code})


async def create_products(tx: Tx, rows: Sequence[NewProduct], now: datetime) -> list[Product]:
    """Create products in bulk, one statement a table; all of them or none. Returns them in the order given.

    ``InvalidInput``: a code, price, quantity price, option or stock that cannot be. ``Conflict``: a code that the shop
    has already.
    """
    if not rows:
        return []
    codes = [normalise_code(row.code) for row in rows]
    repeated = next((code for code, times in Counter(codes).items() if times > 1), None)
    if repeated is not None:
        raise InvalidInput(f"The code {repeated} is given to two products: a code names one product.")
    currency = await queries.shop_currency(tx)
    kinds = [row.variants or _kinds(row) for row in rows]
    written = await queries.insert_products(
        tx, [_product_row(row, code, currency) for row, code in zip(rows, codes, strict=True)], now
    )
    ids = {row["code"]: row["id"] for row in written}
    taken = [code for code in codes if code not in ids]
    if taken:
        raise Conflict(f"The shop has a product with the code {taken[0]} already: choose another code.")
    await create_variants(
        tx, [(ids[code], kind) for code, made in zip(codes, kinds, strict=True) for kind in made], now
    )
    steps = [
        {"product_id": ids[code], "min_quantity": quantity, "unit_minor": unit.minor}
        for row, code in zip(rows, codes, strict=True)
        for quantity, unit in row.price_breaks
    ]
    if steps:
        await queries.insert_price_breaks(tx, steps)
    created = await products_by_code(tx, codes)
    return [created[code] for code in codes]


async def create_variants(tx: Tx, rows: Sequence[tuple[int, NewVariant]], now: datetime) -> None:
    """Variants of products that are there, by product id, each with the pieces it starts with."""
    stock = {_variant_key(product_id, kind.options): kind.stock for product_id, kind in rows}
    made = await queries.insert_variants(
        tx,
        [
            {
                "product_id": product_id,
                "options": kind.options,
                "price_minor": kind.price.minor if kind.price else None,
            }
            for product_id, kind in rows
        ],
    )
    await queries.insert_stock(
        tx, [{"variant_id": v["id"], "quantity": stock[_variant_key(v["product_id"], v["options"])]} for v in made], now
    )


async def codes(tx: Tx) -> dict[str, Product]:
    """Every product on sale by its code: what the code reader keeps in memory for a ``catalogue_version``."""
    return {row["code"]: _product(row) for row in await queries.products(tx)}


async def names(tx: Tx) -> list[tuple[str, str]]:
    """Code and title of every product on sale."""
    return [(row["code"], row["title"]) for row in await queries.names(tx)]


async def products_by_code(tx: Tx, codes: Iterable[str]) -> dict[str, Product]:
    """The products on sale among these codes, however they are written (``robe 1``), by the code as stored."""
    wanted = sorted({fold_code(code) for code in codes})
    return {row["code"]: _product(row) for row in await queries.products(tx, wanted)}


async def page(tx: Tx, limit: int, after: int | None) -> list[Product]:
    """Products on sale as they were created, after a number."""
    codes = await queries.page(tx, limit, after)
    found = {row["code"]: _product(row) for row in await queries.products(tx, codes)}
    return [found[code] for code in codes if code in found]


async def edit(tx: Tx, product_id: int, changes: Mapping[str, Any], now: datetime) -> str:
    """A person changes a product: title, description, category, price (``Money``), image_url, active, low_stock.

    Returns its code. ``NotFound``: no such product; ``InvalidInput``: a title, price or number that cannot be.
    """
    product = await queries.lock_product(tx, product_id)
    if product is None:
        raise NotFound(f"There is no product {product_id} in this shop.")
    row = dict(changes)
    if "title" in row:
        row["title"] = row["title"].strip()
        if not row["title"]:
            raise InvalidInput("A product needs a title, such as “Robe Wax Ankara”.")
    if row.get("low_stock", 0) < 0:
        raise InvalidInput("The vendor is warned at 0 free pieces or more.")
    price = row.pop("price", None)
    if price is not None:
        if price.currency != product["currency"] or price.minor <= 0:
            raise InvalidInput(
                f"{price} cannot be the price of {product['code']}: it is sold in {product['currency']}."
            )
        row["price_minor"] = price.minor
    await change(tx, [{"id": product_id, **row}], {}, {}, now)
    await record(tx, "product.changed", now, data={"product": product_id, "fields": sorted(changes)})
    return str(product["code"])


async def availability(tx: Tx, variant_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Free pieces by variant. What an order holds past its deadline counts as free, whether or not a worker ran."""
    return {row["variant_id"]: row["free"] for row in await queries.availability(tx, list(variant_ids), now)}


async def change(
    tx: Tx,
    products: Sequence[Mapping[str, Any]],
    prices: Mapping[int, int | None],
    stock: Mapping[int, int],
    now: datetime,
) -> None:
    """Change what is there in bulk, one statement a table.

    ``products``: rows of ``id`` and the columns that change. By variant id, ``prices``: minor units of a piece, None
    where it is the product's; ``stock``: pieces to book in, or out when negative, as far as there are free ones.
    """
    if products:
        await queries.update_products(tx, products)
    if prices:
        await queries.update_prices(tx, [{"id": at, "price_minor": price} for at, price in prices.items()])
    if stock:
        moved = await queries.move_stock(tx, [{"id": at, "pieces": pieces} for at, pieces in stock.items()], now)
        await record_all(tx, [Event("stock.received", data=row) for row in moved], now)


def _kinds(row: NewProduct) -> tuple[NewVariant, ...]:
    return tuple(NewVariant(options, pieces) for options, pieces in variants_of(row.options, row.stock))


def _product_row(row: NewProduct, code: str, currency: str) -> dict[str, Any]:
    if row.price.currency != currency:
        raise InvalidInput(f"{code} is priced in {row.price.currency}, and this shop sells in {currency}.")
    if row.price.minor <= 0:
        raise InvalidInput(f"The price of {code} is {row.price}: it must be more than nothing.")
    if not row.title.strip():
        raise InvalidInput(f"{code} needs a title, such as “Robe Wax Ankara”.")
    _check_price_breaks(row, code)
    return {
        "code": code,
        "title": row.title.strip(),
        "description": row.description,
        "category": row.category,
        "price_minor": row.price.minor,
        "currency": currency,
        "image_url": row.image_url,
        "low_stock": row.low_stock,
    }


def _check_price_breaks(row: NewProduct, code: str) -> None:
    fewer, price = 1, row.price
    for quantity, unit in sorted(row.price_breaks, key=lambda step: step[0]):
        if quantity <= fewer or unit.minor <= 0 or unit.currency != price.currency or unit.minor >= price.minor:
            raise InvalidInput(
                f"{unit} from {quantity} {code} on cannot be a quantity price: each starts at more pieces (2 at least)"
                f" and is lower than the price before it ({price})."
            )
        fewer, price = quantity, unit


def _variant_key(product_id: int, options: dict[str, str]) -> tuple[int, bytes]:
    return product_id, orjson.dumps(options, option=orjson.OPT_SORT_KEYS)


def _product(row: dict[str, Any]) -> Product:
    currency = row["currency"]
    return Product(
        id=row["id"],
        code=row["code"],
        title=row["title"],
        description=row["description"],
        category=row["category"],
        price=Money(row["price_minor"], currency),
        image_url=row["image_url"],
        low_stock=row["low_stock"],
        variants=tuple(
            Variant(v["id"], row["id"], v["options"], Money(v["price_minor"], currency)) for v in row["variants"]
        ),
        price_breaks=tuple(
            PriceBreak(quantity, Money(unit_minor, currency)) for quantity, unit_minor in row["price_breaks"]
        ),
    )
