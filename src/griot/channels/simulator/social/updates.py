"""The shapes of webhook bodies of Instagram and Messenger."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from griot.channels.simulator.deliveries import Update

FIELDS = {
    "message": "messages",
    "message_edit": "message_edits",
    "optin": "messaging_optins",
    "postback": "messaging_postbacks",
    "reaction": "message_reactions",
    "read": "messaging_seen",
    "referral": "messaging_referral",
}


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def event(kind: str, sender: str, recipient: str, now: datetime, name: str, content: Any, **extra: Any) -> Update:
    """Something in a conversation; ``kind`` as in ``Update``, ``name`` is message, postback, reaction, read, …"""
    parties = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    body = {**parties, "timestamp": milliseconds(now), name: content, **extra}
    return Update(kind, body, field=FIELDS.get(name, name))


def grouped(batch: Sequence[Update], comment_fields: frozenset[str]) -> tuple[list[Update], list[Update]]:
    """The events of conversations, and those of comments."""
    talk = [update for update in batch if update.field not in comment_fields]
    return talk, [update for update in batch if update.field in comment_fields]


def conversations(account_id: str, updates: Sequence[Update], now: datetime, *, key: str, together: bool) -> list[Any]:
    """Entries with events under ``key``: messaging, or standby while another app has the conversation."""
    groups = [updates] if together else [[update] for update in updates]
    about = {"id": account_id, "time": milliseconds(now)}
    return [{**about, key: [update.body for update in group]} for group in groups if group]


def conversation_changes(account_id: str, updates: Iterable[Update], now: datetime) -> list[Any]:
    """The same events as ``changes``, with times as Meta's test deliveries write them: seconds, in a string."""
    changes = [
        {"field": update.field, "value": {**update.body, "timestamp": str(int(now.timestamp()))}} for update in updates
    ]
    return [{"id": account_id, "time": milliseconds(now), "changes": changes}] if changes else []


def comments(account_id: str, updates: Iterable[Update], now: datetime, *, flat: bool) -> list[Any]:
    """Entries with comments, one each; ``flat``: field and value in the entry itself. Times in seconds."""
    about = {"id": account_id, "time": int(now.timestamp())}
    changes = [{"field": update.field, "value": update.body} for update in updates]
    return [{**about, **change} if flat else {**about, "changes": [change]} for change in changes]


def encoded(name: str, entries: list[Any], *, wrapped: bool) -> bytes:
    """The body; ``wrapped``: as the only element of a list."""
    body = {"object": name, "entry": entries}
    return orjson.dumps([body] if wrapped else body)
