"""A place in the line for what is out of stock."""

from collections.abc import Mapping

from griot.agent.interpreter.asking import which
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing

_FAINT = 0.2


def notify(heard: Hearing) -> Choices | None:
    """A place in the line for what is out of stock; what is there is shown."""
    line = heard.lines[0] if heard.lines else None
    gone = [hit.key for hit in heard.hits if hit.score >= _FAINT and not _free(heard, hit.key)]
    code = line.code if line else next(iter((heard.memory.one, *gone, *heard.memory.focus)), None)
    code = code or next(iter((*gone, *heard.memory.focus)), None)
    if code is None:
        return None
    if line and len(line.alternatives) > 1:
        gone = [c for c in line.alternatives if not _free(heard, c)]
        if len(gone) != 1:
            return which(line.alternatives)
        code = gone[0]
    options = dict(line.options) if line else {}
    if _there(heard, code, options):
        return choose("show_products", codes=[code])
    return choose("notify_when_back", code=code, options=options or None, quantity=line.quantity if line else None)


def _there(heard: Hearing, code: str, options: Mapping[str, str]) -> bool:
    """Is there any of it? Who waits for what is there would be sold it at once."""
    variants = [v for v in heard.brief.products[code].variants if options.items() <= v.options.items()]
    return any(heard.brief.stock.get(variant.id, 0) for variant in variants)


def _free(heard: Hearing, code: str) -> int:
    return sum(heard.brief.stock.get(variant.id, 0) for variant in heard.brief.products[code].variants)
