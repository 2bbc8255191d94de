"""When and where: days, addresses, what is made to order."""

from griot.agent.interpreter.asking import known_answer, wants_form
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.edits import says
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.ordering import order

_LIKELY = 0.35
_ITS_NAME = 0.9  # score of a line that names an article and not a mere kind of article
_SHORT = 8  # words


def new_date(heard: Hearing) -> Choices | None:
    """ "Non dimanche en fait": a short message that names a day and nothing else moves what is held or quoted."""
    short = len(heard.text.split()) <= _SHORT and "?" not in heard.text
    if heard.when and short and not heard.lines and (heard.brief.orders or heard.brief.quote):
        return change_date(heard) if heard.chance("pay", "cancel", "address_give") < _LIKELY else None
    return None


def dated(heard: Hearing, choices: Choices) -> Choices:
    """The same; who accepts a quote and names a day wants it for that day."""
    accepts = [choice.name for choice in choices] == ["accept_quote"]
    if accepts and heard.when:
        return choices + choose("wanted_on", **heard.when.written("on", "at"))
    return choices


def change_date(heard: Hearing) -> Choices | None:
    if heard.when and (heard.brief.orders or heard.brief.quote):
        when = heard.when
        return choose("wanted_on", **when.written("on", "at"))
    if heard.brief.past:
        return choose("escalate", reason="custom")
    return slot(heard)


def slot(heard: Hearing) -> Choices | None:
    """A day that is given: of what is held, or kept as a wish."""
    when = heard.when
    if when is None:
        return None
    if heard.lines:
        return order(heard)
    if heard.brief.orders or heard.brief.quote:
        return choose("wanted_on", **when.written("on", "at"))
    return choose("intake", kind="slot", fields=when.written("date", "time"))


def address(heard: Hearing) -> Choices | None:
    if heard.address is None and ("?" in heard.text or wants_form(heard)):
        return choose("clarify", question="address") if wants_form(heard) else known_answer(heard, 0.35)
    fields = heard.address.fields if heard.address else {"text": heard.text.strip()}
    taken = order(heard) if heard.lines and heard.chance("order") >= 0.3 else None
    if heard.when and heard.when.on and not taken:
        moment = heard.when.written("date", "time")
        return choose("intake", kind="address", fields=fields) + choose("intake", kind="slot", fields=moment)
    if taken and any(choice.name == "hold" for choice in taken):
        return [choice for choice in taken if choice.name != "intake"] + choose("intake", kind="address", fields=fields)
    return choose("intake", kind="address", fields=fields)


def bespoke(heard: Hearing) -> Choices | None:
    """ "A dinosaur cake, 2 tiers, green and blue": what is described and not sold by that name is made to order."""
    if not says("bespoke", heard.text) or "?" in heard.text or heard.brief.quote:
        return None
    if any(line.score >= _ITS_NAME for line in heard.lines) or heard.chance("order", "custom_request") < _LIKELY:
        return None
    return custom(heard)


def custom(heard: Hearing) -> Choices | None:
    """Something made to order: what is asked for is kept, and what is named is held."""
    fields = {"request": heard.text.strip()}
    if heard.when and heard.when.on:
        fields["date"] = heard.when.on.isoformat()
    return choose("intake", kind="custom", fields=fields)
