"""A product while its lines are being read, and the finished product that comes of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from griot.knowledge.importing.availability import of_pieces
from griot.knowledge.importing.files.limits import MAX_IMAGES, MAX_VARIANTS
from griot.knowledge.importing.files.plain import one_line, prose
from griot.knowledge.importing.models import Availability, FoundProduct, FoundVariant

ALL_FIELDS = (
    "title",
    "price",
    "currency",
    "description",
    "category",
    "brand",
    "images",
    "availability",
    "stock",
    "sku",
    "url",
)

_COUNT = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,9})(?:[.,](?P<part>\d{1,6}))?", re.ASCII)


@dataclass(slots=True)
class Draft:
    """What is known of a product so far. ``base``: its own price, ``upper``: the end of its range.

    ``where``: the line or element it begins at, for doubts.
    """

    title: str = ""
    where: str = "file"
    base: Decimal | None = None
    upper: Decimal | None = None
    currency: str | None = None
    sku: str | None = None
    availability: Availability | None = None
    stock: int | None = None
    description: str = ""
    category: str = ""
    brand: str = ""
    url: str | None = None
    images: list[str] = field(default_factory=list)
    variants: list[FoundVariant] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    source_id: str | None = None

    def from_source(self, source: str, *fields: str) -> None:
        """Note where in the source fields were read, first come first kept."""
        for name in fields:
            self.provenance.setdefault(name, source)

    def add_image(self, image: str | None) -> None:
        """Add an address once."""
        if image and image not in self.images and len(self.images) < MAX_IMAGES:
            self.images.append(image)

    def add_images(self, images: Iterable[str | None]) -> None:
        """Add addresses, each once."""
        for image in images:
            self.add_image(image)

    def add_variant(self, variant: FoundVariant) -> bool:
        """Add a variant, unless there are too many."""
        if len(self.variants) >= MAX_VARIANTS:
            return False
        self.variants.append(variant)
        return True

    def finished(self) -> FoundProduct:
        """The product: its price is the lowest that a variant costs, it is in stock when a variant is."""
        variants = self._told_apart()
        prices = sorted(variant.price for variant in variants if variant.price)
        if not prices and self.base:
            prices = [self.base]
        elif any(variant.price is None for variant in variants) and self.base:
            prices = sorted([*prices, self.base])
        highest = max([*prices[-1:], *([self.upper] if self.upper else [])], default=None)
        return FoundProduct(
            title=self.title,
            price=prices[0] if prices else None,
            price_max=highest if prices and highest and highest > prices[0] else None,
            currency=self.currency,
            sku=self.sku or self._shared_sku(),
            availability=self._availability(),
            stock=self._stock(),
            description=self.description,
            category=self.category,
            brand=self.brand,
            url=self.url,
            images=tuple(self.images),
            variants=tuple(variants),
            source_id=self.source_id,
            provenance=_shared(tuple((name, source) for name, source in self.provenance.items() if self._has(name))),
        )

    def _has(self, name: str) -> bool:
        if name == "price":
            return bool(self.base or any(variant.price for variant in self.variants))
        if name == "availability":
            return self._availability() is not None
        if name == "stock":
            return self._stock() is not None
        return name == "sku" or bool(getattr(self, name, True))

    def _told_apart(self) -> list[FoundVariant]:
        """The variants, none when the product comes in one kind only; one that is listed twice once."""
        if len(self.variants) == 1 and not self.variants[0].options:
            only = self.variants[0]
            self.base = only.price or self.base
            self.sku = self.sku or only.sku
            self.availability = only.availability or self.availability
            self.stock = only.stock if only.stock is not None else self.stock
            self.add_image(only.image)
            return []
        kept: dict[tuple[object, ...], FoundVariant] = {}
        for at, variant in enumerate(self.variants):
            key = (*sorted(variant.options.items()), variant.sku, "" if variant.options else at)
            kept.setdefault(key, variant)
        return list(kept.values())

    def _shared_sku(self) -> str | None:
        skus = {variant.sku for variant in self.variants if variant.sku}
        return next(iter(skus)) if len(skus) == 1 else None

    def _availability(self) -> Availability | None:
        told = [variant.availability for variant in self.variants if variant.availability]
        if "in_stock" in told:
            return "in_stock"
        if told and len(told) == len(self.variants):
            return "out_of_stock"
        if self.availability:
            return self.availability
        return of_pieces(self._stock())

    def _stock(self) -> int | None:
        counted = [variant.stock for variant in self.variants if variant.stock is not None]
        if counted and len(counted) == len(self.variants):
            return sum(max(0, pieces) for pieces in counted)
        return None if counted else self.stock


def titled(draft: Draft, title: object, description: object = "", category: object = "", brand: object = "") -> Draft:
    """Fill in a draft's texts, cleaned; what is filled already stays."""
    draft.title = draft.title or one_line(title)
    draft.description = draft.description or prose(description)
    draft.category = draft.category or one_line(category)
    draft.brand = draft.brand or one_line(brand)
    return draft


def own_code(sku: str, source_id: str, *, feed: bool = False) -> str | None:
    """A merchant's code: the one meant for it, else an id that is more than the number of a line in a database."""
    code = whole(sku) or (source_id if feed or not re.fullmatch(r"[\d\s.,#-]*", source_id) else "")
    return one_line(code, 100) or None


def whole(text: str) -> str:
    """A code that a spreadsheet made a number of: ``12.0`` and ``12,0`` -> ``12``."""
    return re.sub(r"^(\d+)[.,]0$", r"\1", text.strip())


def shared_title(draft: Draft, titles: list[str]) -> str:
    """The name of a product whose variants bear several: without the values of the options at its end."""
    if len(set(titles)) <= 1:
        return draft.title
    title = draft.title
    values = sorted({value for variant in draft.variants for value in variant.options.values()}, key=len, reverse=True)
    for _ in range(4):
        for value in values:
            bare = re.sub(rf"(?i)[\s,/|(\[–—-]+{re.escape(value)}[\s)\]]*$", "", title).rstrip(" -–—,/|(")
            if len(bare) >= 3:
                title = bare
    return title if all(other.casefold().startswith(title.casefold()) for other in titles) else draft.title


def told_in_words(draft: Draft) -> None:
    """The one size and colour that an article of a feed has are no choice: they become a line of its description."""
    if len(draft.variants) != 1:
        return
    (only,) = draft.variants
    draft.variants = []
    draft.stock = only.stock if draft.stock is None else draft.stock
    draft.availability = draft.availability or only.availability
    known = f"{draft.title} {draft.description}"
    words = ", ".join(
        f"{name}: {value}"
        for name, value in only.options.items()
        if not re.search(rf"(?i)(?<!\w){re.escape(value)}(?!\w)", known)
    )
    draft.description = "\n".join(part for part in (draft.description, words) if part)


@lru_cache(maxsize=256)
def _shared(said: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Fields and where they were read, once for the many lines of a table that have the same columns filled."""
    return dict(said)


def count_of(text: object) -> int | None:
    """A number of pieces (``12``, ``12.0``, ``1 200``), or None; below 0 is 0."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int | float):
        return max(0, int(text)) if abs(text) < 1e9 else None
    if not isinstance(text, str):
        return None
    found = _COUNT.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return None
    digits, part = found["whole"], found["part"] or ""
    if len(part) == 3 and part.strip("0") and digits != "0":  # 1.500 pieces
        digits += part
    return 0 if found["sign"] == "-" else int(digits)
