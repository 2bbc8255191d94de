"""Which quantity and which options go with which code.

Only readings without a rival come out: where two are as likely the answer is None, and nothing is held.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from griot.agent.acts import Take
from griot.agent.reading.codes import CodeIndex, CodeMatch
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark, Quantity
from griot.agent.reading.options import Value, settle


@dataclass(slots=True)
class _Line:
    """One code as it stands in the message, and what was said with it."""

    match: CodeMatch
    quantity: int | None = None
    said: list[Value] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.match.codes[0]


@dataclass(slots=True)
class _Segment:
    """What stands between two separators. ``before``: the separator in front."""

    before: str
    items: list[Mark] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)


class _Rival(Exception):
    """The message can be read in more than one way."""


def takes(marks: Sequence[Mark], index: CodeIndex) -> tuple[Take, ...] | None:
    """The products ordered, in the order they are named; None when the message can be read in more than one way.

    Every mark must already be one that goes with an order: this only decides what belongs to what.
    """
    if any(mark.code and not mark.code.sure for mark in marks):
        return None
    again = any(mark.sense in (Sense.AGAIN, Sense.STILL) for mark in marks)
    try:
        ordered = tuple(_merge(_bind(_segments(marks), index), index, again))
    except _Rival:
        return None
    return None if again and len(ordered) > 1 else ordered


def _segments(marks: Sequence[Mark]) -> list[_Segment]:
    segments = [_Segment("")]
    for mark in marks:
        if mark.sense in (Sense.SEPARATOR, Sense.CONJUNCTION):
            separator = str(mark.value) if mark.sense is Sense.SEPARATOR else "+"
            if segments[-1].items:
                segments.append(_Segment(separator))
            elif separator == "+" and len(segments) > 1:
                segments[-1].before = "+"
        elif mark.sense in (Sense.CODE, Sense.QUANTITY, Sense.OPTION):
            segments[-1].items.append(mark)
    return [segment for segment in segments if segment.items]


def _bind(segments: list[_Segment], index: CodeIndex) -> list[_Line]:
    for segment in segments:
        segment.lines = list(_bind_segment(segment, index))
    lines = [line for segment in segments for line in segment.lines]
    _check_added(segments)
    owner: _Line | None = None
    for segment in segments:
        if segment.lines:
            owner = segment.lines[-1]
        else:
            _bind_apart(segment, owner, lines, index)
    apart = any(mark.quantity for segment in segments if not segment.lines for mark in segment.items)
    if apart and len(lines) > 1 and any(line.quantity is None for line in lines):
        raise _Rival  # "ROBE1, SAC2, x2": two of which?
    return lines


def _bind_segment(segment: _Segment, index: CodeIndex) -> Iterator[_Line]:
    """Quantities beside their code, before or after it but all on the same side; options after it, or before."""
    items = segment.items
    places = [at for at, mark in enumerate(items) if mark.code]
    if not places:
        return
    lines = {at: _Line(match) for at, mark in enumerate(items) if (match := mark.code)}
    side = _side([mark for mark in items if mark.sense is not Sense.OPTION])
    for at, mark in enumerate(items):
        left = next((place for place in reversed(places) if place < at), None)
        right = next((place for place in places if place > at), None)
        if mark.quantity:
            place = _owner(mark.quantity, side, left, right)
            _count(lines[place], mark.quantity)
            if place == left and not lines[place].match.tight and _may_be_sibling(lines[place], mark.quantity, index):
                raise _Rival
        elif mark.option:
            _choose(lines[places[0] if left is None else left], mark)
    yield from lines.values()


def _side(items: Sequence[Mark]) -> str:
    """Where plain quantities stand in a segment with several codes: "left" or "right" of theirs."""
    if len([mark for mark in items if mark.code]) < 2 or not any(mark.quantity for mark in items):
        return ""
    if items[0].code:
        return "right" if items[-1].quantity else ""
    return "" if items[-1].quantity else "left"


def _owner(quantity: Quantity, side: str, left: int | None, right: int | None) -> int:
    """The place of the code a quantity belongs to: the only one beside it, else the one its form or the others show."""
    if left is None or right is None:
        place = right if left is None else left
    elif side:
        place = right if side == "left" else left
    else:
        place = left if quantity.form == "after" else None
    if place is None:
        raise _Rival  # "robe1 2 sac2"
    return place


def _bind_apart(segment: _Segment, owner: _Line | None, lines: list[_Line], index: CodeIndex) -> None:
    """A quantity or an option that stands alone: "ROBE1", then "x2"; "ROBE1, taille M"."""
    early = owner is None
    if early and len(lines) == 1:
        owner = lines[0]
    if owner is None:
        raise _Rival
    for mark in segment.items:
        quantity = mark.quantity
        if mark.option:
            _choose(owner, mark)
        elif quantity:
            listed = segment.before == "+" or _may_be_sibling(owner, quantity, index)
            sent_after = segment.before == "\n" and owner.match.tight
            if quantity.form == "plain" and (early or (listed and not sent_after)):
                raise _Rival
            _count(owner, quantity)


def _may_be_sibling(line: _Line, quantity: Quantity, index: CodeIndex) -> bool:
    """ "robe 1 2" and "robe1, 2" where ROBE2 exists: two of the first, or one of each?"""
    return quantity.form == "plain" and index.sibling(line.code, quantity.number)


def _count(line: _Line, quantity: Quantity) -> None:
    if line.quantity not in (None, quantity.number):
        raise _Rival
    line.quantity = quantity.number


def _choose(line: _Line, mark: Mark) -> None:
    value = mark.option.values.get(line.code) if mark.option else None
    if value is None:
        raise _Rival
    line.said.append(value)


def _check_added(segments: Sequence[_Segment]) -> None:
    """ "ROBE1 + ROBE1" may mean two; "ROBE1" sent twice means one."""
    for left, right in pairwise(segments):
        repeated = [line for line in right.lines if any(_is_same(line, other) for other in left.lines)]
        if right.before == "+" and repeated:
            raise _Rival


def _is_same(line: _Line, other: _Line) -> bool:
    return line.code == other.code and line.said == other.said


def _merge(lines: Sequence[_Line], index: CodeIndex, again: bool) -> Iterator[Take]:
    """One Take for each code and choice of options, however often it is repeated."""
    merged: dict[tuple[str, tuple[Value, ...]], int | None] = {}
    for line in lines:
        options = settle(index.variants(line.code), line.said)
        if options is None:
            raise _Rival
        key = (line.code, tuple(options.items()))
        plain = (line.code, ())
        if options and plain in merged:
            merged[key] = merged.pop(plain)
        elif not options:
            key = next((known for known in merged if known[0] == line.code), key)
        said = merged.get(key)
        if None not in (said, line.quantity) and said != line.quantity:
            raise _Rival
        merged[key] = line.quantity if said is None else said
    for (code, chosen), quantity in merged.items():
        yield Take(code, quantity, dict(chosen), again)
