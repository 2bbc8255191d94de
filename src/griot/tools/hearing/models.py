"""A voice note on its way from sound to words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note that this process listens to now.

    ``payload``: of the message, with the ``media_id`` and ``sha256`` of the channel. ``content``: the sound, when an
    earlier attempt got that far. ``tries``: this one included. ``language``: of the thread, when known.
    """

    message_id: int
    conversation_id: int
    channel: str
    account: str
    access_token: bytes
    payload: dict[str, Any]
    content: bytes | None
    tries: int
    language: str | None
