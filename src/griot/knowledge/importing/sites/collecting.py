"""A pasted text -> the products behind it: finds out what it is, fetches what is needed, says what was left out."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from griot.core.errors import InvalidInput
from griot.knowledge.importing.fetching.addresses import same_site
from griot.knowledge.importing.fetching.errors import Halt, Unanswered, Uncertified
from griot.knowledge.importing.fetching.fetcher import Fetched, Fetcher
from griot.knowledge.importing.models import Doubt, Found
from griot.knowledge.importing.sites.basket import Basket
from griot.knowledge.importing.sites.bigcartel import walk_big_cartel
from griot.knowledge.importing.sites.currency import settle_currency
from griot.knowledge.importing.sites.instagram import MetaAccess, read_instagram, without_token
from griot.knowledge.importing.sites.keys import is_front
from griot.knowledge.importing.sites.links import Links, looks_like_none, looks_like_product
from griot.knowledge.importing.sites.magento import walk_magento
from griot.knowledge.importing.sites.platforms import platform_of
from griot.knowledge.importing.sites.sheets import read_sheet
from griot.knowledge.importing.sites.shopify import walk_shopify
from griot.knowledge.importing.sites.sources import Source, understand
from griot.knowledge.importing.sites.squarespace import walk_squarespace
from griot.knowledge.importing.sites.visit import (
    Progress,
    Visit,
    WalkLimits,
    corrected,
    is_page_of,
    read_answer,
    read_links,
    sells,
)
from griot.knowledge.importing.sites.walking import walk_list, walk_sitemaps
from griot.knowledge.importing.sites.woocommerce import walk_woocommerce

_EXPORTS = {
    "ecwid": "Ecwid shows its articles only to its own pages",
    "wix": "This Wix site shows no articles to programs",
    "jumia": "Jumia shows few articles to programs",
}


async def collect(
    source: str,
    fetcher: Fetcher,
    limits: WalkLimits | None = None,
    progress: Progress | None = None,
    *,
    meta: MetaAccess | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    """Everything that a pasted text leads to. ``kind``: the platform, or ``page``, ``listing``, ``sitemap``, a file's.

    Raises FetchError when the pasted address itself is refused or gives nothing; whatever goes wrong after that is a
    doubt beside what was found. ``meta``: the merchant's access to their Instagram shop. ``columns``: header or letter
    -> field, for a table (``reread``); ``InvalidInput`` where there is none.
    """
    asked = understand(source)
    if asked.kind == "sheet":
        return replace(await read_sheet(fetcher, asked.address, columns), kind="google-sheet")
    if asked.kind == "instagram" and meta is None:
        return without_token()
    limits = limits or WalkLimits()
    visit = Visit(fetcher, limits, Basket(limits.products))
    if progress is not None:
        visit.progress = progress
    kind = "instagram"
    try:
        if asked.kind == "instagram" and meta is not None:
            await read_instagram(visit, asked.handle, meta)
        else:
            start = await _first(fetcher, asked)
            found = await read_answer(start)
            if not is_page_of(found) and not _leads_on(found, start):
                return await corrected(found, start, columns)  # a file or feed, whole as it is
            if columns:
                raise InvalidInput(f"{source} has no columns to correct: it is no table.")
            kind = await _walk(visit, start, found)
    except Halt as stop:
        if not len(visit.basket):
            raise
        visit.basket.doubt(replace(stop.doubt("the shop"), what=f"{stop.what}; the rest was left out."))
        visit.cut()
    visit.close()
    visit.expected = len(visit.basket)
    visit.report()
    return visit.basket.found(kind)


async def _first(fetcher: Fetcher, asked: Source) -> Fetched:
    """The pasted address's answer: without https where it named no scheme and https is not there; one refresh on."""
    try:
        answer = await fetcher.fetch(asked.address)
    except Unanswered as unanswered:
        if asked.named or isinstance(unanswered, Uncertified):
            raise
        try:
            answer = await fetcher.fetch(f"http://{asked.address.lstrip('/')}")
        except Unanswered:
            raise unanswered from None
    links = await read_links(answer)
    if links.refresh and same_site(links.refresh, answer.url):
        return await fetcher.fetch(links.refresh)
    return answer


def _leads_on(found: Found, start: Fetched) -> bool:
    """Whether a body that is no page is the beginning of more: a sitemap, or one page of a platform's list."""
    if found.kind in ("sitemap", "sitemap-index"):
        return True
    path = urlsplit(start.url).path
    return (
        (found.kind in ("shopify", "big-cartel") and path.endswith("/products.json"))
        or (found.kind == "shopify" and "/products/" in path)
        or (found.kind == "woocommerce" and "/wc/store" in f"{path}?{urlsplit(start.url).query}")
        or found.kind == "squarespace"
    )


async def _walk(visit: Visit, start: Fetched, found: Found) -> str:
    """Take what there is behind the first answer; what kind of source it turned out to be."""
    if not is_page_of(found):
        return await _walk_on(visit, start, found)
    platform = platform_of(start)
    links = await read_links(start)
    if _is_product(start, found, links, platform):
        visit.basket.take(found, start.url, links.canonical)
        return "page"
    if platform and await _walk_platform(visit, start, links, platform):
        return platform
    front = is_front(urlsplit(start.url).path)
    if front and await walk_sitemaps(visit, start.url):
        return platform or "sitemap"
    if await walk_list(visit, start, found, links):
        return platform or "listing"
    if not front and not looks_like_product(start.url) and await walk_sitemaps(visit, start.url):
        return platform or "sitemap"
    if sells(found) or looks_like_product(start.url):
        visit.basket.take(found, start.url, links.canonical)
    if not len(visit.basket):
        _explain_nothing(visit, platform)
    return platform or found.kind


async def _walk_on(visit: Visit, start: Fetched, found: Found) -> str:
    """What lies behind a sitemap or a page of a platform's list that was pasted itself."""
    if found.kind in ("sitemap", "sitemap-index"):
        await walk_sitemaps(visit, start.url, (start.url,))
        if not len(visit.basket):
            _explain_nothing(visit, None)
        return "sitemap"
    walked = False
    if found.kind == "shopify" and start.url.partition("?")[0].endswith("/products.json"):
        walked = await walk_shopify(visit, start.url)
    elif found.kind == "big-cartel":
        walked = await walk_big_cartel(visit, start.url)
    elif found.kind == "woocommerce":
        walked = await walk_woocommerce(visit, start, category=False)
    elif found.kind == "squarespace":
        walked = await walk_squarespace(visit, start.url, Links(None, (), (), None))
    if not walked:
        visit.basket.take(found, start.url)
        await settle_currency(visit)
    return found.kind


def _is_product(start: Fetched, found: Found, links: Links, platform: str | None) -> bool:
    """Whether the pasted page is one product's."""
    path = unquote(urlsplit(start.url).path)
    if is_front(path) or not sells(found):
        return False
    if platform == "shopify":
        return "/products/" in path
    if looks_like_none(start.url):  # some themes mark categories as products
        return False
    if platform == "woocommerce" and links.classes & {"single-product", "tax-product_cat", "post-type-archive-product"}:
        return "single-product" in links.classes
    return True


async def _walk_platform(visit: Visit, start: Fetched, links: Links, platform: str) -> bool:
    """Ask a platform for its list of products; False where it has none for this address, or does not give it."""
    whole_shop = is_front(urlsplit(start.url).path)
    if platform == "shopify":
        return await walk_shopify(visit, start.url, start.body)
    if platform == "woocommerce":
        return await walk_woocommerce(visit, start, category="tax-product_cat" in links.classes)
    if platform == "squarespace":
        return await walk_squarespace(visit, start.url, links)
    if platform == "big-cartel" and "/category/" not in start.url:
        return await walk_big_cartel(visit, start.url)
    if platform == "magento" and whole_shop:
        return await walk_magento(visit, start.url)
    return False


def _explain_nothing(visit: Visit, platform: str | None) -> None:
    why = _EXPORTS.get(platform or "", "No articles were found behind this address")
    do = "Give the address of a page that lists or sells your articles, or export them to a file and send that."
    visit.basket.doubt(Doubt("the shop", f"{why}.", do))


__all__ = ["MetaAccess", "WalkLimits", "collect"]
