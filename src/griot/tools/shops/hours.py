"""Opening hours in words: when it opens again, the week, how things stand now."""

from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from griot.core.hours import WEEKDAYS, Opening, OpeningHours, Span
from griot.core.tenancy import Shop
from griot.core.texts import text

KEY = "opening-hours"  # of the answer made from the settings, among the shop's FAQ

_SOON = timedelta(days=14)  # days that differ are told so long before


def opening(shop: Shop, now: datetime) -> Opening | None:
    """How things stand now; none when the shop has set no hours."""
    hours = shop.hours
    return None if hours is None else hours.at(now, ZoneInfo(shop.timezone))


def opens(shop: Shop, language: str, at: datetime | None, now: datetime) -> str:
    """When it opens, from now: ``demain à 09:00``."""
    if at is None:
        return text(language, "hours.never")
    zone = ZoneInfo(shop.timezone)
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = f"{there:%H:%M}"
    match (there.date() - today).days:
        case 0:
            return text(language, "hours.today_at", at=clock)
        case 1:
            return text(language, "hours.tomorrow_at", at=clock)
        case days if days < 7:
            return text(language, "hours.weekday_at", weekday=_weekday(language, there.weekday()), at=clock)
        case _:
            return text(language, "hours.date_at", date=f"{there:%d/%m}", at=clock)


def standing(shop: Shop, language: str, now: datetime) -> str:
    """How things stand now, then the week, then days that differ soon; for a shop that has set its hours."""
    hours, state = shop.hours, opening(shop, now)
    assert hours is not None and state is not None
    week = (text(language, "hours.week"), *_week(hours, language))
    return "\n".join((_now(shop, language, state, now), *week, *_unusual(shop, hours, language, now)))


def week(hours: OpeningHours, language: str) -> str:
    """The week, a line for days that are alike."""
    return "\n".join(_week(hours, language))


def _now(shop: Shop, language: str, state: Opening, now: datetime) -> str:
    if not state.is_open:
        if state.until is None:
            return text(language, "hours.closed")
        return text(language, "hours.closed_until", opens=opens(shop, language, state.until, now))
    if state.until is None or state.until - now > timedelta(days=1):
        return text(language, "hours.open_always")
    return text(language, "hours.open_until", until=f"{state.until.astimezone(ZoneInfo(shop.timezone)):%H:%M}")


def _week(hours: OpeningHours, language: str) -> list[str]:
    lines = []
    for spans, alike in groupby(range(len(WEEKDAYS)), key=lambda day: hours.week.get(WEEKDAYS[day], ())):
        numbers = list(alike)
        first, last = (_weekday(language, day) for day in (numbers[0], numbers[-1]))
        days = first if len(numbers) == 1 else text(language, "hours.days_between", first=first, last=last)
        lines.append(_line(language, days, spans))
    return lines


def _unusual(shop: Shop, hours: OpeningHours, language: str, now: datetime) -> list[str]:
    today = now.astimezone(ZoneInfo(shop.timezone)).date()
    soon = ((day, spans) for day, spans in hours.days.items() if today <= day <= today + _SOON)
    return [_line(language, _named(language, day), spans) for day, spans in soon]


def _line(language: str, days: str, spans: tuple[Span, ...]) -> str:
    days = days[:1].upper() + days[1:]
    if not spans:
        return text(language, "hours.day_closed", days=days)
    times = [text(language, "hours.span", start=f"{s.start:%H:%M}", end=f"{s.end:%H:%M}") for s in spans]
    return text(language, "hours.day", days=days, spans=", ".join(times))


def _named(language: str, day: date) -> str:
    return f"{_weekday(language, day.weekday())} {day:%d/%m}"


def _weekday(language: str, number: int) -> str:
    return text(language, f"dates.weekday_{number}")
