"""From what a source says of a product to what the catalogue can sell, or the reason why it cannot."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.knowledge.importing.merging.codes import speakable
from griot.knowledge.importing.merging.models import Kind, Offer, Terms
from griot.knowledge.importing.models import Availability, Doubt, FoundProduct, FoundVariant

_MOST_PIECES = 1_000_000
_LONGEST_TITLE = 200
_LONGEST_TEXT = 5_000


def offers_of(products: Iterable[FoundProduct], terms: Terms) -> tuple[list[Offer], list[Doubt]]:
    """The products that can be sold, each once, and why the others cannot."""
    offers: dict[str, Offer] = {}
    doubts = []
    uncounted = shared = 0
    for product in products:
        made = _offer(product, terms)
        if isinstance(made, Doubt):
            doubts.append(made)
            continue
        if made.key in offers:
            doubts.append(Doubt(made.title, "The source lists it twice.", "The first of them is taken."))
            continue
        offers[made.key] = made
        uncounted += not all(kind.counted for kind in made.kinds)
        shared += len(_shares(_kinds(product), product)) > 1
    if uncounted:
        doubts.append(
            Doubt(
                "stock",
                f"The source does not say how many pieces there are of {uncounted} of the products.",
                f"{terms.pieces} of each are counted where it is in stock: say another number with --pieces, or correct"
                " them in the catalogue.",
            )
        )
    if shared:
        doubts.append(
            Doubt(
                "stock",
                f"The source gives one number of pieces for all variants of {shared} of the products.",
                "It is shared out among them: give a number for each in the source, or correct them in the catalogue.",
            )
        )
    return list(offers.values()), doubts


def saying(offer: Offer) -> dict[str, Any]:
    """What the source says, to be compared with what it will say next: amounts in minor units, stock in pieces."""
    return {
        **fields_of(offer),
        "kinds": {
            label(kind.options): {"price_minor": kind.price.minor if kind.price else None, "stock": kind.stock}
            for kind in offer.kinds
        },
    }


def fields_of(offer: Offer) -> dict[str, Any]:
    """The columns of the product that a source speaks of."""
    return {
        "title": offer.title,
        "description": offer.description,
        "category": offer.category,
        "price_minor": offer.price.minor,
        "image_url": offer.image_url,
    }


def label(options: Mapping[str, str]) -> str:
    """A variant's options as one name, whatever their order: ``couleur=rouge/taille=S``."""
    return "/".join(f"{axis}={value}" for axis, value in sorted(options.items()))


def _offer(product: FoundProduct, terms: Terms) -> Offer | Doubt:
    title = " ".join(product.title.split())[:_LONGEST_TITLE]
    if not title:
        return Doubt(product.sku or product.url or "a product", "It has no title.", "Give it one in the source.")
    currency = product.currency or terms.stated
    if currency is None:
        return Doubt(title, "Its price names no currency.", "Say which one with --currency, such as --currency XOF.")
    if currency != terms.currency:
        return Doubt(
            title,
            f"It is priced in {currency}, and the shop sells in {terms.currency}.",
            f"Give a source with prices in {terms.currency}; amounts are never converted.",
        )
    kinds = _kinds(product)
    prices = [
        price for price in (_price(product.price, currency), *(_price(k.price, currency) for k in kinds)) if price
    ]
    if not prices:
        return Doubt(
            title, "It has no price, or one that cannot be paid.", "Give its price in the source, then import again."
        )
    price = _price(product.price, currency) or min(prices, key=lambda money: money.minor)
    return Offer(
        key=key_of(product),
        title=title,
        price=price,
        kinds=_offered(kinds, product, price, terms),
        description=product.description[:_LONGEST_TEXT],
        category=product.category[:_LONGEST_TITLE],
        image_url=next(iter(product.images), None),
        code=speakable(product.sku),
        provenance=product.provenance,
    )


def key_of(product: FoundProduct) -> str:
    """What tells a product apart within its source: its id there, else its address, its SKU or its title."""
    if product.source_id:
        return f"id:{product.source_id}"
    if product.url:
        parts = urlsplit(product.url)
        return (
            f"url:{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}"
        )
    return f"sku:{product.sku}" if product.sku else f"title:{' '.join(product.title.casefold().split())}"


def _kinds(product: FoundProduct) -> list[FoundVariant]:
    """The variants, each combination of options once; a product without options has one."""
    named: dict[str, FoundVariant] = {}
    for variant in product.variants:
        named.setdefault(label(variant.options), variant)
    with_options = [variant for variant in named.values() if variant.options]
    return with_options or list(named.values())[:1]


def _offered(kinds: list[FoundVariant], product: FoundProduct, price: Money, terms: Terms) -> tuple[Kind, ...]:
    if not kinds:
        return (Kind({}, None, *_pieces(product.stock, product.availability, terms)),)
    offered = []
    shares = _shares(kinds, product)
    for at, kind in enumerate(kinds):
        own = _price(kind.price, price.currency)
        pieces = _pieces(shares.get(at, kind.stock), kind.availability or product.availability, terms)
        offered.append(Kind(kind.options, own if own and own != price else None, *pieces))
    return tuple(offered)


def _shares(kinds: Sequence[FoundVariant], product: FoundProduct) -> dict[int, int]:
    """Pieces by place of the variants, where the source gives one number for all of them: shared out.

    So no more is sold than there is. Variants that are out of stock have no share.
    """
    if product.stock is None or any(kind.stock is not None for kind in kinds):
        return {}
    there = [at for at, kind in enumerate(kinds) if kind.availability != "out_of_stock"]
    share, rest = divmod(max(product.stock, 0), max(len(there), 1))
    return {at: share + (place < rest) for place, at in enumerate(there)}


def _pieces(stock: int | None, availability: Availability | None, terms: Terms) -> tuple[int, bool]:
    """How many there are, and whether the source counts them."""
    if availability == "out_of_stock":
        return 0, True
    return (min(max(stock, 0), _MOST_PIECES), True) if stock is not None else (terms.pieces, False)


def _price(amount: Decimal | None, currency: str) -> Money | None:
    """A price that can be paid in the currency's coins, or none."""
    if amount is None:
        return None
    try:
        money = Money.parse(f"{amount:f}", currency)
    except (InvalidInput, ValueError):
        return None
    return money if 0 < money.minor < 10**15 else None
