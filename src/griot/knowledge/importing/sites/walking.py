"""Any site: the pages of its products one by one, found by its sitemap or on the pages of a list."""

import re
from urllib.parse import unquote, urlsplit

from griot.knowledge.importing.fetching.fetcher import Fetched
from griot.knowledge.importing.models import Doubt, Found
from griot.knowledge.importing.sites.keys import is_front, page_key
from griot.knowledge.importing.sites.links import Links, looks_like_none
from griot.knowledge.importing.sites.sitemaps import product_addresses
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer, read_links, sells

_FEW = 4  # times as many addresses that do not tell what they are make those that do look like exceptions


async def walk_sitemaps(visit: Visit, url: str, listed: tuple[str, ...] = ()) -> bool:
    """Take the products of the pages that a site's sitemaps list; False when there are none."""
    sure, perhaps = await product_addresses(visit, url, listed)
    await _each(visit, sure, sure=True)
    if perhaps and (not len(visit.basket) or _FEW * len(sure) < len(perhaps)):
        await _each(visit, perhaps, sure=False)
    return len(visit.basket) > 0


async def walk_list(visit: Visit, start: Fetched, found: Found, links: Links) -> bool:
    """Take the products of a collection: what its pages show, then each product's own page."""
    pages: dict[str, None] = {}
    shown = 0
    seen = {start.url}
    waiting: list[str] = []
    answer: Fetched | None = start
    while answer is not None:
        listed = found.kind == "listing"
        if listed:
            shown += len(found.products)
            _take_listed(visit, found, answer.url)
        before = len(pages)
        pages |= dict.fromkeys(one.url for one in found.products if listed and one.url)
        pages |= dict.fromkeys(links.products() or (() if listed else _below(links, answer.url)))
        waiting += [one for one in links.following if one not in seen and one not in waiting]
        answer = None
        while waiting and answer is None and len(seen) <= visit.limits.list_pages and len(pages) > before:
            following = waiting.pop(0)
            seen.add(following)
            answer = await visit.glance(following)
        if answer is not None:
            found, links = await read_answer(answer), await read_links(answer)
    if waiting and len(seen) > visit.limits.list_pages:
        visit.left_out(
            f"Only the first {visit.limits.list_pages} pages of the list were read.", "Import the rest by itself."
        )
    own = [one for one in pages if page_key(one) and page_key(one) not in {page_key(url) for url in seen}]
    await _each(visit, own, sure=bool(shown) or bool(links.products()))
    return len(visit.basket) > 0


def _take_listed(visit: Visit, found: Found, url: str) -> None:
    """Take a list's products; what it leaves unsaid their own pages will say, so its doubts wait for them."""
    visit.basket.take(Found(found.kind, found.products), url)
    visit.report()


def _below(links: Links, url: str) -> list[str]:
    """The links that lead deeper than the page itself, where no address tells what is a product."""
    here = unquote(urlsplit(url).path).rstrip("/")
    deeper = [one for one in links.inside if not looks_like_none(one)]
    below = [one for one in deeper if unquote(urlsplit(one).path).startswith(f"{here}/")] if here else []
    return below or [one for one in deeper if re.search(r"[-_\d]", urlsplit(one).path)]


async def _each(visit: Visit, addresses: list[str], *, sure: bool) -> None:
    """Take the product of each page. ``sure``: the addresses are of products; else it ends after many misses."""
    most = visit.limits.product_pages
    visit.expected = len(addresses) if sure else None
    misses = looked = 0
    for address in addresses[:most]:
        if visit.basket.full and not visit.basket.holds(address):
            visit.basket.left_out += 1
            continue
        answer = await (visit.get if sure else visit.glance)(address)
        looked += 1
        took = await _take_page(visit, answer, sure) if answer else False
        misses = 0 if took else misses + 1
        visit.report()
        if not sure and misses >= visit.limits.guesses:
            visit.cut()
            break
    if len(addresses) > most and (sure or looked == most):
        pages = "pages of articles" if sure else "pages"
        visit.left_out(
            f"It has {len(addresses)} {pages}; the first {most} were read, {len(addresses) - most} left out.",
            "Import the rest collection by collection, or send a file.",
        )


async def _take_page(visit: Visit, answer: Fetched, sure: bool) -> bool:
    """Take what a page sells; False when it is not one product's."""
    found = await read_answer(answer)
    if not is_page_of(found):
        return visit.basket.take(found, answer.url) > 0
    if sells(found) and not is_front(urlsplit(answer.url).path):  # what is gone often leads to the front
        links = await read_links(answer)
        visit.basket.take(found, answer.url, links.canonical)
        return True
    if sure and not visit.basket.holds(answer.url):
        doubt = Doubt("the page", "No article was found on it.", "Check it in a browser; the rest came in.")
        visit.basket.take(Found(found.kind, (), (doubt,)), answer.url)
    return False
