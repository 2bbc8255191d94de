"""The state that a page's own program starts from (Next, Nuxt, ``window.__STORE__``): its products, where plain to see.

Nothing fixes what a field means there, so a price counts only with a currency or as money text beside a name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from griot.knowledge.importing.amounts import currency_code, read_amount, read_number
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import told_by
from griot.knowledge.importing.pages.nodes import plain, walk
from griot.knowledge.importing.pages.platforms import decoded_at

_STATE = re.compile(
    r"(?:window\s*\.\s*|self\s*\.\s*|var\s+|const\s+)(__?[A-Za-z_]{3,40}__?|initialState|__data)\s*=\s*(?=\{)"
)
_IDS = frozenset(
    {"__next_data__", "__nuxt_data__", "__nuxt__", "wix-warmup-data", "initial-state", "serverapp-state", "state"}
)
_NAMES = ("displayName", "productName", "name", "title")
_PRICES = (
    "salePrice", "sale_price", "specialPrice", "currentPrice", "finalPrice", "final_price", "sellingPrice",
    "discountedPrice", "price", "rawPrice", "prices", "amount", "value", "formattedPrice", "current", "final", "now",
)  # fmt: skip
_CURRENCIES = ("currency", "currencyCode", "priceCurrency", "currency_code", "currencyIso")
_LARGEST = 3_000_000  # characters of a script
_MOST = 200


def state_products(page: Page) -> list[FoundProduct]:
    """Products with a name and a price that tells its currency, in the state's order."""
    found: dict[str, FoundProduct] = {}
    for data in _states(page):
        for node in walk(data, 25):
            product = _product(node, page)
            if product is not None:
                found.setdefault(product.title.casefold(), product)
            if len(found) >= _MOST:
                return list(found.values())
    return list(found.values())


def _states(page: Page) -> Iterator[Any]:
    for node in page.tree.iter("script"):
        text = node.text
        if not text or len(text) > _LARGEST:
            continue
        if node.get("type", "").lower() == "application/json" and node.get("id", "").lower() in _IDS:
            yield decoded_at(text, 0)
        elif start := _STATE.search(text):
            yield decoded_at(text, start.end())


def _product(node: Mapping[str, Any], page: Page) -> FoundProduct | None:
    title = next((plain(node[name]) for name in _NAMES if isinstance(node.get(name), str) and node[name].strip()), "")
    if not 3 <= len(title) <= 300:
        return None
    price, currency = _price(node, page, 3)
    if price is None or currency is None:
        return None
    image = next((node[name] for name in ("image", "imageUrl", "thumbnail") if isinstance(node.get(name), str)), "")
    address = next((node[name] for name in ("url", "link", "permalink") if isinstance(node.get(name), str)), "")
    made = page.absolute(image) if image else None
    sku = next((plain(node[name]) for name in ("sku", "productId", "id") if plain(node.get(name))), None)
    return told_by(
        "page state",
        FoundProduct(
            title,
            price,
            None,
            currency,
            sku,
            url=page.absolute(address) if address else None,
            images=(made,) if made else (),
        ),
    )


def _price(node: Mapping[str, Any], page: Page, depth: int) -> tuple[Any, str | None]:
    """A price and its currency from an object's fields: the currency beside it, or in the money text itself."""
    currency = next((currency_code(node[name]) for name in _CURRENCIES if isinstance(node.get(name), str)), None)
    if currency is None:
        currency = next(
            (_text_currency(value, page) for name, value in node.items() if "price" in str(name).lower()), None
        )
    for name in _PRICES:
        value = node.get(name)
        if isinstance(value, Mapping) and depth:
            price, inner = _price(value, page, depth - 1)
            if price is not None:
                return price, inner or currency
        elif name != "value" or depth < 3:
            number = read_number(value, currency)
            if number:
                return number, currency
    return None, currency


def _text_currency(value: object, page: Page) -> str | None:
    if not isinstance(value, str) or value.replace(".", "").isdigit():
        return None
    amount = read_amount(value, None, page.language, country=page.country)
    return amount.currency if amount else None
