"""Magento's exports, 1 and 2: the variants of a configurable product are products of their own that nobody sees alone.

A configurable names its variants in ``configurable_variations`` (2), in ``_super_products_sku`` on its own and the
lines without a code below it (1), or in ``associated_skus`` and the like (Magmi and other tools). A line without a
code belongs to the product above it: another store view, another image, another variant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft, titled
from griot.knowledge.importing.files.plain import one_line
from griot.knowledge.importing.files.tables import Row
from griot.knowledge.importing.files.variant_rows import hidden
from griot.knowledge.importing.models import FoundVariant

_UNSEEN = re.compile(
    r"(?i)not visible individually|non visible individuellement|nicht einzeln sichtbar|no visible individualmente"
    r"|non visibile (?:singolarmente|individualmente)|n[ãa]o vis[íi]vel individualmente|niet individueel zichtbaar|^1$"
)
_NAMED_IN = (
    "associated_skus",
    "associated",
    "simples_skus",
    "simple_skus",
    "child_skus",
    "children_skus",
    "super_skus",
)
_AXES_IN = ("configurable_attributes", "super_attribute_codes", "super_attributes")
_DISABLED = frozenset({"2", "disabled", "désactivé", "deaktiviert", "deshabilitado", "desativado", "disabilitato"})


@dataclass(slots=True)
class _Product:
    """One product's lines: the one with its code first."""

    first: Row
    more: list[Row] = field(default_factory=list)


def magento_products(cells: Cells) -> Iterator[Draft]:
    """Configurable products with their variants, and every other line that is visible by itself."""
    products: dict[str, _Product] = {}
    last: _Product | None = None
    for row in cells.table.rows():
        code = row.get("sku")
        if not code:
            if last:
                last.more.append(row)
        elif code in products:
            last = products[code]
            last.more.append(row)
        else:
            last = products[code] = _Product(row)
    named = {code: _variations(cells, product) for code, product in products.items()}
    children = {child for code, found in named.items() for child in found if child != code}
    for code, product in products.items():
        if code in children and (_is_unseen(cells, product.first) or _is_configured(named, code)):
            continue
        if _is_unseen(cells, product.first) and not named[code]:
            continue
        held = {child: products.get(child) for child in named[code]}
        yield _draft(cells, product, held, named[code], _members(cells, product.first, products))


def _is_unseen(cells: Cells, row: Row) -> bool:
    return bool(_UNSEEN.search(cells.raw(row, "visibility")))


def _kind(cells: Cells, row: Row) -> str:
    return cells.raw(row, "product_type", "_type", "type").casefold()


def _is_configured(named: dict[str, dict[str, dict[str, str]]], code: str) -> bool:
    """Whether some product says by which options a code is its variant."""
    return any(code in found and found[code] for other, found in named.items() if other != code)


def _members(cells: Cells, row: Row, products: dict[str, _Product]) -> list[_Product]:
    """The products that a group is sold as: its cheapest one is what it costs from."""
    codes = (part.partition("=")[0].strip() for part in re.split(r"[,;|]", cells.raw(row, *_NAMED_IN)))
    return [products[code] for code in codes if code in products]


def _draft(
    cells: Cells,
    product: _Product,
    children: dict[str, _Product | None],
    options: dict[str, dict[str, str]],
    members: list[_Product],
) -> Draft:
    row = product.first
    draft = Draft(where=f"line {row.number}")
    category = cells.raw(row, "categories", "_category").split(",")[0].replace("/", " > ")
    titled(
        draft,
        row.get("title") or row.get("sku"),
        row.get("description") or row.get("short_description"),
        category or row.get("category"),
        row.get("brand"),
    )
    cells.settle(draft, row)
    draft.sku = draft.source_id = one_line(row.get("sku"), 100)
    for line in product.more:  # other store views: only what the first left out
        titled(draft, line.get("title"), line.get("description"))
        draft.add_images(cells.images(line))
    axes = [name.strip() for name in cells.raw(row, *_AXES_IN).split(",") if name.strip()]
    for code, child in children.items():
        if child is not None and child is not product:
            told = options[code] or {name: text for name in axes if (text := cells.raw(child.first, name))}
            draft.add_variant(_variant(cells, child.first, told or cells.axes(child.first)))
            draft.currency = draft.currency or cells.cost(child.first).currency
    if draft.base is None and "grouped" in _kind(cells, row):
        costs = [cells.cost(one.first).price for one in members]
        draft.base = min((price for price in costs if price), default=None)
    if cells.raw(row, "status", "product_online").casefold() in _DISABLED:
        hidden(cells, draft, "disabled")
    return draft


def _variant(cells: Cells, row: Row, options: dict[str, str]) -> FoundVariant:
    cost = cells.cost(row)
    pieces, availability = cells.stock(row)
    return FoundVariant(options, one_line(row.get("sku"), 100), cost.price, availability, pieces)


def _variations(cells: Cells, product: _Product) -> dict[str, dict[str, str]]:
    """Code -> options of the variants that a product's lines name; options that stand elsewhere are left empty."""
    found: dict[str, dict[str, str]] = {}
    for part in cells.raw(product.first, "configurable_variations").split("|"):
        pairs = dict(pair.split("=", 1) for pair in part.split(",") if "=" in pair)
        code = pairs.pop("sku", "").strip()
        if code:
            found[code] = {one_line(name, 60): one_line(value, 120) for name, value in pairs.items()}
    for line in (product.first, *product.more):
        code = cells.raw(line, "_super_products_sku")
        if code:
            axis, value = cells.raw(line, "_super_attribute_code"), cells.raw(line, "_super_attribute_option")
            found.setdefault(code, {}).update({one_line(axis, 60): one_line(value, 120)} if axis and value else {})
    if not found and "configurable" in _kind(cells, product.first):
        for part in re.split(r"[,;|]", cells.raw(product.first, *_NAMED_IN)):
            code = part.partition("=")[0].strip()
            if code:
                found.setdefault(code, {})
    return found
