"""Whether all of a source was read: only then is what it does not list gone."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from griot.knowledge.importing.models import Found
from griot.knowledge.importing.reading import read
from griot.knowledge.importing.sites.collecting import WalkLimits, collect
from importing_goods import cards, front, page, shopify, sitemap_index, urlset, woo
from importing_web import QUICK, Answer, Asked, Street, json_answer, open_street, xml_answer

SHOPIFY = '<script src="https://cdn.shopify.com/s/files/theme.js"></script>'
WOO = '<link href="/wp-content/plugins/woocommerce/style.css">'
ROBES = [f"http://kadia.sn/product/robe-{at}" for at in range(4)]
PAGES = {f"/product/robe-{at}": page(f"Robe {at}", "1000") for at in range(4)}
SITE = {"/": front(), "/sitemap.xml": xml_answer(urlset(*ROBES)), **PAGES}


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        yield opened


async def take(street: Street, source: str = "http://kadia.sn", walk: WalkLimits | None = None, **limits: int) -> Found:
    async with street.fetcher(replace(QUICK, **limits)) as fetcher:
        return await collect(source, fetcher, walk)


async def test_a_site_that_was_read_to_its_end(street: Street) -> None:
    street.shop("kadia.sn", SITE)
    found = await take(street)
    assert (len(found.products), found.complete) == (4, True)
    assert (await take(street, "http://kadia.sn/product/robe-0")).complete, "one page is a source of its own"


@pytest.mark.parametrize("walk", [WalkLimits(product_pages=2), WalkLimits(products=3)])
async def test_limits_leave_something_out(street: Street, walk: WalkLimits) -> None:
    street.shop("kadia.sn", SITE)
    assert not (await take(street, walk=walk)).complete


async def test_a_shop_that_asks_to_stop(street: Street) -> None:
    busy = Answer(status=429, headers={"retry-after": "3600"})
    street.shop("kadia.sn", {**SITE, "/product/robe-2": busy})
    assert not (await take(street)).complete
    street.shop("kadia.sn", SITE)
    assert not (await take(street, requests=6)).complete


async def test_a_page_that_fails_may_sell_something_and_one_that_is_gone_does_not(street: Street) -> None:
    street.shop("kadia.sn", {**SITE, "/product/robe-1": Answer(status=500)})
    assert not (await take(street)).complete
    street.shop("kadia.sn", {**SITE, "/product/robe-1": Answer(status=404)})
    found = await take(street)
    assert (len(found.products), found.complete) == (3, True)


async def test_a_sitemap_of_several_that_fails(street: Street) -> None:
    index = xml_answer(sitemap_index("http://kadia.sn/products-1.xml", "http://kadia.sn/products-2.xml"))
    both = {"/products-1.xml": xml_answer(urlset(*ROBES[:2])), "/products-2.xml": xml_answer(urlset(*ROBES[2:]))}
    street.shop("kadia.sn", {**SITE, **both, "/sitemap.xml": index})
    assert (await take(street)).complete
    street.shop("kadia.sn", {**SITE, **both, "/sitemap.xml": index, "/products-2.xml": Answer(status=502)})
    found = await take(street)
    assert (len(found.products), found.complete) == (2, False)


async def test_a_list_whose_second_page_fails(street: Street) -> None:
    goods = {f"/robes/robe-{at}": page(f"Robe numéro {at}", f"{at + 10}000") for at in range(10)}
    shown = [(f"Robe numéro {at}", f"{at + 10} 000", f"/robes/robe-{at}") for at in range(10)]
    first, second = cards(shown[:5], "/robes?page=2"), cards(shown[5:])
    street.shop("kadia.sn", {"/robes": first, "/robes?page=2": second, **goods})
    found = await take(street, "http://kadia.sn/robes")
    assert (len(found.products), found.complete) == (10, True)
    street.shop("kadia.sn", {"/robes": first, "/robes?page=2": Answer(status=500), **goods})
    found = await take(street, "http://kadia.sn/robes")
    assert (len(found.products), found.complete) == (5, False)


async def test_guessing_at_pages_is_not_reading_all_of_them(street: Street) -> None:
    urls = [f"http://kadia.sn/{one}" for one in ("sac-a", "sac-b", *(f"mot-{at}" for at in range(9)))]
    goods = {f"/{one}": page(one, "1000") for one in ("sac-a", "sac-b")}
    site = {"/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), **goods, "*": front()}
    street.shop("kadia.sn", site)
    assert (await take(street)).complete
    assert not (await take(street, walk=WalkLimits(guesses=4))).complete


@pytest.mark.parametrize(("status", "complete"), [(200, True), (500, False)])
async def test_a_shopify_list_that_breaks_off(street: Street, status: int, complete: bool) -> None:
    def listed(asked: Asked) -> Answer:
        number = int(asked.query["page"])
        if number > 1 and status != 200:
            return Answer(status=status)
        some = [shopify(at) for at in range(250)] if number == 1 else [shopify(250)]
        return json_answer(json.dumps({"products": some}))

    street.shop("kadia.sn", {"/": front(SHOPIFY), "/products.json": listed})
    found = await take(street)
    assert (len(found.products), found.complete) == (251 if complete else 250, complete)


async def test_a_shop_that_gives_no_list_is_read_by_its_sitemap(street: Street) -> None:
    street.shop("kadia.sn", {**SITE, "/": front(SHOPIFY), "/products.json": Answer(status=500)})
    found = await take(street)
    assert (len(found.products), found.complete) == (4, True)


@pytest.mark.parametrize("broken", [False, True])
async def test_woocommerce_with_smaller_pages_than_asked_for(street: Street, broken: bool) -> None:
    """Some shops give 20 a page whatever is asked for: the number of pages that they name counts."""

    def listed(asked: Asked) -> Answer:
        number = int(asked.query["page"])
        if broken and number == 2:
            return Answer("<html><body>Just a moment</body></html>")
        some = json.dumps([woo(at) for at in range(number * 20, number * 20 + 20)])
        return json_answer(some, **{"x-wp-total": "60", "x-wp-totalpages": "3"})

    street.shop("kadia.sn", {"/": front(WOO), "/wp-json/wc/store/v1/products": listed})
    found = await take(street)
    assert (len(found.products), found.complete) == ((20, False) if broken else (60, True))


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        (b"Nom;Prix\nRobe;15000 FCFA\nSac;9000 FCFA\n", True),
        (b'{"name":"Robe","price":"5"}\n{"name":"Sac","price":"5"}\n{"name":"Pagne","pri\n', False),
        (b"<products><product><name>Robe</name><price>5</price></product><product><name>Sa", False),
    ],
)
def test_a_file_that_breaks_off(body: bytes, complete: bool) -> None:
    found = read(body)
    assert found.products
    assert found.complete is complete
