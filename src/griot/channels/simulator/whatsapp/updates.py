"""The shapes of webhook bodies: envelope, contacts, inbound messages, statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from griot.channels.simulator.deliveries import Update
from griot.channels.simulator.model import Person
from griot.channels.simulator.whatsapp.errors import status_error


@dataclass(frozen=True, slots=True)
class Sender:
    """What every webhook says about the business number it is for."""

    business_id: str
    phone_number_id: str
    display_phone_number: str


def contact(person: Person, *, phone: bool, username: bool = True) -> dict[str, Any]:
    """A ``contacts[]`` entry; ``phone`` whether the number may be shown to this business."""
    profile = {"name": person.name}
    if username and person.username:
        profile["username"] = person.username
    shown: dict[str, Any] = {"profile": profile}
    if phone and person.phone:
        shown["wa_id"] = person.phone
    shown["user_id"] = person.user_id
    return shown


def inbound(
    person: Person,
    wamid: str,
    kind: str,
    content: Any,
    now: datetime,
    *,
    context: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> Update:
    """A message of a person; ``extra`` adds what a message may carry besides its content (referral, errors, …)."""
    message: dict[str, Any] = {"from_user_id": person.user_id, "id": wamid, "timestamp": seconds(now), "type": kind}
    if not person.hidden:
        message["from"] = person.phone
    if context:
        message["context"] = context
    message[kind] = content
    # A system message comes without the contacts array.
    who = None if kind == "system" else contact(person, phone=not person.hidden)
    return Update("messages", {**message, **(extra or {})}, who)


def status(
    person: Person,
    wamid: str,
    name: str,
    now: datetime,
    *,
    to_phone: bool,
    opaque: str | None,
    category: str,
    code: int | None = None,
) -> Update:
    """A status of a message that went to a phone number (``to_phone``) or to a user id.

    ``category`` is the pricing's: service, or the template's. ``code`` makes it a failure.
    """
    body: dict[str, Any] = {"id": wamid, "status": name, "timestamp": seconds(now)}
    if to_phone or not person.hidden:
        body["recipient_id"] = person.phone
    if code is None or not to_phone:
        body["recipient_user_id"] = person.user_id
    if opaque is not None:
        body["biz_opaque_callback_data"] = opaque
    if code is not None:
        return Update("statuses", {**body, "errors": [status_error(code)]}, None)
    if name in {"sent", "delivered"}:
        body["pricing"] = _pricing(category)
    return Update("statuses", body, contact(person, phone="recipient_id" in body, username=name != "sent"))


def _pricing(category: str) -> dict[str, Any]:
    free = category == "service"
    kind = "free_customer_service" if free else "regular"
    return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": category}


def envelope(sender: Sender, updates: Sequence[Update], layout: str) -> bytes:
    """A webhook body with the updates spread over values, changes or entries (the setting ``layout``)."""
    if layout == "value":
        kinds = dict.fromkeys(update.kind for update in updates)
        groups: list[list[Update]] = [[update for update in updates if update.kind == kind] for kind in kinds]
    else:
        groups = [[update] for update in updates]
    changes = [{"value": _value(sender, group), "field": "messages"} for group in groups]
    if layout == "entries":
        entries = [{"id": sender.business_id, "changes": [change]} for change in changes]
    else:
        entries = [{"id": sender.business_id, "changes": changes}]
    return orjson.dumps({"object": "whatsapp_business_account", "entry": entries})


def _value(sender: Sender, updates: Sequence[Update]) -> dict[str, Any]:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": sender.display_phone_number,
            "phone_number_id": sender.phone_number_id,
        },
    }
    contacts = {update.contact["user_id"]: update.contact for update in updates if update.contact}
    if contacts:
        value["contacts"] = list(contacts.values())
    value[updates[0].kind] = [update.body for update in updates]
    return value


def seconds(at: datetime) -> str:
    """Meta writes times as strings of whole seconds."""
    return str(int(at.timestamp()))
