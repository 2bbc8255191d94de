"""Shopify: ``/products.json`` and ``/collections/<handle>/products.json``, 250 products a page (wire/import.md §1)."""

import re
from urllib.parse import urljoin, urlsplit

from griot.knowledge.importing.sites.answers import length, origin_of
from griot.knowledge.importing.sites.currency import settle_currency
from griot.knowledge.importing.sites.keys import locale_of
from griot.knowledge.importing.sites.sources import with_query
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer

PAGE = 250
_MOST_PAGES = 400
_COLLECTION = re.compile(r"^(?P<base>.*?/collections/[^/?]+)(?:/products\.json|/[^/]+)?/?$")


def list_address(url: str) -> str:
    """The list of products behind an address: of its collection, else of the whole shop, in the address's language.

    A shop has the same products under every language; only the one that was pasted is read.
    """
    path = urlsplit(url).path
    found = _COLLECTION.match(path)
    base = found["base"] if found and not found["base"].endswith("/collections/all") else locale_of(path)
    return urljoin(origin_of(url), f"{base}/products.json")


async def walk_shopify(visit: Visit, url: str, front: bytes = b"") -> bool:
    """Take the products of a shop or collection; False when the shop does not give its list."""
    base = list_address(url)
    await _take_list(visit, base)
    if not len(visit.basket) and "/collections/" not in base:
        await _take_list(visit, base.removesuffix("products.json") + "collections/all/products.json")
    if not len(visit.basket):
        return False
    await settle_currency(visit, front)
    return True


async def _take_list(visit: Visit, base: str) -> None:
    for number in range(1, _MOST_PAGES + 1):
        answer = await (visit.get if number > 1 else visit.attempt)(with_query(base, limit=PAGE, page=number))
        found = await read_answer(answer) if answer else None
        if answer is None or found is None or is_page_of(found):
            if number > 1:
                visit.cut()
            return
        new = visit.basket.take(found, base)
        visit.report()
        if not new or length(answer.body, "products") < PAGE:
            return
        if visit.basket.full or number == _MOST_PAGES:
            visit.cut()
            return
