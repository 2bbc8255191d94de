"""The currency of a shop whose list of products does not name it: confirmed on the page of one, never guessed."""

import re

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.sites.visit import Visit, read_answer

_TRIED = 3  # products whose pages are looked at
_ACTIVE = re.compile(rb"Shopify\.currency\s*=\s*\{\s*\"active\"\s*:\s*\"([A-Z]{3})\"")


async def settle_currency(visit: Visit, front: bytes = b"") -> None:
    """Look at the pages of a few products: one that shows the listed price tells the currency of all of them.

    A page with another price (a shop that changes prices by country) settles nothing: the merchant is asked.
    ``front``: a page of the shop, whose ``Shopify.currency`` counts where no product's page could be read.
    """
    priced = [one for one in visit.basket if one.price is not None and one.currency is None and one.url]
    contradicted = False
    for product in priced[:_TRIED]:
        answer = await visit.attempt(product.url or "")
        shown = (await read_answer(answer)).products if answer else ()
        if len(shown) != 1 or shown[0].price is None or shown[0].currency is None:
            continue
        if shown[0].price in _prices(product):
            visit.basket.settle_currency(shown[0].currency, f"page of {product.title}")
            return
        contradicted = True
    active = _ACTIVE.search(front)
    code = currency_code(active[1].decode()) if active else None
    if priced and code and not contradicted:
        visit.basket.settle_currency(code, "Shopify.currency")


def _prices(product: FoundProduct) -> set[object]:
    return {product.price, product.price_max, *(variant.price for variant in product.variants)}
