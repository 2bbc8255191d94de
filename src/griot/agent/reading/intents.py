"""What the marks of a message amount to, when it is not the answer to a question.

The rule that matters: something is held, cancelled or changed only when every mark of the message goes with it.
"""

from collections.abc import Sequence, Set
from typing import NamedTuple

from griot.agent.reading.choices import MEANS
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark
from griot.agent.reading.models import (
    Act,
    Ask,
    Cancel,
    ChangeMeans,
    ChooseMeans,
    Extend,
    Greet,
    Human,
    JoinWaitlist,
    LeaveWaitlist,
    No,
    OrderStatus,
    Pay,
    Purchases,
    ReadingContext,
    SetQuantity,
    Thanks,
    Yes,
)
from griot.agent.reading.products import takes


class Meant(NamedTuple):
    """Acts, and whether they may be carried out without asking further. No acts: nothing was understood."""

    acts: tuple[Act, ...]
    certain: bool


NOTHING = Meant((), False)

COURTESY = {Sense.FILLER, Sense.GREETING, Sense.WELLBEING, Sense.THANKS, Sense.SEPARATOR}
SMALL = COURTESY | {Sense.DETERMINER, Sense.PREPOSITION, Sense.LINK, Sense.PLEA, Sense.CONJUNCTION, Sense.LABEL}
ORDER = SMALL - {Sense.LINK, Sense.PLEA} | {
    Sense.YES,
    Sense.TAKE,
    Sense.AGAIN,
    Sense.STILL,
    Sense.CODE,
    Sense.QUANTITY,
    Sense.OPTION,
    Sense.AXIS,
    Sense.NUMBER_LABEL,
    Sense.UNIT,
    Sense.PAY,
    Sense.MEANS,
}
_ASKING = SMALL | {Sense.ASK, Sense.QUESTION_MARK, Sense.CODE, Sense.OPTION, Sense.AXIS, Sense.YES, Sense.TAKE}
_QUESTIONS = {Sense.QUESTION_MARK, Sense.QUESTION, Sense.ASK}
_POLITE_QUESTION = {Sense.QUESTION_MARK, Sense.QUESTION}


def order_in_focus(context: ReadingContext) -> int | None:
    """The order meant when none is named: that of the last question while it is open, else the only open one."""
    asked = (context.asked or {}).get("order")
    if isinstance(asked, int) and (asked in context.open_orders or not context.open_orders):
        return asked
    return context.open_orders[0] if len(context.open_orders) == 1 else None


def read_products(marks: Sequence[Mark], context: ReadingContext) -> Meant:
    """A message in which a code of the shop is named."""
    senses = {mark.sense for mark in marks}
    codes = list(dict.fromkeys(code for mark in marks if mark.code for code in mark.code.codes))
    sure = all(mark.code.sure for mark in marks if mark.code)
    shown = tuple(Ask(code) for code in codes)
    if _is_order(marks, context):
        ordered = takes(marks, context.codes)
        return Meant(ordered + _payment(marks, None), True) if ordered else Meant(shown, False)
    if Sense.HUMAN in senses:
        return Meant((Human(),), senses <= ORDER | SMALL | {Sense.HUMAN})
    if Sense.STATUS in senses and senses <= SMALL | {Sense.STATUS, Sense.CODE} | _POLITE_QUESTION:
        return Meant((OrderStatus(),), True)
    if sure and Sense.CANCEL in senses and senses <= SMALL | {Sense.CANCEL, Sense.CODE, Sense.STATUS}:
        return Meant(tuple(Cancel(None, code) for code in codes), True)
    if sure and len(codes) == 1:
        if Sense.LEAVE in senses and senses <= SMALL | {Sense.LEAVE, Sense.CODE}:
            return Meant((LeaveWaitlist(codes[0]),), True)
        if Sense.JOIN in senses and senses <= SMALL | {Sense.JOIN, Sense.CODE, Sense.YES, Sense.ASK, Sense.TAKE}:
            return Meant((JoinWaitlist(codes[0]),), True)
    return Meant(shown, sure and bool(senses & _QUESTIONS) and senses <= _ASKING)


def _is_order(marks: Sequence[Mark], context: ReadingContext) -> bool:
    """Does every mark go with an order, those that do so only in some company included?"""
    senses = {mark.sense for mark in marks}
    first_code = next(at for at, mark in enumerate(marks) if mark.code)
    for at, mark in enumerate(marks):
        match mark.sense:
            case Sense.LINK:
                thanked = at > 0 and marks[at - 1].sense is Sense.THANKS  # "merci pour ROBE1"
                goes = bool(senses & {Sense.TAKE, Sense.YES}) and not thanked
            case Sense.STILL:
                goes = bool(senses & {Sense.TAKE, Sense.QUANTITY})
            case Sense.PLEA:
                goes = at < first_code and not context.open_orders
            case Sense.NUMBER_LABEL:
                goes = marks[at + 1 :][:1] != [] and marks[at + 1].sense is Sense.CODE
            case Sense.AXIS:
                goes = any(near.sense is Sense.OPTION for near in marks[max(at - 2, 0) : at + 3])
            case sense:
                goes = sense in ORDER
        if not goes:
            return False
    return True


def _payment(marks: Sequence[Mark], order: int | None) -> tuple[Act, ...]:
    """What is said of paying: the means when exactly one is named, otherwise the wish to pay."""
    means = {str(mark.value) for mark in marks if mark.sense is Sense.MEANS}
    if len(means) == 1:
        return (ChooseMeans(MEANS[means.pop()], order),)
    return (Pay(order),) if means or any(mark.sense is Sense.PAY for mark in marks) else ()


def read_wishes(marks: Sequence[Mark], context: ReadingContext) -> Meant:
    """A message without a code: what is wanted of an order, a list or a person; or just a courtesy."""
    senses = {mark.sense for mark in marks}
    order = order_in_focus(context)
    if Sense.HUMAN in senses:
        return Meant((Human(),), senses <= SMALL | {Sense.HUMAN, Sense.TAKE, Sense.YES, Sense.NO} | _POLITE_QUESTION)
    if Sense.LEAVE in senses:
        return _when(senses <= SMALL | {Sense.LEAVE, Sense.NO, Sense.TAKE}, LeaveWaitlist(_asked_code(context)))
    if Sense.CANCEL in senses:
        return _when(senses <= SMALL | {Sense.CANCEL, Sense.NO, Sense.STATUS, Sense.YES}, Cancel(order))
    if Sense.NEGATION in senses:
        return NOTHING
    if senses & {Sense.CHANGE_MEANS, Sense.PAY, Sense.MEANS} and not senses & {
        Sense.EXTEND,
        Sense.MINUTES,
        Sense.CLAIM,
    }:
        return _read_payment(marks, senses, context, order)
    if Sense.JOIN in senses:
        return Meant(
            (JoinWaitlist(_asked_code(context)),), senses <= SMALL | {Sense.JOIN, Sense.YES, Sense.TAKE, Sense.ASK}
        )
    if senses & {Sense.EXTEND, Sense.MINUTES}:
        polite = (
            SMALL
            | {Sense.EXTEND, Sense.MINUTES, Sense.AGAIN, Sense.STILL, Sense.TAKE, Sense.PAY, Sense.YES}
            | _POLITE_QUESTION
        )
        return Meant((Extend(order),), bool(context.open_orders or order) and senses <= polite)
    if Sense.PURCHASES in senses:
        return Meant((Purchases(),), senses <= SMALL | {Sense.PURCHASES, Sense.TAKE, Sense.ASK} | _POLITE_QUESTION)
    if senses & {Sense.STATUS, Sense.CLAIM}:
        return Meant((OrderStatus(),), senses <= SMALL | {Sense.STATUS, Sense.ASK} | _POLITE_QUESTION)
    if Sense.QUANTITY in senses:
        return _read_correction(marks, senses, context)
    return _read_courtesy(senses)


def _when(understood: bool, act: Act) -> Meant:
    """Acts that cannot be taken back are not even hinted at unless the whole message says so."""
    return Meant((act,), True) if understood else NOTHING


def _read_payment(marks: Sequence[Mark], senses: Set[Sense], context: ReadingContext, order: int | None) -> Meant:
    allowed = SMALL | {
        Sense.PAY,
        Sense.MEANS,
        Sense.CHANGE_MEANS,
        Sense.YES,
        Sense.TAKE,
        Sense.STATUS,
        Sense.CORRECTION,
        Sense.NO,
    }
    known_order = order is not None or bool(context.open_orders)
    understood = senses <= allowed | (_POLITE_QUESTION if senses & {Sense.PAY, Sense.CHANGE_MEANS} else set())
    if Sense.NO in senses and Sense.MEANS not in senses:
        return NOTHING
    if Sense.MEANS in senses:
        return Meant(_payment(marks, order), understood and known_order)
    return Meant((ChangeMeans(order) if Sense.CHANGE_MEANS in senses else Pay(order),), understood)


def _read_correction(marks: Sequence[Mark], senses: Set[Sense], context: ReadingContext) -> Meant:
    """ "non en fait 3", "mets-en 2", "x2": another quantity for what was just asked about or held."""
    quantities = [mark.quantity for mark in marks if mark.quantity]
    about_something = bool(context.open_orders or context.asked)
    said = bool(senses & {Sense.NO, Sense.CORRECTION, Sense.TAKE}) or quantities[0].form != "plain"
    allowed = SMALL | {Sense.NO, Sense.CORRECTION, Sense.TAKE, Sense.QUANTITY, Sense.YES}
    understood = about_something and said and len(quantities) == 1 and senses <= allowed
    return _when(understood, SetQuantity(quantities[0].number))


def _read_courtesy(senses: Set[Sense]) -> Meant:
    """Nothing but greetings, thanks, yes or no."""
    if Sense.NO in senses:
        return Meant((No(),), True) if senses <= COURTESY | {Sense.NO} else NOTHING
    if Sense.YES in senses:
        return Meant((Yes(),), True) if senses <= COURTESY | {Sense.YES, Sense.LINK} else NOTHING
    if not senses <= COURTESY | {Sense.QUESTION_MARK}:
        return NOTHING
    if Sense.THANKS in senses:
        return Meant((Thanks(),), True)
    if senses & {Sense.GREETING, Sense.WELLBEING}:
        return Meant((Greet(),), True)
    return NOTHING


def _asked_code(context: ReadingContext) -> str | None:
    code = (context.asked or {}).get("code")
    return code if isinstance(code, str) else None
