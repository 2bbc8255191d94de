"""One product of what a page's sources say: each value from where the evidence is best.

The price is the one a buyer pays now. Sources that agree outweigh one that does not; what the page plainly shows
outweighs markup that it shows nowhere (wire/import.md §2, "old price in microdata, new one on the page").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from griot.knowledge.importing.models import Availability, FoundProduct
from griot.knowledge.importing.pages.anchors import likeness
from griot.knowledge.importing.pages.judging import Shown
from griot.knowledge.importing.pages.stock import StockSign

VISIBLE = "page text"
_WEIGHTS = {"meta tags": 4.0, "page state": 3.0}  # what else is read weighs 5
_CLEAR = 7.0  # score of a shown price that is plainly the article's
_POSSIBLE = 3.5  # and of one that is taken where nothing else tells a price
_MARGIN = 1.5
_ALIKE = 85  # of 100
_ENOUGH = 70  # of 100: a name this like the page's, or being at its address, makes a product the page's own
_PRICED = 5


@dataclass(frozen=True, slots=True)
class Price:
    """The price chosen, in major units, with where it was read."""

    value: Decimal | None = None
    highest: Decimal | None = None
    currency: str | None = None
    source: str | None = None
    currency_source: str | None = None


def main_of(products: Sequence[FoundProduct], names: Iterable[str], url: str | None) -> FoundProduct | None:
    """Of the products one source describes, the page's own: named like its headline, or at its address.

    Of several that bear neither, none: they are other articles.
    """
    known = [name.casefold() for name in names if name]

    def score(product: FoundProduct) -> float:
        alike = max((likeness(product.title.casefold(), name) for name in known), default=0.0)
        return alike + (_ENOUGH if _is_at(product, url) else 0) + (_PRICED if product.price is not None else 0)

    best = max(products, key=score, default=None)
    if best is None or (len(products) > 1 and known and score(best) < _ENOUGH + _PRICED):
        return None
    return best


def _is_at(product: FoundProduct, url: str | None) -> bool:
    return bool(url and product.url and product.url.split("?")[0].rstrip("/") == url.split("?")[0].rstrip("/"))


def is_named(product: FoundProduct, names: Iterable[str]) -> bool:
    """Whether a product bears the page's own name."""
    return any(likeness(product.title.casefold(), name.casefold()) >= _ALIKE for name in names if name)


def chosen_price(sources: Sequence[FoundProduct], shown: Sequence[Shown]) -> Price:
    """The value with the most evidence, and a currency from the very source it came from."""
    now = [price for price in shown if not price.old]
    told = [source for source in sources if source.price is not None]
    weights: dict[Decimal, float] = {}
    for source in told:
        assert source.price is not None
        weights[source.price] = weights.get(source.price, 0) + _weight(source)
    visible = {price.amount.value: price.score for price in reversed(now)}
    for value, score in visible.items():
        if value in weights:
            weights[value] += max(0.0, min(score, 10)) / 2
    struck = {price.amount.value for price in shown if price.old} - visible.keys()
    better = {price.amount.value for price in now if not price.lesser and price.score >= _POSSIBLE}
    struck |= {price.amount.value for price in now if price.lesser} - better if better else set()
    for value in weights.keys() & struck:
        weights[value] -= 4
    first = now[0] if now else None
    beside = next((price.score for price in now if first and price.amount.value != first.amount.value), 0.0)
    wanted = _CLEAR if weights.keys() - struck else _POSSIBLE - (2 if first and first.score - beside >= _MARGIN else 0)
    if first is not None and first.amount.value not in weights and first.score >= wanted:
        unseen = not any(value in visible for value in weights)
        weights[first.amount.value] = min(first.score, 10) / 2 + (
            3 if unseen and first.score - beside >= _MARGIN else 0
        )
    if not weights:
        return Price()
    value = max(weights, key=lambda candidate: (weights[candidate], -candidate))
    return _told(value, told, now, sources)


def _weight(source: FoundProduct) -> float:
    return _WEIGHTS.get(source.provenance.get("price", ""), 5.0)


def _told(value: Decimal, told: Sequence[FoundProduct], now: Sequence[Shown], sources: Sequence[FoundProduct]) -> Price:
    """The price with the range and currency of the sources that state it; of other sources' only as a last resort."""
    stating = [source for source in told if source.price == value]
    showing = [price for price in now if price.amount.value == value]
    origin = stating[0].provenance.get("price") if stating else VISIBLE
    highest = next((source.price_max for source in stating if source.price_max), None)
    highest = highest or (
        next((price.amount.upper for price in showing if price.amount.upper), None) if not stating else None
    )
    by_source = [(source.currency, source.provenance.get("currency")) for source in stating if source.currency]
    by_sight = [(price.amount.currency, VISIBLE) for price in showing if price.amount.currency]
    of_others = [(source.currency, source.provenance.get("currency")) for source in sources if source.currency]
    currency, where = next(iter([*by_source, *by_sight, *of_others]), (None, None))
    return Price(value, highest, currency, origin, where)


def chosen_availability(
    sources: Sequence[FoundProduct], sign: StockSign, has_price: bool
) -> tuple[Availability | None, str | None]:
    """Markup unless the page plainly shows otherwise; an article with a price and nothing against it can be bought."""
    told = next(
        ((source.availability, source.provenance.get("availability")) for source in sources if source.availability),
        None,
    )
    if told is None or (sign.plain and sign.availability and sign.availability != told[0]):
        if sign.availability:
            return sign.availability, VISIBLE
        return ("in_stock", "a price and nothing against it") if has_price and told is None else told or (None, None)
    return told


def first_told(sources: Sequence[FoundProduct], field: str) -> tuple[object, str | None]:
    """The first source's value of a field that has one, and which source that is."""
    for source in sources:
        value = getattr(source, field)
        if value not in (None, "", ()):
            return value, source.provenance.get(field)
    return None, None
