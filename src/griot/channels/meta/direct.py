"""Webhooks of Instagram and Messenger: direct messages have one shape, comments are each channel's own.

An event names two sides; which of them is the shop's account depends on who wrote. An echo is a message of the shop's
own side, whoever wrote it there: one that carries our own mark tells that a message of ours went out, any other was
written by a human or another program.
"""

import hashlib
import json
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from griot.channels.meta.content import Content, choice, circumstances, read
from griot.channels.meta.envelope import EPOCH, Reader, outbox_id
from griot.channels.model import DeliveryStatus, InboundMessage, Sender
from griot.channels.tolerant import as_id, as_list, as_object, as_text, as_time, as_true, present

_STANDBY = "standby"
_OWN = "the account's own"
_TO_ITSELF = "the account writes to itself"
_A_PERSONS = ("postback", "referral", "optin")  # only people tap and come by links


class Sides(NamedTuple):
    """Between whom an event is. ``own``: it comes from the account."""

    account: str | None
    buyer: str | None
    own: bool
    at: datetime | None
    standby: bool


class DirectReader(Reader):
    """Entries hold events in ``messaging`` (``standby``: somebody else answers), or as the values of changes."""

    lists = ("messaging", _STANDBY)
    comments: ClassVar[tuple[str, ...]]  # the fields of changes that are about comments

    @abstractmethod
    def comment(self, value: dict[str, Any], field: str, entry: dict[str, Any]) -> None:
        """The value of a change about comments: exactly one update."""

    def is_value(self, node: dict[str, Any]) -> bool:
        return ("sender" in node or "recipient" in node) and any(name in node for name in _EVENTS)

    def value(self, value: dict[str, Any], field: str | None, change: dict[str, Any], entry: dict[str, Any]) -> None:
        if self.is_value(value):
            self.event(value, field or "messaging", entry)
        elif field in self.comments:
            self.comment(value, field, entry)
        else:
            what = field or "change"
            self.ignore(as_id(entry.get("id")), what, f"nothing in a conversation depends on {what}", change)

    def event(self, event: object, of: str, entry: dict[str, Any]) -> None:
        if not isinstance(event, dict):
            return self.ignore(as_id(entry.get("id")), of, "it is not an object", event)
        sides = _sides(event, entry, of == _STANDBY)
        if as_true(event.get("is_self")):
            return self.ignore(sides.account, of, _TO_ITSELF, event)
        found = [name for name in _EVENTS if event.get(name) is not None]
        for name in found:
            _EVENTS[name](self, name, event, sides)
        if not found:
            self.ignore(sides.account, of, "no event in it is known", event)
        return None

    def told(
        self,
        message_id: str,
        account: str | None,
        sender: Sender,
        content: Content,
        at: datetime | None,
        raw: dict[str, Any],
    ) -> None:
        """A message, under the id by which it is known again."""
        note = None if at else "it had no readable time"
        payload = {**content.payload, **present(note=note)}
        self.messages.append(
            InboundMessage(message_id, account or "", sender, content.kind, content.text, at or EPOCH, payload, raw)
        )

    def _from_buyer(
        self, event: dict[str, Any], name: str, sides: Sides, message_id: str | None, content: Content
    ) -> None:
        if sides.own:
            return self.ignore(sides.account, name, _OWN, event)
        if not sides.buyer:
            return self.ignore(sides.account, name, "it names nobody", event)
        payload = {**content.payload, **({"standby": True} if sides.standby else {})}
        content = content._replace(payload=payload)
        named = message_id or f"{name}:{_digest(event)}"
        return self.told(named, sides.account, Sender(sides.buyer), content, sides.at, event)

    def _message(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        message = event[name]
        if not isinstance(message, dict):
            return self.ignore(sides.account, name, "it is not an object", event)
        mid = as_id(message.get("mid")) or as_id(message.get("id"))
        if not mid:
            return self.ignore(sides.account, name, "it has no id", event)
        if as_true(message.get("is_self")):
            return self.ignore(sides.account, name, _TO_ITSELF, event)
        if as_true(message.get("is_echo")) or sides.own:
            return self._echo(event, message, mid, sides)
        if as_true(message.get("is_deleted")):
            return self._from_buyer(event, name, sides, f"{mid}:deleted", Content("revoke", None, {"message_id": mid}))
        content = read(message)
        payload = {**content.payload, **present(context=circumstances(message) or None)}
        return self._from_buyer(event, name, sides, mid, content._replace(payload=payload))

    def _echo(self, event: dict[str, Any], message: dict[str, Any], mid: str, sides: Sides) -> None:
        ours = outbox_id(message.get("metadata"))
        if ours is not None:
            self.statuses.append(
                DeliveryStatus(mid, sides.account or "", "sent", sides.at or EPOCH, outbox_id=ours, raw=event)
            )
        elif as_true(message.get("is_deleted")):
            self.ignore(sides.account, "echo", "the vendor took a message back", event)
        elif not sides.buyer:
            self.ignore(sides.account, "echo", "it names nobody", event)
        else:
            content = read(message)
            program = as_id(message.get("app_id"))
            payload = {**content.payload, "kind": content.kind, **present(program=program)}
            self.told(mid, sides.account, Sender(sides.buyer), Content("echo", content.text, payload), sides.at, event)

    def _postback(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        postback = as_object(event[name])
        content = choice(postback)
        context = present(referral=as_object(postback.get("referral")) or None)
        payload = {**content.payload, **present(context=context or None)}
        self._from_buyer(event, name, sides, as_id(postback.get("mid")), content._replace(payload=payload))

    def _reaction(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        reaction = as_object(event[name]) or event
        target = as_id(reaction.get("mid"))
        if not target:
            return self.ignore(sides.account, name, "it names no message", event)
        taken_back = "unreact" in (as_id(reaction.get("action")), as_id(reaction.get("verb")))
        emoji = None if taken_back else as_text(reaction.get("emoji")) or as_text(reaction.get("reaction"))
        return self._from_buyer(
            event, name, sides, None, Content("reaction", None, {"message_id": target, "emoji": emoji})
        )

    def _edit(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        edit = as_object(event[name])
        original = as_id(edit.get("mid"))
        if not original:
            return self.ignore(sides.account, name, "it names no message", event)
        payload = {"message_id": original, "kind": "text"}
        return self._from_buyer(event, name, sides, None, Content("edit", as_text(edit.get("text")), payload))

    def _notice(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        """The person came by a link or an ad, or agreed to something; nothing was written."""
        payload = {"type": name, name: as_object(event[name])}
        self._from_buyer(event, name, sides, None, Content("system", None, payload))

    def _receipt(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        """Messages of ours that arrived or were read: named, or all until a moment (``watermark``)."""
        receipt = as_object(event[name])
        word = "read" if name == "read" else "delivered"
        until = as_time(receipt.get("watermark"))
        mids = [mid for item in (*as_list(receipt.get("mids")), receipt.get("mid")) if (mid := as_id(item))]
        if sides.own:
            return self.ignore(sides.account, name, _OWN, event)
        for mid in dict.fromkeys(mids):
            at = until or sides.at or EPOCH
            self.statuses.append(DeliveryStatus(mid, sides.account or "", word, at, raw=event))
        if not mids and until and sides.buyer:
            everything = DeliveryStatus(f"user:{sides.buyer}", sides.account or "", word, until, up_to=True, raw=event)
            self.statuses.append(everything)
        elif not mids:
            self.ignore(sides.account, name, "it names no message", event)
        return None

    def _not_said(self, name: str, event: dict[str, Any], sides: Sides) -> None:
        self.ignore(sides.account, name, f"nothing in a conversation depends on {name}", event)


_EVENTS: dict[str, Callable[[DirectReader, str, dict[str, Any], Sides], None]] = {
    "message": DirectReader._message,
    "postback": DirectReader._postback,
    "reaction": DirectReader._reaction,
    "message_edit": DirectReader._edit,
    "referral": DirectReader._notice,
    "optin": DirectReader._notice,
    "read": DirectReader._receipt,
    "delivery": DirectReader._receipt,
    "pass_thread_control": DirectReader._not_said,
    "take_thread_control": DirectReader._not_said,
    "request_thread_control": DirectReader._not_said,
    "app_roles": DirectReader._not_said,
    "account_linking": DirectReader._not_said,
    "policy_enforcement": DirectReader._not_said,
}


def _sides(event: dict[str, Any], entry: dict[str, Any], standby: bool) -> Sides:
    """In an echo the sender is the account; whatever else the account itself sends is its own.

    What only a person does is a person's, whatever the entry is called: Meta's own examples name it after the sender.
    """
    sender, recipient, named = _id(event.get("sender")), _id(event.get("recipient")), as_id(entry.get("id"))
    echo = as_true(as_object(event.get("message")).get("is_echo")) and recipient != named
    own = sender is not None and sender == named and sender != recipient and not _is_a_persons(event)
    at = as_time(event.get("timestamp")) or as_time(entry.get("time"))
    if echo or own:
        return Sides(sender or named, recipient, own and not echo, at, standby)
    return Sides(recipient or named, sender, False, at, standby)


def _is_a_persons(event: dict[str, Any]) -> bool:
    return any(event.get(name) is not None for name in _A_PERSONS)


def _id(side: object) -> str | None:
    return as_id(side.get("id")) if isinstance(side, dict) else as_id(side)


def _digest(event: dict[str, Any]) -> str:
    """A name for what has none: the same event, delivered again, has the same."""
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:32]
