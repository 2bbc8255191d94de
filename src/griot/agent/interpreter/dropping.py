"""Giving up: the whole order, an article of it, some pieces, what stands on somebody else's name."""

import re
from collections.abc import Mapping

from griot.agent.interpreter.asking import which
from griot.agent.interpreter.basket import Basket, Named, basket_of, changed, named, spoken_of, strangers
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.edits import Part, fates, parts_of, says, turned_down
from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import pieces

_LIKELY = 0.35
_SURE = 0.6
_NEAR = 3  # pieces between a verb and the number of pieces it takes off
_SHORT = 4  # words
_ALL = re.compile(r"\b(tout|toutes?|tous|tt|tts|all|everything|both|les deux|rehetra|izy rehetra|yépp|yepp)\b", re.I)
_REFUSALS = ("no", "later", "cancel", "remove_line")


def of_others(heard: Hearing) -> Choices | None:
    """Another buyer's order is not given up, and what stands on it is not taken over by saying so."""
    text = heard.text
    gives_up = says("remove", text) or heard.chance("cancel") >= _LIKELY
    if gives_up and says("theirs", text) and says("mine", text):
        return choose("refuse", what="others")
    return None


def give_up(heard: Hearing) -> Choices | None:
    """Out with what a verb takes out, and only that: an article, some pieces of it, or all but what is to stay."""
    basket = basket_of(heard)
    if not basket.items or heard.chance("address_give", "slot_give") >= _SURE:
        return None
    found = named(heard, basket)
    numbers = _taken_out(heard, basket, found) or _fewer(heard, basket, found)
    if not numbers:
        return None
    beside = {mention.code for mention in strangers(heard, basket)}
    lines = [line for line in heard.lines if line.code in beside and len(line.alternatives) < 2]
    new = [article(line.code, line.quantity or 1, line.options) for line in lines]
    return changed(basket, numbers | _set_beside(heard, found, numbers), new)


def _taken_out(heard: Hearing, basket: Basket, found: list[Named]) -> dict[int, int]:
    """Place -> pieces that stay, of the items that a verb takes out; of all the others when only these are kept."""
    said = fates(heard.text, [(name.start, name.end) for name in found])
    gone = [name for name, fate in zip(found, said, strict=True) if fate == "remove"]
    kept = [name for name, fate in zip(found, said, strict=True) if fate == "keep"]
    if gone:
        return {name.place: _left(heard, basket, name) for name in gone}
    if kept and _alone(heard):
        return dict.fromkeys(set(range(len(basket.items))) - {name.place for name in kept}, 0)
    if heard.counts or "?" in heard.text:
        return {}
    refused = heard.ranked[0] in _REFUSALS or heard.chance("remove_line", "cancel") >= _LIKELY
    left = [name for name, fate in zip(found, said, strict=True) if fate is None]
    return {name.place: 0 for name in left if refused or turned_down(heard.text[: name.start])}


def _alone(heard: Hearing) -> bool:
    """Does only what is named stay? "Garde juste la robe", "annule tout sauf le sac", "keep the hat, drop the rest"."""
    if heard.counts or "?" in heard.text:
        return False
    parts = parts_of(heard.text)
    kinds = {part.verb[0] for part in parts if part.verb}
    rest = any(part.verb and part.verb[0] == "remove" and says("rest", _text(heard, part)) for part in parts)
    if rest or ("except" in kinds and kinds & {"remove", "let"}):
        return True
    return says("only", heard.text) and ("keep" in kinds or says("otherwise", heard.text))


def _left(heard: Hearing, basket: Basket, name: Named) -> int:
    """How many stay of a line of which some are taken out: all go when no number stands behind the verb."""
    part = next(part for part in parts_of(heard.text) if name.start < part.end)
    number = _number(heard, part, name.start)
    return max(0, basket.items[name.place].quantity - number) if number else 0


def _fewer(heard: Hearing, basket: Basket, found: list[Named]) -> dict[int, int]:
    """ "Enlève une boîte", "esory ny iray": so many pieces less of the item that is named, or was talked of last."""
    if len({name.place for name in found}) > 1:
        return {}
    parts = [part for part in parts_of(heard.text) if part.verb and part.verb[0] == "remove"]
    number = next((number for part in parts if (number := _number(heard, part))), None)
    if number is None and says("less", heard.text):
        number = heard.count or _said_number(heard)
    if number is None or strangers(heard, basket):
        return {}
    place = found[0].place if found else spoken_of(heard, basket)
    return {place: max(0, basket.items[place].quantity - number)}


def _number(heard: Hearing, part: Part, stop: int | None = None) -> int | None:
    """The number right behind the verb of a part, "une" and "one" included; ``stop``: where the name begins."""
    if part.verb is None:
        return None
    found = pieces(heard.text[part.verb[1] : part.end if stop is None else stop])
    figure = next((figure for figure in figures_in(found) if figure.first < _NEAR), None)
    if figure is None or figure.value != int(figure.value):
        return None
    behind = found[figure.last] if figure.last < len(found) else None
    ranked = not figure.said and behind is not None and behind.glued and behind.kind == "word"
    return None if ranked or figure.value < 1 else int(figure.value)


def _said_number(heard: Hearing) -> int | None:
    """ "Un de moins": the only number, though it is an article."""
    figures = figures_in(pieces(heard.text))
    return int(figures[0].value) if len(figures) == 1 else None


def _set_beside(heard: Hearing, found: list[Named], gone: Mapping[int, int]) -> dict[int, int]:
    """Numbers of other items that the same message sets: "enlève le sac et mets 3 savons"."""
    basket = basket_of(heard)
    counted = {line.code: line.quantity for line in heard.lines if line.quantity and not line.alternatives}
    places = {name.place for name in found} - gone.keys()
    return {place: number for place in places if (number := counted.get(basket.items[place].code))}


def _text(heard: Hearing, part: Part) -> str:
    return heard.text[part.start : part.end]


def cancel(heard: Hearing) -> Choices | None:
    """The open order. What is named and not held gives up nothing; what is paid, a person decides."""
    orders = heard.brief.orders
    if not orders and (heard.lines or "?" in heard.text):
        return None
    if not orders:
        return choose("escalate", reason="refund") if heard.bought else choose("order_status")
    if others := strangers(heard, basket_of(heard)):
        return choose("cancel", code=others[0].code)
    meant = [order for order in orders if order.reference == heard.reference]
    if len(orders) > 1 and (meant or _ALL.search(heard.text)):
        return [
            choice for order in meant or orders for line in order.lines for choice in choose("cancel", code=line.code)
        ]
    return choose("cancel")


def remove(heard: Hearing) -> Choices | None:
    """Something is to go and what it is was not understood: the only article there is, or a question."""
    items = basket_of(heard).items
    if not items:
        return cancel(heard) if heard.brief.past else None
    codes = list(dict.fromkeys(item.code for item in items))
    if len(codes) > 1:
        return which(codes)
    return choose("cancel") if heard.held and len(heard.text.split()) <= _SHORT else choose("order_status")
