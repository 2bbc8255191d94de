"""Short answers: "oui", "2", "M", "wave", in the light of the agent's last question."""

from collections.abc import Mapping, Sequence
from typing import Any

from griot.agent.acts import ChooseMeans, JoinWaitlist, No, Pay, Take, Yes
from griot.agent.reading.choices import MEANS
from griot.agent.reading.codes import Options
from griot.agent.reading.intents import NOTHING, SMALL, Meant
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark
from griot.agent.reading.numbers import LARGEST_QUANTITY
from griot.agent.reading.options import settle

_POLITE = SMALL | {Sense.YES, Sense.TAKE}
_NUMBERS = {Sense.QUANTITY, Sense.ORDINAL, Sense.AMOUNT}


def read_answer(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    """What the message answers to the question; nothing when it is not an answer to it."""
    match asked.get("kind"):
        case "means":
            return _means(marks, asked)
        case "variant":
            return _variant(marks, asked)
        case "quantity":
            return _quantity(marks, asked)
        case "waitlist":
            return _waitlist(marks, asked)
        case "heard":
            return _heard(marks, asked)
        case "again":
            return _again(marks, asked)
        case "pay":
            return _pay(marks, asked)
        case _:
            return NOTHING


def _means(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    order = _order(asked)
    offered = [means for means in asked.get("means") or MEANS if means in MEANS]
    named = {str(mark.value) for mark in marks if mark.sense is Sense.MEANS}
    polite = _POLITE | {Sense.PAY, Sense.CHANGE_MEANS}
    if len(named) == 1 and _only(marks, polite | {Sense.MEANS, Sense.NO, Sense.CORRECTION, Sense.QUESTION_MARK}):
        means = named.pop()
        return Meant((ChooseMeans(MEANS[means], order),), True) if means in offered else Meant((Pay(order),), False)
    place = _place(marks, len(offered))
    if place is not None and _only(marks, polite | _NUMBERS):
        return Meant((ChooseMeans(MEANS[offered[place]], order),), True)
    if len(offered) == 1 and _is_yes(marks):
        return Meant((ChooseMeans(MEANS[offered[0]], order),), True)
    return NOTHING


def _variant(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    code, options = str(asked.get("code")), _options(asked)
    quantities = [mark.quantity for mark in marks if mark.quantity]
    said = [mark.option.values.get(code) for mark in marks if mark.option]
    if said:
        chosen = settle(options, [value for value in said if value])
        clear = None not in said and chosen is not None and len(quantities) <= 1
        if (
            clear
            and chosen is not None
            and _only(marks, _POLITE | {Sense.OPTION, Sense.AXIS, Sense.QUANTITY, Sense.UNIT})
        ):
            quantity = quantities[0].number if quantities else _asked_quantity(asked)
            return Meant((Take(code, quantity, chosen),), True)
        return NOTHING
    if not _only(marks, _POLITE | _NUMBERS | {Sense.AXIS}) or any(quantity.form != "plain" for quantity in quantities):
        return NOTHING
    chosen = _by_place(marks, options) if asked.get("listed", True) else None
    if chosen is None and len(options) == 1 and _is_yes(marks):
        chosen = options[0]
    return Meant((Take(code, _asked_quantity(asked), chosen),), True) if chosen is not None else NOTHING


def _by_place(marks: Sequence[Mark], options: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """The option meant by a number: its place in the list or the size it names, when the two do not disagree."""
    place = _place(marks, len(options))
    number = _number(marks)
    named = [option for option in options if str(number) in option.values()]
    listed = [options[place]] if place is not None else []
    ordinal = any(mark.sense is Sense.ORDINAL for mark in marks)
    candidates = listed if ordinal and listed else [*named, *(option for option in listed if option not in named)]
    return candidates[0] if len(candidates) == 1 else None


def _quantity(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    number = _count(marks)
    allowed = _POLITE | {Sense.QUANTITY, Sense.UNIT, Sense.NO, Sense.CORRECTION}
    if number is None or not _only(marks, allowed):
        return NOTHING
    return Meant((Take(str(asked.get("code")), number, _asked_options(asked)),), True)


def _waitlist(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    if _is_no(marks):
        return Meant((No(),), True)
    if _is_yes(marks, {Sense.JOIN, Sense.EXTEND, Sense.WAIT}):
        return Meant((JoinWaitlist(str(asked.get("code")), _asked_quantity(asked)),), True)
    return NOTHING


def _heard(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    """What was read back from a voice note is right, wrong, or was another number."""
    if _is_no(marks):
        return Meant((No(),), True)
    if _is_yes(marks):
        return Meant((Yes(),), True)
    return _quantity(marks, asked) if "code" in asked else NOTHING


def _again(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    if _is_no(marks):
        return Meant((No(),), True)
    number = _count(marks)
    if number is None and not _is_yes(marks, {Sense.AGAIN, Sense.STILL}):
        return NOTHING
    if not _only(marks, _POLITE | {Sense.AGAIN, Sense.STILL, Sense.QUANTITY, Sense.UNIT}):
        return NOTHING
    quantity = number or _asked_quantity(asked) or 1
    return Meant((Take(str(asked.get("code")), quantity, _asked_options(asked), again=True),), True)


def _pay(marks: Sequence[Mark], asked: Mapping[str, Any]) -> Meant:
    if _is_no(marks):
        return Meant((No(),), True)
    named = {str(mark.value) for mark in marks if mark.sense is Sense.MEANS}
    if len(named) == 1 and _only(marks, _POLITE | {Sense.PAY, Sense.MEANS}):
        return Meant((ChooseMeans(MEANS[named.pop()], _order(asked)),), True)
    return Meant((Pay(_order(asked)),), True) if _is_yes(marks, {Sense.PAY}) else NOTHING


def _only(marks: Sequence[Mark], allowed: set[Sense]) -> bool:
    return all(mark.sense in allowed for mark in marks)


def _is_yes(marks: Sequence[Mark], also: set[Sense] | None = None) -> bool:
    """An assent, or words that amount to one here, and nothing else but courtesies."""
    assent = {Sense.YES, Sense.TAKE} | (also or set())
    return any(mark.sense in assent for mark in marks) and _only(marks, SMALL | assent)


def _is_no(marks: Sequence[Mark]) -> bool:
    return any(mark.sense is Sense.NO for mark in marks) and _only(marks, SMALL | {Sense.NO})


def _number(marks: Sequence[Mark]) -> int | None:
    """The one number of a message, whatever it counts."""
    numbers = [mark.quantity.number if mark.quantity else mark.value for mark in marks if mark.sense in _NUMBERS]
    return numbers[0] if len(numbers) == 1 and isinstance(numbers[0], int) else None


def _count(marks: Sequence[Mark]) -> int | None:
    quantities = [mark.quantity for mark in marks if mark.quantity]
    return quantities[0].number if len(quantities) == 1 else None


def _place(marks: Sequence[Mark], length: int) -> int | None:
    """The place in a list, from 0, that a number or rank names; -1 is the last."""
    number = _number(marks)
    if number is None or not length:
        return None
    place = length - 1 if number == -1 else number - 1
    return place if 0 <= place < length else None


def _order(asked: Mapping[str, Any]) -> int | None:
    order = asked.get("order")
    return order if isinstance(order, int) else None


def _asked_quantity(asked: Mapping[str, Any]) -> int | None:
    quantity = asked.get("quantity")
    return quantity if isinstance(quantity, int) and 0 < quantity <= LARGEST_QUANTITY else None


def _options(asked: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {axis: str(value) for axis, value in option.items()}
        for option in asked.get("options") or ()
        if isinstance(option, Mapping)
    ]


def _asked_options(asked: Mapping[str, Any]) -> dict[str, str]:
    options = asked.get("options")
    return {axis: str(value) for axis, value in options.items()} if isinstance(options, Mapping) else {}


def asked_forms(asked: Mapping[str, Any] | None) -> dict[str, Sequence[Options]]:
    """The options a question offers, for their words to be found in the answer."""
    if not asked or asked.get("kind") != "variant":
        return {}
    return {str(asked.get("code")): _options(asked)}
