"""What would be done to the catalogue, before any of it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from griot.core.money import Money
from griot.knowledge.importing.models import Doubt

Change = Literal["new", "changed", "unchanged", "gone"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the merchant has said about a source.

    ``currency``: the shop's. ``stated``: that of amounts which name none; None: such products wait until it is said.
    ``pieces``: how many are counted of what is in stock without a number.
    """

    currency: str
    stated: str | None = None
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """A variant as it is offered; ``price``: a piece's where it is not the product's; ``stock`` in pieces.

    ``counted``: the source gives that number; otherwise it only says, or leaves open, that there are some.
    """

    options: Mapping[str, str]
    price: Money | None
    stock: int
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that can be sold. ``key``: unique in its source; ``code``: its own there, if it can be said."""

    key: str
    title: str
    price: Money
    kinds: tuple[Kind, ...]
    description: str = ""
    category: str = ""
    image_url: str | None = None
    code: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnSale:
    """A variant of the catalogue: ``price_minor`` None is the product's; ``on_hand``: free pieces."""

    id: int
    options: Mapping[str, str]
    price_minor: int | None
    on_hand: int


@dataclass(frozen=True, slots=True)
class Known:
    """A product of the catalogue as it is now. ``key``, ``said``: of the source, where it came from it (``saying``)."""

    id: int
    code: str
    fields: Mapping[str, Any]
    active: bool
    variants: tuple[OnSale, ...]
    key: str | None = None
    said: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one product.

    ``fields``: name -> new value. ``stock``: variant id -> pieces that come in (go out, when negative). ``prices``:
    variant id -> minor units or None. ``kinds``: variants to make. ``says``: for the merchant, a line a change.
    """

    change: Change
    code: str
    title: str
    product_id: int | None = None
    offer: Offer | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    stock: Mapping[int, int] = field(default_factory=dict)
    prices: Mapping[int, int | None] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step of an import and every doubt. ``left_out``: how many products do not come in."""

    steps: tuple[Step, ...]
    doubts: tuple[Doubt, ...]
    left_out: int = 0
    currency_needed: bool = False

    def count(self, change: Change) -> int:
        return sum(step.change == change for step in self.steps)
