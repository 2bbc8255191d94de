"""Quantities, amounts of money and budgets in a message, by what stands around each number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from griot.agent.interpreter.contacts import phone_spans
from griot.agent.interpreter.figures import Figure, figures_in
from griot.agent.interpreter.pieces import Phrases, Piece, phrases_of, pieces, word_list
from griot.core.money import Money, exponent

LARGEST_COUNT = 999  # a larger bare number is money, unless a unit or an article follows it
_LARGEST_NAMED = 99_999
_TIMES = frozenset({"x", "×", "*"})
_LINKS = frozenset({"de", "d", "of", "ny", "des", "belles", "petits", "petites", "grands", "grandes", "beaux"})
_ONLY = frozenset({"seul", "seule", "seulement", "only", "rek", "ihany", "suffit"})
_JUST = frozenset({"juste", "just", "only", "seulement", "plus"})
_DONE = frozenset(
    {"fait", "fe", "fai", "fais", "deja", "argent", "paye", "payer", "debite", "preleve", "charged", "paid"}
)
_PACK_OF = re.compile(r"\b(?:four|six|eight|ten|twelve|\d+)-(?=packs?\b)", re.I)
_NOT_WORDS = frozenset({"neuf", "both", "ray", "dis", "kat"})  # "sac neuf", "both of them", "dis moi"


class Count(NamedTuple):
    """A quantity. ``times``: written as a multiplication, "x2" or "2x". ``unit``: carton, kg, paire; empty: pieces."""

    value: int
    start: int
    end: int
    times: bool = False
    unit: str = ""


class Amount(NamedTuple):
    """An amount of money in major units of the shop's currency."""

    value: Decimal
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Budget:
    """What a buyer wants to spend; ``about``: the two were worked out from one amount."""

    low: Money | None = None
    high: Money | None = None
    about: bool = False

    def fits(self, price: Money) -> bool:
        """Is the price of one piece within it? A price in another currency is not."""
        bounds = [bound for bound in (self.low, self.high) if bound]
        if any(bound.currency != price.currency for bound in bounds):
            return False
        return not (self.low and price.minor < self.low.minor) and not (self.high and price.minor > self.high.minor)


Span = tuple[int, int]


def counts_in(text: str, taken: Sequence[Span] = ()) -> list[Count]:
    """Numbers that say how many. ``taken``: stretches that mean something else, such as a day or an article's name."""
    found = pieces(_PACK_OF.sub(lambda size: " " * len(size[0]), text))  # of "thirty six-packs" there are thirty
    taken = [*taken, *phone_spans(text)]
    return [count for figure in figures_in(found) if (count := _count(found, figure, taken))]


def amounts_in(text: str) -> list[Amount]:
    """Amounts of money: signed as such, "15k" or "10 mille", or a bare number of four figures or more."""
    found = pieces(text)
    return [
        Amount(figure.value, found[figure.first].start, found[end - 1].end)
        for figure in _figures(found, text)
        if (end := _money_end(found, figure)) is not None
    ]


def budget(text: str, currency: str) -> Budget | None:
    """The limits that a buyer puts on the price; None when the message names no amount that could be one."""
    found = pieces(text)
    limits = [limit for figure in _figures(found, text) if (limit := _limit(found, figure)) is not None]
    if not limits:
        return None
    if len(limits) == 2 and _between(found, limits[0][1].first):
        low, high = sorted(figure.value for _, figure in limits)
        return Budget(_money(low, currency), _money(high, currency))
    kind, figure = limits[0]
    value = figure.value
    if kind == "max":
        return Budget(high=_money(value, currency))
    if kind == "min":
        return Budget(low=_money(value, currency))
    return Budget(_money(value * Decimal("0.7"), currency), _money(value * Decimal("1.15"), currency), about=True)


def _figures(found: Sequence[Piece], text: str) -> list[Figure]:
    """The numbers of a text that are no part of a telephone number."""
    phones = phone_spans(text)
    return [
        figure
        for figure in figures_in(found)
        if not any(start <= found[figure.first].start < end for start, end in phones)
    ]


def _count(found: Sequence[Piece], figure: Figure, taken: Sequence[Span]) -> Count | None:
    first, last = found[figure.first], found[figure.last - 1]
    after = found[figure.last] if figure.last < len(found) else None
    times = _times(found, figure)
    start = found[figure.first - 1].start if times == "before" else first.start
    end = found[figure.last].end if times == "after" else last.end
    if any(start < stop and begin < last.end for begin, stop in taken):
        return None
    value = int(figure.value)
    if figure.value != value or not 0 < value <= _LARGEST_NAMED:
        return None
    unit = _unit(found, figure.last)
    named = unit is not None or _names_next(found, figure.last, taken)
    if times is None and not _is_count(found, figure, named):
        return None
    if value > LARGEST_COUNT and not named:
        return None
    if figure.article and not (unit or _only_one(found, figure)):
        return None
    if times is None and unit is None and after and after.glued and after.kind == "word" and len(after.text) < 3:
        return None  # "2e", "4g"
    return Count(value, start, end, times is not None, unit or "")


def _times(found: Sequence[Piece], figure: Figure) -> Literal["before", "after"] | None:
    before = found[figure.first - 1] if figure.first else None
    if before and before.text in _TIMES and (before.text != "*" or found[figure.first].glued):
        return None if figure.first > 1 and before.glued and found[figure.first - 2].is_number else "before"
    after = found[figure.last] if figure.last < len(found) else None
    if after and after.text in _TIMES and after.glued and not (before and before.text in _DONE):
        crossed = figure.last + 1 < len(found) and found[figure.last + 1].is_number  # "2x3", "30x40"
        return None if crossed else "after"
    return None


def _is_count(found: Sequence[Piece], figure: Figure, named: bool) -> bool:
    """Does nothing around the number make it a size, a rank, an hour, an age, an amount?"""
    first = found[figure.first]
    before = found[figure.first - 1] if figure.first else None
    after = found[figure.last] if figure.last < len(found) else None
    if figure.said and first.text in _NOT_WORDS and not named:
        return False
    if figure.said and before and before.text == "du":
        return False  # Wolof: "ñaar fukk, du fukk" is 20 and not 10
    if before and first.glued and (before.kind == "word" or before.text in "#-/:.,_@"):
        return False  # "ROBE1", "#45", "12/05"
    if after and after.glued and (after.text in "%°/:€$" or (after.text == "-" and _glued_on(found, figure.last + 1))):
        return False
    if after and (after.text in "%€$" or _others().at(found, figure.last)):
        return False
    if after and after.glued and after.text in _TIMES:
        return False  # "ça fait 3x que": how often
    if _money_words().at(found, figure.last):
        return False
    if before and _labels().before(found, figure.first):
        return False
    priced = before is not None and _prices().before(found, figure.first) is not None
    return named or not (priced and (figure.value >= 100 or before is None or before.text != "a"))


def _glued_on(found: Sequence[Piece], place: int) -> bool:
    return place < len(found) and found[place].glued


def _only_one(found: Sequence[Piece], figure: Figure) -> bool:
    """ "Un seul", "juste une" and nothing after it: the article counts."""
    after = found[figure.last].text if figure.last < len(found) else ""
    before = found[figure.first - 1].text if figure.first else ""
    return after in _ONLY or (before in _JUST and after in ("", ".", "!", ","))


def _unit(found: Sequence[Piece], place: int) -> str | None:
    hit = _goods().at(found, place)
    return hit[0] if hit else None


def _names_next(found: Sequence[Piece], place: int, taken: Sequence[Span]) -> bool:
    """Does an article's name follow, small words passed over?"""
    while place < len(found) and found[place].text in _LINKS:
        place += 1
    return place < len(found) and any(begin <= found[place].start < stop for begin, stop in taken)


def _money_end(found: Sequence[Piece], figure: Figure) -> int | None:
    """Where an amount ends, its currency included; None for a number that is no amount."""
    if figure.article or (figure.first and found[figure.first].glued and found[figure.first - 1].kind == "word"):
        return None
    at = figure.last
    if at < len(found) and found[at].text in ("€", "$"):
        return at + 1
    word = _money_words().at(found, at)
    if word and not (at < len(found) and found[at].text == "a"):
        return word[1]
    if figure.first and found[figure.first - 1].text in ("€", "$"):
        return at
    plain = figure.multiplied or (figure.value >= 1000 and not figure.collective)
    other = _unit(found, at) is not None or _others().at(found, at) is not None
    digits = found[figure.first].text
    return at if plain and not other and not (figure.last == figure.first + 1 and digits.startswith("0")) else None


def _limit(found: Sequence[Piece], figure: Figure) -> tuple[str, Figure] | None:
    """The kind of limit an amount is: max, min or about. A small bare number must be announced as a limit."""
    kind = _limits().before(found, figure.first)
    if _money_end(found, figure) is not None:
        return (kind[0] if kind else "max" if _between(found, figure.first) else "about"), figure
    announced = kind is not None and kind[0] in ("max", "min") and len(found[kind[1]].text) > 3
    bare = announced and not figure.article and _unit(found, figure.last) is None
    return (kind[0], figure) if bare and kind and not _others().at(found, figure.last) else None


def _between(found: Sequence[Piece], place: int) -> bool:
    return any(piece.text in ("entre", "between", "anelanelan") for piece in found[max(0, place - 3) : place])


def _money(value: Decimal, currency: str) -> Money:
    return Money(int(value.scaleb(exponent(currency))), currency)


@cache
def _goods() -> Phrases[str]:
    words = word_list("numbers")["units"]["goods"]
    return Phrases((word, word.removesuffix(" de").removesuffix(" of")) for word in words)


def _others() -> Phrases[bool]:
    return phrases_of("numbers", "units", "other")


def _labels() -> Phrases[bool]:
    return phrases_of("numbers", "before", "label")


def _prices() -> Phrases[bool]:
    return phrases_of("numbers", "before", "price")


def _money_words() -> Phrases[bool]:
    return phrases_of("numbers", "money", "words")


@cache
def _limits() -> Phrases[str]:
    return Phrases((word, kind) for kind, words in word_list("numbers")["limits"].items() for word in words)
