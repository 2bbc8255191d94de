"""Answers of programs beside the known platforms, and what is no answer."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

import json
from decimal import Decimal

from importing_tables import brief, read, read_object, said, titles


def test_instagram_and_meta_catalogue_by_the_graph() -> None:
    found = read_object(
        {"data": [
            {"id": "178", "retailer_id": "CAF-1", "name": "Caftan", "description": "Brodé", "price": "149,00 TND", "currency": "TND", "availability": "in stock", "image_url": "https://g.example/1.jpg", "url": "https://g.example/c", "brand": "Dar", "additional_image_urls": ["https://g.example/2.jpg"]},
            {"id": "179", "retailer_id": "BAB", "name": "Babouches", "price": "$49.00", "currency": "USD", "availability": "out of stock", "image_url": "https://g.example/3.jpg"},
        ], "paging": {"cursors": {"after": "x"}}}
    )  # fmt: skip
    assert [brief(one) for one in found.products] == [
        ("Caftan", "149", "TND", "CAF-1", "in_stock"),
        ("Babouches", "49", "USD", "BAB", "out_of_stock"),
    ]
    assert len(found.products[0].images) == 2
    shop = read_object(
        {
            "data": [
                {
                    "product_id": 3231775643511089,
                    "merchant_id": 90,
                    "product_name": "Gummy Bears",
                    "image_url": "https://g.example/4.jpg",
                    "retailer_id": "oh59p9vzei",
                    "review_status": "approved",
                    "is_checkout_flow": True,
                }
            ]
        }
    )
    assert [(one.title, one.sku) for one in shop.products] == [("Gummy Bears", "oh59p9vzei")]


def test_salla_and_zid() -> None:
    found = read_object(
        {"status": 200, "success": True, "data": [
            {"id": 1, "sku": "AB-1", "name": "عباية", "price": {"amount": 250, "currency": "SAR"}, "sale_price": {"amount": 0, "currency": "SAR"}, "quantity": 4, "status": "sale", "is_available": True, "thumbnail": "https://s.example/1.jpg", "images": [{"url": "https://s.example/1.jpg"}]},
            {"id": 2, "sku": "", "name": "عطر", "price": {"amount": 0, "currency": "SAR"}, "quantity": 0, "is_available": False},
        ]}
    )  # fmt: skip
    assert [brief(one) for one in found.products] == [
        ("عباية", "250", "SAR", "AB-1", "in_stock"),
        ("عطر", None, "SAR", None, "out_of_stock"),
    ]


def test_programs_that_hold_shops() -> None:
    stripe = read_object(
        {
            "object": "list",
            "data": [
                {
                    "id": "p1",
                    "object": "product",
                    "name": "Bol",
                    "default_price": {"unit_amount": 1250, "currency": "eur"},
                },
                {"id": "p2", "name": "Pot", "default_price": {"unit_amount": 900, "currency": "xof"}},
            ],
        }
    )
    assert [(one.price, one.currency) for one in stripe.products] == [(Decimal("12.50"), "EUR"), (Decimal(900), "XOF")]
    mug = {
        "id": "UHJv",
        "name": "Mug",
        "slug": "mug",
        "pricing": {"priceRange": {"start": {"gross": {"amount": 9.99, "currency": "USD"}}}},
        "variants": [{"id": "v", "sku": "MUG", "quantityAvailable": 4}],
    }
    assert brief(read_object({"data": {"products": {"edges": [{"node": mug}]}}}).products[0]) == (
        "Mug",
        "9.99",
        "USD",
        "MUG",
        "in_stock",
    )
    airtable = read_object(
        {
            "records": [
                {"id": "r1", "fields": {"Name": "Bol", "Price": 5}},
                {"id": "r2", "fields": {"Name": "Pot", "Price": 6}},
            ]
        }
    )
    assert titles(airtable) == ["Bol", "Pot"]
    presta = read_object(
        {
            "products": [
                {
                    "id": 1,
                    "price": "15.50",
                    "reference": "TH",
                    "name": [{"id": "1", "value": "Théière"}, {"id": "2", "value": "Teapot"}],
                },
                {"id": 2, "price": "9.00", "name": "Tasse"},
            ]
        }
    )
    assert [brief(one)[:4] for one in presta.products] == [("Théière", "15.50", None, "TH"), ("Tasse", "9", None, None)]
    ecwid = read_object(
        {
            "items": [
                {
                    "id": 3,
                    "sku": "R",
                    "name": "Radis",
                    "price": 5.99,
                    "inStock": True,
                    "combinations": [
                        {"sku": "R-S", "price": 5.99, "options": [{"name": "Size", "value": "S"}]},
                        {"sku": "R-M", "price": 6.5, "options": [{"name": "Size", "value": "M"}]},
                    ],
                },
                {"id": 4, "name": "Chou", "price": 3, "inStock": False},
            ]
        }
    )
    assert [(v.sku, dict(v.options), v.price) for v in ecwid.products[0].variants] == [
        ("R-S", {"Size": "S"}, Decimal("5.99")),
        ("R-M", {"Size": "M"}, Decimal("6.50")),
    ]


def test_a_google_sheet_asked_for_through_its_visualisation() -> None:
    answer = {
        "version": "0.6",
        "status": "ok",
        "table": {
            "cols": [{"id": "A", "label": "Nom"}, {"id": "B", "label": "Prix FCFA"}],
            "rows": [{"c": [{"v": "Bol"}, {"v": 500.0, "f": "500"}]}, {"c": [{"v": "Pot"}, None]}],
        },
    }
    found = read(f"/*O_o*/\ngoogle.visualization.Query.setResponse({json.dumps(answer)});")
    assert [brief(one)[:3] for one in found.products] == [("Bol", "500", "XOF"), ("Pot", None, "XOF")]


def test_an_error_for_an_answer_is_explained() -> None:
    graph = read_object({"error": {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}})
    assert "Invalid OAuth access token." in said(graph)
    assert "Commerce Manager" in said(graph)
    woo_error = read_object({"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}})
    assert "No route was found" in said(woo_error)
    assert read_object({"errors": "Not Found"}).products == ()
    assert titles(
        read_object({"errors": [], "products": [{"name": "Bol", "price": 5}, {"name": "Pot", "price": 6}]})
    ) == ["Bol", "Pot"]
