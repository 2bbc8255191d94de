"""How likely a price on a page is the article's: by where it stands, how it is marked and what is said around it.

The weights are judgement, checked against the development pages: each sign of a price's being the article's counts a
few points, and 3.5 points with nothing near them are enough where no markup tells a price.
"""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from griot.knowledge.importing.amounts import Amount
from griot.knowledge.importing.currencies import MENTION
from griot.knowledge.importing.pages.walk import In, Spot, View, marked, marks_of
from griot.knowledge.importing.wording import pattern

_BEFORE = 45  # characters before a price that say what it is
_AFTER = 25
_TIMES = re.compile(r"\s*[x×]\s*")  # of as many instalments or pieces
_LESSER = 3  # what being said to be lesser takes off a score
_STANDS_OUT = 4.5
_SHORT = 60  # characters of an element that shows a price and little else
_IN_A_SENTENCE = 1.5  # what being said in a longer one takes off a score
_JUST_BEFORE = 200  # characters: a price may stand right above its headline

PRICE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:\w*price\w*|prc\w*|preis\w*|prix|precio\w*|prezzo\w*|cost|amount|money|\w*cena\w*)(?=$|[\s_-])"
)
_NOW_MARKS = re.compile(
    r"(?:^|[\s_-])(?:our|sale|special|now|current|final|actual|offer|deal|promo\w*|new|buy\w*|main|selling|sell|today|"
    r"to-?pay|product-?price|prod-?price|item-?price|priceblock\w*|buybox|winning|prcisum|detail\w*)(?=$|[\s_-])"
)
_MINOR_MARKS = re.compile(
    r"(?:^|[\s_-])(?:unit-?price|per-?unit|ppu|base-?price|shipping|delivery|install?ments?|monthly|from|tax|vat|points?|"
    r"coupon|swatch\w*|twister\w*|variation\w*)(?=$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A price as shown, at ``at`` in the page's text; ``score``: how likely it is the article's; ``old``: the former.

    ``sign``: of its currency, as written. ``lesser``: said to be without tax, an estimate or a first bid.
    """

    amount: Amount
    score: float
    at: int
    old: bool
    sign: str | None = None
    lesser: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it is plainly one article's own, so that the page is no list; a lesser price tells that as well."""
        return self.score + (_LESSER if self.lesser else 0) >= _STANDS_OUT


@dataclass(frozen=True, slots=True)
class Judge:
    """What a price is judged by. ``often``: how many times each value is shown; ``crowded``: see :mod:`prices`."""

    view: View
    headline: Spot | None
    buttons: list[Spot]
    often: Counter[Decimal]
    crowded: set[int]

    def judged(self, spot: Spot, amount: Amount, since: int) -> Shown | None:
        """A price and its likelihood; None for money that is no price. ``since``: where the amount before it ends."""
        own = self.view.shows(spot)
        inner, outer = _parts_around(own, amount.value)
        before = self.view.text[max(0, since, spot.start - _BEFORE) : spot.start] + inner
        after = (outer + self.view.text[spot.end : spot.end + _AFTER]).lstrip(" ()*,")
        label = re.split(r"\d[\d.,\s]*(?=\D)|[。;!?]", before)[-1]
        priced = _ends_with("before_price", label)
        if (
            _TIMES.fullmatch(label)
            or pattern("not_price").search(label)
            or (not priced and pattern("after_not_price").match(after))
        ):
            return None
        lesser = _ends_with("before_lesser", label) or bool(pattern("after_lesser").match(after))
        score = self._place(spot) + _marking(spot) + min(self.often[amount.value] - 1, 3) * 0.5
        score += 1.5 if priced else 0
        score += 0.5 if amount.currency else 0
        score -= _LESSER if lesser else 0
        score -= _IN_A_SENTENCE if spot.end - spot.start > _SHORT else 0
        score -= 2 if before.endswith(("(", "（")) else 0
        sign = MENTION.search(own)
        old = bool(spot.flags & In.OLD) or _ends_with("before_old", label)
        return Shown(amount, score, spot.start, old, sign[0] if sign else None, lesser)

    def _place(self, spot: Spot) -> float:
        """Where it stands: near the headline and the button that buys, not among other articles."""
        flags = spot.flags
        against = 5 * bool(flags & In.ASIDE) + 2 * bool(flags & In.HIDDEN) + 2 * bool(flags & In.LINK)
        against += 3 * bool(flags & In.OPTION) + 3 * (id(spot.element) in self.crowded)
        return _closeness(spot, self.headline, self.buttons) - against


def _marking(spot: Spot) -> float:
    """What the marks of the element and of those around it say."""
    marks = " ".join(marks_of(parent) for parent in _own_line(spot.element))
    own = 3 if spot.element.get("itemprop") in ("price", "lowPrice") else 0
    return own + 2 * marked(PRICE_MARKS, marks) + 1.5 * marked(_NOW_MARKS, marks) - 3 * marked(_MINOR_MARKS, marks)


def _closeness(spot: Spot, headline: Spot | None, buttons: list[Spot]) -> float:
    """How near the headline and the buy button are: at most 5."""
    near = 0.0
    if headline is not None:
        distance = spot.start - headline.end
        if distance >= 0:
            near += 3 if distance < 300 else 2 if distance < 1000 else 1 if distance < 2500 else 0
        else:
            near += 1.5 if distance > -_JUST_BEFORE else 0
    if buttons:
        distance = min(abs(spot.start - button.start) for button in buttons[:3])
        near += 2 if distance < 300 else 1 if distance < 1000 else 0
    return near


def _parts_around(own: str, value: Decimal) -> tuple[str, str]:
    """What an element shows before and after the figures of its amount, signs of currency left out."""
    digits = f"{value.normalize():f}".replace(".", "")
    for number in re.finditer(r"\d(?:[\d.,'’\s]*\d)?", own):
        if re.sub(r"\D", "", number[0]).startswith(digits):
            return MENTION.sub("", own[: number.start()]), MENTION.sub("", own[number.end() :])
    return "", ""


def _ends_with(sense: str, label: str) -> bool:
    """Whether the words right before a price are of this sense."""
    ending = label.rstrip(" :.-(–：*")[-30:]
    return any(found.end() >= len(ending) - 1 for found in pattern(sense).finditer(ending))


def _own_line(element: etree._Element) -> list[etree._Element]:
    """The element and up to three around it."""
    line = [element]
    while len(line) < 4 and (parent := line[-1].getparent()) is not None:
        line.append(parent)
    return line
