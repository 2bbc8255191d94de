"""The addresses of a shop's products, from its sitemaps: those that robots.txt names, else at the usual places."""

import re
from collections import defaultdict
from urllib.parse import unquote, urljoin, urlsplit

from griot.knowledge.importing.fetching.addresses import same_site
from griot.knowledge.importing.fetching.errors import FetchError, Halt
from griot.knowledge.importing.sites.answers import origin_of
from griot.knowledge.importing.sites.keys import is_front, locale_of, page_key, without_locale
from griot.knowledge.importing.sites.links import looks_like_none, looks_like_product
from griot.knowledge.importing.sites.visit import Visit, read_answer

_USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/1_index_sitemap.xml")
_OF_PRODUCTS = re.compile(r"(?i)produ[ck]?[tci]|produit|product|item(?!ap)|article|goods|catalog|منتج")
_OF_NONE = re.compile(
    r"(?i)categor|collection|blog|post|page(?!-?\d)|news|author|tag|brand|marque|image|video|event|[-_]cms"
)
_MOST_WAITING = 1_000  # sitemaps still to be read
_ONE_SHOP = 0.7  # share of the other language's pages from which two languages are twins


async def product_addresses(visit: Visit, url: str, listed: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """(addresses of products, others that may be some), each product once, in the language of ``url``.

    ``listed``: the sitemaps to begin with, when a sitemap itself was pasted.
    """
    named = listed or await _named(visit, url)
    sure: dict[str, None] = {}
    perhaps: dict[str, None] = {}
    for start in named or tuple(urljoin(origin_of(url), path) for path in _USUAL):
        for address, of_products in await _addresses(visit, start, listed=bool(named)):
            if not same_site(address, url) or looks_like_none(address) or is_front(urlsplit(address).path):
                continue
            (sure if of_products or looks_like_product(address) else perhaps)[address] = None
        if not named and (sure or perhaps):
            break
    return _in_one_language(list(sure), url), _in_one_language(list(perhaps), url)


async def _named(visit: Visit, url: str) -> tuple[str, ...]:
    try:
        return await visit.fetcher.sitemaps(url)
    except Halt:
        raise
    except FetchError:
        return ()


async def _addresses(visit: Visit, start: str, *, listed: bool) -> list[tuple[str, bool]]:
    """(address, whether its sitemap is one of products) of a sitemap and those it lists.

    ``listed``: the shop names it, so that it is no guess.
    """
    found: list[tuple[str, bool]] = []
    waiting = [(start, 0)]
    seen: set[str] = set()
    while waiting and len(seen) < visit.limits.sitemaps and len(found) < 4 * visit.limits.products:
        address, depth = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = await (visit.glance if depth or listed else visit.attempt)(address)
        told = await read_answer(answer) if answer else None
        if told is None:
            continue
        if not told.complete:
            visit.cut()
        if told.kind == "sitemap-index" and depth < visit.limits.depth:
            waiting += [(one, depth + 1) for one in _worth_reading(told.addresses)]
            if len(waiting) > _MOST_WAITING:
                visit.cut()
            del waiting[_MOST_WAITING:]
        elif told.kind == "sitemap":
            of_products = _is_of_products(address)
            found += [(one, of_products) for one in told.addresses]
    if waiting:
        visit.left_out(f"Its sitemap lists {len(waiting)} more sitemaps.", "Import the rest collection by collection.")
    return found


def _worth_reading(sitemaps: tuple[str, ...]) -> list[str]:
    """Of the sitemaps that an index lists those of products, where their names tell; else all that may be."""
    of_products = [one for one in sitemaps if _is_of_products(one)]
    return of_products or [one for one in sitemaps if not _OF_NONE.search(_name(one))] or list(sitemaps)


def _is_of_products(sitemap: str) -> bool:
    name = _name(sitemap)
    return bool(_OF_PRODUCTS.search(name)) and not re.search(r"(?i)categor|_cat\b|cat-|tag|brand|collection", name)


def _name(sitemap: str) -> str:
    parts = urlsplit(sitemap)
    return unquote(f"{parts.path.rpartition('/')[2]}?{parts.query}")


def _in_one_language(addresses: list[str], url: str) -> list[str]:
    """Each page once: twins in other languages are left out, whether their paths are translated or not."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for address in addresses:
        path = urlsplit(address).path
        groups[locale_of(path)].setdefault(without_locale(path) + page_query(address), address)
    wanted = locale_of(urlsplit(url).path)
    main = (
        wanted
        if wanted in groups
        else ""
        if "" in groups
        else max(groups, key=lambda one: len(groups[one]), default="")
    )
    chosen = dict(groups.get(main, {}))
    for locale, pages in groups.items():
        if locale == main or _ONE_SHOP * len(groups[main]) <= len(pages) <= len(groups[main]) / _ONE_SHOP:
            continue
        for path, address in pages.items():
            chosen.setdefault(path, address)
    each: dict[str, str] = {}
    for address in chosen.values():
        each.setdefault(page_key(address) or address, address)
    return list(each.values())


def page_query(address: str) -> str:
    """The query of an address as part of what tells it apart."""
    query = urlsplit(address).query
    return f"?{query}" if query else ""
