"""What schema.org offers say: the price to pay now, its currency, whether it can be bought (wire/import.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from griot.knowledge.importing.amounts import currency_code, read_number
from griot.knowledge.importing.availability import availability_code, availability_of, of_pieces
from griot.knowledge.importing.models import Availability
from griot.knowledge.importing.pages.nodes import Node, objects, plain, text, values

_DEEPEST = 6

# Prices that nobody pays: schema.org/PriceTypeEnumeration, and spellings met.
_NOT_PAID = ("listprice", "list", "msrp", "srp", "strikethrough", "strikethroughprice", "regularprice", "suggested")


@dataclass(frozen=True, slots=True)
class Terms:
    """One offer, or several taken together. ``price`` > 0 in major units; ``highest``: of the dearest, if dearer."""

    price: Decimal | None = None
    highest: Decimal | None = None
    currency: str | None = None
    availability: Availability | None = None
    stock: int | None = None


def terms_of(product: Node) -> Terms:
    """The terms of a product's offers; of the product itself where it bears a price without an offer."""
    offers = [terms for offer in objects(product, "offers", "offer") for terms in _flattened(offer, _DEEPEST)]
    if not offers and values(product, "price", "lowPrice", "priceSpecification"):
        offers = [_single(product)]
    return together(offers)


def together(offers: Iterable[Terms]) -> Terms:
    """Several offers as one: the lowest price that can be had now, in stock when any is.

    Of several currencies, the first offer's.
    """
    every = list(offers)
    priced = [offer for offer in every if offer.price is not None]
    currency = next((offer.currency for offer in priced or every if offer.currency), None)
    priced = [offer for offer in priced if offer.currency in (None, currency)]
    to_be_had = [offer for offer in priced if offer.availability != "out_of_stock"] or priced
    lowest = min((offer.price for offer in to_be_had if offer.price is not None), default=None)
    highest = max((offer.highest or offer.price for offer in to_be_had if offer.price is not None), default=None)
    stocks = [offer.stock for offer in every if offer.stock is not None]
    return Terms(
        lowest,
        highest if highest is not None and lowest is not None and highest > lowest else None,
        currency,
        any_in_stock(offer.availability for offer in every),
        sum(stocks) if stocks else None,
    )


def any_in_stock(said: Iterable[Availability | None]) -> Availability | None:
    """In stock when any is; out of stock when all that say anything are."""
    known = {availability for availability in said if availability}
    return "in_stock" if "in_stock" in known else "out_of_stock" if known else None


def _flattened(offer: Node, depth: int) -> list[Terms]:
    """An offer's terms; an aggregate's own when it states a price, else its members'."""
    members = [terms for inner in objects(offer, "offers") for terms in _flattened(inner, depth - 1)] if depth else []
    own = _single(offer)
    if not members:
        return [own]
    inherited = [
        Terms(terms.price, terms.highest, terms.currency or own.currency, terms.availability, terms.stock)
        for terms in members
    ]
    known = together(inherited)
    if known.price is None:
        return [Terms(own.price, own.highest, own.currency or known.currency, own.availability or known.availability)]
    return inherited


def _single(offer: Node) -> Terms:
    currency = _currency(offer)
    price, specified = _price(offer, currency)
    currency = currency or specified
    highest = read_number(next(iter(values(offer, "highPrice")), None), currency)
    stock = _stock(offer)
    availability = _availability(offer) or of_pieces(stock)
    if not price:
        return Terms(None, None, currency, availability, stock)
    return Terms(price, highest if highest and highest > price else None, currency, availability, stock)


def _price(offer: Node, currency: str | None) -> tuple[Decimal | None, str | None]:
    """The price, and the currency of the specification it came from: price, then priceSpecification, then lowPrice."""
    for name in ("price", "salePrice"):
        price = _scalar(values(offer, name), currency)
        if price:
            return price, None
    specified = _specified(objects(offer, "priceSpecification"), currency)
    if specified[0]:
        return specified
    return _scalar(values(offer, "lowPrice"), currency), None


def _scalar(found: list[Any], currency: str | None) -> Decimal | None:
    """The first value that is a number or text of one, not zero."""
    numbers = (read_number(value, currency) for value in found)
    return next((number for number in numbers if number), None)


def _specified(specifications: list[Node], currency: str | None) -> tuple[Decimal | None, str | None]:
    """The lowest that a buyer pays: not the list price, with tax rather than without, not per kilo."""
    paid = [node for node in specifications if not _kind(node).endswith(_NOT_PAID)]
    taxed = [node for node in paid if text(node, "valueAddedTaxIncluded").lower() == "true"]
    whole = [node for node in taxed or paid if not objects(node, "referenceQuantity")]
    found = []
    for node in whole or taxed or paid:
        code = _currency(node) or currency
        price = _scalar(values(node, "price", "minPrice"), code)
        if price:
            found.append((price, code))
    return min(found, key=lambda pair: pair[0], default=(None, None))


def _kind(specification: Node) -> str:
    return text(specification, "priceType").rpartition("/")[2].lower()


def _currency(offer: Node) -> str | None:
    return currency_code(text(offer, "priceCurrency", "currency"))


def _availability(offer: Node) -> Availability | None:
    said = [
        plain(value) or (text(value, "@id", "url") if isinstance(value, dict) else "")
        for value in values(offer, "availability")
    ]
    return any_in_stock(availability_code(value) or availability_of(value) for value in said if value)


def _stock(offer: Node) -> int | None:
    """Pieces, where the offer counts them."""
    levels = values(offer, "inventoryLevel")
    number = read_number(plain(levels[0])) if levels else None
    return int(number) if number is not None and number == number.to_integral_value() else None
