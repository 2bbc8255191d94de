"""When a shop is open: hours by weekday in its own zone, and the days that differ."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from griot.core.errors import InvalidInput

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MOST_SPANS = 4  # of a day
_MOST_DAYS = 100  # that differ
_FAR = 400  # days looked through for the last and the next opening
_ALWAYS = timedelta(days=9)  # who is open for so long does not close
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Span:
    """Open from ``start`` to ``end``; an end that is not after the start is the next day's: 20:00 to 02:00."""

    start: time
    end: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and ends on a day, in UTC."""
        last = day if self.end > self.start else day + timedelta(days=1)
        return (
            datetime.combine(day, self.start, zone).astimezone(UTC),
            datetime.combine(last, self.end, zone).astimezone(UTC),
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """How things stand at a moment. ``since`` and ``until`` bound the open or closed time that it lies in; none when
    nothing changes for more than a year."""

    is_open: bool
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """``week``: by weekday, ``mon`` to ``sun``; one that is missing is closed. ``days``: those that differ."""

    week: Mapping[str, tuple[Span, ...]]
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Any) -> "OpeningHours":
        """Hours as they are stored: ``{"week": {"mon": [["09:00", "18:30"]]}, "days": {"2026-12-25": []}}``.

        ``InvalidInput`` says what is wrong.
        """
        if not isinstance(data, Mapping) or not data.keys() <= {"week", "days"}:
            raise InvalidInput("Opening hours are a week, and days that differ.")
        week, days = data.get("week", {}), data.get("days", {})
        if not isinstance(week, Mapping) or not isinstance(days, Mapping) or len(days) > _MOST_DAYS:
            raise InvalidInput(f"Opening hours are a week, and at most {_MOST_DAYS} days that differ.")
        if strange := [name for name in week if name not in WEEKDAYS]:
            raise InvalidInput(f"{strange[0]!r} is no weekday: write {', '.join(WEEKDAYS)}.")
        return cls(
            {name: _spans(week[name]) for name in WEEKDAYS if week.get(name)},
            {_day(name): _spans(spans) for name, spans in sorted(days.items())},
        )

    def written(self) -> dict[str, Any]:
        """As they are stored."""
        return {
            "week": {name: _written(spans) for name, spans in self.week.items()},
            "days": {day.isoformat(): _written(spans) for day, spans in self.days.items()},
        }

    def of(self, day: date) -> tuple[Span, ...]:
        """The hours of a day."""
        return self.days[day] if day in self.days else self.week.get(WEEKDAYS[day.weekday()], ())

    def at(self, now: datetime, zone: ZoneInfo) -> Opening:
        """Open or closed at a moment, since when and until when."""
        today = now.astimezone(zone).date()
        last: datetime | None = None
        for start, end in self._from(today - timedelta(days=1), zone):
            if start <= now < end:
                return Opening(True, start, end)
            if start > now:
                return Opening(False, last or self._last_end(today, zone), start)
            last = end
        return Opening(False, last or self._last_end(today, zone), None)

    def _from(self, first: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """The times that it is open, in order; what touches is one."""
        current: tuple[datetime, datetime] | None = None
        for ahead in range(_FAR):
            day = first + timedelta(days=ahead)
            for start, end in sorted(span.on(day, zone) for span in self.of(day)):
                if current and start <= current[1]:
                    current = (current[0], max(current[1], end))
                    if current[1] - current[0] > _ALWAYS:
                        yield current
                        return
                    continue
                if current:
                    yield current
                current = (start, end)
        if current:
            yield current

    def _last_end(self, today: date, zone: ZoneInfo) -> datetime | None:
        """When it was open last, before yesterday."""
        for back in range(2, _FAR):
            day = today - timedelta(days=back)
            if spans := self.of(day):
                return max(span.on(day, zone)[1] for span in spans)
        return None


def _spans(data: Any) -> tuple[Span, ...]:
    if not isinstance(data, list | tuple) or len(data) > _MOST_SPANS:
        raise InvalidInput(f"A day has up to {_MOST_SPANS} stretches of hours, such as 09:00 to 18:30.")
    spans = []
    for pair in data:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InvalidInput("A stretch of hours has a beginning and an end, such as 09:00 to 18:30.")
        spans.append(Span(_time(pair[0]), _time(pair[1])))
    spans.sort(key=lambda span: span.start)
    for before, after in pairwise(spans):
        if before.end <= before.start or before.end > after.start:
            raise InvalidInput(f"Hours of a day overlap: {before.start:%H:%M}-{before.end:%H:%M} and the next ones.")
    return tuple(spans)


def _time(text: Any) -> time:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise InvalidInput(f"{text!r} is no time of the day: write it as 09:00 or 18:30.")
    return time.fromisoformat(text)


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidInput(f"{text!r} is no day: write it as 2026-12-25.") from None


def _written(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in spans]
