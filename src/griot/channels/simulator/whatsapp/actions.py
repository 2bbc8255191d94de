"""What a person does with a phone, turned into the message WhatsApp would deliver.

An action is a JSON object with one of these keys, and optionally ``reply_to`` (the id of a message to answer):

- ``{"text": "ROBE1"}``
- ``{"tap": "PAYER"}``: id or title of a button or list row; the latest message that has it is meant
- ``{"media": {"kind": "image", "mime_type": …, "data": <base64>, "caption"?, "filename"?, "voice"?}}``
- ``{"form": {"address": …}}``: fills the form (Flow) of the latest message that has one
- ``{"location": {"latitude": …, "longitude": …, "name"?, "address"?}}``
- ``{"reaction": {"message_id": …, "emoji"?}}``
- ``{"type": …, "content": …, "extra"?}``: anything else, as in Meta's webhook
"""

import base64
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from griot.channels.model import Choice
from griot.channels.simulator.gestures import file_bytes, find_choice
from griot.channels.simulator.model import File, Shown
from griot.core.errors import InvalidInput, NotFound

MEDIA_KINDS = ("audio", "document", "image", "sticker", "video")
Keep = Callable[[bytes, str], tuple[File, str]]


class Message(NamedTuple):
    """What the person sends: type and content as in the webhook, and the id of the message it answers."""

    kind: str
    content: Any
    answers: str | None = None


def message(shown: Sequence[Shown], action: dict[str, Any], keep: Keep) -> Message:
    """The message that an action sends, on a phone that has ``shown`` these.

    ``keep`` takes the bytes and the type of a file, and gives it back with its address. Raises ``InvalidInput`` and
    ``NotFound``.
    """
    answers = action.get("reply_to") or None
    match action:
        case {"text": str(body)}:
            return Message("text", {"body": body}, answers)
        case {"tap": str(wanted)}:
            return _tapped(*find_choice(shown, wanted))
        case {"form": dict(values)}:
            return _filled(_form(shown), values)
        case {"media": dict(media)}:
            return Message(*_media(media, keep), answers)
        case {"location": dict(place)}:
            return Message("location", place, answers)
        case {"reaction": dict(reaction)}:
            return Message("reaction", reaction, answers)
        case {"type": str(kind), "content": content}:
            return Message(kind, content, answers)
    raise InvalidInput("An action has one of: text, tap, media, form, location, reaction, or type with content.")


def _tapped(shown: Shown, choice: Choice) -> Message:
    if choice not in shown.choices:
        return Message("text", {"body": choice.id})
    if shown.type == "template":
        return Message("button", {"payload": choice.id, "text": choice.title}, shown.id)
    reply: dict[str, Any] = {"id": choice.id, "title": choice.title}
    if shown.content["interactive"]["type"] == "list":
        described = {"description": choice.description} if choice.description else {}
        return Message("interactive", {"type": "list_reply", "list_reply": {**reply, **described}}, shown.id)
    return Message("interactive", {"type": "button_reply", "button_reply": reply}, shown.id)


def _form(shown: Sequence[Shown]) -> Shown:
    for message in reversed(shown):
        if message.type == "interactive" and message.content["interactive"]["type"] == "flow":
            return message
    raise NotFound("There is no form on this phone to fill in.")


def _filled(shown: Shown, values: dict[str, Any]) -> Message:
    token = shown.content["interactive"]["action"]["parameters"].get("flow_token", "unused")
    answer = orjson.dumps({**values, "flow_token": token}).decode()
    reply = {"name": "flow", "body": "Sent", "response_json": answer}
    return Message("interactive", {"type": "nfm_reply", "nfm_reply": reply}, shown.id)


def _media(media: dict[str, Any], keep: Keep) -> tuple[str, dict[str, Any]]:
    kind = media.get("kind")
    if kind not in MEDIA_KINDS:
        raise InvalidInput(f"The kind of a media message is one of {', '.join(MEDIA_KINDS)}.")
    mime_type = str(media.get("mime_type", "application/octet-stream"))
    file, url = keep(file_bytes(media.get("data")), mime_type)
    content: dict[str, Any] = {
        "id": file.id,
        "mime_type": mime_type,
        "sha256": base64.b64encode(file.digest).decode(),
        "url": url,
    }
    if kind == "audio":
        content["voice"] = bool(media.get("voice", False))
    for name in ("caption", "filename"):
        if media.get(name):
            content[name] = media[name]
    return kind, content
