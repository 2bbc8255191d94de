"""How orders are put into words, in whichever room a message is made."""

from collections.abc import Iterable

from griot.core.texts import text
from griot.tools.customers.models import Customer
from griot.tools.orders.models import Line


def time_left(seconds: float) -> str:
    """Minutes and seconds as on a clock: ``9:47``; never negative."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def called(customer: Customer) -> str:
    """How a vendor knows a buyer: by name, else by phone."""
    return customer.name or (f"+{customer.phone}" if customer.phone else "?")


def basket(language: str | None, lines: Iterable[Line]) -> str:
    """The articles, one a line: ``🛍️ *Robe Wax* (M) × 2``."""
    return "\n".join(
        text(
            language,
            "orders.line",
            title=line.title,
            options=f" ({', '.join(line.options.values())})" if line.options else "",
            times=f" × {line.quantity}" if line.quantity > 1 else "",
        )
        for line in lines
    )
