"""What a person's actions have in common on every platform: a choice that is tapped, a file that is sent."""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from griot.channels.model import Choice
from griot.channels.simulator.model import Shown
from griot.core.errors import InvalidInput, NotFound


def find_choice(messages: Iterable[Shown], wanted: str) -> tuple[Shown, Choice]:
    """The latest of some messages with such a choice: one to tap, else one that is numbered in its text.

    It is known by its very id or title, else by a part of its title ("💳 PAYER"). Raises ``NotFound``.
    """
    latest = list(messages)[::-1]
    name = wanted.casefold()
    tappable = [(message, choice) for message in latest for choice in message.choices]
    numbered = [(message, choice) for message in latest for choice in message.numbered]
    for offered in (tappable, numbered):
        for message, choice in offered:
            if wanted == choice.id or name == choice.title.casefold():
                return message, choice
        for message, choice in offered:
            if name in choice.title.casefold():
                return message, choice
    titles = ", ".join(dict.fromkeys(choice.title for _, choice in tappable + numbered)) or "nothing"
    raise NotFound(f"There is no {wanted!r} to tap on this phone; on offer: {titles}.")


def file_bytes(data: Any) -> bytes:
    """A file comes as bytes from this process, as base64 over HTTP. Raises ``InvalidInput``."""
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise InvalidInput("The data of a media message must be base64.") from None
