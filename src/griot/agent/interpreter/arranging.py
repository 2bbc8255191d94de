"""When and where: days, addresses, what is made to order."""

from griot.agent.interpreter.asking import known_answer, wants_form
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.ordering import order

_LIKELY = 0.35
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
        return choices + choose("wanted_on", on=heard.when.on.isoformat() if heard.when.on else None, at=heard.when.at)
    return choices


def change_date(heard: Hearing) -> Choices | None:
    if heard.when and (heard.brief.orders or heard.brief.quote):
        when = heard.when
        return choose("wanted_on", on=when.on.isoformat() if when.on else None, at=when.at)
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
        return choose("wanted_on", on=when.on.isoformat() if when.on else None, at=when.at)
    fields = ({"date": when.on.isoformat()} if when.on else {}) | ({"time": when.at} if when.at else {})
    return choose("intake", kind="slot", fields=fields)


def address(heard: Hearing) -> Choices | None:
    if heard.address is None and ("?" in heard.text or wants_form(heard)):
        return choose("clarify", question="address") if wants_form(heard) else known_answer(heard, 0.35)
    fields = heard.address.fields if heard.address else {"text": heard.text.strip()}
    taken = order(heard) if heard.lines and heard.chance("order") >= 0.3 else None
    if heard.when and heard.when.on and not taken:
        moment = {"date": heard.when.on.isoformat()} | ({"time": heard.when.at} if heard.when.at else {})
        return choose("intake", kind="address", fields=fields) + choose("intake", kind="slot", fields=moment)
    if taken and any(choice.name == "hold" for choice in taken):
        return [choice for choice in taken if choice.name != "intake"] + choose("intake", kind="address", fields=fields)
    return choose("intake", kind="address", fields=fields)


def custom(heard: Hearing) -> Choices | None:
    """Something made to order: what is asked for is kept, and what is named is held."""
    fields = {"request": heard.text.strip()}
    if heard.when and heard.when.on:
        fields["date"] = heard.when.on.isoformat()
    return choose("intake", kind="custom", fields=fields)
