"""A table with a header somewhere -> rows whose cells are known by field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from griot.knowledge.importing.currencies import currency_of
from griot.knowledge.importing.files.headerless import guessed
from griot.knowledge.importing.files.limits import HEAD_ROWS, SAMPLE_ROWS
from griot.knowledge.importing.files.mapping import Column, Mapping, mapping_of
from griot.knowledge.importing.files.rows import Line
from griot.knowledge.importing.files.sizes import sizes_in
from griot.knowledge.importing.files.vocabulary import folded, recognised, words_of

_TELLING = frozenset(
    {"title", "price", "sale_price", "price_excl_tax", "sku", "image", "stock", "description", "group", "kind"}
)


class Row:
    """One line of a table, its cells by field."""

    __slots__ = ("cells", "columns", "number")

    def __init__(self, number: int, cells: Sequence[str], columns: dict[str, list[Column]]) -> None:
        self.number = number
        self.cells = cells
        self.columns = columns

    def get(self, field: str) -> str:
        """The trimmed text of a field's first filled column; empty when there is none."""
        for column in self.columns.get(field, ()):
            text = self.at(column)
            if text:
                return text
        return ""

    def at(self, column: Column) -> str:
        """The trimmed text in a column."""
        return _trimmed(self.cells[column.index]) if column.index < len(self.cells) else ""

    def all(self, field: str) -> list[tuple[Column, str]]:
        """Every filled column of a field with its text."""
        return [(column, text) for column in self.columns.get(field, ()) if (text := self.at(column))]

    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell.strip())


def _trimmed(text: str) -> str:
    trimmed = text.strip().strip("\u200b\ufeff\u200e\u200f").strip()
    if trimmed[:1] == "'" and trimmed[1:2] in "-+=@0123456789" and len(trimmed) > 1:  # kept from being a formula
        return trimmed[1:]
    return "" if trimmed in _NOTHING else trimmed


_PRICES_IN = re.compile(r"(?i)(?:\b(?:in|en|em|kwa|amin['’]?ny)\s+|[:(]\s*)([^\W\d_]{2,6})\s*[).]*\s*$")
_WRITTEN = re.compile(r"\w")
_NOTHING = frozenset(
    {
        "-",
        "--",
        "—",
        "–",
        "N/A",
        "n/a",
        "NA",
        "#N/A",
        "NULL",
        "null",
        "None",
        "nan",
        "NaN",
        "undefined",
        "/",
        ".",
        "..",
        "...",
        "....",
        "…",
        "_",
        "*",
        "?",
    }
)


@dataclass(frozen=True, slots=True)
class Table:
    """``mapping`` of a table, its ``headers``, its ``lines`` (a header that is repeated left out), and the first ones.

    ``currency``: the one that stands above the header.
    """

    mapping: Mapping
    headers: tuple[str, ...]
    sample: tuple[Line, ...]
    lines: Iterable[Line]
    currency: str | None = None

    def sample_rows(self) -> Iterator[Row]:
        """The first rows, which can be looked at before all are read."""
        columns = self.mapping.fields()
        return (Row(line.number, line.cells, columns) for line in self.sample)

    def rows(self) -> Iterator[Row]:
        """The table's rows."""
        columns = self.mapping.fields()
        heading = tuple(folded(header) for header in self.headers)
        for line in self.lines:
            if not any(_WRITTEN.search(cell) for cell in line.cells):  # a rule drawn between lines
                continue
            if self.headers and line.number != self.mapping.header_line and _repeats(line.cells, heading):
                continue
            yield Row(line.number, line.cells, columns)


def _repeats(cells: Sequence[str], heading: Sequence[str]) -> bool:
    """Whether a row is the header again, as on each page of a printed list."""
    first = next((at for at, name in enumerate(heading) if name), None)
    if first is None or first >= len(cells) or folded(cells[first]) != heading[first]:
        return False
    same = sum(1 for at, cell in enumerate(cells[: len(heading)]) if cell.strip() and folded(cell) == heading[at])
    return same >= 2 and same >= 0.6 * sum(1 for name in heading if name)


def table_of(lines: Iterable[Line], mapping: Mapping | None = None) -> Table | None:
    """The table in a stream of lines: where its header is, what its columns are; None when there is nothing in it."""
    stream = iter(lines)
    head = list(islice(stream, HEAD_ROWS))
    if not head:
        return None
    at = _header_at(head, mapping)
    after = head[at + 1 :] if at is not None else head
    sample = (*after, *islice(stream, SAMPLE_ROWS))
    rest = chain(sample, stream)
    if at is None:
        found = mapping or guessed([line.cells for line in sample])
        return Table(found, (), sample, rest)
    headers = _headers(head[at], sample)
    found = mapping or mapping_of(headers, [line.cells for line in sample], head[at].number)
    above = (cell for line in head[:at] for cell in line.cells if cell.strip())
    named = {code for text in above if (code := currency_of(text[:200]) or _said_of_prices(text[:200]))}
    return Table(
        replace(found, header_line=head[at].number),
        tuple(headers),
        sample,
        rest,
        next(iter(named)) if len(named) == 1 else None,
    )


def _said_of_prices(text: str) -> str | None:
    """The currency that a line above a table says its prices are in, with a sign that is short: “All prices in KSh”."""
    if not any(one.field == "price" for word in words_of(text) for one in recognised(word)):
        return None
    found = _PRICES_IN.search(text)
    return currency_of(found[1]) if found else None


def _headers(line: Line, sample: Sequence[Line]) -> list[str]:
    """The header's cells, with empty ones for columns that the rows have beyond it."""
    width = max((len(row.cells) for row in sample[:50]), default=0)
    names = [cell.strip().strip("\ufeff").lstrip("#").strip() for cell in line.cells]
    return names + [""] * (width - len(names))


def _header_at(head: Sequence[Line], mapping: Mapping | None) -> int | None:
    """The index of the header among the first lines: the one with most known names; None: there is none."""
    if mapping is not None:
        if mapping.header_line is None:
            return None
        return next((at for at, line in enumerate(head) if line.number == mapping.header_line), None)
    best, most = None, 0.0
    for at, line in enumerate(head):
        score = header_score(line.cells)
        if score > most:
            best, most = at, score
    return best if most >= 2 else None


def header_score(cells: Sequence[str]) -> float:
    """How much a row looks like a header: its known names, less what no header holds."""
    named = [cell.strip() for cell in cells if cell.strip()]
    if not named or len(named) == 1 or (named[0].startswith("#") and len(named[0]) > 40):
        return 0.0
    fields: dict[str, float] = {}
    against = 0.0
    sizes = {named[at] for at in sizes_in(named)}
    if sizes:
        fields["sizes"] = 2.0
    for cell in named:
        if cell in sizes:
            continue
        if len(cell) > 80 or cell.replace(" ", "").replace(".", "").replace(",", "").isdigit() or "://" in cell:
            against += 1
            continue
        for one in recognised(cell)[:1]:
            weight = (1.0 if one.exactness > 1 else 0.6) * (1.0 if one.field in _TELLING else 0.7)
            fields[one.field] = max(fields.get(one.field, 0), weight)
            if one.field in ("image", "option_name", "option_value", "unread"):
                fields[f"{one.field}{len(fields)}"] = 0.2
    if not fields.keys() & (_TELLING | {"sizes"}):
        return 0.0
    return sum(fields.values()) - against * 1.2
