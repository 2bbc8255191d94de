"""What was found at a merchant's address or in a file, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from griot.knowledge.importing.files.mapping import Mapping as ColumnMapping

Availability = Literal["in_stock", "out_of_stock"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something doubtful or left out: where, what, and what the merchant can do about it, in a sentence each."""

    where: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """``options``: axis -> value. ``price`` in major units; None: the product's. ``stock`` in pieces, None: unsaid."""

    options: Mapping[str, str]
    sku: str | None = None
    price: Decimal | None = None
    availability: Availability | None = None
    stock: int | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product as its source tells it; None and empty where it does not.

    ``price`` is what a buyer pays now, in major units of ``currency`` (ISO 4217; None is asked for, never guessed);
    a price of 0 is no price. ``price_max``: the dearest variant's, where they differ. ``provenance``: field -> where
    in the source it was read (``json-ld``, ``microdata``, ``column Prix``). ``source_id``: what the source itself
    tells it apart by (a handle, an id of its database), to find it again when it is imported again.
    """

    title: str
    price: Decimal | None = None
    price_max: Decimal | None = None
    currency: str | None = None
    sku: str | None = None
    availability: Availability | None = None
    stock: int | None = None
    description: str = ""
    category: str = ""
    brand: str = ""
    url: str | None = None
    images: tuple[str, ...] = ()
    variants: tuple[FoundVariant, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Everything one source says. ``kind``: what it is (``page``, ``shopify``, ``google-feed``, ``csv`` …).

    ``addresses``: where to look on, for a source that lists addresses instead of products (``sitemap``).
    ``mapping``: which column is what, for a table; the merchant can correct it and have the file read again.
    ``complete``: False when a part of the source was not read, so that what is absent is not gone.
    """

    kind: str
    products: tuple[FoundProduct, ...] = ()
    warnings: tuple[Doubt, ...] = ()
    addresses: tuple[str, ...] = ()
    mapping: "ColumnMapping | None" = None
    complete: bool = True
