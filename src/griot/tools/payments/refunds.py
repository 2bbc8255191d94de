"""Refunds are staged when money must not be kept; a person decides. Nothing here moves money."""

from dataclasses import replace
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, NotFound
from griot.core.events import record
from griot.tools.payments import queries
from griot.tools.payments.models import Refund, RefundStatus

_MOVES: dict[RefundStatus, frozenset[RefundStatus]] = {
    "staged": frozenset({"approved", "rejected"}),
    "approved": frozenset({"done"}),
    "rejected": frozenset(),
    "done": frozenset(),
}


async def decide(tx: Tx, refund_id: int, status: RefundStatus, now: datetime) -> Refund:
    """Approve or reject a staged refund, or note that an approved one was given back at the provider.

    Asked twice for the same, it is done once. ``NotFound``: no such refund; ``Conflict``: it was decided otherwise.
    """
    refund = await queries.lock_refund(tx, refund_id)
    if refund is None:
        raise NotFound(f"There is no refund {refund_id} in this shop.")
    if refund.status == status:
        return refund
    if status not in _MOVES[refund.status]:
        raise Conflict(f"Refund {refund_id} is {refund.status}: it cannot become {status}.")
    await queries.decide_refund(tx, refund_id, status)
    data = {"refund": refund_id, "minor": refund.amount.minor, "currency": refund.amount.currency}
    await record(tx, f"refund.{status}", now, order_id=refund.order_id, data=data)
    return replace(refund, status=status)
