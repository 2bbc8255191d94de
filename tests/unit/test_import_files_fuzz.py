"""Whatever the bytes of a file, reading it ends without an exception, with products or with a reason."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

import io
import json
import random
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing_tables import read, workbook

from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.models import Found

CSV = (
    "Réf;Nom;Prix;Stock;Taille;Images\r\nA-1;\"Robe \"\"wax\"\"\";15 000 FCFA;3;\"S, M\";https://x.example/1.jpg\r\n"
    "A-2;Sac;1.250,50 €;oui;;photo.jpg\r\n;TOTAL;;;;\r\n"
)  # fmt: skip
SHOPIFY = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant SKU,Image Src\na,Alpha,Size,S,5,AS,https://x.example\na,,,M,6,AM,\n"
WIX = "handleId,fieldType,name,productImageUrl,price,surcharge,inventory,productOptionName1,productOptionDescription1\np,Product,Sac,a.jpg,4,,InStock,T,S;M\np,Variant,,,,1,3,T,S\n"
JSON = json.dumps({"devise": "XOF", "produits": [{"nom": "Bol", "prix": "1 500", "variantes": [{"taille": "S", "prix": 2}]}, {"nom": "Pot", "prix": {"amount": 3, "currency": "EUR"}, "images": [{"src": "https://x.example"}]}]})  # fmt: skip
RSS = "<?xml version='1.0'?><rss xmlns:g='http://base.google.com/ns/1.0'><channel><item><g:id>1</g:id><title>Bol &amp; pot</title><g:price>5 EUR</g:price><g:item_group_id>G</g:item_group_id></item><item><g:id>2</g:id><title>Pot</title><g:price>6 EUR</g:price></item></channel></rss>"
YML = "<yml_catalog><shop><currencies><currency id='RUR' rate='1'/></currencies><offers><offer id='1' available='true'><name>Bol</name><price>5</price><param name='Size'>S</param></offer></offers></shop></yml_catalog>"
XLSX = workbook(("Feuil1", [["Nom", "Prix €", "S", "M"], ["Robe", 15, 2, 0], ["Sac", "9,50", None, 1]]))
SEEDS = [CSV, SHOPIFY, WIX, JSON, RSS, YML]
JUNK = ["", "\x00", '"', "'", "\n", ";", "\ufeff", "\ud7ff", "<", "]]>", "&", "&#0;", "&x;", "{", "]", "9" * 400, "1e999", "-", "NaN", "\u202e", "<![CDATA[", "<!DOCTYPE a [", "\\", "٣", "²", "½", "１", "🧺"]  # fmt: skip


def sane(found: Found) -> None:
    assert found.products or found.warnings or found.addresses
    for product in found.products:
        assert product.title == product.title.strip() != ""
        assert product.price is None or (product.price.is_finite() and product.price > 0)
        assert product.price_max is None or (product.price is not None and product.price_max > product.price)
        assert product.currency is None or (len(product.currency) == 3 and product.currency.isupper())
        assert product.stock is None or product.stock >= 0
        assert all(image.startswith(("http://", "https://")) for image in product.images)
        assert product.url is None or product.url.startswith(("http://", "https://"))
        for variant in product.variants:
            assert variant.price is None or variant.price > 0


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes(body: bytes) -> None:
    for front in (b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"<?xml", b"{", b"Nom;Prix\n", b"\xff\xfe"):
        sane(read(front + body))


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_in_any_place(text: str) -> None:
    sane(read(f"Nom;Prix;Stock\nBol;5;1\n{text};6;2\nPot;{text};{text}\n"))
    sane(read(json.dumps([{"name": "Bol", "price": 5}, {"name": text, "price": text, "images": text, text: text}])))
    sane(read(f"<r><p><name>Bol</name><price>5</price></p><p><name>{text}</name><price>{text}</price></p></r>"))


_NAMES = """id name title nom price prix prices variants options images image sku stock handle vendor body_html currency amount
products items data edges node price_range minimum_price final_price value permalink default_price status categories type
is_in_stock custom_attributes type_id displayName attributes size couleur tailles @type @graph offers"""
KEYS = st.sampled_from(_NAMES.split()) | st.text(max_size=6)
JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(JSONISH)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json(document: object) -> None:
    sane(read(json.dumps(document)))
    sane(
        read(json.dumps({"products": [document, {"title": "Bol", "handle": "b", "vendor": "", "variants": document}]}))
    )
    sane(
        read(
            json.dumps([{"sku": "a", "name": "Bol", "price_range": document, "variants": document, "price": document}])
        )
    )
    sane(read(json.dumps([{"id": 1, "name": "Bol", "permalink": "x", "prices": document, "images": document, "options": document, "default_price": document}])))  # fmt: skip
    sane(
        read(
            json.dumps(
                {
                    "items": [{"title": "a", "variants": document, "price": document}],
                    "collection": {"typeName": "products"},
                }
            )
        )
    )


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_pieces_cut_doubled_and_garbled(seed: str, chance: random.Random) -> None:
    text = seed
    for _ in range(chance.randint(1, 10)):
        at, length = chance.randrange(len(text) + 1), chance.randint(0, 30)
        piece = text[at : at + length]
        text = text[:at] + chance.choice([*JUNK, piece * 3, piece[::-1], piece.upper()]) + text[at + length :]
    encoding = chance.choice(["utf-8", "utf-16", "cp1252", "utf-8", "utf-32", "mac_roman"])
    sane(
        read(
            text.encode(encoding, "replace"),
            url=chance.choice([None, "https://x.example/a", "http://[bad", "x", "https://a.ma/"]),
        )
    )


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_workbooks_with_bytes_garbled(chance: random.Random) -> None:
    body = bytearray(XLSX)
    for _ in range(chance.randint(1, 12)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    sane(read(bytes(body[: chance.choice([len(body), len(body) // 2, 40])])))


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_workbooks_whose_parts_are_garbled(chance: random.Random) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(held, "w") as packed:
        for name in source.namelist():
            text = source.read(name).decode()
            if chance.random() < 0.4:
                at = chance.randrange(len(text))
                text = text[:at] + chance.choice([*JUNK, text[at : at + 40] * 2]) + text[at + chance.randint(0, 40) :]
            if chance.random() < 0.95:
                packed.writestr(name, text.encode("utf-8", "replace"))
    sane(read(held.getvalue()))


@given(
    st.lists(
        st.sampled_from(
            ["title", "price", "size", "size_stock", "size_price", "image", "group", "kind", "nonsense", None]
        ),
        min_size=6,
        max_size=6,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_mapping(fields: list[str | None]) -> None:
    mapping = read(CSV).mapping
    assert isinstance(mapping, Mapping)
    for at, field in enumerate(fields):
        mapping = mapping.with_field(at, field)
    sane(read(CSV, mapping=mapping))
    sane(read(SHOPIFY, mapping=mapping))
    sane(read("x", mapping=mapping))


@pytest.mark.parametrize("opened", ["[", '{"a":', "<a>", "<a b='", '"', "(", "<!--", "<![CDATA["])
def test_depth(opened: str) -> None:
    for times in (60, 3000, 60_000):
        sane(read(opened * times))
        sane(read("<r>" + opened * times))
        sane(read("Nom;Prix\nBol;" + opened * times))


def test_slow_texts_are_read_in_time() -> None:
    started = time.monotonic()
    for piece in (
        "<",
        "&",
        " ",
        "1 ",
        "1,",
        "-",
        "a;",
        '"',
        "\n",
        "<!--",
        "<!DOCTYPE [",
        '{"a":[',
        "http://",
        "x|",
        "€1",
    ):
        sane(read("Nom;Prix\nBol;5\n" + piece * 50_000))
        sane(read(piece * 50_000))
        sane(
            read(
                json.dumps(
                    [{"name": "a", "price": piece * 20_000, "description": piece * 50_000}, {"name": "b", "price": 1}]
                )
            )
        )
    assert time.monotonic() - started < 300


def test_very_many_elements_side_by_side_are_read_in_seconds() -> None:
    started = time.process_time()
    sane(read("<r>" + '<a b=""/>' * 200_000 + "</r>"))
    assert time.process_time() - started < 30  # ten times what it takes: the square of their number takes minutes


ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="F">'
    + "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in row
        )
        + "</table:table-row>"
        for row in (("Nom", "Prix"), ("Robe", "15 EUR"), ("Sac", "9,50 EUR"))
    )
    + "</table:table></office:document-content>"
)


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_open_documents_garbled(chance: random.Random) -> None:
    text = ODS
    for _ in range(chance.randint(0, 6)):
        at, length = chance.randrange(len(text)), chance.randint(0, 30)
        text = text[:at] + chance.choice([*JUNK, text[at : at + length] * 2]) + text[at + length :]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", text.encode("utf-8", "replace"))
    sane(read(held.getvalue()))
