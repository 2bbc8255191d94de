"""Whose export a table is, by its headers, and how it is read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from griot.knowledge.importing.files.bigcommerce_rows import bigcommerce_products
from griot.knowledge.importing.files.cells import Cells
from griot.knowledge.importing.files.drafts import Draft
from griot.knowledge.importing.files.ecwid_rows import ecwid_products
from griot.knowledge.importing.files.line_kinds import kind_products, tells_kinds
from griot.knowledge.importing.files.magento_rows import magento_products
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.own_rows import own_products
from griot.knowledge.importing.files.variant_rows import shopify_products, square_products, squarespace_products
from griot.knowledge.importing.files.vocabulary import folded
from griot.knowledge.importing.files.wix_rows import wix_products
from griot.knowledge.importing.files.woo_rows import woo_products

# Exports of programs, where a lone dot is the decimal point whatever follows it.
MACHINE = frozenset(
    {
        "shopify-csv",
        "wix-csv",
        "etsy-csv",
        "meta-csv",
        "google-feed",
        "square-csv",
        "loyverse-csv",
        "squarespace-csv",
        "magento-csv",
        "prestashop-csv",
        "bigcommerce-csv",
        "ecwid-csv",
    }
)

_MAGENTO_CHILDREN = frozenset(
    {"associated skus", "simples skus", "simple skus", "super products sku", "configurable attributes", "url key"}
)
_READERS: dict[str, Callable[[Cells], Iterator[Draft]]] = {
    "shopify-csv": shopify_products,
    "squarespace-csv": squarespace_products,
    "square-csv": square_products,
    "loyverse-csv": shopify_products,
    "tiendanube-csv": shopify_products,
    "woocommerce-csv": woo_products,
    "wix-csv": wix_products,
    "magento-csv": magento_products,
    "bigcommerce-csv": bigcommerce_products,
    "ecwid-csv": ecwid_products,
}


def products_of(cells: Cells) -> Iterator[Draft]:
    """The products of a table, by the format that its mapping names."""
    read = _READERS.get(cells.table.mapping.format)
    if read is None:
        read = kind_products if tells_kinds(cells.table) else own_products
    return read(cells)


def with_format(mapping: Mapping, headers: Sequence[str]) -> Mapping:
    """The mapping with the export's name, and with the columns that this export calls in its own way."""
    names = {folded(header) for header in headers if header}
    found = _format(names, mapping)
    mapping = replace(mapping, format=found)
    if found in ("shopify-csv", "wix-csv"):  # "Type" and "fieldType" are what they are
        mapping = _first(mapping, headers, "group", ("handle", "url handle", "handle id"))
    if found == "squarespace-csv":
        mapping = _first(mapping, headers, "id", ("product id non editable", "product id"))
    if found == "square-csv":
        mapping = _first(mapping, headers, "title", ("item name",))
    if found == "bigcommerce-csv":  # its retail price is the one that is struck through
        mapping = _first(mapping, headers, "kind", ("item", "item type"))
        mapping = _first(mapping, headers, "price", ("price",))
    return mapping


def _format(names: set[str], mapping: Mapping) -> str:
    if names & {"handle id", "handle"} and "field type" in names:
        return "wix-csv"
    if (
        names & {"handle", "url handle"}
        and (names & {"title"})
        and _has(names, "variant ", "option 1 ", "body html", "option 1 name")
    ):
        return "shopify-csv"
    if "product internal id" in names and {"type", "product name"} <= names:
        return "ecwid-csv"
    if {"item", "id", "name", "sku", "inventory tracking"} <= names or {"item type", "product code sku"} <= names:
        return "bigcommerce-csv"
    if "identificador url" in names and mapping.reads("title", "option_value"):
        return "tiendanube-csv"
    if {"handle", "sold by weight", "default price"} <= names:
        return "loyverse-csv"
    if "item name" in names and "variation name" in names:
        return "square-csv"
    if {"hosted image urls"} & names and names & {"product page", "product url", "variant id non editable"}:
        return "squarespace-csv"
    if "sku" in names and (
        {"product type", "attribute set code"} <= names
        or {"type", "attribute set"} <= names
        or {"type id", "attribute set id"} <= names
    ):
        return "magento-csv"
    if "sku" in names and "configurable variations" in names:
        return "magento-csv"
    if {"sku", "product type", "visibility"} <= names and names & _MAGENTO_CHILDREN:
        return "magento-csv"
    if _is_woo(names, mapping):
        return "woocommerce-csv"
    if (_has(names, "price tax excluded", "tax rules id", "supplier reference") and _has(names, "reference")) or {
        "price tax excl",
        "price tax incl",
    } <= names:
        return "prestashop-csv"
    if _is_etsy(mapping):
        return "etsy-csv"
    catalogue = mapping.reads("id", "title", "price", "image") and (
        mapping.reads("availability") or mapping.reads("url")
    )
    if catalogue and (
        _has(
            names,
            "fb product category",
            "quantity sell on facebook",
            "quantity to sell on facebook",
            "video 0",
            "style 0",
            "product tags 0",
        )
    ):
        return "meta-csv"
    if catalogue and names & {
        "image link",
        "lien image",
        "bildlink",
        "enlace imagen",
        "link immagine",
        "image_link",
        "google product category",
    }:
        return "google-feed"
    return "own"


def _has(names: set[str], *starts: str) -> bool:
    return any(name.startswith(start) for start in starts for name in names)


def _is_woo(names: set[str], mapping: Mapping) -> bool:
    """Its type and parent columns, or its numbered attributes beside what else only WooCommerce has."""
    telling = sum(
        (
            *map(mapping.reads, ("option_name", "status", "short_description", "sale_price", "group")),
            _has(
                names,
                "is featured",
                "mis avant",
                "esta destacado",
                "destaque",
                "ist hervorgehoben",
                "рекомендуемый",
                "meta ",
            ),
            _has(names, "tax status", "etat tva", "estado impuesto", "steuerstatus", "status imposto", "статус налога"),
            _has(
                names,
                "visibility in catalog",
                "visibilite dans catalogue",
                "visibilidad en catalogo",
                "sichtbarkeit im katalog",
                "видимость в каталоге",
            ),
        )
    )
    return mapping.reads("kind") and telling >= 3


def _is_etsy(mapping: Mapping) -> bool:
    numbered = sum(1 for column in mapping.columns if column.field == "image" and column.number)
    return mapping.reads("title", "price", "currency") and numbered >= 5


def _first(mapping: Mapping, headers: Sequence[str], field: str, names: Sequence[str]) -> Mapping:
    """The mapping with a field read in the column of one of these names."""
    for at, header in enumerate(headers):
        if folded(header) in names:
            columns = tuple(
                replace(one, field=field, reason=f"its header “{header}”")
                if one.index == at
                else replace(one, field=None, reason=f"“{header}” was taken for {field} instead")
                if one.field == field
                else one
                for one in mapping.columns
            )
            return replace(mapping, columns=columns)
    return mapping
