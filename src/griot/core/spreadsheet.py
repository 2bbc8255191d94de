"""Lists to take along as CSV, written so that spreadsheets open them as they are and run nothing that is in them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from griot.core.money import Money

BOM = "\ufeff"  # spreadsheets read UTF-8 by it
CSV = "text/csv; charset=utf-8"

# What makes a cell a formula, also in the wide letters that some keyboards give; a line break may come before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | bool | Decimal | Money | date | datetime | None


class Sheet:
    """Rows as text in the habits of a language; times are shown in ``timezone``, as ISO 8601.

    Cells are parted by a semicolon where the comma is in numbers (French, Malagasy), else by a comma.
    """

    def __init__(self, language: str, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._comma = language != "en"

    def head(self, names: Sequence[str]) -> bytes:
        """The first row, after the mark that says how the file is written."""
        return (BOM + self._line(names)).encode()

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        return "".join(self._line([self._shown(cell) for cell in row]) for row in rows).encode()

    def _line(self, cells: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=";" if self._comma else ",", quoting=csv.QUOTE_ALL).writerow(cells)
        return out.getvalue()

    def _shown(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case bool():
                return "1" if cell else "0"
            case Money():
                return self._number(cell.decimal())
            case int() | Decimal():
                return self._number(cell)
            case datetime():
                return cell.astimezone(self._zone).isoformat(timespec="seconds")
            case date():
                return cell.isoformat()
            case str():
                return harmless(cell)

    def _number(self, number: int | str | Decimal) -> str:
        return str(number).replace(".", ",") if self._comma else str(number)


def download(filename: str) -> dict[str, str]:
    """The headers of an answer that is a file to keep."""
    return {"Content-Disposition": f'attachment; filename="{filename}"', "X-Content-Type-Options": "nosniff"}


def harmless(text: str) -> str:
    """Words that somebody else wrote, as a cell: what a spreadsheet would take for a formula begins with ``'``."""
    bare = text.replace("\0", "")
    return f"'{bare}" if bare.startswith(_FORMULA) or bare.lstrip().startswith(_FORMULA) else bare


def phone_cell(digits: str | None) -> str:
    """A phone (E.164 without ``+``) that stays a text: ``221 77 123 45 67``."""
    if not digits or not digits.isdigit() or len(digits) < 9:
        return digits or ""
    return " ".join(part for part in (digits[:-9], digits[-9:-7], digits[-7:-4], digits[-4:-2], digits[-2:]) if part)
