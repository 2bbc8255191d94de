"""Buyers as the console shows them: a list of persons with segments, and a card of one with all that a shop knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.tools.customers import card_queries, people, queries
from griot.tools.customers.models import BIG_SPENDER_MINOR, RISKY_SCORE, Standing
from griot.tools.customers.people import Person

Segment = Literal["new", "occasional", "regular", "loyal", "vip", "dormant"]
AutoTag = Literal[
    "vip", "fast_payer", "loyal", "verified", "first_buyer", "faux_acheteur_potentiel", "many_holds", "prefers"
]
SEGMENTS: tuple[Segment, ...] = get_args(Segment)

LONGEST_TAG = 40
MOST_TAGS = 20
_MANY_HOLDS = 3  # expired ones, from which on it is a habit


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in the list. ``id`` is that of the oldest record; ``phone`` of the first that has one."""

    id: int
    name: str | None
    phone: str | None
    channels: tuple[str, ...]
    standing: Standing
    segment: Segment
    last_paid_at: datetime | None
    opted_out: bool
    tags: tuple[str, ...]
    marketing: bool | None
    marketing_at: datetime | None
    marketing_how: str | None
    preferred_means: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Orders of a person by what became of them; ``expired_in_live``: of the expired ones, those made in a live."""

    orders: int
    paid: int
    expired: int
    cancelled: int
    expired_in_live: int

    @property
    def paid_percent(self) -> int | None:
        """Of the orders that are over; none before the first."""
        over = self.paid + self.expired + self.cancelled
        return round(100 * self.paid / over) if over else None


@dataclass(frozen=True, slots=True)
class Card:
    """All that a shop knows of a person. ``erased_at``: they were forgotten, and only numbers are left."""

    person: Person
    listed: Listed
    history: History
    erased_at: datetime | None

    @property
    def auto_tags(self) -> list[AutoTag]:
        """What the counts say; `prefers`: see ``preferred_means``."""
        whole, standing = self.person.whole, self.listed.standing
        rules: list[tuple[AutoTag, bool]] = [
            ("vip", standing.vip),
            ("fast_payer", "fast_payer" in whole.badges),
            ("loyal", "loyal" in whole.badges),
            ("verified", "verified" in whole.badges),
            ("first_buyer", "first_buyer" in whole.badges),
            ("faux_acheteur_potentiel", standing.flagged),
            ("many_holds", standing.expired_holds >= _MANY_HOLDS),
            ("prefers", whole.preferred_means is not None),
        ]
        return [tag for tag, given in rules if given]

    @property
    def at_risk(self) -> bool:
        """Holds are short for them, or they should pay first."""
        return self.listed.standing.flagged or self.listed.standing.score < RISKY_SCORE

    @property
    def never_pays_in_live(self) -> bool:
        """Takes articles during lives and has not paid one."""
        return self.history.expired_in_live >= _MANY_HOLDS and self.listed.standing.paid_orders < 2


async def page(
    tx: Tx,
    shop: Shop,
    limit: int,
    before: int | None,
    now: datetime,
    *,
    segment: Segment | None = None,
    search: str = "",
) -> list[Listed]:
    """Persons, the newest first, from before a number on. ``search``: a part of a name, a phone, a name on a channel.

    Who was forgotten and the vendor's own record are not in it.
    """
    rows = await card_queries.page(tx, BIG_SPENDER_MINOR[shop.currency], limit, before, now, segment, search.strip())
    return [_listed(row) for row in rows]


async def card(tx: Tx, shop: Shop, customer_id: int, now: datetime) -> Card:
    """The card of the person that a record belongs to; ``NotFound`` when the shop has no such record."""
    person = await people.person(tx, customer_id)
    row = await card_queries.one(tx, BIG_SPENDER_MINOR[shop.currency], person.whole.id, now)
    erased_at = row.pop("erased_at")
    return Card(person, _listed(row), History(**await card_queries.history(tx, person.whole.id)), erased_at)


def _listed(row: dict[str, Any]) -> Listed:
    return Listed(
        id=row["id"],
        name=row["name"],
        phone=row["phone"],
        channels=tuple(row["channels"]),
        standing=queries.standing(row),
        segment=row["segment"],
        last_paid_at=row["last_paid_at"],
        opted_out=row["opted_out"],
        tags=tuple(row["tags"]),
        marketing=row["marketing"],
        marketing_at=row["marketing_at"],
        marketing_how=row["marketing_how"],
        preferred_means=row["preferred_means"],
        created_at=row["created_at"],
    )


async def set_tags(tx: Tx, customer_id: int, tags: Sequence[str], now: datetime) -> list[str]:
    """The tags that a person of the shop gives a buyer, in place of those before; returns them, tidy.

    ``NotFound``; ``InvalidInput``: too many, or one too long.
    """
    wanted = list(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in wanted):
        raise InvalidInput(f"A customer has up to {MOST_TAGS} tags of {LONGEST_TAG} letters.")
    person = await people.person(tx, customer_id)
    await card_queries.set_tags(tx, person.whole.id, wanted)
    await record(tx, "customer.tagged", now, customer_id=person.whole.id, data={"tags": len(wanted)})
    return wanted
