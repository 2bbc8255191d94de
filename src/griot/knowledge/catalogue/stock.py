"""Pieces that come in or go out by hand: each movement says who, when, why and by how much.

What is free is explained by them: the sum of a variant's movements is what was received, less what orders hold and have
bought. Nothing else changes what was received.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.knowledge.catalogue import stock_queries as queries

Kind = Literal["opened", "received", "counted", "corrected", "returned", "damaged", "lost", "given", "imported"]
Reason = Literal["received", "corrected", "returned", "damaged", "lost", "given"]  # what a person may give
OUTWARD: frozenset[str] = frozenset({"damaged", "lost", "given"})
INWARD: frozenset[str] = frozenset({"received", "returned"})
_LONGEST_NOTE = 200
_MOST = 1_000_000  # pieces at once


@dataclass(frozen=True, slots=True)
class Movement:
    """``pieces`` came in, or went out when negative, and left ``on_hand`` free ones. ``actor`` as in events."""

    id: int
    variant_id: int
    options: dict[str, str]
    kind: Kind
    pieces: int
    on_hand: int
    note: str
    actor: str | None
    at: datetime


async def receive_stock(
    tx: Tx, variant_id: int, quantity: int, now: datetime, *, reason: Reason | None = None, note: str = ""
) -> int:
    """Book ``quantity`` pieces in, or out when negative. Returns what is on hand now.

    ``reason``: without one, ``received`` or ``corrected``. Pieces that buyers hold or have bought cannot be booked out
    (``Conflict``). Whoever calls this for more stock serves the waiting list next (``reservation.serve_waitlist``).
    """
    if quantity == 0 or abs(quantity) > _MOST:
        raise InvalidInput("Give the number of pieces that came in, or a negative number to take pieces out.")
    kind = reason or ("received" if quantity > 0 else "corrected")
    if kind not in get_args(Reason):
        raise InvalidInput(f"{kind!r} is no reason: say one of {', '.join(get_args(Reason))}.")
    if (quantity > 0 and kind in OUTWARD) or (quantity < 0 and kind in INWARD):
        raise InvalidInput(f"{quantity:+} pieces cannot be {kind}: turn the sign, or give another reason.")
    return await _move(tx, variant_id, quantity, kind, note, now)


async def count_stock(tx: Tx, variant_id: int, counted: int, now: datetime, *, note: str = "") -> int:
    """``counted`` pieces lie there, those included that buyers hold and have not paid. Returns what is on hand now.

    ``Conflict``: fewer than buyers hold; ``InvalidInput``: no number of pieces.
    """
    if not 0 <= counted <= _MOST:
        raise InvalidInput("Give the number of pieces that are there: 0 or more.")
    level = await queries.lock_level(tx, variant_id)
    if level is None:
        raise NotFound(f"This shop has no variant {variant_id}.")
    if counted < level["held"]:
        raise Conflict(
            f"{level['held']} pieces are held for buyers, and {counted} were counted: count again, or cancel orders."
        )
    return await _move(tx, variant_id, counted - level["on_hand"] - level["held"], "counted", note, now)


async def movements(tx: Tx, product_id: int, limit: int = 50, before: int | None = None) -> list[Movement]:
    """Movements of a product, the latest first, from before a number on."""
    return [Movement(**row) for row in await queries.movements(tx, product_id, limit, before)]


async def _move(tx: Tx, variant_id: int, pieces: int, kind: str, note: str, now: datetime) -> int:
    level = await queries.move(tx, variant_id, pieces, kind, " ".join(note.split())[:_LONGEST_NOTE], now)
    if level is None:
        raise _refusal(await queries.lock_level(tx, variant_id), variant_id, pieces)
    data = {"variant_id": variant_id, "quantity": pieces, "kind": kind, **level}
    await record(tx, "stock.received", now, data=data)
    return int(level["on_hand"])


def _refusal(level: dict[str, Any] | None, variant_id: int, pieces: int) -> Conflict | NotFound:
    if level is None:
        return NotFound(f"This shop has no variant {variant_id}.")
    return Conflict(
        f"{-pieces} pieces cannot be taken out: {level['on_hand']} are free, {level['held']} are held for buyers"
        f" and {level['sold']} are sold. Take out {level['on_hand']} at most, or cancel orders first."
    )
