"""What vendors thought of replies, and the key figures of the shop, over the last days."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from griot.tools.figures import service as figures
from griot.tools.ratings import service as ratings
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown
from griot.ui.views.quality.view import page
from griot.ui.views.quality.words import helpers

SPANS = (7, 30, 90)  # days to choose from
AGAIN = 30.0  # seconds between two countings
_DRAWN = 6  # intents with a chart of their own


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Of a day: replies that were found good and bad."""

    day: date
    up: int = 0
    down: int = 0


@page("ratings")
async def rated(desk: Desk, at: Address) -> Shown:
    """``/quality/ratings?days=30``: thumbs by what the agent did, day by day."""
    span = _span(at)
    async with desk.shop() as (tx, shop):
        last = figures.day_of(shop, desk.now)
        since = figures.moment(shop, last - timedelta(days=span - 1))
        by_intent = await ratings.by_intent(tx, since)
        per_day = await ratings.per_day(tx, since)
    days = [last - timedelta(days=n) for n in reversed(range(span))]
    drawn = [row["intent"] for row in sorted(by_intent, key=lambda row: -row["up"] - row["down"])[:_DRAWN]]
    data = {
        **helpers(desk.language),
        "tab": "ratings",
        "days": span,
        "spans": SPANS,
        "by_intent": by_intent,
        "chart": lambda thumbs: [(f"{day.day:%d/%m}", day.up, day.down) for day in thumbs],
        "all": _thumbs(days, per_day),
        "each": {intent: _thumbs(days, [row for row in per_day if row["intent"] == intent]) for intent in drawn},
    }
    return Shown("quality/rated_view.html", ("head", "span", "ratings"), data, desk.t("quality.ratings"))


@page("figures")
async def counted(desk: Desk, at: Address) -> Shown:
    """``/quality/figures?days=30``: answers, escalations, offers, times, cost."""
    span = _span(at)
    async with desk.shop() as (tx, shop):
        found = await figures.figures(tx, shop, figures.day_of(shop, desk.now), span)
    by_day = [(f"{day.day:%d/%m}", day) for day in found.days]
    data = {
        **helpers(desk.language),
        "tab": "figures",
        "days": span,
        "spans": SPANS,
        "figures": found,
        "answers": [(label, day.answers.automatic, day.answers.asked - day.answers.automatic) for label, day in by_day],
        "orders": [(label, day.orders, "") for label, day in by_day],
    }
    return Shown("quality/counted_view.html", ("head", "span", "figures"), data, desk.t("quality.figures"), AGAIN)


def _span(at: Address) -> int:
    wanted = at.get("days") or ""
    return int(wanted) if wanted in map(str, SPANS) else SPANS[1]


def _thumbs(days: list[date], rows: list[dict[str, Any]]) -> list[Thumbs]:
    """Every day, also those on which nobody rated."""
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        found[row["day"]][0] += row["up"]
        found[row["day"]][1] += row["down"]
    return [Thumbs(day, *found[day]) if day in found else Thumbs(day) for day in days]
