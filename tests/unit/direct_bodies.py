"""Webhook bodies of Instagram and Messenger composed from the documented shapes."""

from typing import Any

SHOP = "17841400000000001"  # the account or page
AWA = "1254459154682919"  # an Instagram- or page-scoped id
AT = 1771185610000  # milliseconds


def body(*entries: dict[str, Any], object_: str = "instagram") -> dict[str, Any]:
    return {"object": object_, "entry": list(entries)}


def entry(*events: Any, of: str = "messaging") -> dict[str, Any]:
    return {"id": SHOP, "time": AT, of: list(events)}


def changes(*values: tuple[str, Any]) -> dict[str, Any]:
    listed = [{"field": field, "value": value} for field, value in values]
    return {"id": SHOP, "time": AT // 1000, "changes": listed}


def event(**parts: Any) -> dict[str, Any]:
    return {"sender": {"id": AWA}, "recipient": {"id": SHOP}, "timestamp": AT, **parts}


def message(text: str | None = "ROBE1", /, **parts: Any) -> dict[str, Any]:
    return event(message={"mid": "m_1", **({"text": text} if text else {}), **parts})


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    return message(None, attachments=[{"type": kind, "payload": payload}])


def echo(text: str = "Oui, il en reste", /, **parts: Any) -> dict[str, Any]:
    sides = {"sender": {"id": SHOP}, "recipient": {"id": AWA}, "timestamp": AT}
    return {**sides, "message": {"mid": "m_echo", "text": text, "is_echo": True, **parts}}


def comment(**parts: Any) -> dict[str, Any]:
    """A comment as Instagram tells of it."""
    media = {"id": "1790001", "media_product_type": "FEED"}
    return {"id": "1780001", "from": {"id": AWA, "username": "awa"}, "media": media, "text": "je prends ROBE1", **parts}


def feed(**parts: Any) -> dict[str, Any]:
    """A comment as a page's feed tells of it."""
    named = {"post_id": f"{SHOP}_1", "comment_id": "1_2", "from": {"id": AWA, "name": "Awa Ndiaye"}}
    return {
        "item": "comment",
        "verb": "add",
        **named,
        "message": "je prends ROBE1",
        "created_time": AT // 1000,
        **parts,
    }
