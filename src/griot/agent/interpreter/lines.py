"""Order lines in a message: which article, how many of it, in which size or colour."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from griot.agent.interpreter.amounts import Count
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold

_NEAR = 28  # characters between a number and the name of what it counts
_GLUED = 4  # characters between an article and its "x2"
_FAR = 60  # the same when there is one number and one article in the message
_AND = re.compile(r"[,;+&\n]|\b(et|and|sy|ary|ak|ag|plus|puis|avec|é|dia)\b", re.I)
_SERVES = re.compile(r"\s*(parts?|personnes?|pers|servings?|people|persons?|olona|convives?|invités?|nit)\b", re.I)
_PLENTY = 12  # a larger number that is a size of the article is its size


@dataclass(frozen=True, slots=True)
class OrderLine:
    """``alternatives``: more than one article goes by the name that was used. ``quantity`` None: not said."""

    code: str
    quantity: int | None
    options: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    score: float = 1.0


def lines_of(
    text: str, mentions: Sequence[Mention], counts: Sequence[Count], products: Mapping[str, Product]
) -> list[OrderLine]:
    """Every article of the message with the number that belongs to it and the options said of it.

    A number counts what follows it, or what stands before it ("ROBE1 x2", "croissant enina"); a number inside a name
    is none, and one that is a size of the article ("en 39", "8 parts") is an option.
    """
    free = [count for count in counts if not any(_inside(count, mention) for mention in mentions)]
    if len(mentions) == 1 and not mentions[0].alternatives:
        several = shared(text, mentions[0].code, free, products, mentions[0])
        if len(several) > 1:
            return several
    owned: dict[int, list[Count]] = {}
    for count in free:
        if (place := _owner(text, count, mentions, free)) is not None:
            owned.setdefault(place, []).append(count)
    lines: dict[tuple[str, tuple[tuple[str, str], ...]], OrderLine] = {}
    for place, mention in enumerate(mentions):
        line = _line(text, mention, owned.get(place, []), products)
        key = (line.code, tuple(sorted(line.options.items())))
        known = lines.get(key)
        if known is None or (known.quantity is None and line.quantity is not None):
            lines[key] = line
    return _without_echoes(list(lines.values()))


def _inside(count: Count, mention: Mention) -> bool:
    spans = mention.spans or ((mention.start, mention.end),)
    return any(start <= count.start < end for start, end in spans)


def _owner(text: str, count: Count, mentions: Sequence[Mention], counts: Sequence[Count]) -> int | None:
    """The mention that a number belongs to: the next one, unless something ends the count before it."""
    reach = _FAR if len(mentions) == 1 else _NEAR
    within = next((n for n, mention in enumerate(mentions) if mention.start < count.start < mention.end), None)
    if within is not None:
        return within  # "sardines: huit cartons", where the carton is part of the name
    ahead = [(mention.start - count.end, n) for n, mention in enumerate(mentions) if mention.start >= count.end]
    behind = [(count.start - mention.end, n) for n, mention in enumerate(mentions) if mention.end <= count.start]
    gap, following = min(ahead, default=(reach + 1, -1))
    gap_behind, before = min(behind, default=(reach + 1, -1))
    glued = count.times and gap_behind <= _GLUED
    if gap <= reach and not glued:
        between = text[count.end : count.end + gap]
        other = any(count.end <= other.start < count.end + gap for other in counts)
        if not other and (gap_behind > reach or not _AND.search(between)):
            return following
    if gap_behind <= reach:
        return before
    return following if gap <= reach else None


def _line(text: str, mention: Mention, counts: Sequence[Count], products: Mapping[str, Product]) -> OrderLine:
    """The mention with its numbers told apart: how many, and which size."""
    options = dict(mention.options)
    quantity = None
    product = products.get(mention.code)
    for count in counts:
        size = _size(product, count, options)
        if product is not None and _in_title(text, count, product):
            continue
        if size is not None and (count.unit or count.value > _PLENTY or _SERVES.match(text, count.end)):
            options |= size
        elif quantity is None:
            quantity = count.value
    return OrderLine(mention.code, quantity, options, mention.alternatives, mention.score)


def _in_title(text: str, count: Count, product: Product) -> bool:
    """ "Les six yards": a measure that the article has in its name, and no number of pieces."""
    unit = re.match(r"\W*\w+\W+(\w{3,})", fold(text[count.start :]))
    return bool(unit and re.search(rf"(?<!\d){count.value}\W*{unit[1][:4]}", fold(product.title)))


def _size(product: Product | None, count: Count, known: Mapping[str, str]) -> dict[str, str] | None:
    """The option that a number names: ``{"parts": "8"}``."""
    for variant in product.variants if product else ():
        for axis, value in variant.options.items():
            figures = re.match(r"\d+", value)
            if axis not in known and figures and int(figures[0]) == count.value:
                return {axis: value}
    return None


def serving(text: str, product: Product) -> dict[str, str]:
    """ "Pour 8 personnes", "6 parts": the size of an article that comes by how many it serves."""
    for found in re.finditer(r"\d+", text):
        if _SERVES.match(text, found.end()):
            size = _size(product, Count(int(found[0]), found.start(), found.end(), False, "parts"), {})
            if size:
                return size
    return {}


def sizes(text: str, product: Product) -> dict[str, str]:
    """A number beyond any usual quantity that is a size of the article: "en 44"."""
    for found in re.finditer(r"\d+", text):
        if int(found[0]) > _PLENTY:
            size = _size(product, Count(int(found[0]), found.start(), found.end(), False, ""), {})
            if size:
                return size
    return {}


def shared(
    text: str,
    code: str,
    counts: Sequence[Count],
    products: Mapping[str, Product],
    mention: Mention | None = None,
) -> list[OrderLine]:
    """ "2 chemises, 1 en M et 1 en XL": one article in several options, each with its own number."""
    product = products.get(code)
    plain = fold(text)
    for axis in dict.fromkeys(name for variant in (product.variants if product else ()) for name in variant.options):
        values = dict.fromkeys(variant.options[axis] for variant in (product.variants if product else ()))
        found = sorted((match.start(), value) for value in values if (match := _word(value).search(plain)))
        if len(found) > 1:
            base = {name: value for name, value in (mention.options if mention else {}).items() if name != axis}
            return list(_spread(code, base, axis, found, counts, mention.end if mention else 0))
    return []


@cache
def _word(value: str) -> re.Pattern[str]:
    """An option's value as a word of its own, in the feminine and plural too where it is more than letters."""
    ending = "e?s?" if len(value) > 2 else ""
    return re.compile(rf"(?<![\w/]){re.escape(fold(value))}{ending}(?![\w/])")


def _spread(
    code: str,
    base: Mapping[str, str],
    axis: str,
    found: Sequence[tuple[int, str]],
    counts: Sequence[Count],
    named: int,
) -> Iterator[OrderLine]:
    """A line for each value, with the number that stands before it; the first number may be the sum."""
    start = 0
    for at, value in found:
        before = [count for count in counts if start <= count.start < at]
        own = [count for count in before if count.end > named] or before
        yield OrderLine(code, own[-1].value if own else 1, {**base, axis: value})
        start = at


def _without_echoes(lines: list[OrderLine]) -> list[OrderLine]:
    """The same article named again without a number or an option says nothing new."""
    kept = []
    for line in lines:
        others = [other for other in lines if other is not line and other.code == line.code]
        if others and not line.options and line.quantity is None:
            continue
        kept.append(line)
    return kept or lines[:1]
