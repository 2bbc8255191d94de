"""One article for another in a basket: both happen, or nothing does."""

from dataclasses import replace
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.tenancy import Shop
from griot.tools.customers import queries as customers
from griot.tools.orders import queries as orders
from griot.tools.reservation import closing, queries, waitlist_queries
from griot.tools.reservation.holding import hold
from griot.tools.reservation.models import Hold, HoldRequest
from griot.tools.reservation.waitlist import serve


async def swap(
    tx: Tx, shop: Shop, order_id: int, from_variant: int, to_variant: int, quantity: int | None, now: datetime
) -> Hold:
    """Hold ``to_variant`` in an open basket instead of ``from_variant``; the deadline stays.

    ``quantity`` is what the basket ends up with of the new one; none: as many as it gives up, beside what it has of it.
    Those who wait for the new article go first. With any other outcome than `held` (see ``Hold``) nothing has changed.
    Raises ``NotFound`` when the basket does not hold the old article, ``InvalidInput`` when both are the same,
    and ``Conflict``, with what to do, when the order is over or its payment under way.
    """
    if from_variant == to_variant:
        raise InvalidInput("An article cannot be swapped for itself: change its quantity instead.")
    known = await orders.load(tx, order_id)
    if known is None:
        raise NotFound(f"There is no order {order_id} in this shop.")
    await queries.lock_baskets(tx, [known.conversation_id])
    order = await closing.open_order(tx, shop, order_id, now, also=[to_variant])
    if order.status != "reserved":
        raise Conflict(
            f"Order {order.reference} is being paid: pay it as it is, or cancel it and take another article."
        )
    held = {line.variant_id: line for line in order.lines}
    given_up, has = held.get(from_variant), held.get(to_variant)
    if given_up is None:
        raise NotFound(f"Order {order.reference} does not hold the article to be swapped: nothing was changed.")

    had = has.quantity if has else 0
    wanted = quantity or had + given_up.quantity
    if wanted > shop.settings.max_quantity:
        return Hold("too_many", None, to_variant, 0, None, shop.settings.max_quantity)
    if to_variant in (await serve(tx, shop, [to_variant], now)).kept:
        return Hold("short", order.id, to_variant, had, None, 0)
    buyer = (await customers.load(tx, [order.customer_id]))[order.customer_id]
    request = HoldRequest(
        order.conversation_id, buyer.id, buyer.standing, order.live_id, to_variant, wanted, keeps_deadline=True
    )
    (taken,) = await hold(tx, shop, [request], [order.id], now)
    if taken.outcome not in ("held", "same"):
        return taken
    await closing.drop_line(tx, order, given_up, now)
    await waitlist_queries.settle_own(tx, [(to_variant, buyer.id, order.id)], now)
    await serve(tx, shop, [from_variant, to_variant], now)
    return replace(taken, outcome="held")
