"""Who comes by a link or QR code of an article (``tools.shops.doors``) is shown it, as if they had asked about it.

Opening a link is not an order: nothing is held. On WhatsApp the code comes as words that the buyer sends.
"""

from typing import Any

from griot.agent.reading.codes import CodeIndex
from griot.knowledge.catalogue.codes import fold_code
from griot.tools.conversations.models import Message

_OPENED = ("system", "choice")  # a conversation opened by a link; the first one, by a button that says so


def opened_by_link(message: Message) -> bool:
    """Whether a buyer has opened the conversation by a link, which lets the shop write to them."""
    return message.kind == "system" and bool(_reference(message.payload))


def asked_about(message: Message, codes: CodeIndex) -> str | None:
    """The article that a buyer has come for, by its code; none: they came for something else, or by themselves."""
    if message.kind not in _OPENED:
        return None
    code = fold_code(_reference(message.payload) or _reference(message.payload.get("context")) or "")
    return code if code in codes else None


def _reference(payload: Any) -> str | None:
    referral = payload.get("referral") if isinstance(payload, dict) else None
    ref = referral.get("ref") if isinstance(referral, dict) else None
    return ref if isinstance(ref, str) and ref else None
