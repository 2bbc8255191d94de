"""Jumia's ``window.__STORE__``: ``priceEuro`` is not the shop's currency, carousels repeat tiles (wire/import.md)."""

from collections.abc import Iterator

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import of_truth
from griot.knowledge.importing.currencies import currency_of
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, titled
from griot.knowledge.importing.files.nodes import Node, first, items, node, texts
from griot.knowledge.importing.files.origin import Origin, money_of
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import Style, machine_price, read_price


def is_jumia(product: Node) -> bool:
    """A tile of Jumia's ``window.__STORE__``."""
    return (
        isinstance(product.get("prices"), dict)
        and "sku" in product
        and ("displayName" in product or "rawPrice" in product["prices"])
    )


def jumia_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """The grid's products. Its ``priceEuro`` is not the shop's currency; carousels repeat tiles."""
    seen: set[str] = set()
    hint = money_of(origin.country)
    for at, product in enumerate(products):
        sku = one_line(product.get("sku"), 100)
        title = one_line(first(product, "displayName", "name"))
        if not title or sku in seen:
            continue
        seen.add(sku)
        draft = Draft(where=f"product {at + 1}")
        category = next(reversed(list(texts(items(product.get("categories"))))), "")
        titled(draft, title, product.get("description"), category, product.get("brand"))
        prices = node(product.get("prices"))
        written = as_text(prices.get("price"))
        shown = read_price(written, Style(), hint)
        draft.base = machine_price(prices.get("rawPrice")) or (shown.value if shown else None)
        draft.currency = (
            (shown.currency if shown else None)
            or currency_of(written, country=origin.country)
            or currency_code(prices.get("currency"))
        )
        draft.sku = draft.source_id = sku or None
        draft.url = address(product.get("url"), origin.url)
        draft.add_images(
            address(picture, origin.url)
            for picture in [product.get("image"), *items(product.get("images"))]
            if isinstance(picture, str)
        )
        draft.availability = of_truth(product.get("isBuyable"))
        draft.from_source("jumia", *ALL_FIELDS)
        yield draft
