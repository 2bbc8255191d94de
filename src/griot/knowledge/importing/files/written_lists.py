"""A list as people write it in a message: ``- Robe wax : 15 000 FCFA``, a line a product -> rows of name and price."""

import re
from collections.abc import Sequence

from griot.knowledge.importing.files.prices import read_price
from griot.knowledge.importing.files.rows import Line

_LINE = re.compile(
    r"(?:\d{1,3}\s?[.)]\s|[-*•–—▪➤✅👉☑️\s])*(?P<name>[^\d\W].{1,150}?)\s*(?::|=|\.{2,}|…|→|\s[-–—]\s|\s@\s)\s*(?P<price>[^:=]{1,40})"
)
_SIGN = re.compile(r"(?i)\d\s?(?:f|frs?|ar|dhs?|da|dt|rs|k)\b")  # of money, though several currencies share it
HEADER = ("Nom", "Prix")


def written_list(lines: Sequence[Line]) -> list[Line] | None:
    """The lines as a table with a header of its own; None when they are no such list.

    Prices have to bear a sign of money, at least half of them, so that notes and addresses are not taken for prices.
    """
    rows: list[Line] = []
    signed = 0
    for line in lines:
        text = " ".join(cell.strip() for cell in line.cells if cell.strip())
        found = _LINE.fullmatch(text)
        price = read_price(found["price"]) if found else None
        if found and price:
            rows.append(Line(line.number, [found["name"].strip(), found["price"].strip()]))
            signed += price.currency is not None or bool(_SIGN.search(found["price"]))
    if len(rows) < 2 or signed * 2 < len(rows) or len(rows) * 2 < len(lines):
        return None
    return [Line(0, list(HEADER)), *rows]
