"""LibreOffice's spreadsheets (ODS) -> rows of their sheets, with what is repeated written out as far as it counts."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from griot.knowledge.importing.files.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from griot.knowledge.importing.files.packing import held_in
from griot.knowledge.importing.files.rows import Line
from griot.knowledge.importing.files.xml_parsing import local

_OF_NUMBERS = frozenset({"float", "currency", "percentage"})


def is_open_document(names: list[str]) -> bool:
    """Whether the files of a ZIP are those of an OpenDocument."""
    return "content.xml" in names and "mimetype" in names


def sheets_of(body: bytes) -> Iterator[tuple[str, list[Line]]]:
    """(name, rows) of each sheet that is shown. Raises TooLarge, zipfile.BadZipFile and etree.XMLSyntaxError."""
    with zipfile.ZipFile(BytesIO(body)) as packed:
        content = held_in(packed, packed.getinfo("content.xml"))
    reader = etree.iterparse(
        BytesIO(content), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    lines: list[Line] = []
    number = 1
    for _, element in reader:
        name = local(element.tag) if isinstance(element.tag, str) else ""
        if name == "table-row":
            cells = _cells(element)
            if cells and len(lines) < MAX_ROWS:
                lines.append(Line(number, cells))
            number += _count(element, "number-rows-repeated")
            element.clear()
        elif name == "table":
            yield _attribute(element, "name"), lines
            lines, number = [], 1
            element.clear()


def _cells(row: etree._Element) -> list[str]:
    """The texts of a row, empty ones at its end left out."""
    cells: list[str] = []
    for cell in row:
        if not isinstance(cell.tag, str) or local(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        text = _text(cell)
        times = min(_count(cell, "number-columns-repeated"), MAX_COLUMNS - len(cells))
        cells += [text] * max(0, times)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(cell: etree._Element) -> str:
    """What a cell shows; a number as it is, with the currency that its format names."""
    shown = "\n".join(
        "".join(str(part) for part in line.itertext())
        for line in cell
        if isinstance(line.tag, str) and local(line.tag) == "p"
    )
    if _attribute(cell, "value-type") not in _OF_NUMBERS:
        return shown[:MAX_CELL]
    value = _attribute(cell, "value")
    value = value[:-2] if value.endswith(".0") else value
    return f"{value} {_attribute(cell, 'currency')}".strip()


def _count(element: etree._Element, name: str) -> int:
    text = _attribute(element, name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name without the namespace."""
    return next((str(value) for key, value in element.attrib.items() if local(str(key)) == name), "")
