"""Whether a promotion is on: the dates that exports write beside a promotional price."""

import re
from datetime import UTC, date, datetime, timedelta

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_SECONDS = re.compile(r"1\d{9}")


def day_of(text: str) -> date | None:
    """The day that a text begins with (ISO 8601, ``31/12/2026``, seconds since 1970), or None."""
    short = text.strip()[:40]
    if _SECONDS.fullmatch(short):
        return datetime.fromtimestamp(int(short), UTC).date()
    found = _ISO.match(short)
    day_first = _DAY_FIRST.match(short)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    except ValueError:
        return None
    return None


def is_on(today: date, start: str = "", end: str = "", period: str = "") -> bool:
    """Whether a promotion with these dates is on; dates that are missing or unreadable do not limit it.

    A day of grace on either side: the shop's zone is not known. ``period``: both, parted by ``/``.
    """
    if "/" in period and not _DAY_FIRST.match(period.strip()):
        start, _, end = period.partition("/")
    first, last = day_of(start), day_of(end)
    day = timedelta(days=1)
    if first and first.year > 1980 and today + day < first:
        return False
    return not (last and last.year > 1980 and today - day > last)
