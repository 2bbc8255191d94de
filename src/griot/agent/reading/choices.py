"""Tapped buttons and list rows, by the ids the agent gave them."""

from collections.abc import Mapping
from typing import Any

from griot.agent.acts import (
    AcceptQuote,
    Act,
    Ask,
    Cancel,
    ChangeMeans,
    ChooseMeans,
    Extend,
    Human,
    JoinWaitlist,
    LeaveWaitlist,
    Means,
    No,
    OwnNumber,
    Pay,
    Purchases,
    Take,
    Unknown,
    Yes,
)
from griot.agent.reading.models import ReadingContext
from griot.agent.reading.numbers import LARGEST_QUANTITY

MEANS: Mapping[str, Means] = {"wave": "wave", "orange_money": "orange_money", "card": "card"}
_LONGEST_ID = 18  # digits of a database id


def read_choice(choice_id: str, context: ReadingContext) -> Act:
    """The act a button stands for; Unknown when the id is not one of ours or its product is gone."""
    verb, _, rest = choice_id.partition(":")
    match verb:
        case "purchases" if choice_id == verb:
            return Purchases()
        case "human" if choice_id == verb:
            return Human()
        case "yes" if choice_id == verb:
            return Yes()
        case "no" if choice_id == verb:
            return No()
        case "mine" | "not_mine":
            return OwnNumber(verb == "mine") if _whole(rest) is not None else Unknown(choice_id)
        case "accept_quote":
            quote_id = _whole(rest)
            return AcceptQuote(quote_id) if quote_id is not None else Unknown(choice_id)
        case "pay" | "cancel" | "extend" | "means":
            return _order_act(verb, rest) or Unknown(choice_id)
        case "take" | "wait" | "leave" | "variant":
            return _product_act(verb, rest, context) or Unknown(choice_id)
        case _:
            return Unknown(choice_id)


def _order_act(verb: str, rest: str) -> Act | None:
    order, _, means = rest.partition(":")
    order_id = _whole(order)
    if order_id is None:
        return None
    if verb == "means" and means:
        return ChooseMeans(MEANS[means], order_id) if means in MEANS else None
    if rest != order:
        return None
    match verb:
        case "pay":
            return Pay(order_id)
        case "cancel":
            return Cancel(order_id)
        case "extend":
            return Extend(order_id)
        case _:
            return ChangeMeans(order_id)


def _product_act(verb: str, rest: str, context: ReadingContext) -> Act | None:
    if verb == "variant":
        return _variant(rest, context)
    if rest in context.codes:
        return _whole_product(verb, rest)
    code, _, amount = rest.rpartition(":")
    quantity = _whole(amount, LARGEST_QUANTITY)
    if code not in context.codes or quantity is None:
        return None
    match verb:
        case "take":
            return Take(code, quantity)
        case "wait":
            return JoinWaitlist(code, quantity)
        case _:
            return None


def _whole_product(verb: str, code: str) -> Act | None:
    match verb:
        case "take":
            return Take(code)
        case "wait":
            return JoinWaitlist(code)
        case _:
            return LeaveWaitlist(code)


def _variant(rest: str, context: ReadingContext) -> Act | None:
    """The n-th option offered, counted from 1. The list that is tapped must be the one asked last: an older list
    may have held other options, and then the product is only shown again."""
    code_and_quantity, _, place = rest.rpartition(":")
    code, _, amount = code_and_quantity.rpartition(":")
    quantity, number = _whole(amount, LARGEST_QUANTITY), _whole(place)
    if code not in context.codes or quantity is None or number is None:
        return None
    asked = context.asked or {}
    if asked.get("kind") != "variant" or asked.get("code") != code:
        return Ask(code)
    options: list[dict[str, Any]] = list(asked.get("options") or ())
    if number > len(options):
        return None
    return Take(code, quantity, {axis: str(value) for axis, value in options[number - 1].items()})


def _whole(text: str, largest: int | None = None) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        return None
    number = int(text)
    return number if number > 0 and (largest is None or number <= largest) else None
