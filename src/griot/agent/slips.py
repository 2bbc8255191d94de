"""Messages too short to think about: a lone number, a code that does not exist, an emoji, a slip of the thumb."""

import re
from dataclasses import dataclass
from typing import Literal

from griot.agent.models import Scene
from griot.agent.reading import Reading

_CODE = re.compile(r"\W*([^\W\d_]{2,12})[ .-]?\d{1,4}\W*")
_NUMBER = re.compile(
    r"[^\w+]*(\+?)(?:x|ok|juste|just|only)?\s*(\d{1,3})\s*(?:svp|stp|pls|please|azafady|merci)?\W*", re.I
)
_SHORT = 15  # characters of an answer that may be a slip of the thumb


@dataclass(frozen=True, slots=True)
class Slip:
    """``number``: how many pieces of what is held a lone number may mean."""

    kind: Literal["noise", "state", "number", "code", "means"]
    number: int = 0


def slip(scene: Scene, reading: Reading) -> Slip | None:
    """What the message is when it is none that needs thinking; the burst has to be one message with words."""
    if reading.certain or len(scene.thread.messages) != 1:
        return None
    words = scene.thread.messages[0].text
    if not words:
        return None
    if not any(letter.isalnum() for letter in words):
        return Slip("state" if "?" in words else "noise")
    open_orders = [order for order in scene.orders if order.open and not order.overdue(scene.now)]
    draft = next((order for order in open_orders if order.status == "reserved"), None)
    if (number := _NUMBER.fullmatch(words)) and draft and len(draft.lines) == 1 and int(number[2]) > 0:
        return Slip("number", int(number[2]) + (draft.lines[0].quantity if number[1] else 0))
    if (code := _CODE.fullmatch(words)) and (words[code.end(1)].isdigit() or _sells(scene, code[1])):
        return Slip("code")
    asked = scene.thread.asked or {}
    known = any(order.id == asked.get("order") for order in open_orders)
    if known and asked.get("kind") == "means" and len(words) <= _SHORT and not asked.get("repeated"):
        return Slip("means")
    return None


def _sells(scene: Scene, word: str) -> bool:
    """Does a code of the shop begin with this word?"""
    return any(code.rstrip("0123456789") == word.upper() for code in scene.catalogue.products)
