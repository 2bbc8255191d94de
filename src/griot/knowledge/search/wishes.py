"""What a product must have beside what its words say: a price, an option, free pieces."""

from collections.abc import Mapping
from dataclasses import dataclass

from griot.knowledge.catalogue.models import Product, Variant
from griot.knowledge.search.words import fold


@dataclass(frozen=True, slots=True)
class Wishes:
    """Bounds of a search. A product fits when one of its variants has all of it.

    ``least``, ``most``: of a piece's price, in minor units of the shop's currency. ``options``: values such as ``M`` or
    ``rouge``, of whatever axis, however written. ``free``: free pieces by variant; None: sold-out ones fit, too.
    """

    least: int | None = None
    most: int | None = None
    options: tuple[str, ...] = ()
    free: Mapping[int, int] | None = None

    def fits(self, product: Product) -> bool:
        return any(self._fits(variant) for variant in product.variants)

    def _fits(self, variant: Variant) -> bool:
        price = variant.price.minor
        if (self.least is not None and price < self.least) or (self.most is not None and price > self.most):
            return False
        if self.free is not None and self.free.get(variant.id, 0) <= 0:
            return False
        has = {fold(value) for value in variant.options.values()}
        return all(fold(value) in has for value in self.options)
