"""A merchant's own table, and feeds with a line for each variant: lines -> products."""

import re
from collections.abc import Iterator
from itertools import islice
from itertools import product as combinations

from griot.knowledge.importing.files.cells import Cells, Cost
from griot.knowledge.importing.files.drafts import Draft, own_code, shared_title, titled, told_in_words, whole
from griot.knowledge.importing.files.limits import MAX_VARIANTS
from griot.knowledge.importing.files.mapping import AXES
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.sizes import pieces_of, size_of
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.files.vocabulary import is_total
from griot.knowledge.importing.models import FoundVariant

_LIST = re.compile(r"\s*[,;|\n]\s*")
_DECORATED = re.compile(r"([*=\-_~#•]{2,})\s*[^\W\d_].*\1$|[^\W\d_].*:$", re.DOTALL)
_SIZE = r"(?:x{0,4}[smlu]|\d{1,3}(?:[.,]5)?|tu|one size|unique)"
_SIZES = re.compile(rf"(?i){_SIZE}(?:\s*[/-]\s*{_SIZE})*")


def own_products(cells: Cells) -> Iterator[Draft]:
    """The products of a table in which each line is one, or one variant of one where a column says of which."""
    rows = Own(cells)
    for row in cells.table.rows():
        rows.take(row)
    return rows.drafts()


class Own:
    """Collects the lines of a table into products."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._drafts: dict[str, Draft] = {}
        self._titles: dict[str, list[str]] = {}
        self._lines: set[int] = set()  # fingerprints
        self._grouped: set[str] = set()
        self._parents: set[str] = set()
        self._heading = ""
        self._last = ""
        mapping = cells.table.mapping
        self._categorised = mapping.reads("category")
        self._axes = any(mapping.reads(axis) for axis in AXES) or mapping.reads("option_value")
        self._axes = self._axes or mapping.reads("variant_title")
        self._feed = mapping.format in ("meta-csv", "google-feed")
        self._numbered = mapping.reads("id")
        wide = [sum(1 for cell in line.cells if cell.strip()) for line in cells.table.sample]
        self._wide = bool(wide) and sorted(wide)[len(wide) // 2] >= (3 if mapping.header_line else 2)

    def take(self, row: Row) -> None:
        """One line: a product, a variant, a heading, a sum, or nothing."""
        title = one_line(row.get("title"))
        if self._is_no_product(row, title):
            return
        if not title:
            title = self._name_of(row)
        if not title:
            return
        key = self._last if self._is_merged(row) else self._key(row, title)
        self._last = key
        if row.get("group"):
            self._grouped.add(key)
        draft = self._drafts.get(key)
        if draft is None:
            self._drafts[key] = draft = Draft(where=f"line {row.number}")
            self._begin(draft, row, title, key)
            return
        if self._is_again(draft, row, title):
            self._cells.doubts.at(row.number, f"“{title}” is listed twice.", "Take one of the two lines out.")
            return
        self._continue(draft, row, title, key)

    def drafts(self) -> Iterator[Draft]:
        """The products, in the file's order, each once: what is finished elsewhere is not kept here."""
        for key in list(self._drafts):
            draft = self._drafts.pop(key)
            if self._feed and key not in self._grouped:
                told_in_words(draft)
            draft.title = shared_title(draft, self._titles.get(key, []))
            yield draft

    def _is_no_product(self, row: Row, title: str) -> bool:
        first = next((cell.strip() for cell in row.cells if cell.strip()), "")
        if is_total(title or first):
            return True
        if row.filled() == 1 and (self._wide or _DECORATED.match(first)):
            letter = re.search(r"[^\W\d_]", first)
            if letter and not letter[0].islower() and len(first) < 80:  # else the rest of the line before
                self._heading = one_line(first).strip("*=-_~#•: ")
                self._cells.doubts.at(
                    row.number,
                    f"“{one_line(first, 60)}” was taken for a heading.",
                    "Fill in the other columns if it is a product.",
                )
            return True
        return False

    def _name_of(self, row: Row) -> str:
        """What a line without a name is called, or nothing: then it is left out, and said so."""
        if row.get("brand") and row.get("model"):
            return one_line(f"{row.get('brand')} {row.get('model')}")
        if row.get("group") and self._key(row, "") in self._drafts:
            return self._drafts[self._key(row, "")].title
        if self._is_merged(row):
            return self._drafts[self._last].title
        if row.filled() > 1:
            self._cells.doubts.at(
                row.number, "This line has no name of a product.", "Write the name, or take the line out."
            )
        return ""

    def _is_merged(self, row: Row) -> bool:
        """A line without a name that says which size or colour it is: the cell with the name is merged from above."""
        return self._last in self._drafts and not row.get("title") and bool(self._cells.axes(row))

    def _key(self, row: Row, title: str) -> str:
        """What lines of one product share."""
        group, own = row.get("group"), row.get("sku") or row.get("id")
        if group:
            return f"group {group.casefold()}"
        parented = f"group {own.casefold()}"
        if own and self._cells.table.mapping.reads("group"):
            return parented
        if self._axes and not self._numbered and self._cells.axes(row):
            stem = _stem(own)
            return f"named {title.casefold()} {row.get('brand').casefold()} {stem}"
        if own:
            return f"own {own.casefold()} {title.casefold()}"
        return f"line {row.number}"

    def _code(self, row: Row) -> str | None:
        return own_code(row.get("sku"), row.get("id"), feed=self._feed)

    def _begin(self, draft: Draft, row: Row, title: str, key: str) -> None:
        """The first line of a product."""
        titled(
            draft,
            title,
            row.get("description") or row.get("short_description"),
            row.get("category") or self._heading,
            row.get("brand"),
        )
        cost = self._cells.settle(draft, row)
        draft.url = address(row.get("url"), self._cells.base)
        draft.sku = self._code(row)
        draft.source_id = one_line(row.get("group") or whole(row.get("id") or row.get("sku")), 100) or None
        self._lines.add(hash((draft.where, *row.cells)))
        self._titles[key] = [title]
        own = (row.get("sku") or row.get("id")).casefold()
        if own and key == f"group {own}" and not self._cells.axes(row):
            self._parents.add(key)  # should other lines name it
        self._add_options(draft, row, cost)

    def _is_again(self, draft: Draft, row: Row, title: str) -> bool:
        """The same line again, or one with the same code and name that no option tells apart."""
        line = hash((draft.where, *row.cells))
        if line in self._lines:
            return True
        self._lines.add(line)
        axes = self._cells.axes(row)
        same = any(variant.options == axes for variant in draft.variants)
        code = self._code(row)
        return (not axes or same) and title == draft.title and (not code or code == draft.sku or not row.get("group"))

    def _continue(self, draft: Draft, row: Row, title: str, key: str) -> None:
        """Another variant of a product."""
        if not draft.variants and key not in self._parents:  # the first line was one, too
            draft.add_variant(
                FoundVariant({}, draft.sku, draft.base, draft.availability, draft.stock, next(iter(draft.images), None))
            )
        self._titles[key].append(title)
        cost = self._cells.cost(row)
        draft.currency = draft.currency or cost.currency
        if row.get("group") and key not in self._parents:
            draft.sku = one_line(row.get("group"), 100)
        images = self._cells.images(row)
        self._add_options(draft, row, cost, always=True, image=images[0] if images else None)
        draft.add_images(images)

    def _add_options(
        self, draft: Draft, row: Row, cost: Cost, *, always: bool = False, image: str | None = None
    ) -> None:
        """The variants that a line stands for: one, or one for each value where a cell lists several."""
        axes = {name: _values(text) for name, text in self._cells.axes(row).items()}
        pieces, availability = self._cells.stock(row)
        sku = self._code(row)
        if self._sizes(draft, row, cost, {name: values[0] for name, values in axes.items() if values}):
            return
        if any(len(values) > 1 for values in axes.values()):
            draft.base = draft.base or cost.price
            combined = list(islice(combinations(*axes.values()), MAX_VARIANTS))
            codes = [part.strip() for part in row.get("sku").split(",")]
            own = codes if len(codes) == len(combined) else [None] * len(combined)
            if own == codes:
                draft.sku = None
            for values, code in zip(combined, own, strict=True):
                options = dict(zip(axes, values, strict=True))
                draft.add_variant(FoundVariant(options, code, cost.price, availability))
            return
        options = {name: values[0] for name, values in axes.items() if values}
        if options or always:
            image = image or next(iter(draft.images), None)
            if not draft.add_variant(FoundVariant(options, sku, cost.price, availability, pieces, image)):
                self._cells.doubts.add(
                    draft.where, f"It has more than {MAX_VARIANTS} variants.", "The others were left out."
                )

    def _sizes(self, draft: Draft, row: Row, cost: Cost, options: dict[str, str]) -> bool:
        """The variants that a line's columns of sizes stand for; False when it has none."""
        found = False
        for column, price in self._cells.prices_by_size(row):
            draft.currency = draft.currency or price.currency or cost.currency
            draft.from_source(f"column {column.label}", "price", "currency")
            draft.add_variant(FoundVariant({**options, "Size": size_of(column.header)}, None, price.value))
            found = True
        for column, text in row.all("size_stock"):
            said = pieces_of(text)
            if said is not None:
                draft.from_source(f"column {column.label}", "stock", "availability")
                size = {**options, "Size": size_of(column.header) or column.label}
                draft.add_variant(FoundVariant(size, None, cost.price, said[1], said[0]))
                found = True
        return found


def _values(text: str) -> list[str]:
    """The values that a cell lists: ``S, M, L``, ``S/M/L``, ``38-39-40``; else the cell is one value."""
    parts = [part for part in _LIST.split(text) if part]
    if len(parts) > 1:
        return list(dict.fromkeys(parts))[:40]
    for mark in ("/", "-", " "):
        pieces = [piece.strip() for piece in text.split(mark) if piece.strip()]
        if len(pieces) >= 3 and all(_SIZES.fullmatch(piece) for piece in pieces):
            return list(dict.fromkeys(pieces))[:40]
    return parts or [text]


def _stem(code: str) -> str:
    """What codes of one product's variants share: ``ROBE-S`` and ``ROBE-M`` share ``ROBE``; a number shares nothing."""
    head = re.split(r"[-_/. ]", code.strip(), maxsplit=1)[0]
    return head.casefold() if head != code.strip() and re.search(r"[^\W\d_]", head) else code.casefold()
