"""Squarespace's pages with ``?format=json``: ``salePrice`` counts only while ``onSale`` (wire/import.md §1)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import of_pieces
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, inside, items, node, objects, texts
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import machine_price, minor_price
from griot.knowledge.importing.models import Availability, FoundVariant


def is_squarespace(document: Node) -> bool:
    """A Squarespace page asked for with ``?format=json``."""
    return ("website" in document or "websiteSettings" in document) and not {"collection", "items", "item"}.isdisjoint(
        document
    )


def is_squarespace_item(item: Node) -> bool:
    """An item of such a page that is sold."""
    return bool(_squarespace_variants(item)) or ("productType" in item and "urlId" in item)


def squarespace_products(document: Node, entries: list[Node], origin: Origin) -> Iterator[Draft]:
    """The shop's items; those of a blog or gallery are none."""
    settings = node(document.get("websiteSettings") or inside(document, "website", "websiteSettings"))
    main = currency_code(first(node(settings.get("storeSettings")), "selectedCurrency", "storeCurrency", "currency"))
    for at, item in enumerate(entries):
        title = one_line(item.get("title"))
        if not title or not is_squarespace_item(item):
            continue
        draft = Draft(where=f"product {at + 1}")
        category = next(texts(items(item.get("categories"))), "")
        titled(draft, title, first(item, "excerpt", "body", "description"), category)
        draft.source_id = as_text(item.get("id")) or None
        draft.url = address(first(item, "fullUrl", "url"), origin.url)
        pictures = [image.get("assetUrl") for image in objects(item.get("items"))] or [item.get("assetUrl")]
        draft.add_images(address(picture, origin.url) for picture in pictures if picture)
        for variant in _squarespace_variants(item):
            price, currency = _squarespace_price(variant)
            draft.currency = draft.currency or currency
            draft.add_variant(_squarespace_variant(variant, price))
        draft.currency = draft.currency or main
        draft.from_source("squarespace", *ALL_FIELDS)
        yield draft


def is_squarespace_product(product: Node) -> bool:
    """A product of the Commerce API: ``pricing`` of a base and a sale price in its variants, or its own."""
    held = (product, *objects(product.get("variants")))
    return any(isinstance(inside(one, "pricing", "basePrice"), dict) for one in held)


def api_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """The products of the Commerce API (developers.squarespace.com/commerce-apis)."""
    for at, product in enumerate(products):
        title = one_line(product.get("name"))
        if not title:
            continue
        draft = Draft(where=f"product {at + 1}")
        titled(draft, title, product.get("description"), next(texts(items(product.get("tags"))), ""))
        draft.source_id = as_text(product.get("id")) or None
        draft.url = address(product.get("url"), origin.url)
        draft.add_images(address(image.get("url"), origin.url) for image in objects(product.get("images")))
        draft.base, draft.currency = _api_price(product)
        for variant in objects(product.get("variants")):
            price, currency = _api_price(variant)
            draft.currency = draft.currency or currency
            draft.add_variant(_squarespace_variant(variant, price))
        draft.from_source("squarespace", *ALL_FIELDS)
        yield draft


def _api_price(holder: Node) -> tuple[Decimal | None, str | None]:
    pricing = node(holder.get("pricing"))
    regular, currency = _squarespace_money(node(pricing.get("basePrice")))
    sale, _ = _squarespace_money(node(pricing.get("salePrice"))) if pricing.get("onSale") is True else (None, None)
    return sale or regular, currency


def _squarespace_variants(item: Node) -> list[Node]:
    return objects(first(item, "variants") or inside(item, "structuredContent", "variants"))


def _squarespace_price(variant: Node) -> tuple[Decimal | None, str | None]:
    """What is paid now: the sale price only while ``onSale``; whole numbers without an object are hundredths."""
    sale = variant.get("onSale") is True
    for money, cents in (
        (("salePriceMoney", "salePrice"), ("priceMoney", "price")) if sale else (("priceMoney", "price"),)
    ):
        for written in (variant.get(money), variant.get(cents)):
            price, currency = _squarespace_money(written)
            if price is not None:
                return price, currency
    return None, currency_code(inside(variant, "priceMoney", "currency"))


def _squarespace_money(written: Any) -> tuple[Decimal | None, str | None]:
    if isinstance(written, dict):
        currency = currency_code(first(written, "currencyCode", "currency"))
        decimal = first(written, "decimalValue")
        if decimal is None and "fractionalDigits" in written:
            digits = written["fractionalDigits"]
            return minor_price(
                written.get("value"), digits if isinstance(digits, int) and 0 <= digits <= 4 else 2
            ), currency
        return machine_price(decimal if decimal is not None else written.get("value")), currency
    return (minor_price(written, 2), None) if isinstance(written, int) else (machine_price(written), None)


def _squarespace_variant(variant: Node, price: Decimal | None) -> FoundVariant:
    options = {
        one_line(pair.get("optionName"), 60): one_line(pair.get("value"), 120)
        for pair in objects(variant.get("optionValues"))
    }
    attributes = variant.get("attributes")
    if not options and isinstance(attributes, dict):
        options = {one_line(name, 60): one_line(value, 120) for name, value in attributes.items() if as_text(value)}
    options = {name: value for name, value in options.items() if name and value}
    held = node(variant.get("stock"))
    endless = variant.get("unlimited") is True or held.get("unlimited") is True
    pieces = None if endless else count_of(first(held, "quantity") if held else variant.get("qtyInStock"))
    if not endless and pieces is None and (held.get("quantity") == 0 or variant.get("qtyInStock") == 0):
        pieces = 0
    available: Availability | None = "in_stock" if endless else of_pieces(pieces)
    return FoundVariant(options, one_line(variant.get("sku"), 100) or None, price, available, pieces)
