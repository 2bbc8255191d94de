"""Tables that say of each line whether it is a product or one of its options (Salla, and merchants' own).

A line of an option belongs to the product above it, and states what differs: price, code, stock. The names of the
axes stand in the product's line (``[1] الاسم``), the values in the options' (``[1] القيمة``).
"""

from collections.abc import Iterator

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, own_code, titled
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.tables import Row, Table
from griot.knowledge.importing.files.vocabulary import is_total, words
from griot.knowledge.importing.models import FoundVariant


def tells_kinds(table: Table) -> bool:
    """Whether a column says of lines that they are options of a product, and of others that they are products."""
    said = [_kind(row) for row in table.sample_rows() if row.get("kind")]
    options = [one in words("variant_lines") for one in said]
    return any(options) and not all(options) and not table.mapping.reads("group")


def _kind(row: Row) -> str:
    return row.get("kind").casefold().strip()


def kind_products(cells: Cells) -> Iterator[Draft]:
    """The products of such a table."""
    last: _Product | None = None
    for row in cells.table.rows():
        if _kind(row) in words("variant_lines"):
            if last is None:
                cells.doubts.at(row.number, "This option belongs to no product.", "Put it below its product.")
            else:
                last.option(row)
            continue
        title = one_line(row.get("title"))
        if not title or is_total(title):
            if not title and row.filled() > 1:
                cells.doubts.at(
                    row.number, "This line has no name of a product.", "Write the name, or take the line out."
                )
            continue
        if last is not None:
            yield last.draft
        last = _Product(cells, row, title)
    if last is not None:
        yield last.draft


class _Product:
    """A product while the lines of its options come in."""

    def __init__(self, cells: Cells, row: Row, title: str) -> None:
        self._cells = cells
        self._names = {column.number: one_line(text, 60) for column, text in row.all("option_name")}
        self.draft = draft = Draft(where=f"line {row.number}")
        description = row.get("description") or row.get("short_description")
        titled(draft, title, description, row.get("category"), row.get("brand"))
        cells.settle(draft, row)
        draft.sku = own_code(row.get("sku"), row.get("id"))
        draft.source_id = one_line(row.get("id") or row.get("sku"), 100) or None
        draft.url = address(row.get("url"), cells.base)

    def option(self, row: Row) -> None:
        """A line of an option; what it leaves out is the product's."""
        cells, draft = self._cells, self.draft
        cost = cells.cost(row)
        pieces, availability = cells.stock(row)
        images = cells.images(row)
        options = {
            self._names.get(column.number) or f"Option {column.number or 1}": one_line(text, 120)
            for column, text in row.all("option_value")
        }
        options = options or cells.axes(row)
        if not options and row.get("title"):
            options = {"Variation": one_line(row.get("title"), 120)}
        draft.currency = draft.currency or cost.currency
        sku = own_code(row.get("sku"), "")
        found = FoundVariant(options, sku, cost.price, availability, pieces, images[0] if images else None)
        if not draft.add_variant(found):
            cells.doubts.add(draft.where, "It has more variants than are read.", "The others were left out.")
        draft.add_images(images)
