"""What a pasted text is understood as, and when two addresses are one page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.clock import FrozenClock
from griot.knowledge.importing.fetching.errors import AddressRefused
from griot.knowledge.importing.fetching.pacing import retry_after
from griot.knowledge.importing.fetching.robots import read_robots
from griot.knowledge.importing.models import Doubt, Found, FoundProduct
from griot.knowledge.importing.sites.basket import Basket, fuller
from griot.knowledge.importing.sites.keys import is_front, locale_of, page_key
from griot.knowledge.importing.sites.links import links_of, looks_like_none, looks_like_product
from griot.knowledge.importing.sites.shopify import list_address
from griot.knowledge.importing.sites.sources import understand, with_query

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        ("kadia.sn", "site", "kadia.sn"),
        (" <https://kadia.sn/robes> ", "site", "https://kadia.sn/robes"),
        ("\u200ehttps://kadia.sn\u200b", "site", "https://kadia.sn"),
        ("Ma boutique, c'est https://kadia.sn/robes?x=1. Merci !", "site", "https://kadia.sn/robes?x=1"),
        ("voilà kadia.sn/robes", "site", "kadia.sn/robes"),
        (f"https://docs.google.com/spreadsheets/d/{KEY}/edit#gid=7", "sheet", f"https://docs.google.com/spreadsheets/d/{KEY}/export?format=csv&gid=7"),
        (f"docs.google.com/spreadsheets/u/1/d/{KEY}/edit?gid=0&x=1", "sheet", f"https://docs.google.com/spreadsheets/d/{KEY}/export?format=csv&gid=0"),
        (f"https://docs.google.com/spreadsheets/d/{KEY}", "sheet", f"https://docs.google.com/spreadsheets/d/{KEY}/export?format=csv"),
        (f"https://docs.google.com/spreadsheets/d/e/{KEY}/pubhtml?gid=3&single=true", "sheet", f"https://docs.google.com/spreadsheets/d/e/{KEY}/pub?output=csv&gid=3&single=true"),
        ("@kadia.shop", "instagram", "https://www.instagram.com/kadia.shop/"),
        ("https://instagram.com/kadia.shop/", "instagram", "https://instagram.com/kadia.shop/"),
    ],
)  # fmt: skip
def test_understood(text: str, kind: str, address: str) -> None:
    source = understand(text)
    assert (source.kind, source.address) == (kind, address)
    assert source.handle == ("kadia.shop" if kind == "instagram" else "")


@given(st.text(max_size=120))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        assert understand(text).kind in ("site", "sheet", "instagram")
    except AddressRefused as refused:
        assert str(refused).endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.kadia.sn/products/robe?utm_source=x&variant=12#top", "http://kadia.sn/products/robe/"),
        ("https://kadia.sn/collections/ete/products/robe", "https://kadia.sn/products/robe"),
        ("https://kadia.sn/p%C3%A9", "https://kadia.sn/pé"),
        ("https://kadia.sn/p?id=1&ref=2", "https://kadia.sn/p?id=1"),
    ],
)
def test_one_page(one: str, other: str) -> None:
    assert page_key(one) == page_key(other)


def test_different_pages_and_front_pages() -> None:
    assert page_key("https://kadia.sn/p?id=1") != page_key("https://kadia.sn/p?id=2")
    assert page_key("https://kadia.sn/fr/") is None
    assert page_key("http://[") is None
    assert [locale_of(path) for path in ("/fr", "/en-gb/x", "/zh-hant/x", "/tv/x", "/french")] == [
        "/fr",
        "/en-gb",
        "/zh-hant",
        "",
        "",
    ]
    assert is_front("/fr/index.php")
    assert not is_front("/boutique")


@pytest.mark.parametrize(
    ("path", "product", "none"),
    [
        ("/products/robe", True, False),
        ("/fr/produit/robe-bogolan/", True, False),
        ("/12-robe-bleue.html", True, False),
        ("/ar/فستان/p1000001", True, False),
        ("/smartphone-x-123456.html", True, False),
        ("/shop/p/bowl", True, False),
        ("/shop/robe-bleue-12", True, False),
        ("/fr-sn/product/robe/14551914", True, False),
        ("/shop/category/robes-3", False, True),
        ("/product-page/robe", True, False),
        ("/product-category/robes", False, True),
        ("/collections/ete", False, True),
        ("/blog/ma-robe", False, True),
        ("/contact", False, True),
        ("/", False, True),
        ("/en", False, True),
        ("/i/robe.jpg", False, True),
        ("/products/robe.jpg", False, True),
        ("/robe-bogolan", False, False),
    ],
)
def test_what_addresses_look_like(path: str, product: bool, none: bool) -> None:
    url = f"https://kadia.sn{path}"
    assert (looks_like_product(url), looks_like_none(url)) == (product, none)


def test_links_of_a_page() -> None:
    body = """<html><head><base href="/shop/"><link rel="canonical" href="https://kadia.sn/robes">
    <link rel="next" href="?page=2"></head><body class="a b"><a href="robe-1">x</a><a href="http://[">x</a>
    <a href="javascript:x">x</a><a href="//elsewhere.com/x">x</a>
    <a href="/robes/page/3/">3</a><a href="/sacs?page=2">x</a><a>x</a></body></html>"""
    links = links_of(body.encode(), "https://kadia.sn/robes", "text/html")
    assert links.canonical == "https://kadia.sn/robes"
    assert links.inside == (
        "https://kadia.sn/shop/robe-1",
        "https://kadia.sn/robes/page/3/",
        "https://kadia.sn/sacs?page=2",
    )
    assert links.following == ("https://kadia.sn/shop/?page=2", "https://kadia.sn/robes/page/3/")
    assert links.classes == {"a", "b"}


@given(st.binary(max_size=300))
def test_links_of_any_bytes(body: bytes) -> None:
    links_of(b"<html>" + body, "https://kadia.sn/", None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kadia.sn/", "https://kadia.sn/products.json"),
        ("https://kadia.sn/collections/ete", "https://kadia.sn/collections/ete/products.json"),
        ("https://kadia.sn/fr/collections/ete/", "https://kadia.sn/fr/collections/ete/products.json"),
        ("https://kadia.sn/collections/ete/products.json", "https://kadia.sn/collections/ete/products.json"),
        ("https://kadia.sn/collections/all", "https://kadia.sn/products.json"),
        ("https://kadia.sn/fr/pages/x", "https://kadia.sn/fr/products.json"),
    ],
)
def test_shopifys_lists(url: str, expected: str) -> None:
    assert list_address(url) == expected


def test_query_parameters_are_replaced() -> None:
    assert with_query("https://x.sn/a?page=1&b=2#c", page=3) == "https://x.sn/a?b=2&page=3"


def test_a_basket_keeps_the_fuller_saying() -> None:
    basket = Basket(10)
    basket.take(
        Found("listing", (FoundProduct("Robe", url="https://k.sn/a"), FoundProduct("Sac", url="https://k.sn/b"))), "x"
    )
    basket.take(
        Found("page", (FoundProduct("Robe bogolan", sku="R", description="d", url="https://k.sn/a?utm_source=z"),)), "y"
    )
    assert [(one.title, one.sku) for one in basket] == [("Robe bogolan", "R"), ("Sac", None)]
    assert basket.holds("https://www.k.sn/a/")


def test_products_that_share_an_address_are_not_one() -> None:
    basket = Basket(10)
    basket.take(Found("shopify", tuple(FoundProduct(f"Robe {at}", url="https://k.sn/shop") for at in range(3))), "x")
    assert len(basket) == 3


def test_a_doubt_of_many_pages_is_said_once() -> None:
    basket = Basket(10)
    for at in range(4):
        basket.take(Found("page", (FoundProduct(f"{at}"),), (Doubt("price", "No.", "Do."),)), f"https://k.sn/{at}")
    (doubt,) = basket.found("sitemap").warnings
    assert doubt == Doubt("price", "No. That is so on 4 pages, such as https://k.sn/0.", "Do.")


def test_what_products_lack_is_said_where_no_page_said_it() -> None:
    basket = Basket(10)
    products = FoundProduct("Robe"), FoundProduct("Sac", price=Decimal(9)), FoundProduct("Natte", price=Decimal(5))
    basket.take(Found("listing", products), "x")
    assert [(one.where, one.what[:6]) for one in basket.found("listing").warnings] == [
        ("price", "1 of t"),
        ("currency", "2 of t"),
    ]
    basket.settle_currency("XOF", "page")
    assert [one.where for one in basket.found("listing").warnings] == ["price"]


def test_gaps_are_filled_price_and_currency_together() -> None:
    priced = FoundProduct("Robe", price=Decimal(9), currency="XOF", provenance={"price": "list"})
    told = FoundProduct("Robe", sku="R", description="d", images=("i",), provenance={"sku": "page"})
    for one, other in ((priced, told), (told, priced)):
        both = fuller(one, other)
        assert (both.price, both.currency, both.sku, both.provenance) == (
            Decimal(9),
            "XOF",
            "R",
            {"price": "list", "sku": "page"},
        )
    euro = FoundProduct("Robe", price=Decimal(23), currency="EUR")
    assert fuller(FoundProduct("Robe", price=Decimal(9), sku="R", description="d"), euro).currency is None


def test_retry_after() -> None:
    clock = FrozenClock(datetime(2026, 2, 15, 20, 0, tzinfo=UTC))
    assert retry_after("120") == 120
    assert retry_after("Sun, 15 Feb 2026 20:01:00 GMT", clock) == 60
    assert retry_after("Sun, 15 Feb 2026 19:00:00 GMT", clock) == 0
    for nonsense in (None, "", "soon", "-5", "1e9", "٣"):
        assert retry_after(nonsense) is None


@given(st.binary(max_size=400))
def test_any_robots_txt_is_read(body: bytes) -> None:
    robots = read_robots(b"User-agent: *\nDisallow: /x\n" + body)
    robots.allows("https://kadia.sn/x", "GriotImport")
    robots.delay("GriotImport")
    robots.sitemaps()
