"""Shops whose codes are bare numbers: "7", "n°12", "le 5", "5 x2"."""

from collections.abc import Sequence

from griot.agent.reading.codes import CodeMatch
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark
from griot.agent.reading.models import ReadingContext
from griot.agent.reading.tokens import Token

_ANNOUNCED = {Sense.NUMBER_LABEL, Sense.LABEL}
_ASKS_A_NUMBER = {"quantity", "variant", "means", "waitlist", "again", "pay"}
_PARTS_OF_AN_AMOUNT = {Sense.TIMES, Sense.DOZEN, Sense.UNIT, Sense.MINUTES, Sense.AMOUNT_UNIT, Sense.NUMBER}


def numbered_codes(marks: Sequence[Mark], tokens: Sequence[Token], context: ReadingContext) -> list[CodeMatch]:
    """The numbers of a message that can only be codes.

    A number is a code when it is announced as one, or stands alone between separators while no question waits for
    a number. Beside another code it stays a number.
    """
    if any(mark.sense is Sense.CODE for mark in marks):
        return []
    asked = (context.asked or {}).get("kind") in _ASKS_A_NUMBER
    found = []
    for at, mark in enumerate(marks):
        token = tokens[mark.start]
        if mark.sense is not Sense.NUMBER or token.glued:
            continue
        codes = context.codes.named(token.text if token.kind == "number" else str(mark.value))
        before = marks[at - 1] if at else None
        announced = before is not None and (before.sense in _ANNOUNCED or tokens[before.start].text == "#")
        shown = before is not None and before.sense is Sense.DETERMINER
        in_place = not asked and token.kind == "number" and (shown or _alone(marks, tokens, at))
        if len(codes) == 1 and (announced or in_place):
            found.append(CodeMatch(mark.start, mark.end, codes, sure=True, tight=True))
    return found


def _alone(marks: Sequence[Mark], tokens: Sequence[Token], at: int) -> bool:
    """Is this the only number of its segment, apart from a quantity written with its sign ("5 x2")?"""
    start = next((place for place in range(at, 0, -1) if _separates(marks[place - 1])), 0)
    end = next((place for place in range(at, len(marks)) if _separates(marks[place])), len(marks))
    if _stuck(marks, tokens, start - 1) or _stuck(marks, tokens, end):
        return False
    if at > start and marks[at - 1].sense in _PARTS_OF_AN_AMOUNT:
        return False
    if at + 1 < end and marks[at + 1].sense in _PARTS_OF_AN_AMOUNT - {Sense.TIMES}:
        return False
    others = [place for place in range(start, end) if place != at and marks[place].sense is Sense.NUMBER]
    return all(place == end - 1 and _is_times(marks, tokens, place - 1) for place in others)


def _separates(mark: Mark) -> bool:
    return mark.sense in (Sense.SEPARATOR, Sense.CONJUNCTION)


def _stuck(marks: Sequence[Mark], tokens: Sequence[Token], at: int) -> bool:
    """Is a sign stuck to the number after it, as in a date, a decimal or a negative number?"""
    if not 0 <= at < len(marks) - 1 or marks[at].value == "\n" or tokens[marks[at].start].kind != "sign":
        return False
    return marks[at + 1].sense is Sense.NUMBER and not tokens[marks[at + 1].start].spaced


def _is_times(marks: Sequence[Mark], tokens: Sequence[Token], at: int) -> bool:
    """ "x2" set apart from what is before; in "5x2" either number may be the code."""
    return marks[at].sense is Sense.TIMES and tokens[marks[at].start].spaced and not tokens[marks[at + 1].start].spaced
