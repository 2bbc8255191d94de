"""Big Cartel: ``/products.json``, a bare list, 100 a page, without a currency (wire/import.md §1)."""

from urllib.parse import urljoin

from griot.knowledge.importing.sites.answers import length, origin_of
from griot.knowledge.importing.sites.currency import settle_currency
from griot.knowledge.importing.sites.sources import with_query
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer

PAGE = 100
_MOST_PAGES = 100


async def walk_big_cartel(visit: Visit, url: str) -> bool:
    """Take the products of a shop; False when it does not give its list."""
    base = urljoin(origin_of(url), "/products.json")
    for number in range(1, _MOST_PAGES + 1):
        answer = await (visit.get if number > 1 else visit.attempt)(with_query(base, limit=PAGE, page=number))
        found = await read_answer(answer) if answer else None
        if answer is None or found is None or is_page_of(found):
            if number > 1:
                visit.cut()
            break
        new = visit.basket.take(found, base)
        visit.report()
        if not new or length(answer.body) < PAGE:
            break
        if visit.basket.full or number == _MOST_PAGES:
            visit.cut()
            break
    if not len(visit.basket):
        return False
    await settle_currency(visit)
    return True
