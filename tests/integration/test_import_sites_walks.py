"""Any shop: its sitemaps, its lists, its pages; what is left out is said, and nothing comes in twice."""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from griot.knowledge.importing.fetching.errors import AddressRefused, BadAnswer, FetchError, Halt, RobotsRefused
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.sites.collecting import WalkLimits, collect
from importing_goods import cards, front, page, sitemap_index, urlset
from importing_web import QUICK, Answer, Street, moved, open_street, xml_answer

SALLA = '<script src="https://cdn.salla.network/js/twilight.js"></script>'


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        yield opened


async def take(
    street: Street, source: str, walk: WalkLimits | None = None, limits: Limits = QUICK, **more: Any
) -> Found:
    async with street.fetcher(limits) as fetcher:
        return await collect(source, fetcher, walk, **more)


def titles(found: Found) -> list[str]:
    return [product.title for product in found.products]


def said(found: Found) -> str:
    return " ".join(f"{doubt.where} {doubt.what} {doubt.do}" for doubt in found.warnings)


async def test_a_product_page(street: Street) -> None:
    street.shop("kadia.sn", {"/robe": page("Robe bogolan", "25000")})
    found = await take(street, "http://kadia.sn/robe")
    assert (found.kind, titles(found)) == ("page", ["Robe bogolan"])
    assert street.paths() == ["/robe"]


async def test_an_address_without_https_in_a_sentence(street: Street) -> None:
    street.shop("kadia.sn", {"/robe": page("Robe bogolan", "25000")})
    found = await take(street, "Bonjour, voici ma boutique : kadia.sn/robe.\u200b")
    assert titles(found) == ["Robe bogolan"]


async def test_a_sitemap_named_in_robots_txt_with_indexes_and_gzip(street: Street) -> None:
    """Only the sitemaps of products are read, blogs and pages of the house are not, each article comes once."""
    items = [f"http://kadia.sn/item-{at}" for at in range(4)]
    street.shop(
        "kadia.sn",
        {
            "/robots.txt": "Sitemap: http://kadia.sn/maps/index.xml",
            "/": front(),
            "/maps/index.xml": xml_answer(
                sitemap_index("http://kadia.sn/maps/blog.xml", "http://kadia.sn/maps/product-1.xml.gz", "http://kadia.sn/maps/index.xml")
            ),
            "/maps/product-1.xml.gz": Answer(
                gzip.compress(urlset(*items, items[0] + "?utm_source=x", "http://other.com/item-9", "http://kadia.sn/404.html").encode()),
                headers={"content-type": "application/octet-stream"},
            ),
            **{f"/item-{at}": page(f"Article {at}", f"{at + 1}000") for at in range(4)},
        },
    )  # fmt: skip
    told: list[tuple[int, int | None]] = []
    found = await take(street, "http://kadia.sn", progress=lambda done, expected: told.append((done, expected)))
    assert found.kind == "sitemap"
    assert titles(found) == [f"Article {at}" for at in range(4)]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4), (4, 4)]
    assert "/maps/blog.xml" not in street.paths()
    assert {one.host for one in street.asked} == {"kadia.sn"}


@pytest.mark.parametrize("pasted", ["http://salla.example.com/ar", "http://salla.example.com/ar/"])
async def test_twins_in_two_languages_come_once(street: Street, pasted: str) -> None:
    """Salla's sitemap of one language lists the pages of the other too, with paths of their own."""
    arabic = [f"http://salla.example.com/ar/فستان-{at}/p10000{at}" for at in range(3)]
    english = [f"http://salla.example.com/en/dress-{at}/p10000{at}" for at in range(3)]
    pages = {f"/ar/%D9%81%D8%B3%D8%AA%D8%A7%D9%86-{at}/p10000{at}": page(f"فستان {at}", "99", "SAR") for at in range(3)}
    street.shop(
        "salla.example.com",
        {"/ar": front(SALLA), "/ar/": front(SALLA), "/sitemap.xml": xml_answer(urlset(*english, *arabic)), **pages},
    )
    found = await take(street, pasted)
    assert (found.kind, titles(found)) == ("salla", ["فستان 0", "فستان 1", "فستان 2"])
    assert not any("/en/" in path for path in street.paths())


@pytest.mark.parametrize(
    ("kind", "mark", "index", "child", "path"),
    [
        ("wix", '<script src="https://static.parastorage.com/a.js"></script>', "/sitemap.xml",
         "/store-products-sitemap.xml", "/product-page/robe-{}"),
        ("prestashop", "<script>var prestashop = {};</script>", "/1_index_sitemap.xml", "/1_fr_0_sitemap.xml",
         "/robes/{}-robe.html"),
        ("zid", '<link href="https://media.zid.store/a.css">', "/sitemap.xml", "/sitemap-products-1.xml",
         "/products/robe-{}"),
        ("woocommerce", '<link href="/wp-content/plugins/woocommerce/a.css">', "/wp-sitemap.xml",
         "/wp-sitemap-posts-product-1.xml", "/produit/robe-{}/"),
        ("magento", '<script type="text/x-magento-init">{}</script>', "/sitemap.xml", "/sitemap-1-1.xml", "/robe-{}"),
        ("ecwid", '<script src="https://app.ecwid.com/script.js"></script>', "/sitemap.xml", "/s.xml", "/robe-p100{}"),
    ],
)  # fmt: skip
async def test_platforms_without_an_open_list_are_read_by_their_sitemaps(
    street: Street, kind: str, mark: str, index: str, child: str, path: str
) -> None:
    goods = {path.format(at): page(f"Robe {at}", "1000") for at in range(12, 15)}
    street.shop(
        "kadia.sn",
        {
            "/": front(mark),
            index: xml_answer(sitemap_index("http://kadia.sn/pages-sitemap.xml", f"http://kadia.sn{child}")),
            child: xml_answer(urlset(*(f"http://kadia.sn{one}" for one in goods))),
            **goods,
        },
    )
    found = await take(street, "http://kadia.sn")
    assert (found.kind, titles(found)) == (kind, ["Robe 12", "Robe 13", "Robe 14"])
    assert not found.warnings


async def test_a_department_that_looks_like_a_language_is_not_left_out(street: Street) -> None:
    """/it/ holds two articles and the rest eight: no twins, so both are read."""
    paths = [*(f"/product/a-{at}" for at in range(8)), "/it/product/b-1", "/it/product/b-2"]
    goods = {one: page(one.rpartition("/")[2].upper(), "1000") for one in paths}
    street.shop(
        "kadia.sn",
        {"/": front(), "/sitemap.xml": xml_answer(urlset(*(f"http://kadia.sn{one}" for one in paths))), **goods},
    )
    assert len((await take(street, "http://kadia.sn")).products) == 10


async def test_articles_without_price_or_currency_are_said(street: Street) -> None:
    priceless = json.dumps(
        {"products": [{"name": "Robe", "url": "/p/r"}, {"name": "Sac", "price": "9000", "url": "/p/s"}]}
    )
    street.shop("kadia.sn", {"/list.json": Answer(priceless, headers={"content-type": "application/json"})})
    found = await take(street, "http://kadia.sn/list.json")
    assert [one.currency for one in found.products] == [None, None]
    assert "currency" in said(found)


async def test_a_market_places_list_of_one_seller(street: Street) -> None:
    """Jumia's way: the list is in the page's state, whose plain price is the shop's currency and priceEuro is not."""
    listed = [
        {"sku": f"JM{at}", "name": f"Robe {at}", "displayName": f"Robe {at}", "url": f"/robe-{at}-123456{at}.html",
         "prices": {"rawPrice": "15000.00", "price": "15 000 FCFA", "priceEuro": "22.87"}}
        for at in range(4)
    ]  # fmt: skip
    state = f"<script>window.__STORE__ = {json.dumps({'products': listed})};</script>"
    street.shop("www.jumia.ci", {"/mlp-kadia/": front(state)})
    found = await take(street, "http://www.jumia.ci/mlp-kadia/")
    assert found.kind == "jumia"
    assert {(one.title, one.price, one.currency) for one in found.products} == {
        (f"Robe {at}", Decimal(15000), "XOF") for at in range(4)
    }


async def test_a_product_found_under_two_addresses_comes_once(street: Street) -> None:
    own = '<link rel="canonical" href="http://kadia.sn/products/robe">'
    street.shop(
        "kadia.sn",
        {
            "/": front(),
            "/sitemap.xml": xml_answer(
                urlset(*(f"http://kadia.sn/products/{one}" for one in ("robe", "robe-promo", "sac", "sac-bis", "un")))
            ),
            "/products/robe": page("Robe", "25000", head=own),
            "/products/robe-promo": page("Robe", "25000", head=own),
            "/products/sac": page("Sac", "9000", sku="SAC-1"),
            "/products/sac-bis": page("Sac", "9000", sku="sac-1"),
            "/products/un": page("Autre chose", "1000", head=own),  # a theme that calls every page the same
        },
    )  # fmt: skip
    assert titles(await take(street, "http://kadia.sn")) == ["Robe", "Sac", "Autre chose"]


async def test_a_collection_over_several_pages_with_each_products_own_page(street: Street) -> None:
    def listed(start: int, following: str) -> str:
        return cards(
            [(f"Robe numéro {at}", f"{at + 10} 000", f"/robes/robe-{at}") for at in range(start, start + 5)], following
        )

    pages = {f"/robes/robe-{at}": page(f"Robe numéro {at}", f"{at + 10}000", sku=f"RB-{at}") for at in range(14)}
    street.shop(
        "kadia.sn",
        {
            "/robes": listed(0, "/robes?page=2"),
            "/robes?page=2": listed(5, "/robes?page=3"),
            "/robes?page=3": listed(10, "/robes"),
            **pages,
        },
    )
    found = await take(street, "http://kadia.sn/robes")
    assert titles(found) == [f"Robe numéro {at}" for at in range(15)]
    assert [one.sku for one in found.products] == [*(f"RB-{at}" for at in range(14)), None]
    assert found.products[14].price == Decimal(24000)  # its own page is missing: what the list shows still comes in
    assert "has no such page" in said(found)


async def test_a_collection_whose_list_cannot_be_read_is_walked_by_its_links(street: Street) -> None:
    links = ("/contact", "/12-robe-bleue.html", "/13-robe-rouge.html", "http://elsewhere.com/14-x.html")
    street.shop(
        "kadia.sn",
        {
            "/3-robes": front("<script>var prestashop = {};</script>", links),
            "/12-robe-bleue.html": page("Robe bleue", "15"),
            "/13-robe-rouge.html": page("Robe rouge", "16"),
        },
    )
    found = await take(street, "http://kadia.sn/3-robes")
    assert (found.kind, titles(found)) == ("prestashop", ["Robe bleue", "Robe rouge"])
    assert "/contact" not in street.paths()


async def test_a_site_without_a_sitemap_is_walked_from_its_front(street: Street) -> None:
    home = front(links=("/produit/robe", "/produit/sac", "/blog/x"))
    goods = {"/produit/robe": page("Robe", "1000"), "/produit/sac": page("Sac", "2000")}
    street.shop("kadia.sn", {"/": home, **goods})
    assert titles(await take(street, "http://kadia.sn/")) == ["Robe", "Sac"]


async def test_what_is_beyond_the_limits_is_said(street: Street) -> None:
    urls = [f"http://kadia.sn/product/robe-{at}" for at in range(12)]
    pages = {f"/product/robe-{at}": page(f"Robe {at}", "1000") for at in range(12)}
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), **pages})
    found = await take(street, "http://kadia.sn", WalkLimits(product_pages=5))
    assert len(found.products) == 5
    assert "12 pages of articles; the first 5 were read, 7 left out" in said(found)
    found = await take(street, "http://kadia.sn", WalkLimits(products=3))
    assert len(found.products) == 3
    assert "more than 3 articles; 9 were left out" in said(found)
    found = await take(street, "http://kadia.sn", limits=replace(QUICK, requests=6))
    assert len(found.products) == 3  # robots.txt, the front and the sitemap are requests, too
    assert "takes more than 6 requests" in said(found)


async def test_a_shop_that_becomes_busy_keeps_what_was_read(street: Street) -> None:
    urls = [f"http://kadia.sn/product/robe-{at}" for at in range(3)]
    street.shop(
        "kadia.sn",
        {
            "/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), "/product/robe-0": page("Robe", "1000"),
            "*": Answer(status=429, headers={"retry-after": "3600"}),
        },
    )  # fmt: skip
    found = await take(street, "http://kadia.sn")
    assert titles(found) == ["Robe"]
    assert "asks for fewer requests" in said(found)


async def test_pages_without_an_article_are_counted_not_listed(street: Street) -> None:
    urls = [f"http://kadia.sn/product/x-{at}" for at in range(6)]
    goods = {"/product/x-0": page("Robe", "1000")}
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), **goods, "*": front()})
    found = await take(street, "http://kadia.sn")
    assert titles(found) == ["Robe"]
    assert len(found.warnings) == 1
    assert "so on 5 pages" in said(found)


async def test_addresses_that_do_not_tell_are_tried_beside_a_few_that_do(street: Street) -> None:
    urls = [f"http://kadia.sn/{one}" for one in ("p/robe", "sac", "panier-osier", "foulard", "natte", "histoire")]
    goods = {f"/{one}": page(one.title(), "1000") for one in ("p/robe", "sac", "panier-osier", "foulard", "natte")}
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), **goods, "*": front()})
    found = await take(street, "http://kadia.sn")
    assert len(found.products) == 5
    found = await take(street, "http://kadia.sn", WalkLimits(product_pages=2))
    assert "5 pages; the first 2 were read, 3 left out" in said(found)


async def test_a_category_that_is_marked_as_a_product_is_still_a_list(street: Street) -> None:
    links = "".join(f'<a href="/produit/robe-{at}">x</a>' for at in range(2))
    goods = {f"/produit/robe-{at}": page(f"Robe {at}", "1000") for at in range(2)}
    street.shop("kadia.sn", {"/categorie/robes": page("Robes", "1000", body=links), **goods})
    assert titles(await take(street, "http://kadia.sn/categorie/robes")) == ["Robe 0", "Robe 1"]


async def test_guessing_ends(street: Street) -> None:
    urls = [f"http://kadia.sn/chose-{at}" for at in range(300)]
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": xml_answer(urlset(*urls)), "*": front()})
    found = await take(street, "http://kadia.sn", WalkLimits(guesses=7))
    assert found.products == ()
    assert "No articles were found" in said(found)
    assert len(street.paths()) < 40


async def test_sitemaps_that_never_end(street: Street) -> None:
    def index(asked: Any) -> Answer:
        return xml_answer(sitemap_index(*(f"http://kadia.sn{asked.path}{at}" for at in range(9))))

    street.shop("kadia.sn", {"/robots.txt": "Sitemap: http://kadia.sn/s", "/": front(), "*": index})
    found = await take(street, "http://kadia.sn", WalkLimits(sitemaps=20))
    assert found.products == ()
    assert len(street.paths()) < 30


async def test_a_packed_sitemap_that_is_a_bomb(street: Street) -> None:
    bomb = Answer(gzip.compress(urlset("http://kadia.sn/p/x").encode() + b" " * 80_000_000, 9))
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": bomb, "*": page("Robe", "1000")})
    found = await take(street, "http://kadia.sn")
    assert found.products == ()


async def test_a_pasted_sitemap_and_a_pasted_feed(street: Street) -> None:
    feed = (
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>1</g:id><title>Robe</title>'
        "<link>http://kadia.sn/1</link><g:price>15000 XOF</g:price>"
        "<g:availability>in_stock</g:availability></item></channel></rss>"
    )
    street.shop(
        "kadia.sn",
        {
            "/feed.xml": xml_answer(feed),
            "/map.xml": xml_answer(urlset("http://kadia.sn/p/robe")),
            "/p/robe": page("Robe", "15000"),
        },
    )
    fed = await take(street, "http://kadia.sn/feed.xml")
    assert (fed.kind, titles(fed), fed.products[0].currency) == ("google-feed", ["Robe"], "XOF")
    mapped = await take(street, "http://kadia.sn/map.xml")
    assert (mapped.kind, titles(mapped)) == ("sitemap", ["Robe"])


async def test_xml_entities_fetch_nothing(street: Street) -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "http://inside.sn/secret">'
        '<!ENTITY y SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>http://kadia.sn/p/&x;&y;robe</loc></url></urlset>"
    )
    street.shop("kadia.sn", {"/": front(), "/sitemap.xml": xml_answer(body), "*": page("Robe", "1000")})
    street.shop("inside.sn", {"*": "secret"})
    found = await take(street, "http://kadia.sn")
    assert {one.host for one in street.asked} == {"kadia.sn"}
    assert "root:" not in repr(found)


async def test_a_meta_refresh_within_the_site_is_followed_once(street: Street) -> None:
    to = '<html><head><meta http-equiv="refresh" content="0; URL=\'{}\'"></head></html>'
    pages = {"/a": to.format("/b"), "/b": page("Robe", "1000"), "/c": to.format("/a"), "/d": to.format("http://x.com/")}
    street.shop("kadia.sn", pages)
    assert titles(await take(street, "http://kadia.sn/a")) == ["Robe"]
    assert (await take(street, "http://kadia.sn/c")).products == ()
    assert (await take(street, "http://kadia.sn/d")).products == ()


async def test_links_of_a_page_never_lead_inside(street: Street) -> None:
    inside = ["http://127.0.0.1/product/x1", "http://169.254.169.254/product/x2", "http://kadia.sn:6379/product/x3"]
    pages = {"/sitemap.xml": xml_answer(urlset(*inside)), "/product/x3": page("X", "1")}
    street.shop("kadia.sn", {"/": front(links=tuple(inside)), **pages})
    found = await take(street, "http://kadia.sn")
    assert found.products == ()
    assert {one.host for one in street.asked} == {"kadia.sn"}
    assert {port for _, port in street.way.dialled} == {80}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("", AddressRefused),
        ("ma boutique est belle", AddressRefused),
        ("http://192.168.0.1/", AddressRefused),
        ("https://www.facebook.com/kadia", AddressRefused),
        ("https://m.tiktok.com/@kadia", AddressRefused),
        ("https://wa.me/c/221770000000", AddressRefused),
        ("https://drive.google.com/file/d/1/view", AddressRefused),
        ("https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit", AddressRefused),
        ("http://kadia.sn/missing", BadAnswer),
        ("http://kadia.sn/forbidden", RobotsRefused),
        ("http://kadia.sn/inside", AddressRefused),
        ("http://kadia.sn/busy", Halt),
        ("C:\\Users\\me\\robes.csv", AddressRefused),
    ],
)
async def test_a_refused_address_is_one_sentence(street: Street, source: str, kind: type[FetchError]) -> None:
    street.shop(
        "kadia.sn",
        {
            "/robots.txt": "User-agent: *\nDisallow: /forbidden", "/inside": moved("http://10.0.0.1/"),
            "/busy": Answer(status=429, headers={"retry-after": "9999"}),
        },
    )  # fmt: skip
    with pytest.raises(kind) as refused:
        await take(street, source)
    text = str(refused.value)
    assert text.count(": ") == 1
    assert text.endswith(".")
    assert "\n" not in text
