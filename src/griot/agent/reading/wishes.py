"""What is wanted when no product is named: of an order, a list or a person; or nothing but a courtesy.

What is not certain is still reported where acting on it does no harm: showing the means of payment, the state of an
order, calling a person. The rest is reported only when the whole message says so.
"""

from collections.abc import Sequence, Set

from griot.agent.acts import (
    Act,
    Cancel,
    ChangeMeans,
    Extend,
    Greet,
    Human,
    JoinWaitlist,
    LeaveWaitlist,
    No,
    OrderStatus,
    Pay,
    Purchases,
    SetQuantity,
    Thanks,
    Yes,
)
from griot.agent.reading.intents import COURTESY, NOTHING, POLITE_QUESTION, SMALL, Meant, order_in_focus, payment
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark
from griot.agent.reading.models import ReadingContext

# What may be said beside each wish without changing it
_BESIDE_HUMAN = SMALL | POLITE_QUESTION | {Sense.HUMAN, Sense.TAKE, Sense.YES, Sense.NO}
_BESIDE_LEAVE = SMALL | {Sense.LEAVE, Sense.NO, Sense.TAKE}
_BESIDE_CANCEL = SMALL | {Sense.CANCEL, Sense.NO, Sense.STATUS, Sense.YES, Sense.CORRECTION}
_BESIDE_JOIN = SMALL | {Sense.JOIN, Sense.YES, Sense.TAKE, Sense.ASK}
_BESIDE_EXTEND = SMALL | {Sense.EXTEND, Sense.MINUTES, Sense.AGAIN, Sense.STILL, Sense.TAKE, Sense.PAY, Sense.YES}
_BESIDE_PURCHASES = SMALL | POLITE_QUESTION | {Sense.PURCHASES, Sense.TAKE, Sense.ASK}
_BESIDE_STATUS = SMALL | POLITE_QUESTION | {Sense.STATUS, Sense.ASK}
_BESIDE_MEANS = SMALL | {Sense.MEANS, Sense.PAY, Sense.CHANGE_MEANS, Sense.YES, Sense.TAKE, Sense.STATUS, Sense.NO}
_BESIDE_QUANTITY = SMALL | {Sense.QUANTITY, Sense.NO, Sense.CORRECTION, Sense.TAKE, Sense.YES}

_PAYMENT = {Sense.PAY, Sense.MEANS, Sense.CHANGE_MEANS}
_DELAY = {Sense.EXTEND, Sense.MINUTES}


def read_wishes(marks: Sequence[Mark], context: ReadingContext) -> Meant:
    """A message without a code that answers no question."""
    senses = {mark.sense for mark in marks}
    order = order_in_focus(context)
    if Sense.HUMAN in senses:
        return Meant((Human(),), senses <= _BESIDE_HUMAN)
    if Sense.LEAVE in senses:
        return _only_when(senses <= _BESIDE_LEAVE, LeaveWaitlist(_asked_code(context)))
    if Sense.CANCEL in senses:
        return _only_when(senses <= _BESIDE_CANCEL, Cancel(order))
    if Sense.NEGATION in senses:
        return NOTHING
    if Sense.JOIN in senses:
        return _only_when(senses <= _BESIDE_JOIN, JoinWaitlist(_asked_code(context)))
    if senses & _DELAY:
        return _read_delay(senses, context, order)
    if senses & _PAYMENT:
        return _read_payment(marks, senses, context, order)
    if Sense.PURCHASES in senses:
        return Meant((Purchases(),), senses <= _BESIDE_PURCHASES)
    if senses & {Sense.STATUS, Sense.CLAIM}:
        return Meant((OrderStatus(),), senses <= _BESIDE_STATUS)
    if Sense.QUANTITY in senses:
        return _read_correction(marks, senses, context)
    return _read_courtesy(senses)


def _only_when(understood: bool, act: Act) -> Meant:
    return Meant((act,), True) if understood else NOTHING


def _read_delay(senses: Set[Sense], context: ReadingContext, order: int | None) -> Meant:
    """More time, also where its reason is not understood; "je paie dans 5 min" asks for it too."""
    if not context.open_orders or not senses <= _BESIDE_EXTEND | POLITE_QUESTION | {Sense.UNKNOWN}:
        return NOTHING
    return Meant((Extend(order),), Sense.UNKNOWN not in senses)


def _read_payment(marks: Sequence[Mark], senses: Set[Sense], context: ReadingContext, order: int | None) -> Meant:
    """A means is only chosen for sure; short of that the means are shown."""
    if Sense.NO in senses and Sense.MEANS not in senses:
        return NOTHING
    if Sense.CLAIM in senses:
        return Meant((OrderStatus(),), False)
    asks = senses & {Sense.PAY, Sense.CHANGE_MEANS}
    understood = senses <= _BESIDE_MEANS | {Sense.CORRECTION} | (POLITE_QUESTION if asks else set())
    if Sense.MEANS in senses:
        chosen = understood and bool(context.open_orders)
        return Meant(payment(marks, order), True) if chosen else Meant((Pay(order),), False)
    return Meant((ChangeMeans(order) if Sense.CHANGE_MEANS in senses else Pay(order),), understood)


def _read_correction(marks: Sequence[Mark], senses: Set[Sense], context: ReadingContext) -> Meant:
    """ "non en fait 3", "mets-en 2", "x2": another quantity for what was just asked about or held."""
    quantities = [mark.quantity for mark in marks if mark.quantity]
    about_something = bool(context.open_orders or context.asked)
    said = bool(senses & {Sense.NO, Sense.CORRECTION, Sense.TAKE}) or quantities[0].form != "plain"
    understood = about_something and said and len(quantities) == 1 and senses <= _BESIDE_QUANTITY
    return _only_when(understood, SetQuantity(quantities[0].number))


def _read_courtesy(senses: Set[Sense]) -> Meant:
    """Nothing but greetings, thanks, yes or no; "ok merci" is thanks."""
    if Sense.NO in senses:
        return _only_when(senses <= COURTESY | {Sense.NO}, No())
    if Sense.THANKS in senses:
        return _only_when(senses <= COURTESY | {Sense.YES, Sense.QUESTION_MARK}, Thanks())
    if Sense.YES in senses:
        return _only_when(senses <= COURTESY | {Sense.YES, Sense.LINK}, Yes())
    greeted = bool(senses & {Sense.GREETING, Sense.WELLBEING})
    return _only_when(greeted and senses <= COURTESY | {Sense.QUESTION_MARK}, Greet())


def _asked_code(context: ReadingContext) -> str | None:
    code = (context.asked or {}).get("code")
    return code if isinstance(code, str) else None
