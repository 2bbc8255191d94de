"""What a send request must look like: fields, types and limits of ``POST /{phone_number_id}/messages``.

Pure: nothing here knows an account or a person. Every function raises ``Refused`` with Meta's code and wording where
the wording is known (docs/reference/simulator.md). Lengths are counted in Unicode code points.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from griot.channels.simulator.whatsapp.errors import Refused, invalid, missing, wrong

TYPES = (
    "audio",
    "contacts",
    "document",
    "image",
    "interactive",
    "location",
    "reaction",
    "sticker",
    "template",
    "text",
    "video",
)
MEDIA_TYPES = frozenset({"audio", "document", "image", "sticker", "video"})
CAPTIONED = frozenset({"document", "image", "video"})
LINK = re.compile(r"https?://[^\s/]+\S*")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
PHONE = re.compile(r"\+?[1-9]\d{6,14}")
PHONE_DECORATION = str.maketrans("", "", " -().")
MALFORMED_PHONE = "The phone number is malformed: Please use the format: +1234567890."


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a message is for. ``phone`` keeps its '+' when it had one."""

    written: str
    phone: str | None = None
    user_id: str | None = None


def check_product(payload: Any) -> dict[str, Any]:
    """The outermost object of every request."""
    if not isinstance(payload, dict):
        raise Refused(100, "The request body must be a JSON object.")
    _one_of("messaging_product", payload.get("messaging_product"), "whatsapp")
    return payload


def check_message(payload: dict[str, Any]) -> Address:
    """Everything about a message that can be judged from the request alone."""
    _one_of("recipient_type", payload.get("recipient_type", "individual"), "individual")
    address = _address(payload)
    kind = _one_of("type", payload.get("type", "text"), *TYPES)
    content = payload.get(kind)
    if content is None:
        raise missing(kind)
    if kind != "contacts" and not isinstance(content, dict):
        raise wrong(f"Param {kind} must be a JSON object.")
    if payload.get("biz_opaque_callback_data") is not None:
        _string(payload, "biz_opaque_callback_data", "biz_opaque_callback_data", 512)
    if payload.get("context") is not None:
        _string(_object(payload, "context", "context"), "message_id", "context['message_id']", 512)
    _CHECKS[kind](kind, content)
    return address


def check_read(payload: dict[str, Any]) -> str:
    """The inbound message id of a mark-as-read (or typing) request."""
    _one_of("status", payload["status"], "read")
    if payload.get("typing_indicator") is not None:
        typing = _object(payload, "typing_indicator", "typing_indicator")
        _one_of("typing_indicator['type']", typing.get("type"), "text")
    return _string(payload, "message_id", "message_id", 512)


def _address(payload: dict[str, Any]) -> Address:
    to, recipient = payload.get("to"), payload.get("recipient")
    if to:
        phone = str(to).translate(PHONE_DECORATION)
        if not isinstance(to, str) or not PHONE.fullmatch(phone):
            raise invalid(MALFORMED_PHONE)
        return Address(to, phone=phone)
    if not recipient:
        raise missing("to")
    if not isinstance(recipient, str) or not USER_ID.fullmatch(recipient):
        raise invalid("The recipient is not a valid business-scoped user ID.")
    return Address(recipient, user_id=recipient)


def _one_of(path: str, value: Any, *allowed: str) -> str:
    if value is None:
        raise missing(path)
    if value not in allowed:
        raise wrong(f'Param {path} must be one of {{{", ".join(allowed).upper()}}} - got "{value}".')
    return str(value)


def _string(parent: dict[str, Any], name: str, path: str, limit: int) -> str:
    value = parent.get(name)
    if value is None or value == "":
        raise missing(path)
    if not isinstance(value, str):
        raise wrong(f"Param {path} must be a string.")
    if len(value) > limit:
        raise wrong(f"Param {path} must be at most {limit} characters long.")
    return value


def _object(parent: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    value = parent.get(name)
    if value is None:
        raise missing(path)
    if not isinstance(value, dict):
        raise wrong(f"Param {path} must be a JSON object.")
    return value


def _list(parent: dict[str, Any], name: str, path: str) -> list[dict[str, Any]]:
    value = parent.get(name)
    if value is None:
        raise missing(path)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise wrong(f"Param {path} must be an array of JSON objects.")
    return value


def _text(_kind: str, content: dict[str, Any]) -> None:
    _string(content, "body", "text['body']", 4096)
    if not isinstance(content.get("preview_url", False), bool):
        raise wrong("Param text['preview_url'] must be a boolean.")


def _media(kind: str, content: dict[str, Any]) -> None:
    media_id, link = content.get("id"), content.get("link")
    if bool(media_id) == bool(link):
        raise wrong(f"Param {kind} must have exactly one of 'id' and 'link'.")
    if link and not (isinstance(link, str) and LINK.fullmatch(link)):
        raise wrong(f"Param {kind}['link'] is not a valid URL.")
    if "caption" in content:
        if kind not in CAPTIONED:
            raise wrong(f'Unexpected key "caption" on param "{kind}".')
        if content["caption"]:
            _string(content, "caption", f"{kind}['caption']", 1024)
    if "filename" in content and kind != "document":
        raise wrong(f'Unexpected key "filename" on param "{kind}".')
    if "voice" in content and (kind != "audio" or not isinstance(content["voice"], bool)):
        raise wrong(f"Param {kind}['voice'] must be a boolean of an audio message.")


def _location(_kind: str, content: dict[str, Any]) -> None:
    for name in ("latitude", "longitude"):
        if name not in content:
            raise missing(f"location['{name}']")
        try:
            float(content[name])
        except (TypeError, ValueError):
            raise wrong(f"Param location['{name}'] must be a number.") from None


def _contacts(_kind: str, content: Any) -> None:
    for index, contact in enumerate(_list({"contacts": content}, "contacts", "contacts")):
        name = _object(contact, "name", f"contacts[{index}]['name']")
        _string(name, "formatted_name", f"contacts[{index}]['name']['formatted_name']", 1024)


def _reaction(_kind: str, content: dict[str, Any]) -> None:
    _string(content, "message_id", "reaction['message_id']", 512)
    if not isinstance(content.get("emoji"), str):
        raise missing("reaction['emoji']")


def _template(_kind: str, content: dict[str, Any]) -> None:
    _string(content, "name", "template['name']", 512)
    _string(_object(content, "language", "template['language']"), "code", "template['language']['code']", 16)
    for index, component in enumerate(_list({"components": content.get("components", [])}, "components", "components")):
        path = f"template['components'][{index}]"
        _one_of(f"{path}['type']", component.get("type"), "header", "body", "button")
        for number, parameter in enumerate(_list(component, "parameters", f"{path}['parameters']")):
            _string(parameter, "type", f"{path}['parameters'][{number}]['type']", 64)


def _interactive(_kind: str, content: dict[str, Any]) -> None:
    kind = _one_of("interactive['type']", content.get("type"), *_ACTIONS)
    action = _object(content, "action", "interactive['action']")
    if kind != "product":
        _section_text(content, "body", 4096 if kind == "list" else 1024)
    if content.get("footer") is not None:
        _section_text(content, "footer", 60)
    _header(kind, content)
    _ACTIONS[kind](action)


def _section_text(content: dict[str, Any], name: str, limit: int) -> None:
    text = _object(content, name, f"interactive['{name}']").get("text")
    if not isinstance(text, str):
        raise missing(f"interactive['{name}']['text']")
    _length(name.capitalize() + " text", text, 1, limit)


def _header(kind: str, content: dict[str, Any]) -> None:
    if content.get("header") is None:
        if kind == "product_list":
            raise missing("interactive['header']")
        return
    header = _object(content, "header", "interactive['header']")
    allowed = ("text",) if kind in {"list", "product_list"} else ("text", "image", "video", "document")
    form = _one_of("interactive['header']['type']", header.get("type"), *allowed)
    if form == "text":
        _length("Header text", str(header.get("text", "")), 1, 60)
    else:
        _media(form, _object(header, form, f"interactive['header']['{form}']"))


def _length(what: str, value: str, shortest: int, longest: int) -> None:
    if not shortest <= len(value) <= longest:
        raise invalid(f"{what} length invalid. Min length: {shortest}, Max length: {longest}")


def _distinct(what: str, values: Sequence[str]) -> None:
    if len(set(values)) != len(values):
        raise invalid(f"{what} must be unique")


def _buttons(action: dict[str, Any]) -> None:
    buttons = _list(action, "buttons", "interactive['action']['buttons']")
    if not 1 <= len(buttons) <= 3:
        raise invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    ids, titles = [], []
    for index, button in enumerate(buttons):
        path = f"interactive['action']['buttons'][{index}]"
        _one_of(f"{path}['type']", button.get("type"), "reply")
        reply = _object(button, "reply", f"{path}['reply']")
        ids.append(_string(reply, "id", f"{path}['reply']['id']", 256))
        title = reply.get("title")
        if not isinstance(title, str):
            raise missing(f"{path}['reply']['title']")
        _length("Button title", title, 1, 20)
        titles.append(title)
    _distinct("Buttons ids", ids)
    _distinct("Buttons titles", titles)


def _rows(action: dict[str, Any]) -> None:
    _length("Button text", str(action.get("button") or ""), 1, 20)
    sections = _sections(action)
    rows = [row for section in sections for row in _list(section, "rows", "interactive['action']['sections']['rows']")]
    if not rows:
        raise invalid("At least one row is required")
    if len(rows) > 10:
        raise invalid("Total row count exceed max allowed count: 10")
    for row in rows:
        _string(row, "id", "interactive['action']['sections']['rows']['id']", 200)
        title = _string(row, "title", "interactive['action']['sections']['rows']['title']", 4096)
        if len(title) > 24:
            raise invalid("Row title is too long. Max length is 24")
        if len(str(row.get("description") or "")) > 72:
            raise invalid("Row description is too long. Max length is 72")
    _distinct("Row ids", [row["id"] for row in rows])


def _sections(action: dict[str, Any]) -> list[dict[str, Any]]:
    sections = _list(action, "sections", "interactive['action']['sections']")
    if not 1 <= len(sections) <= 10:
        raise invalid("Invalid sections count. Min allowed sections: 1, Max allowed sections: 10")
    for section in sections:
        title = str(section.get("title") or "")
        if len(sections) > 1 and not title:
            raise invalid("Section title is required when there is more than one section")
        if len(title) > 24:
            raise invalid("Section title is too long. Max length is 24")
    return sections


def _cta_url(action: dict[str, Any]) -> None:
    _name(action, "cta_url")
    parameters = _object(action, "parameters", "interactive['action']['parameters']")
    _length("Display text", str(parameters.get("display_text") or ""), 1, 20)
    url = _string(parameters, "url", "interactive['action']['parameters']['url']", 2000)
    if not LINK.fullmatch(url):
        raise invalid("The URL of the button is not valid")


def _send_location(action: dict[str, Any]) -> None:
    _name(action, "send_location")


def _request_contact_info(action: dict[str, Any]) -> None:
    _name(action, "request_contact_info")


def _name(action: dict[str, Any], expected: str) -> None:
    _one_of("interactive['action']['name']", action.get("name"), expected)


def _flow(action: dict[str, Any]) -> None:
    _name(action, "flow")
    path = "interactive['action']['parameters']"
    parameters = _object(action, "parameters", path)
    _one_of(f"{path}['flow_message_version']", parameters.get("flow_message_version"), "3")
    if bool(parameters.get("flow_id")) == bool(parameters.get("flow_name")):
        raise invalid("Exactly one of flow_id and flow_name is required")
    _length("Flow cta", _string(parameters, "flow_cta", f"{path}['flow_cta']", 4096), 1, 20)
    how = _one_of(f"{path}['flow_action']", parameters.get("flow_action", "navigate"), "navigate", "data_exchange")
    if parameters.get("flow_action_payload") is not None:
        payload = _object(parameters, "flow_action_payload", f"{path}['flow_action_payload']")
        if how != "navigate" or not payload.get("data", True):
            raise invalid("flow_action_payload needs flow_action navigate, and data that is not empty")


def _catalogue(action: dict[str, Any]) -> None:
    _name(action, "catalog_message")


def _product(action: dict[str, Any]) -> None:
    for name in ("catalog_id", "product_retailer_id"):
        _string(action, name, f"interactive['action']['{name}']", 256)


def _products(action: dict[str, Any]) -> None:
    _string(action, "catalog_id", "interactive['action']['catalog_id']", 256)
    path = "interactive['action']['sections']['product_items']"
    count = sum(len(_list(section, "product_items", path)) for section in _sections(action))
    if not 1 <= count <= 30:
        raise invalid("Invalid products count. Min allowed products: 1, Max allowed products: 30")


_ACTIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    "button": _buttons,
    "list": _rows,
    "cta_url": _cta_url,
    "location_request_message": _send_location,
    "request_contact_info": _request_contact_info,
    "flow": _flow,
    "catalog_message": _catalogue,
    "product": _product,
    "product_list": _products,
}
_CHECKS: dict[str, Callable[[str, Any], None]] = {
    "text": _text,
    "interactive": _interactive,
    "template": _template,
    "reaction": _reaction,
    "location": _location,
    "contacts": _contacts,
    **dict.fromkeys(MEDIA_TYPES, _media),
}
