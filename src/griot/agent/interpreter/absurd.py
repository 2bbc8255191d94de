"""Numbers that nobody means: asked back, never carried out."""

import re

from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import pieces

_MOST = 99_999  # pieces that a message may count
_POWER = re.compile(r"(?<![\w.,-])\d+(\^|e)\+?\d+(?![\w])", re.I)
_HALF = re.compile(
    r"(?<![\w])(un demi|une demi|demi|demie|half an?|half of an?|la moitie d'une?|la moitié d'une?|antsasa\w*)[\s-]+$",
    re.I,
)
_NEAR = 14  # characters between a number and the name that it counts: "de sacs", "of bags"


def number(heard: Hearing) -> Choices | None:
    """More pieces than there are anywhere, or half of one: how many is asked."""
    code = _named_after(heard)
    return choose("clarify", question="quantity", codes=[code]) if code else None


def _named_after(heard: Hearing) -> str | None:
    """The article that such a number counts: it stands right before the name, or before the rest of it."""
    found = pieces(heard.text)
    ends = [found[figure.last - 1].end for figure in figures_in(found) if figure.value > _MOST]
    ends += [power.end() for power in _POWER.finditer(heard.text)]
    for mention in heard.mentions:
        if any(mention.start <= end + _NEAR and end < mention.end for end in ends):
            return mention.code
        if _HALF.search(heard.text[: mention.start]):
            return mention.code
    return None
