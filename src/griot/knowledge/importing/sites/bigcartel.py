"""Big Cartel: ``/products.json``, a bare list, 100 a page, without a currency (wire/import.md §1)."""

from urllib.parse import urljoin

from griot.knowledge.importing.sites.answers import origin_of
from griot.knowledge.importing.sites.currency import settle_currency
from griot.knowledge.importing.sites.numbered import take_pages
from griot.knowledge.importing.sites.visit import Visit

PAGE = 100
_MOST_PAGES = 100


async def walk_big_cartel(visit: Visit, url: str) -> bool:
    """Take the products of a shop; False when it does not give its list."""
    await take_pages(visit, urljoin(origin_of(url), "/products.json"), size=PAGE, most=_MOST_PAGES)
    if not len(visit.basket):
        return False
    await settle_currency(visit)
    return True
