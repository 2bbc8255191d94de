"""What the buyer has: what is held, else what is quoted. Which of it a message names, and how it is changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.agent.interpreter.pieces import pieces, words_of
from griot.agent.interpreter.values import Value
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold, sound
from griot.tools.orders.models import Line
from griot.tools.quotes.models import QuoteLine

Item = Line | QuoteLine

_LIKELY_NAME = 0.6
_TELLING = 4  # letters of a word that tells articles apart
_ELIDED = frozenset("ldjcsmtn")  # stuck to a word in haste: "latieke", "dhuile"


class Named(NamedTuple):
    """The place of an item that a message names between two offsets."""

    place: int
    start: int
    end: int


class Basket(NamedTuple):
    """``quoted``: it is an open quote, and nothing is held."""

    items: tuple[Item, ...]
    quoted: bool


def basket_of(heard: Hearing) -> Basket:
    """Everything that is held, the newest order first; when nothing is, the lines of the open quote."""
    held = tuple(line for order in heard.brief.orders for line in order.lines if line.status == "held")
    if held or heard.brief.quote is None:
        return Basket(held, quoted=False)
    return Basket(tuple(line for line in heard.brief.quote.lines if line.code in heard.brief.products), quoted=True)


def named(heard: Hearing, basket: Basket) -> list[Named]:
    """The items that a message names, in its order: as the search hears them, or loosely, as only these can be meant.

    A name that stands for several articles means the only one among the items. Of two sizes of an article, the one
    that is said; both when none is. A size or colour that only one item has names it: "le noir".
    """
    codes = {item.code for item in basket.items}
    found = [
        (mention.start, mention.end, code)
        for mention in heard.mentions
        if (code := _only({mention.code, *mention.alternatives} & codes))
    ]
    found += [hit for hit in _loosely(heard, codes) if not any(start <= hit[0] < end for start, end, _ in found)]
    told_ = [name for name in _by_option(heard, basket) if not any(a <= name.start < b for a, b, _ in found)]
    theirs = {name.place for name in told_}
    named_ = [
        Named(place, start, end)
        for start, end, code in found
        for place in _told_apart(heard, basket, code, heard.text[start:])
        if place in theirs or not any(basket.items[other].code == code for other in theirs)
    ]
    return sorted([*named_, *told_], key=lambda name: name.start)


def places_named(heard: Hearing, basket: Basket) -> list[int]:
    """The same without the offsets, each place once."""
    return list(dict.fromkeys(name.place for name in named(heard, basket)))


def told(heard: Hearing, basket: Basket) -> list[tuple[int, int]]:
    """Where a size or colour stands that names an item: the 33 of "mets 50 pour le 33" counts nothing."""
    return [(name.start, name.end) for name in _by_option(heard, basket)]


def _by_option(heard: Hearing, basket: Basket) -> Iterator[Named]:
    """The sizes and colours that only one of several items has."""
    if len(basket.items) < 2:
        return
    having: dict[tuple[int, int], set[int]] = {}
    for code in {item.code for item in basket.items}:
        for value in heard.values(code):
            places = {n for n, item in enumerate(basket.items) if _has(item, code, value)}
            having.setdefault((value.start, value.end), set()).update(places)
    for (start, end), places in having.items():
        if len(places) == 1:
            yield Named(next(iter(places)), start, end)


def _has(item: Item, code: str, value: Value) -> bool:
    return item.code == code and item.options.get(value.axis) == value.value


def strangers(heard: Hearing, basket: Basket) -> list[Mention]:
    """What is named by its own name, or counted by a likely one, and is neither an item nor a size or colour of one."""
    codes = {item.code for item in basket.items}
    counted = {line.code for line in heard.lines if line.quantity and line.score >= _LIKELY_NAME}
    return [
        mention
        for mention in heard.mentions
        if (mention.score >= OWN_NAME or mention.code in counted)
        and not {mention.code, *mention.alternatives} & codes
        and not is_value(heard, basket, heard.text[mention.start : mention.end])
    ]


def is_value(heard: Hearing, basket: Basket, words: str) -> bool:
    """Do these words say nothing but sizes and colours in which items come?"""
    codes = {item.code for item in basket.items}
    values = {word for code in codes for word in _option_words(heard.brief.products[code])}
    return {fold(word).rstrip("s") for word in words.split()} <= values


def _option_words(product: Product) -> Iterator[str]:
    for variant in product.variants:
        for value in variant.options.values():
            yield from (word.rstrip("s") for word in fold(value).split())


def spoken_of(heard: Hearing, basket: Basket, places: Sequence[int] = ()) -> int:
    """The place of the item that was talked of last; ``places``: one of these."""
    among = places or range(len(basket.items))
    codes = [code for code in (heard.memory.one, *heard.memory.focus) if code]
    return next((place for code in codes for place in among[::-1] if basket.items[place].code == code), among[-1])


def _only(codes: set[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def _told_apart(heard: Hearing, basket: Basket, code: str, said: str) -> list[int]:
    places = [place for place, item in enumerate(basket.items) if item.code == code]
    if len(places) < 2:
        return places
    options = heard.options_in(said, code)
    return [place for place in places if options.items() <= basket.items[place].options.items()] or places


def _loosely(heard: Hearing, codes: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Words that sound like a word of one item's title."""
    sounds: dict[str, set[str]] = {}
    for code in codes:
        for word in _title_sounds(heard.brief.products[code].title):
            sounds.setdefault(word, set()).add(code)
    for piece in pieces(heard.text):
        if piece.kind != "word" or len(piece.text) < _TELLING:
            continue
        heard_as = {sound(piece.text)} | ({sound(piece.text[1:])} if piece.text[0] in _ELIDED else set())
        if only := _only(set().union(*(sounds.get(word, set()) for word in heard_as))):
            yield piece.start, piece.end, only


@cache
def _title_sounds(title: str) -> frozenset[str]:
    words = [piece.text for piece in pieces(title) if piece.kind == "word" and len(piece.text) >= _TELLING]
    return frozenset(sound(word) for word in words if word not in units())


def units() -> frozenset[str]:
    """What goods are counted in: carton, kg, pièces."""
    return words_of("numbers", "units", "goods")


# What becomes of it


def as_args(item: Item, quantity: int | None = None, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An item as a line of a tool call, with another number or other options when these are given."""
    return article(item.code, item.quantity if quantity is None else quantity, options or item.options)


def changed(
    basket: Basket, numbers: Mapping[int, int], new: Sequence[dict[str, Any]] = (), **when: str
) -> Choices | None:
    """The calls that give items (by their place) other numbers, 0 for none left, and add new lines.

    A quote is made again with what stays of it. What is held for good is changed before anything is given up.
    """
    if basket.quoted:
        left = [as_args(item, numbers.get(n)) for n, item in enumerate(basket.items) if numbers.get(n) != 0]
        return choose("quote", lines=[*left, *new], wanted_on=when.get("wanted_on")) if left or new else None
    counted = [as_args(basket.items[n], number) for n, number in numbers.items() if number]
    gone = [basket.items[n] for n, number in numbers.items() if number == 0]
    choices = choose("hold", lines=[*counted, *new], **when) if counted or new else []
    if gone and len(gone) == len(basket.items) and not new:
        return choose("cancel")
    return choices + [
        choice for item in gone for choice in choose("cancel", code=item.code, options=dict(item.options) or None)
    ]
