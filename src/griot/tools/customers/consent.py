"""What a buyer allows: to be written to at all, with offers, by voice. Each change is an event: how, when, by whom."""

from datetime import datetime
from typing import Literal, get_args

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput
from griot.core.events import record
from griot.tools.customers import card_queries, people

How = Literal["message", "phone", "counter", "form", "email"]
WAYS: tuple[How, ...] = get_args(How)


async def set_marketing(tx: Tx, customer_id: int, given: bool, how: How, now: datetime) -> None:
    """Note that a buyer wants offers, or none, and how they said so. ``NotFound``; ``Conflict``: forgotten."""
    if how not in WAYS:
        raise InvalidInput(f"Consent is given by {', '.join(WAYS)}.")
    person_id = await _person(tx, customer_id)
    await card_queries.set_marketing(tx, person_id, given, how, now)
    await record(tx, "customer.consent", now, customer_id=person_id, data={"marketing": given, "how": how})


async def set_opted_out(tx: Tx, customer_id: int, opted_out: bool, now: datetime) -> None:
    """Note that a buyer wants no messages that they did not ask for, or wants them again. Errors as above."""
    person_id = await _person(tx, customer_id)
    await card_queries.set_opted_out(tx, person_id, opted_out)
    await record(tx, "customer.consent", now, customer_id=person_id, data={"messages": not opted_out})


async def set_voice(tx: Tx, customer_id: int, prefers: bool | None, now: datetime) -> None:
    """Answer a buyer by voice or in writing; none: as the shop does. Errors as above."""
    person_id = await _person(tx, customer_id)
    await card_queries.set_voice(tx, person_id, prefers)
    await record(tx, "customer.voice", now, customer_id=person_id, data={"prefers": prefers})


async def _person(tx: Tx, customer_id: int) -> int:
    person = await people.person(tx, customer_id)
    if person.erased_at is not None:
        raise Conflict(f"Customer {person.whole.id} was forgotten: there is nobody to ask.")
    return person.whole.id
