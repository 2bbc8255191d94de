"""Magento's export: the variants of a configurable product are products of their own that nobody sees alone."""

import re
from collections.abc import Iterator

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.plain import one_line
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.models import FoundVariant

_UNSEEN = re.compile(r"(?i)not visible individually|^1$")


def magento_products(cells: Cells) -> Iterator[Draft]:
    """Configurable products with their variants, and every other line that is visible by itself."""
    rows: dict[str, list[Row]] = {}
    for row in cells.table.rows():
        if row.get("sku"):
            rows.setdefault(row.get("sku"), []).append(row)
    children = {code for lines in rows.values() for code, _ in _variations(cells, lines[0])}
    for code, lines in rows.items():
        first = lines[0]
        alone = _UNSEEN.search(cells.raw(first, "visibility"))
        if code in children or (alone and cells.raw(first, "product_type") != "configurable"):
            continue
        draft = _product(cells, first)
        for line in lines[1:]:  # other store views: only what the first left out
            titled(draft, line.get("title"), line.get("description"))
        for child, options in _variations(cells, first):
            if child in rows:
                draft.add_variant(_variant(cells, rows[child][0], options))
        yield draft


def _product(cells: Cells, row: Row) -> Draft:
    draft = Draft(where=f"line {row.number}")
    category = cells.raw(row, "categories").split(",")[0].replace("/", " > ")
    titled(
        draft,
        row.get("title") or row.get("sku"),
        row.get("description") or row.get("short_description"),
        category,
        row.get("brand"),
    )
    cells.settle(draft, row)
    draft.sku = draft.source_id = one_line(row.get("sku"), 100)
    return draft


def _variant(cells: Cells, row: Row, options: dict[str, str]) -> FoundVariant:
    cost = cells.cost(row)
    pieces, availability = cells.stock(row)
    return FoundVariant(options, one_line(row.get("sku"), 100), cost.price, availability, pieces)


def _variations(cells: Cells, row: Row) -> list[tuple[str, dict[str, str]]]:
    """``sku=A-S,size=S|sku=A-M,size=M`` -> each variant's code and options."""
    found = []
    for part in cells.raw(row, "configurable_variations").split("|"):
        pairs = dict(pair.split("=", 1) for pair in part.split(",") if "=" in pair)
        code = pairs.pop("sku", "").strip()
        if code:
            found.append((code, {one_line(name, 60): one_line(value, 120) for name, value in pairs.items()}))
    return found
