"""Products and variants, as every room reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from griot.core.money import Money


@dataclass(frozen=True, slots=True)
class Variant:
    """What is actually sold. ``options`` is empty when the product comes in one kind only; ``price`` is a piece's."""

    id: int
    product_id: int
    options: dict[str, str]
    price: Money

    @property
    def label(self) -> str:
        """The options as people say them: ``S / rouge``; empty without options."""
        return " / ".join(self.options.values())


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From ``min_quantity`` pieces of one variant on, each of them costs ``unit``."""

    min_quantity: int
    unit: Money


@dataclass(frozen=True, slots=True)
class Product:
    """``low_stock``: how many free pieces the vendor is warned at; ``price_breaks``: fewest pieces first."""

    id: int
    code: str
    title: str
    description: str
    category: str
    price: Money
    image_url: str | None
    low_stock: int
    variants: tuple[Variant, ...]
    price_breaks: tuple[PriceBreak, ...] = ()

    def unit_price(self, variant: Variant, quantity: int) -> Money:
        """What a piece costs when ``quantity`` of the variant are taken: its price or a quantity price, if lower."""
        reached = (step.unit for step in self.price_breaks if step.min_quantity <= quantity)
        return min((variant.price, *reached), key=lambda price: price.minor)


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A variant to create, with its pieces; ``price``: a piece's where it is not the product's."""

    options: dict[str, str]
    stock: int
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to create.

    ``options``: axis -> values, or the same written ``taille:S|M;couleur:rouge|bleu``; every combination is a variant.
    ``stock``: pieces of each variant, or pieces by variant, named by its values joined with ``/`` (``S``, ``S/rouge``);
    a combination that is not named is not made.
    ``price_breaks``: (from how many pieces on, the price of each), lower than ``price`` and the lower the more.
    ``variants``: exactly these instead of what ``options`` and ``stock`` make.
    """

    code: str
    title: str
    price: Money
    stock: int | Mapping[str, int]
    description: str = ""
    category: str = ""
    image_url: str | None = None
    options: Mapping[str, tuple[str, ...]] | str | None = None
    low_stock: int = 2
    price_breaks: tuple[tuple[int, Money], ...] = ()
    variants: tuple[NewVariant, ...] = ()
