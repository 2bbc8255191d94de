"""What the pages and acts of the order book share."""

from griot.core.db.pool import Tx
from griot.tools.book import queries
from griot.ui.registry import View

view = View(
    "orders",
    "orders:read",
    concerns=("order.", "payment.", "refund.", "invoice.", "quote.", "intake.", "customer."),
    every=60.0,
)


@view.badge
async def to_prepare(tx: Tx) -> int:
    """Orders that are sure and that nobody has begun to prepare."""
    return await queries.to_prepare(tx)
