"""A shop's list of products in numbered pages: ``?limit=…&page=…``, as Shopify and Big Cartel give it."""

from griot.knowledge.importing.sites.answers import length
from griot.knowledge.importing.sites.sources import with_query
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer


async def take_pages(visit: Visit, base: str, *path: str, size: int, most: int) -> None:
    """Take the products of a list. ``path``: keys to the list in an answer; ``size``: of a page; ``most``: pages."""
    for number in range(1, most + 1):
        answer = await (visit.get if number > 1 else visit.attempt)(with_query(base, limit=size, page=number))
        found = await read_answer(answer) if answer else None
        if answer is None or found is None or is_page_of(found):
            if number > 1:
                visit.cut()
            return
        new = visit.basket.take(found, base)
        visit.report()
        if not new or length(answer.body, *path) < size:
            return
        if visit.basket.full or number == most:
            visit.cut()
            return
