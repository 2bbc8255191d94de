"""Answers of shops' programs and JSON of anybody's making."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

import json
from decimal import Decimal

from importing_tables import brief, named, read, read_object, said, titles

from griot.knowledge.importing.reading import read as read_anything


def shopify(number: int, **more: object) -> dict[str, object]:
    return {
        "id": number, "title": f"Wax &amp; indigo {number}", "handle": f"wax-{number}", "body_html": "<p>Coton</p>",
        "vendor": "Kita", "product_type": "Pagnes", "tags": ["wax"],
        "variants": [
            {"id": number * 10, "title": "S", "option1": "S", "option2": None, "sku": f"W{number}-S", "available": False, "price": "2370.00", "compare_at_price": "2900.00", "grams": 200},
            {"id": number * 10 + 1, "title": "M", "option1": "M", "option2": None, "sku": f"W{number}-M", "available": True, "price": "2500.00", "compare_at_price": None, "grams": 200},
        ],
        "images": [{"id": 1, "src": "https://cdn.example/1.jpg", "variant_ids": [number * 10]}, {"id": 2, "src": "https://cdn.example/2.jpg", "variant_ids": []}],
        "options": [{"name": "Taille", "position": 1, "values": ["S", "M"]}], **more,
    }  # fmt: skip


def test_shopify_products_say_no_currency() -> None:
    found = read_object(
        {"products": [shopify(1), shopify(2), shopify(1)]}, url="https://kita.example/products.json?limit=250"
    )
    assert found.kind == "shopify"
    assert titles(found) == ["Wax & indigo 1", "Wax & indigo 2"]
    first = found.products[0]
    assert (first.price, first.price_max, first.currency) == (Decimal(2370), Decimal(2500), None)
    assert first.availability == "in_stock"
    assert [(dict(v.options), v.sku, v.availability) for v in first.variants] == [
        ({"Taille": "S"}, "W1-S", "out_of_stock"),
        ({"Taille": "M"}, "W1-M", "in_stock"),
    ]
    assert first.url == "https://kita.example/products/wax-1"
    assert len(first.images) == 2
    assert "does not say which currency" in said(found)


def test_shopify_script_has_minor_units() -> None:
    product = {
        "id": 5, "title": "Sac", "handle": "sac", "description": "<b>Cuir</b>", "vendor": "K", "type": "Sacs", "price": 450000,
        "price_varies": False, "available": True, "images": ["//cdn.example/s.jpg"], "options": ["Title"], "url": "/products/sac",
        "variants": [{"id": 51, "title": "Default Title", "option1": "Default Title", "sku": "SAC", "available": True, "price": 450000}],
    }  # fmt: skip
    sac = read_object(product, url="https://k.example/products/sac.js").products[0]
    assert brief(sac) == ("Sac", "4500", None, "SAC", "in_stock")
    assert sac.images == ("https://cdn.example/s.jpg",)
    assert sac.variants == ()


def test_shopify_storefront_graph() -> None:
    node = {
        "id": "gid://shopify/Product/1", "title": "Hat", "handle": "hat", "descriptionHtml": "<p>Straw</p>", "vendor": "T",
        "productType": "Hats", "priceRange": {"minVariantPrice": {"amount": "35.0", "currencyCode": "CAD"}},
        "images": {"edges": [{"node": {"url": "https://h.example/1.jpg"}}]},
        "variants": {"edges": [{"node": {"id": "v", "title": "Default Title", "sku": "H", "availableForSale": True, "price": {"amount": "35.0", "currencyCode": "CAD"}, "selectedOptions": [{"name": "Title", "value": "Default Title"}]}}]},
    }  # fmt: skip
    found = read_object({"data": {"products": {"edges": [{"node": node}]}}})
    assert brief(found.products[0]) == ("Hat", "35", "CAD", "H", "in_stock")


def woo(name: str, price: str, digits: int, code: str = "XOF", **more: object) -> dict[str, object]:
    prices = {
        "price": price,
        "regular_price": price,
        "sale_price": price,
        "price_range": None,
        "currency_code": code,
        "currency_minor_unit": digits,
        "currency_symbol": "CFA",
    }
    return {"id": len(name), "name": name, "slug": "x", "type": "simple", "permalink": "https://w.example/p/%d8%a7", "sku": name[:3].upper(), "prices": prices, "images": [{"id": 1, "src": "https://w.example/1.jpg"}], "is_in_stock": True, "is_purchasable": True, "categories": [{"name": "Th&eacute;s"}], **more}  # fmt: skip


def test_woocommerce_minor_units_are_what_the_field_says() -> None:
    found = read_object(
        [
            woo("Savon", "15000", 0),
            woo("Th&eacute; vert", "277666", 2, "USD"),
            woo("Dattes", "12500", 3, "TND", is_in_stock=False),
        ]
    )
    assert [brief(one) for one in found.products] == [
        ("Savon", "15000", "XOF", "SAV", "in_stock"),
        ("Thé vert", "2776.66", "USD", "TH&", "in_stock"),
        ("Dattes", "12.50", "TND", "DAT", "out_of_stock"),
    ]
    assert found.products[0].category == "Thés"


def test_woocommerce_range_and_price_of_zero() -> None:
    ranged = woo("Robe", "15000", 0)
    ranged["prices"] = {**ranged["prices"], "price_range": {"min_amount": "15000", "max_amount": "22000"}}  # type: ignore[dict-item]
    found = read_object([ranged, woo("Gratuit", "0", 0)])
    assert (found.products[0].price, found.products[0].price_max) == (Decimal(15000), Decimal(22000))
    assert found.products[1].price is None


def test_squarespace_sale_price_counts_only_on_sale() -> None:
    def variant(sku: str, sale: bool) -> dict[str, object]:
        return {"id": sku, "sku": sku, "attributes": {"Size": sku}, "price": {"currencyCode": "USD", "value": 4500, "decimalValue": "45.00", "fractionalDigits": 2}, "salePrice": {"currencyCode": "USD", "value": 0, "decimalValue": "38.00" if sale else "0.00", "fractionalDigits": 2}, "onSale": sale, "stock": {"unlimited": sale, "quantity": 0}}  # fmt: skip

    document = {
        "website": {"siteTitle": "Hats"}, "collection": {"typeName": "products"},
        "items": [
            {"id": "1", "title": "Hat", "urlId": "hat", "fullUrl": "/shop/p/hat", "excerpt": "<p>Straw</p>", "assetUrl": "https://s.example/1.jpg", "items": [{"assetUrl": "https://s.example/1.jpg"}], "variants": [variant("S", True), variant("M", False)]},
            {"id": "2", "title": "Cap", "urlId": "cap", "fullUrl": "/shop/p/cap", "variants": [variant("U", False)]},
        ],
    }  # fmt: skip
    found = read_object(document, url="https://hats.example/shop?format=json")
    assert found.kind == "squarespace"
    hat = named(found, "Hat")
    assert [(v.price, v.availability) for v in hat.variants] == [
        (Decimal(38), "in_stock"),
        (Decimal(45), "out_of_stock"),
    ]
    assert hat.currency == "USD"
    assert hat.url == "https://hats.example/shop/p/hat"


def test_big_cartel() -> None:
    found = read_object(
        [
            {"id": 1, "name": "Print", "permalink": "print", "url": "/product/print", "price": 25.0, "default_price": 25.0, "status": "active", "on_sale": False, "options": [{"id": 1, "name": "A4", "price": 25.0, "sold_out": True}, {"id": 2, "name": "A3", "price": 40.0, "sold_out": False}], "images": [{"secure_url": "https://b.example/1.jpg"}], "categories": [{"name": "Prints"}]},
            {"id": 2, "name": "Zine", "permalink": "zine", "default_price": 5.0, "status": "sold-out", "on_sale": False, "options": [{"id": 3, "name": "Zine", "price": 5.0, "sold_out": True}]},
        ],
        url="https://art.bigcartel.com/products.json",
    )  # fmt: skip
    assert found.kind == "big-cartel"
    assert (found.products[0].price, found.products[0].price_max, found.products[0].currency) == (
        Decimal(25),
        Decimal(40),
        None,
    )
    assert brief(found.products[1]) == ("Zine", "5", None, None, "out_of_stock")


def test_jumia_euros_are_not_the_shops_currency() -> None:
    def tile(sku: str, price: str, raw: str) -> dict[str, object]:
        return {"sku": sku, "name": f"Phone {sku}", "displayName": f"Phone {sku}", "brand": "Itel", "url": f"/p-{sku}.html", "image": "https://ci.jumia.example/1.jpg", "prices": {"rawPrice": raw, "price": price, "priceEuro": "374.87"}, "isBuyable": True}  # fmt: skip

    state = {
        "products": [
            tile("A1", "245 900 FCFA", "245900.00"),
            tile("B2", "9 900 FCFA", "9900.00"),
            tile("A1", "245 900 FCFA", "245900.00"),
        ]
    }
    page = f"<html><body><h1>Phones</h1><script>window.__STORE__={json.dumps(state)};</script></body></html>"
    listed = read_anything(page.encode(), url="https://www.jumia.ci/phones/?page=2")
    assert (listed.kind, titles(listed)) == ("jumia", ["Phone A1", "Phone B2"])
    assert read_anything(page.encode(), url="https://www.jumia.ci/phone-a1.html").kind != "jumia"
    for found in (
        read(page, url="https://www.jumia.ci/phones/"),
        read_object(state, url="https://www.jumia.ci/phones/"),
    ):
        assert [brief(one) for one in found.products] == [
            ("Phone A1", "245900", "XOF", "A1", "in_stock"),
            ("Phone B2", "9900", "XOF", "B2", "in_stock"),
        ]


def test_magento_graph() -> None:
    def item(kind: str, name: str, sku: str, value: float, **more: object) -> dict[str, object]:
        return {"__typename": kind, "name": name, "sku": sku, "stock_status": "IN_STOCK", "url_key": sku, "price_range": {"minimum_price": {"final_price": {"value": value, "currency": "AED"}}}, **more}  # fmt: skip

    member = {"product": item("SimpleProduct", "Cup", "C", 4.5)}
    variants = [{"product": item("SimpleProduct", "Rug S", "R-S", 90), "attributes": [{"code": "size", "label": "S"}]}]
    found = read_object(
        {"data": {"products": {"total_count": 3, "items": [
            item("SimpleProduct", "  Lamp", "L", 25.25),
            item("ConfigurableProduct", "Rug", "R", 0, variants=variants),
            item("GroupedProduct", "Set", "G", 99, items=[member]),
        ]}}}
    )  # fmt: skip
    assert [brief(one)[:4] for one in found.products] == [
        ("Lamp", "25.25", "AED", "L"),
        ("Rug", "90", "AED", "R"),
        ("Set", "4.50", "AED", "G"),
    ]


def test_json_of_ones_own() -> None:
    found = read_object(
        {"boutique": "Awa", "devise": "FCFA", "produits": [
            {"ref": "R1", "nom": "Robe", "prix": "15 000", "stock": 3, "photos": ["https://o.example/1.jpg"], "tailles": ["S", "M"]},
            {"ref": "S1", "nom": "Sac", "prix": 9000, "stock": 0},
        ], "suggestions": [{"nom": "Autre", "prix": 1}], "commandes": [{"client": "X", "produit": "Robe", "montant": 15000}]}
    )  # fmt: skip
    assert [brief(one) for one in found.products] == [
        ("Robe", "15000", "XOF", "R1", "in_stock"),
        ("Sac", "9000", "XOF", "S1", "out_of_stock"),
    ]
    assert [list(v.options.values()) for v in found.products[0].variants] == [["S"], ["M"]]


def test_lines_of_json_and_a_broken_one() -> None:
    found = read(
        '{"name":"Bowl","price":5,"currency":"EUR"}\n{"name":"Pot","price":\n{"name":"Lid","price":2.5,"currency":"EUR"}\n'
    )
    assert [brief(one)[:3] for one in found.products] == [("Bowl", "5", "EUR"), ("Lid", "2.50", "EUR")]
    assert "line 2" in said(found)


def test_damaged_json_is_mended_where_it_can_be() -> None:
    for text in (
        '[{"name":"Bowl","price":5},{"name":"Pot","price":6},]',
        "[{'name':'Bowl','price':5},{'name':'Pot','price':6}]",
        '\ufeffvar products = [{"name":"Bowl","price":5},{"name":"Pot","price":6}];',
        'callback([{"name":"Bowl","price":5},{"name":"Pot","price":6}]);',
        '// list\n[{"name":"Bowl","price":5},\n{"name":"Pot","price":6}]',
    ):
        assert titles(read(text)) == ["Bowl", "Pot"], text


def test_categories_hold_products() -> None:
    found = read_object(
        {
            "menu": [
                {"category": "Plats", "items": [{"name": "Thiéb", "price": "2500 F CFA"}]},
                {"category": "Jus", "items": [{"name": "Bissap", "price": "500 F CFA"}]},
            ]
        }
    )
    assert [(one.title, one.price, one.currency) for one in found.products] == [
        ("Thiéb", Decimal(2500), "XOF"),
        ("Bissap", Decimal(500), "XOF"),
    ]
    assert [one.category for one in found.products] == ["Plats", "Jus"]


def test_rows_as_lists() -> None:
    found = read_object(
        {
            "range": "A1:C3",
            "majorDimension": "ROWS",
            "values": [["Nom", "Prix", "Stock"], ["Bol", "5 €", "2"], ["Pot", "6 €"]],
        }
    )
    assert [brief(one)[:3] for one in found.products] == [("Bol", "5", "EUR"), ("Pot", "6", "EUR")]


def test_cents_and_words_about_them() -> None:
    found = read_object(
        [
            {"name": "Bowl", "price_cents": 1250, "currency": "usd"},
            {"name": "Pot", "price_cents": 900, "currency": "usd"},
        ]
    )
    assert [(one.price, one.currency) for one in found.products] == [(Decimal("12.50"), "USD"), (Decimal(9), "USD")]


def test_json_ld_in_a_file() -> None:
    found = read_object(
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "Product",
                    "name": "Bowl",
                    "sku": "B",
                    "offers": {
                        "@type": "Offer",
                        "price": "23.450",
                        "priceCurrency": "KWD",
                        "availability": "https://schema.org/InStock",
                    },
                }
            ],
        }
    )
    assert brief(found.products[0]) == ("Bowl", "23.450", "KWD", "B", "in_stock")


def test_woocommerce_variations_beside_their_parent() -> None:
    parent = woo("Pagne", "1500", 0, type="variable", id=34, variations=[
        {"id": 35, "attributes": [{"name": "Taille", "value": "M"}]}, {"id": 36, "attributes": [{"name": "Taille", "value": "L"}]}])  # fmt: skip
    child = woo(
        "Pagne - M", "1500", 0, type="variation", id=35, parent=34, variation="Taille: M", sku="P-M", is_in_stock=False
    )
    found = read_object([parent, child])
    assert titles(found) == ["Pagne"]
    assert [(dict(v.options), v.sku, v.availability) for v in found.products[0].variants] == [
        ({"Taille": "M"}, "P-M", "out_of_stock"),
        ({"Taille": "L"}, None, None),
    ]


def test_a_squarespace_product_by_itself() -> None:
    item = {
        "id": "1",
        "title": "Hat",
        "urlId": "hat",
        "fullUrl": "/shop/hat",
        "variants": [
            {
                "id": "v",
                "sku": "SQ1",
                "attributes": {},
                "price": 4500,
                "salePrice": 0,
                "onSale": False,
                "unlimited": True,
                "qtyInStock": 0,
            }
        ],
    }
    found = read_object({"website": {"siteTitle": "x"}, "item": item}, url="https://h.example/shop?format=json")
    assert brief(found.products[0]) == ("Hat", "45", None, "SQ1", "in_stock")
