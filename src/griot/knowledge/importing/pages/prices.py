"""Prices that a page shows to people, the likeliest to be the article's first."""

import re
from collections import Counter
from dataclasses import replace
from itertools import islice, pairwise

from lxml import etree

from griot.knowledge.importing.amounts import Amount, read_amount
from griot.knowledge.importing.currencies import MENTION, is_certain, is_local, stands_before
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.judging import PRICE_MARKS, Judge, Shown
from griot.knowledge.importing.pages.walk import In, Spot, View, marked

_LONGEST = 160  # characters of a sentence that states a price
_LONGEST_BARE = 15  # and of one that shows no currency
_BESIDE = 40  # characters between a former price and the present one
_BESIDE_FORMER = 1.5  # what standing beside a former price counts
_ROW = 3  # alike elements with a price each that make a list of other articles
_ROW_DEPTH = 8  # levels up that are looked at for one
_FIGURE = re.compile(r"\d")
_MOST = 3_000  # short texts with figures that are looked at, from the top of the page


def shown_prices(page: Page, view: View, headline: Spot | None, buttons: list[Spot]) -> list[Shown]:
    """The prices of the page, the likeliest first; former prices marked."""
    found = _amounts(page, view)
    often = Counter(amount.value for spot, amount in found if not spot.flags & (In.ASIDE | In.OLD))
    judge = Judge(view, headline, buttons, often, _crowded([spot for spot, _ in found]))
    ends = [0, *(spot.end for spot, _ in found)]
    shown = [judge.judged(spot, amount, since) for (spot, amount), since in zip(found, ends, strict=False)]
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
    short = (spot for spot in view.spots if 0 < spot.end - spot.start <= _LONGEST)
    for spot in islice((spot for spot in short if _FIGURE.search(view.text, spot.start, spot.end)), _MOST):
        amount = _money(spot, view.shows(spot), page)
        if amount is None or amount.value == 0:
            continue
        inner = len(found)
        while inner and found[inner - 1][0].start >= spot.start:
            inner -= 1
        parts = found[inner:]
        if not parts or _completes(amount, [part for _, part in parts]):
            found[inner:] = [(spot, amount)]
        elif not spot.flags & In.OLD and all(part.flags & In.OLD for part, _ in parts):
            own = _money(spot, _without(view, spot, [part for part, _ in parts]), page)
            found += [(spot, own)] if own is not None and own.value else []
    return found


def _without(view: View, spot: Spot, parts: list[Spot]) -> str:
    """What an element shows besides the former prices in it."""
    ends = [spot.start, *(part.end for part in parts)]
    starts = [*(part.start for part in parts), spot.end]
    return " ".join(view.text[end:start] for end, start in zip(ends, starts, strict=True))


def _money(spot: Spot, text: str, page: Page) -> Amount | None:
    """The amount a short text shows: with a sign of a currency, or bare in an element marked as a price."""
    mention = MENTION.search(text)
    named = mention is not None and (is_certain(mention[0]) or _stands_like_money(mention, page))
    if not named and not marked(PRICE_MARKS, spot.marks):
        return None
    amount = read_amount(text, None, page.language, country=page.country)
    if amount is None or not (named or len(text) <= _LONGEST_BARE):
        return None
    return amount


def _stands_like_money(mention: re.Match[str], page: Page) -> bool:
    """Whether a sign that is also letters is money where no mark says so: ``15 000 Ar``, ``Rs 500``, but not ``Q5``.

    In small letters only where nothing else is shown, or where it is the money of the country: ``pris 299 kr``.
    """
    before, after = mention.string[: mention.start()], mention.string[mention.end() :]
    sign = mention[0]
    if re.search(r"\d\s?$", before) and not re.match(r"\s?\d", after):
        alone = not after.strip() and not re.search(r"[^\W\d_]", before)
        local = is_local(sign, country=page.country, language=page.language)
        return alone or local or sign[0].isupper() or not sign.isascii()
    return len(sign.rstrip(".")) > 1 and stands_before(sign) and bool(re.match(r"\s?\d", after))


def _completes(amount: Amount, inner: list[Amount]) -> bool:
    """Whether a larger element shows the same price more fully: with its currency, its cents, or what they are of."""
    if len({part.value for part in inner}) > 1:
        return False
    part = inner[0]
    if part.value and part.value == amount.value % 1 * 100:
        return True
    same = part.value == amount.value and part.currency is None and amount.currency is not None
    cents = part.value == part.value.to_integral_value() and part.value == amount.value.to_integral_value(
        rounding="ROUND_FLOOR"
    )
    return same or (cents and amount.value != part.value)


def _crowded(spots: list[Spot]) -> set[int]:
    """Elements that stand in a row of three or more alike, each with a price and a link: a list of other articles."""
    rows: dict[tuple[int, str, str], set[int]] = {}
    places: list[tuple[int, list[tuple[int, str, str]]]] = []
    linking = _linking(spots)
    for spot in spots:
        keys = []
        element = spot.element
        for _ in range(_ROW_DEPTH):
            parent = element.getparent()
            if parent is None:
                break
            if element in linking:
                key = (id(parent), str(element.tag), element.get("class", ""))
                rows.setdefault(key, set()).add(id(element))
                keys.append(key)
            element = parent
        places.append((id(spot.element), keys))
    return {place for place, keys in places if any(len(rows[key]) >= _ROW for key in keys)}


def _linking(spots: list[Spot]) -> set[etree._Element]:
    """The links of a page and all that they stand in."""
    found: set[etree._Element] = set()
    for link in spots[0].element.getroottree().iter("a") if spots else ():
        element: etree._Element | None = link
        while element is not None and element not in found:
            found.add(element)
            element = element.getparent()
    return found
