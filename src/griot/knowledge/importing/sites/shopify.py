"""Shopify: ``/products.json`` and ``/collections/<handle>/products.json``, 250 products a page (wire/import.md §1)."""

import re
from urllib.parse import urljoin, urlsplit

from griot.knowledge.importing.sites.answers import origin_of
from griot.knowledge.importing.sites.currency import settle_currency
from griot.knowledge.importing.sites.keys import locale_of
from griot.knowledge.importing.sites.numbered import take_pages
from griot.knowledge.importing.sites.visit import Visit

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
    await take_pages(visit, base, "products", size=PAGE, most=_MOST_PAGES)
    if not len(visit.basket) and "/collections/" not in base:
        everything = base.removesuffix("products.json") + "collections/all/products.json"
        await take_pages(visit, everything, "products", size=PAGE, most=_MOST_PAGES)
    if not len(visit.basket):
        return False
    await settle_currency(visit, front)
    return True
