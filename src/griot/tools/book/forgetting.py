"""A buyer is forgotten, with the orders that are still open given up first."""

from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.tools.customers import erasure, erasure_queries, people
from griot.tools.customers.erasure import Erased
from griot.tools.reservation.service import cancel_order


async def forget(tx: Tx, shop: Shop, customer_id: int, now: datetime) -> Erased:
    """Cancel the open orders of a person, then erase who they are; raises as ``erasure.erase``."""
    person = await people.person(tx, customer_id)
    for order_id in await erasure_queries.open_orders(tx, [record.id for record in person.records]):
        await cancel_order(tx, shop, order_id, now)
    return await erasure.erase(tx, shop, customer_id, now)
