"""Days and times in a message, relative to the shop's clock.

Rules: a weekday is the next such day that is not past; today's own name means today, unless the time said with it is
over or "prochain" stands beside it: then it is a week from today. A day of the month is the next one that is not past;
a date without a year is this year's, or next year's when it is over by more than a month. Figures are day first, also
in English ("12/03" is in March). An hour from 1 to 6 without a part of the day is in the afternoon. A day turned down
beside another one ("pas samedi, dimanche", "lundi au lieu de mardi") and a day that is past are not reported.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from griot.agent.interpreter.daywords import Part, names_wolof_day, parts_in
from griot.agent.interpreter.pieces import pieces

_WEEK = 7
_AFTERNOON = range(1, 7)  # hours that nobody means in the morning when they do not say so
_NEAR = 14  # characters between a day and the time that belongs to it


class When(NamedTuple):
    """A day, a time or both, with their place in the text. ``at``: HH:MM. ``part``: of the day, from and to as HH:MM.

    ``certain``: not certain are weekends, next weeks and ends of months, which leave the buyer a choice of days.
    """

    on: date | None
    at: str | None
    start: int
    end: int
    certain: bool = True
    part: tuple[str, str] | None = None

    def written(self, on: str, at: str) -> dict[str, str]:
        """What is known of it, under these names for the day and the time, as tools take them."""
        return ({on: self.on.isoformat()} if self.on else {}) | ({at: self.at} if self.at else {})


def read_when(text: str, now: datetime, language: str | None = None) -> list[When]:
    """Every day and time named, in order. ``now``: in the shop's zone. ``language``: "sat" is a day in English."""
    found = pieces(text)
    parts = list(parts_in(found, now, english=language == "en"))
    whens = [_joined(group, now) for group in _groups(parts, text) if _says_when(group, text)]
    wanted = [when for when in whens if not _turned_down(text, when.start)]
    return [when for when in wanted or whens if when.on is None or when.on >= now.date()]


def _says_when(group: Sequence[Part], text: str) -> bool:
    """ "Robe du soir" names no time."""
    alone = len(group) == 1 and group[0].part and group[0].on is None
    return not (alone and _OF.search(text[: group[0].start]))


def _turned_down(text: str, start: int) -> bool:
    """Does what stands before a day deny it?"""
    before = text[:start]
    return _REFUSED.search(before) is not None or (_DU.search(before) is not None and names_wolof_day(text[start:]))


_OF = re.compile(r"\b(?:du|de|d'|of)\s*$", re.I)
_DU = re.compile(r"\bdu\s+$", re.I)  # in Wolof it denies what follows
_REFUSED = re.compile(
    r"\b(?:pas|pa|que|non|not|than|instead of|au lieu d[eu]|o lieu d[eu]|plus|tsy|fa tsy)\s+"
    r"(?:(?:le|on|pour|for|ny|ce|cette)\s+)?$",
    re.I,
)


def _groups(parts: Sequence[Part], text: str) -> Iterator[list[Part]]:
    """A day, a time and a part of the day that stand near each other belong together."""
    group: list[Part] = []
    for part in parts:
        if group and not _belongs(group, part, text):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _belongs(group: Sequence[Part], part: Part, text: str) -> bool:
    between = text[group[-1].end : part.start]
    if len(between) > _NEAR or any(sign in between for sign in ".;!?\n"):
        return False
    names_day = any(item.on is not None or item.weekday is not None for item in group)
    names_time = any(item.at for item in group)
    a_day = part.on is not None or part.weekday is not None
    if a_day and _turned_down(text, part.start):
        return False
    if a_day and names_day:  # "samedi 12 mai" is one day, "samedi ou dimanche" are two
        return _same_day(group[-1], part) and len(between.strip(" ,(")) <= 2
    return not (part.at and names_time)


def _same_day(one: Part, other: Part) -> bool:
    """Are these a weekday and the date of such a day?"""
    named, dated = (one, other) if one.weekday is not None else (other, one)
    return named.weekday is not None and dated.on is not None and dated.on.weekday() == named.weekday


def _joined(group: Sequence[Part], now: datetime) -> When:
    start, end = group[0].start, max(part.end for part in group)
    part_of_day = next((part.part for part in group if part.part), None)
    at = next((part.at for part in group if part.at), None)
    if at:
        at = _meant(at, part_of_day)
    on = next((part.on for part in group if part.on), None)
    weekday = next((part.weekday for part in group if part.weekday is not None), None)
    if on is None and weekday is not None:
        on = _weekday(weekday, now, at or (part_of_day[1] if part_of_day else None), any(part.later for part in group))
        on += timedelta(days=sum(part.days_on for part in group))
    certain = all(part.certain for part in group)
    return When(on, at.rstrip("?") if at else None, start, end, certain, None if at else part_of_day)


def _meant(at: str, part: tuple[str, str] | None) -> str:
    """The hour on the clock: "4h" in the afternoon is 16:00; marked with "?" where nothing says which half."""
    if not at.endswith("?"):
        return at
    hour, minute = int(at[:2]), at[3:5]
    if part:
        later = hour < 12 and (part[0] >= "14:00" or (part[0] == "12:00" and hour in _AFTERNOON))
        return f"{hour + 12 if later else hour:02}:{minute}"
    return f"{hour + 12 if hour in _AFTERNOON else hour:02}:{minute}"


def _weekday(weekday: int, now: datetime, until: str | None, later: bool) -> date:
    """The next such day. ``until``: the time said with it, which decides whether today is over for it."""
    days = (weekday - now.weekday()) % _WEEK
    over = until is not None and until <= f"{now:%H:%M}"
    if days == 0 and (over or later):
        days = _WEEK
    return now.date() + timedelta(days=days)
