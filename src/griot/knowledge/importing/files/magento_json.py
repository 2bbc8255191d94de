"""Magento's GraphQL and REST answers: names with stray spaces or none but the code (wire/import.md §1)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import availability_code
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, inside, node, objects
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import machine_price
from griot.knowledge.importing.models import FoundVariant


def is_magento(product: Node) -> bool:
    """A product of Magento's GraphQL, or of its REST API."""
    if "sku" not in product:
        return False
    rest = "custom_attributes" in product and "type_id" in product
    graphql = "price_range" in product or ("stock_status" in product and "name" in product)
    return rest or graphql or isinstance(inside(product, "price", "regularPrice"), dict)


def magento_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """Its products; children of a configurable one that are listed beside it are not listed again."""
    for at, product in enumerate(products):
        known = {
            as_text(pair.get("attribute_code")): pair.get("value") for pair in objects(product.get("custom_attributes"))
        }
        if product.get("visibility") == 1:
            continue
        title = one_line(product.get("name")) or one_line(product.get("sku"))
        if not title:
            continue
        draft = Draft(where=f"product {at + 1}")
        category = next((as_text(one.get("name")) for one in reversed(objects(product.get("categories")))), "")
        description = (
            _html(product.get("description")) or known.get("description") or _html(product.get("short_description"))
        )
        titled(
            draft,
            title,
            description,
            category,
            known.get("manufacturer") if not as_text(known.get("manufacturer")).isdigit() else "",
        )
        draft.base, draft.currency = _magento_price({**known, **product})
        draft.sku = draft.source_id = one_line(product.get("sku"), 100) or None
        draft.url = _magento_url(product, known, origin)
        gallery = [image.get("url") for image in objects(product.get("media_gallery")) if not image.get("disabled")]
        pictures = gallery or [inside(product, key, "url") for key in ("image", "small_image", "thumbnail")]
        draft.add_images(address(picture, origin.url) for picture in pictures if picture)
        draft.availability = availability_code(as_text(product.get("stock_status")))
        draft.stock = count_of(inside(product, "extension_attributes", "stock_item", "qty"))
        _magento_members(draft, product)
        draft.from_source("magento", *ALL_FIELDS)
        yield draft


def _magento_url(product: Node, known: Node, origin: Origin) -> str | None:
    key = as_text(first(product, "canonical_url", "url_key")) or as_text(known.get("url_key"))
    if not key:
        return None
    suffix = as_text(product.get("url_suffix"))
    return address(key if "/" in key or key.endswith(".html") else f"/{key}{suffix}", origin.url)


def _html(value: Any) -> str:
    return as_text(node(value).get("html")) if isinstance(value, dict) else as_text(value)


def _magento_price(product: Node) -> tuple[Decimal | None, str | None]:
    lowest = node(inside(product, "price_range", "minimum_price") or inside(product, "price_range", "maximum_price"))
    for money in (
        lowest.get("final_price"),
        lowest.get("regular_price"),
        inside(product, "price", "minimalPrice", "amount"),
        inside(product, "price", "regularPrice", "amount"),
    ):
        price = machine_price(node(money).get("value"))
        if price is not None:
            return price, currency_code(node(money).get("currency"))
    special = machine_price(product.get("special_price"))
    price = machine_price(product.get("price")) if not isinstance(product.get("price"), dict) else None
    currency = currency_code(inside(lowest, "final_price", "currency"))
    return (special if special and (price is None or special < price) else price), currency


def _magento_members(draft: Draft, product: Node) -> None:
    """The variants of a configurable product; a group's price is its cheapest member's."""
    for variant in objects(product.get("variants")):
        own = node(variant.get("product"))
        options = {
            one_line(pair.get("code"), 60): one_line(pair.get("label"), 120)
            for pair in objects(variant.get("attributes"))
            if as_text(pair.get("label"))
        }
        price, _ = _magento_price(own)
        picture = address(inside(own, "image", "url"))
        draft.add_variant(
            FoundVariant(
                options,
                one_line(own.get("sku"), 100) or None,
                price,
                availability_code(as_text(own.get("stock_status"))),
                None,
                picture,
            )
        )
    if as_text(product.get("__typename")) == "GroupedProduct":
        prices = [
            price
            for member in objects(product.get("items"))
            if (price := _magento_price(node(member.get("product")))[0])
        ]
        draft.base = min(prices, default=draft.base)
