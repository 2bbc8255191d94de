"""What the marks of a message amount to when a product is named in it.

The rule that matters: something is held or cancelled only when every mark of the message goes with it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from griot.agent.acts import Act, Ask, Cancel, ChooseMeans, Human, JoinWaitlist, LeaveWaitlist, OrderStatus, Pay, Take
from griot.agent.reading.choices import MEANS
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark
from griot.agent.reading.models import ReadingContext
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
_GIVING_UP = SMALL | {Sense.CANCEL, Sense.CODE, Sense.STATUS}
_QUESTIONS = {Sense.QUESTION_MARK, Sense.QUESTION, Sense.ASK}
POLITE_QUESTION = {Sense.QUESTION_MARK, Sense.QUESTION}


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
        return Meant(ordered + payment(marks, None), True) if ordered else Meant(shown, False)
    if Sense.HUMAN in senses:
        return Meant((Human(),), senses <= ORDER | SMALL | {Sense.HUMAN})
    if Sense.STATUS in senses and senses <= SMALL | {Sense.STATUS, Sense.CODE} | POLITE_QUESTION:
        return Meant((OrderStatus(),), True)
    if sure and Sense.CANCEL in senses and senses <= _GIVING_UP:
        return Meant(tuple(Cancel(None, code) for code in codes), True)
    exchanged = _exchange(marks, context) if {Sense.CANCEL, Sense.TAKE} <= senses else ()
    if exchanged:
        return Meant(exchanged, True)
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
                goes = any(after.sense is Sense.CODE for after in marks[at + 1 : at + 2])
            case Sense.AXIS:
                goes = any(near.sense is Sense.OPTION for near in marks[max(at - 2, 0) : at + 3])
            case sense:
                goes = sense in ORDER
        if not goes:
            return False
    return True


def _exchange(marks: Sequence[Mark], context: ReadingContext) -> tuple[Act, ...]:
    """ "annule ROBE1 et je prends SAC2": each product after its own verb, and nothing left over."""
    verbs = [at for at, mark in enumerate(marks) if mark.sense in (Sense.CANCEL, Sense.TAKE)]
    clauses = [marks[start:end] for start, end in pairwise([0, *verbs, len(marks)])]
    if any(mark.sense not in SMALL for mark in clauses[0]):
        return ()
    acts: list[Act] = []
    for clause in clauses[1:]:
        done = _given_up(clause) if clause[0].sense is Sense.CANCEL else _taken(clause, context)
        if not done:
            return ()
        acts += done
    return tuple(acts)


def _given_up(clause: Sequence[Mark]) -> tuple[Cancel, ...]:
    plain = all(mark.sense in _GIVING_UP and (not mark.code or mark.code.sure) for mark in clause)
    return tuple(Cancel(None, mark.code.codes[0]) for mark in clause if mark.code) if plain else ()


def _taken(clause: Sequence[Mark], context: ReadingContext) -> tuple[Take, ...]:
    named = any(mark.code for mark in clause)
    return takes(clause, context.codes) or () if named and _is_order(clause, context) else ()


def payment(marks: Sequence[Mark], order: int | None) -> tuple[Act, ...]:
    """What is said of paying: the means when exactly one is named, otherwise the wish to pay."""
    means = {str(mark.value) for mark in marks if mark.sense is Sense.MEANS}
    if len(means) == 1:
        return (ChooseMeans(MEANS[means.pop()], order),)
    return (Pay(order),) if means or any(mark.sense is Sense.PAY for mark in marks) else ()
