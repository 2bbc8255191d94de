"""Where on a page the article itself is: its headline and the button that buys it."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from griot.knowledge.importing.pages.walk import In, Spot, View, marked
from griot.knowledge.importing.wording import pattern

_LONGEST_TITLE = 400
_LONGEST_BUTTON = 40
_MANY = 2
_ALIKE = 75  # of 100: headline and the page's title speak of the same thing
_TITLE_MARKS = re.compile(
    r"(?:^|[\s_-])(?:product-?(?:title|name)|item-?(?:title|name)|name|title|heading|headline|goods-?name)(?=$|[\s_-])"
)
_BUY_MARKS = re.compile(
    r"add-?to-?(?:cart|basket|bag|trolley)|addtocart|add2cart|buy-?now|buy-?(?:button|btn|box)|btn-?buy|atc-?(?:button|btn)|addtobag|addtobasket|"
    r"add-?cart|cart-?add|product-form__submit|single_add_to_cart"
)
_BUTTON_TAGS = frozenset({"button", "input", "a", "span", "div"})


def headline(view: View, names: Iterable[str]) -> Spot | None:
    """The heading that bears the article's name: the one most like what the page calls itself, h1 before others."""
    known = [name.casefold() for name in names if name]
    best: tuple[float, bool, Spot] | None = None
    unlike = 0
    for spot in view.spots:
        weight = _heading_weight(spot)
        if not weight or not 2 < spot.end - spot.start <= _LONGEST_TITLE:
            continue
        shown = view.shows(spot).strip().casefold()
        alike = max((likeness(shown, name) for name in known), default=0.0)
        if alike < _ALIKE:
            if spot.element.tag != "h1":
                continue
            unlike += 1
        score = (
            weight + alike - (60 if spot.flags & In.HIDDEN else 0) - (30 if spot.flags & (In.ASIDE | In.LINK) else 0)
        )
        if best is None or score > best[0]:
            best = (score, alike >= _ALIKE, spot)
    if best is None or (unlike > _MANY and not best[1]):
        return None  # a page that makes h1 of its menu
    return best[2]


def likeness(one: str, other: str) -> float:
    """0 to 100: how far one of two titles is the other, or a part of it (site names, brands and colours are added)."""
    if not one or not other:
        return 0.0
    shorter = min(len(one), len(other))
    whole = fuzz.ratio(one, other)
    return max(whole, fuzz.partial_ratio(one, other) - 5) if shorter >= 8 else whole


def _heading_weight(spot: Spot) -> int:
    tag = spot.element.tag
    if tag == "h1":
        return 40
    if tag in ("h2", "h3"):
        return 15
    named = spot.element.attrib and marked(_TITLE_MARKS, spot.marks)
    return 10 if named and tag in ("div", "span", "p", "h4", "strong", "td") else 0


def buy_buttons(view: View, near: int | None) -> list[Spot]:
    """The buttons that buy the article, nearest to its headline first; those of other articles left out."""
    found = [spot for spot in view.spots if not spot.flags & (In.ASIDE | In.OPTION) and _buys(view, spot)]
    shown = [spot for spot in found if not spot.flags & In.HIDDEN] or found
    return sorted(shown, key=lambda spot: abs(spot.start - near) if near is not None else 0)


def _buys(view: View, spot: Spot) -> bool:
    tag = spot.element.tag
    if tag not in _BUTTON_TAGS or spot.end - spot.start > _LONGEST_BUTTON:
        return False
    clickable = tag in ("button", "input") or spot.element.get("role") == "button" or spot.element.get("onclick")
    if tag in ("button", "input", "a") and marked(_BUY_MARKS, spot.marks):
        return True
    if not (
        clickable or tag == "a" or "btn" in spot.element.get("class", "") or "button" in spot.element.get("class", "")
    ):
        return False
    label = view.shows(spot).strip() or spot.element.get("aria-label") or spot.element.get("title") or ""
    words = label.strip(" +>»›→!.:")
    return bool(words) and len(words) <= _LONGEST_BUTTON and bool(pattern("buy").fullmatch(words))
