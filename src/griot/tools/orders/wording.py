"""How orders are put into words, in whichever room a message is made."""

from collections.abc import Iterable
from datetime import datetime

from griot.core.texts import text
from griot.tools.customers.models import Customer
from griot.tools.orders.models import Line, Order


def time_left(seconds: float) -> str:
    """Minutes and seconds as on a clock: ``9:47``; never negative."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def left_to_pay(language: str | None, order: Order, now: datetime) -> str:
    """How long an open order waits for its payment: ``9:47``, or until it is delivered."""
    return text(language, "orders.until_delivery") if order.on_delivery else time_left(order.seconds_left(now))


def wanted_when(language: str | None, order: Order) -> str:
    """When the buyer wants it, as a line of a message; empty when nothing was said."""
    on, at = f"{order.wanted_on:%d/%m/%Y}" if order.wanted_on else "", order.wanted_at or ""
    if on and at:
        return text(language, "orders.sheet_wanted_both", on=on, at=at)
    if on:
        return text(language, "orders.sheet_wanted", on=on)
    return text(language, "orders.sheet_wanted_at", at=at) if at else ""


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
