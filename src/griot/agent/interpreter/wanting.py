"""What is wanted: the lines of a message as the tools take them, and for when."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from griot.agent.interpreter.basket import Item
from griot.agent.interpreter.choosing import article
from griot.agent.interpreter.edits import says, turned_down
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME, OrderLine, shared
from griot.agent.interpreter.recounting import number_meant

_MEANT = 0.6
_PLAUSIBLE = 0.35


def wanted(heard: Hearing) -> list[OrderLine] | None:
    """The lines of the message; without a name, what was talked of last, or what the words most likely mean."""
    if all(line.score < OWN_NAME for line in heard.lines) and heard.memory.one:
        several = shared(heard.text, heard.memory.one, heard.counts, heard.brief.products)
        if len(several) > 1:
            return several
    if heard.lines:
        return [_with_options(heard, line) for line in heard.lines if not refused(heard, line)]
    number = how_many(heard)
    if heard.memory.one:
        return [OrderLine(heard.memory.one, number, heard.options_said(heard.memory.one))]
    if len(heard.memory.offered) > 1:
        return [OrderLine(heard.memory.offered[0], number, alternatives=heard.memory.offered)]
    found = [hit for hit in heard.hits if hit.score >= _PLAUSIBLE]
    if found and found[0].score >= _MEANT and (len(found) == 1 or found[1].score < found[0].score - 0.1):
        return [OrderLine(found[0].key, number)]
    if len(found) > 1:
        return [OrderLine(found[0].key, number, alternatives=tuple(hit.key for hit in found))]
    return None


def refused(heard: Hearing, line: OrderLine) -> bool:
    """ "Pas de sac pour moi": is what the line names turned down where it is named?"""
    starts = [mention.start for mention in heard.mentions if mention.code == line.code]
    return bool(starts) and all(turned_down(heard.text[:start]) for start in starts)


def how_many(heard: Hearing) -> int | None:
    """The number that is meant; of several, the one that the agent has just offered."""
    count = number_meant(heard)
    if count is not None:
        return count.value
    offered = (heard.brief.asked or {}).get("quantity")
    return offered if any(offered == other.value for other in heard.counts) else None


def _with_options(heard: Hearing, line: OrderLine) -> OrderLine:
    """A line whose options were said before: "ya en L ?" and then "je la prends"."""
    talked_of = line.code in heard.memory.offered or line.code in heard.memory.focus[:2]
    if line.options or line.alternatives or len(heard.lines) > 1 or not talked_of:
        return line
    return replace(line, options=heard.options_said(line.code))


def taken(heard: Hearing, line: OrderLine) -> dict[str, Any]:
    """A line to hold; "encore 2" is on top of what is held. Without a number: as many as are held or quoted."""
    same = [have for have in heard.held if have.code == line.code and line.options.items() <= have.options.items()]
    held = sum(have.quantity for have in same)
    quoted = next((item for item in quote_lines(heard) if item.code == line.code), None)
    options = line.options or (quoted.options if quoted else {})
    if held and says("more", heard.text):
        return article(line.code, (line.quantity or 1) + held, options)
    number = line.quantity or held or (quoted.quantity if quoted else None)
    return article(line.code, number or heard.people_for(line.code) or 1, options)


def quote_lines(heard: Hearing) -> Sequence[Item]:
    return heard.brief.quote.lines if heard.brief.quote else ()


def as_there(line: OrderLine, items: Sequence[Item]) -> OrderLine:
    """The article of that name that is held or quoted; what is not said of its size and colour is as it is there."""
    same = [item for item in items if item.code in (line.code, *line.alternatives)]
    if not same or len({item.code for item in same}) > 1:
        return line
    shared = {axis: value for axis, value in same[0].options.items() if all(i.options.get(axis) == value for i in same)}
    return replace(line, code=same[0].code, options={**shared, **line.options}, alternatives=())


def moment_of(heard: Hearing) -> dict[str, str]:
    """The day and time for a tool call; a day named while it was still open what was wanted still holds."""
    when = heard.when
    if when is None and not heard.brief.orders and heard.brief.shop.segment != "live_seller":
        when = heard.when_before
    return when.written("wanted_on", "wanted_at") if when else {}
