"""A quote, its lines, and the documents a shop makes. Amounts are whole minor units of the shop's currency."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from griot.core.money import Money

Status = Literal["open", "accepted", "replaced", "expired"]
DocumentKind = Literal["quote", "invoice"]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """``unit`` is the price of a piece at this quantity, taxes included or not as the shop counts."""

    variant_id: int
    code: str
    title: str
    options: dict[str, str]
    quantity: int
    unit: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """``total`` is what the buyer pays: ``net`` + ``tax``. ``deposit`` is the part of it to pay with the order.

    ``valid_until``: the last day, in the shop's zone. ``document_id``: the PDF. ``order_id``: once accepted.
    """

    id: int
    number: str
    conversation_id: int
    customer_id: int
    status: Status
    lines: tuple[QuoteLine, ...]
    net: Money
    tax: Money
    total: Money
    deposit: Money | None
    wanted_on: date | None
    valid_until: date
    created_at: datetime
    document_id: int | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with the catalogue's price at its quantity. ``list_unit``: of a single piece.

    ``from_quantity``: where the quantity price begins; none when a piece costs what one alone does.
    """

    line: QuoteLine
    list_unit: Money
    from_quantity: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was made and sent; ``filename`` is its number with ``.pdf``."""

    id: int
    kind: DocumentKind
    filename: str
    mime_type: str
    content: bytes
    created_at: datetime

    @property
    def number(self) -> str:
        return self.filename.removesuffix(".pdf")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a document needs to know of the two sides. ``logo``: PNG or JPEG. ``phone``: the buyer's, in digits."""

    logo: bytes | None
    buyer: str | None
    phone: str | None
    language: str
