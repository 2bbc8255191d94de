"""Orders over time: bars of equal length, and where they peak."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from griot.tools.live.board_models import Bar, Pulse

MOST_BARS = 60
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360, 1440))
_LOW = 2  # orders that are not yet a peak
_PEAKS = 3
_APART = 3  # bars between two peaks, at least
_EPOCH = datetime.fromtimestamp(0, UTC)


def step_for(lasted: timedelta) -> timedelta:
    """The shortest step in which a live of this length has at most ``MOST_BARS`` bars."""
    return next((step for step in _STEPS if lasted <= MOST_BARS * step), _STEPS[-1])


def pulse(counted: Iterable[Bar], step: timedelta, started_at: datetime, until: datetime) -> Pulse:
    """The bars from the start of a live on, empty ones filled in, the last ``MOST_BARS`` of them; and their peaks.

    ``counted``: bars that are not empty, each beginning at a multiple of ``step``.
    """
    known = {bar.at: bar for bar in counted}
    last = _floor(until, step)
    first = max(_floor(started_at, step), last - (MOST_BARS - 1) * step)
    bars = tuple(known.get(at, Bar(at)) for n in range((last - first) // step + 1) for at in (first + n * step,))
    return Pulse(step, bars, _peaks(bars))


def _floor(at: datetime, step: timedelta) -> datetime:
    return at - (at - _EPOCH) % step


def _peaks(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """The highest bars, in the order of time: clearly above the average, and not two on one hill."""
    busy = [bar.orders for bar in bars if bar.orders]
    least = max(_LOW + 1, 1.5 * sum(busy) / len(busy)) if busy else 0
    high = [n for n, bar in enumerate(bars) if bar.orders and bar.orders >= least]
    chosen: list[int] = []
    for n in sorted(high, key=lambda n: -bars[n].orders):
        if len(chosen) < _PEAKS and all(abs(n - other) > _APART for other in chosen):
            chosen.append(n)
    return tuple(bars[n] for n in sorted(chosen))
