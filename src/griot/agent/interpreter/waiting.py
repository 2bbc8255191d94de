"""A place in the line for what is out of stock."""

from collections.abc import Mapping
from dataclasses import replace

from griot.agent.interpreter.answers import said_yes
from griot.agent.interpreter.asking import which
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME, OrderLine

_FAINT = 0.2
_OFFERED = 0.5


def agreed(heard: Hearing) -> Choices | None:
    """ "Oui" to "shall I tell you when it is back?": as the last question says, or as the agent's last words do."""
    if heard.lines or not said_yes(heard.text):
        return None
    asked = heard.brief.asked or {}
    code = asked.get("code") if asked.get("kind") == "waitlist" else heard.memory.one
    if (
        not isinstance(code, str)
        or code not in heard.brief.products
        or not (asked.get("kind") == "waitlist" or _offered_to_tell(heard))
    ):
        return None
    products = heard.brief.products
    waited = next((v.options for v in products[code].variants if v.id == asked.get("wait_for")), None)
    options = waited if waited is not None else _gone(heard, code, {})
    return choose("notify_when_back", code=code, options=dict(options) or None, quantity=asked.get("quantity"))


def _offered_to_tell(heard: Hearing) -> bool:
    """Did the agent, who was not asked for anything else, just offer to say when there is more?"""
    last = heard.brief.history[-1] if heard.brief.history and not heard.brief.asked else None
    if last is None or last.by == "buyer" or "?" not in last.text:
        return False
    question = [part for part in last.text.replace("!", ".").split(".") if "?" in part][-1]
    return Hearing(replace(heard.brief, text=question)).chance("back_in_stock") >= _OFFERED


def notify(heard: Hearing) -> Choices | None:
    """A place in the line for what is out of stock; what is there is shown."""
    line = _line(heard)
    gone = [hit.key for hit in heard.hits if hit.score >= _FAINT and not heard.free(hit.key)]
    code = line.code if line else next(iter((heard.memory.one, *gone, *heard.memory.focus)), None)
    code = code or next(iter((*gone, *heard.memory.focus)), None)
    if code is None:
        return None
    if line and len(line.alternatives) > 1:
        gone = [c for c in line.alternatives if not heard.free(c)]
        if len(gone) != 1:
            return which(line.alternatives)
        code = gone[0]
    options = _gone(heard, code, line.options if line else {})
    if heard.free(code, options):  # who waits for what is there would be sold it at once
        return choose("show_products", codes=[code])
    return choose("notify_when_back", code=code, options=options or None, quantity=line.quantity if line else None)


def _line(heard: Hearing) -> OrderLine | None:
    """What the message names; a word that only sounds like an article is none beside what was just talked of."""
    line = heard.lines[0] if heard.lines else None
    faint = line is not None and line.alternatives and line.score < OWN_NAME and heard.memory.one
    return None if faint else line


def _gone(heard: Hearing, code: str, said: Mapping[str, str]) -> dict[str, str]:
    """The size and colour to wait for: as said now or before, else the only one that is out of stock."""
    if said:
        return dict(said)
    before = heard.options_said(code)
    if before and not heard.free(code, before):
        return before
    variants = heard.brief.products[code].variants
    out = [variant.options for variant in variants if not heard.brief.stock.get(variant.id, 0)]
    return dict(out[0]) if len(out) == 1 and not before else before
