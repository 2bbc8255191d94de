"""Delimited text -> rows of cells with the line each begins on; any separator, broken quotes contained."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from griot.knowledge.importing.files.vocabulary import recognised

csv.field_size_limit(20_000_000)

_SEPARATORS = (",", ";", "\t", "|", "^", "¦")
_STATED = re.compile(r"^\"?sep=(.)\"?\s*$", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FIRST_ROWS = 60
_RUNAWAY = 12  # lines that a cell may hold before its quotes are looked at


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells as written, and the line of the file that it begins on (1 is the first)."""

    number: int
    cells: list[str]


def rows_of(text: str, doubts: Doubts) -> Iterator[Line]:
    """The rows of a text, with the separator that suits it best; empty lines are left out."""
    lines = _out_of_quotes([line for line in _LINE.findall(text) if line])
    del text  # as large as the lines, which last as long as they are read
    start = 0
    separator = None
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start < len(lines):
        stated = _STATED.match(lines[start])
        separator = stated[1] if stated else None
        start += 1 if stated else 0
    separator = separator or separator_of(lines[start : start + 400])
    escaped = _escapes_with_backslash(lines[start : start + 2000])
    yield from _read(lines, start, separator, escaped, doubts)


def _out_of_quotes(lines: list[str]) -> list[str]:
    """The lines without the quotation marks that a spreadsheet put around each as a whole (``"Nom;Prix"``)."""
    content = [line.strip() for line in lines[:400] if line.strip()]
    inner = [_inside(line) for line in content]
    if len(inner) < 2 or None in inner:
        return lines
    for separator in _SEPARATORS:
        counted = {(line or "").count(separator) for line in inner}
        if len(counted) == 1 and 0 not in counted:
            return [(_inside(line.strip()) or line.strip()) + "\n" for line in lines]
    return lines


def _inside(line: str) -> str | None:
    """What stands in a line that is one quoted text, None where it is none."""
    bare = line[1:-1].replace('""', "\x00")
    quoted = len(line) > 2 and line[0] == line[-1] == '"' and '"' not in bare
    return bare.replace("\x00", '"') if quoted else None


def _read(lines: Sequence[str], start: int, separator: str, escaped: bool, doubts: Doubts) -> Iterator[Line]:
    given, width = 0, 0
    at = start
    while at < len(lines):
        for first, after, cells in _records(lines, at, separator, escaped):
            if after - first > 1 and _ran_away(lines, first, after, cells, separator, width):
                doubts.at(
                    first + 1,
                    "A quotation mark is opened here and not closed.",
                    "Close it, or take it out; the line was read without it.",
                )
                cells, after = _without_quotes(lines[first], separator), first + 1
                yield from _checked(first, cells)
                at = after
                break
            at = after
            if any(cell.strip() for cell in cells):
                width = max(width, len(cells)) if given < 5 else width
                given += 1
                if given > MAX_ROWS:
                    where = f"line {first + 1}"
                    doubts.cut(where, f"The file has more than {MAX_ROWS} lines.", "Import the rest as another file.")
                    return
                yield from _checked(first, cells)
        else:
            return


def _checked(first: int, cells: list[str]) -> Iterator[Line]:
    yield Line(first + 1, [cell if len(cell) <= MAX_CELL else cell[:MAX_CELL] for cell in cells[:MAX_COLUMNS]])


def _records(lines: Sequence[str], at: int, separator: str, escaped: bool) -> Iterator[tuple[int, int, list[str]]]:
    """(first line, line after the last, cells) of every record from a line on, lines counted from 0."""
    reader = csv.reader(
        iter(line.replace("\x00", "") for line in lines[at:]),
        delimiter=separator,
        doublequote=not escaped,
        escapechar="\\" if escaped else None,
        skipinitialspace=separator != "\t",
    )
    first = at
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond every measure: the line without quotes
            yield first, first + 1, _without_quotes(lines[first], separator)
            return
        yield first, at + reader.line_num, cells
        first = at + reader.line_num


def _ran_away(lines: Sequence[str], first: int, after: int, cells: Sequence[str], separator: str, width: int) -> bool:
    """Whether a record swallowed the lines after it because a quotation mark was never closed."""
    if after >= len(lines) and sum(line.count('"') for line in lines[first:after]) % 2:
        return True
    if after - first <= _RUNAWAY or width < 3:
        return False
    inner = [line for cell in cells if "\n" in cell or "\r" in cell for line in re.split(r"\r\n|\r|\n", cell)[1:-1]]
    alike = sum(1 for line in inner if line.count(separator) == width - 1)
    return alike >= 3 and alike >= 0.3 * len(inner)


def _without_quotes(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]


def _escapes_with_backslash(lines: Sequence[str]) -> bool:
    text = "".join(lines)
    return text.count('\\"') > 2 and '""' not in text.replace('"",', "").replace(',""', "").replace(';""', "")


def separator_of(lines: Sequence[str]) -> str:
    """The separator by which a text falls into columns: known headers count most, then rows of one width."""
    content = [line for line in lines if line.strip()]
    table = [line for line in content if not line.lstrip('" ').startswith("#")] or content
    scores = {one: _fit(table, one) for one in _SEPARATORS}
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > 0 else ","


def _fit(lines: Sequence[str], separator: str) -> float:
    rows = []
    try:
        for cells in csv.reader(iter(lines), delimiter=separator, skipinitialspace=separator != "\t"):
            if any(cell.strip() for cell in cells):
                rows.append(cells)
            if len(rows) >= _FIRST_ROWS:
                break
    except csv.Error:
        pass
    wide = [len(row) for row in rows if len(row) > 1]
    if not wide:
        return 0.0
    usual = max(set(wide), key=lambda one: (wide.count(one), one))
    steady = sum(1 for row in rows if len(row) == usual) / len(rows)
    known = max(sum(1 for cell in row[:80] if cell.strip() and recognised(cell)) for row in rows[:25])
    return (known if known > 1 else 0) * 3 + steady * min(usual, 12) + len(wide) / len(rows)
