"""Tables in markup, which programs give out as ``.xls``: of a web page, or Excel's XML of 2003."""

from collections.abc import Iterator

from lxml import etree, html

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.rows import Line
from griot.knowledge.importing.files.sheet_lists import read_tables
from griot.knowledge.importing.files.tables import Table, table_of
from griot.knowledge.importing.models import Found

EXCEL_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL = f"{{{EXCEL_XML}}}"
_MOST = 50  # tables of a document


def read_page_tables(text: str, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found | None:
    """The products of a web page's tables with a header of names and prices; None where it has none."""
    if "<table" not in text[:1_000_000].casefold():
        return None
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    listed: list[tuple[str, Table]] = []
    for at, element in enumerate(root.iter("table"), 1):
        inner = next(element.iterdescendants("table"), None)
        table = table_of(_page_lines(element), mapping) if inner is None and at <= _MOST else None
        if table is not None and table.mapping.header_line and table.mapping.reads("title", "price"):
            listed.append((f"table {at}", table))
    return _read(listed, "html", origin, mapping, doubts) if listed else None


def read_excel_xml(text: str, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """The products of the sheets of a workbook that Excel saved as XML."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode("utf-8", "replace").partition(b"?>")[2].strip() or b"<x/>", parser)
    listed: list[tuple[str, Table]] = []
    for sheet in root.iter(f"{_EXCEL}Worksheet") if root is not None else ():
        table = table_of(_sheet_lines(sheet), mapping)
        if table is not None:
            listed.append((sheet.get(f"{_EXCEL}Name") or f"sheet {len(listed) + 1}", table))
    return _read(listed, "xls", origin, mapping, doubts)


def _read(
    listed: list[tuple[str, Table]], shape: str, origin: Origin, mapping: Mapping | None, doubts: Doubts
) -> Found:
    return read_tables(listed, shape, origin, mapping, doubts, (etree.LxmlError,))


def _page_lines(table: html.HtmlElement) -> Iterator[Line]:
    """The rows of a table; a cell that spans columns stands in the first of them."""
    for number, row in enumerate(table.iter("tr"), 1):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            text = " ".join(" ".join(cell.itertext()).split()) or _picture(cell)
            span = cell.get("colspan", "1")
            cells += [text[:MAX_CELL]] + [""] * (min(int(span), MAX_COLUMNS) - 1 if span.isdecimal() else 0)
        if any(cells) and number <= MAX_ROWS:
            yield Line(number, cells[:MAX_COLUMNS])


def _picture(cell: html.HtmlElement) -> str:
    return next((image.get("src") or "" for image in cell.iter("img")), "")


def _sheet_lines(sheet: etree._Element) -> Iterator[Line]:
    """The rows of a sheet; ``ss:Index`` says where a cell stands after empty ones."""
    for number, row in enumerate(sheet.iter(f"{_EXCEL}Row"), 1):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_EXCEL}Cell"):
            index = cell.get(f"{_EXCEL}Index", "")
            if index.isdecimal() and len(cells) < int(index) <= MAX_COLUMNS:
                cells += [""] * (int(index) - 1 - len(cells))
            data = next(cell.iterchildren(f"{_EXCEL}Data"), None)
            cells.append("" if data is None else "".join(map(str, data.itertext()))[:MAX_CELL])
        if any(cells) and number <= MAX_ROWS:
            yield Line(number, cells[:MAX_COLUMNS])
