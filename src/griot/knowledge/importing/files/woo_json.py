"""WooCommerce's JSON: the Store API (public, minor units) and the REST API (decimal texts, no currency)."""

from collections.abc import Iterator
from decimal import Decimal

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import of_truth
from griot.knowledge.importing.files.drafts import ALL_FIELDS, Draft, count_of, titled
from griot.knowledge.importing.files.nodes import Node, first, node, objects
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, as_text, one_line
from griot.knowledge.importing.files.prices import machine_price, minor_price
from griot.knowledge.importing.models import Availability, FoundVariant


def is_woo(product: Node) -> bool:
    """Whether an object is a product of the Store API or the REST API."""
    store = isinstance(product.get("prices"), dict) and ("currency_code" in product["prices"] or "permalink" in product)
    rest = "permalink" in product and (
        "regular_price" in product or "price_html" in product or "stock_status" in product
    )
    return "name" in product and (store or rest)


def woo_products(products: list[Node], origin: Origin) -> Iterator[Draft]:
    """Drafts of the products; variations that are listed beside their parents become theirs."""
    drafts: dict[str, Draft] = {}
    variations = [product for product in products if product.get("type") == "variation"]
    for at, product in enumerate(products):
        title = one_line(product.get("name"))
        key = as_text(product.get("id")) or f"#{at}"
        if title and product.get("type") != "variation" and key not in drafts:
            drafts[key] = _draft(product, title, at, origin)
    for variation in variations:
        parent = as_text(first(variation, "parent", "parent_id"))
        draft = drafts.get(parent)
        if draft is None:
            title = one_line(variation.get("name"))
            if title:
                drafts[parent or as_text(variation.get("id"))] = draft = _draft(
                    {**variation, "sku": None}, title, 0, origin
                )
        if draft is not None:
            _join(draft, variation, origin)
    yield from drafts.values()


def _draft(product: Node, title: str, at: int, origin: Origin) -> Draft:
    draft = Draft(where=f"product {at + 1}")
    brand = next((node(one).get("name") for one in objects(product.get("brands"))), "")
    category = next((one.get("name") for one in objects(product.get("categories"))), "")
    titled(draft, title, first(product, "description", "short_description"), category, brand)
    draft.base, draft.upper, draft.currency = _price(product)
    draft.sku = one_line(product.get("sku"), 100) or None
    draft.source_id = as_text(product.get("id")) or None
    draft.url = address(product.get("permalink"), origin.url)
    draft.add_images(address(image.get("src"), origin.url) for image in objects(product.get("images")))
    draft.availability = _available(product)
    draft.stock = _stock(product)
    for variation in objects(product.get("variations")):
        options = {
            one_line(pair.get("name"), 60): one_line(pair.get("value"), 120)
            for pair in objects(variation.get("attributes"))
        }
        options = {name: value for name, value in options.items() if name and value}
        if options:
            price, _, _ = _price(variation)
            draft.add_variant(
                FoundVariant(
                    options,
                    one_line(variation.get("sku"), 100) or None,
                    price,
                    _available(variation),
                    _stock(variation),
                )
            )
    draft.from_source("woocommerce", *ALL_FIELDS)
    return draft


def _price(product: Node) -> tuple[Decimal | None, Decimal | None, str | None]:
    """(price now, highest price of its variations, currency)."""
    prices = product.get("prices")
    if not isinstance(prices, dict):
        price = machine_price(product.get("price")) or machine_price(first(product, "sale_price", "regular_price"))
        return price, None, currency_code(product.get("currency"))
    digits = prices.get("currency_minor_unit")
    digits = int(as_text(digits)) if as_text(digits) in ("0", "1", "2", "3", "4") else 0
    span = node(prices.get("price_range"))
    lowest, highest = minor_price(span.get("min_amount"), digits), minor_price(span.get("max_amount"), digits)
    price = (
        lowest
        or minor_price(prices.get("price"), digits)
        or minor_price(first(prices, "sale_price", "regular_price"), digits)
    )
    return price, highest, currency_code(prices.get("currency_code"))


def _available(product: Node) -> Availability | None:
    known: dict[str, Availability] = {"instock": "in_stock", "onbackorder": "in_stock", "outofstock": "out_of_stock"}
    told = of_truth(product.get("is_in_stock")) or of_truth(product.get("in_stock"))
    return told or known.get(as_text(product.get("stock_status")))


def _stock(product: Node) -> int | None:
    return count_of(first(product, "stock_quantity", "low_stock_remaining"))


def _join(draft: Draft, variation: Node, origin: Origin) -> None:
    """A variation that is listed as an object of its own."""
    price, _, currency = _price(variation)
    draft.currency = draft.currency or currency
    options: dict[str, str] = {}
    for pair in objects(variation.get("attributes")):
        value = first(pair, "option", "value") or next((term.get("name") for term in objects(pair.get("terms"))), None)
        name = one_line(pair.get("name"), 60)
        if name and value:
            options[name] = one_line(value, 120)
    options = options or _told(as_text(variation.get("variation")))
    if not options:
        options = {"Variation": one_line(variation.get("variation") or variation.get("name"), 120)}
    images = [address(image.get("src"), origin.url) for image in objects(first(variation, "images", "image"))]
    sku = one_line(variation.get("sku"), 100) or None
    same = [at for at, one in enumerate(draft.variants) if one.options == options]
    variant = FoundVariant(options, sku, price, _available(variation), _stock(variation), next(iter(images), None))
    if same:
        draft.variants[same[0]] = variant
    else:
        draft.add_variant(variant)


def _told(text: str) -> dict[str, str]:
    """``Size: M, Color: Red``, as the Store API sums a variation up."""
    pairs = (part.partition(":") for part in text.split(","))
    return {
        one_line(name, 60): one_line(value, 120)
        for name, colon, value in pairs
        if colon and name.strip() and value.strip()
    }
