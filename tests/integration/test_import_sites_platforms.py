"""What a pasted address of each platform gives, over real connections to a server that plays it."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from griot.knowledge.importing.fetching.errors import AddressRefused, FetchError
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.sites.collecting import MetaAccess, WalkLimits, collect
from importing_goods import front, page, shopify, urlset, woo
from importing_web import Answer, Asked, Street, json_answer, moved, open_street, xml_answer

SHOPIFY = (
    '<script src="https://cdn.shopify.com/s/theme.js"></script>'
    '<script>Shopify.currency = {"active":"XOF","rate":"1.0"};</script>'
)
WOO = '<link rel="stylesheet" href="/wp-content/plugins/woocommerce/a.css">'
CARTEL = '<link rel="stylesheet" href="https://assets.bigcartel.com/a.css">'
SQUARE = '<script src="https://static1.squarespace.com/a.js"></script>'
MAGENTO = '<script type="text/x-magento-init">{}</script>'


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        yield opened


async def take(street: Street, source: str, limits: WalkLimits | None = None, **more: Any) -> Found:
    async with street.fetcher() as fetcher:
        return await collect(source, fetcher, limits, **more)


def titles(found: Found) -> list[str]:
    return [product.title for product in found.products]


def shopify_shop(street: Street, count: int, **pages: Any) -> None:
    def listed(asked: Asked) -> Answer:
        size, number = int(asked.query["limit"]), int(asked.query.get("page", 1))
        some = [shopify(at) for at in range(count)][size * (number - 1) : size * number]
        return json_answer(json.dumps({"products": some}))

    street.shop(
        "kadia.sn",
        {
            "/": front(SHOPIFY),
            "/products.json": listed,
            **{f"/products/robe-{at}": page(f"Robe {at}", "15000.00") for at in range(3)},
            **pages,
        },
    )


async def test_shopify_pages_on_to_the_end_and_confirms_the_currency(street: Street) -> None:
    shopify_shop(street, 620)
    told: list[tuple[int, int | None]] = []
    found = await take(street, "http://kadia.sn", progress=lambda done, expected: told.append((done, expected)))
    assert found.kind == "shopify"
    assert len({product.url for product in found.products}) == 620
    assert {(one.price, one.currency) for one in found.products} == {(Decimal(15000), "XOF")}
    assert found.products[0].variants[0].sku == "R0-S"
    assert [done for done, _ in told] == [250, 500, 620, 620]
    assert told[-1] == (620, 620)
    assert not any(doubt.where == "currency" for doubt in found.warnings)


async def test_shopify_collection_only(street: Street) -> None:
    some = json_answer(json.dumps({"products": [shopify(1), shopify(2)]}))
    shopify_shop(street, 9, **{"/collections/ete": front(SHOPIFY), "/collections/ete/products.json": some})
    found = await take(street, "kadia.sn/collections/ete?sort_by=price")
    assert titles(found) == ["Robe 1", "Robe 2"]
    assert "/products.json?limit=250&page=1" not in street.paths()


async def test_shopify_in_the_language_that_was_pasted(street: Street) -> None:
    some = json_answer(json.dumps({"products": [shopify(1)]}))
    shopify_shop(street, 9, **{"/en-gb": front(SHOPIFY), "/en-gb/products.json": some})
    assert len((await take(street, "http://kadia.sn/en-gb")).products) == 1


async def test_shopify_other_prices_on_the_pages_leave_the_currency_open(street: Street) -> None:
    shopify_shop(street, 3, **{f"/products/robe-{at}": page("Robe", "23.50", "EUR") for at in range(3)})
    found = await take(street, "http://kadia.sn")
    assert {one.currency for one in found.products} == {None}
    assert any(doubt.where == "currency" for doubt in found.warnings)


async def test_shopify_front_tells_the_currency_when_no_page_does(street: Street) -> None:
    shopify_shop(street, 2, **{f"/products/robe-{at}": Answer("", 403) for at in range(3)})
    found = await take(street, "http://kadia.sn")
    assert {(one.currency, one.provenance["currency"]) for one in found.products} == {("XOF", "Shopify.currency")}


@pytest.mark.parametrize("blocked", [Answer("no", 403), json_answer('{"products":[]}'), Answer("<html>login</html>")])
async def test_shopify_that_hides_its_list_is_read_by_its_sitemap(street: Street, blocked: Answer) -> None:
    urls = [f"http://kadia.sn/products/robe-{at}" for at in range(3)]
    shopify_shop(
        street, 0, **{"/products.json": blocked, "/sitemap.xml": xml_answer(urlset("http://kadia.sn/", *urls))}
    )
    found = await take(street, "http://kadia.sn")
    assert (found.kind, titles(found)) == ("shopify", ["Robe 0", "Robe 1", "Robe 2"])
    assert found.products[0].currency == "XOF"


async def test_shopify_product_page_and_its_json(street: Street) -> None:
    variant = {"id": 1, "title": "S", "option1": "S", "price": 1500000, "available": True}
    minor = {**shopify(1), "price_varies": False, "content": "x", "variants": [variant]}
    del minor["body_html"]
    shopify_shop(
        street, 9,
        **{"/products/robe-1": page("Robe 1", "15000.00", head=SHOPIFY),
           "/collections/ete/products/robe-1": page("Robe 1", "15000.00", head=SHOPIFY),
           "/products/robe-1.js": json_answer(json.dumps(minor)),
           "/products/robe-1.json": json_answer(json.dumps({"product": shopify(1)}))},
    )  # fmt: skip
    for path in (
        "/products/robe-1",
        "/collections/ete/products/robe-1",
        "/products/robe-1.js",
        "/products/robe-1.json",
    ):
        found = await take(street, f"http://kadia.sn{path}")
        assert [(one.title, one.price, one.currency) for one in found.products] == [
            ("Robe 1", Decimal(15000), "XOF")
        ], path
    pasted = await take(street, "http://kadia.sn/products.json?limit=5")
    assert len(pasted.products) == 9


def woo_api(count: int, extra: list[dict[str, Any]] | None = None) -> Any:
    def api(asked: Asked) -> Answer:
        query = asked.query
        if query.get("type") == "variation":
            asked_for = query["parent"].split(",")
            return json_answer(json.dumps([one for one in extra or [] if str(one["parent"]) in asked_for]))
        products = [woo(at) for at in range(count)]
        if query.get("category") == "7":
            products = products[:2]
        size, number = int(query["per_page"]), int(query["page"])
        pages = str(-(-len(products) // size))
        body = json.dumps(products[size * (number - 1) : size * number])
        return json_answer(body, **{"x-wp-total": str(len(products)), "x-wp-totalpages": pages})

    return api


async def test_woocommerce_counts_pages_and_minor_units(street: Street) -> None:
    street.shop("kadia.sn", {"/": front(WOO), "/wp-json/wc/store/v1/products": woo_api(230)})
    told: list[tuple[int, int | None]] = []
    found = await take(street, "http://kadia.sn/", progress=lambda done, expected: told.append((done, expected)))
    assert found.kind == "woocommerce"
    assert len(found.products) == 230
    assert (found.products[0].title, found.products[0].price, found.products[0].currency) == (
        "Sac – 0",
        Decimal(15000),
        "XOF",
    )
    assert told == [(100, 230), (200, 230), (230, 230), (230, 230)]


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ("", "/wp-json/wc/store/products"),
        ("", "/?rest_route=/wc/store/v1/products"),
        ('<link rel="https://api.w.org/" href="http://kadia.sn/b/wp-json/" />', "/b/wp-json/wc/store/v1/products"),
        ('<link rel="https://api.w.org/" href="/index.php?rest_route=/" />',
         "/index.php?rest_route=/wc/store/v1/products"),
    ],
)  # fmt: skip
async def test_woocommerce_api_elsewhere(street: Street, head: str, path: str) -> None:
    def anything(asked: Asked) -> Answer:
        if (
            "rest_route" in path
            and asked.query.get("rest_route") == "/wc/store/v1/products"
            and asked.path == path.partition("?")[0]
        ):
            return woo_api(3)(asked)
        return Answer("no", 404) if asked.query or asked.path != "/" else Answer(front(WOO + head))

    street.shop("kadia.sn", {**({} if "rest_route" in path else {path: woo_api(3)}), "*": anything})
    assert len((await take(street, "http://kadia.sn/")).products) == 3


async def test_woocommerce_category_and_product(street: Street) -> None:
    categories = json_answer(
        json.dumps([{"id": 7, "slug": "sacs", "permalink": "http://kadia.sn/categorie-produit/sacs/"}])
    )
    street.shop(
        "kadia.sn",
        {
            "/categorie-produit/sacs/": front(WOO, body_class="archive tax-product_cat term-sacs"),
            "/produit/sac-1/": page("Sac 1", "15000", head=WOO).replace("<body>", '<body class="single-product">'),
            "/wp-json/wc/store/v1/products": woo_api(9),
            "/wp-json/wc/store/v1/products/categories": categories,
        },
    )
    assert len((await take(street, "http://kadia.sn/categorie-produit/sacs/")).products) == 2
    found = await take(street, "http://kadia.sn/produit/sac-1/")
    assert (found.kind, titles(found)) == ("page", ["Sac 1"])


async def test_woocommerce_variants_have_their_own_prices(street: Street) -> None:
    span = {"min_amount": "1000000", "max_amount": "1800000"}
    parent = woo(5, type="variable", sku="SAC5")
    parent["prices"] = {**parent["prices"], "price_range": span}
    one = woo(51, type="variation", parent=5, sku="SAC5-R", variation="Couleur: Rouge")
    one["prices"] = {**one["prices"], "price": "1800000"}
    other = woo(52, type="variation", parent=5, sku="SAC5-B", variation="Couleur: Bleu")
    other["prices"] = {**other["prices"], "price": "1000000"}

    def api(asked: Asked) -> Answer:
        return json_answer(json.dumps([one, other] if asked.query.get("type") == "variation" else [parent]))

    street.shop("kadia.sn", {"/": front(WOO), "/wp-json/wc/store/v1/products": api})
    (product,) = (await take(street, "http://kadia.sn")).products
    assert [(variant.sku, variant.price) for variant in product.variants] == [
        ("SAC5-R", Decimal(18000)),
        ("SAC5-B", Decimal(10000)),
    ]
    assert (product.price, product.price_max) == (Decimal(10000), Decimal(18000))


async def test_woocommerce_a_page_that_fails_is_said(street: Street) -> None:
    api = woo_api(230)
    street.shop(
        "kadia.sn",
        {
            "/": front(WOO),
            "/wp-json/wc/store/v1/products": api,
            "/wp-json/wc/store/v1/products?per_page=100&page=2": Answer("", 500),
        },
    )
    found = await take(street, "http://kadia.sn")
    assert len(found.products) == 100
    assert any("fault" in doubt.what for doubt in found.warnings)


async def test_magento_by_graphql(street: Street) -> None:
    def graphql(asked: Asked) -> Answer:
        number = 1 if "currentPage:1" in asked.query["query"] else 2
        price = {"final_price": {"value": 71.91, "currency": "MAD"}}
        items = [
            {"__typename": "SimpleProduct", "sku": f"J{number}{at}", "name": f" Jarre {number}{at} ",
             "url_key": f"jarre-{number}{at}", "url_suffix": ".html", "stock_status": "IN_STOCK",
             "price_range": {"minimum_price": price, "maximum_price": price}}
            for at in range(100 if number == 1 else 20)
        ]  # fmt: skip
        told = {"total_count": 120, "page_info": {"total_pages": 2}, "items": items}
        return json_answer(json.dumps({"data": {"products": told}}))

    street.shop("kadia.ma", {"/": front(MAGENTO), "/graphql": graphql})
    found = await take(street, "http://kadia.ma")
    assert (found.kind, len(found.products)) == ("magento", 120)
    assert (found.products[0].title, found.products[0].price, found.products[0].currency) == (
        "Jarre 10",
        Decimal("71.91"),
        "MAD",
    )
    assert found.products[0].url == "http://kadia.ma/jarre-10.html"


def square(number: int) -> dict[str, Any]:
    money = {"value": "45.00", "currency": "USD"}
    variant = {"sku": f"B{number}", "priceMoney": money, "onSale": False, "unlimited": True}
    return {
        "id": f"s{number}", "title": f"Bowl {number}", "urlId": f"bowl-{number}", "fullUrl": f"/shop/p/bowl-{number}",
        "productType": 1, "variants": [{**variant, "salePriceMoney": {"value": "0.00", "currency": "USD"}}],
    }  # fmt: skip


@pytest.mark.parametrize("pasted", ["/", "/shop"])
async def test_squarespace_pages_by_its_token(street: Street, pasted: str) -> None:
    def shop(asked: Asked) -> Answer:
        if asked.query.get("format") != "json":
            return Answer(front(SQUARE))
        start = 20 if asked.query.get("offset") else 0
        told = {
            "website": {}, "collection": {}, "items": [square(at) for at in range(start, 25 if start else 20)],
            "pagination": {"nextPage": True, "nextPageUrl": "/shop?offset=99"} if not start else {},
        }  # fmt: skip
        return json_answer(json.dumps(told))

    home = json_answer('{"website":{},"collection":{},"items":[]}')
    street.shop("bowls.com", {"/": front(SQUARE, ("/shop", "/about")), "/?format=json": home, "/shop": shop})
    found = await take(street, f"http://bowls.com{pasted}")
    assert (found.kind, len(found.products)) == ("squarespace", 25)
    assert (found.products[0].price, found.products[0].currency) == (Decimal("45.00"), "USD")
    assert not found.warnings


async def test_squarespace_whose_robots_txt_forbids_the_json_is_read_by_its_sitemap(street: Street) -> None:
    urls = [f"http://bowls.com/shop/p/bowl-{at}" for at in range(2)]
    street.shop(
        "bowls.com",
        {
            "/robots.txt": "User-agent: *\nDisallow: /*?format=json\nSitemap: http://bowls.com/sitemap.xml",
            "/sitemap.xml": xml_answer(urlset("http://bowls.com/about", *urls)),
            "/": front(SQUARE),
            **{f"/shop/p/bowl-{at}": page(f"Bowl {at}", "45.00", "USD") for at in range(2)},
        },
    )
    found = await take(street, "http://bowls.com")
    assert titles(found) == ["Bowl 0", "Bowl 1"]
    assert not any("format=json" in path for path in street.paths())


async def test_big_cartel(street: Street) -> None:
    def listed(asked: Asked) -> Answer:
        if asked.query["page"] != "1":
            return json_answer("[]")
        some = [
            {"id": at, "name": f"Print {at}", "permalink": f"print-{at}", "url": f"/product/print-{at}", "price": 20.0,
             "default_price": 20.0, "status": "active", "on_sale": False, "has_default_option": True,
             "options": [{"id": 1, "name": "Default", "price": 20.0, "sold_out": False}]}
            for at in range(100)
        ]  # fmt: skip
        return json_answer(json.dumps(some))

    street.shop(
        "ink.com", {"/": front(CARTEL), "/products.json": listed, "/product/print-0": page("Print 0", "20.00", "GBP")}
    )
    found = await take(street, "http://ink.com")
    assert (found.kind, len(found.products)) == ("big-cartel", 100)
    assert {one.currency for one in found.products} == {"GBP"}


SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit?usp=sharing#gid=42"


def sheets(street: Street, answer: Any) -> str:
    """A sheet's address as pasted; the double serves http, so the export's scheme is put down a step in the test."""
    street.shop(
        "docs.google.com",
        {
            "/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/export": answer,
            "/robots.txt": "User-agent: *\nDisallow: /",
        },
    )
    return SHEET  # fmt: skip


class PlainHttp:
    """The fetcher with https addresses asked over http, since the street has no certificates."""

    def __init__(self, real: Any) -> None:
        self._real = real

    async def fetch(self, url: str, **more: Any) -> Any:
        return await self._real.fetch(url.replace("https://", "http://"), **more)

    async def sitemaps(self, url: str) -> Any:
        return await self._real.sitemaps(url.replace("https://", "http://"))


async def test_google_sheet_with_its_tab(street: Street) -> None:
    source = sheets(street, moved("http://doc-0.sheets.googleusercontent.com/export/x"))
    csv = Answer("Nom;Prix (FCFA);Stock\nRobe;15 000;3\nSac;9 000;0\n", headers={"content-type": "text/csv"})
    street.shop("doc-0.sheets.googleusercontent.com", {"/export/x": csv})
    async with street.fetcher() as fetcher:
        found = await collect(source, PlainHttp(fetcher))
    assert street.paths("docs.google.com") == [
        "/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/export?format=csv&gid=42"
    ]
    assert found.kind == "google-sheet"
    assert [(one.title, one.price, one.currency) for one in found.products] == [
        ("Robe", Decimal(15000), "XOF"),
        ("Sac", Decimal(9000), "XOF"),
    ]
    assert found.mapping is not None


@pytest.mark.parametrize("answer", [Answer("<!doctype html><title>Sign in</title>"), Answer("", 401), Answer("", 403)])
async def test_google_sheet_that_is_not_shared(street: Street, answer: Answer) -> None:
    source = sheets(street, answer)
    async with street.fetcher() as fetcher:
        with pytest.raises(AddressRefused, match="not shared"):
            await collect(source, PlainHttp(fetcher))


async def test_instagram_without_a_token_says_what_to_do(street: Street) -> None:
    for source in ("@kadia.shop", "https://www.instagram.com/kadia.shop/?hl=fr", "instagram.com/kadia.shop"):
        found = await take(street, source)
        assert (found.kind, found.products) == ("instagram", ())
        assert "Commerce Manager" in found.warnings[0].do
    assert street.asked == []


def graph(street: Street, **pages: Any) -> MetaAccess:
    def products(asked: Asked) -> Answer:
        start = 2 if asked.query.get("after") else 0
        some = [
            {"id": f"{at}", "retailer_id": f"ROBE{at}", "name": f"Robe {at}", "price": "9 000 F CFA", "currency": "XOF",
             "availability": "in stock", "inventory": 4, "image_url": "https://cdn.example.com/a.jpg",
             "url": f"https://kadia.sn/{at}"}
            for at in range(start, start + 2)
        ]  # fmt: skip
        paging = {"cursors": {"after": "x"}, **({} if start else {"next": "https://…"})}
        return json_answer(json.dumps({"data": some, "paging": paging}))

    account = {"data": [{"id": "9"}, {"instagram_business_account": {"id": "17", "username": "Kadia.Shop"}, "id": "8"}]}
    base = street.shop(
        "graph.example.com",
        {
            "/v24.0/me/accounts": json_answer(json.dumps(account)),
            "/v24.0/17/available_catalogs": json_answer('{"data":[{"catalog_id":"55","catalog_name":"K"}]}'),
            "/v24.0/55/products": products,
            **pages,
        },
    )
    return MetaAccess("secret-token", f"{base}/v24.0/")


async def test_instagram_with_the_merchants_token(street: Street) -> None:
    found = await take(street, "@kadia.shop", meta=graph(street))
    assert titles(found) == ["Robe 0", "Robe 1", "Robe 2", "Robe 3"]
    first = found.products[0]
    assert (first.price, first.currency, first.sku, first.stock, first.availability) == (
        Decimal(9000),
        "XOF",
        "ROBE0",
        4,
        "in_stock",
    )
    assert {one.headers["authorization"] for one in street.asked if "/v24.0" in one.target} == {"Bearer secret-token"}
    assert not any("secret-token" in one.target for one in street.asked)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"/v24.0/me/accounts": Answer("{}", 401)}, "connect it again"),
        ({"/v24.0/me/accounts": json_answer('{"data":[]}')}, "does not administer"),
        ({"/v24.0/17/available_catalogs": json_answer('{"data":[]}')}, "no catalogue"),
    ],
)
async def test_instagram_refusals(street: Street, pages: dict[str, Answer], words: str) -> None:
    with pytest.raises(FetchError, match=words) as refused:
        await take(street, "@kadia.shop", meta=graph(street, **pages))
    assert "secret-token" not in str(refused.value)


async def test_pasted_pages_of_platforms_lists(street: Street) -> None:
    def square_shop(asked: Asked) -> Answer:
        return json_answer(json.dumps({"website": {}, "collection": {}, "items": [square(1)]}))

    art = {
        "id": 1,
        "name": "Print",
        "permalink": "print",
        "url": "/product/print",
        "price": 20.0,
        "default_price": 20.0,
    }
    cartel = json.dumps(
        [{**art, "status": "active", "on_sale": False, "options": [{"id": 1, "name": "A", "price": 20.0}]}]
    )
    street.shop("kadia.sn", {"/wp-json/wc/store/v1/products": woo_api(120), "/?rest_route=x": front()})
    street.shop("bowls.com", {"/shop": square_shop})
    street.shop("ink.com", {"/products.json": json_answer(cartel)})
    api = "http://kadia.sn/wp-json/wc/store/v1/products?per_page=10&page=1"
    assert len((await take(street, api)).products) == 120
    assert titles(await take(street, "http://bowls.com/shop?format=json")) == ["Bowl 1"]
    found = await take(street, "http://ink.com/products.json")
    assert titles(found) == ["Print"]
    assert [doubt.where for doubt in found.warnings] == ["currency"]  # nothing told it, and it is not guessed


@pytest.mark.parametrize("categories", ["[]", "{}", '[{"id": 3, "permalink": "http://kadia.sn/other/"}]'])
async def test_woocommerce_category_that_the_api_does_not_list_is_read_from_its_page(
    street: Street, categories: str
) -> None:
    street.shop(
        "kadia.sn",
        {
            "/boutique/sacs/": front(WOO, ("/produit/sac-1/",), body_class="tax-product_cat"),
            "/produit/sac-1/": page("Sac 1", "15000"),
            "/wp-json/wc/store/v1/products": woo_api(9),
            "/wp-json/wc/store/v1/products/categories": json_answer(categories),
        },
    )
    assert titles(await take(street, "http://kadia.sn/boutique/sacs/")) == ["Sac 1"]
