"""Holding stock, for many buyers in one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from griot.core.db.pool import Tx
from griot.core.events import Event, record_all
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.reservation import queries
from griot.tools.reservation.models import Hold, HoldRequest

LONGEST_SECONDS = 1800  # from the first article in the basket to its last possible deadline


async def hold(
    tx: Tx, shop: Shop, requests: Sequence[HoldRequest], drafts: Collection[int], now: datetime
) -> list[Hold]:
    """Take what is on hand for each request, in its order; ``drafts``: baskets that were open before."""
    if not requests:
        return []
    rows = [_row(shop, n, request, now) for n, request in enumerate(requests)]
    answers = await queries.hold_stock(tx, rows, now)
    holds = [_hold(shop, request.variant_id, answers[n]) for n, request in enumerate(requests)]
    await _record(tx, requests, holds, drafts, now)
    return holds


def _row(shop: Shop, n: int, request: HoldRequest, now: datetime) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(shop.timezone))
    return {
        "n": n,
        "conversation_id": request.conversation_id,
        "customer_id": request.customer_id,
        "live_id": request.live_id,
        "variant_id": request.variant_id,
        "quantity": request.quantity,
        "hold_seconds": 0 if request.keeps_deadline else 60 * request.standing.hold_minutes(shop),
        "longest_seconds": LONGEST_SECONDS,
        "reminder_share": request.standing.reminder_share if shop.settings.auto_reminder else None,
        "reference": f"LP-{today:%Y-%m%d}",
    }


def _hold(shop: Shop, variant_id: int, row: dict[str, Any]) -> Hold:
    unit = None if row["unit_minor"] is None else Money(row["unit_minor"], shop.currency)
    return Hold(row["outcome"], row["order_id"], variant_id, row["quantity"], unit, row["on_hand"])


async def _record(
    tx: Tx, requests: Sequence[HoldRequest], holds: Sequence[Hold], drafts: Collection[int], now: datetime
) -> None:
    known = set(drafts)
    events = []
    for request, taken in zip(requests, holds, strict=True):
        if taken.outcome != "held" or taken.order_id is None:
            continue
        events.append(
            Event(
                "order.changed" if taken.order_id in known else "order.held",
                live_id=request.live_id,
                order_id=taken.order_id,
                customer_id=request.customer_id,
                data={
                    "variant_id": taken.variant_id,
                    "quantity": taken.quantity,
                    "unit_minor": taken.unit.minor if taken.unit else None,
                },
            )
        )
        known.add(taken.order_id)
    await record_all(tx, events, now)
