"""What a person changes of a product besides its own fields: quantity prices and variants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.money import Money
from griot.knowledge.catalogue import editing_queries, queries
from griot.knowledge.catalogue.models import NewVariant
from griot.knowledge.catalogue.quantity_prices import MOST_PIECES
from griot.knowledge.catalogue.service import create_variants
from griot.knowledge.catalogue.stock import receive_stock

_MOST_STEPS = 12
_LONGEST_OPTION = 60


@dataclass(frozen=True, slots=True)
class Book:
    """A variant as its shop keeps it. ``price``: its own, where it is not the product's; the rest are pieces.

    ``received`` is the sum of its movements, and ``on_hand + held + sold``.
    """

    id: int
    options: dict[str, str]
    price: Money | None
    active: bool
    on_hand: int
    held: int
    sold: int
    received: int

    @property
    def label(self) -> str:
        """As ``Variant.label``."""
        return " / ".join(self.options.values())


async def books(tx: Tx, product_id: int, currency: str) -> list[Book]:
    """Every variant of a product with its book, those that are sold no more last."""
    found = []
    for row in await editing_queries.variants(tx, product_id):
        minor = row.pop("price_minor")
        found.append(Book(**row, price=Money(minor, currency) if minor is not None else None))
    return found


async def set_price_breaks(tx: Tx, product_id: int, steps: Sequence[tuple[int, Money]], now: datetime) -> None:
    """The quantity prices of a product: from how many pieces on, the price of each. None: it has none any more.

    ``NotFound``; ``InvalidInput``: a step below 2 pieces, twice the same, or a price that does not fall.
    """
    product = await _product(tx, product_id)
    if len(steps) > _MOST_STEPS:
        raise InvalidInput(f"{product['code']} has {len(steps)} quantity prices: {_MOST_STEPS} at most.")
    fewer, price = 1, Money(product["price_minor"], product["currency"])
    rows = []
    for quantity, unit in sorted(steps, key=lambda step: step[0]):
        known = unit.currency == price.currency and unit.minor > 0
        if not (known and fewer < quantity <= MOST_PIECES and unit.minor < price.minor):
            raise InvalidInput(
                f"{unit} from {quantity} {product['code']} on cannot be a quantity price: each starts at more pieces"
                f" (2 at least) and is lower than the price before it ({price})."
            )
        fewer, price = quantity, unit
        rows.append({"product_id": product_id, "min_quantity": quantity, "unit_minor": unit.minor})
    await editing_queries.drop_price_breaks(tx, product_id)
    if rows:
        await queries.insert_price_breaks(tx, rows)
    await editing_queries.bump(tx)
    await _changed(tx, product_id, "price_breaks", now)


async def add_variant(
    tx: Tx, product_id: int, options: Mapping[str, str], stock: int, now: datetime, *, price: Money | None = None
) -> int:
    """Sell a product in one more variant, or again in one that was stopped. Returns the variant's id.

    ``stock``: pieces of a new variant; of one that is sold again they are what came in besides. ``InvalidInput``:
    options that the others do not have; ``Conflict``: it is sold already.
    """
    product = await _product(tx, product_id)
    wanted = {name.strip()[:_LONGEST_OPTION]: value.strip()[:_LONGEST_OPTION] for name, value in options.items()}
    others = await editing_queries.variants(tx, product_id)
    axes = sorted({axis for other in others for axis in other["options"]})
    if not wanted or not all(name and value for name, value in wanted.items()):
        raise InvalidInput("A variant has options, such as a size: name each, and its value.")
    if axes and sorted(wanted) != axes:
        raise InvalidInput(f"{product['code']} is sold by {', '.join(axes)}: say these of the new variant.")
    if not axes and any(other["active"] for other in others):
        raise InvalidInput(
            f"{product['code']} comes in one kind only: a product with options is made anew, with a code of its own."
        )
    if not 0 <= stock <= 1_000_000:
        raise InvalidInput("A variant starts with 0 pieces or more.")
    if price is not None and (price.currency != product["currency"] or price.minor <= 0):
        raise InvalidInput(f"{price} cannot be a price of {product['code']}: it is sold in {product['currency']}.")
    known = await editing_queries.same_variant(tx, product_id, wanted)
    if known is None:
        await create_variants(tx, [(product_id, NewVariant(wanted, stock, price))], now)
        known = await editing_queries.same_variant(tx, product_id, wanted)
        assert known is not None
    elif known["active"]:
        raise Conflict(f"{product['code']} is sold as {' / '.join(wanted.values())} already.")
    else:
        await editing_queries.set_active(tx, [known["id"]], True)
        if stock:
            await receive_stock(tx, known["id"], stock, now)
    await _changed(tx, product_id, "variants", now)
    return int(known["id"])


async def set_variant_price(tx: Tx, variant_id: int, price: Money | None, now: datetime) -> int:
    """A price of a variant's own, or none: the product's. Returns the product's id."""
    variant = await _variant(tx, variant_id)
    if price is not None and (price.currency != variant["currency"] or price.minor <= 0):
        raise InvalidInput(f"{price} cannot be a price of {variant['code']}: it is sold in {variant['currency']}.")
    await queries.update_prices(tx, [{"id": variant_id, "price_minor": price.minor if price else None}])
    await _changed(tx, variant["product_id"], "variants", now)
    return int(variant["product_id"])


async def sell_variant(tx: Tx, variant_id: int, active: bool, now: datetime) -> int:
    """Stop selling a variant, or sell it again; what buyers hold of it stays theirs. Returns the product's id.

    ``Conflict``: it is the last one: hide the product instead.
    """
    variant = await _variant(tx, variant_id)
    if not active and not await editing_queries.has_another(tx, variant["product_id"], variant_id):
        raise Conflict(f"It is the last variant of {variant['code']}: take the product itself off sale.")
    await editing_queries.set_active(tx, [variant_id], active)
    await _changed(tx, variant["product_id"], "variants", now)
    return int(variant["product_id"])


async def _product(tx: Tx, product_id: int) -> dict[str, Any]:
    product = await queries.lock_product(tx, product_id)
    if product is None:
        raise NotFound(f"There is no product {product_id} in this shop.")
    return product


async def _variant(tx: Tx, variant_id: int) -> dict[str, Any]:
    variant = await editing_queries.variant(tx, variant_id)
    if variant is None:
        raise NotFound(f"This shop has no variant {variant_id}.")
    return variant


async def _changed(tx: Tx, product_id: int, what: str, now: datetime) -> None:
    await record(tx, "product.changed", now, data={"product": product_id, "fields": [what]})
