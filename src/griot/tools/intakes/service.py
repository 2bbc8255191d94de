"""Intakes: addresses, slots and wishes, kept as data and put before the vendor."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from griot.channels.model import Reply, Template
from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.events import record
from griot.core.tenancy import Shop, load_shop
from griot.core.texts import text
from griot.tools.customers import queries as customers
from griot.tools.intakes import queries
from griot.tools.intakes.models import FIELDS, LONGEST, MINOR, Intake, Kind
from griot.tools.orders import queries as orders
from griot.tools.orders.wording import called
from griot.tools.outbox.service import queue_to_vendor

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


async def save(
    tx: Tx,
    conversation_id: int,
    customer_id: int,
    order_id: int | None,
    kind: Kind,
    fields: Mapping[str, str],
    now: datetime,
) -> Intake:
    """Keep what a buyer let the shop know. Empty fields are left out, long ones are cut.

    The vendor reads it with the payment of the order; at once when that has passed, or when it is about no order and
    more than an address. ``InvalidInput``: a field that the kind does not have, a day or time that is none, or nothing
    that counts.
    """
    intake = await queries.insert(tx, conversation_id, customer_id, order_id, kind, checked(kind, fields), now)
    await record(
        tx, "intake.saved", now, order_id=order_id, customer_id=customer_id, data={"intake": intake.id, "kind": kind}
    )
    order = await orders.load(tx, order_id) if order_id is not None else None
    if (order is None and kind != "address") or (order is not None and order.status == "paid"):
        await _tell_vendor(tx, await load_shop(tx), intake, order.reference if order else None, now)
    return intake


async def last_address(tx: Tx, customer_id: int) -> Intake | None:
    """Where the customer had things delivered to last: good until they say otherwise."""
    return await queries.last_address(tx, customer_id)


def checked(kind: Kind, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are kept; ``InvalidInput`` says what is wrong with them."""
    known = FIELDS[kind]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]!r} in a form of kind {kind}: it has {', '.join(known)}.")
    tidy = {name: " ".join(fields[name].split())[:LONGEST] for name in known if name in fields}
    kept = {name: value for name, value in tidy.items() if value}
    if not kept.keys() - MINOR[kind]:
        needed = [name for name in known if name not in MINOR[kind]]
        raise InvalidInput(f"A form of kind {kind} says nothing without one of {', '.join(needed)}.")
    if "date" in kept:
        kept["date"] = _day(kept["date"])
    if "time" in kept and not _TIME.fullmatch(kept["time"]):
        raise InvalidInput(f"{kept['time']!r} is not a time: write it as 09:30.")
    return kept


def shown(language: str, intake: Intake) -> str:
    """A form in one line, for the vendor: ``🏠 Villa 12, Mermoz, Dakar · 77 000 00 01``."""
    fields = intake.fields
    match intake.kind:
        case "address":
            where = ", ".join(fields[name] for name in ("text", "landmark", "district", "city") if name in fields)
            what = " · ".join(part for part in (where, fields.get("location"), fields.get("phone")) if part)
        case "slot":
            what = " ".join(fields[name] for name in ("date", "time") if name in fields)
        case "custom":
            what = " · ".join(fields[name] for name in FIELDS["custom"] if name in fields)
    return text(language, f"orders.intake_{intake.kind}", what=what)


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise InvalidInput(f"{written!r} is not a day: write it as 2026-02-21.") from None


async def _tell_vendor(tx: Tx, shop: Shop, intake: Intake, reference: str | None, now: datetime) -> None:
    buyer = called((await customers.load(tx, [intake.customer_id]))[intake.customer_id])
    line = shown(shop.language, intake)
    about = text(shop.language, "orders.intake_about", reference=reference) if reference else ""
    reply = Reply(
        text(shop.language, "orders.intake_told", buyer=buyer, what=line, about=about),
        template=Template("needs_you", shop.language, (buyer, line)),
    )
    await queue_to_vendor(tx, shop, reply, f"intake:{intake.id}", now)
