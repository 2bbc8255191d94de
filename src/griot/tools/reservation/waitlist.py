"""The waiting list: VIP first, then first come. Stock that becomes free goes to those who wait before anybody else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.events import Event, record, record_all
from griot.core.tenancy import Shop
from griot.tools.customers import queries as customers
from griot.tools.orders import queries as orders
from griot.tools.reservation import notices, queries, waitlist_queries
from griot.tools.reservation.closing import clear_for_line
from griot.tools.reservation.holding import hold
from griot.tools.reservation.models import HoldRequest, Waiting


@dataclass(frozen=True, slots=True)
class Served:
    """``kept``: variants whose next in line is being dealt with elsewhere just now, so that nobody may pass."""

    count: int
    kept: frozenset[int]


async def join_waitlist(
    tx: Tx,
    shop: Shop,
    variant_id: int,
    customer_id: int,
    conversation_id: int,
    quantity: int,
    vip: bool,
    now: datetime,
) -> int:
    """Stand in line for ``quantity`` pieces in the end, counting those of the open basket.

    Returns the place, 1 being next; 0 when stock was free and the buyer has just been served, and told. Joining again
    changes the quantity and keeps the place. Raises ``InvalidInput`` for a quantity that the shop never sells at once,
    ``NotFound`` for a variant that it does not have.
    """
    cap = shop.settings.max_quantity
    if not 1 <= quantity <= cap:
        raise InvalidInput(f"Nobody can wait for {quantity} pieces here: ask for 1 to {cap}.")
    await queries.lock_baskets(tx, [conversation_id])
    await clear_for_line(tx, shop, conversation_id, variant_id, now)
    if variant_id not in await queries.lock_stock(tx, [variant_id]):
        raise NotFound(f"There is no variant {variant_id} in this shop.")
    waiting_id, fresh = await waitlist_queries.join(tx, variant_id, customer_id, conversation_id, quantity, vip, now)
    if fresh:
        data = {"variant_id": variant_id, "quantity": quantity, "vip": vip}
        await record(tx, "waitlist.joined", now, customer_id=customer_id, data=data)
    await serve(tx, shop, [variant_id], now)
    return await waitlist_queries.place(tx, waiting_id)


async def leave_waitlist(tx: Tx, variant_id: int, customer_id: int, now: datetime) -> bool:
    """Give the place up; false when the buyer was not waiting."""
    left = await waitlist_queries.leave(tx, variant_id, customer_id)
    if left:
        await record(tx, "waitlist.left", now, customer_id=customer_id, data={"variant_id": variant_id})
    return left


async def serve_waitlist(tx: Tx, shop: Shop, variant_ids: Collection[int], now: datetime) -> int:
    """Give free stock of the variants to those who wait: their holds are made, they are told. Returns how many."""
    return (await serve(tx, shop, variant_ids, now)).count


async def serve(tx: Tx, shop: Shop, variant_ids: Collection[int], now: datetime) -> Served:
    """Give free stock to those who wait, as far as it goes.

    Who wants more than there is lets smaller ones behind pass, and keeps the place. Who is being dealt with elsewhere
    at this moment, or has an overdue basket that is yet to be cleared, lets nobody pass: the stock stays, and the
    next request or sweep serves them.
    """
    free = await queries.lock_stock(tx, variant_ids)
    count = 0
    kept: set[int] = set()
    while still := {id_: pieces for id_, pieces in free.items() if pieces > 0 and id_ not in kept}:
        line = await waitlist_queries.next_in_line(tx, still)
        if not line:
            break
        reachable, drafts = await waitlist_queries.reach(tx, {entry.conversation_id for entry in line}, now)
        chosen = []
        for entry in line:
            if entry.variant_id in kept or entry.needed > free[entry.variant_id]:
                continue
            if entry.conversation_id not in reachable:
                kept.add(entry.variant_id)
                continue
            free[entry.variant_id] -= entry.needed
            chosen.append(entry)
        if chosen:
            count += await _hold_for(tx, shop, chosen, drafts, now)
    return Served(count, frozenset(kept))


async def _hold_for(tx: Tx, shop: Shop, chosen: Sequence[Waiting], drafts: Collection[int], now: datetime) -> int:
    buyers = await customers.load(tx, {entry.customer_id for entry in chosen})
    live_id = await waitlist_queries.running_live(tx)
    requests = [
        HoldRequest(
            entry.conversation_id,
            entry.customer_id,
            buyers[entry.customer_id].standing,
            live_id,
            entry.variant_id,
            entry.quantity - min(entry.needed, 0),  # never less than the basket holds already
        )
        for entry in chosen
    ]
    holds = await hold(tx, shop, requests, drafts, now)
    became = {
        entry.id: (entry, taken.order_id)
        for entry, taken in zip(chosen, holds, strict=True)
        if taken.outcome in ("held", "same") and taken.order_id is not None
    }
    await waitlist_queries.mark_served(tx, {id_: order_id for id_, (_, order_id) in became.items()}, now)
    found = await orders.load_many(tx, {order_id for _, order_id in became.values()})
    told = [
        (id_, found[order_id], next(line for line in found[order_id].lines if line.variant_id == entry.variant_id))
        for id_, (entry, order_id) in became.items()
    ]
    await record_all(
        tx,
        [
            Event(
                "waitlist.served",
                order.live_id,
                order.id,
                order.customer_id,
                {"variant_id": line.variant_id, "quantity": line.quantity},
            )
            for _, order, line in told
        ],
        now,
    )
    await notices.served(tx, shop, told, now)
    return len(told)
