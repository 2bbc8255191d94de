"""The envelope of Meta's webhooks, walked: entries, their changes and lists, whatever is wrapped around them.

One body may hold many entries, each many changes and events; all of them are read. Nothing in a body raises, and every
update ends in exactly one place of ``Parsed``: what cannot be used is ``Ignored``, with a reason and its JSON.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from griot.channels.model import DeliveryStatus, Ignored, InboundMessage, Parsed
from griot.channels.tolerant import as_id, as_list, as_text, decoded
from griot.core.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # of what has no readable time
_OPAQUE = re.compile(r"griot:([0-9]{1,18})")  # what we send along with a message
_ENTRY_KEYS = frozenset({"id", "uid", "time", "changes", "changed_fields", "field", "value", "object", "hop_context"})


class Reader(ABC):
    """Reads bodies of one channel; what it finds adds up in ``parsed``."""

    channel: ClassVar[str]
    lists: ClassVar[tuple[str, ...]] = ()  # of an entry, beside its changes: each item goes to ``event``

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.statuses: list[DeliveryStatus] = []
        self.ignored: list[Ignored] = []

    @classmethod
    def parse_bytes(cls, raw: bytes) -> Parsed:
        """The raw body of a webhook; ``InvalidInput`` when it is not a JSON object or list."""
        try:
            body = decoded(raw)
        except ValueError as error:
            raise InvalidInput(f"This webhook body cannot be read as JSON: {error}.") from None
        if not isinstance(body, dict | list):
            raise InvalidInput("This webhook body is JSON, but neither an object nor a list.")
        return cls.parse(body)

    @classmethod
    def parse(cls, body: object) -> Parsed:
        """A decoded body, of any shape: an envelope, a list of them, one inside another object, or a part of one."""
        reader = cls()
        for root in body if isinstance(body, list) and body else [body]:
            reader.root(root)
        return Parsed(tuple(reader.messages), tuple(reader.statuses), tuple(reader.ignored))

    @abstractmethod
    def value(self, value: dict[str, Any], field: str | None, change: dict[str, Any], entry: dict[str, Any]) -> None:
        """The value of a change: at least one update."""

    def event(self, event: object, of: str, entry: dict[str, Any]) -> None:
        """An item of one of ``lists``: one update or more."""
        self.ignore(as_id(entry.get("id")), of, f"nothing in entries of {self.channel} is called so", event)

    @abstractmethod
    def is_value(self, node: dict[str, Any]) -> bool:
        """Whether an object that stands alone is the value of a change."""

    @property
    def count(self) -> int:
        return len(self.messages) + len(self.statuses) + len(self.ignored)

    def ignore(self, account: str | None, what: str, why: str, raw: object) -> None:
        self.ignored.append(Ignored(account, what, why, raw))

    def root(self, root: object) -> None:
        before = self.count
        for part in self._parts(root):
            if "entry" in part:
                for entry in as_list(part["entry"]):
                    self._entry(entry)
            elif self._is_entry(part):
                self._entry(part)
            elif "value" in part:
                self._change(part, {})
            else:
                self.value(part, None, part, {})
        if self.count == before:
            self.ignore(None, "body", "it holds no update", root)

    def _entry(self, entry: object) -> None:
        if not isinstance(entry, dict):
            return self.ignore(None, "entry", "it is not an object", entry)
        before = self.count
        for change in as_list(entry.get("changes")):
            self._change(change, entry)
        if "value" in entry:  # flat, as some Graph webhooks have it
            self._change(entry, entry)
        for key, value in entry.items():
            if key in self.lists:
                for item in as_list(value):
                    self.event(item, key, entry)
            elif key not in _ENTRY_KEYS and is_nested(value):
                self.ignore(as_id(entry.get("id")), key, f"nothing in entries of {self.channel} is called so", value)
        if self.count == before:
            self.ignore(as_id(entry.get("id")), "entry", "it holds no update", entry)
        return None

    def _change(self, change: object, entry: dict[str, Any]) -> None:
        account = as_id(entry.get("id"))
        if not isinstance(change, dict):
            return self.ignore(account, "change", "it is not an object", change)
        field = as_id(change.get("field"))
        values = as_list(change.get("value"))
        for value in values:
            if isinstance(value, dict):
                self.value(value, field, change, entry)
            else:
                self.ignore(account, field or "change", "its value is not an object", change)
        if not values:
            self.ignore(account, field or "change", "it has no value", change)
        return None

    def _parts(self, root: object) -> Iterator[dict[str, Any]]:
        """The envelopes, entries, changes or values in a body, in order, whatever is wrapped around them."""
        stack = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, list):
                stack.extend(reversed(node))
            if not isinstance(node, dict):
                continue
            is_part = (
                "entry" in node or self._is_entry(node) or ("field" in node and "value" in node) or self.is_value(node)
            )
            if is_part:
                yield node
            if not is_part or "entry" in node:
                stack.extend(other for key, other in reversed(node.items()) if key != "entry" and is_nested(other))

    def _is_entry(self, node: dict[str, Any]) -> bool:
        return "changes" in node or any(isinstance(node.get(name), list | dict) for name in self.lists)


def outbox_id(opaque: object) -> int | None:
    """The number of our own message, when what came back is what we sent along."""
    ours = _OPAQUE.fullmatch(as_text(opaque) or "")
    return int(ours[1]) if ours else None


def is_nested(value: object) -> bool:
    return bool(value) and isinstance(value, dict | list)
