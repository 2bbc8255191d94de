"""What the clock does: reminders before the end, expiry after it. Each call is one transaction's worth of work."""

from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.tools.orders import queries as orders
from griot.tools.reservation import notices, queries, waitlist_queries
from griot.tools.reservation.closing import expire
from griot.tools.reservation.waitlist import serve


async def expire_due(tx: Tx, shop: Shop, now: datetime, *, limit: int = 200) -> int:
    """Expire up to ``limit`` overdue orders and give what they held, and any other free stock, to those who wait.

    Orders that somebody else is working on are left to them. Returns how many expired.
    """
    overdue = list((await orders.load_many(tx, await queries.lock_due(tx, now, limit))).values())
    variants = {id_ for order in overdue for id_ in order.variant_ids}
    variants.update(await waitlist_queries.servable_variants(tx))
    if variants:
        await queries.lock_stock(tx, variants)
        await expire(tx, shop, overdue, now)
        await serve(tx, shop, variants, now)
    return len(overdue)


async def remind_due(tx: Tx, shop: Shop, now: datetime, *, limit: int = 200) -> int:
    """Remind up to ``limit`` buyers of an order that is running out, each once; returns how many were told.

    Silent when the shop wants no reminders, and in threads that a person has taken over.
    """
    due = await orders.load_many(tx, await queries.take_reminders(tx, now, limit))
    if not shop.settings.auto_reminder:
        return 0
    return await notices.reminders(tx, shop, due.values(), now)
