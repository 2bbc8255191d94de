"""What an import has found so far: each product once, each doubt once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.models import Doubt, Found, FoundProduct
from griot.knowledge.importing.sites.keys import page_key

_SINGLE = frozenset({"title", "price", "price_max", "currency", "provenance"})


class Basket:
    """Collects the products of a site's pages. ``most``: products; what lies beyond is counted in ``left_out``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._products: list[FoundProduct] = []
        self._at: dict[tuple[str, ...], int] = {}
        self._said: Counter[Doubt] = Counter()
        self._where: dict[Doubt, str] = {}
        self.left_out = 0
        self.complete = True  # False once a part of the source was not read

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[FoundProduct]:
        return iter(self._products)

    @property
    def full(self) -> bool:
        """Whether no further product is taken."""
        return len(self._products) >= self._most

    def take(self, found: Found, address: str, canonical: str | None = None) -> int:
        """Take what a page says; how many of its products were new. ``canonical``: the address it calls its own."""
        canonical = canonical if len(found.products) == 1 else None
        shared = Counter(one.url for one in found.products)
        self.complete = self.complete and found.complete
        new = sum(self.add(one, found.kind, canonical, shared=shared[one.url] > 1) for one in found.products)
        for doubt in found.warnings:
            self._said[doubt] += 1
            self._where.setdefault(doubt, address)
        return new

    def add(self, product: FoundProduct, kind: str, canonical: str | None = None, *, shared: bool = False) -> bool:
        """Take one product; False when it is here already, under its address, its page's own name, or its code.

        ``shared``: several products of one page give this address, so it tells none of them apart by itself.
        """
        keys = [key for key in _keys(product, kind, canonical) if not (shared and key[0] == "page")]
        at = next((self._at[key] for key in keys if key in self._at), None)
        if at is None:
            if self.full:
                self.left_out += 1
                return False
            at = len(self._products)
            self._products.append(product)
            fresh = True
        else:
            self._products[at] = fuller(self._products[at], product)
            fresh = False
        for key in keys:
            self._at.setdefault(key, at)
        return fresh

    def holds(self, url: str) -> bool:
        """Whether a product of this address is here."""
        key = page_key(url)
        return key is not None and ("page", key) in self._at

    def doubt(self, doubt: Doubt) -> None:
        """Note a doubt about the import itself."""
        self._said[doubt] = 1

    def settle_currency(self, currency: str, where: str) -> None:
        """The currency of every price that has none. ``where``: what said so."""
        for at, product in enumerate(self._products):
            if product.currency is None and product.price is not None:
                said = {**product.provenance, "currency": where}
                self._products[at] = replace(product, currency=currency, provenance=said)
        for doubt in [doubt for doubt in self._said if doubt.where == "currency" and "not say" in doubt.what]:
            del self._said[doubt]

    def found(self, kind: str) -> Found:
        """Everything. A doubt that many pages share is said once, with their number."""
        doubts = Doubts()
        for doubt, count in self._said.items():
            first = self._where.get(doubt)
            if count > 1 and first:
                doubts.add(doubt.where, f"{doubt.what} That is so on {count} pages, such as {first}.", doubt.do)
            else:
                what = f"{doubt.what} That is so on {first}." if first and len(self) > 1 else doubt.what
                doubts.add(doubt.where, what, doubt.do)
        doubts.extend(tuple(self._unsaid()))
        if self.left_out:
            doubts.add(
                "the shop",
                f"It has more than {self._most} articles; {self.left_out} were left out.",
                "Import the rest collection by collection.",
            )
        return Found(kind, tuple(self._products), doubts.listed(), complete=self.complete and not self.left_out)

    def _unsaid(self) -> Iterator[Doubt]:
        """What the products still lack, unless a page has said so."""
        said = {doubt.where for doubt in self._said} | {"price" for doubt in self._said if "no price" in doubt.what}
        all_of_them = len(self)
        unpriced = sum(one.price is None for one in self)
        unknown = sum(one.price is not None and one.currency is None for one in self)
        if unpriced and "price" not in said:
            what = f"{unpriced} of the {all_of_them} articles show no price."
            yield Doubt("price", what, "Write the prices, or leave these articles out.")
        if unknown and "currency" not in said:
            what = f"{unknown} of the {all_of_them} articles do not say which currency their price is in."
            yield Doubt("currency", what, "Say which currency it is.")


def fuller(one: FoundProduct, other: FoundProduct) -> FoundProduct:
    """One product of two sayings: the fuller one counts, the other fills its gaps, price and currency together."""
    main, second = (one, other) if _weight(one) >= _weight(other) else (other, one)
    filled = {
        field.name: getattr(second, field.name)
        for field in fields(FoundProduct)
        if field.name not in _SINGLE and getattr(main, field.name) in (None, "", ())
    }
    if main.price is None and second.price is not None:
        filled |= {"price": second.price, "price_max": second.price_max, "currency": second.currency}
    elif main.currency is None and main.price == second.price:
        filled["currency"] = second.currency
    said = {name: second.provenance[name] for name in filled if name in second.provenance}
    return replace(main, **filled, provenance={**main.provenance, **said})


def _weight(product: FoundProduct) -> tuple[bool, int]:
    """How much a saying tells."""
    told = (product.sku, product.availability, product.description, product.variants, product.images, product.currency)
    return product.price is not None, sum(bool(value) for value in told)


def _keys(product: FoundProduct, kind: str, canonical: str | None) -> Iterator[tuple[str, ...]]:
    """What tells a product apart, surest first. A name of its own that many pages share needs the same title, too."""
    title = " ".join(product.title.casefold().split())
    own = page_key(product.url) if product.url else None
    if own:
        yield ("page", own)
    called = page_key(canonical) if canonical else None
    if called and called != own:
        yield ("called", called, title)
    if own:
        yield ("called", own, title)
    if product.source_id and kind not in ("page", "listing"):
        yield ("id", kind, product.source_id)
    if product.sku and len(product.sku) > 2:
        yield ("code", product.sku.casefold(), title)
