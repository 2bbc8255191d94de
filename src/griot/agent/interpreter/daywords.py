"""The phrases of a text that name days, times and parts of the day, one by one; ``dates`` puts them together."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.pieces import Phrases, Piece, phrases_of, pieces, word_list

_WEEK = 7
_LONGEST_DAY = 20  # characters
_DAY = 24  # hours
_LONG_OVER = timedelta(days=31)
_FARTHEST = 366  # days


class Part(NamedTuple):
    """What a phrase says of a day or time. ``weekday``: 0 is Monday. ``at``: HH:MM, with "?" where 4 may be 16.

    ``part``: of the day, from and to as HH:MM. ``later``: "prochain" stands beside it.
    ``days_on``: 7 for "samedi en huit".
    """

    start: int
    end: int
    on: date | None = None
    weekday: int | None = None
    at: str | None = None
    part: tuple[str, str] | None = None  # of the day, from and to
    certain: bool = True
    later: bool = False  # "prochain"
    days_on: int = 0


def parts_in(found: Sequence[Piece], now: datetime, *, english: bool) -> Iterator[Part]:
    place = 0
    while place < len(found):
        hit = (
            _numeric_date(found, place, now)
            or _clock(found, place, now)
            or _named_date(found, place, now)
            or _month_day(found, place, now)
            or _from_now(found, place, now)
            or _named(found, place, now, english=english)
        )
        if hit is None:
            place += 1
            continue
        part, place = hit
        yield part


_Hit = tuple[Part, int]


def _span(found: Sequence[Piece], first: int, last: int) -> tuple[int, int]:
    return found[first].start, found[last - 1].end


def _numeric_date(found: Sequence[Piece], place: int, now: datetime) -> _Hit | None:
    """ "12/03", "12-03-2026", "12.03.26", "2026-03-12"."""
    numbers = [found[at] for at in (place, place + 2, place + 4) if at < len(found) and found[at].is_number]
    signs = [found[at].text for at in (place + 1, place + 3) if at < len(found)]
    if len(numbers) < 2 or not found[place].is_number or signs[:1] not in (["/"], ["-"], ["."]):
        return None
    if _continues(found, place) or not (found[place + 1].glued and found[place + 2].glued):
        return None
    three = len(numbers) == 3 and signs[1:] == signs[:1] and found[place + 4].glued
    if signs[0] != "/" and not three:
        return None  # "12.50" is an amount, "2-3" a range
    values = [int(piece.text) for piece in numbers[: 3 if three else 2]]
    if three and values[0] > 31:
        year, month, day = values
    else:
        day, month, *rest = values
        year = rest[0] if rest else 0
        if month > 12:
            day, month = month, day
    end = place + (5 if three else 3)
    on = _date(day, month, (2000 + year if 0 < year < 100 else year) or None, now)
    return (Part(*_span(found, place, end), on=on), end) if on else None


def _continues(found: Sequence[Piece], place: int) -> bool:
    """Is a piece stuck to a word or to a figure before it, so that it is not a number of its own?"""
    return place > 0 and found[place].glued and (found[place - 1].kind == "word" or found[place - 1].text in "/.-#")


def _clock(found: Sequence[Piece], place: int, now: datetime) -> _Hit | None:
    """ "16h", "16h30", "10:00", "2pm", "5 heures", "amin'ny 3 ora", "midi"."""
    named = _hours().at(found, place)
    if named:
        on = now.date() if place and found[place - 1].text in _THIS else None
        return Part(*_span(found, place, named[1]), on=on, at=named[0]), named[1]
    piece = found[place]
    if not piece.is_number or len(piece.text) > 2 or _continues(found, place):
        return None
    hour = int(piece.text)
    after = found[place + 1] if place + 1 < len(found) else None
    if after is None or hour > 24:
        return None
    if after.text in _HALVES and hour <= 12:
        return _half(found, place, hour, 0, place + 2, _HALVES[after.text])
    if after.text in (":", "h") and after.glued and place + 2 < len(found) and found[place + 2].glued:
        minutes = found[place + 2]
        if _minutes(found, place + 2):
            half = found[place + 3].text if place + 3 < len(found) else ""
            if half in _HALVES:
                return _half(found, place, hour, int(minutes.text), place + 4, _HALVES[half])
            return _time(found, place, hour, int(minutes.text), place + 3)
    if after.text in _HOUR_WORDS and not phrases_of("edits", "instead").at(found, place + 1):  # "6 o lieu de 3"
        end, minute = place + 2, 0
        if after.text != "ora" and _minutes(found, end):
            end, minute = end + 1, int(found[end].text)
        elif _duration(found, place):
            return None
        return _time(found, place, hour, minute, end)
    return None


_THIS = frozenset({"ce", "cet", "cette", "this"})
_HALVES = {"am": 0, "pm": 12, "a.m": 0, "p.m": 12}
_HOUR_WORDS = frozenset({"h", "heure", "heures", "hrs", "ora", "o", "waxtu", "hours"})
_LASTS = frozenset({"dans", "in", "pendant", "for", "depuis", "since", "ds", "durée", "toutes", "sous", "en", "de"})


def _duration(found: Sequence[Piece], place: int) -> bool:
    """ "Dans 2 heures", "en 24h": how long, not when."""
    return place > 0 and found[place - 1].text in _LASTS


def _minutes(found: Sequence[Piece], place: int) -> bool:
    return place < len(found) and found[place].is_number and len(found[place].text) == 2 and int(found[place].text) < 60


def _half(found: Sequence[Piece], place: int, hour: int, minute: int, end: int, half: int) -> _Hit | None:
    at = f"{hour % 12 + half:02}:{minute:02}"
    return Part(*_span(found, place, end), at=at), end


def _time(found: Sequence[Piece], place: int, hour: int, minute: int, end: int) -> _Hit | None:
    if hour == 24:
        hour = 0
    sure = hour > 12 or hour == 0 or (len(found[place].text) == 2 and found[place].text.startswith("0"))
    return Part(*_span(found, place, end), at=f"{hour:02}:{minute:02}{'' if sure else '?'}"), end


def _named_date(found: Sequence[Piece], place: int, now: datetime) -> _Hit | None:
    """ "12 mars", "1er mai 2027", "March 12th", "12 martsa"."""
    month = _months().at(found, place)
    if month and _day_number(found, month[1]) and _long_enough(found, place):
        end = month[1] + 1
        end += end < len(found) and found[end].text in _RANKS and found[end].glued
        on = _date(int(found[month[1]].text), month[0], None, now)
        return (Part(*_span(found, place, end), on=on), end) if on else None
    if not _day_number(found, place) or _continues(found, place):
        return None
    at = place + 1
    at += at < len(found) and found[at].text in _RANKS and found[at].glued
    at += at < len(found) and found[at].text in ("of", "de", "ny")
    month = _months().at(found, at)
    if month is None:
        return None
    end, year = month[1], None
    if end < len(found) and found[end].is_number and len(found[end].text) == 4 and found[end].text.startswith("20"):
        year, end = int(found[end].text), end + 1
    on = _date(int(found[place].text), month[0], year, now)
    return (Part(*_span(found, place, end), on=on), end) if on else None


_RANKS = frozenset({"er", "e", "eme", "th", "st", "nd", "rd", "ère"})


def _long_enough(found: Sequence[Piece], place: int) -> bool:
    """ "mar 5" and "may 5" before a number may be other words; the whole name is needed."""
    return len(found[place].text) > 3 or found[place].text == "may"


def _day_number(found: Sequence[Piece], place: int) -> bool:
    return place < len(found) and found[place].is_number and 0 < int(found[place].text) <= 31


def _month_day(found: Sequence[Piece], place: int, now: datetime) -> _Hit | None:
    """ "le 12": a day of this month or the next; not "le 12 cartons" nor "le 2"'s of a list."""
    if found[place].text not in ("le", "the", "ny") or not _day_number(found, place + 1) or found[place + 1].glued:
        return None
    end = place + 2
    ranked = end < len(found) and found[end].text in _RANKS and found[end].glued
    if found[place].text != "le" and not ranked:
        return None
    end += ranked
    after = found[end] if end < len(found) else None
    if after is not None and after.kind == "word" and after.text not in _AFTER_DAY:
        return None
    if ranked and found[place].text == "le" and (after is None or after.text not in _AFTER_DAY):
        return None  # "le 2e" is a rank
    if after is not None and (after.text in "%€$/" or after.is_number):
        return None
    on = _next_day_of_month(int(found[place + 1].text), now)
    return (Part(*_span(found, place, end), on=on), end) if on else None


_AFTER_DAY = frozenset(
    {
        "a", "au", "vers", "avant", "apres", "si", "svp", "stp", "s", "please", "pour", "ou", "et", "matin", "soir",
        "midi", "c", "est", "merci", "at", "in", "before", "je", "on", "de", "du", "prochain", "max", "dans", "pas",
        "mais", "azafady", "plutot", "finalement", "vous", "possible", "dispo", "disponible", "que", "o",
    }
)  # fmt: skip


def _next_day_of_month(day: int, now: datetime) -> date | None:
    months = [divmod(now.year * 12 + now.month - 1 + ahead, 12) for ahead in range(3)]
    days = (_valid(year, month + 1, day) for year, month in months)
    return next((on for on in days if on and on >= now.date()), None)


def _from_now(found: Sequence[Piece], place: int, now: datetime) -> _Hit | None:
    """ "dans 3 jours", "in two weeks", "afaka 2 andro", "d'ici un mois", "dans 2 heures"."""
    opener = _in("from_now", "before").at(found, place)
    if not opener:
        return None
    figure = next((item for item in figures_in(found[opener[1] : opener[1] + 3]) if item.first == 0), None)
    if figure is None or figure.value != int(figure.value):
        return None
    hours = _in("spans", "hour").at(found, opener[1] + figure.last)
    if hours and figure.value <= _DAY:
        then = now + timedelta(hours=int(figure.value))
        return Part(*_span(found, place, hours[1]), on=then.date(), at=f"{then:%H:%M}"), hours[1]
    unit = _units().at(found, opener[1] + figure.last)
    if not unit:
        return None
    days = int(figure.value) * unit[0]
    if days > _FARTHEST:
        return None
    return Part(*_span(found, place, unit[1]), on=now.date() + timedelta(days=days)), unit[1]


def _named(found: Sequence[Piece], place: int, now: datetime, *, english: bool) -> _Hit | None:
    """ "demain", "samedi prochain", "ce soir", "week-end", "fin du mois", "la semaine prochaine"."""
    today = now.date()
    relative = _relative().at(found, place)
    if relative and relative[0] >= 0:
        last = relative[1]
        evening = found[place].text == "tonight"
        part = ("18:00", "22:00") if evening else None
        on = today + timedelta(days=relative[0])
        return Part(*_span(found, place, last), on=on, part=part), last
    if (end := _in("weekend", "words").at(found, place)) and not _verb(found, place):
        later = _said_next(found, end[1])
        return Part(*_span(found, place, later), on=_weekend(now, later > end[1]), certain=False), later
    if end := _in("month_end", "words").at(found, place):
        return Part(*_span(found, place, end[1]), on=_month_end(today), certain=False), end[1]
    if week := _next_week(found, place):
        monday = today + timedelta(days=_WEEK - today.weekday())
        return Part(*_span(found, place, week), on=monday, certain=False), week
    return _named_weekday(found, place, now, english=english) or _named_part(found, place, today)


def _named_weekday(found: Sequence[Piece], place: int, now: datetime, *, english: bool) -> _Hit | None:
    weekday = _weekdays().at(found, place)
    if not weekday or not _is_weekday(found, place, english=english):
        return None
    if on := _dated(found, weekday, now):
        return Part(*_span(found, place, weekday[1] + 1), on=on), weekday[1] + 1
    if ahead := _days("weeks_on").at(found, weekday[1]):
        return Part(*_span(found, place, ahead[1]), weekday=weekday[0], days_on=ahead[0]), ahead[1]
    last = _said_next(found, weekday[1])
    before = _in("next", "before").before(found, place) is not None
    return Part(*_span(found, place, last), weekday=weekday[0], later=before or last > weekday[1]), last


def _named_part(found: Sequence[Piece], place: int, today: date) -> _Hit | None:
    """ "Matin", and "ce soir", which is today's."""
    named = _day_parts().at(found, place)
    if not named:
        return None
    this = place > 0 and found[place - 1].text in _THIS
    start, end = _span(found, place - 1 if this else place, named[1])
    return Part(start, end, on=today if this else None, part=named[0]), named[1]


def _dated(found: Sequence[Piece], weekday: tuple[int, int], now: datetime) -> date | None:
    """ "samedi 21": the number is a day of the month when that day is a Saturday."""
    place = weekday[1]
    if not _day_number(found, place) or (place + 1 < len(found) and found[place + 1].text not in _AFTER_DAY):
        return None
    on = _next_day_of_month(int(found[place].text), now)
    return on if on and on.weekday() == weekday[0] else None


def names_wolof_day(text: str) -> bool:
    """Does a text begin with a day in Wolof?"""
    return _in("wolof", "days").at(pieces(text[:_LONGEST_DAY]), 0) is not None


def _verb(found: Sequence[Piece], place: int) -> bool:
    """English "we" is nobody's weekend."""
    if found[place].text != "we":
        return False
    return not (place > 0 and found[place - 1].text in ("ce", "le", "du", "pr", "pour", "this", "the"))


def _is_weekday(found: Sequence[Piece], place: int, *, english: bool) -> bool:
    """Short names are days only where they cannot be words or names: "mon sac", "tonton Sam"."""
    word = found[place].text
    before = found[place - 1].text if place else ""
    if len(word) > 3:
        return True
    if word in ("mon", "sun", "sat", "thu"):
        return before in _OPENS_DAY or (english and (place == 0 or word in ("sat", "thu")))
    return before not in _OPENS_NAME


_OPENS_DAY = frozenset({"on", "next", "this", "for", "by", "until", "till", "every"})
_OPENS_NAME = frozenset({"mon", "ma", "tonton", "tata", "m", "mr", "oncle", "monsieur"})


def _said_next(found: Sequence[Piece], last: int) -> int:
    """Where "prochain" ends that stands behind a day; ``last`` when none does."""
    hit = _in("next", "after").at(found, last)
    return hit[1] if hit else last


def _next_week(found: Sequence[Piece], place: int) -> int | None:
    """ "la semaine prochaine", "next week", "herinandro ambony"."""
    word = found[place].text
    if word in ("semaine", "herinandro", "sem"):
        hit = _in("next", "after").at(found, place + 1)
        return hit[1] if hit else None
    if word == "next" and place + 1 < len(found) and found[place + 1].text == "week":
        return place + 2
    return None


def _weekend(now: datetime, later: bool) -> date:
    """The Saturday of it; on a Sunday, today."""
    if now.weekday() == 6 and not later:
        return now.date()
    return now.date() + timedelta(days=(5 - now.weekday()) % _WEEK + (_WEEK if later else 0))


def _month_end(today: date) -> date:
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return first - timedelta(days=1)


def _date(day: int, month: int, year: int | None, now: datetime) -> date | None:
    if year is not None:
        return _valid(year, month, day)
    candidates = (_valid(candidate, month, day) for candidate in (now.year, now.year + 1))
    return next((on for on in candidates if on and on >= now.date() - _LONG_OVER), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _days(table: str) -> Phrases[int]:
    return Phrases((word, int(key)) for key, words in word_list("days")[table].items() for word in words)


def _weekdays() -> Phrases[int]:
    return _days("weekdays")


def _months() -> Phrases[int]:
    return _days("months")


def _relative() -> Phrases[int]:
    return _days("relative")


@cache
def _hours() -> Phrases[str]:
    return Phrases((word, hour) for hour, words in word_list("days")["hours"].items() for word in words)


@cache
def _day_parts() -> Phrases[tuple[str, str]]:
    listed = word_list("days")["parts"]
    return Phrases((word, (hours[:5], hours[6:])) for hours, words in listed.items() for word in words)


@cache
def _units() -> Phrases[int]:
    lengths = {"day": 1, "week": _WEEK, "month": 30}
    return Phrases((word, lengths[unit]) for unit in lengths for word in word_list("days")["spans"][unit])


def _in(table: str, key: str) -> Phrases[bool]:
    return phrases_of("days", table, key)
