"""The books of a shop, checked from outside: whatever happened, in whatever order, this is true afterwards."""

from griot.core.db.pool import Tx
from griot.rehearsal.books import STOCK, imbalances


async def assert_books_balanced(tx: Tx) -> None:
    """Stock, lines and orders of the transaction's shop agree with each other, to the piece."""
    assert await imbalances(tx, STOCK) == []
