"""Order lines in a message: which article, how many of it, in which size or colour."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from griot.agent.interpreter.amounts import Count
from griot.agent.interpreter.naming import spans_of
from griot.agent.interpreter.packs import packs
from griot.agent.interpreter.values import Value, meant, says, values_in
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold

POINTED = 0.5  # score of a line whose article is not named: more than a guess, less than a name
OWN_NAME = 0.7  # score of a line or mention that is a name and not a mere colour or unit
_NEAR = 28  # characters between a number and the name of what it counts
_GLUED = 4  # characters between an article and its "x2"
_FAR = 60  # the same when there is one number and one article in the message
_AND = re.compile(r"[,;+&\n]|\b(et|and|sy|ary|ak|ag|plus|puis|avec|é|dia)\b", re.I)
_BREAK = re.compile(r"[.!?;\n]+(?!\d)|,(?!\d)|[+&]|\b(et|and|sy|ary|ak|ag|puis|dia|plus)\b", re.I)
_EACH = re.compile(r"\b(?:de|of|en|un|une|one|\d+)\s+(?:chaque|chak|chaq|each)\b(?:\s+([^\W\d]+))?|\btsirairay\b", re.I)
_ONE = re.compile(r"\b(un|une|one|1)\W+(?:(en|in|taille|size|de|la|le)\W+)*$", re.I)
_SENTENCE = re.compile(r"[.!?;\n]\W*(?:(et|and|sy|ary|ak)\W*)?$", re.I)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """``alternatives``: more than one article goes by the name that was used. ``quantity`` None: not said.

    ``pieces``: so many pieces were asked for of what comes in packs, and they fill no number of packs.
    """

    code: str
    quantity: int | None
    options: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    score: float = 1.0
    pieces: int | None = None


def lines_of(
    text: str,
    mentions: Sequence[Mention],
    counts: Sequence[Count],
    products: Mapping[str, Product],
    near: Sequence[str] = (),
) -> list[OrderLine]:
    """Every article of the message with the number that belongs to it and the options said of it.

    A number counts what follows it, or what stands before it ("ROBE1 x2", "croissant enina"); a number inside a name
    is none, and one that is a size of the article ("en 39", "8 parts") is an option. One article in several options is
    several lines. ``near``: what was talked of before; what is said of it without naming it comes first.
    """
    free = [count for count in counts if not any(_inside(text, count, mention, products) for mention in mentions)]
    regions = regions_of(text, mentions)
    head = regions[0][0] if regions else len(text)
    first = _beside(text, head, mentions, free, products, near) if regions else pointed(text, free, products, near)
    if first and regions:
        free = [count for count in free if count.start >= head]
    elif regions:
        regions[0] = (0, regions[0][1])
    owned: dict[int, list[Count]] = {}
    for count in free:
        if (place := _owner(text, count, mentions, free)) is not None:
            owned.setdefault(place, []).append(count)
    lines: dict[tuple[str, tuple[tuple[str, str], ...]], OrderLine] = {}
    for place, (mention, region) in enumerate(zip(mentions, regions, strict=True)):
        within = [count for count in free if region[0] <= count.start < region[1]]
        for line in _lines(text, mention, region, owned.get(place, []), within, products):
            key = (line.code, tuple(sorted(line.options.items())))
            known = lines.get(key)
            if known is None or (known.quantity is None and line.quantity is not None):
                lines[key] = line
    return [*first, *_without_echoes(list(lines.values()))]


def _beside(
    text: str,
    head: int,
    mentions: Sequence[Mention],
    counts: Sequence[Count],
    products: Mapping[str, Product],
    near: Sequence[str],
) -> list[OrderLine]:
    """What the text says before its first name, up to ``head``, of what was talked of before."""
    first = mentions[0]
    named = products.get(first.code)
    ended = bool(_SENTENCE.search(text[:head]))
    own = ended or any(head <= count.start <= first.end + _NEAR for count in counts)
    lines = pointed(text[:head], [count for count in counts if count.start < head], products, near, own)
    if not ended and named and meant(text[:head], named):
        return []  # "deux M et une L de la chemise"
    return [line for line in lines if line.code not in {mention.code for mention in mentions}]


def regions_of(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """The part of the text around each name in which its options stand: up to the last "et" before the next name."""
    edges = [0]
    for before, after in zip([None, *mentions], mentions, strict=False):
        start = before.end if before else 0
        breaks = list(_BREAK.finditer(text, start, max(start, after.start)))
        edges.append(breaks[-1].end() if breaks else start)
    edges.append(len(text))
    return [(edges[n + 1], edges[n + 2]) for n in range(len(mentions))]


def pointed(
    text: str, counts: Sequence[Count], products: Mapping[str, Product], near: Sequence[str], beside: bool = False
) -> list[OrderLine]:
    """What is said of the articles talked of before: "L.", "15 vanille et 5 fraise", "mets-en 24" beside another name.

    Of several articles those that have most of the options are meant. A number alone is a line only ``beside`` an
    article that is named: by itself it may be anything.
    """
    said = {code: meant(text, products[code]) for code in near if code in products}
    most = max((len({value.axis for value in values}) for values in said.values()), default=0)
    fitting = [code for code, values in said.items() if len({value.axis for value in values}) == most]
    if not fitting or (not most and not (beside and counts and len(near) == 1)):
        return []
    code = fitting[0]
    lines = list(_spread(text, code, {}, said[code], _no_sizes(text, products[code], counts), 0, POINTED))
    lines = [*_apart(text, code, said[code], counts, lines), *lines]
    lines = [_in_packs(text, line, counts, products[code]) for line in lines]
    return [replace(line, alternatives=tuple(fitting)) if len(fitting) > 1 else line for line in lines]


def _apart(
    text: str, code: str, said: Sequence[Value], counts: Sequence[Count], lines: Sequence[OrderLine]
) -> list[OrderLine]:
    """ "Ok 2, et 1 en bleu", "je le prends, et 1 en bleu": a clause before the options is of what was wanted all along.

    The sum of those that follow ("3 : 1 en M et 2 en L") is no line of its own.
    """
    before = [count for count in counts if said and count.start < said[0].start]
    if len(before) > 1 and _BREAK.search(text, before[-2].end, before[-1].start):
        first = before[-2].value
        return [] if first == sum(line.quantity or 1 for line in lines) else [OrderLine(code, first, {}, (), POINTED)]
    end = _BREAK.search(text, 0, before[0].start) if before else None
    return [OrderLine(code, None, {}, (), POINTED)] if end and says("takes_it", text[: end.start()]) else []


def shared(
    text: str,
    code: str,
    counts: Sequence[Count],
    products: Mapping[str, Product],
    mention: Mention | None = None,
) -> list[OrderLine]:
    """ "2 chemises, 1 en M et 1 en XL": one article in several options, each with its own number; else nothing."""
    product = products.get(code)
    if product is None:
        return []
    said = _each(text, product) or meant(text, product)
    named = mention.end if mention else 0
    base = mention.options if mention else {}
    lines = list(_spread(text, code, base, said, _no_sizes(text, product, counts), named, 1.0))
    return lines if len(lines) > 1 else []


def _inside(text: str, count: Count, mention: Mention, products: Mapping[str, Product]) -> bool:
    product = products.get(mention.code)
    spans = spans_of(text, mention, product) if product else mention.spans
    return any(start <= count.start < end for start, end in spans)


def _no_sizes(text: str, product: Product, counts: Sequence[Count]) -> list[Count]:
    """The numbers that are no size of the article."""
    sizes = values_in(text, product)
    return [count for count in counts if not any(size.start <= count.start < size.end for size in sizes)]


def _owner(text: str, count: Count, mentions: Sequence[Mention], counts: Sequence[Count]) -> int | None:
    """The mention that a number belongs to: the next one, unless something ends the count before it."""
    reach = _FAR if len(mentions) == 1 else _NEAR
    within = next((n for n, mention in enumerate(mentions) if mention.start <= count.start < mention.end), None)
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


def _lines(
    text: str,
    mention: Mention,
    region: tuple[int, int],
    owned: Sequence[Count],
    within: Sequence[Count],
    products: Mapping[str, Product],
) -> list[OrderLine]:
    """The lines of one name. ``owned``: the numbers that belong to it, ``within``: all that stand in its region."""
    product = products.get(mention.code)
    if product is None or mention.alternatives:
        quantity = owned[0].value if owned else None
        return [OrderLine(mention.code, quantity, dict(mention.options), mention.alternatives, mention.score)]
    start, end = region
    around = text[start:end]
    title = fold(product.title)
    said = [_moved(value, start) for value in _each(around, product) or meant(around, product)]
    said = [v for v in said if not _in_name(text, v, mention, title)]
    denied = {(v.axis, v.value) for v in values_in(around, product)} - {(v.axis, v.value) for v in said}
    base = {axis: value for axis, value in mention.options.items() if (axis, value) not in denied}
    numbers = _no_sizes(text, product, within)
    several = list(_spread(text, mention.code, base, said, numbers, mention.end, mention.score))
    if len(several) > 1:
        return [_in_packs(text, line, within, product) for line in several]
    options = {**base, **{value.axis: value.value for value in reversed(said)}}
    counts = [count for count in _no_sizes(text, product, owned) if not _in_title(text, count, product)]
    counts.sort(key=lambda count: bool(_AND.search(_between(text, count, mention))))
    quantity = counts[0].value if counts else None
    line = OrderLine(mention.code, quantity, options, (), mention.score)
    return [_in_packs(text, line, counts, product)]


def _moved(value: Value, by: int) -> Value:
    return value._replace(start=value.start + by, end=value.end + by)


def _in_name(text: str, value: Value, mention: Mention, title: str) -> bool:
    """A word that the title has says no option: the "bleu" of "Robe bleue"."""
    said = fold(text[value.start : value.end])
    inside = mention.start <= value.start < mention.end
    return inside and value.value != mention.options.get(value.axis) and said in title


def _between(text: str, count: Count, mention: Mention) -> str:
    """What stands between a number and the name that it belongs to."""
    return text[count.end : mention.start] if count.end <= mention.start else text[mention.end : count.start]


def _in_title(text: str, count: Count, product: Product) -> bool:
    """ "Les six yards": a measure that the article has in its name, and no number of pieces."""
    unit = re.match(r"\W*\w+\W+(\w{3,})", fold(text[count.start :]))
    return bool(unit and re.search(rf"(?<!\w){count.value}\W*{unit[1][:4]}", fold(product.title)))


def _in_packs(text: str, line: OrderLine, counts: Sequence[Count], product: Product) -> OrderLine:
    """ "36 bouteilles" of what comes in cartons of 12 are three cartons."""
    count = next((count for count in counts if count.value == line.quantity), None)
    held = packs(text, count, product) if count else None
    if held is None or count is None:
        return line
    return replace(line, quantity=held) if held else replace(line, quantity=None, pieces=count.value)


def _each(text: str, product: Product) -> list[Value]:
    """ "2 de chaque couleur": every value of the axis that is named, or of the only one."""
    found = _EACH.search(text)
    axes = list(dict.fromkeys(axis for variant in product.variants for axis in variant.options))
    named = [axis for axis in axes if found and found[1] and fold(axis)[:4] == fold(found[1])[:4]]
    axis = next(iter(named or axes), None) if found and (named or len(axes) == 1) else None
    if found is None or axis is None:
        return []
    values = dict.fromkeys(variant.options[axis] for variant in product.variants)
    return [Value(axis, value, found.end(), found.end()) for value in values]


def _spread(
    text: str,
    code: str,
    base: Mapping[str, str],
    said: Sequence[Value],
    counts: Sequence[Count],
    named: int,
    score: float,
) -> Iterator[OrderLine]:
    """A line for each group of options, with the number that stands before it, or behind it; the first may be the sum.

    Options that were said of one group only, once for the axis, hold for all: "chemise bleue: 1 en M et 2 en L".
    """
    groups = _groups(said, counts)
    common = {value.axis: value.value for value in said if len({v.value for v in said if v.axis == value.axis}) == 1}
    for group, number in zip(groups, _numbers(text, groups, counts, named), strict=True):
        options = {**base, **common, **{value.axis: value.value for value in group}}
        yield OrderLine(code, number if number or len(groups) == 1 else 1, options, (), score)


def _groups(said: Sequence[Value], counts: Sequence[Count]) -> list[list[Value]]:
    """Values that are said together: a second value of an axis begins a new group, and so does a number in between."""
    groups: list[list[Value]] = [[]]
    for value in said:
        before = {have.axis for have in groups[-1]}
        last = groups[-1][-1].end if groups[-1] else 0
        counted = groups[-1] and any(last <= count.start < value.start for count in counts)
        fresh = value.axis in before or (counted and any(v.axis == value.axis for g in groups for v in g))
        if fresh:
            if value.value in {have.value for have in groups[-1] if have.axis == value.axis}:
                continue
            groups.append([])
        groups[-1].append(value)
    return groups


def _numbers(text: str, groups: Sequence[Sequence[Value]], counts: Sequence[Count], named: int) -> Iterator[int | None]:
    """The number of each group: those that stand before the groups, or behind them when none stands before."""
    if len(groups) == 1:
        own = [count for count in counts if count.start >= named] or counts
        before = [count for count in own if groups[0] and count.start < groups[0][0].start]
        yield before[-1].value if before else own[0].value if own else None
        return
    starts, ends = [group[0].start for group in groups], [group[-1].end for group in groups]
    inner = [count for count in counts if count.start >= starts[0]]
    behind = inner and inner[-1].start > starts[-1] and not any(named <= count.start < starts[0] for count in counts)
    edges = [*starts, len(text)] if behind else [0, *ends]
    windows = (
        [(edges[n], edges[n + 1]) for n in range(len(groups))] if behind else list(zip(edges, starts, strict=False))
    )
    for start, end in windows:
        found = [count for count in counts if start <= count.start < end]
        own = [count for count in found if count.start >= named]
        one = not behind and _ONE.search(text[max(start, named) : end])
        sum_of_all = not own and len(found) == 1 and found[0].value == len(groups) and not inner
        yield own[-1].value if own else None if one or sum_of_all or not found else found[-1].value


def _without_echoes(lines: list[OrderLine]) -> list[OrderLine]:
    """The same article named again without a number or an option says nothing new."""
    kept = []
    for line in lines:
        others = [other for other in lines if other is not line and other.code == line.code]
        if others and not line.options and line.quantity is None:
            continue
        kept.append(line)
    return kept or lines[:1]
