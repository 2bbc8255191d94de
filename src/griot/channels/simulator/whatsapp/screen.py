"""How WhatsApp shows a message on a phone."""

from typing import Any

from griot.channels.model import Choice
from griot.channels.simulator.model import Screen, first_link
from griot.channels.simulator.whatsapp.rules import MEDIA_TYPES


def screen(content: dict[str, Any]) -> Screen:
    """``content`` is the send request; of a template also ``rendered`` (its text) and ``quick_replies``."""
    kind = str(content.get("type", "text"))
    part = content.get(kind) or {}
    match kind:
        case "interactive":
            return _interactive(part)
        case "template":
            choices = tuple(Choice(payload, title) for payload, title in content["quick_replies"])
            return Screen(kind, content["rendered"], choices, first_link(content["rendered"]))
        case "text":
            return Screen(kind, part["body"], link=first_link(part["body"]))
        case "contacts":
            return Screen(kind)
    text = str(part.get("caption") or part.get("emoji") or "")
    media = {"kind": kind, **part} if kind in MEDIA_TYPES else None
    return Screen(kind, text, link=first_link(text), media=media)


def _interactive(part: dict[str, Any]) -> Screen:
    pieces = (part.get(name) or {} for name in ("header", "body", "footer"))
    text = "\n".join(str(piece["text"]) for piece in pieces if piece.get("text"))
    action = part["action"]
    link = str(action["parameters"]["url"]) if part["type"] == "cta_url" else first_link(text)
    header = part.get("header") or {}
    kind = header.get("type", "text")
    media = None if kind == "text" else {"kind": kind, **header[kind]}
    return Screen("interactive", text, _choices(part["type"], action), link, media)


def _choices(kind: str, action: dict[str, Any]) -> tuple[Choice, ...]:
    if kind == "list":
        rows = (row for section in action["sections"] for row in section["rows"])
        return tuple(Choice(row["id"], row["title"], row.get("description") or None) for row in rows)
    return tuple(Choice(button["reply"]["id"], button["reply"]["title"]) for button in action.get("buttons", ()))
