"""What WhatsApp messages are made of: their ids, and the approved templates."""

import base64
import itertools
import re
import secrets
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{\{(\d+)\}\}")


class MessageIds:
    """WhatsApp message ids: base64 of a small binary frame around the phone number and a random key."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(5).upper()
        self._count = itertools.count(1)

    def new(self, number: str, *, inbound: bool) -> str:
        key = f"{self._run}{next(self._count):010X}".encode()
        direction = b"\x15\x02\x00\x12\x18" if inbound else b"\x15\x02\x00\x11\x18"
        digits = number.encode()
        frame = b"\x1c\x18" + bytes([len(digits)]) + digits + direction + bytes([len(key)]) + key + b"\x00"
        return "wamid." + base64.b64encode(frame).decode()


@dataclass(frozen=True, slots=True)
class Template:
    """An approved message template. ``body`` holds ``{{1}}``…; ``buttons`` are titles of quick replies.

    ``category``: utility, marketing or authentication (the last one cannot be sent to a user id).
    """

    name: str
    language: str
    body: str = ""
    category: str = "utility"
    buttons: tuple[str, ...] = ()

    @property
    def parameters(self) -> int:
        return max((int(number) for number in PLACEHOLDER.findall(self.body)), default=0)

    def render(self, values: list[str]) -> str:
        return PLACEHOLDER.sub(lambda found: values[int(found[1]) - 1], self.body)
