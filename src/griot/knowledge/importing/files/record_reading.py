"""A merchant's own objects -> products and their variants."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations
from typing import Any

from griot.knowledge.importing.availability import availability_code, availability_of, of_pieces
from griot.knowledge.importing.files.cells import parted
from griot.knowledge.importing.files.contradictions import numbers_lines
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.drafts import Draft, count_of, own_code, shared_title, titled, told_in_words
from griot.knowledge.importing.files.limits import MAX_VARIANTS
from griot.knowledge.importing.files.mapping import AXES
from griot.knowledge.importing.files.nodes import Node
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.record_money import Money
from griot.knowledge.importing.files.records import Record, spoken, variants_of
from griot.knowledge.importing.files.vocabulary import pieces_said, says_of_stock, words, words_of
from griot.knowledge.importing.models import Availability, FoundVariant

_PAIRS = frozenset({"options", "option", "attributes", "attributs", "values", "params", "param"})
_PICTURES = (
    *("src", "url", "original", "large", "full", "href", "link", "secure_url", "image", "path"),
    *("fields", "file", "attributes", "data", "#text"),
)
_AXIS = ("name", "key", "label", "nom", "nombre", "nome", "attribute", "axis", "code")
_CHOSEN = ("value", "valeur", "valor", "wert", "valore", "option", "#text")
_COUNTS = ("#text", "quantity", "qty", "quantite", "available", "count", "value")
_NO_STOCK = re.compile(r"(?i)activ|publi|draft|archiv|visible|new|^[01]$|true|false")
_NAMED = ("title", "description", "category", "brand", "url", "sku", "stock", "availability")


@dataclass(frozen=True, slots=True)
class Source:
    """An object that is a product. ``category``: that of what it stands in; ``group``: which list it stands in."""

    node: Node
    category: str = ""
    where: str | None = None
    group: int = 0


def own_products(
    sources: Iterable[Source],
    origin: Origin,
    sample: Iterable[Node],
    currency: str | None,
    doubts: Doubts,
    *,
    feed: bool = False,
) -> Iterator[Draft]:
    """Drafts of objects: those of one group are variants of one product, one that is listed again is left out.

    ``feed``: their ids are the merchant's codes, as in Google's feeds.
    """
    some = list(sample)
    reader = _Reader(origin, Money(origin, some, currency), feed=feed, counting=_counting(some))
    drafts: dict[str, _Held] = {}
    elsewhere: dict[tuple[object, ...], int] = {}
    for at, source in enumerate(sources):
        record = Record(source.node)
        title = one_line(record.text("title") or record.text("model"))
        if not title:
            doubts.add(source.where or f"product {at + 1}", "It has no name.", "Give it a name, or take it out.")
            continue
        draft = reader.draft(record, title, source, at)
        if feed and not record.text("group"):
            told_in_words(draft)
        same = (title.casefold(), draft.base, draft.url, *draft.images[:1])
        if elsewhere.setdefault(same, source.group) != source.group:  # in another list of the document, too
            continue
        group = one_line(record.text("group"), 100)
        key = f"group {group}" if group else f"own {draft.source_id} {title}" if draft.source_id else f"at {at}"
        held = drafts.get(key)
        if held is None:
            drafts[key] = _Held(draft, [title])
        elif group:
            held.join(draft, title, group)
    for held in drafts.values():
        held.draft.title = shared_title(held.draft, held.titles)
        yield held.draft


def _counting(sample: Sequence[Node]) -> bool:
    """Whether what is called a code only counts the objects."""
    records = [Record(node) for node in sample]
    keys = {key for record in records for key in record.keys("sku")[:1]}
    codes = [record.text("sku") for record in records]
    return len(keys) == 1 and numbers_lines(next(iter(keys)), codes)


@dataclass(slots=True)
class _Held:
    """A product and the names its variants had."""

    draft: Draft
    titles: list[str]

    def join(self, other: Draft, title: str, group: str) -> None:
        """Another object of the same group: it and the first are variants."""
        first = self.draft
        if len(self.titles) == 1:
            only = _as_variant(first)
            first.variants = []
            first.add_variant(only)
            first.sku = first.source_id = group
        self.titles.append(title)
        first.add_variant(_as_variant(other))
        first.add_images(other.images)


def _as_variant(draft: Draft) -> FoundVariant:
    options = dict(next((variant.options for variant in draft.variants), {}))
    image = next(iter(draft.images), None)
    return FoundVariant(options, draft.sku, draft.base, draft.availability, draft.stock, image)


class _Reader:
    """Reads the objects of one source."""

    def __init__(self, origin: Origin, money: Money, *, feed: bool, counting: bool) -> None:
        self._counting = counting
        self._base = origin.url
        self._money = money
        self._feed = feed

    def draft(self, record: Record, title: str, source: Source, at: int) -> Draft:
        """What one object says."""
        draft = Draft(where=source.where or f"product {at + 1}")
        description = record.text("description") or record.text("short_description")
        category = record.text("category")
        category = source.category if category.casefold() in words("kinds") else category or source.category
        titled(draft, title, description, category, record.text("brand"))
        draft.source_id = one_line(record.text("id") or record.text("sku"), 100) or None
        draft.sku = None if self._counting else own_code(record.text("sku"), "")
        draft.url = address(record.text("url"), self._base)
        draft.add_images(self._images(record))
        price, key = self._money.price(record)
        if price:
            draft.base, draft.upper, draft.currency = price.value, price.upper, price.currency
        draft.currency = draft.currency or self._money.currency(record)
        draft.stock, draft.availability = stock_of(record)
        for field in _NAMED:
            if record.keys(field):
                draft.from_source(f"key {record.keys(field)[0]}", field)
        draft.from_source(f"key {next(iter(record.keys('image')), '')}", "images")
        draft.from_source(f"key {key}", "price", "currency")
        self._add_variants(draft, record)
        own = one_line(record.text("id"), 100)
        begun = bool(own) and any((variant.sku or "").startswith(own) for variant in draft.variants)
        if not draft.sku and (begun or not any(variant.sku for variant in draft.variants)):
            draft.sku = own_code("", record.text("id"), feed=self._feed) or own_code(record.text("mpn"), "")
        return draft

    def _images(self, record: Record) -> Iterator[str | None]:
        for key in record.keys("image"):
            yield from self._pictures(record.source[key])

    def _pictures(self, value: Any, depth: int = 4) -> Iterator[str | None]:
        """The addresses in a text, a list, or an object of one picture in several sizes."""
        if isinstance(value, str):
            yield from (address(part, self._base) for part in parted(value))
        elif isinstance(value, list) and depth:
            for inner in value[:60]:
                yield from self._pictures(inner, depth - 1)
        elif isinstance(value, dict) and depth:
            for key in _PICTURES:
                found = [one for one in self._pictures(value.get(key), depth - 1) if one]
                if found:
                    yield from found
                    return
            texts = [inner for inner in value.values() if isinstance(inner, str)]
            numbered = all(any(map(str.isdigit, str(key))) for key in value)
            yield from (address(text, self._base) for text in texts[: None if numbered else 1])

    def _add_variants(self, draft: Draft, record: Record) -> None:
        for one in variants_of(record):
            inner = Record(one)
            price, _ = self._money.price(inner)
            options = _options(inner)
            pair = _pairs([inner.source]) if _held(inner.source, "value", "valeur", "valor", "wert", "valore") else {}
            options = options or dict(pair)
            if not options and inner.text("title").casefold() not in ("", "default title"):
                options = {"Variation": one_line(inner.text("title"), 120)}
            pieces, availability = stock_of(inner)
            draft.currency = draft.currency or (price.currency if price else None) or self._money.currency(inner)
            sku = one_line(inner.text("sku") or inner.text("id"), 100) or None
            image = next((found for found in self._images(inner) if found), None)
            draft.add_variant(FoundVariant(options, sku, price.value if price else None, availability, pieces, image))
        if not draft.variants:
            _expand(draft, record)


def _options(record: Record) -> dict[str, str]:
    """The options that tell a variant apart."""
    options: dict[str, str] = {}
    for name, value in record.source.items():
        if words_of(str(name))[-1:] and words_of(str(name))[-1] in _PAIRS:
            options.update(_pairs(value))
    for field in AXES:
        for key in record.keys(field):
            value = one_line(spoken(record.source[key]), 120)
            if value:
                options.setdefault(one_line(key, 60), value)
    return options


def _pairs(value: Any) -> Mapping[str, str]:
    """Axis -> value, from an object or from a list of pairs (``{"name": "Taille", "value": "S"}``)."""
    inner = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else None
    if isinstance(inner, list) or (isinstance(inner, dict) and _held(inner, *_AXIS) and _held(inner, *_CHOSEN)):
        return _pairs(inner)  # <attributes><attribute name="Taille">S</attribute></attributes>
    if isinstance(value, dict) and _held(value, *_AXIS) and _held(value, *_CHOSEN):
        value = [value]
    if isinstance(value, dict) and "#text" not in value:
        return {one_line(key, 60): text for key, inner in value.items() if (text := one_line(spoken(inner), 120))}
    pairs: dict[str, str] = {}
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            name = one_line(_held(one, *_AXIS), 60)
            text = one_line(_held(one, *_CHOSEN), 120)
            if name and text:
                pairs[name] = text
    return pairs


def _held(holder: Node, *keys: str) -> str:
    return next((text for key in keys if (text := spoken(holder.get(key)))), "")


def _expand(draft: Draft, record: Record) -> None:
    """Lists of sizes and colours are variants, every combination one."""
    axes: dict[str, list[str]] = {}
    for field in AXES[:2]:
        for key in record.keys(field)[:1]:
            listed = _listed(record.source[key])
            values = list(dict.fromkeys(text for one in listed[:40] if (text := one_line(spoken(one), 120))))
            if values:
                axes[one_line(key, 60)] = values
    if not axes:
        return
    for at, chosen in enumerate(combinations(*axes.values())):
        if at >= MAX_VARIANTS:
            return
        draft.add_variant(FoundVariant(dict(zip(axes, chosen, strict=True)), None, draft.base, draft.availability))


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return re.split(r"\s*[,;|]\s*", value) if isinstance(value, str) else [spoken(value)]


def stock_of(record: Record) -> tuple[int | None, Availability | None]:
    """(pieces, whether it can be bought), each None where the object does not say."""
    if record.value("endless") is True:
        return None, "in_stock"
    pieces, availability = _counted(record)
    for key in record.keys("availability"):
        value = record.source[key]
        said = spoken(value)
        told = (
            availability_code(value) if isinstance(value, bool) else says_of_stock(said) or availability_of(said or " ")
        )
        if isinstance(value, bool) and {"sold", "rupture"} & set(words_of(key)):
            told = "out_of_stock" if value else "in_stock"
        if pieces is None and not isinstance(value, bool) and (count_of(value) or 0) > 1:
            pieces = count_of(value)
        availability = told or availability
    status = record.text("status")
    if availability is None and status and not _NO_STOCK.search(status):
        availability = availability_of(status)
    offer = record.value("orderable")
    offered = availability_code(offer if isinstance(offer, bool) else spoken(offer))
    return pieces, offered if offered == "out_of_stock" else availability or of_pieces(pieces) or offered


def _counted(record: Record) -> tuple[int | None, Availability | None]:
    """What the stock's keys say: a number, ``{"quantity": 3}``, ``true``, or words."""
    for key in record.keys("stock"):
        value = record.source[key]
        if isinstance(value, dict):
            said = stock_of(Record(value)) if not any(name in value for name in _COUNTS) else (None, None)
            if said[1]:
                return said
            value = next((value[name] for name in _COUNTS if name in value), None)
        if isinstance(value, bool):
            return None, availability_code(value)
        if count_of(value) is not None:
            return count_of(value), None
        if isinstance(value, str) and (pieces := pieces_said(value)) is not None:
            return pieces, None
        if isinstance(value, str) and (told := says_of_stock(value) or availability_of(value)):
            return None, told
    return None, None
