"""What columns and lines say beside each other: which of two is meant, and what is left of a product."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

import pytest
from importing_tables import brief, named, read, read_object, titles

from griot.knowledge.importing.files.prices import machine_price
from griot.knowledge.importing.files.vocabulary import pieces_said, recognised

BIGCOMMERCE = """Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Cost Price,Retail Price,Sale Price,Description,Is Visible,Internal Image URL (Export)
Product,11,Kitenge wrap,physical,KW,,variant,0,19.00,8,25.00,0,<p>Cotton</p>,TRUE,
Variant,12,,,KW-S,Type=Rectangle|Name=Size|Value=S,,0,19.00,,,,,,
Variant,13,,,KW-R,Type=Rectangle|Name=Size|Value=L|Type=Swatch|Name=Color|Value=Red[#ff0000],,3,,,,,,,
Image,1,,,,,,,,,,,,,https://i.example/1.jpg
Product,14,Gift card,digital,GC,,none,0,50.00,0,0,45.00,,TRUE,
"""

BIGCOMMERCE_OLD = """Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Price,Retail Price,Sale Price,Allow Purchases?,Track Inventory,Current Stock Level,Product Image File - 1
Product,7,Yoga mat,P,YM,35.00,0.00,0.00,Y,by option,9,https://i.example/m.jpg
  SKU,8,"[RT]Size=Long,[CS]Colour=Sky:#00aaff",,YM-L,,,,,,9,
Product,9,Sold mat,P,SM,30.00,0.00,0.00,Y,by product,0,
Product,10,Kept mat,P,KM,30.00,0.00,0.00,N,by product,4,
"""

ECWID = """type,product_internal_id,product_sku,product_name,product_price,product_is_inventory_tracked,product_quantity,product_is_available,product_option_name,product_option_value,product_option_markup,product_variation_sku,product_variation_option_Size
category,,,,,,,,,,,,
product,1,SV,Savon,19.00,true,0,true,,,,,
product,2,RB,Robe,20.00,false,,true,,,,,
product_option,2,RB,,,,,,Size,S,,,
product_option,2,RB,,,,,,Size,L,,,
product_variation,2,RB,,20.00,true,0,,,,,RB-S,S
product_variation,2,RB,,25.00,true,4,,,,,RB-L,L
product,3,BG,Bague,8.00,false,,true,,,,,
product_option,3,BG,,,,,,Métal,Cuivre,,,
product_option,3,BG,,,,,,Métal,Argent,2.50,,
"""


def test_bigcommerce_lines_of_variants_and_images_belong_to_the_product_above() -> None:
    found = read(BIGCOMMERCE)
    assert found.kind == "bigcommerce-csv"
    assert [brief(product) for product in found.products] == [
        ("Kitenge wrap", "19", None, "KW", "in_stock"),
        ("Gift card", "45", None, "GC", "in_stock"),
    ]
    wrap = found.products[0]
    assert [(v.options, v.sku, v.price, v.stock) for v in wrap.variants] == [
        ({"Size": "S"}, "KW-S", Decimal(19), 0),
        ({"Size": "L", "Color": "Red"}, "KW-R", Decimal(19), 3),
    ]
    assert wrap.images == ("https://i.example/1.jpg",)


def test_bigcommerce_old_export() -> None:
    found = read(BIGCOMMERCE_OLD)
    assert [(p.title, p.availability) for p in found.products] == [
        ("Yoga mat", "in_stock"),
        ("Sold mat", "out_of_stock"),
        ("Kept mat", "out_of_stock"),
    ]
    assert found.products[0].sku == "YM"
    assert [(p.price, p.stock) for p in found.products[1:]] == [(Decimal(30), 0), (Decimal(30), 4)]


def test_ecwid_variations_count_before_the_choices_that_they_combine() -> None:
    found = read(ECWID)
    assert found.kind == "ecwid-csv"
    assert titles(found) == ["Savon", "Robe", "Bague"]
    assert named(found, "Savon").availability == "out_of_stock"
    robe, ring = named(found, "Robe"), named(found, "Bague")
    assert [(v.options, v.sku, v.price, v.availability) for v in robe.variants] == [
        ({"Size": "S"}, "RB-S", Decimal(20), "out_of_stock"),
        ({"Size": "L"}, "RB-L", Decimal(25), "in_stock"),
    ]
    assert robe.sku == "RB"
    assert [(v.options, v.price) for v in ring.variants] == [
        ({"Métal": "Cuivre"}, Decimal(8)),
        ({"Métal": "Argent"}, Decimal("10.50")),
    ]


def test_an_empty_column_gives_way_to_one_that_says_the_same_and_is_filled() -> None:
    found = read("sku,name_en,name_ar,price\nA1,,تمر سكري,19\nA2,,قهوة عربية,25\n")
    assert titles(found) == ["تمر سكري", "قهوة عربية"]
    found = read("Name,Retail price,Price\nBol,0.00,12.50\nPlat,0.00,20.00\n")
    assert [product.price for product in found.products] == [Decimal("12.50"), Decimal(20)]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Precio (imp. excl.)", "price_excl_tax"),
        ("Precio (imp. incl.)", "price"),
        ("Prix TVA non incluse", "price_excl_tax"),
        ("Preço sem IVA", "price_excl_tax"),
        ("Prezzo (tasse incl.)", "price"),
    ],
)
def test_a_price_says_whether_the_tax_is_in_it(header: str, field: str) -> None:
    assert recognised(header)[0].field == field


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        *[("12 pcs", 12), ("6 isa", 6), ("8 un", 8), ("7 Stk", 7), ("1 200 pièces", 1200), ("3 en stock", 3)],
        *[("5+", 5), (">10", 10), ("2 jours", None), ("48 heures", None), ("dispo", None), ("12", None)],
    ],
)
def test_pieces_with_their_unit(text: str, pieces: int | None) -> None:
    assert pieces_said(text) == pieces


def test_pieces_with_their_unit_in_a_column_of_availability() -> None:
    found = read("Item,Price,Availability\nCup,500,14 pcs\nBowl,700,0 pcs\nPlate,900,1 pc\n")
    assert [(p.stock, p.availability) for p in found.products] == [
        (14, "in_stock"),
        (0, "out_of_stock"),
        (1, "in_stock"),
    ]


def test_that_a_product_may_be_ordered_does_not_bring_it_back() -> None:
    found = read("Name;Price;Quantity;Available for order (0 = No, 1 = Yes)\nBol;5;0;1\nPlat;5;4;0\nTasse;5;;1\n")
    assert [p.availability for p in found.products] == ["out_of_stock", "out_of_stock", "in_stock"]
    document = "<products>{}{}</products>".format(
        '<product><name>Bol</name><price>5</price><quantity notFilterable="true">0</quantity><available_for_order>1</available_for_order></product>',
        '<product><name>Plat</name><price>6</price><quantity notFilterable="true">2</quantity><available_for_order>1</available_for_order></product>',
    )
    assert [(p.stock, p.availability) for p in read(document).products] == [(0, "out_of_stock"), (2, "in_stock")]


def test_that_a_product_is_published_says_nothing_of_its_stock() -> None:
    found = read("اسم المنتج,السعر,الكمية,منشور\nتمر,19,0,نعم\nعود,25,3,نعم\n")
    assert [p.availability for p in found.products] == ["out_of_stock", "in_stock"]


def test_a_decorated_line_of_a_narrow_list_is_a_heading() -> None:
    found = read("Artículo;Precio\n*** MODA ***;\nCamisa;9,99€\n--- Hogar ---;\nTaza;4,90€\nVino tinto;\n")
    assert [(p.title, p.category) for p in found.products] == [
        ("Camisa", "MODA"),
        ("Taza", "Hogar"),
        ("Vino tinto", "Hogar"),
    ]


def test_variants_under_their_codes_or_their_names() -> None:
    by_code = {"A-1": {"size": "S", "price": "5"}, "A-2": {"size": "S", "price": "6"}}
    by_name = {"Small": {"price": "5"}, "Large": {"price": "6"}}
    found = read_object(
        {"products": [{"name": "A", "price": 5, "variants": by_code}, {"name": "B", "price": 5, "variants": by_name}]}
    )
    assert [(v.sku, v.options) for v in found.products[0].variants] == [("A-1", {"size": "S"}), ("A-2", {"size": "S"})]
    assert [(v.sku, v.options) for v in found.products[1].variants] == [
        (None, {"Variation": "Small"}),
        (None, {"Variation": "Large"}),
    ]


def test_a_price_below_any_money_is_none() -> None:
    assert machine_price(3.5e-188) is None
