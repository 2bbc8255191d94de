"""Prices that a page shows to people, and which of them is the article's: by where it stands and what is said of it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from lxml import etree

from griot.knowledge.importing.amounts import Amount, read_amount
from griot.knowledge.importing.currencies import MENTION
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.walk import In, Spot, View, marked, marks_of
from griot.knowledge.importing.wording import pattern

_LONGEST = 60  # characters of an element that shows a price and little else
_BEFORE = 45  # characters before a price that say what it is
_AFTER = 25
_BESIDE = 40  # characters between a former price and the present one
_BESIDE_FORMER = 1.5
_JUST_BEFORE = 200  # characters: a price may stand right above its headline

_PRICE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:\w*price\w*|prc\w*|preis\w*|prix|precio\w*|prezzo\w*|cost|amount|bid|money|\w*cena\w*)(?=$|[\s_-])"
)
_NOW_MARKS = re.compile(
    r"(?:^|[\s_-])(?:our|sale|special|now|current|final|actual|offer|deal|promo\w*|new|buy\w*|main|selling|sell|today|to-?pay|product-?price|"
    r"prod-?price|item-?price|priceblock\w*|buybox|winning|prcisum|detail\w*)(?=$|[\s_-])"
)
_MINOR_MARKS = re.compile(
    r"(?:^|[\s_-])(?:unit-?price|per-?unit|ppu|base-?price|shipping|delivery|install?ments?|monthly|from|tax|vat|points?|coupon|swatch\w*|twister\w*|variation\w*)(?=$|[\s_-])"
)
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Shown:
    """A price as shown, at ``at`` in the page's text. ``score`` tells how likely it is the article's; ``old``: the former.

    ``sign``: of its currency, as written. ``lesser``: said to be without tax, an estimate or a first bid.
    """

    amount: Amount
    score: float
    at: int
    old: bool
    sign: str | None = None
    lesser: bool = False


def shown_prices(page: Page, view: View, headline: Spot | None, buttons: list[Spot]) -> list[Shown]:
    """The prices of the page, the likeliest first; former prices marked."""
    found = _amounts(page, view)
    crowd = _crowded([spot for spot, _ in found])
    often = Counter(amount.value for spot, amount in found if not spot.flags & (In.ASIDE | In.OLD))
    shown = [_judged(view, spot, amount, headline, buttons, often, id(spot.element) in crowd) for spot, amount in found]
    judged = _reduced(view, [price for price in shown if price is not None])
    former = [price.at for price in judged if price.old and price.score > 0]
    raised = [
        replace(price, score=price.score + _BESIDE_FORMER)
        if not price.old and any(abs(price.at - at) <= _BESIDE for at in former)
        else price
        for price in judged
    ]
    return sorted(raised, key=lambda price: (-price.score, price.at))


def _reduced(view: View, prices: list[Shown]) -> list[Shown]:
    """The prices, the dearer of two neighbours marked old where the percentage beside them is the one's discount."""
    ordered = sorted(prices, key=lambda price: price.at)
    old: set[int] = set()
    for one, other in pairwise(ordered):
        if one.old or other.old or other.at - one.at > _BESIDE or one.amount.value == other.amount.value:
            continue
        low, high = sorted((one.amount.value, other.amount.value))
        around = view.text[max(0, one.at - _BESIDE) : other.at + _BESIDE]
        stated = {int(percent) for percent in re.findall(r"(\d{1,2})\s?%", around)}
        if stated & {int(100 * (1 - low / high)) + shift for shift in (0, 1)}:
            old.add(id(one if one.amount.value == high else other))
    return [replace(price, old=True) if id(price) in old else price for price in ordered]


def _amounts(page: Page, view: View) -> list[tuple[Spot, Amount]]:
    """Elements that show one amount of money, the smallest that shows it whole."""
    found: list[tuple[Spot, Amount]] = []
    for spot in view.spots:
        if not 0 < spot.end - spot.start <= _LONGEST or not _FIGURE.search(view.text, spot.start, spot.end):
            continue
        amount = _money(spot, view.shows(spot), page)
        if amount is None or amount.value == 0:
            continue
        inner = len(found)
        while inner and found[inner - 1][0].start >= spot.start:
            inner -= 1
        if found[inner:] and not _completes(amount, [part for _, part in found[inner:]]):
            continue
        found[inner:] = [(spot, amount)]
    return found


def _money(spot: Spot, text: str, page: Page) -> Amount | None:
    """The amount a short text shows: with a sign of a currency, or bare in an element marked as a price."""
    named = MENTION.search(text)
    if not named and not marked(_PRICE_MARKS, spot.marks):
        return None
    amount = read_amount(text, None, page.language, country=page.country)
    if amount is None or not (named or len(text) <= 15):
        return None
    return amount


def _completes(amount: Amount, inner: list[Amount]) -> bool:
    """Whether a larger element shows the same price more fully: with its currency, or its cents."""
    if len({part.value for part in inner}) > 1:
        return False
    part = inner[0]
    same = part.value == amount.value and part.currency is None and amount.currency is not None
    cents = part.value == part.value.to_integral_value() and part.value == amount.value.to_integral_value(
        rounding="ROUND_FLOOR"
    )
    return same or (cents and amount.value != part.value)


def _judged(
    view: View,
    spot: Spot,
    amount: Amount,
    headline: Spot | None,
    buttons: list[Spot],
    often: Counter[Decimal],
    crowded: bool,
) -> Shown | None:
    """A price with its likelihood, or None for an amount that is no price of an article."""
    own = view.shows(spot)
    inner, outer = _parts_around(own, amount.value)
    before = view.text[max(0, spot.start - _BEFORE) : spot.start] + inner
    label = re.split(r"\d[\d.,\s]*(?=\D)|[。;!?]", before)[-1]
    after = outer + view.text[spot.end : spot.end + _AFTER]
    marks = " ".join(marks_of(parent) for parent in _own_line(spot.element))
    if pattern("not_price").search(label) or pattern("after_not_price").match(after.lstrip(" ()*")):
        return None
    old = bool(spot.flags & In.OLD) or _ends_with("before_old", label)
    score = 0.0
    score += 3 if spot.element.get("itemprop") in ("price", "lowPrice") else 0
    score += 2 if marked(_PRICE_MARKS, marks) else 0
    score += 1.5 if marked(_NOW_MARKS, marks) else 0
    score += 1.5 if _ends_with("before_price", label) else 0
    lesser = _ends_with("before_lesser", label) or bool(pattern("after_lesser").match(after.lstrip(" ()*,")))
    score -= 3 if lesser else 0
    score -= 2 if before.endswith(("(", "（")) else 0
    score -= 3 if marked(_MINOR_MARKS, marks) else 0
    score -= 5 if spot.flags & In.ASIDE else 0
    score -= 2 if spot.flags & In.HIDDEN else 0
    score -= 2 if spot.flags & In.LINK else 0
    score -= 3 if spot.flags & In.OPTION else 0
    score -= 3 if crowded else 0
    score += min(often[amount.value] - 1, 3) * 0.5
    score += _closeness(spot, headline, buttons)
    score += 0.5 if amount.currency else 0
    sign = MENTION.search(own)
    return Shown(amount, score, spot.start, old, sign[0] if sign else None, lesser)


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


def _crowded(spots: list[Spot]) -> set[int]:
    """Elements that stand in a row of three or more alike, each with a price and a link: a list of other articles."""
    rows: dict[tuple[int, str, str], set[int]] = {}
    places: list[tuple[int, list[tuple[int, str, str]]]] = []
    for spot in spots:
        keys = []
        element = spot.element
        for _ in range(8):
            parent = element.getparent()
            if parent is None:
                break
            if element.tag == "a" or element.find(".//a") is not None:
                key = (id(parent), str(element.tag), element.get("class", ""))
                rows.setdefault(key, set()).add(id(element))
                keys.append(key)
            element = parent
        places.append((id(spot.element), keys))
    return {place for place, keys in places if any(len(rows[key]) >= 3 for key in keys)}
