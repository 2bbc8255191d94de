"""A WhatsApp webhook body read: every message, status and other update ends in exactly one place of ``Parsed``.

One body may hold many entries, each many changes, each many messages, statuses and errors; all of them are read
whatever surrounds them. Nothing in a body raises: what cannot be used is ``Ignored``, with a reason and its JSON.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from griot.channels.model import DeliveryStatus, Ignored, InboundMessage, Parsed
from griot.channels.tolerant import as_id, as_list, as_object, as_phone, as_text, as_time, as_whole, decoded, present
from griot.channels.whatsapp.content import Content, circumstances, read
from griot.channels.whatsapp.people import Contacts, addressee, buyer
from griot.core.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPAQUE = re.compile(r"griot:([0-9]{1,18})")  # what we put into biz_opaque_callback_data
_UPDATES = ("messages", "message_echoes", "statuses", "errors")  # the lists of a value whose items are read
_SURROUNDINGS = frozenset({"messaging_product", "metadata", "contacts", *_UPDATES})
_ENTRY_KEYS = frozenset({"id", "uid", "time", "changes", "changed_fields", "field", "value", "object"})
_NOT_LIVE = {
    "history": "a message from before the number was connected",
    "standby": "somebody else answers this conversation",
}


def parse_bytes(raw: bytes) -> Parsed:
    """The raw body of a webhook; ``InvalidInput`` when it is not a JSON object or list."""
    try:
        body = decoded(raw)
    except ValueError as error:
        raise InvalidInput(f"This webhook body cannot be read as JSON: {error}.") from None
    if not isinstance(body, dict | list):
        raise InvalidInput("This webhook body is JSON, but neither an object nor a list.")
    return parse(body)


def parse(body: object) -> Parsed:
    """A decoded body, of any shape: an envelope, a list of them, one inside another object, or only a part of one."""
    reader = _Reader()
    for root in body if isinstance(body, list) and body else [body]:
        reader.root(root)
    return Parsed(tuple(reader.messages), tuple(reader.statuses), tuple(reader.ignored))


class _Scope(NamedTuple):
    """What a value says about the updates in it."""

    field: str | None
    account: str | None
    shop_phone: str | None
    contacts: Contacts
    at: datetime | None  # when Meta sent the entry
    alone: bool  # it holds one message


class _Reader:
    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.statuses: list[DeliveryStatus] = []
        self.ignored: list[Ignored] = []

    @property
    def count(self) -> int:
        return len(self.messages) + len(self.statuses) + len(self.ignored)

    def root(self, root: object) -> None:
        before = self.count
        for part in _parts(root):
            if "entry" in part:
                for entry in as_list(part["entry"]):
                    self._entry(entry)
            elif "changes" in part:
                self._entry(part)
            elif "value" in part:
                self._change(part, {})
            else:
                self._value(part, None, part, {})
        if self.count == before:
            self._ignore(None, "body", "it holds no update", root)

    def _ignore(self, account: str | None, what: str, why: str, raw: object) -> None:
        self.ignored.append(Ignored(account, what, why, raw))

    def _entry(self, entry: object) -> None:
        if not isinstance(entry, dict):
            return self._ignore(None, "entry", "it is not an object", entry)
        before = self.count
        for change in as_list(entry.get("changes")):
            self._change(change, entry)
        if "value" in entry:  # flat, as other Graph webhooks have it
            self._change(entry, entry)
        for key, value in entry.items():
            if key not in _ENTRY_KEYS and value and isinstance(value, dict | list):
                self._ignore(as_id(entry.get("id")), key, "entries of WhatsApp hold changes only", value)
        if self.count == before:
            self._ignore(as_id(entry.get("id")), "entry", "it holds no change", entry)
        return None

    def _change(self, change: object, entry: dict[str, Any]) -> None:
        if not isinstance(change, dict):
            return self._ignore(as_id(entry.get("id")), "change", "it is not an object", change)
        field = as_id(change.get("field"))
        values = as_list(change.get("value"))
        for value in values:
            if isinstance(value, dict):
                self._value(value, field, change, entry)
            else:
                self._ignore(as_id(entry.get("id")), field or "change", "its value is not an object", change)
        if not values:
            self._ignore(as_id(entry.get("id")), field or "change", "it has no value", change)
        return None

    def _value(self, value: dict[str, Any], field: str | None, change: dict[str, Any], entry: dict[str, Any]) -> None:
        before = self.count
        metadata = as_object(value.get("metadata"))
        messages, echoes = as_list(value.get("messages")), as_list(value.get("message_echoes"))
        scope = _Scope(
            field,
            as_id(metadata.get("phone_number_id")),
            as_phone(metadata.get("display_phone_number")),
            Contacts(value.get("contacts")),
            as_time(entry.get("time")),
            alone=len(messages) + len(echoes) == 1,
        )
        for item in messages:
            self._message(item, scope, echo=False)
        for item in echoes:
            self._message(item, scope, echo=True)
        for item in as_list(value.get("statuses")):
            self._status(item, scope)
        for item in as_list(value.get("errors")):
            self._ignore(scope.account, "errors", _complaint(item), item)
        self._others(value, scope, change, entry, empty=self.count == before)

    def _others(
        self, value: dict[str, Any], scope: _Scope, change: dict[str, Any], entry: dict[str, Any], *, empty: bool
    ) -> None:
        """What is not about a message: each item of a list named like its field, otherwise the change as a whole."""
        what = scope.field or "change"
        account = scope.account or as_id(entry.get("id"))
        why = f"nothing in a conversation depends on {what}"
        listed = value.get(what)
        if isinstance(listed, list) and listed and what not in _SURROUNDINGS:
            for item in listed:
                self._ignore(account, what, why, item)
            return
        rest = [key for key, other in value.items() if key not in _SURROUNDINGS and (empty or _is_nested(other))]
        if rest:
            self._ignore(account, what, why, change)
        elif empty:
            self._ignore(account, what, "it holds no message, status or error", change)

    def _message(self, item: object, scope: _Scope, *, echo: bool) -> None:
        if not isinstance(item, dict):
            return self._ignore(scope.account, "message", "it is not an object", item)
        if scope.field in _NOT_LIVE:
            return self._ignore(scope.account, scope.field, _NOT_LIVE[scope.field], item)
        message_id = as_id(item.get("id"))
        if not message_id:
            return self._ignore(scope.account, "message", "it has no id", item)
        sender = (
            addressee(item, scope.contacts, scope.shop_phone, alone=scope.alone)
            if echo
            else buyer(item, scope.contacts, alone=scope.alone)
        )
        if sender is None:
            return self._ignore(scope.account, "message", "it names neither a phone number nor a user id", item)
        content = read(item)
        if echo:
            content = Content("echo", content.text, {**content.payload, "kind": content.kind})
        sent_at = as_time(item.get("timestamp")) or scope.at
        note = None if sent_at else "it had no readable time"
        payload = {**content.payload, **present(context=circumstances(item) or None, note=note)}
        self.messages.append(
            InboundMessage(
                message_id, scope.account or "", sender, content.kind, content.text, sent_at or _EPOCH, payload, item
            )
        )
        return None

    def _status(self, item: object, scope: _Scope) -> None:
        if not isinstance(item, dict):
            return self._ignore(scope.account, "status", "it is not an object", item)
        if scope.field in _NOT_LIVE:
            return self._ignore(scope.account, scope.field, _NOT_LIVE[scope.field], item)
        message_id, word = as_id(item.get("id")), as_id(item.get("status"))
        if not message_id or not word:
            missing = "status" if message_id else "id"
            return self._ignore(scope.account, "status", f"it has no {missing}", item)
        opaque = _OPAQUE.fullmatch(as_text(item.get("biz_opaque_callback_data")) or "")
        self.statuses.append(
            DeliveryStatus(
                message_id,
                scope.account or "",
                word,
                as_time(item.get("timestamp")) or scope.at or _EPOCH,
                outbox_id=int(opaque[1]) if opaque else None,
                error=_error(item.get("errors")),
                raw=item,
            )
        )
        return None


def _parts(root: object) -> Iterator[dict[str, Any]]:
    """The envelopes, entries, changes or values in a body, in order, whatever is wrapped around them."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        if not isinstance(node, dict):
            continue
        is_part = "entry" in node or "changes" in node or ("field" in node and "value" in node) or _is_value(node)
        if is_part:
            yield node
        if not is_part or "entry" in node:
            stack.extend(other for key, other in reversed(node.items()) if key != "entry" and _is_nested(other))


def _is_value(node: dict[str, Any]) -> bool:
    return any(isinstance(node.get(key), list) for key in _UPDATES[:3]) or "messaging_product" in node


def _is_nested(value: object) -> bool:
    return bool(value) and isinstance(value, dict | list)


def _complaint(item: object) -> str:
    error = _error(item)
    if not error:
        return "an error without a code"
    return f"error {error.get('code', '?')}: {error.get('title') or error.get('message') or 'no title'}"


def _error(errors: object) -> dict[str, Any] | None:
    """The first error: its code, words and details."""
    error = as_object(errors)
    details = as_object(error.get("error_data")).get("details") or error.get("details")
    return (
        present(
            code=as_whole(error.get("code")),
            title=as_text(error.get("title")),
            message=as_text(error.get("message")),
            details=as_text(details),
        )
        or None
    )
