"""Ecwid's export: a ``product`` line, then those of its options' choices and of the variations that combine them."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from itertools import product as combinations

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.limits import MAX_VARIANTS
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.prices import machine_price
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.models import Availability, FoundVariant

_AXIS = "product_variation_option_"


def ecwid_products(cells: Cells) -> Iterator[Draft]:
    """The products; lines of categories and of whatever else a shop has are left out."""
    products: dict[str, _Product] = {}
    last: _Product | None = None
    for row in cells.table.rows():
        kind = cells.raw(row, "type").casefold()
        key = cells.raw(row, "product_internal_id") or cells.raw(row, "product_sku")
        if kind == "product" and row.get("title"):
            last = products[key or f"line {row.number}"] = _Product(cells, row)
            continue
        owner = products.get(key, last)
        if owner is not None and kind == "product_variation":
            owner.variation(row)
        elif owner is not None and kind == "product_option":
            owner.choice(row)
    for product in products.values():
        yield product.finished()


class _Product:
    """A product while its lines come in."""

    def __init__(self, cells: Cells, row: Row) -> None:
        self._cells = cells
        self._choices: dict[str, list[tuple[str, Decimal]]] = {}
        self.draft = draft = Draft(where=f"line {row.number}")
        titled(draft, row.get("title"), row.get("description"), cells.raw(row, "product_category_1"), row.get("brand"))
        cells.settle(draft, row)
        draft.stock, draft.availability = self._stock(row)
        draft.sku = one_line(cells.raw(row, "product_sku"), 100) or None
        draft.source_id = one_line(cells.raw(row, "product_internal_id"), 100) or draft.sku
        draft.url = address(row.get("url"), cells.base)

    def _stock(self, row: Row) -> tuple[int | None, Availability | None]:
        """(pieces, whether it can be bought): pieces count where they are tracked, unless it is sold without them."""
        cells = self._cells
        if cells.raw(row, "product_is_available").casefold() == "false":
            return None, "out_of_stock"
        if cells.raw(row, "product_is_inventory_tracked").casefold() == "false":
            return None, "in_stock"
        pieces, availability = cells.stock(row)
        preordered = cells.raw(row, "product_quantity_out_of_stock_behaviour").casefold() == "allow_preorder"
        return pieces, "in_stock" if preordered else availability

    def variation(self, row: Row) -> None:
        """One combination of options, with its own code, price and stock."""
        cells = self._cells
        options = {
            one_line(header[len(_AXIS) :].strip("{}"), 60): one_line(text, 120)
            for header in cells.table.headers
            if header.startswith(_AXIS) and (text := cells.raw(row, header))
        }
        sku = one_line(cells.raw(row, "product_variation_sku"), 100) or None
        pieces, availability = self._stock(row)
        price = cells.cost(row).price or self.draft.base
        if not self.draft.add_variant(FoundVariant(options, sku, price, availability, pieces)):
            cells.doubts.add(self.draft.where, "It has more variants than are read.", "The others were left out.")

    def choice(self, row: Row) -> None:
        """One choice of one option, with what it adds to the price."""
        axis = one_line(self._cells.raw(row, "product_option_name"), 60)
        value = one_line(self._cells.raw(row, "product_option_value"), 120)
        if axis and value:
            markup = machine_price(self._cells.raw(row, "product_option_markup")) or Decimal(0)
            self._choices.setdefault(axis, []).append((value, markup))

    def finished(self) -> Draft:
        """The draft; where no variation is listed, every combination of the choices is one."""
        draft = self.draft
        if draft.variants or not self._choices:
            return draft
        for chosen in islice(combinations(*self._choices.values()), MAX_VARIANTS):
            options = dict(zip(self._choices, (value for value, _ in chosen), strict=True))
            price = draft.base + sum(markup for _, markup in chosen) if draft.base else None
            draft.add_variant(FoundVariant(options, None, price, draft.availability))
        return draft
