"""Big Cartel's ``/products.json``: a bare list without a currency; ``images`` may be missing (wire/import.md §1)."""

from collections.abc import Iterator
from typing import Any

from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, objects
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import machine_price
from griot.knowledge.importing.models import Availability, FoundVariant


def is_big_cartel(product: Node) -> bool:
    """A product of Big Cartel's ``/products.json``."""
    return (
        "permalink" in product
        and "options" in product
        and ("default_price" in product or "has_default_option" in product or "on_sale" in product)
    )


def big_cartel_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """Its options are the variants; the currency is nowhere in it."""
    for at, product in enumerate(products):
        title = one_line(product.get("name"))
        if not title:
            continue
        draft = Draft(where=f"product {at + 1}")
        category = next((one_line(one.get("name")) for one in objects(product.get("categories"))), "")
        titled(draft, title, product.get("description"), category)
        draft.source_id = as_text(product.get("id")) or as_text(product.get("permalink")) or None
        draft.base = machine_price(first(product, "price", "default_price"))
        permalink = as_text(product.get("permalink"))
        draft.url = address(product.get("url") or f"/product/{permalink}", origin.url)
        draft.add_images(
            address(first(image, "secure_url", "url"), origin.url) for image in objects(product.get("images"))
        )
        draft.availability = _cartel_status(product.get("status"))
        for option in objects(product.get("options")):
            _cartel_option(draft, option, product)
        draft.from_source("big-cartel", *ALL_FIELDS)
        yield draft


def _cartel_status(status: Any) -> Availability | None:
    known: dict[str, Availability] = {"active": "in_stock", "sold-out": "out_of_stock", "coming-soon": "out_of_stock"}
    return known.get(as_text(status))


def _cartel_option(draft: Draft, option: Node, product: Node) -> None:
    name = one_line(option.get("name"), 120)
    plain = product.get("has_default_option") is True or name.casefold() in ("default", draft.title.casefold())
    price = machine_price(option.get("price"))
    sold = option.get("sold_out")
    availability: Availability | None = None if not isinstance(sold, bool) else "out_of_stock" if sold else "in_stock"
    if draft.availability == "out_of_stock":
        availability = "out_of_stock"
    stock = count_of(option.get("quantity"))
    if plain and len(objects(product.get("options"))) == 1:
        draft.base, draft.availability, draft.stock = price or draft.base, availability or draft.availability, stock
        return
    groups = {
        one_line(group.get("name"), 60): one_line(value.get("name"), 120)
        for group in objects(product.get("option_groups"))
        for value in objects(group.get("values"))
        if value.get("id") in [one.get("id") for one in objects(option.get("option_group_values"))]
    }
    draft.add_variant(FoundVariant(groups or {"Option": name}, None, price, availability, stock))
