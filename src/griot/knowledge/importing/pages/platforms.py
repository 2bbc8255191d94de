"""What shop platforms write into their pages for their own scripts: every variant with its price and stock.

Only data whose meaning is fixed by the platform: Shopify's prices are hundredths whatever the currency, Squarespace's
too, WooCommerce's and PrestaShop's are major units with tax as displayed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lxml import etree

from griot.knowledge.importing.amounts import currency_code, read_number
from griot.knowledge.importing.availability import of_truth
from griot.knowledge.importing.models import Availability, FoundProduct, FoundVariant
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import told_by
from griot.knowledge.importing.pages.nodes import paragraphs, plain
from griot.knowledge.importing.pages.offers import Terms, together

_LONGEST = 2_000_000  # characters of one script or attribute
_MOST_VARIANTS = 500
_SHOPIFY_META = re.compile(r"\bvar\s+meta\s*=\s*(?=\{)")
_SHOPIFY_CURRENCY = re.compile(r"Shopify\.currency\s*=\s*\{\s*\"active\"\s*:\s*\"([A-Z]{3})\"")
_DECODER = json.JSONDecoder(strict=False)


def platform_products(page: Page) -> list[FoundProduct]:
    """What each platform's own data says of the page's article, at most one a platform."""
    readers: tuple[Callable[[Page], FoundProduct | None], ...] = (
        shopify,
        woocommerce,
        prestashop,
        squarespace,
        magento,
    )
    return [product for reader in readers if (product := reader(page)) is not None]


def shopify(page: Page) -> FoundProduct | None:
    """The product JSON that themes embed, else the one of Shopify's analytics, which tells no stock."""
    currency = None
    analytics: Mapping[str, Any] | None = None
    embedded: Mapping[str, Any] | None = None
    for text, is_json in _scripts(page):
        if is_json and '"variants"' in text and embedded is None:
            embedded = _shopify_json(decoded_at(text, 0))
        if not is_json and "Shopify" in text:
            found = _SHOPIFY_CURRENCY.search(text)
            currency = currency or (found[1] if found else None)
        if not is_json and analytics is None and (start := _SHOPIFY_META.search(text)):
            analytics = _mapping(_mapping(decoded_at(text, start.end())).get("product"))
    data = embedded or analytics
    variants = [variant for variant in _list(data, "variants")[:_MOST_VARIANTS] if isinstance(variant, Mapping)]
    if not data or not variants:
        return None
    names = [plain(name) for name in _list(data, "options")]
    found_variants = tuple(_shopify_variant(variant, names, page) for variant in variants)
    told = FoundProduct(
        title=plain(data.get("title", "")),
        currency=currency,
        description=paragraphs(str(data.get("description") or "")),
        category=plain(data.get("type", "")),
        brand=plain(data.get("vendor", "")),
        images=_addresses(page, _list(data, "images")),
    )
    return _assembled("shopify", told, found_variants)


def _shopify_json(data: Any) -> Mapping[str, Any] | None:
    """A script's product, itself or under ``product``: Shopify's has a handle and variants that are objects."""
    for candidate in (data, _mapping(data).get("product")):
        node = _mapping(candidate)
        if (
            "handle" in node
            and "title" in node
            and any(isinstance(variant, Mapping) for variant in _list(node, "variants"))
        ):
            return node
    return None


def _shopify_variant(variant: Mapping[str, Any], names: list[str], page: Page) -> FoundVariant:
    chosen = [plain(variant.get(f"option{position}")) for position in (1, 2, 3)]
    named = {
        (names[at] if at < len(names) and names[at] else f"option {at + 1}"): value
        for at, value in enumerate(chosen)
        if value
    }
    options = named or ({"name": plain(variant.get("public_title"))} if plain(variant.get("public_title")) else {})
    options = {name: value for name, value in options.items() if value != "Default Title"}
    image = _mapping(variant.get("featured_image")).get("src")
    return FoundVariant(
        options,
        plain(variant.get("sku")) or None,
        _hundredths(variant.get("price")),
        of_truth(variant.get("available")),
        None,
        page.absolute(image) if isinstance(image, str) else None,
    )


def woocommerce(page: Page) -> FoundProduct | None:
    """The variations of a variable product, with tax as the shop displays it."""
    for form in _bearing(page, "data-product_variations"):
        data = decoded_at(form.get("data-product_variations", "")[:_LONGEST], 0)
        found = [_woo_variant(node, page) for node in _mappings(data)]
        if found:
            return _assembled("woocommerce", FoundProduct(""), tuple(found[:_MOST_VARIANTS]))
    return None


def _woo_variant(node: Mapping[str, Any], page: Page) -> FoundVariant:
    attributes = _mapping(node.get("attributes"))
    options = {
        re.sub(r"^attribute_(?:pa_)?", "", str(name)): plain(value)
        for name, value in attributes.items()
        if plain(value)
    }
    image = _mapping(node.get("image"))
    source = image.get("full_src") or image.get("url") or image.get("src")
    return FoundVariant(
        options,
        plain(node.get("sku")) or None,
        read_number(node.get("display_price")) or None,
        of_truth(node.get("is_in_stock")),
        None,
        page.absolute(source) if isinstance(source, str) else None,
    )


def prestashop(page: Page) -> FoundProduct | None:
    """The product that the classic theme hands to its scripts; ``price_amount`` is what is displayed."""
    for node in _bearing(page, "data-product"):
        data = _mapping(decoded_at(node.get("data-product", "")[:_LONGEST], 0))
        price = read_number(data.get("price_amount"))
        if not price:
            continue
        stock = data.get("quantity")
        orderable = data.get("availability")
        availability: Availability | None = (
            "out_of_stock" if orderable == "unavailable" else "in_stock" if orderable else None
        )
        return told_by(
            "prestashop",
            FoundProduct(
                title=plain(data.get("name", "")),
                price=price,
                sku=plain(data.get("reference")) or None,
                availability=availability,
                stock=stock if isinstance(stock, int) and not isinstance(stock, bool) and stock >= 0 else None,
                category=plain(data.get("category_name", "")),
                images=_addresses(
                    page, [_mapping(_mapping(image).get("large")).get("url") for image in _list(data, "images")]
                ),
            ),
        )
    return None


def squarespace(page: Page) -> FoundProduct | None:
    """The variants of a product form, prices in hundredths; ``salePrice`` counts while ``onSale``."""
    for node in _bearing(page, "data-variants"):
        data = _mappings(decoded_at(node.get("data-variants", "")[:_LONGEST], 0))
        found = [_squarespace_variant(variant) for variant in data if "unlimited" in variant or "qtyInStock" in variant]
        currency = next((currency_code(_mapping(variant.get("priceMoney")).get("currency")) for variant in data), None)
        if found:
            return _assembled("squarespace", FoundProduct("", currency=currency), tuple(found[:_MOST_VARIANTS]))
    return None


def _squarespace_variant(node: Mapping[str, Any]) -> FoundVariant:
    price = _hundredths(node.get("salePrice") if node.get("onSale") is True else node.get("price"))
    stock = node.get("qtyInStock")
    in_stock = node.get("unlimited") is True or (isinstance(stock, int) and stock > 0)
    options = {str(name): plain(value) for name, value in _mapping(node.get("attributes")).items() if plain(value)}
    return FoundVariant(options, plain(node.get("sku")) or None, price, "in_stock" if in_stock else "out_of_stock")


def magento(page: Page) -> FoundProduct | None:
    """The choices of a configurable product: attributes with the simple products that have each of their values."""
    for node in page.tree.iter("script"):
        text = node.text or ""
        if node.get("type") != "text/x-magento-init" or ('"jsonConfig"' not in text and '"spConfig"' not in text):
            continue
        for config in _found_under(decoded_at(text, 0), ("jsonConfig", "spConfig")):
            variants = _magento_variants(config)
            if variants:
                return _assembled("magento", FoundProduct(""), variants)
    return None


def _magento_variants(config: Mapping[str, Any]) -> tuple[FoundVariant, ...]:
    options: dict[str, dict[str, str]] = {}
    for attribute in _mapping(config.get("attributes")).values():
        label = plain(_mapping(attribute).get("label"))
        for value in _mappings(_list(_mapping(attribute), "options")):
            for number in _list(value, "products"):
                options.setdefault(str(number), {})[label] = plain(value.get("label"))
    prices = _mapping(config.get("optionPrices"))
    made = []
    for number, chosen in list(options.items())[:_MOST_VARIANTS]:
        final = _mapping(_mapping(prices.get(number)).get("finalPrice"))
        made.append(FoundVariant(chosen, None, read_number(final.get("amount")) or None, "in_stock"))
    return tuple(made)


def _assembled(source: str, told: FoundProduct, variants: tuple[FoundVariant, ...]) -> FoundProduct:
    """What is told of a product, with its variants' terms; one variant without options is the product itself."""
    terms = together(Terms(variant.price, None, told.currency, variant.availability) for variant in variants)
    only = variants[0] if len(variants) == 1 and not variants[0].options else None
    whole = replace(
        told,
        price=terms.price,
        price_max=terms.highest,
        sku=only.sku if only else None,
        availability=terms.availability,
        variants=() if only else variants,
    )
    return told_by(source, whole)


def decoded_at(text: str, at: int) -> Any:
    """The JSON document that begins at a place in a script, None where there is none."""
    try:
        return _DECODER.raw_decode(text[:_LONGEST], at + len(text[at:]) - len(text[at:].lstrip()))[0]
    except (ValueError, RecursionError):
        return None


def _bearing(page: Page, attribute: str) -> list[etree._Element]:
    """Elements with an attribute, found by libxml2: quicker than a look at each from here."""
    found = page.tree.xpath(f"//*[@{attribute}]")
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []


def _scripts(page: Page) -> Iterator[tuple[str, bool]]:
    """Every script's text, and whether it is JSON."""
    for node in page.tree.iter("script"):
        kind = node.get("type", "").strip().lower()
        if node.text and kind != "application/ld+json":
            yield node.text, kind.startswith("application/json")


def _found_under(data: Any, names: tuple[str, ...], depth: int = 12) -> Iterator[Mapping[str, Any]]:
    if depth and isinstance(data, Mapping):
        for name, value in data.items():
            if name in names and isinstance(value, Mapping):
                yield value
            else:
                yield from _found_under(value, names, depth - 1)


def _hundredths(value: object) -> Decimal | None:
    """A price counted in hundredths; one written with a dot is in major units already."""
    number = read_number(value)
    if not number:
        return None
    return number if isinstance(value, str) and "." in value else number / 100


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _list(node: Mapping[str, Any] | None, name: str) -> list[Any]:
    value = (node or {}).get(name)
    return value if isinstance(value, list) else []


def _addresses(page: Page, written: Iterable[object]) -> tuple[str, ...]:
    texts = (address if isinstance(address, str) else _mapping(address).get("src") for address in written)
    made = (page.absolute(text) for text in texts if isinstance(text, str))
    return tuple(dict.fromkeys(address for address in made if address))[:30]
