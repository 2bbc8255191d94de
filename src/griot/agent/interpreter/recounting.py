"""Another number of what is held or quoted."""

import re

from griot.agent.interpreter.amounts import Count
from griot.agent.interpreter.basket import Basket, basket_of, changed, places_named, spoken_of, strangers
from griot.agent.interpreter.choosing import Choices
from griot.agent.interpreter.edits import ends_with, parts_of, says
from griot.agent.interpreter.hearing import Hearing

_LIKELY = 0.3
_SURE = 0.45
_FEW = 3  # words of a message that is little more than a number
_SHORT = 7  # words of a message that takes something back
_NEAR = 16  # characters between a verb and the number that it sets
_FROM = re.compile(
    r"\b(d[eè]s|starting at|[àa] partir d[eu]|manomboka|sur (?:les|mes)|out of|que|qu'|than|fa tsy)\W*$", re.I
)
_UP_TO = re.compile(r"\W*(?:\w+\W+)?(à|a|to|ho|ba|jusqu\W?[àa]|vers)\W+(?=\w)", re.I)  # "de 6 à 12"
_OUT_OF = re.compile(r"\b(de|from|du|d'|avy amin'ny)\W*$", re.I)
_BOTH = re.compile(r"\b(les|the|both|izy)\W*$", re.I)  # before a two: all there is, and no number of pieces
_ASKED_PRICE = re.compile(r"\b(combien|cmb|cb|prix|price|how much|ohatrinona|hoatrinona|naata|ñaata)\b", re.I)
_OTHER_MATTERS = (
    "address_give",
    "slot_give",
    "date_give",
    "change_date",
    "complaint",
    "refund",
    "paid_claim",
    "status",
)


def number_meant(heard: Hearing) -> Count | None:
    """The number that is to be: "laisse 25, fais 40" is 40, "au tarif dès 4" counts nothing; none when unsure."""
    counts = [count for count in heard.counts if not _not_meant(heard, count)]
    if len({count.value for count in counts}) > 1:
        counts = [count for count in counts if _is_set(heard, count)]
    return counts[0] if len({count.value for count in counts}) == 1 else None


def _not_meant(heard: Hearing, count: Count) -> bool:
    """A number that is denied, dropped, left behind, a threshold, or all there is."""
    before, behind = heard.text[: count.start], heard.text[count.end :]
    if any(ends_with(kind, before) for kind in ("deny", "let", "remove")) or _FROM.search(before):
        return True
    left_behind = _OUT_OF.search(before) and _UP_TO.match(behind)
    return bool(left_behind) or (count.value == 2 and bool(_BOTH.search(before)))


def _is_set(heard: Hearing, count: Count) -> bool:
    """Does a verb such as "mets", "make it", "ataovy" stand close before the number?"""
    return any(
        part.verb and part.verb[0] in ("set", "more") and 0 <= count.start - part.verb[1] <= _NEAR
        for part in parts_of(heard.text)
        if part.start <= count.start < part.end
    )


def recount(heard: Hearing) -> Choices | None:
    """Another number of what is held or quoted: of what is named, of the only article, of what was talked of last."""
    basket = basket_of(heard)
    count = number_meant(heard)
    if not basket.items or count is None or strangers(heard, basket) or not _recounts(heard, basket, count):
        return None
    places = places_named(heard, basket)
    if len(places) > 1:
        return None
    place = places[0] if places else spoken_of(heard, basket)
    more = basket.items[place].quantity if says("more", heard.text) else 0
    return changed(basket, {place: count.value + more})


def _recounts(heard: Hearing, basket: Basket, count: Count) -> bool:
    """Is the number one of pieces that are wanted? What another number would cost, a new quote tells."""
    if heard.chance(*_OTHER_MATTERS) >= _SURE:
        return False
    if _ASKED_PRICE.search(heard.text):
        return basket.quoted
    if heard.chance("change_quantity") >= _LIKELY or _is_set(heard, count):
        return True
    words = len(heard.text.split())
    return "?" not in heard.text and (words <= _FEW or (words <= _SHORT and says("otherwise", heard.text)))
