"""What a request to the Send API must look like: fields, types and limits of ``POST /{account}/messages``.

Pure: nothing here knows an account or a person. What differs between the platforms is in ``Limits``. Fields that are
not known here are refused. Every function raises ``Refused``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from griot.channels.simulator.social.errors import Refused, wrong

MEGABYTE = 1024 * 1024
LINK = re.compile(r"https?://[^\s/]+\S*")
EMPTY = 2018034
ACTIONS = ("mark_seen", "typing_off", "typing_on")
CONTAINERS: Mapping[str, Callable[[bytes], bool]] = {  # of sound: by type, whether bytes are one
    **dict.fromkeys(("audio/m4a", "audio/mp4", "audio/x-m4a"), lambda data: data[4:8] == b"ftyp"),
    **dict.fromkeys(("audio/wav", "audio/x-wav"), lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE"),
    "audio/aac": lambda data: data[:1] == b"\xff" and data[1:2] >= b"\xf0",
}
AUDIO = frozenset(CONTAINERS)
IMAGE = frozenset({"image/gif", "image/jpeg", "image/png"})
VIDEO = frozenset({"video/mp4", "video/ogg", "video/quicktime", "video/webm", "video/x-msvideo"})
MEDIA = ("audio", "file", "image", "video")
LARGEST = {"audio": 25 * MEGABYTE, "file": 25 * MEGABYTE, "image": 8 * MEGABYTE, "video": 25 * MEGABYTE}
MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000
LONGEST_ELEMENT = 80
LONGEST_BUTTON_TEXT = 640


@dataclass(frozen=True, slots=True)
class Limits:
    """``size`` measures a text, which may be ``longest`` at most; ``unit`` is what it counts.

    ``types``: the files of each kind that may be uploaded; a kind without types takes any. ``typed``: whether
    ``messaging_type`` must be there. ``metadata``: whether a message may carry the sender's own words.
    """

    longest: int
    unit: str
    size: Callable[[str], int]
    types: Mapping[str, frozenset[str] | None]
    typed: bool
    metadata: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is well formed. Exactly one of ``person`` (a scoped id) and ``comment`` (an id) is there.

    Exactly one of ``message`` and ``action`` is there. ``human``: sent with the tag HUMAN_AGENT.
    """

    person: str | None = None
    comment: str | None = None
    message: dict[str, Any] | None = None
    action: str | None = None
    human: bool = False


def check_request(payload: Any, limits: Limits) -> Request:
    """Everything about a request that can be judged from it alone."""
    payload = _object(payload, "request", {"message", "messaging_type", "recipient", "sender_action", "tag"})
    person, comment = _recipient(payload.get("recipient"))
    if "sender_action" in payload:
        if payload.keys() - {"recipient", "sender_action"}:
            raise wrong("Cannot send both message and state at the same time.")
        action = payload["sender_action"]
        if action not in ACTIONS or person is None:
            raise wrong(f"Param sender_action must be one of {{{', '.join(ACTIONS)}}}, for a person")
        return Request(person, action=action)
    human = _tag(payload, limits)
    if "message" not in payload:
        raise Refused(100, EMPTY)
    message = check_message(payload["message"], limits)
    if comment is not None and ("text" not in message or "quick_replies" in message):
        raise wrong("A private reply is a text")
    return Request(person, comment, message, human=human)


def check_message(message: Any, limits: Limits) -> dict[str, Any]:
    """The message of a request: a text, with quick replies or without, or an attachment."""
    known = {"attachment", "quick_replies", "text"} | ({"metadata"} if limits.metadata else set())
    checked = _object(message, "message", known)
    text, attachment = checked.get("text"), checked.get("attachment")
    if (not text and attachment is None) or (text is not None and attachment is not None):
        raise Refused(100, EMPTY)
    if attachment is not None:
        _attachment(attachment)
    elif not isinstance(text, str):
        raise wrong("Param message[text] must be a string")
    elif limits.size(text) > limits.longest:
        raise wrong(f"Length of param message[text] must be less than or equal to {limits.longest} {limits.unit}")
    if "quick_replies" in checked:
        _quick_replies(checked)
    if "metadata" in checked:
        _string(checked, "metadata", "message", LONGEST_PAYLOAD)
    return checked


def upload_kind(message: Any) -> str:
    """As what a file is uploaded, by the ``message`` of the form: JSON with a reusable attachment."""
    try:
        attachment = orjson.loads(str(message))["attachment"]
        kind, reusable = attachment["type"], attachment.get("payload", {}).get("is_reusable")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise wrong("Param message must be a JSON object with an attachment") from None
    if reusable not in (True, "true"):
        raise wrong("Param message[attachment][payload][is_reusable] must be true")
    return str(kind)


def check_upload(kind: str, mime_type: str, size: int, limits: Limits) -> None:
    """Raises ``Refused`` for a file that is not of its kind, or too big."""
    types = limits.types.get(kind)
    if kind not in limits.types or (types is not None and mime_type.partition(";")[0].strip().lower() not in types):
        raise wrong(f"Upload attachment failure: {mime_type!r} is not supported as {kind}.")
    if not 0 < size <= LARGEST[kind]:
        raise wrong(f"Upload attachment failure: a file of kind {kind} has between 1 and {LARGEST[kind]} bytes.")


def check_content(kind: str, mime_type: str, data: bytes) -> None:
    """Raises ``Refused`` for sound that is not in the container that its type names: it would not be played."""
    plain = mime_type.partition(";")[0].strip().lower()
    if kind == "audio" and not CONTAINERS[plain](data):
        raise wrong(f"Upload attachment failure: the file is not {plain}.")


def media_of(message: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Kind and payload of the file in a message, if it has one."""
    attachment = message.get("attachment")
    if attachment is None or attachment["type"] == "template":
        return None
    return attachment["type"], attachment["payload"]


def _object(value: Any, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong(f"Param {what} must be a JSON object")
    unknown = value.keys() - known
    if unknown:
        raise wrong(f'Invalid keys "{", ".join(sorted(map(str, unknown)))}" were found in param "{what}".')
    return value


def _string(parent: dict[str, Any], name: str, what: str, limit: int) -> str:
    value = parent.get(name)
    if not isinstance(value, str) or not value:
        raise wrong(f"The parameter {what}[{name}] is required.")
    if len(value) > limit:
        raise wrong(f"Length of param {what}[{name}] must be less than or equal to {limit}")
    return value


def _list(parent: dict[str, Any], name: str, what: str, most: int) -> list[Any]:
    value = parent.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise wrong(f"Param {what}[{name}] must be an array of 1 to {most} elements")
    return value


def _link(parent: dict[str, Any], name: str, what: str) -> None:
    if not LINK.fullmatch(_string(parent, name, what, 2000)):
        raise wrong(f"Param {what}[{name}] is not a valid URL")


def _recipient(recipient: Any) -> tuple[str | None, str | None]:
    recipient = _object(recipient, "recipient", {"comment_id", "id"})
    if len(recipient) != 1:
        raise wrong("Param recipient must have exactly one of id and comment_id")
    [(name, value)] = recipient.items()
    if not isinstance(value, str) or not value:
        raise wrong(f"Param recipient[{name}] must be a string")
    return (value, None) if name == "id" else (None, value)


def _tag(payload: dict[str, Any], limits: Limits) -> bool:
    """Whether a human answers: the only tag that is left."""
    kind, tag = payload.get("messaging_type"), payload.get("tag")
    if kind is None and (limits.typed or tag is not None):
        raise wrong("The parameter messaging_type is required.")
    if kind not in (None, "MESSAGE_TAG", "RESPONSE", "UPDATE"):
        raise wrong("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    if (kind == "MESSAGE_TAG") != (tag is not None):
        raise wrong("Param tag goes with messaging_type MESSAGE_TAG, and only with it")
    if tag not in (None, "HUMAN_AGENT"):
        raise wrong("Param tag must be one of {HUMAN_AGENT}")
    return tag is not None


def _quick_replies(message: dict[str, Any]) -> None:
    if "text" not in message:
        raise wrong("Quick replies go with a text")
    for reply in _list(message, "quick_replies", "message", MOST_QUICK_REPLIES):
        reply = _object(reply, "quick_replies", {"content_type", "payload", "title"})
        if reply.get("content_type") != "text":
            raise wrong("Param quick_replies[content_type] must be one of {text}")
        _string(reply, "title", "quick_replies", LONGEST_TITLE)
        _string(reply, "payload", "quick_replies", LONGEST_PAYLOAD)


def _attachment(attachment: Any) -> None:
    attachment = _object(attachment, "message[attachment]", {"payload", "type"})
    kind = attachment.get("type")
    if kind == "template":
        _template(attachment.get("payload"))
    elif kind in MEDIA:
        payload = _object(attachment.get("payload"), "payload", {"attachment_id", "is_reusable", "url"})
        if ("url" in payload) == ("attachment_id" in payload):
            raise wrong("Param payload must have exactly one of url and attachment_id")
        if not isinstance(payload.get("is_reusable", False), bool):
            raise wrong("Param payload[is_reusable] must be a boolean")
        if "url" in payload:
            _link(payload, "url", "payload")
        else:
            _string(payload, "attachment_id", "payload", 64)
    else:
        raise wrong(f"Param message[attachment][type] must be one of {{{', '.join(MEDIA)}, template}}")


def _template(payload: Any) -> None:
    kind = payload.get("template_type") if isinstance(payload, dict) else None
    if kind == "button":
        _object(payload, "payload", {"buttons", "template_type", "text"})
        _string(payload, "text", "payload", LONGEST_BUTTON_TEXT)
        _buttons(payload, "payload")
    elif kind == "generic":
        _object(payload, "payload", {"elements", "template_type"})
        for element in _list(payload, "elements", "payload", 10):
            _element(element)
    else:
        raise wrong("Param payload[template_type] must be one of {button, generic}")


def _element(element: Any) -> None:
    known = {"buttons", "default_action", "image_url", "subtitle", "title"}
    element = _object(element, "elements", known)
    _string(element, "title", "elements", LONGEST_ELEMENT)
    if len(element) == 1:
        raise wrong("An element needs at least one property besides its title")
    if "subtitle" in element:
        _string(element, "subtitle", "elements", LONGEST_ELEMENT)
    if "image_url" in element:
        _link(element, "image_url", "elements")
    if "default_action" in element:
        action = _object(element["default_action"], "default_action", {"type", "url"})
        if action.get("type") != "web_url":
            raise wrong("Param default_action[type] must be one of {web_url}")
        _link(action, "url", "default_action")
    if "buttons" in element:
        _buttons(element, "elements")


def _buttons(parent: dict[str, Any], what: str) -> None:
    for button in _list(parent, "buttons", what, 3):
        kind = button.get("type") if isinstance(button, dict) else None
        if kind == "web_url":
            _link(_object(button, "buttons", {"title", "type", "url"}), "url", "buttons")
        elif kind == "postback":
            _string(_object(button, "buttons", {"payload", "title", "type"}), "payload", "buttons", LONGEST_PAYLOAD)
        else:
            raise wrong("Param buttons[type] must be one of {postback, web_url}")
        _string(button, "title", "buttons", LONGEST_TITLE)
