"""Drafts -> what was found, with doubts about what every product should have."""

from collections.abc import Iterable

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.drafts import Draft
from griot.knowledge.importing.files.limits import MAX_PRODUCTS
from griot.knowledge.importing.models import FoundProduct


def finished(drafts: Iterable[Draft], doubts: Doubts) -> tuple[FoundProduct, ...]:
    """The products of a source, in its order; those without a price and a missing currency are doubts."""
    products: list[FoundProduct] = []
    unpriced, without_currency = 0, 0
    for draft in drafts:
        if len(products) >= MAX_PRODUCTS:
            doubts.cut("file", f"There are more than {MAX_PRODUCTS} products.", "Import the rest from another file.")
            break
        if not draft.title:
            doubts.add(draft.where, "It has no name.", "Give it a name, or take it out.")
            continue
        product = draft.finished()
        products.append(product)
        if product.price is None:
            unpriced += 1
            doubts.add(draft.where, f"“{product.title}” has no price.", "Write its price before you sell it.")
        elif product.currency is None:
            without_currency += 1
    if without_currency:
        which = "the prices" if without_currency == len(products) - unpriced else f"{without_currency} of the prices"
        doubts.add(
            "currency", f"The file does not say which currency {which} are in.", "Choose the currency before importing."
        )
    currencies = sorted({product.currency for product in products if product.currency})
    if len(currencies) > 1:
        doubts.add(
            "currency", f"There are prices in several currencies: {', '.join(currencies)}.", "Check that this is right."
        )
    return tuple(products)
