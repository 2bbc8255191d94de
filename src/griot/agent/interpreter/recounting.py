"""Another number of what is held or quoted."""

import re
from decimal import Decimal

from griot.agent.interpreter.amounts import Count, amounts_in
from griot.agent.interpreter.basket import (
    Basket,
    Item,
    basket_of,
    changed,
    places_named,
    spoken_of,
    strangers,
    told,
    units,
)
from griot.agent.interpreter.choosing import Choices
from griot.agent.interpreter.edits import ends_with, parts_of, says, spans_of
from griot.agent.interpreter.figures import Figure, figures_in
from griot.agent.interpreter.heads import by_the_head, heads
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import pieces

_LIKELY = 0.3
_SURE = 0.45
_HAGGLED = 0.6
_FEW = 3  # words of a message that is little more than a number
_SHORT = 7  # words of a message that takes something back
_NEAR = 16  # characters between a verb and the number that it sets
_BESIDE = 2  # characters between "au lieu de" and the number that goes
_CHEAP = 4  # a number that a verb sets is a price when this many times it is more than the article costs
_FROM = re.compile(
    r"\b(d[eè]s|starting at|[àa] partir d[eu]|manomboka|sur (?:les|mes)|out of|que|qu'|than|fa tsy)\W*$", re.I
)
_TO = re.compile(r"\b(à|a|to|ho|jusqu\W?[àa]|vers|at)\W*$", re.I)
_BY = re.compile(r"\b(par|by)\W*$", re.I)
_UP_TO = re.compile(r"\W*(?:\w+\W+)?(à|a|to|ho|ba|jusqu\W?[àa]|vers)\W+(?=\w)", re.I)  # "de 6 à 12"
_OUT_OF = re.compile(r"\b(de|from|du|d'|avy amin'ny)\W*$", re.I)
_BOTH = re.compile(r"\b(les|the|both|izy)\W*$", re.I)  # before a two: all there is, and no number of pieces
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
_WISHES = ("quote", "change_quantity", "order", "yes", "quote_accept")


def number_meant(heard: Hearing) -> Count | None:
    """The number that is to be: "laisse 25, fais 40" is 40, "au tarif dès 4" counts nothing; none when unsure."""
    names = told(heard, basket_of(heard))
    counts = [
        count
        for count in heard.counts
        if not _not_meant(heard, count) and not any(start <= count.start < end for start, end in names)
    ]
    for tells in (_is_target, _is_set):
        if len({count.value for count in counts}) > 1:
            counts = [count for count in counts if tells(heard, count)] or counts
    if len({count.value for count in counts}) > 1:
        return None
    return counts[0] if counts else _in_its_place(heard) or _set_to(heard)


def _not_meant(heard: Hearing, count: Count) -> bool:
    """A number that is denied, dropped, left behind, a threshold, or all there is."""
    before, behind = heard.text[: count.start], heard.text[count.end :]
    if any(ends_with(kind, before) for kind in ("deny", "let", "remove")) or _FROM.search(before):
        return True
    if any(start < count.start < end for start, end in spans_of("deny", heard.text)):
        return True  # the "de" of "o lieu 2 3"
    left_behind = _OUT_OF.search(before) and _UP_TO.match(behind)
    return bool(left_behind) or (count.value == 2 and bool(_BOTH.search(before)))


def _is_target(heard: Hearing, count: Count) -> bool:
    """ "Remplace 3 par 6", "soloy ho 6 ilay 3": the number that the other becomes."""
    return bool(_TO.search(heard.text[: count.start]) or _BY.search(heard.text[: count.start]))


def _is_set(heard: Hearing, count: Count) -> bool:
    """Does a verb such as "mets", "make it", "ataovy" stand close before the number?"""
    return any(
        part.verb and part.verb[0] in ("set", "more") and 0 <= count.start - part.verb[1] <= _NEAR
        for part in parts_of(heard.text)
        if part.start <= count.start < part.end
    )


def _in_its_place(heard: Hearing) -> Count | None:
    """ "2000 au lieu de 1500", which may be money: the one number that does not stand behind "au lieu de"."""
    gone = spans_of("deny", heard.text)
    figures = [figure for figure in _whole(heard) if not any(a < figure.start < b for a, b in gone)]
    old = [figure for figure in figures if any(0 <= figure.start - end <= _BESIDE for _, end in gone)]
    new = [figure for figure in figures if figure not in old]
    return new[0] if old and len(new) == 1 else None


def _set_to(heard: Hearing) -> Count | None:
    """ "Passez le ciment à 120 sacs": what a verb sets something to, when it is no amount of money."""
    money = [(amount.start, amount.end) for amount in amounts_in(heard.text)]
    times = [(when.start, when.end) for when in heard.whens]
    figures = [
        figure
        for figure in _whole(heard)
        if _TO.search(heard.text[: figure.start])
        and not any(start <= figure.start < end for start, end in (*money, *times))
    ]
    verbs = [part.verb for part in parts_of(heard.text) if part.verb and part.verb[0] == "set"]
    return figures[0] if len(figures) == 1 and any(end <= figures[0].start for _, end in verbs) else None


def _whole(heard: Hearing) -> list[Count]:
    """Every number of the message that may count pieces, whatever stands around it."""
    found = pieces(heard.text)
    return [
        Count(int(figure.value), found[figure.first].start, found[figure.last - 1].end)
        for figure in figures_in(found)
        if not figure.article and _counts(figure) and not found[figure.first].glued
    ]


def _counts(figure: Figure) -> bool:
    return figure.value == int(figure.value) and figure.value > 0


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
    if _is_price(basket.items[place], count, heard):
        return None
    more = basket.items[place].quantity if says("more", heard.text) else 0
    return changed(basket, {place: count.value + more})


def _is_price(item: Item, count: Count, heard: Hearing) -> bool:
    """ "Mettez le sac à 9000": what nothing counts, and what may be compared to the price of a piece."""
    if count in heard.counts or not _is_target(heard, count):
        return False
    behind = pieces(heard.text[count.end :])[:1]
    counted = bool(behind) and behind[0].text in units()
    return not counted and count.value * _CHEAP >= Decimal(item.unit.decimal())


def _recounts(heard: Hearing, basket: Basket, count: Count) -> bool:
    """Is the number one of pieces that are wanted? What another number would cost, a new quote tells."""
    if heard.chance(*_OTHER_MATTERS) >= _SURE:
        return False
    if says("asks_price", heard.text):
        return basket.quoted
    if heard.chance("change_quantity") >= _LIKELY or _is_set(heard, count):
        return True
    words = len(heard.text.split())
    return "?" not in heard.text and (words <= _FEW or (words <= _SHORT and says("otherwise", heard.text)))


def requoted(heard: Hearing) -> Choices | None:
    """ "Ok pour 35": the open quote for another number, whatever assent comes with it."""
    basket = basket_of(heard)
    if not basket.quoted or strangers(heard, basket) or heard.chance("discount_ask", "free_ask") >= _HAGGLED:
        return None
    count = number_meant(heard)
    if count is None or heard.chance(*_OTHER_MATTERS) >= _SURE or heard.chance(*_WISHES) < _LIKELY:
        return None
    places = places_named(heard, basket)
    place = places[0] if places else spoken_of(heard, basket)
    item = basket.items[place]
    same = count.value == item.quantity  # who takes what is offered wants no new offer
    if len(places) > 1 or same or _is_price(item, count, heard):
        return None
    return changed(basket, {place: count.value + (item.quantity if says("more", heard.text) else 0)})


def for_people(heard: Hearing) -> Choices | None:
    """ "Nous serons 52 finalement", "et si on est 35 ?": what is sold by the head, for so many."""
    basket = basket_of(heard)
    people = heads(heard.text)
    if not people or strangers(heard, basket) or heard.chance("discount_ask", "free_ask") >= _HAGGLED:
        return None
    if "?" in heard.text and not basket.quoted:
        return None
    place = _of_people(heard, basket)
    if place is None or basket.items[place].quantity == people:
        return None
    return changed(basket, {place: people})


def _of_people(heard: Hearing, basket: Basket) -> int | None:
    """The place of what a number of people counts: all that is quoted, or the only item sold by the head."""
    if basket.quoted and len(basket.items) == 1:
        return 0
    sold = [n for n, item in enumerate(basket.items) if by_the_head(heard.brief.products[item.code])]
    return sold[0] if len(sold) == 1 else None


def in_stock(heard: Hearing) -> Choices | None:
    """ "Mets 6 même": what sounds like a demand for more than there is, of what there is enough of."""
    pushed = heard.chance("stock_push") >= _LIKELY and heard.ranked[0] == "stock_push"
    count = number_meant(heard) if pushed and heard.held else None
    if count is None or not _is_set(heard, count):
        return None
    ids = {line.variant_id: line.quantity for line in heard.held}
    return recount(heard) if all(heard.brief.stock.get(n, 0) + have >= count.value for n, have in ids.items()) else None
