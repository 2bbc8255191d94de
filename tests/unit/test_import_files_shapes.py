"""Lists in unusual shapes: tables in markup, lines quoted as a whole, names as keys, messages."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

import io
import zipfile
from decimal import Decimal

from importing_tables import brief, read, read_object, titles, workbook

from griot.knowledge.importing.reading import read as read_any

PAGE = """<html><head><title>Export</title></head><body><table><tr><td>Menu</td></tr></table><table border="1">
<tr><th>Réf</th><th>Désignation</th><th>Prix (FCFA)</th><th>Stock</th></tr>
<tr><td colspan="4">CUISINE</td></tr>
<tr><td>A-1</td><td>Marmite n°5</td><td>12 500</td><td>3</td></tr>
<tr><td>A-2</td><td>Po&ecirc;le 28&nbsp;cm</td><td>8 000</td><td>0</td></tr></table></body></html>"""

EXCEL_XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Produits"><Table>
<Row><Cell><Data ss:Type="String">Produit</Data></Cell><Cell><Data ss:Type="String">Prix EUR</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">Code</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Bougie</Data></Cell><Cell><Data ss:Type="Number">14.9</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">BG1</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_a_table_of_a_page_that_a_program_calls_a_workbook() -> None:
    expected = [
        ("Marmite n°5", "12500", "XOF", "A-1", "in_stock"),
        ("Poêle 28 cm", "8000", "XOF", "A-2", "out_of_stock"),
    ]
    assert [brief(product) for product in read(PAGE).products] == expected
    assert [brief(product) for product in read_any(PAGE.encode()).products] == expected
    assert titles(read_any(PAGE.encode(), url="https://shop.example/delivery")) == ["Export"]  # the page of an address


def test_a_page_without_a_list_stays_a_page() -> None:
    text = (
        "<html><body><table><tr><th>Pays</th><th>Délai</th></tr><tr><td>Mali</td><td>3</td></tr></table></body></html>"
    )
    assert read(text).products == ()
    assert "web page" in read(text).warnings[0].what


def test_excel_xml_of_2003() -> None:
    found = read(EXCEL_XML)
    assert found.kind == "xls"
    assert [brief(product) for product in found.products] == [("Bougie", "14.90", "EUR", "BG1", None)]
    broken = read(EXCEL_XML[: EXCEL_XML.index("BG1")])
    assert titles(broken) == ["Bougie"]


def test_lines_that_are_quoted_as_a_whole() -> None:
    found = read('"Nom;Prix;Note"\n"Bracelet;2500 F CFA;""neuf"""\n"Collier;4000 F CFA;"\n')
    assert [(p.title, p.price) for p in found.products] == [("Bracelet", Decimal(2500)), ("Collier", Decimal(4000))]
    assert titles(read('"Nom","Prix"\n"Bracelet","2 €"\n')) == ["Bracelet"]


def test_a_message_with_prices_in_f() -> None:
    found = read(
        "Mes articles dispo\n\n1) Robe wax taille M - 15.000f\n2) Foulard - 3.000f\n\nLivraison 1.500f Dakar\n"
    )
    assert [(p.title, p.price, p.currency) for p in found.products] == [
        ("Robe wax taille M", Decimal(15000), None),
        ("Foulard", Decimal(3000), None),
    ]


def test_wholesale_beside_retail() -> None:
    found = read("Article;Gros;Détail\nSavon;350;500\nJavel;600;800\n")
    assert [p.price for p in found.products] == [Decimal(500), Decimal(800)]
    described = read("Article;Prix;Détail\nSavon;350;200 g, lot de 3\n")
    assert (described.products[0].price, described.products[0].description) == (Decimal(350), "200 g, lot de 3")


def test_gross_and_net_prices() -> None:
    found = read("name;price_gross;price_net;currency\nMühle;49,90;41,93;EUR\nFilter;3,50;2,94;EUR\n")
    assert [p.price for p in found.products] == [Decimal("49.90"), Decimal("3.50")]


def test_tiendanube_lines_of_one_address_are_one_product() -> None:
    found = read(
        "Identificador de URL;Nombre;Categorías;Nombre de propiedad 1;Valor de propiedad 1;Precio;Precio promocional;Stock;SKU\n"
        "vestido;Vestido;Ropa;Talle;S;129,90;99,90;4;V-S\n"
        "vestido;;;;M;129,90;99,90;0;V-M\n"
        "taza;Taza;Casa;;;35,00;;0;TZ\n"
    )
    assert found.kind == "tiendanube-csv"
    assert [brief(p) for p in found.products] == [
        ("Vestido", "99.90", None, None, "in_stock"),
        ("Taza", "35", None, "TZ", "out_of_stock"),
    ]
    assert [(v.options, v.sku) for v in found.products[0].variants] == [
        ({"Talle": "S"}, "V-S"),
        ({"Talle": "M"}, "V-M"),
    ]


def test_names_as_keys() -> None:
    found = read_object(
        {
            "currency": "XOF",
            "Robes": {"Maxi": {"prix": 15000, "stock": 2}, "Mini": {"prix": 9000, "stock": 0}},
            "Sacs": {"Cabas": {"prix": 7000, "stock": 1}},
        }
    )
    assert [brief(p) for p in found.products] == [
        ("Maxi", "15000", "XOF", None, "in_stock"),
        ("Mini", "9000", "XOF", None, "out_of_stock"),
        ("Cabas", "7000", "XOF", None, "in_stock"),
    ]
    assert read_object({"rates": {"EUR": {"price": 1, "stock": 2}, "USD": {"price": 2, "stock": 1}}}).products == ()


def test_a_workbook_whose_xml_is_damaged_is_said_to_be_one() -> None:
    whole = zipfile.ZipFile(io.BytesIO(workbook(("Prix", [["Nom", "Prix"], ["Bol", 5]]))))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, b"<workbook x=" if name == "xl/workbook.xml" else whole.read(name))
    found = read(held.getvalue())
    assert (found.kind, found.warnings[0].what) == ("xlsx", "This Excel file cannot be opened.")


def test_a_packed_file_whose_directory_points_before_its_beginning_is_damaged() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("produits.csv", "Nom,Prix\nBol,5 €\n")
    body = held.getvalue()
    end = body.rindex(b"PK\x05\x06")
    start = int.from_bytes(body[end + 16 : end + 20], "little")
    shifted = body[: end + 16] + (start + 40).to_bytes(4, "little") + body[end + 20 :]
    assert "damaged" in read(shifted).warnings[0].what
    assert "packed" in read(shifted).warnings[0].what
