"""Excel and LibreOffice workbooks -> tables: every sheet that lists products, numbers as they are, dates as ISO."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from griot.core.errors import InvalidInput
from griot.knowledge.importing.currencies import currency_of
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.open_document import sheets_of
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.packing import BROKEN, TooLarge, unpacked_size
from griot.knowledge.importing.files.prices import tidy
from griot.knowledge.importing.files.rows import Line
from griot.knowledge.importing.files.sheet_lists import read_tables
from griot.knowledge.importing.files.tables import Table, table_of
from griot.knowledge.importing.models import Found

_UNREADABLE = (
    *BROKEN, InvalidFileException, KeyError, ValueError, TypeError, ParseError, AttributeError, IndexError,
    OverflowError, etree.LxmlError,
)  # fmt: skip
_LARGEST = 4 * MAX_BYTES  # XML packs well: an honest workbook of 60 MB unpacks to this
_MONEY_FORMAT = re.compile(r"\[\$([^\]-]{1,8})(?:-[0-9A-Fa-f]+)?\]|\"([^\"]{1,12})\"|([€£₦])")


def first_sheet(body: bytes) -> list[list[str]]:
    """The rows of a workbook's first sheet that is shown, cells as text. ``InvalidInput``: it cannot be read."""
    try:
        if unpacked_size(body) > _LARGEST:
            raise InvalidInput("This workbook unpacks to more than can be read: save the sheet as a file of its own.")
        book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
        try:
            return [line.cells for line in _lines(_shown(book)[0], {}, Doubts())]
        finally:
            book.close()
    except _UNREADABLE:
        raise InvalidInput("This is no Excel workbook that can be read: save it again as XLSX or CSV.") from None


def read_workbook(body: bytes, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What an XLSX file holds. ``mapping`` is that of its first list of products."""
    try:
        if unpacked_size(body) > _LARGEST:
            doubts.add(
                "file",
                "This workbook unpacks to more than can be read.",
                "Save the list of products as a file of its own.",
            )
            return Found("xlsx", (), doubts.listed())
        book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
    except _UNREADABLE:
        doubts.add("file", "This Excel file cannot be opened.", "Save it again as .xlsx or as CSV.")
        return Found("xlsx", (), doubts.listed())
    try:
        return _read(book, body, origin, mapping, doubts)
    finally:
        book.close()


def _read(book: Any, body: bytes, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    tables = [(sheet.title, table) for sheet in _shown(book) if (table := _table(sheet, mapping, doubts)) is not None]
    _note_hidden_rows(body, doubts)
    return read_tables(tables, "xlsx", origin, mapping, doubts, _UNREADABLE)


def _shown(book: Any) -> list[Any]:
    """The sheets that are not hidden; all of them where every one is."""
    shown = [sheet for sheet in book.worksheets if getattr(sheet, "sheet_state", "visible") == "visible"]
    return shown or book.worksheets


def read_open_document(body: bytes, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What a spreadsheet of LibreOffice holds."""
    tables = []
    try:
        for title, lines in sheets_of(body):
            table = table_of(lines, mapping)
            if table is not None:
                tables.append((title, table))
    except TooLarge:
        doubts.cut("file", "This workbook unpacks to more than can be read.", "Save the list as a file of its own.")
    except _UNREADABLE:
        doubts.cut("file", "This workbook is damaged; what could be read of it was.", "Save it again, or as CSV.")
    return read_tables(tables, "ods", origin, mapping, doubts, _UNREADABLE)


def _table(sheet: Any, mapping: Mapping | None, doubts: Doubts) -> Table | None:
    formats: dict[int, set[str]] = {}
    try:
        table = table_of(_lines(sheet, formats, doubts), mapping)
    except _UNREADABLE:
        doubts.cut(f"sheet {sheet.title}", "This sheet is damaged and was left out.", "Save the file again.")
        return None
    if table is None:
        return None
    named = {
        code
        for column in table.mapping.columns
        if column.field in ("price", "sale_price", "price_excl_tax")
        for code in formats.get(column.index, ())
    }
    return replace(table, currency=next(iter(named))) if len(named) == 1 else table


def _lines(sheet: Any, formats: dict[int, set[str]], doubts: Doubts) -> Iterator[Line]:
    """The rows of a sheet; ``formats`` is filled with the currencies that the formats of a column's numbers name."""
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()
    given = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        cells = [_text(cell) for cell in row]
        if given < 60:
            for at, cell in enumerate(row):
                if isinstance(cell.value, int | float):
                    code = _currency(getattr(cell, "number_format", None))
                    if code:
                        formats.setdefault(at, set()).add(code)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        given += 1
        if given > MAX_ROWS:
            doubts.cut(
                f"sheet {sheet.title}", f"The sheet has more than {MAX_ROWS} rows.", "Import the rest as another file."
            )
            return
        yield Line(number, cells)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        text = (value or "")[:MAX_CELL]
        return "" if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "/A")) else text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    """A number without the noise of its binary form: 15000.0 -> 15000, 19.989999 -> 19.99."""
    if value != value or abs(value) == float("inf"):
        return ""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{tidy(Decimal(repr(value))):f}" if abs(value) < 1e9 else repr(value)


def _currency(number_format: str | None) -> str | None:
    """The currency in a number format: ``#,##0 "FCFA"``, ``[$€-40C] #,##0.00``."""
    found = _MONEY_FORMAT.search(number_format or "")
    return currency_of(next(part for part in found.groups() if part).strip()) if found else None


def _note_hidden_rows(body: bytes, doubts: Doubts) -> None:
    """Rows that a filter hides are read like the others, which the merchant is told."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            names = [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)][:10]
            hidden = 0
            for name in names:
                with packed.open(name) as source:
                    hidden += len(re.findall(rb"<row\b[^>]{0,300}\bhidden=\"(?:1|true)\"", source.read(MAX_BYTES)))
    except _UNREADABLE:
        return
    if hidden:
        doubts.add(
            "file",
            f"{hidden} rows are hidden in this workbook; they were read too.",
            "Delete them from the file if they are not for sale.",
        )
