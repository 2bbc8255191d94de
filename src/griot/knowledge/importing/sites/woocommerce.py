"""WooCommerce's Store API, open to everybody: 100 products a page, prices in minor units (wire/import.md §1)."""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from griot.knowledge.importing.fetching.addresses import same_site
from griot.knowledge.importing.fetching.fetcher import Fetched
from griot.knowledge.importing.sites.answers import document, inside, origin_of, whole
from griot.knowledge.importing.sites.sources import with_query
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer

PAGE = 100
_MOST_PAGES = 400
_ROOT = re.compile(rb"(?i)<link[^>]{0,80}rel=[\"']https://api\.w\.org/[\"'][^>]{0,40}href=[\"']([^\"'>\s]{1,300})[\"']")
_ROOT_HEADER = re.compile(r"<([^<>\s]{1,300})>;\s*rel=\"https://api\.w\.org/\"")
_PRODUCTS = re.compile(r"/wc/store(?:/v1)?/products")


def api_addresses(start: Fetched) -> list[str]:
    """Where the API's products may be: below the root that the site names, in its two versions, by path or query."""
    named = _ROOT_HEADER.search(start.header("link"))
    linked = _ROOT.search(start.body[:400_000])
    root = named[1] if named else linked[1].decode("ascii", "ignore") if linked else ""
    root = urljoin(start.url, root) if root else ""
    if not root or not same_site(root, start.url):
        root = f"{origin_of(start.url)}/wp-json/"
    if _PRODUCTS.search(urlsplit(start.url).path):
        return [start.url.partition("?")[0]]
    if "rest_route=" in root:
        return [with_query(root, rest_route="/wc/store/v1/products")]
    root = root.rstrip("/")
    site = root.removesuffix("/wp-json")
    return [
        f"{root}/wc/store/v1/products",
        f"{root}/wc/store/products",
        with_query(f"{site}/", rest_route="/wc/store/v1/products"),
    ]


async def walk_woocommerce(visit: Visit, start: Fetched, *, category: bool) -> bool:
    """Take the products of a shop, or of the category that ``start`` shows; False when the API does not answer."""
    for base in api_addresses(start):
        first = await visit.attempt(with_query(base, per_page=PAGE, page=1))
        if first is None or not isinstance(document(first.body), list):
            continue
        chosen = await _category(visit, base, start.url) if category else {}
        if chosen is None:
            return False
        if chosen:
            first = await visit.attempt(with_query(base, per_page=PAGE, page=1, **chosen))
        if first is not None:
            await _pages(visit, base, first, chosen)
        return len(visit.basket) > 0
    return False


async def _pages(visit: Visit, base: str, first: Fetched, chosen: dict[str, object]) -> None:
    visit.expected = whole(first.header("x-wp-total"))
    last = whole(first.header("x-wp-totalpages"))
    answer: Fetched | None = first
    for number in range(1, _MOST_PAGES + 1):
        if number > 1:
            answer = await visit.get(with_query(base, per_page=PAGE, page=number, **chosen))
        listed = document(answer.body) if answer else None
        if answer is None or not isinstance(listed, list) or not listed:
            if number > 1 and (last is None or number <= last):
                visit.cut()
            return
        variations = await _variations(visit, base, listed)
        if variations:
            answer = replace(answer, body=json.dumps([*listed, *variations]).encode())
        found = await read_answer(answer)
        new = 0 if is_page_of(found) else visit.basket.take(found, base)
        visit.report()
        if (number >= last) if last is not None else (len(listed) < PAGE):
            return
        if not new or visit.basket.full or number == _MOST_PAGES:
            visit.cut()
            return


async def _variations(visit: Visit, base: str, listed: list[Any]) -> list[Any]:
    """The variations of products whose variants cost differently; a list of products does not price them."""
    parents = [
        str(one["id"])
        for one in listed
        if isinstance(one, dict)
        and one.get("type") == "variable"
        and whole(one.get("id")) is not None
        and inside(one, "prices", "price_range", "min_amount") != inside(one, "prices", "price_range", "max_amount")
    ]
    found: list[Any] = []
    for at in range(0, len(parents), 20):
        asked = ",".join(parents[at : at + 20])
        for number in range(1, 6):
            answer = await visit.glance(with_query(base, type="variation", parent=asked, per_page=PAGE, page=number))
            entries = document(answer.body) if answer else None
            if not isinstance(entries, list):
                return found
            known = [one for one in entries if isinstance(one, dict) and str(one.get("parent")) in parents]
            found += [{**one, "type": "variation"} for one in known]
            if len(entries) < PAGE:
                break
    return found


async def _category(visit: Visit, base: str, url: str) -> dict[str, object] | None:
    """The parameter that chooses the category of a page, None where the shop does not list it."""
    path = unquote(urlsplit(url).path).rstrip("/")
    for number in range(1, 6):
        answer = await visit.attempt(
            with_query(base.replace("/products", "/products/categories"), per_page=PAGE, page=number)
        )
        listed = document(answer.body) if answer else None
        if not isinstance(listed, list):
            return None
        for one in listed:
            link = inside(one, "permalink")
            same_path = isinstance(link, str) and unquote(urlsplit(link).path).rstrip("/") == path
            if same_path or (not link and inside(one, "slug") == path.rpartition("/")[2]):
                return {"category": one["id"]} if whole(one.get("id")) is not None else None
        if len(listed) < PAGE:
            return None
    return None
