"""CSV, TSV and other delimited text -> products."""

from collections.abc import Iterable
from dataclasses import replace

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.decoding import decode
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.drafts import Draft
from griot.knowledge.importing.files.finishing import finished
from griot.knowledge.importing.files.formats import MACHINE, products_of, with_format
from griot.knowledge.importing.files.limits import SAMPLE_ROWS
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.rows import Line, rows_of
from griot.knowledge.importing.files.tables import Table, table_of
from griot.knowledge.importing.files.written_lists import written_list
from griot.knowledge.importing.models import Found


def read_text(body: bytes, origin: Origin, content_type: str | None, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What a delimited text holds."""
    table = table_of(rows_of(_text(body, content_type, doubts), doubts), mapping)
    if table is not None and not table.mapping.header_line and not (mapping and mapping.header_line is None):
        written = written_list(table.sample) if len(table.sample) <= SAMPLE_ROWS else None
        table = table_of(written, mapping) if written else table
    return read_table(table, origin, mapping, doubts)


def _text(body: bytes, content_type: str | None, doubts: Doubts) -> str:
    decoded = decode(body, content_type)
    if not decoded.certain:
        doubts.add(
            "file",
            f"The file does not say how its letters are written; {decoded.encoding} fits best.",
            "If accents look wrong, save the file as CSV UTF-8.",
        )
    return decoded.text


def read_table(table: Table | None, origin: Origin, mapping: Mapping | None, doubts: Doubts) -> Found:
    """What one table holds."""
    opened = opened_table(table, mapping, doubts)
    if opened is None:
        return Found("csv", (), doubts.listed(), mapping=table.mapping if table else None)
    products = finished(drafts_of(opened, origin, doubts), doubts)
    return Found(_kind(opened, origin), products, doubts.listed(), mapping=opened.mapping)


def opened_table(table: Table | None, mapping: Mapping | None, doubts: Doubts) -> Table | None:
    """The table with its columns settled; None, with a doubt, where there is none."""
    if table is None or not table.sample:
        doubts.add("file", "There is no table in this file.", "Send a file with a line for each product.")
        return None
    if mapping is None:
        table = replace(table, mapping=with_format(table.mapping, table.headers))
    if not table.mapping.reads("title") or (mapping is None and _is_no_list(table)):
        doubts.add("file", "No column of this table holds names of products.", "Say which column is the name.")
        return None
    if table.mapping.header_line is None:
        doubts.add(
            "file",
            "The table has no line of headers; what each column is was judged by what stands in it.",
            "Check the columns.",
        )
    return table


def _is_no_list(table: Table) -> bool:
    """A text without headers and without prices is no list of products."""
    return table.mapping.header_line is None and not table.mapping.reads("price")


def drafts_of(table: Table, origin: Origin, doubts: Doubts) -> Iterable[Draft]:
    """The drafts of one table's products."""
    return products_of(Cells(table, doubts, origin, machine=table.mapping.format in MACHINE))


def _kind(table: Table, origin: Origin) -> str:
    if table.mapping.format != "own":
        return table.mapping.format
    return "google-sheet" if "docs.google.com/spreadsheets" in (origin.url or "") else "csv"


def lines_of(rows: Iterable[Iterable[object]]) -> Iterable[Line]:
    """Rows of JSON arrays as lines."""
    for number, row in enumerate(rows, 1):
        yield Line(number, ["" if cell is None else str(cell) for cell in row])
