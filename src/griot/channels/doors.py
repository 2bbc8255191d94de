"""Addresses that open a conversation with an account and bring a reference along."""

import re
from urllib.parse import quote


def door(channel: str, account: str, display: str, ref: str, words: str) -> str | None:
    """Where a buyer taps to write to an account.

    On WhatsApp ``words`` with ``ref`` in them are ready to be sent, on Instagram and Messenger ``ref`` comes as a
    referral. None: the channel has no such address, or the shop has not said how its account is displayed (a phone
    number, ``@name``).
    """
    if channel == "whatsapp" and (digits := re.sub(r"\D", "", display)):
        return f"https://wa.me/{digits}?text={quote(words)}"
    if channel == "instagram" and re.fullmatch(r"[\w.]+", name := display.strip().lstrip("@")):
        return f"https://ig.me/m/{name}?ref={quote(ref)}"
    if channel == "messenger":
        return f"https://m.me/{quote(account)}?ref={quote(ref)}"
    return None
