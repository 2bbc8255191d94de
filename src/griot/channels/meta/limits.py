"""What Instagram and Messenger accept in an outgoing message. Each has its own figures, in its own ``channel``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from griot.channels.texts import Reach
from griot.core.errors import InvalidInput

QUICK_REPLIES = 13
TITLE = 20  # characters of a quick reply or a button
PAYLOAD = 1000  # characters of what comes back
BUTTONS_TEXT = 640  # characters above the buttons of a template
CARD = 80  # characters of the title of a card, and of what is below it

MEGABYTE = 1024 * 1024
SOUND = dict.fromkeys(("audio/aac", "audio/mp4", "audio/wav", "audio/x-m4a", "audio/x-wav"), 25 * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Limits:
    """``reach`` measures ``text``. ``buttons`` and ``cards``: of a template, none when such a one is not used there.

    ``files``: the most bytes of a file, by type (``image/png``) or family (``image/*``); others cannot be sent.
    """

    name: str
    text: int
    reach: Reach
    buttons: int
    files: Mapping[str, int]
    cards: int = 0

    def fits(self, text: str) -> bool:
        return self.reach(text, self.text) == len(text)

    def check(self, message: dict[str, Any]) -> None:
        """Raise ``InvalidInput`` when the channel would not take this ``message`` as it is."""
        text = message.get("text")
        if text is None and "attachment" not in message:
            raise InvalidInput(f"A message on {self.name} needs a text or an attachment.")
        if text is not None and not (text.strip() and self.fits(text)):
            raise InvalidInput(f"A text on {self.name} is 1 to {self.text} {self.reach.__name__}.")
        replies = message.get("quick_replies", ())
        if len(replies) > QUICK_REPLIES:
            raise InvalidInput(f"{len(replies)} quick replies; {self.name} allows {QUICK_REPLIES}.")
        elements = _elements(message)
        if len(elements) > self.cards or any(
            len(element.get(name, "")) > CARD for element in elements for name in ("title", "subtitle")
        ):
            raise InvalidInput(f"{self.name} shows {self.cards} cards of {CARD} characters.")
        for button in (*replies, *_buttons(message)):
            if len(button.get("payload", "")) > PAYLOAD or len(button["title"]) > TITLE:
                raise InvalidInput(
                    f"A button on {self.name} has at most {TITLE} characters and a payload of {PAYLOAD}."
                )

    def check_file(self, mime_type: str, size: int) -> None:
        """Raise ``InvalidInput`` when a file is empty, too large, or of a type that the channel does not show."""
        plain = mime_type.partition(";")[0].strip().lower()
        limit = self.files.get(plain) or self.files.get(f"{plain.partition('/')[0]}/*")
        if limit is None:
            raise InvalidInput(f"{self.name} shows no files of type {plain}.")
        if not 0 < size <= limit:
            raise InvalidInput(f"The {plain} file has {size} bytes; {self.name} takes 1 to {limit}.")


def _elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    elements: list[dict[str, Any]] = message.get("attachment", {}).get("payload", {}).get("elements", [])
    return elements


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    payload = message.get("attachment", {}).get("payload", {})
    return [button for part in (payload, *_elements(message)) for button in part.get("buttons", [])]
