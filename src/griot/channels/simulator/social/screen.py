"""How Instagram and Messenger show a message on a phone."""

from typing import Any

from griot.channels.model import Choice
from griot.channels.simulator.model import Screen, first_link
from griot.channels.simulator.social.rules import media_of


def screen(message: dict[str, Any]) -> Screen:
    """``message`` as in the request: a text with its quick replies, a file, or a template."""
    if "text" in message:
        replies = message.get("quick_replies", ())
        choices = tuple(Choice(reply["payload"], reply["title"]) for reply in replies)
        return Screen("text", message["text"], choices, first_link(message["text"]))
    media = media_of(message)
    if media is None:
        return _template(message["attachment"]["payload"])
    kind, payload = media
    where = {"link": payload["url"]} if "url" in payload else {"id": payload["attachment_id"]}
    return Screen(kind, media={"kind": kind, **where})


def _template(payload: dict[str, Any]) -> Screen:
    """Cards are read one after the other."""
    elements = payload.get("elements", [payload])
    lines = [element[name] for element in elements for name in ("text", "title", "subtitle") if name in element]
    buttons = [button for element in elements for button in element.get("buttons", ())]
    choices = tuple(Choice(button["payload"], button["title"]) for button in buttons if button["type"] == "postback")
    actions = [element["default_action"] for element in elements if "default_action" in element]
    links = [button["url"] for button in (*buttons, *actions) if button["type"] == "web_url"]
    pictures = [element["image_url"] for element in elements if "image_url" in element]
    media = {"kind": "image", "link": pictures[0]} if pictures else None
    text = "\n".join(lines)
    return Screen("template", text, choices, links[0] if links else first_link(text), media)
