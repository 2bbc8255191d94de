"""Squarespace: a collection's address with ``?format=json``, 20 articles a page (wire/import.md §1).

Squarespace's own robots.txt asks programs to leave that form alone; where it does, the shop's sitemap is read.
"""

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from griot.knowledge.importing.fetching.addresses import same_site
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.sites.answers import document, inside
from griot.knowledge.importing.sites.links import Links
from griot.knowledge.importing.sites.sources import with_query
from griot.knowledge.importing.sites.visit import Visit, read_answer

_MOST_PAGES = 200
_MOST_SHOPS = 5  # pages of articles that a front page links to
_SHOP = re.compile(r"(?i)^/(?:shop|store|boutique|products?|produits|tienda|magasin|catalogue?|all|loja)[^/]*/?$")


async def walk_squarespace(visit: Visit, url: str, links: Links) -> bool:
    """Take the products of a collection, or of the shop pages that a front page links to; False where none tells."""
    shops = [link for link in links.inside if _SHOP.match(urlsplit(link).path)]
    for address in dict.fromkeys([url, *shops[:_MOST_SHOPS]]):
        await _collection(visit, address)
        if address == url and len(visit.basket):
            return True
    if len(visit.basket) and len(shops) > _MOST_SHOPS:
        visit.cut()
    return len(visit.basket) > 0


async def _collection(visit: Visit, address: str) -> None:
    following: str | None = address
    for _ in range(_MOST_PAGES):
        if following is None:
            return
        answer = await (visit.attempt if following == address else visit.get)(with_query(following, format="json"))
        found = await read_answer(answer) if answer else None
        if answer is None or found is None or found.kind != "squarespace" or not found.products:
            if len(visit.basket) and (following != address or answer is None):
                visit.cut()
            return
        new = visit.basket.take(_without_paging(found), address)
        visit.report()
        more = inside(document(answer.body), "pagination", "nextPageUrl")
        following = urljoin(address, more) if isinstance(more, str) and new and not visit.basket.full else None
        if (following is None and isinstance(more, str)) or (following and not same_site(following, address)):
            visit.cut()
            return
    visit.cut()


def _without_paging(found: Found) -> Found:
    """That there are further pages is ours to settle."""
    kept = tuple(one for one in found.warnings if "one page of several" not in one.what)
    return replace(found, warnings=kept, complete=found.complete or len(kept) < len(found.warnings))
