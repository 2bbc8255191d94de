"""Answers to "do you really want 100 of it?"."""

from griot.agent.interpreter.answers import said_no, said_yes
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.agent.interpreter.recounting import number_meant

_SURE = 0.45
_OTHER_MATTERS = ("address_give", "complaint", "refund", "human", "status")


def confirmed(heard: Hearing) -> Choices | None:
    """ "Oui", "non 10", "60 ary e": so many of what was asked about, in the size and colour that were said before."""
    asked = heard.brief.asked or {}
    code = asked.get("code")
    if asked.get("kind") != "confirm_quantity" or not isinstance(code, str) or "?" in heard.text:
        return None
    others = [mention for mention in heard.mentions if mention.score >= OWN_NAME and mention.code != code]
    if others or heard.chance(*_OTHER_MATTERS) >= _SURE:
        return None
    count = number_meant(heard)
    number = count.value if count else asked["quantity"] if said_yes(heard.text) else None
    if number:
        return choose("hold", lines=[article(code, number, heard.options_said(code))])
    return choose("small_talk", kind="ok") if said_no(heard.text) else None
