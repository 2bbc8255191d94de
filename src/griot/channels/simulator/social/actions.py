"""What a person does with a phone, turned into the events Instagram and Messenger would deliver.

An action is a JSON object with one of these keys; ``reply_to`` (the id of a message) goes with text and media:

- ``{"text": "je prends ROBE1"}``
- ``{"tap": "PAYER"}``: id or title of a quick reply or button; a choice that is only numbered in a text is answered by
  its number. Quick replies are there until the next message, in either direction
- ``{"media": {"kind": "image", "mime_type": …, "data": <base64>, "caption"?}}``: a caption is a message of its own
- ``{"location": {"latitude": …, "longitude": …}}``: Messenger only
- ``{"reaction": {"message_id": …, "emoji": …}}``: an empty emoji takes it back
- ``{"share": {"type": "story_mention", "url": …}}``: share, ig_post, reel, story_mention, …; with ``data`` and
  ``mime_type`` instead of ``url`` it is a file whose address expires
- ``{"story_reply": "…", "story": {"id": …, "url": …}}``
- ``{"edit": {"message_id": …, "text": …}}``, ``{"unsend": <message id>}`` (Instagram only)
- ``{"type": …, "content": …, "extra"?}``: anything else, as in Meta's webhook
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from griot.channels.simulator.accounts import Thread
from griot.channels.simulator.gestures import file_bytes, find_choice
from griot.channels.simulator.model import Shown
from griot.core.errors import InvalidInput

Keep = Callable[[bytes, str], str]
KINDS = {"audio": "audio", "document": "file", "image": "image", "video": "video"}
REACTIONS = {
    "❤": "love",
    "❤️": "love",
    "😍": "love",
    "😆": "smile",
    "😮": "wow",
    "😢": "sad",
    "😠": "angry",
    "👍": "like",
}


class Event(NamedTuple):
    """What is sent: message, postback, reaction, … A content without ``mid`` gets a new one where it is ``said``."""

    name: str
    content: dict[str, Any]

    @property
    def said(self) -> bool:
        """Whether the person writes to the account with it, which opens the window."""
        return self.name in {"message", "postback"} and "mid" not in self.content


def events(thread: Thread, action: dict[str, Any], keep: Keep) -> list[Event]:
    """The events of an action; ``keep`` takes the bytes and type of a file and gives its address.

    Raises ``InvalidInput`` and ``NotFound``.
    """
    answer = {"reply_to": {"mid": action["reply_to"]}} if action.get("reply_to") else {}
    match action:
        case {"text": str(text)}:
            return [Event("message", {"text": text, **answer})]
        case {"tap": str(wanted)}:
            return [_tapped(thread, wanted)]
        case {"media": dict(media)}:
            return _media(media, keep, answer)
        case {"location": {"latitude": latitude, "longitude": longitude}}:
            coordinates = {"lat": latitude, "long": longitude}
            return [_attached("location", {"coordinates": coordinates})]
        case {"reaction": {"message_id": str(mid), **given}}:
            return [Event("reaction", _reaction(mid, str(given.get("emoji") or "")))]
        case {"share": {"type": str(kind)}}:
            return [_attached(kind, {"url": _address(action["share"], keep)})]
        case {"story_reply": str(text), "story": dict(story)}:
            return [Event("message", {"text": text, "reply_to": {"story": story}})]
        case {"edit": {"message_id": str(mid), "text": str(text)}}:
            return [Event("message_edit", {"mid": _own(thread, mid), "text": text, "num_edit": 1})]
        case {"unsend": str(mid)}:
            return [Event("message", {"mid": _own(thread, mid), "is_deleted": True})]
        case {"type": str(name), "content": dict(content)}:
            return [Event(name, content)]
    raise InvalidInput(
        "An action has one of: text, tap, media, location, reaction, share, story_reply, edit, unsend, comment, "
        "or type with content."
    )


def tappable(thread: Thread) -> Sequence[Shown]:
    """The messages on the phone, with the choices that are still there."""
    last = len(thread.shown)

    def gone(message: Shown) -> bool:
        return bool(message.choices) and message.type == "text" and (message.seq < last or thread.answered == last)

    return [replace(message, choices=()) if gone(message) else message for message in thread.shown]


def _tapped(thread: Thread, wanted: str) -> Event:
    shown, choice = find_choice(tappable(thread), wanted)
    if choice not in shown.choices:
        return Event("message", {"text": choice.id})
    if shown.type == "text":
        return Event("message", {"text": choice.title, "quick_reply": {"payload": choice.id}})
    return Event("postback", {"title": choice.title, "payload": choice.id})


def _media(media: dict[str, Any], keep: Keep, answer: dict[str, Any]) -> list[Event]:
    kind = KINDS.get(str(media.get("kind")))
    if kind is None:
        raise InvalidInput(f"The kind of a media message is one of {', '.join(KINDS)}.")
    sent = [_attached(kind, {"url": _address(media, keep)}, **answer)]
    return sent + ([Event("message", {"text": media["caption"]})] if media.get("caption") else [])


def _attached(kind: str, payload: dict[str, Any], **answer: Any) -> Event:
    return Event("message", {"attachments": [{"type": kind, "payload": payload}], **answer})


def _address(given: dict[str, Any], keep: Keep) -> str:
    if "url" in given:
        return str(given["url"])
    return keep(file_bytes(given.get("data")), str(given.get("mime_type", "application/octet-stream")))


def _reaction(mid: str, emoji: str) -> dict[str, Any]:
    if not emoji:
        return {"mid": mid, "action": "unreact"}
    return {"mid": mid, "action": "react", "reaction": REACTIONS.get(emoji, "other"), "emoji": emoji}


def _own(thread: Thread, mid: str) -> str:
    if mid not in thread.written:
        raise InvalidInput(f"{mid} is no message of this person.")
    return mid
