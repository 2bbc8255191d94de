"""A suite's articles: codes as written and as stored, prices, pieces, and which variant a line means."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import count
from itertools import product as combinations

from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.evals.facts import fold
from griot.evals.models import ProductRow, ShopSource, Wanted
from griot.knowledge.catalogue.codes import fold_code, normalise_code
from griot.knowledge.catalogue.models import Product, Variant

PLENTY = 999  # pieces of what a suite does not count: a service, a thing made to order


@dataclass(frozen=True, slots=True)
class Goods:
    """The articles of a world. ``written``: the suite's spelling of a code, by the code as stored."""

    products: Mapping[str, Product]
    written: Mapping[str, str]

    def product(self, code: str) -> Product | None:
        """The article that the suite calls so."""
        folded = fold_code(code)
        stored = next((stored for stored, written in self.written.items() if fold_code(written) == folded), folded)
        return self.products.get(stored)

    def variant(self, line: Wanted) -> tuple[Product, Variant] | None:
        """The article that a line of a suite means; the first variant that fits what it says."""
        found = self.product(line.product)
        if found is None:
            return None
        wanted = {fold(value) for value in line.variant}
        fitting = [v for v in found.variants if wanted <= {fold(value) for value in v.options.values()}]
        return (found, fitting[0]) if fitting else None


def articles(rows: Iterable[ProductRow], currency: str) -> dict[str, ProductRow]:
    """The rows that can be sold, by the code under which they are stored: those with a price and a readable stock, the
    first of each code. A code that buyers could not send (docs/reference/reading.md) gets a stand-in."""
    found: dict[str, ProductRow] = {}
    odd: list[ProductRow] = []
    for row in rows:
        try:
            if amount(row.price, currency).minor <= 0:
                continue
            pieces(row)
        except InvalidInput:
            continue
        try:
            found.setdefault(normalise_code(row.code), row)
        except InvalidInput:
            odd.append(row)
    for row in odd:
        found.setdefault(_stand_in(row.code, found), row)
    return found


def _stand_in(code: str, taken: Collection[str]) -> str:
    """``3PIECES`` -> ``PIECES3``: its letters, then its digits, or the next number that is free."""
    folded = fold_code(code)
    letters = re.sub("[^A-Z]", "", folded)[:16] or "ARTICLE"
    digits = re.sub("[^0-9]", "", folded)[:4].lstrip("0")
    if digits and f"{letters}{digits}" not in taken:
        return f"{letters}{digits}"
    return next(numbered for n in count(1) if (numbered := f"{letters}{n}") not in taken)


def amount(written: str, currency: str) -> Money:
    """An amount of a table: ``15000``, ``15 000``, ``12,50``, ``15000 F``. ``InvalidInput`` when it is none."""
    digits = re.sub(r"[^\d.,-]", "", written)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    try:
        return Money.parse(str(Decimal(digits.replace(",", "."))), currency)
    except InvalidOperation:
        raise InvalidInput(f"{written!r} is not an amount: write digits, such as 15000 or 12.50.") from None


def pieces(row: ProductRow) -> int | dict[str, int]:
    """Pieces on the shelf. One number counts for **each** variant; ``S:3|M:0`` or ``S/rouge=2;M/rouge=1`` by variant.

    Nothing written: as many as anybody wants. A variant that is not named has none. ``InvalidInput`` otherwise.
    """
    written = row.stock.strip()
    if not written or fold(written) in ("illimite", "unlimited", "sur commande", "∞", "na", "n/a", "-"):
        return PLENTY
    if re.fullmatch(r"-?\d+(?:\.0+)?", written):
        return max(0, int(float(written)))
    named = [re.fullmatch(r"(.+?)\s*[:=]\s*(\d+)", part.strip()) for part in re.split(r"[|;,]", written)]
    if not row.axes or not all(named):
        raise InvalidInput(f"{written!r} is not a stock: write 10, or by variant S:3|M:2.")
    names = {frozenset(map(fold, values)): "/".join(values) for values in combinations(*row.axes.values())}
    stock = dict.fromkeys(names.values(), 0)
    for found in named:
        assert found is not None
        values = frozenset(fold(value) for value in found[1].split("/"))
        name = names.get(values)
        if name is None:
            raise InvalidInput(f"In the stock {written!r} there is no variant {found[1]!r}: name {', '.join(stock)}.")
        stock[name] = int(found[2])
    return stock


def lines_in(items: str, source: ShopSource) -> tuple[Wanted, ...]:
    """What a row of others.csv says was bought: ``2x ROBE1; SAC2``, codes or titles with or without a quantity."""
    found = []
    for part in re.split(r"[;|+\n]|,(?!\d)", items):
        row = _article(part, source.products)
        if row is not None:
            times = re.search(r"(?<!\w)(\d+)\s*[x×*]|[x×*:]\s*(\d+)|^\s*(\d+)\s", part)
            found.append(Wanted(row.code, int(next(filter(None, times.groups()))) if times else 1))
    return tuple(found)


def _article(text: str, rows: Iterable[ProductRow]) -> ProductRow | None:
    folded, plain = fold_code(text), fold(text)
    by_code = [row for row in rows if fold_code(row.code) in folded]
    by_title = [row for row in rows if row.title and fold(row.title) in plain]
    return max(by_code, key=lambda row: len(row.code), default=next(iter(by_title), None))
