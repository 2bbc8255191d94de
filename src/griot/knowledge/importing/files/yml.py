"""Yandex's market language: ``<yml_catalog><shop><offers><offer available="true">``."""

from collections.abc import Iterator

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import availability_code
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, items, objects, texts
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import Style, read_price, style_of
from griot.knowledge.importing.files.records import spoken
from griot.knowledge.importing.files.xml_parsing import as_node, elements
from griot.knowledge.importing.models import FoundVariant

_TAGS = frozenset({"category", "currency", "offer"})


def yml_products(body: bytes, origin: Origin) -> Iterator[Draft]:
    """The offers; those of one ``group_id`` are the variants of one product."""
    categories: dict[str, str] = {}
    main: str | None = None
    drafts: dict[str, Draft] = {}
    style = style_of(spoken(as_node(element).get("price")) for _, element in elements(body, frozenset({"offer"})))
    for at, (path, element) in enumerate(elements(body, _TAGS)):
        source = as_node(element)
        if path[-1] == "category":
            categories[as_text(source.get("id"))] = one_line(element.text)
        elif path[-1] == "currency":
            if main is None and as_text(source.get("rate")).strip() in ("1", "1.0", "1.00"):
                main = currency_code(source.get("id"))
        else:
            _add(drafts, source, Style(style.decimal, machine=True), categories, main, origin, at)
    yield from drafts.values()


def _add(
    drafts: dict[str, Draft],
    source: Node,
    style: Style,
    categories: dict[str, str],
    main: str | None,
    origin: Origin,
    at: int,
) -> None:
    code = one_line(source.get("id"), 100)
    draft = Draft(where=f"offer {code}" if code else f"offer {at + 1}")
    category = categories.get(as_text(spoken(source.get("categoryId"))).strip()) or spoken(source.get("category"))
    titled(draft, _title(source), spoken(source.get("description")), category, spoken(source.get("vendor")))
    if not draft.title:
        return
    price = read_price(spoken(source.get("price")), style)
    draft.base = price.value if price else None
    draft.currency = (price.currency if price else None) or currency_code(spoken(source.get("currencyId"))) or main
    draft.sku = one_line(spoken(first(source, "vendorCode", "shop-sku", "sku")), 100) or code or None
    draft.source_id = code or None
    draft.url = address(spoken(source.get("url")), origin.url)
    draft.add_images(
        address(picture, origin.url)
        for picture in texts(
            items(first(source, "picture", "image"))
            if not isinstance(source.get("picture"), str)
            else [source["picture"]]
        )
    )
    draft.stock = count_of(spoken(first(source, "count", "stock_quantity", "quantity_in_stock", "quantity", "stock")))
    draft.availability = availability_code(as_text(source.get("available")))
    draft.from_source("yml", *ALL_FIELDS)
    group = one_line(first(source, "group_id", "item_group_id"), 100)
    key = f"group {group}" if group else f"offer {code or at}"
    _join(drafts, key, draft, _options(source), group)


def _title(source: Node) -> str:
    """``name``; else type, vendor and model together."""
    name = spoken(source.get("name"))
    parts = [spoken(source.get(key)) for key in ("typePrefix", "vendor", "model")]
    return name or " ".join(part for part in parts if part) or spoken(source.get("title"))


def _options(source: Node) -> dict[str, str]:
    options = {}
    for param in objects(source.get("param")):
        name, value = one_line(param.get("name"), 60), one_line(spoken(param), 120)
        if "#text" in param and name:
            options[name] = one_line(param["#text"], 120) or value
    return options


def _join(drafts: dict[str, Draft], key: str, draft: Draft, options: dict[str, str], group: str) -> None:
    """A draft as a product of its own, or as a variant of its group."""
    if not group:
        drafts.setdefault(key, draft)
        return
    image = next(iter(draft.images), None)
    variant = FoundVariant(options, draft.sku, draft.base, draft.availability, draft.stock, image)
    held = drafts.get(key)
    if held is None:
        drafts[key] = draft
        draft.add_variant(variant)
        return
    held.sku = held.source_id = group
    held.add_images(draft.images)
    held.add_variant(variant)
