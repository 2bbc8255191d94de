"""Shopify's JSON: ``/products.json``, ``/products/<handle>.json`` and ``.js``, the Storefront and Admin APIs' objects.

Prices are decimal texts in ``.json`` and minor units in ``.js``. Neither says the currency, unless a variant has
``price_currency`` or money is an object (wire/import.md §1).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import of_pieces, of_truth
from griot.knowledge.importing.currencies import WITHOUT_DECIMALS
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, inside, items, node, objects
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import machine_price, minor_price
from griot.knowledge.importing.models import Availability, FoundVariant


def is_shopify(product: Node) -> bool:
    """Whether an object is a product of Shopify's."""
    return "handle" in product and isinstance(product.get("variants"), list | dict) and (
        "body_html" in product or "vendor" in product or "product_type" in product or "priceRange" in product
        or "descriptionHtml" in product or "price_varies" in product or "productType" in product
    )  # fmt: skip


def shopify_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """Drafts of Shopify's products; one that is listed twice once."""
    seen: set[str] = set()
    for at, product in enumerate(products):
        key = as_text(product.get("id")) or as_text(product.get("handle"))
        if key and key in seen:
            continue
        seen.add(key)
        title = one_line(product.get("title"))
        if title:
            yield _draft(product, title, at, origin)


def _draft(product: Node, title: str, at: int, origin: Origin) -> Draft:
    draft = Draft(where=f"product {at + 1}")
    category = first(product, "product_type", "productType", "type")
    description = first(product, "body_html", "descriptionHtml", "description", "content")
    titled(draft, title, description, category, product.get("vendor"))
    handle = as_text(product.get("handle"))
    draft.source_id = as_text(product.get("id")) or handle or None
    path = first(product, "onlineStoreUrl", "url") or (f"/products/{handle}" if handle else None)
    draft.url = address(path, origin.url) if path else None
    pictures = [
        *items(product.get("images")),
        *items(product.get("media")),
        product.get("featured_image"),
        product.get("image"),
    ]
    draft.add_images(_image(picture, origin) for picture in pictures)
    minor = _is_minor(product)
    axes = [one_line(_name(option), 60) for option in items(product.get("options"))]
    for variant in objects(product.get("variants")):
        price, currency = _price(variant, minor)
        draft.currency = draft.currency or currency
        draft.add_variant(_variant(variant, price, axes, origin))
        draft.add_image(draft.variants[-1].image)
    if not draft.variants:
        draft.base, draft.currency = _price(
            {"price": inside(product, "priceRange", "minVariantPrice") or product.get("price")}, minor
        )
    draft.currency = draft.currency or currency_code(inside(product, "priceRange", "minVariantPrice", "currencyCode"))
    draft.from_source("shopify", *ALL_FIELDS)
    return draft


def _is_minor(product: Node) -> bool:
    """Whether prices are in minor units, as in ``/products/<handle>.js`` and themes' objects: whole numbers."""
    if "body_html" in product:
        return False
    prices = [variant.get("price") for variant in objects(product.get("variants"))]
    whole = bool(prices) and all(isinstance(price, int) and not isinstance(price, bool) for price in prices)
    return whole and any(key in product for key in ("price_min", "price_varies", "compare_at_price_min", "content"))


def _price(variant: Node, minor: bool) -> tuple[Decimal | None, str | None]:
    """(price in major units, currency). Shopify's minor units are hundredths whatever the currency."""
    written = variant.get("price")
    if written is None:
        written = first(variant, "priceV2", "presentment_price")
    currency = currency_code(first(variant, "price_currency", "currency"))
    if isinstance(written, dict):
        currency = currency_code(first(written, "currencyCode", "currency_code", "currency")) or currency
        written = first(written, "amount", "value")
    if minor:
        return minor_price(written, 2), currency
    price = machine_price(written)
    if price is not None and currency in WITHOUT_DECIMALS and price == price.to_integral_value():
        price = price.quantize(Decimal(1))
    return price, currency


def _variant(variant: Node, price: Decimal | None, axes: list[str], origin: Origin) -> FoundVariant:
    options: dict[str, str] = {}
    for number in (1, 2, 3):
        value = one_line(variant.get(f"option{number}"), 120)
        if value and value != "Default Title":
            axis = axes[number - 1] if number <= len(axes) and axes[number - 1] else f"Option {number}"
            options[axis] = value
    for chosen in objects(variant.get("selectedOptions")):
        name, value = one_line(chosen.get("name"), 60), one_line(chosen.get("value"), 120)
        if name and value and value != "Default Title":
            options.setdefault(name, value)
    picture = first(variant, "featured_image", "image")
    stock = count_of(first(variant, "inventory_quantity", "quantityAvailable", "inventoryQuantity"))
    if variant.get("inventory_management", "shopify") is None:
        stock = None
    return FoundVariant(
        options,
        one_line(variant.get("sku"), 100) or None,
        price,
        _available(variant, stock),
        stock,
        _image(picture, origin) if picture else None,
    )


def _available(variant: Node, stock: int | None) -> Availability | None:
    told = of_truth(variant.get("available")) or of_truth(variant.get("availableForSale"))
    if told:
        return told
    if variant.get("inventory_policy") == "continue" or (
        "inventory_management" in variant and variant["inventory_management"] is None
    ):
        return "in_stock"
    return of_pieces(stock)


def _image(picture: Any, origin: Origin) -> str | None:
    if isinstance(picture, dict):
        if picture.get("media_type") not in (None, "image"):
            return None
        preview = node(first(picture, "preview_image", "image", "previewImage"))
        picture = first(picture, "src", "url", "originalSrc", "transformedSrc") or first(preview, "src", "url")
    return address(picture, origin.url)


def _name(option: Any) -> str:
    return as_text(option.get("name")) if isinstance(option, dict) else as_text(option)
