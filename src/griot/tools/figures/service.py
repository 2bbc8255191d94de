"""The figures of a shop."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.tenancy import Shop
from griot.tools.figures import queries
from griot.tools.figures.models import Answers, Day, Figures, Spread

LONGEST = 92  # days that are counted at once


async def figures(tx: Tx, shop: Shop, last: date, days: int) -> Figures:
    """The figures of so many days up to ``last``, which is a day of the shop. ``InvalidInput``: too many, or none."""
    if not 1 <= days <= LONGEST:
        raise InvalidInput(f"Figures are of 1 to {LONGEST} days.")
    if not 2000 <= last.year < 2200:
        raise InvalidInput("Figures are of this century or the next.")
    start, end = moment(shop, last - timedelta(days=days - 1)), moment(shop, last + timedelta(days=1))
    turns = {row.pop("day"): _answers(row) for row in await queries.answers(tx, start, end, shop.timezone)}
    sales = {row.pop("day"): row for row in await queries.sales(tx, start, end, shop.timezone)}
    resolved = await queries.resolved(tx, start, end)
    listed = (last - timedelta(days=n) for n in reversed(range(days)))
    return Figures(
        days=tuple(Day(day, turns.get(day, _NONE), **sales.get(day, _NO_SALES)) for day in listed),
        answers=turns.get(None, _NONE),
        open=resolved.pop("open"),
        resolved=_spread(resolved),
        ordered=_spread(await queries.ordered(tx, start, end)),
        **await queries.talks(tx, start, end),
    )


def moment(shop: Shop, day: date) -> datetime:
    """When a day of the shop begins."""
    return datetime.combine(day, time(), ZoneInfo(shop.timezone))


def day_of(shop: Shop, now: datetime) -> date:
    """The day that it is in the shop."""
    return now.astimezone(ZoneInfo(shop.timezone)).date()


_NONE = Answers(0, 0, Spread(0, None, None), 0, 0, 0)
_NO_SALES = {"escalations": 0, "orders": 0, "paid": 0}


def _answers(row: dict[str, Any]) -> Answers:
    waited = _spread({name: row.pop(name) for name in ("n", "p50", "p95")})
    return Answers(waited=waited, **row)


def _spread(row: dict[str, Any]) -> Spread:
    return Spread(row["n"], *(None if row[name] is None else float(row[name]) for name in ("p50", "p95")))
