"""Exports with a line for each variant under a product's key: Shopify, Squarespace, Square."""

import re
from collections.abc import Iterator

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.models import FoundVariant

_HIDDEN = re.compile(
    r"(?i)^(?:draft|archived|false|no|n|0|-1|hidden|brouillon|archivé|unlisted|disabled|désactivé|inactive|inactif)$"
)


def shopify_products(cells: Cells) -> Iterator[Draft]:
    """Lines of one ``Handle`` are one product; only its first has the name, some hold nothing but an image."""
    return _grouped(cells, "group")


def squarespace_products(cells: Cells) -> Iterator[Draft]:
    """A product's first line has its id and name, the lines of its other variants leave them out."""
    return _grouped(cells, "id")


def square_products(cells: Cells) -> Iterator[Draft]:
    """Lines of one item name are one product, each line a variation."""
    return _grouped(cells, "title")


def _grouped(cells: Cells, key: str) -> Iterator[Draft]:
    drafts: dict[str, _Product] = {}
    last: _Product | None = None
    for row in cells.table.rows():
        name = row.get(key).casefold()
        if name:
            last = drafts.get(name) or drafts.setdefault(name, _Product(cells, row))
            last.draft.source_id = last.draft.source_id or row.get(key)
        elif row.get("title") or last is None:
            if not row.get("title"):
                cells.doubts.at(row.number, "This line belongs to no product.", "Write the product's handle and name.")
                continue
            last = drafts.setdefault(f"line {row.number}", _Product(cells, row))
        last.take(row)
    for product in drafts.values():
        yield product.draft


class _Product:
    """One product of the export while its lines come in."""

    def __init__(self, cells: Cells, row: Row) -> None:
        self._cells = cells
        self.draft = Draft(where=f"line {row.number}")
        self._names: dict[int | None, str] = {}

    def take(self, row: Row) -> None:
        draft, cells = self.draft, self._cells
        titled(
            draft,
            row.get("title"),
            row.get("description"),
            cells.raw(row, "type") or row.get("category"),
            row.get("brand"),
        )
        draft.url = draft.url or address(row.get("url"), cells.base)
        for column, text in row.all("option_name"):
            self._names.setdefault(column.number, one_line(text, 60))
        for name in ("title", "description", "category", "brand", "url"):
            cells.note(draft, row, name, name)
        cells.note(draft, row, "image", "images")
        draft.add_images(cells.images(row))
        self._note_hidden(row)
        options = self._options(row)
        if options or row.get("price") or row.get("sku"):
            self._add(row, options)

    def _options(self, row: Row) -> dict[str, str]:
        values = {column.number: text for column, text in row.all("option_value")}
        plain = {
            one_line(self._names.get(number) or f"Option {number}", 60): one_line(text, 120)
            for number, text in values.items()
        }
        if list(plain.values()) == ["Default Title"]:
            return {}
        variation = one_line(row.get("variant_title"), 120)
        if not plain and variation and variation.casefold() not in ("regular", "standard", "normal", "régulier"):
            return {"Variation": variation}
        return plain

    def _add(self, row: Row, options: dict[str, str]) -> None:
        cells, draft = self._cells, self.draft
        cost = cells.cost(row)
        pieces, availability = cells.stock(row)
        if cells.raw(row, "variant inventory policy", "continue selling when out of stock").casefold() in (
            "continue",
            "true",
        ):
            availability = "in_stock"
        elif cells.has("variant inventory tracker") and not cells.raw(row, "variant inventory tracker"):
            pieces, availability = None, "in_stock" if pieces == 0 else availability
        image = address(row.get("variant_image"), cells.base)
        draft.currency = draft.currency or cost.currency
        for name, source in (
            ("price", cost.source),
            ("currency", cells.currency_source(row, cost) if cost.currency else ""),
        ):
            if source:
                draft.from_source(source, name)
        for name in ("sku", "stock", "availability"):
            cells.note(draft, row, name, name)
        sku = one_line(row.get("sku"), 100) or None
        if not draft.add_variant(FoundVariant(options, sku, cost.price, availability, pieces, image)):
            cells.doubts.add(draft.where, "It has more variants than are read.", "The others were left out.")
        draft.add_image(image)

    def _note_hidden(self, row: Row) -> None:
        status = self._cells.raw(row, "status") or row.get("status")
        if status and _HIDDEN.match(status) and self.draft.title:
            hidden(self._cells, self.draft, status)


def hidden(cells: Cells, draft: Draft, status: str) -> None:
    """Note that a product is not shown in the shop it comes from."""
    cells.doubts.add(
        draft.where,
        f"“{draft.title}” is not shown in your shop ({one_line(status, 20)}).",
        "Leave it out if it is not for sale.",
    )
