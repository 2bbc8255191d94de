"""WhatsApp webhook bodies composed from the documented shapes."""

from typing import Any

SHOP = "106540000000001"  # phone_number_id
SHOP_PHONE = "221330000001"
AWA = {"profile": {"name": "Awa"}, "wa_id": "221770000001", "user_id": "SN.1001"}


def body(*changes: dict[str, Any]) -> dict[str, Any]:
    entry = {"id": "900000000000001", "time": 1771185600, "changes": list(changes)}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def change(field: str = "messages", /, **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": SHOP_PHONE, "phone_number_id": SHOP}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def message(kind: str = "text", /, **parts: Any) -> dict[str, Any]:
    base = {"id": "wamid.1", "from": "221770000001", "timestamp": "1771185610", "type": kind}
    return {**base, **({"text": {"body": "ROBE1"}} if kind == "text" and not parts.get("text") else {}), **parts}


def status(word: str = "delivered", /, **parts: Any) -> dict[str, Any]:
    return {"id": "wamid.9", "status": word, "timestamp": "1771185620", "recipient_id": "221770000001", **parts}


def received(*messages: Any, contacts: Any = (AWA,)) -> dict[str, Any]:
    """The body of incoming messages, with Awa as their contact."""
    return body(change(contacts=list(contacts), messages=list(messages)))
