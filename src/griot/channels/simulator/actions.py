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
import binascii
from typing import Any

import orjson

from griot.channels.model import Choice
from griot.channels.simulator.accounts import Account, Thread
from griot.channels.simulator.model import Shown
from griot.channels.simulator.state import Simulator
from griot.core.errors import InvalidInput, NotFound

MEDIA_KINDS = ("audio", "document", "image", "sticker", "video")


def act(simulator: Simulator, phone_number_id: str, key: str, action: dict[str, Any]) -> str:
    """Carry out one action of a person. The id of the message it sent.

    Raises ``InvalidInput`` for an action that is none, ``NotFound`` when there is nothing to tap or fill in.
    """
    account = simulator.account(phone_number_id)
    thread = account.thread(simulator.person(key))
    kind, content, context = _message(simulator, account, thread, action)
    return simulator.write(phone_number_id, key, kind, content, context=context, extra=action.get("extra"))


def _message(
    simulator: Simulator, account: Account, thread: Thread, action: dict[str, Any]
) -> tuple[str, Any, dict[str, Any] | None]:
    context = _context(account, action["reply_to"]) if action.get("reply_to") else None
    match action:
        case {"text": str(body)}:
            return "text", {"body": body}, context
        case {"tap": str(wanted)}:
            message, choice = _choice(thread, wanted)
            return *_tapped(message, choice), _context(account, message.id)
        case {"form": dict(values)}:
            message = _form(thread)
            return "interactive", _filled(message, values), _context(account, message.id)
        case {"media": dict(media)}:
            return *_media(simulator, account, media), context
        case {"location": dict(place)}:
            return "location", place, context
        case {"reaction": dict(reaction)}:
            return "reaction", reaction, context
        case {"type": str(kind), "content": content}:
            return kind, content, context
    raise InvalidInput("An action has one of: text, tap, media, form, location, reaction, or type with content.")


def _context(account: Account, message_id: str) -> dict[str, Any]:
    return {"from": account.sender.display_phone_number, "id": message_id}


def _choice(thread: Thread, wanted: str) -> tuple[Shown, Choice]:
    """The latest message with such a choice: the very id or title, else a title that contains it ("💳 PAYER")."""
    name = wanted.casefold()
    latest = [(message, choice) for message in reversed(thread.shown) for choice in message.choices]
    for message, choice in latest:
        if wanted == choice.id or name == choice.title.casefold():
            return message, choice
    for message, choice in latest:
        if name in choice.title.casefold():
            return message, choice
    offered = ", ".join(dict.fromkeys(choice.title for _, choice in latest)) or "nothing"
    raise NotFound(f"There is no {wanted!r} to tap on this phone; on offer: {offered}.")


def _tapped(message: Shown, choice: Choice) -> tuple[str, dict[str, Any]]:
    if message.type == "template":
        return "button", {"payload": choice.id, "text": choice.title}
    reply: dict[str, Any] = {"id": choice.id, "title": choice.title}
    if message.content["interactive"]["type"] == "list":
        described = {"description": choice.description} if choice.description else {}
        return "interactive", {"type": "list_reply", "list_reply": {**reply, **described}}
    return "interactive", {"type": "button_reply", "button_reply": reply}


def _form(thread: Thread) -> Shown:
    for message in reversed(thread.shown):
        if message.type == "interactive" and message.content["interactive"]["type"] == "flow":
            return message
    raise NotFound("There is no form on this phone to fill in.")


def _filled(message: Shown, values: dict[str, Any]) -> dict[str, Any]:
    token = message.content["interactive"]["action"]["parameters"].get("flow_token", "unused")
    answer = orjson.dumps({**values, "flow_token": token}).decode()
    return {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": answer}}


def _media(simulator: Simulator, account: Account, media: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    kind = media.get("kind")
    if kind not in MEDIA_KINDS:
        raise InvalidInput(f"The kind of a media message is one of {', '.join(MEDIA_KINDS)}.")
    mime_type = str(media.get("mime_type", "application/octet-stream"))
    file = simulator.add_file(account, _bytes(media.get("data")), mime_type, received=True)
    content: dict[str, Any] = {
        "id": file.id,
        "mime_type": mime_type,
        "sha256": base64.b64encode(file.digest).decode(),
        "url": simulator.address(file),
    }
    if kind == "audio":
        content["voice"] = bool(media.get("voice", False))
    for name in ("caption", "filename"):
        if media.get(name):
            content[name] = media[name]
    return kind, content


def _bytes(data: Any) -> bytes:
    """A file comes as bytes from this process, as base64 over HTTP."""
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise InvalidInput("The data of a media message must be base64.") from None
