"""A JSON file or answer -> products: whose it is, where its products are."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from griot.knowledge.importing.files.cartel_json import big_cartel_products, is_big_cartel
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.finishing import finished
from griot.knowledge.importing.files.json_text import NOTHING, parsed
from griot.knowledge.importing.files.json_walk import Walk
from griot.knowledge.importing.files.jumia_json import is_jumia, jumia_products
from griot.knowledge.importing.files.limits import MAX_PRODUCTS
from griot.knowledge.importing.files.magento_json import is_magento, magento_products
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.nodes import Node, first, inside, items, node, objects
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import as_text, one_line
from griot.knowledge.importing.files.record_reading import own_products
from griot.knowledge.importing.files.records import is_elsewhere, spoken
from griot.knowledge.importing.files.shopify_json import is_shopify, shopify_products
from griot.knowledge.importing.files.squarespace_json import (
    api_products,
    is_squarespace,
    is_squarespace_product,
    squarespace_products,
)
from griot.knowledge.importing.files.tables import table_of
from griot.knowledge.importing.files.text_tables import lines_of, read_table
from griot.knowledge.importing.files.woo_json import is_woo, woo_products
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import products_of as schema_products

_PLATFORMS = (
    ("squarespace", is_squarespace_product, api_products),
    ("shopify", is_shopify, shopify_products),
    ("woocommerce", is_woo, woo_products),
    ("big-cartel", is_big_cartel, big_cartel_products),
    ("jumia", is_jumia, jumia_products),
    ("magento", is_magento, magento_products),
)
# Where answers of shops' programs keep their list of products, keys parted by dots.
_PATHS = (
    *("products", "product", "data.products.items", "data.products", "data.product", "data.collection.products"),
    *("data.collectionByHandle.products", "data.categoryList.products", "products.items", "items", "data"),
    *("data.items", "results", "result", "catalog.products", "viewData.products", "state.products"),
    *("collection.products", "body", "data.node", "data.productByHandle"),
)
_SAMPLE = 300
_DEEPEST = 10  # levels that an answer is looked through for a platform's products
_WIDEST = 5000  # values of a level


def read_json(text: str, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What a JSON text holds."""
    document = parsed(text, doubts)
    if document is NOTHING:
        return Found("json", (), doubts.listed())
    return read_document(document, origin, mapping, doubts)


def read_document(document: Any, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What a JSON document holds."""
    if isinstance(document, dict) and _is_refusal(document, doubts):
        return Found("json", (), doubts.listed())
    if isinstance(document, dict) and is_squarespace(document):
        return _squarespace(document, origin, doubts)
    for kind, test, read in _PLATFORMS:
        listed = _listed(document, test)
        if listed:
            return Found(kind, finished(read(listed[:MAX_PRODUCTS], origin), doubts), doubts.listed())
    if _is_schema(document):
        return _schema(document, origin, doubts)
    rows = _rows(document)
    if rows is not None:
        return read_table(table_of(lines_of(rows), mapping), origin, mapping, doubts)
    return _own(document, origin, doubts)


def _is_refusal(document: Node, doubts: Doubts) -> bool:
    """An error that a shop's program answered with: the Graph API's, WooCommerce's, Shopify's."""
    error = document.get("error") or document.get("errors")
    status = inside(document, "data", "status")
    refused = bool(error) and not any(document.get(key) for key in ("data", "products", "items"))
    if not refused and not ("code" in document and "message" in document and isinstance(status, int)):
        return False
    told = one_line(spoken(node(error).get("message") or error or document.get("message")), 200)
    if "OAuth" in as_text(node(error).get("type")):
        do = "Connect the account again as an administrator of the page, or export the catalogue from Commerce Manager."
    else:
        do = "Check the address, or export the products as a file."
    doubts.add("file", f"The shop answered with an error: {told or 'without a reason'}", do)
    return True


def _listed(document: Any, test: Any) -> list[Node]:
    """The products of a platform in the places where its answers have them."""
    for place in _places(document):
        found = objects(place)
        good = [one for one in found if test(one)]
        if good and len(good) * 2 >= len(found):
            return [one for one in found if test(one) or one.get("title") or one.get("name")]
    return _deeper(document, test)


def _deeper(document: Any, test: Any) -> list[Node]:
    """The products of a platform at whatever path an answer has them: those of the lists that are least deep."""
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        found: list[Node] = []
        below: list[Any] = []
        for value in level[:_WIDEST]:
            listed = objects(value) if isinstance(value, list) or _is_connection(value) else []
            good = [one for one in listed if test(one)]
            if good and len(good) * 2 >= len(listed):
                found += good
                continue
            held = value.items() if isinstance(value, dict) else ()
            below += [inner for key, inner in held if isinstance(inner, dict | list) and not is_elsewhere(str(key))]
            below += [inner for inner in value if isinstance(inner, dict | list)] if isinstance(value, list) else []
        if found:
            return found
        level = below
    return []


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(key), list) for key in ("edges", "nodes"))


def _places(document: Any) -> Iterator[Any]:
    """Where answers of shops' programs keep their list of products."""
    yield document
    if not isinstance(document, dict):
        if isinstance(document, list) and document and all(isinstance(page, dict | list) for page in document[:50]):
            yield [
                one for page in document for one in (page if isinstance(page, list) else items(page.get("products")))
            ]  # several pages in one
        return
    for path in _PATHS:
        place = inside(document, *path.split("."))
        if place:
            yield place


def _squarespace(document: Node, origin: Origin, doubts: Doubts) -> Found:
    entries = objects(document.get("items")) or objects(document.get("item"))
    products = finished(squarespace_products(document, entries, origin), doubts)
    if inside(document, "pagination", "nextPage"):
        doubts.cut("file", "This is one page of several.", "Import the address of the collection to have all pages.")
    if not products:
        doubts.add("file", "This page of the shop sells nothing.", "Give the address of the shop's page of products.")
    return Found("squarespace", products, doubts.listed())


def _is_schema(document: Any) -> bool:
    """Whether a document is schema.org's JSON-LD."""
    some = document[:20] if isinstance(document, list) else [document]
    return any(isinstance(one, dict) and ("@context" in one or "@graph" in one or "@type" in one) for one in some)


def _schema(document: Any, origin: Origin, doubts: Doubts) -> Found:
    page = Page(etree.Element("html"), origin.url, origin.url or "", None, origin.country)
    documents = document if isinstance(document, list) else [document]
    products = tuple(product for product in schema_products(documents, page, "json-ld") if product.title)[:MAX_PRODUCTS]
    for product in products:
        if product.price is None:
            doubts.add("file", f"“{product.title}” has no price.", "Write its price before you sell it.")
        elif product.currency is None:
            doubts.add(
                "currency",
                "The file does not say which currency the prices are in.",
                "Choose the currency before importing.",
            )
    if not products:
        doubts.add("file", "There is no product in this JSON-LD.", "Give the address of a product's page.")
    return Found("json-ld", products, doubts.listed())


def _rows(document: Any) -> list[list[Any]] | None:
    """The rows of a table written as lists, with its header (``values`` of Google's API, ``columns`` and ``data``)."""
    if isinstance(document, dict):
        if isinstance(inside(document, "table", "cols"), list):
            return _flat_rows(_visualised(document["table"]))
        header = next(
            (
                document[key]
                for key in ("columns", "headers", "header", "fields")
                if isinstance(document.get(key), list)
            ),
            None,
        )
        body = next((document[key] for key in ("rows", "data", "values") if isinstance(document.get(key), list)), None)
        if body is None or not all(isinstance(row, list) for row in body[:50]):
            return None
        if header is None:
            return _flat_rows(body)
        return _flat_rows([[spoken(name) for name in header], *body])
    return _flat_rows(document) if isinstance(document, list) else None


def _visualised(table: Node) -> list[list[Any]]:
    """The rows of a Google Sheet asked for through its visualisation address: ``cols`` with labels, cells of values."""
    header = [spoken(one.get("label")) or spoken(one.get("id")) for one in objects(table.get("cols"))]
    rows = [
        [first(node(cell), "v", "f") for cell in items(row.get("c"))]
        for row in objects(table.get("rows"))
        if row.get("c")
    ]
    return [header, *rows]


def _flat_rows(body: list[Any]) -> list[list[Any]] | None:
    good = len(body) >= 2 and all(
        isinstance(row, list) and not any(isinstance(cell, list | dict) for cell in row) for row in body[:200]
    )
    return [row for row in body if isinstance(row, list)] if good else None


def _own(document: Any, origin: Origin, doubts: Doubts) -> Found:
    walk = Walk(document)
    sources = walk.sources()
    sample = [source.node for source in sources[:_SAMPLE]]
    products = finished(own_products(sources, origin, sample, walk.currency, doubts), doubts)
    if not products:
        doubts.add("file", "No products were recognised in this JSON.", "Send a list with a name and a price for each.")
    return Found("json", products, doubts.listed())


def store_state(text: str) -> Any:
    """The state that a page keeps for its scripts (``window.__STORE__ = {…}``), or ``NOTHING``."""
    found = re.search(r"window\.__STORE__\s*=\s*", text)
    if not found:
        return NOTHING
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, found.end())[0]
    except (ValueError, RecursionError):
        return NOTHING


def state_products(document: Any, origin: Origin, doubts: Doubts) -> Found | None:
    """The products of a page's state, None where it has none."""
    listed = objects(node(document).get("products")) or objects(inside(document, "catalog", "products"))
    listed = [one for one in listed if is_jumia(one)]
    if not listed:
        return None
    return Found("jumia", finished(jumia_products(listed, origin), doubts), doubts.listed())
