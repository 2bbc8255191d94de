"""WooCommerce's export, in any language: parents and their variations on lines of their own."""

import re
from collections.abc import Iterator

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.plain import one_line
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.files.variant_rows import hidden
from griot.knowledge.importing.files.vocabulary import is_total
from griot.knowledge.importing.models import FoundVariant

_VARIATION = re.compile(r"(?i)\b(?:variation|variación|variação|variante|вариация|variatie)\b")


def woo_products(cells: Cells) -> Iterator[Draft]:
    """A line is a product unless its type is ``variation``: then it belongs to the one its ``Parent`` names."""
    shop = _Shop(cells)
    for row in cells.table.rows():
        shop.take(row)
    return shop.drafts()


class _Shop:
    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._drafts: list[Draft] = []
        self._parents: dict[str, Draft] = {}
        self._waiting: list[tuple[Row, Draft | None]] = []
        self._last: Draft | None = None

    def take(self, row: Row) -> None:
        """One line; variations wait until all parents are known."""
        if _VARIATION.search(row.get("kind")):
            self._waiting.append((row, self._last))
            return
        title = one_line(row.get("title"))
        if not title:
            if row.filled() > 2:
                self._cells.doubts.at(
                    row.number, "This line has no name of a product.", "Write the name, or take the line out."
                )
            return
        if is_total(title) and not row.get("kind"):
            return
        self._begin(row, title)

    def _begin(self, row: Row, title: str) -> None:
        draft = Draft(where=f"line {row.number}")
        titled(
            draft, title, row.get("description") or row.get("short_description"), row.get("category"), row.get("brand")
        )
        self._cells.settle(draft, row)
        draft.sku = one_line(row.get("sku"), 100) or None
        draft.source_id = one_line(row.get("id"), 100) or draft.sku
        self._drafts.append(draft)
        for name in (f"id:{row.get('id')}", row.get("sku")):
            if name and name != "id:":
                self._parents.setdefault(name.casefold(), draft)
        if "variable" in row.get("kind").casefold():
            self._last = draft
        status = row.get("status")
        if status in ("-1", "0"):
            hidden(self._cells, draft, "draft" if status == "-1" else "private")

    def drafts(self) -> Iterator[Draft]:
        """All products, once every variation has found its own."""
        for row, before in self._waiting:
            self._join(row, before)
        yield from self._drafts

    def _join(self, row: Row, before: Draft | None) -> None:
        named = row.get("group").casefold()
        draft = self._parents.get(named) if named else before
        if draft is None and named:
            draft = self._parents.get(f"id:{named}") or self._orphan(row, named)
        if draft is None:
            self._cells.doubts.at(
                row.number, "This variation names no product that it belongs to.", "Fill in its parent."
            )
            return
        cost = self._cells.cost(row)
        pieces, availability = self._cells.stock(row)
        images = self._cells.images(row)
        options = self._cells.axes(row)
        sku = one_line(row.get("sku"), 100) or None
        draft.currency = draft.currency or cost.currency
        if cost.source:
            draft.from_source(cost.source, "price")
        if not options and row.get("title"):
            options = {"Variation": one_line(row.get("title"), 120)}
        draft.add_variant(FoundVariant(options, sku, cost.price, availability, pieces, images[0] if images else None))
        draft.add_images(images)

    def _orphan(self, row: Row, parent: str) -> Draft | None:
        """A product of which the file has only the variations."""
        title = one_line(row.get("title"))
        if not title:
            return None
        values = self._cells.axes(row).values()
        for value in values:
            title = re.sub(rf"(?i)\s*[-–,]\s*{re.escape(value)}\s*$", "", title) or title
        draft = Draft(title=title, where=f"line {row.number}")
        self._cells.doubts.at(
            row.number,
            f"The product {one_line(parent, 60)} of this variation is not in the file.",
            "Export it with its variations.",
        )
        self._drafts.append(draft)
        self._parents[parent] = draft
        return draft
