"""Wix Stores' export: a ``Product`` line, then its ``Variant`` lines, which add to its price."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product as combinations

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.limits import MAX_VARIANTS
from griot.knowledge.importing.files.plain import one_line
from griot.knowledge.importing.files.prices import tidy
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.files.variant_rows import hidden
from griot.knowledge.importing.models import FoundVariant

_MEDIA = "https://static.wixstatic.com/media/"
_COLOUR = re.compile(r"^(?:rgba?\([^)]*\)|#[0-9a-fA-F]{3,8})\s*:\s*(.+)$")
_DEMO = re.compile(
    r"(?i)^(?:i'?m a product|je suis un produit|soy un producto|sou um produto|(?:das ist|ich bin) ein produkt"
    r"|sono un prodotto)\b"
)


def wix_products(cells: Cells) -> Iterator[Draft]:
    """Lines of one handle are one product."""
    products: dict[str, _Product] = {}
    for row in cells.table.rows():
        handle, kind = row.get("group"), row.get("kind").casefold()
        if kind.startswith("product") or (handle not in products and row.get("title")):
            key = handle if handle and handle not in products else f"line {row.number}"
            products[key] = _Product(cells, row)
        elif handle in products and kind.startswith("variant"):
            products[handle].variant(row)
        elif handle in products:
            products[handle].draft.add_images(cells.images(row, _MEDIA))
        else:
            cells.doubts.at(
                row.number, "This variant belongs to no product of the file.", "Export it with its product."
            )
    for product in products.values():
        yield product.finished()


class _Product:
    def __init__(self, cells: Cells, row: Row) -> None:
        self._cells = cells
        self._row = row
        self.draft = draft = Draft(where=f"line {row.number}")
        collection = row.get("category").replace(";", ", ")
        titled(draft, row.get("title"), row.get("description"), collection, row.get("brand"))
        draft.sku = one_line(row.get("sku"), 100) or None
        draft.source_id = one_line(row.get("group"), 100) or None
        draft.add_images(cells.images(row, _MEDIA))
        listed, _ = cells.price_in(row, "price")
        self._listed = listed.value if listed else Decimal(0)
        cost = cells.cost(row)
        draft.currency = cost.currency
        draft.stock, draft.availability = cells.stock(row)
        for field in ("title", "description", "price", "category", "brand", "stock"):
            cells.note(draft, row, field, field)
        cells.note(draft, row, "image", "images")
        if row.get("status").casefold() == "false":
            hidden(cells, draft, "hidden")
        if _DEMO.match(draft.title):
            cells.doubts.add(
                draft.where, f"“{draft.title}” is one of Wix's examples.", "Leave it out if you do not sell it."
            )

    def variant(self, row: Row) -> None:
        """A line of a variant; what it leaves out is the product's."""
        added, _ = self._cells.price_in(row, "surcharge")
        own, _ = self._cells.price_in(row, "price")
        price = own.value if own else self._listed + (added.value if added else 0)
        pieces, availability = self._cells.stock(row)
        if row.get("status").casefold() == "false" and availability is None:
            availability = "out_of_stock"
        names = {column.number: text for column, text in self._row.all("option_name")}
        options = {
            one_line(names.get(column.number) or f"Option {column.number}", 60): _value(text)
            for column, text in row.all("option_value")
        }
        sku = one_line(row.get("sku"), 100) or None
        self.draft.add_variant(FoundVariant(options, sku, self._discounted(price), availability, pieces))

    def finished(self) -> Draft:
        """The product; options that have no lines of their own are variants at the product's price."""
        self.draft.base = self._discounted(self._listed) if not self.draft.variants else None
        if not self.draft.variants:
            self._expand()
        return self.draft

    def _expand(self) -> None:
        names = {column.number: one_line(text, 60) for column, text in self._row.all("option_name")}
        axes = {
            names[column.number]: list(dict.fromkeys(_value(part) for part in text.split(";") if part.strip()))
            for column, text in self._row.all("option_value")
            if names.get(column.number)
        }
        axes = {name: values for name, values in axes.items() if values}
        if not axes:
            return
        for at, values in enumerate(combinations(*axes.values())):
            if at >= MAX_VARIANTS:
                break
            options = dict(zip(axes, values, strict=True))
            self.draft.add_variant(FoundVariant(options, None, self.draft.base, self.draft.availability))

    def _discounted(self, price: Decimal) -> Decimal | None:
        """What is paid after the product's discount; nothing where nothing is left."""
        value, _ = self._cells.price_in(self._row, "discount_value")
        if value and price:
            off = price * value.value / 100 if self._row.get("discount_mode").upper() == "PERCENT" else value.value
            price = tidy(price - off) if off < price else price
        return price if price > 0 else None


def _value(text: str) -> str:
    """``rgb(0,0,0):Black`` and ``#ffffff:White`` are called by their names, ``black:Black`` too."""
    found = _COLOUR.match(text.strip())
    if found:
        return one_line(found[1], 120)
    before, _, after = text.strip().partition(":")
    return one_line(after if after and before.casefold() == after.casefold() else text, 120)
