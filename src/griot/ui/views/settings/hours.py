"""Opening hours: a week in the shop's zone, and days that differ."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.hours import WEEKDAYS, OpeningHours
from griot.core.tenancy import load_shop
from griot.tools.shops import hours as in_words
from griot.tools.shops.service import change_settings
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, beside, view

Times = Annotated[list[Annotated[str, Field(max_length=8)]], Field(max_length=4)]

# One tap for what is usual; every day can be changed afterwards.
_USUAL = {
    "week": {day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]},
    "shop": {day: [["09:00", "19:00"]] for day in WEEKDAYS[:6]},
    "evening": {day: [["18:00", "23:00"]] for day in WEEKDAYS},
}


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.shop() as (_, shop):
        hours = shop.hours
    written = hours.written() if hours else {"week": {}, "days": {}}
    return {
        "hours": hours,
        "days": [(day, number, _padded(written["week"].get(day, []))) for number, day in enumerate(WEEKDAYS)],
        "unusual": [(day, ", ".join(" – ".join(span) for span in spans)) for day, spans in written["days"].items()],
        "standing": in_words.standing(shop, desk.language, desk.now) if hours else "",
        "usual": tuple(_USUAL),
    }


def _padded(spans: list[list[str]]) -> list[list[str]]:
    return [*spans, ["", ""], ["", ""]][:2]


section = Section("hours", "clock", read)


@view.act("settings:write")
async def set_hours(
    desk: Desk,
    mon: Times = [],  # noqa: B006  (pydantic copies it)
    tue: Times = [],  # noqa: B006
    wed: Times = [],  # noqa: B006
    thu: Times = [],  # noqa: B006
    fri: Times = [],  # noqa: B006
    sat: Times = [],  # noqa: B006
    sun: Times = [],  # noqa: B006
) -> Done:
    """The week; each day gives beginnings and ends in turn, empty ones count for nothing."""
    given = dict(zip(WEEKDAYS, (mon, tue, wed, thu, fri, sat, sun), strict=True))
    week = {day: _spans(desk, day, times) for day, times in given.items()}
    async with desk.transaction() as tx:
        await _change(desk, tx, {"week": week, "days": (await _kept(tx))["days"]})
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def set_usual_hours(desk: Desk, usual: Literal["week", "shop", "evening"]) -> Done:
    """A week as many shops have it."""
    async with desk.transaction() as tx:
        await _change(desk, tx, {"week": _USUAL[usual], "days": (await _kept(tx))["days"]})
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def forget_hours(desk: Desk) -> Done:
    """Nobody is told of any hours any more."""
    async with desk.transaction() as tx:
        await change_settings(tx, {"opening_hours": None}, desk.now)
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def add_unusual_day(
    desk: Desk,
    day: date,
    times: Times = [],  # noqa: B006
) -> Done:
    """A day that differs; without times it is closed."""
    async with desk.transaction() as tx:
        kept = await _kept(tx)
        days = {**kept["days"], day.isoformat(): _spans(desk, "times", times)}
        with beside("day", desk.t("settings.wrong.days")):
            await _change(desk, tx, {**kept, "days": days})
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def drop_unusual_day(desk: Desk, day: date) -> Done:
    """The day is like its weekday again."""
    async with desk.transaction() as tx:
        kept = await _kept(tx)
        kept["days"].pop(day.isoformat(), None)
        await _change(desk, tx, kept)
    return Done(desk.t("settings.saved"))


async def _kept(tx: Tx) -> dict[str, Any]:
    hours = (await load_shop(tx)).hours
    return hours.written() if hours else {"week": {}, "days": {}}


async def _change(desk: Desk, tx: Tx, hours: dict[str, Any]) -> None:
    await change_settings(tx, {"opening_hours": OpeningHours.read(hours).written()}, desk.now)


def _spans(desk: Desk, field: str, times: list[str]) -> list[list[str]]:
    """Pairs of times of a form; one without the other, and what overlaps, is told beside its field."""
    spans = [[start[:5], end[:5]] for start, end in zip(times[::2], times[1::2], strict=False) if start or end]
    try:
        OpeningHours.read({"week": {"mon": spans}})
    except InvalidInput:
        raise WrongField(field, desk.t("settings.wrong.hours")) from None
    return spans
