"""What a payment and an expired hold do to a buyer's standing (product.md §4)."""

from collections.abc import Sequence
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.tools.customers import queries
from griot.tools.customers.models import FAST_PAYMENT_SECONDS, Badge

LOYAL_AT = 3
VERIFIED_AT = 5


async def record_paid(
    tx: Tx, customer_id: int, amount_minor: int, seconds: float, means: str | None, now: datetime
) -> list[str]:
    """Count a paid order: ``amount_minor`` of the shop's currency, ``seconds`` from the hold to the money.

    Returns the badges that this payment earned. The preferred means is the one used last.
    """
    took = max(0, int(seconds))
    if not await queries.add_paid(tx, customer_id, amount_minor, took, means, now):
        raise NotFound(f"There is no customer {customer_id} in this shop.")
    buyer = (await queries.load(tx, [customer_id]))[customer_id]
    standing = buyer.standing
    earned = [b for b in _earned(standing.paid_orders, standing.expired_holds, took) if b not in buyer.badges]
    return await queries.add_badges(tx, customer_id, earned) if earned else []


async def prefer_voice(tx: Tx, conversation_id: int, prefers: bool | None) -> None:
    """Answer the buyer of a thread by voice, or in writing; None: as the shop does. ``NotFound``: no such thread."""
    if not await queries.prefer_voice(tx, conversation_id, prefers):
        raise NotFound(f"There is no thread {conversation_id} in this shop.")


def _earned(paid_orders: int, expired_holds: int, seconds: int) -> list[Badge]:
    badges: list[Badge] = []
    if paid_orders >= LOYAL_AT:
        badges.append("loyal")
    if seconds < FAST_PAYMENT_SECONDS:
        badges.append("fast_payer")
    if paid_orders >= VERIFIED_AT and expired_holds == 0:
        badges.append("verified")
    return badges


async def record_expired(tx: Tx, customer_ids: Sequence[int]) -> None:
    """Count an expired hold for each id given; a buyer named twice is counted twice."""
    if customer_ids:
        await queries.add_expired(tx, customer_ids)


async def award(tx: Tx, customer_id: int, badge: Badge) -> bool:
    """Give a badge; true when the buyer did not have it yet."""
    return bool(await queries.add_badges(tx, customer_id, [badge]))
