"""What a product must have beside what its words say: a price, an option, free pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

    def fitting(self, products: Sequence[Product]) -> NDArray[np.bool_]:
        """Which of the products fit."""
        values = {fold(value) for value in self.options}
        fit = (any(self._fits(variant, values) for variant in product.variants) for product in products)
        return np.fromiter(fit, bool, len(products))

    def _fits(self, variant: Variant, values: set[str]) -> bool:
        price = variant.price.minor
        if (self.least is not None and price < self.least) or (self.most is not None and price > self.most):
            return False
        if self.free is not None and self.free.get(variant.id, 0) <= 0:
            return False
        return not values or values <= {fold(value) for value in variant.options.values()}
