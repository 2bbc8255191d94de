"""Whatever a site answers, a walk over it ends, with something found or one sentence."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from griot.knowledge.importing.fetching.errors import BadAnswer, FetchError, Halt
from griot.knowledge.importing.fetching.fetcher import Fetched
from griot.knowledge.importing.sites.collecting import MetaAccess, WalkLimits, collect

MARKS = [
    b"", b"cdn.shopify.com/", b"static1.squarespace.com", b"static.wixstatic.com", b"assets.bigcartel.com",
    b"cdn.salla.sa",    b"text/x-magento-init", b"/plugins/woocommerce/", b"var prestashop", b"window.__STORE__ = {}",
]  # fmt: skip
LINKS = b'<a href="/products/a">a</a><a href="?page=2">2</a><a href="http://[">x</a><link rel=canonical href="//[">'
SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit"
SITES = ["https://kadia.sn/", "https://kadia.sn/collections/x", "kadia.sn/produit/x", "https://kadia.sn/products.json"]

NAMES = (
    "products items data id title name handle price variants images url permalink prices price_range min_amount type"
    " website collection pagination nextPageUrl total_count page_info total_pages cursors after paging next"
)
ODD = ["https://kadia.sn/products/b", "/c", "http://[", "https://kadia.sn/d", "\x00"]


def as_page(parts: tuple[bytes, str]) -> bytes:
    mark, text = parts
    head = b"<!doctype html><html><head>" + mark + b"</head><body>"
    return head + LINKS + text.encode("utf-8", "replace")


def as_sitemap(urls: list[str]) -> bytes:
    return b"<urlset>" + b"".join(f"<url><loc>{url}</loc></url>".encode() for url in urls) + b"</urlset>"


names = st.sampled_from(NAMES.split())
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(
    plain | st.sampled_from(["variable", "/x", "5"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=20,
)
bodies = st.one_of(
    st.binary(max_size=200),
    values.map(lambda value: json.dumps(value).encode()),
    st.tuples(st.sampled_from(MARKS), st.text(max_size=60)).map(as_page),
    st.lists(st.sampled_from(ODD), max_size=5).map(as_sitemap),
    st.just(b"<sitemapindex><sitemap><loc>https://kadia.sn/sitemap.xml</loc></sitemap></sitemapindex>"),
)
errors = st.sampled_from(
    [BadAnswer(404, "No such page", "look"), BadAnswer(500, "A fault", "wait"), Halt("Busy", "wait")]
)
answers = st.lists(bodies | errors, min_size=1, max_size=12)


class Site:
    """Gives the answers one after the other, again and again, to whatever is asked."""

    def __init__(self, answers: list[Any], headers: Mapping[str, str]) -> None:
        self._answers = answers
        self._headers = headers
        self.asked = 0

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, crawl: bool = True, most: int | None = None
    ) -> Fetched:
        answer = self._answers[self.asked % len(self._answers)]
        self.asked += 1
        if self.asked > 400:
            raise AssertionError("the walk does not end")
        if isinstance(answer, FetchError):
            raise answer
        full = url if "://" in url else f"https://{url}"
        return Fetched(full, answer, None, self._headers)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        return ("https://kadia.sn/sitemap.xml", "https://elsewhere.com/s.xml")


@settings(max_examples=150)
@given(
    st.sampled_from([*SITES, "@kadia", SHEET]),
    answers,
    st.dictionaries(st.sampled_from(["x-wp-total", "x-wp-totalpages", "link"]), st.text(max_size=10)),
)  # fmt: skip
def test_any_site_is_walked_to_an_end(source: str, given_answers: list[Any], headers: dict[str, str]) -> None:
    limits = WalkLimits(products=30, product_pages=10, list_pages=4, sitemaps=5, guesses=4)
    site = Site(given_answers, headers)
    try:
        found = asyncio.run(collect(source, site, limits, meta=MetaAccess("t", "https://graph.example.com/v1/")))
    except FetchError as error:
        assert str(error).endswith(".")
        return
    assert found.kind
    assert all(doubt.where and doubt.what and doubt.do for doubt in found.warnings)
    assert len(found.products) <= 30 or found.kind in ("json", "csv", "google-sheet", "listing")
