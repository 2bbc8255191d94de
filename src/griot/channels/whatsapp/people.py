"""Who a WhatsApp message is from, and who a number or user id belongs to after a change.

A person has a phone number, a business-scoped user id (``SN.1349…``, since April 2026), or both: with a username the
phone may be left out, and older payloads know no user id.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from griot.channels.model import Sender
from griot.channels.tolerant import as_id, as_list, as_object, as_phone, as_text

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_CHANGE = re.compile(r"changed from (\S+) to (\S+)$")


class Person(NamedTuple):
    phone: str | None = None
    user_id: str | None = None
    name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.user_id)

    @property
    def sender(self) -> Sender:
        return Sender(self.user_id, self.phone, self.name)


class Contacts:
    """The ``contacts`` beside messages: names, and the second half of an identity."""

    def __init__(self, contacts: object) -> None:
        self._people = [_contact(item) for item in as_list(contacts) if isinstance(item, dict)]
        self._by_key = {key: person for person in self._people for key in person[:2] if key}

    @property
    def only(self) -> Person:
        """The one contact there is, or nobody."""
        return self._people[0] if len(self._people) == 1 else Person()

    def complete(self, person: Person, *, alone: bool) -> Person:
        """What the contacts add to a person. ``alone``: the value holds one message, so its one contact is the person.

        The only contact also speaks for a message that names nobody.
        """
        match = self._by_key.get(person.phone or "") or self._by_key.get(person.user_id or "")
        if match is None and (alone or not person):
            match = self.only
        if match is None:
            return person
        return Person(person.phone or match.phone, person.user_id or match.user_id, match.name)


def buyer(message: dict[str, Any], contacts: Contacts, *, alone: bool) -> Sender | None:
    """Who wrote an incoming message; none when neither message nor contacts say."""
    written_by = _person(message.get("from"), message.get("from_user_id"), message.get("from_parent_user_id"))
    notice = as_object(message.get("system"))
    if notice and as_id(message.get("type")) == "system":
        return _changed(written_by, notice, contacts, alone=alone)
    person = contacts.complete(written_by, alone=alone)
    return person.sender if person else None


def addressee(echo: dict[str, Any], contacts: Contacts, shop_phone: str | None, *, alone: bool) -> Sender | None:
    """The buyer to whom the vendor wrote from the phone app: the side that is not the shop's own number."""
    to = _person(echo.get("to"), echo.get("to_user_id"), echo.get("to_parent_user_id"))
    if to.phone and to.phone == shop_phone:
        to = _person(echo.get("from"), echo.get("from_user_id"))
    person = contacts.complete(to, alone=alone)
    return person.sender if person else None


def _changed(before: Person, notice: dict[str, Any], contacts: Contacts, *, alone: bool) -> Sender | None:
    """The person after a change, with the keys they had before in ``former``."""
    number = notice.get("wa_id") or notice.get("new_wa_id")
    after = _person(number, notice.get("user_id"), notice.get("parent_user_id"))
    known = contacts.complete(before, alone=alone)
    old = Person(
        before.phone or as_phone(notice.get("customer")),
        as_id(notice.get("previous_user_id")) or before.user_id or _user_id_before(notice, after),
    )
    news = (after.phone and after.phone != old.phone) or (after.user_id and after.user_id != old.user_id)
    if not news:
        person = Person(
            after.phone or old.phone or known.phone, after.user_id or old.user_id or known.user_id, known.name
        )
        return person.sender if person else None
    now = Sender(after.user_id, after.phone, known.name)
    return Sender(now.user_id, now.phone, now.name, former=tuple(key for key in old.sender.keys if key not in now.keys))


def _user_id_before(notice: dict[str, Any], after: Person) -> str | None:
    """The old user id out of the notice's sentence, for payloads that name only the new one.

    A profile name stands earlier in that sentence, so only its end is read, and only when it confirms the new id.
    """
    said = _CHANGE.search((as_text(notice.get("body")) or "").strip())
    if said and said[2] == after.user_id and _USER_ID.fullmatch(said[1]):
        return said[1]
    return None


def _contact(item: dict[str, Any]) -> Person:
    profile = as_object(item.get("profile"))
    person = _person(item.get("wa_id"), item.get("user_id"), item.get("parent_user_id"))
    return Person(person.phone, person.user_id, as_text(profile.get("name")) or as_text(profile.get("username")))


def _person(number: object, *user_ids: object) -> Person:
    """A phone number and the first of the user ids; a user id in the place of the number is taken for what it is."""
    phone = as_phone(number)
    misplaced = as_id(number) if phone is None else None
    return Person(phone, _first(user_ids) or (misplaced if misplaced and _USER_ID.fullmatch(misplaced) else None))


def _first(values: Iterable[object]) -> str | None:
    return next((text for value in values if (text := as_id(value))), None)
