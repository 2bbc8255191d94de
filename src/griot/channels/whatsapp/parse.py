"""A WhatsApp webhook body read: every message, status and other update ends in exactly one place of ``Parsed``."""

from datetime import datetime
from typing import Any, NamedTuple

from griot.channels.meta.content import Content
from griot.channels.meta.envelope import EPOCH, Reader, is_nested, outbox_id
from griot.channels.model import DeliveryStatus, InboundMessage
from griot.channels.tolerant import as_id, as_list, as_object, as_phone, as_text, as_time, as_whole, present
from griot.channels.whatsapp.content import circumstances, read
from griot.channels.whatsapp.people import Contacts, addressee, buyer

_UPDATES = ("messages", "message_echoes", "statuses", "errors")  # the lists of a value whose items are read
_SURROUNDINGS = frozenset({"messaging_product", "metadata", "contacts", *_UPDATES})
_NOT_LIVE = {
    "history": "a message from before the number was connected",
    "standby": "somebody else answers this conversation",
}


class _Scope(NamedTuple):
    """What a value says about the updates in it."""

    field: str | None
    account: str | None
    shop_phone: str | None
    contacts: Contacts
    at: datetime | None  # when Meta sent the entry
    alone: bool  # it holds one message


class WhatsAppReader(Reader):
    """A value holds lists of messages, statuses and errors, and the contacts that they are from."""

    channel = "WhatsApp"

    def is_value(self, node: dict[str, Any]) -> bool:
        return any(isinstance(node.get(key), list) for key in _UPDATES[:3]) or "messaging_product" in node

    def value(self, value: dict[str, Any], field: str | None, change: dict[str, Any], entry: dict[str, Any]) -> None:
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
            self.ignore(scope.account, "errors", _complaint(item), item)
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
                self.ignore(account, what, why, item)
            return
        rest = [key for key, other in value.items() if key not in _SURROUNDINGS and (empty or is_nested(other))]
        if rest:
            self.ignore(account, what, why, change)
        elif empty:
            self.ignore(account, what, "it holds no message, status or error", change)

    def _message(self, item: object, scope: _Scope, *, echo: bool) -> None:
        if not isinstance(item, dict):
            return self.ignore(scope.account, "message", "it is not an object", item)
        if scope.field in _NOT_LIVE:
            return self.ignore(scope.account, scope.field, _NOT_LIVE[scope.field], item)
        message_id = as_id(item.get("id"))
        if not message_id:
            return self.ignore(scope.account, "message", "it has no id", item)
        sender = (
            addressee(item, scope.contacts, scope.shop_phone, alone=scope.alone)
            if echo
            else buyer(item, scope.contacts, alone=scope.alone)
        )
        if sender is None:
            return self.ignore(scope.account, "message", "it names neither a phone number nor a user id", item)
        content = read(item)
        if echo:
            content = Content("echo", content.text, {**content.payload, "kind": content.kind})
        sent_at = as_time(item.get("timestamp")) or scope.at
        note = None if sent_at else "it had no readable time"
        payload = {**content.payload, **present(context=circumstances(item) or None, note=note)}
        self.messages.append(
            InboundMessage(
                message_id, scope.account or "", sender, content.kind, content.text, sent_at or EPOCH, payload, item
            )
        )
        return None

    def _status(self, item: object, scope: _Scope) -> None:
        if not isinstance(item, dict):
            return self.ignore(scope.account, "status", "it is not an object", item)
        if scope.field in _NOT_LIVE:
            return self.ignore(scope.account, scope.field, _NOT_LIVE[scope.field], item)
        message_id, word = as_id(item.get("id")), as_id(item.get("status"))
        if not message_id or not word:
            missing = "status" if message_id else "id"
            return self.ignore(scope.account, "status", f"it has no {missing}", item)
        self.statuses.append(
            DeliveryStatus(
                message_id,
                scope.account or "",
                word,
                as_time(item.get("timestamp")) or scope.at or EPOCH,
                outbox_id=outbox_id(item.get("biz_opaque_callback_data")),
                error=_error(item.get("errors")),
                raw=item,
            )
        )
        return None


parse = WhatsAppReader.parse
parse_bytes = WhatsAppReader.parse_bytes


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
