"""Whether the article can be bought, as the page shows it: words of stock near it, and the button that buys."""

import re
from dataclasses import dataclass

from griot.knowledge.importing.availability import availability_of
from griot.knowledge.importing.models import Availability
from griot.knowledge.importing.pages.walk import In, Spot, View, marked, marks_of
from griot.knowledge.importing.wording import pattern

_LONGEST = 110  # characters of a line about stock
_SHORT = 45
_REACH_BEFORE, _REACH_AFTER = 400, 1_500  # characters around headline, price and button that are the article's

_STOCK_MARKS = re.compile(
    r"(?:^|[\s_-])(?:\w*stock\w*|avail\w*|inventory|sold-?out|dispon\w*|verf[uü]g\w*|lager\w*|voorraad)(?=$|[\s_-])"
)
# A button may also be disabled until a size is chosen or the page's program runs.
_GONE_MARKS = re.compile(r"(?:^|[\s_-])(?:sold-?out|unavailable|out-?of-?stock)(?=$|[\s_-])")
_DISABLED_MARKS = re.compile(r"(?:^|[\s_-])(?:disabled|is-disabled|inactive)(?=$|[\s_-])")
_CHOICES = frozenset({"li", "option", "label"})


@dataclass(frozen=True, slots=True)
class StockSign:
    """What the page shows, and whether that is plain: said beside the article, nothing against it."""

    availability: Availability | None
    plain: bool = False


def shown_stock(view: View, headline: Spot | None, buttons: list[Spot], price_at: int | None) -> StockSign:
    """What words near the article and its buy button say together."""
    able = [button for button in buttons if not _is_disabled(button)]
    places = [spot.start for spot in (headline, *buttons[:1]) if spot is not None]
    places += [price_at] if price_at is not None else []
    if not places:
        return StockSign(None)
    low, high = min(places) - _REACH_BEFORE, max(places) + _REACH_AFTER
    gone = there = 0.0
    for spot in _lines(view, low, high):
        said = availability_of(view.shows(spot))
        if said is None:
            continue
        weight = _weight(view, spot, places)
        if said == "out_of_stock":
            gone = max(gone, weight)
        else:
            there = max(there, weight)
    if gone > there and gone >= 2 and not (able and gone < 4):
        return StockSign("out_of_stock", plain=gone >= 3)
    if able:
        return StockSign("in_stock", plain=gone < 2)
    if buttons and marked(_GONE_MARKS, buttons[0].marks) and there == 0:
        return StockSign("out_of_stock")
    return StockSign("in_stock", plain=there >= 3) if there >= 2 else StockSign(None)


def _lines(view: View, low: int, high: int) -> list[Spot]:
    """The smallest elements of the article's part that show a short line, unseen ones left out."""
    lines: list[Spot] = []
    for spot in view.spots:
        length = spot.end - spot.start
        if not 2 < length <= _LONGEST or spot.start < low or spot.end > high:
            continue
        if spot.flags & (In.HIDDEN | In.ASIDE | In.OPTION) or spot.element.tag == "input":
            continue
        lines.append(spot)
    return lines


def _weight(view: View, spot: Spot, places: list[int]) -> float:
    text = view.shows(spot).strip()
    weight = 1.0 if len(text) <= _SHORT else 0.0
    line = [spot.element, *list(spot.element.iterancestors())[:2]]
    weight += 2 if any(marked(_STOCK_MARKS, marks_of(element)) for element in line) else 0
    weight += 1 if min(abs(spot.start - place) for place in places) < 400 else 0
    weight -= 2 if any(element.tag in _CHOICES for element in line) else 0
    weight -= 1 if spot.flags & In.LINK else 0
    weight -= 2 if pattern("elsewhere").search(text) else 0
    return weight


def _is_disabled(button: Spot) -> bool:
    element = button.element
    disabled = element.get("disabled") is not None or element.get("aria-disabled") == "true"
    return disabled or marked(_DISABLED_MARKS, button.marks) or marked(_GONE_MARKS, button.marks)
