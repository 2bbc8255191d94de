"""A file or feed, whatever it is -> what it holds. Nothing that is in a file makes this raise."""

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from lxml import etree

from griot.core.clock import SystemClock
from griot.knowledge.importing.files.decoding import decode
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.json_reading import read_json, state_products, store_state
from griot.knowledge.importing.files.json_text import NOTHING
from griot.knowledge.importing.files.limits import MAX_BYTES
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.markup_tables import EXCEL_XML, read_excel_xml, read_page_tables
from griot.knowledge.importing.files.open_document import is_open_document
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.packing import BROKEN, GZIP, TooLarge, gunzipped, member_of, names_in
from griot.knowledge.importing.files.sheets import read_open_document, read_workbook
from griot.knowledge.importing.files.text_tables import read_text
from griot.knowledge.importing.files.xml_reading import read_xml
from griot.knowledge.importing.models import Doubt, Found

Shape = Literal["xlsx", "ods", "zip", "gzip", "xls", "binary", "html", "xml", "json", "table", "nothing"]

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"SQLite format 3",
)
_HTML = re.compile(
    r"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|div|script|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"^\s*<(?:\?xml|!doctype\s+(?!html)|!--|[a-zA-Z_][\w:.-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_JSON = re.compile(
    r"^\s*(?:(?://[^\n]{0,500}\n|/\*[^*]{0,2000}\*/)\s*){0,20}(?:[\[{]|(?:var|let|const|export\s+default|module\.exports|window[.\[])[^;\n]{0,120}?[=(\s]\s*[\[{]|[\w$.]{1,60}\s*\(\s*[\[{])"
)
# What a file can make readers raise that no check foresaw.
_UNFORESEEN = (
    *BROKEN, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, SyntaxError,
    StopIteration, etree.LxmlError,
)  # fmt: skip


def read_file(
    body: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    mapping: Mapping | None = None,
    today: date | None = None,
) -> Found:
    """What a file or feed holds, and what is doubtful in it.

    ``url``, ``content_type``: as far as they are known; what the bytes look like counts for more.
    ``mapping``: the columns of a table as the merchant corrected them. ``today`` decides which promotions are on.
    """
    doubts = Doubts()
    origin = Origin(today or SystemClock().now().date(), url)
    try:
        found = _read(body, origin, content_type, mapping, doubts, 0)
    except _UNFORESEEN:
        doubts.add(
            "file", "This file is damaged in a way that stops the reading.", "Export it again, or send it as CSV."
        )
        found = Found("unknown", (), doubts.listed())
    if not (found.products or found.addresses or found.warnings):
        nothing = Doubt("file", "There is no product in this file.", "Send a list with a line for each product.")
        found = replace(found, warnings=(nothing,))
    if mapping and mapping.currency:
        found = _priced_in(found, mapping.currency)
    return replace(found, complete=False) if doubts.partial else found


def read_state(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Found | None:
    """The list of products that a shop's page of a category keeps for its scripts, None where it keeps none.

    A page of one product has such a list, too, of what else could be bought: its address ends with ``.html``.
    """
    if b"window.__STORE__" not in body or (url or "").partition("?")[0].endswith(".html"):
        return None
    doubts = Doubts()
    try:
        state = store_state(decode(body, content_type).text)
        return None if state is NOTHING else state_products(state, Origin(SystemClock().now().date(), url), doubts)
    except _UNFORESEEN:
        return None


def _priced_in(found: Found, currency: str) -> Found:
    """What the merchant said of the currency counts where the file says nothing."""
    products = tuple(product if product.currency else replace(product, currency=currency) for product in found.products)
    return replace(found, products=products, warnings=tuple(one for one in found.warnings if one.where != "currency"))


def shape_of(body: bytes) -> Shape:
    """What kind of file bytes are, by what they look like."""
    if body.startswith(GZIP):
        return "gzip"
    if body[:4] == b"PK\x03\x04" or body[:4] == b"PK\x05\x06":
        names = names_in(body)
        if is_open_document(names):
            return "ods"
        return "xlsx" if any(one.startswith("xl/") for one in names) else "zip"
    if body.startswith(_OLD_EXCEL):
        return "xls"
    if body.startswith(_BINARY):
        return "binary"
    head = decode(body[:6000]).text
    if not head.strip():
        return "nothing" if not body.strip() else "table"
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        return "xml"
    if _JSON.match(head):
        return "json"
    return "binary" if head.count("\x00") + head.count("\ufffd") > 0.1 * len(head) else "table"


def _read(
    body: bytes, origin: Origin, content_type: str | None, mapping: Mapping | None, doubts: Doubts, depth: int
) -> Found:
    if len(body) > MAX_BYTES:
        doubts.add("file", f"The file is larger than {MAX_BYTES // 1_000_000} MB.", "Send it in parts.")
        return Found("unknown", (), doubts.listed())
    try:
        shape = shape_of(body)
    except (*BROKEN, ValueError):
        doubts.add("file", "This packed file is damaged.", "Pack it again, or send it unpacked.")
        return Found("unknown", (), doubts.listed())
    if shape in ("gzip", "zip"):
        return _unpacked(shape, body, origin, content_type, mapping, doubts, depth)
    if shape == "xlsx":
        return read_workbook(body, origin, mapping, doubts)
    if shape == "ods":
        return read_open_document(body, origin, mapping, doubts)
    if shape == "table":
        return read_text(body, origin, content_type, mapping, doubts)
    if shape in ("html", "xml", "json"):
        return _marked_up(shape, decode(body, content_type).text, origin, mapping, doubts)
    what, do = _UNREAD[shape]
    doubts.add("file", what, do)
    return Found("unknown", (), doubts.listed())


_UNREAD: dict[str, tuple[str, str]] = {
    "xls": ("This is an Excel file of before 2007.", "Open it and save it as .xlsx or CSV."),
    "binary": ("This is no list of products that can be read.", "Send a CSV, Excel, JSON or XML file."),
    "nothing": ("The file is empty.", "Export it again."),
}


def _marked_up(shape: Shape, text: str, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    if shape == "json":
        return read_json(text, origin, mapping, doubts)
    if shape == "xml" and EXCEL_XML in text[:4000]:
        return read_excel_xml(text, origin, mapping, doubts)
    if shape == "xml":
        return read_xml(text, origin, doubts)
    state = store_state(text)
    found = state_products(state, origin, doubts) if state is not NOTHING else None
    found = found or read_page_tables(text, origin, mapping, doubts)
    if found:
        return found
    if "docs.google.com" in (origin.url or "") or "accounts.google.com" in text[:20_000]:
        doubts.add(
            "file", "This sheet is not shared.", "Share it with “anyone with the link”, then give its address again."
        )
    else:
        doubts.add(
            "file",
            "This is a web page, not a file of products.",
            "Give its address instead, or send a CSV, Excel, JSON or XML file.",
        )
    return Found("html", (), doubts.listed())


def _unpacked(
    shape: Shape,
    body: bytes,
    origin: Origin,
    content_type: str | None,
    mapping: Mapping | None,
    doubts: Doubts,
    depth: int,
) -> Found:
    """What is inside a packed file; packed twice is not followed further."""
    try:
        if depth >= 2:
            raise TooLarge
        inner = gunzipped(body) if shape == "gzip" else member_of(body)
    except TooLarge:
        doubts.add("file", "What is packed in this file is too large.", "Send the list of products by itself.")
        return Found("unknown", (), doubts.listed())
    except (*BROKEN, ValueError):
        doubts.add(
            "file", "This packed file is damaged or locked with a password.", "Pack it again, or send it unpacked."
        )
        return Found("unknown", (), doubts.listed())
    if inner is None:
        doubts.add("file", "There is no list of products in this packed file.", "Pack a CSV, Excel, JSON or XML file.")
        return Found("unknown", (), doubts.listed())
    return _read(
        inner,
        origin,
        None if shape == "zip" else content_type,
        mapping,
        doubts,
        depth + 1,
    )
