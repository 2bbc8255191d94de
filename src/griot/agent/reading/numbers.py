"""Which numbers of a message are quantities, and which are prices, hours, dates, telephone numbers or sizes.

A number is a quantity only when what stands around it leaves nothing else for it to be; the others become amounts,
which nothing is held for.
"""

from collections.abc import Sequence

from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Form, Mark, Quantity
from griot.agent.reading.options import Forms
from griot.agent.reading.tokens import Token

LARGEST_QUANTITY = 999
SMALLEST_SIZE = 20  # a bare number from here on that is also a size of the product is the size: "42" for shoes

_TRANSPARENT = {Sense.FILLER, Sense.AXIS, Sense.PREPOSITION, Sense.DETERMINER}


def weigh(marks: Sequence[Mark], tokens: Sequence[Token], forms: Forms) -> list[Mark]:
    """The marks with each number, and the signs that belong to it, turned into a quantity, option, amount or delay."""
    weighed: list[Mark] = []
    at = 0
    while at < len(marks):
        item, following = _Numbers(marks, tokens, forms, at).read()
        weighed.append(item)
        at = following
    return weighed


class _Numbers:
    """The number that may begin at one mark."""

    def __init__(self, marks: Sequence[Mark], tokens: Sequence[Token], forms: Forms, at: int) -> None:
        self.marks, self.tokens, self.forms, self.at = marks, tokens, forms, at

    def read(self) -> tuple[Mark, int]:
        sense, at = self._sense(self.at), self.at
        if sense is Sense.NUMBER:
            return self._number(at, "plain")
        if sense is Sense.TIMES:
            return self._times(at)
        if sense is Sense.DOZEN:
            return self._quantity(at, at + 1, 12, "plain")
        if sense in (Sense.MINUTES, Sense.AMOUNT_UNIT):
            return self.marks[at]._replace(sense=Sense.UNKNOWN), at + 1
        if self._text(at) == "(" and self._sense(at + 1) is Sense.NUMBER and self._text(at + 2) == ")":
            return self._quantity(at, at + 3, self._value(at + 1), "after")
        return self.marks[at], at + 1

    def _times(self, at: int) -> tuple[Mark, int]:
        """ "x2", "* 2", "fois 2"; without a number "*" is decoration and "x" a word like another."""
        star = self._text(at) == "*"
        if self._text(at + 1) in (":", "=") and self._sense(at + 2) is Sense.NUMBER:
            return self._number(at + 2, "after", at)
        if self._sense(at + 1) is Sense.NUMBER and not (star and self._spaced(at + 1)):
            return self._number(at + 1, "after", at)
        return self.marks[at]._replace(sense=Sense.FILLER if star else Sense.UNKNOWN), at + 1

    def _number(self, at: int, form: Form, start: int | None = None) -> tuple[Mark, int]:
        start = at if start is None else start
        if form == "plain":
            amount = self._amount(at)
            if amount:
                return amount
        right = self._sense(at + 1)
        value = self._value(at)
        if right is Sense.DOZEN:
            return self._quantity(start, at + 2, value * 12, form)
        if right is Sense.MINUTES:
            return self._span(Sense.MINUTES, start, at + 2), at + 2
        if right is Sense.AMOUNT_UNIT:
            return self._span(Sense.AMOUNT, start, at + 2), at + 2
        if right is Sense.UNIT:
            return self._quantity(start, at + 2, value, "unit")
        if form == "plain" and right is Sense.TIMES and self._times_follow(at + 1):
            return self._quantity(start, at + 2, value, "before")
        if form == "plain" and self._is_option(at):
            return self._option(at)
        if form == "plain" and not self._is_free(at):
            sense = Sense.ORDINAL if self._sense(at - 1) is Sense.DETERMINER else Sense.AMOUNT
            return self.marks[at]._replace(sense=sense, value=value), at + 1
        return self._quantity(start, at + 1, value, form)

    def _times_follow(self, times: int) -> bool:
        """Does the sign after a number multiply what comes next, rather than another number?"""
        star = self._text(times) == "*"
        return self._sense(times + 1) is not Sense.NUMBER and not (star and self._spaced(times))

    def _quantity(self, start: int, end: int, value: int, form: Form) -> tuple[Mark, int]:
        if not 0 < value <= LARGEST_QUANTITY:
            return self._span(Sense.AMOUNT, start, end), end
        return self._span(Sense.QUANTITY, start, end)._replace(value=Quantity(value, form)), end

    def _amount(self, at: int) -> tuple[Mark, int] | None:
        """A decimal, an hour, a date, a grouped or a signed number, whatever its value."""
        end = at
        while self._hangs_together(end):
            end += 2 if self._sense(end + 1) is not Sense.NUMBER else 1
        text = self.tokens[self.marks[at].start].text
        signed = self._signed(at) and self._sense(at + 1) is not Sense.MINUTES  # "+5 min"
        wrong = end > at or signed or (text.startswith("0") and (len(text) > 2 or text == "0"))
        if not wrong and not self._means_new(at):
            return None
        return self._span(Sense.AMOUNT, at, end + 1), end + 1

    def _hangs_together(self, at: int) -> bool:
        """Is this number followed by another one that belongs to it: "2,5", "18:30", "15/02", "15 000"?"""
        between = self.marks[at + 1] if at + 1 < len(self.marks) else None
        if between is None:
            return False
        if between.sense is Sense.NUMBER:
            left, right = self.tokens[self.marks[at].end - 1], self.tokens[between.start]
            return left.kind == right.kind == "number" and len(right.text) > 1
        sign = self.tokens[between.start]
        return (
            self._sense(at + 2) is Sense.NUMBER
            and sign.kind == "sign"
            and sign.text in ".,:/-–'"
            and not sign.spaced
            and not self._spaced(at + 2)
        )

    def _signed(self, at: int) -> bool:
        """ "-2", "+2": a sign stuck to the number and to nothing before it."""
        if self._text(at - 1) not in ("-", "−", "+", "±") or self._spaced(at):
            return False
        return at == 1 or self._spaced(at - 1)

    def _means_new(self, at: int) -> bool:
        """ "sac neuf" speaks of its state; "neuf sacs" and "neuf pièces" of its number."""
        entry = self.marks[at].entry
        if entry is None or not entry.has(Sense.UNCLEAR):
            return False
        counts = self._after(at) in (Sense.CODE, Sense.UNIT, Sense.TIMES)
        return not counts and any(mark.sense is Sense.CODE for mark in self.marks)

    def _is_option(self, at: int) -> bool:
        """A size: announced as one, or too large a number to be anything else."""
        if not self._named(at):
            return False
        before = self.marks[at - 1] if at else None
        announced = before and (before.sense is Sense.AXIS or (before.entry and before.entry.has(Sense.AXIS)))
        return bool(announced) or self._value(at) >= SMALLEST_SIZE

    def _named(self, at: int) -> bool:
        mark = self.marks[at]
        return self.forms.find(self.tokens, mark.start, mark.end) is not None

    def _option(self, at: int) -> tuple[Mark, int]:
        mark = self.marks[at]
        found = self.forms.find(self.tokens, mark.start, mark.end)
        return mark._replace(sense=Sense.OPTION, value=found[0] if found else None), at + 1

    def _is_free(self, at: int) -> bool:
        """Does nothing before this number make it a price, a rank or a size instead of a count?"""
        if self._named(at):
            return False
        if self._continues_code(at):
            return self._after(at) is Sense.CODE
        before = self._sense(at - 1)
        if before not in (Sense.PREPOSITION, Sense.DETERMINER, Sense.LINK, Sense.NUMBER_LABEL, Sense.AXIS):
            return True
        return self._after(at) is Sense.CODE and before is not Sense.NUMBER_LABEL

    def _continues_code(self, at: int) -> bool:
        """ "robe1-2", "robe1.2": a number hung on a code by a sign, which may be another code."""
        if self._sense(at - 1) is not Sense.SEPARATOR or self._sense(at - 2) is not Sense.CODE:
            return False
        return not self._spaced(at) and not self._spaced(at - 1)

    def _after(self, at: int) -> Sense | None:
        """The sense of what follows a number, small words passed over."""
        return next((mark.sense for mark in self.marks[at + 1 :] if mark.sense not in _TRANSPARENT), None)

    def _span(self, sense: Sense, start: int, end: int) -> Mark:
        entry = next((mark.entry for mark in self.marks[start:end] if mark.entry), None)
        return Mark(sense, self.marks[start].start, self.marks[end - 1].end, None, entry)

    def _sense(self, at: int) -> Sense | None:
        return self.marks[at].sense if 0 <= at < len(self.marks) else None

    def _text(self, at: int) -> str:
        present = 0 <= at < len(self.marks) and self.marks[at].start < self.marks[at].end
        return self.tokens[self.marks[at].start].text if present else ""

    def _spaced(self, at: int) -> bool:
        return self.tokens[self.marks[at].start].spaced

    def _value(self, at: int) -> int:
        value = self.marks[at].value
        return value if isinstance(value, int) else -1
