"""Excel workbooks, packed files, and what is no list of products at all."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

import gzip
import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
from importing_tables import brief, read, said, titles, workbook

from griot.knowledge.importing.files.limits import MAX_BYTES
from griot.knowledge.importing.files.reading import shape_of

LIST = [["Désignation", "Prix", "Stock"], ["Robe", 15000, 3], ["Sac", 9000.0, 0]]


def saved(book: openpyxl.Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def zipped(**files: bytes | str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name.replace("__", "."), body)
    return held.getvalue()


def test_a_plain_workbook() -> None:
    found = read(workbook(("Feuil1", LIST)))
    assert [brief(one) for one in found.products] == [
        ("Robe", "15000", None, None, "in_stock"),
        ("Sac", "9000", None, None, "out_of_stock"),
    ]


def test_the_currency_of_a_number_format_counts() -> None:
    for number_format, code in (
        ('#,##0 "FCFA"', "XOF"),
        ("[$€-40C] #,##0.00", "EUR"),
        ('#,##0.00 "DH"', None),
        ("#,##0 [$Ar-1]", "MGA"),
    ):
        book = openpyxl.Workbook()
        sheet = book.active
        for row in LIST:
            sheet.append(row)
        for row in (2, 3):
            sheet.cell(row, 2).number_format = number_format
        assert {one.currency for one in read(saved(book)).products} == {code}, number_format


def test_a_title_above_merged_cells_dates_and_sums() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "CATALOGUE 2026 - prix en FCFA"
    sheet.merge_cells("A1:D1")
    for row in (
        [None],
        ["Réf", "Article", "Date d'ajout", "Prix"],
        ["A1", "Théière", datetime(2026, 1, 3), 7500],
        ["A2", "Plateau", datetime(2026, 2, 3), "12 500"],
        [None, "Total", None, 20000],
    ):
        sheet.append(row)
    found = read(saved(book))
    assert [brief(one)[:4] for one in found.products] == [
        ("Théière", "7500", "XOF", "A1"),
        ("Plateau", "12500", "XOF", "A2"),
    ]


def test_formulas_without_a_saved_result_and_errors_are_no_values() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Nom", "Prix EUR", "Stock"],
        ["Bol", "=5*2", 1],
        ["Pot", 6, "#REF!"],
        ["=A2", 7, 1],
        ["Lid", "#N/A", 2],
    ):
        sheet.append(row)
    found = read(saved(book))
    assert [(one.title, one.price, one.stock) for one in found.products] == [
        ("Bol", None, 1),
        ("Pot", Decimal(6), None),
        ("Lid", None, 2),
    ]


def test_the_sheet_of_products_among_others() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Remplissez la feuille Produits, svp."])
    sheet = book.create_sheet("Produits")
    for row in LIST:
        sheet.append(row)
    clients = book.create_sheet("Clients")
    clients.append(["Nom", "Téléphone", "Ville"])
    clients.append(["Awa Ndiaye", "770000000", "Dakar"])
    secret = book.create_sheet("Marges")
    secret.sheet_state = "hidden"
    for row in LIST:
        secret.append(row)
    found = read(saved(book))
    assert titles(found) == ["Robe", "Sac"]


def test_a_sheet_for_each_category() -> None:
    robes = [["Nom", "Prix XOF"], ["Robe wax", 15000], ["Robe lin", 18000]]
    sacs = [["Nom", "Prix XOF"], ["Sac cuir", 25000]]
    found = read(workbook(("Robes", robes), ("Sacs", sacs)))
    assert [(one.title, one.category) for one in found.products] == [
        ("Robe wax", "Robes"),
        ("Robe lin", "Robes"),
        ("Sac cuir", "Sacs"),
    ]


def test_an_export_saved_as_a_workbook() -> None:
    rows = [
        ["Handle", "Title", "Body (HTML)", "Vendor", "Type", "Published", "Option1 Name", "Option1 Value", "Variant SKU",
         "Variant Price", "Variant Inventory Qty", "Image Src"],
        ["cap", "Cap", "", "T", "Hats", True, "Size", "S", "C-S", 12.5, 3, "https://x.example/1.jpg"],
        ["cap", None, None, None, None, None, None, "M", "C-M", 13, 0, None],
    ]  # fmt: skip
    found = read(workbook(("products_export", rows)))
    assert found.kind == "shopify-xlsx"
    assert [(v.sku, v.price) for v in found.products[0].variants] == [("C-S", Decimal("12.50")), ("C-M", Decimal(13))]


def test_numbers_without_the_noise_of_their_binary_form() -> None:
    found = read(workbook(("x", [["Name", "Price USD"], ["Bowl", 19.989999999999998], ["Pot", 0.1 + 0.2]])))
    assert [one.price for one in found.products] == [Decimal("19.99"), Decimal("0.30")]


def test_packed_files() -> None:
    text = "Nom;Prix\nBol;5 €\nPot;6 €\n"
    for body in (
        gzip.compress(text.encode()),
        zipped(liste__csv=text),
        zipped(lisezmoi__txt="bonjour", catalogue__csv=text + "\n" * 20, __MACOSX_x="x"),
        gzip.compress(zipped(liste__csv=text)),
        zipped(liste__xlsx=workbook(("x", [["Nom", "Prix"], ["Bol", "5 €"], ["Pot", "6 €"]]))),
        gzip.compress(text.encode())[:-6],  # broken off
    ):
        assert titles(read(body)) == ["Bol", "Pot"]


def test_bombs_do_not_unfold() -> None:
    much = b"0" * (MAX_BYTES + 10)
    for body in (gzip.compress(much), zipped(a__csv=much), gzip.compress(gzip.compress(gzip.compress(b"a;b\n1;2\n")))):
        assert len(body) < 1_000_000
        found = read(body)
        assert found.products == ()
        assert "too large" in said(found)
    book = zipped(**{"xl/workbook__xml": b"<workbook/>", "xl/worksheets/sheet1__xml": b" " * (MAX_BYTES * 4 + 10)})
    assert "unpacks to more" in said(read(book))


def test_what_is_no_list_is_said_in_a_sentence() -> None:
    for body, words in (
        (b"", "empty"),
        (b"%PDF-1.4 x", "no list of products"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", "before 2007"),
        (b"PK\x03\x04broken", "damaged"),
        (zipped(photo__jpg=b"x"), "no list of products"),
        ("<html><body>Bonjour</body></html>", "web page"),
        ("Bonjour,\nvoici ma liste bientôt.\n", ""),
        ("{}", "No products"),
        ("[1,2", "No products"),
        ("<x/>", "No products"),
    ):
        found = read(body)
        assert found.products == ()
        assert found.warnings
        assert words in said(found), said(found)


def test_shapes_are_told_by_bytes() -> None:
    assert shape_of(gzip.compress(b"x")) == "gzip"
    assert shape_of(workbook(("x", [["a"]]))) == "xlsx"
    assert shape_of(b"\xef\xbb\xbf<?xml version='1.0'?><a/>") == "xml"
    assert shape_of("[{}]".encode("utf-16")) == "json"
    assert shape_of(b"<!-- c --><!DOCTYPE html><html>") == "html"
    assert shape_of(b"a;b\n1;2") == "table"


def open_document(rows: str) -> bytes:
    content = f"""<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>
    <office:spreadsheet><table:table table:name="Feuille1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
    return zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", content__xml=content)


def cell(text: str, kind: str = "string", **more: str) -> str:
    told = "".join(
        f' {"office" if name in ("value", "currency") else "table"}:{name.replace("_", "-")}="{value}"'
        for name, value in more.items()
    )
    return f'<table:table-cell office:value-type="{kind}"{told}><text:p>{text}</text:p></table:table-cell>'


def test_a_spreadsheet_of_libreoffice() -> None:
    end = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    rows = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in (
            cell("Désignation") + cell("Prix") + cell("Stock"),
            cell("Robe &amp; ceinture")
            + cell("15 000 FCFA", "currency", value="15000", currency="XOF")
            + cell("3", "float", value="3"),
            cell("Sac") + cell("9 500,50", "float", value="9500.5") + cell("0", "float", value="0"),
        )
    )
    found = read(open_document(rows + end))
    assert found.kind == "ods"
    assert [(one.title, one.price, one.stock) for one in found.products] == [
        ("Robe & ceinture", Decimal(15000), 3),
        ("Sac", Decimal("9500.50"), 0),
    ]
    assert found.products[0].currency == "XOF"
    assert read(open_document("<broken")).products == ()
    assert read(zipped(mimetype="x", content__xml="")).warnings


def test_files_packed_in_other_ways_or_cut() -> None:
    text = "Nom;Prix\nBol;5 €\nPot;6 €\n"
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", method) as packed:
            packed.writestr("liste.csv", text)
        assert titles(read(held.getvalue())) == ["Bol", "Pot"]
        body = held.getvalue()
        for at in range(0, len(body), 3):
            for damaged in (body[:at], body[:at] + b"\xff" + body[at + 1 :], body[at:]):
                found = read(damaged)
                assert found.products or found.warnings


def test_entities_of_a_workbook_are_never_resolved() -> None:
    """A bomb, and a file of the machine, in each part of a workbook and in a LibreOffice spreadsheet."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    book = workbook(("x", [["Nom", "Prix €"], ["Bol", 5], ["Pot", 6]]))
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    for entity in (laughs + '<!ENTITY x "&l11;">', '<!ENTITY x SYSTEM "file:///etc/passwd">'):
        for target in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
            if target not in parts:
                continue
            begin = parts[target].index("?>") + 2 if parts[target].startswith("<?xml") else 0
            evil = parts[target][:begin] + f"<!DOCTYPE x [{entity}]>" + parts[target][begin:].replace("Bol", "Bol&x;")
            found = read(zipped(**{name.replace(".", "__"): text for name, text in {**parts, target: evil}.items()}))
            assert found.products or found.warnings
            assert all(len(one.title) < 50 and "root:" not in one.title for one in found.products)
        rows = f"<table:table-row>{cell('Nom')}{cell('Prix')}</table:table-row><table:table-row>{cell('Bol&x;')}{cell('5 €')}</table:table-row>"
        with zipfile.ZipFile(io.BytesIO(open_document(rows))) as packed:
            content = packed.read("content.xml").decode().replace("?>", f"?><!DOCTYPE x [{entity}]>", 1)
        found = read(zipped(mimetype="x", content__xml=content))
        assert all(len(one.title) < 50 and "root:" not in one.title for one in found.products)
