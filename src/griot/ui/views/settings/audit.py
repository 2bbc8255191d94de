"""What happened in the shop and who did it, in words, the latest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from griot.core import events
from griot.core.db.pool import Tx
from griot.core.events import Happened
from griot.core.money import Money
from griot.tools.users import queries
from griot.ui import words
from griot.ui.desk import Desk
from griot.ui.registry import Address
from griot.ui.views.settings.view import Section

_PAGE = 50
_SHOWN = 4  # details of an event
_LONGEST = 60  # characters of one
_PLAIN = (str, int, bool)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is read: what happened, who did it, details, and where to look."""

    at: datetime
    kind: str
    what: str
    who: str
    details: tuple[tuple[str, str], ...]
    link: str | None


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    """``?kind=order.paid&before=812``."""
    kind, before = at.get("kind"), at.get("before")
    place = int(before) if before and before.isascii() and before.isdigit() and len(before) < 19 else None
    async with desk.shop() as (tx, shop):
        found = await events.page(tx, _PAGE, place, kind)
        names = await _names(tx)
    query = f"kind={kind}&" if kind in _kinds(desk.language) else ""
    return {
        "entries": [_entry(desk.language, event, names, shop.currency) for event in found],
        "kinds": _kinds(desk.language),
        "kind": kind,
        "further_at": f"#/settings/audit?{query}before={found[-1].number}" if len(found) == _PAGE else None,
    }


section = Section("audit", "shield", read, scope="events:read")


async def _names(tx: Tx) -> dict[str, str]:
    members = {f"user:{member.user_id}": member.name for member in await queries.members(tx)}
    return members | {f"key:{key.id}": key.name for key in await queries.keys(tx)}


def _kinds(language: str) -> dict[str, str]:
    """Every kind that has words, by the words."""
    table = words.of_view(language, "settings")["event"]
    known = {f"{noun}.{kind}": text for noun, kinds in table.items() for kind, text in kinds.items()}
    return dict(sorted(known.items(), key=lambda item: item[1]))


def _entry(language: str, event: Happened, names: Mapping[str, str], currency: str) -> Entry:
    return Entry(
        event.at,
        event.kind,
        words.find(language, f"settings.event.{event.kind}") or event.kind,
        _who(language, event.actor, names),
        tuple(_details(language, event.data, names, currency)),
        _link(event),
    )


def _who(language: str, actor: str | None, names: Mapping[str, str]) -> str:
    if actor is None:
        return words.say(language, "settings.by_house")
    if actor == "cli":
        return words.say(language, "settings.by_cli")
    return names.get(actor) or words.say(language, "settings.by_former", actor=actor.partition(":")[2])


def _details(
    language: str, data: Mapping[str, Any], names: Mapping[str, str], currency: str
) -> Iterable[tuple[str, str]]:
    """What an event says of itself, as far as there are words for it."""
    if isinstance(data.get("minor"), int):
        yield words.say(language, "settings.detail.minor"), str(Money(data["minor"], data.get("currency") or currency))
    told = 0
    for name, value in data.items():
        label = words.find(language, f"settings.detail.{name}")
        if label is None or name == "minor" or value in (None, "", []):
            continue
        each = value if isinstance(value, list) else [value]
        text = ", ".join(_told(language, name, str(one), names) for one in each)
        if isinstance(value, (*_PLAIN, list)) and told < _SHOWN:
            told += 1
            yield label, text[:_LONGEST]


# Details whose values have words of their own: the table that has them.
_VALUES = {"role": "role", "text": "text", "means": "means", "settings": "setting", "what": "setting"}


def _told(language: str, name: str, value: str, names: Mapping[str, str]) -> str:
    """One value of a detail, in words where there are some."""
    if name == "user":
        return names.get(f"user:{value}", value)
    if name == "language":
        return words.NAMES.get(value, value)
    return words.find(language, f"settings.{_VALUES.get(name, '')}.{value}") or value


def _link(event: Happened) -> str | None:
    if event.order_id is not None:
        return f"#/orders/{event.order_id}"
    if isinstance(conversation := event.data.get("conversation"), int):
        return f"#/inbox/{conversation}"
    return f"#/customers/{event.customer_id}" if event.customer_id is not None else None
