"""BigCommerce's exports, old and new: a ``Product`` line, then those of its variants (``SKU``) and its images."""

import re
from collections.abc import Iterator

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.models import FoundVariant

# Type=Rectangle|Name=Size|Value=Small, one after another; before that [RT]Size=Small,[CS]Colour=Red:#ff0000.
_NEW = re.compile(r"(?i)\bName=(?P<axis>[^|=]+?)[|\s]+Value=(?P<value>.+?)\s*(?=\||\bType=|$)")
_OLD = re.compile(r"\[\w{1,3}\](?P<axis>[^=,\[\]]+)=(?P<value>[^,]+)")
_SHADE = re.compile(r"\s*(?:\[#[^\]]*\]|:#[0-9a-fA-F:#]{3,})\s*$")


def bigcommerce_products(cells: Cells) -> Iterator[Draft]:
    """The products; what else the lines are (rules of prices, videos) is left out."""
    last: Draft | None = None
    for row in cells.table.rows():
        kind = row.get("kind").casefold()
        if kind == "product" and row.get("title"):
            if last is not None:
                yield last
            last = _product(cells, row)
        elif last is not None and kind in ("variant", "sku"):
            _add_variant(cells, last, row)
        elif last is not None and kind == "image":
            last.add_images(cells.images(row))
    if last is not None:
        yield last


def _product(cells: Cells, row: Row) -> Draft:
    draft = Draft(where=f"line {row.number}")
    titled(draft, row.get("title"), row.get("description"), row.get("category"), row.get("brand"))
    cells.settle(draft, row)
    draft.sku = one_line(row.get("sku"), 100) or None
    draft.source_id = one_line(row.get("id") or row.get("sku"), 100) or None
    draft.url = address(row.get("url"), cells.base)
    if cells.raw(row, "inventory tracking", "track inventory").casefold() == "none":
        draft.stock, draft.availability = None, "in_stock"
    return draft


def _add_variant(cells: Cells, draft: Draft, row: Row) -> None:
    cost = cells.cost(row)
    pieces, availability = cells.stock(row)
    sku = one_line(row.get("sku"), 100) or None
    options = _options(cells.raw(row, "options") or row.get("title"))
    price = cost.price or draft.base
    if not draft.add_variant(FoundVariant(options, sku, price, availability, pieces)):
        cells.doubts.add(draft.where, "It has more variants than are read.", "The others were left out.")


def _options(text: str) -> dict[str, str]:
    """Axis -> value, as either export writes them; the shade of a colour left out."""
    found = list(_NEW.finditer(text)) or list(_OLD.finditer(text))
    return {one_line(one["axis"], 60): one_line(_SHADE.sub("", one["value"]), 120) for one in found}
