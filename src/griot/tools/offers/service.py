"""Promotions: a merchant makes them, a buyer names their code, the order carries what they take off.

No words of a buyer or a model make a promotion, change one or take anything off without one.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.offers import queries
from griot.tools.offers.models import Applied, Kind, NotApplied, Promotion, Reason
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Order

LONGEST_CODE = 30
MOST_PERCENT = 90


async def create(
    tx: Tx,
    shop: Shop,
    *,
    code: str,
    kind: Kind,
    worth: int,
    ends_at: datetime,
    now: datetime,
    starts_at: datetime | None = None,
    least: Money | None = None,
    max_uses: int | None = None,
) -> Promotion:
    """A promotion of the merchant's: ``worth`` per cent (1 to 90) or minor units off an order.

    ``starts_at`` none: at once; ``least``: the order's lines have to come to this much. ``InvalidInput`` says what
    cannot be, ``Conflict`` that the shop has this code.
    """
    code = normalise(code)
    starts_at = starts_at or now
    if not code or len(code) > LONGEST_CODE:
        raise InvalidInput(f"A promotion needs a code of up to {LONGEST_CODE} letters and digits, such as TABASKI10.")
    if worth < 1 or (kind == "percent" and worth > MOST_PERCENT):
        raise InvalidInput(f"A promotion takes off 1 to {MOST_PERCENT} per cent, or an amount of more than nothing.")
    if ends_at <= max(starts_at, now):
        raise InvalidInput("A promotion ends after it has started, and not in the past.")
    if max_uses is not None and max_uses < 1:
        raise InvalidInput("A promotion can be used once at least; leave the number of uses out for no limit.")
    least = least or Money(0, shop.currency)
    if least.currency != shop.currency or least.minor < 0:
        raise InvalidInput(f"The least amount of an order is in {shop.currency}, and not below nothing.")
    promotion_id = await queries.insert(
        tx,
        code=code,
        kind=kind,
        worth=worth,
        least=least,
        starts_at=starts_at,
        ends_at=ends_at,
        max_uses=max_uses,
        now=now,
    )
    if promotion_id is None:
        raise Conflict(f"The shop has a promotion {code} already: choose another code.")
    await record(tx, "promotion.created", now, data={"code": code, "kind": kind, "worth": worth})
    return Promotion(promotion_id, code, kind, worth, least, starts_at, ends_at, max_uses, 0)


async def find(tx: Tx, code: str, now: datetime) -> Promotion | None:
    """The promotion of this code that counts now, however the code is written; none when there is none."""
    promotion = await queries.by_code(tx, normalise(code))
    return promotion if promotion and _not_now(promotion, now) is None else None


async def apply(tx: Tx, order_id: int, code: str, now: datetime) -> Applied | NotApplied:
    """Take a promotion off an open basket. The same code again on the same order changes nothing and is no mistake.

    Raises ``NotFound`` when the shop has no such order. Whose order it is, the caller knows.
    """
    order = await order_service.locked(tx, order_id)
    promotion = await queries.by_code(tx, normalise(code))
    if promotion is None:
        return NotApplied("unknown")
    if not order.open or order.overdue(now):
        return NotApplied("order_over", promotion)
    if order.promotion_id == promotion.id:
        return _applied(promotion, order)
    if order.promotion_id is not None:
        return NotApplied("already_has_one", promotion)
    if order.status == "awaiting_payment":
        return NotApplied("being_paid", promotion)
    reason = _not_now(promotion, now)
    if reason is None and order.total.minor < promotion.least.minor:
        reason = "below_least"
    if reason is None and not await queries.use(tx, promotion.id):
        reason = "used_up"
    if reason is not None:
        return NotApplied(reason, promotion)

    await orders.set_promotion(tx, order.id, promotion.id)
    await orders.sum_up(tx, order.id)
    applied = _applied(promotion, await order_service.locked(tx, order.id))
    data = {"promotion": promotion.code, "discount_minor": applied.discount.minor}
    await record(
        tx, "order.changed", now, live_id=order.live_id, order_id=order.id, customer_id=order.customer_id, data=data
    )
    return applied


async def give_back(tx: Tx, closed: Iterable[Order]) -> None:
    """Orders that ended without money have used no promotion. They keep it, should their money come late."""
    uses = Counter(order.promotion_id for order in closed if order.promotion_id is not None)
    if uses:
        await queries.give_back(tx, uses)


async def take_again(tx: Tx, order: Order) -> None:
    """Late money for an order with a promotion is honoured as it was asked for, even when every use is taken by now."""
    if order.promotion_id is not None:
        await queries.use(tx, order.promotion_id)


def normalise(code: str) -> str:
    """``tabaski 10`` -> ``TABASKI10``."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _applied(promotion: Promotion, order: Order) -> Applied:
    return Applied(promotion, order, order.discount or Money(0, order.total.currency))


def _not_now(promotion: Promotion, now: datetime) -> Reason | None:
    if now < promotion.starts_at:
        return "not_started"
    if now >= promotion.ends_at:
        return "over"
    if promotion.max_uses is not None and promotion.uses >= promotion.max_uses:
        return "used_up"
    return None
