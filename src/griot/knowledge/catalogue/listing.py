"""The catalogue as those who keep it look at it: on sale or not, by words, by what its stock wants done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.core.money import Money
from griot.knowledge.catalogue import listing_queries as queries
from griot.knowledge.catalogue.editing import Book, books
from griot.knowledge.catalogue.models import PriceBreak

Only = Literal["", "low", "out", "hidden"]
_WORDS = 6  # of a search


@dataclass(frozen=True, slots=True)
class Listed:
    """A product in a list; pieces are those of the variants that are sold. ``picture``: the key of one that is kept."""

    id: int
    code: str
    title: str
    category: str
    price: Money
    image_url: str | None
    low_stock: int
    active: bool
    variants: int
    free: int
    held: int
    sold: int
    picture: str | None

    @property
    def is_low(self) -> bool:
        return 0 < self.free <= self.low_stock

    @property
    def is_out(self) -> bool:
        return self.free <= 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Products on sale, of these running low or sold out, and products that are not on sale."""

    on_sale: int
    low: int
    out: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A product as its shop keeps it. ``sources``: the addresses that it is imported from."""

    id: int
    code: str
    title: str
    description: str
    category: str
    price: Money
    image_url: str | None
    low_stock: int
    active: bool
    picture: str | None
    picture_trouble: str | None
    sources: tuple[str, ...]
    price_breaks: tuple[PriceBreak, ...]
    variants: tuple[Book, ...]
    created_at: datetime


async def page(
    tx: Tx, now: datetime, *, search: str = "", only: Only = "", limit: int = 50, after: int | None = None
) -> list[Listed]:
    """Products, the latest first, from below a number on; with every word of ``search`` in code, title or category."""
    rows = await queries.page(tx, search.split()[:_WORDS], only, limit, after, now)
    return [Listed(**_shown(row)) for row in rows]


async def counts(tx: Tx, now: datetime) -> Counts:
    """What the catalogue holds."""
    return Counts(**await queries.counts(tx, now))


async def product(tx: Tx, product_id: int) -> Kept:
    """One product, on sale or not, with the book of every variant. ``NotFound``."""
    row = await queries.one(tx, product_id)
    if row is None:
        raise NotFound(f"There is no product {product_id} in this shop.")
    currency = row["currency"]
    steps = tuple(PriceBreak(quantity, Money(minor, currency)) for quantity, minor in row.pop("price_breaks"))
    variants = tuple(await books(tx, product_id, currency))
    sources = tuple(row.pop("sources"))
    known = _shown(row)
    return Kept(**known, price_breaks=steps, variants=variants, sources=sources)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its amount as money and the short key of its picture."""
    amount = Money(row["price_minor"], row["currency"])
    picture = row["picture"].hex()[:16] if row["picture"] else None
    rest = {name: value for name, value in row.items() if name not in ("price_minor", "currency")}
    return {**rest, "price": amount, "picture": picture}
