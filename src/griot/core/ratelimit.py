"""Rate limits by the generic cell rate algorithm (GCRA): one point in time per key, no counters, no windows.

The point is the theoretical arrival time: when the next request would come if everybody kept exactly to the rate.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeVar

_Span = TypeVar("_Span", int, timedelta)

_MICROSECONDS = 1_000_000


def _wait(ahead: _Span, interval: _Span, burst: int) -> _Span:
    """How long a request must wait when the theoretical arrival time is ``ahead`` of now; zero or less: not at all."""
    return ahead - (burst - 1) * interval


def gcra(tat: datetime, now: datetime, interval: timedelta, burst: int) -> tuple[bool, datetime]:
    """Whether one more request passes, and the theoretical arrival time to keep (unchanged when it does not pass).

    ``interval`` is the time between two requests at the steady rate; ``burst`` how many may come at once.
    """
    due = max(tat, now)
    if _wait(due - now, interval, burst) > timedelta(0):
        return False, tat
    return True, due + interval


class RateLimiter:
    """Limits each key of this process to ``rate`` requests a second, ``burst`` of them at once (default: a second's).

    At most ``size`` keys are remembered. The least recently seen is forgotten first, which costs it nothing
    unless it is over its rate at that moment.
    """

    def __init__(self, rate: float, burst: int | None = None, size: int = 10_000) -> None:
        self._interval = max(1, round(_MICROSECONDS / rate))  # whole ones: sums of floats would drift
        self._burst = burst or max(1, round(rate))
        self._size = size
        self._tat: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tat)

    def allow(self, key: str, now: float) -> float:
        """0 when the request passes, else the seconds to wait; ``now`` is a monotonic clock's reading in seconds."""
        instant = round(now * _MICROSECONDS)
        due = max(self._tat.get(key, instant), instant)
        wait = _wait(due - instant, self._interval, self._burst)
        if wait > 0:
            self._tat.move_to_end(key)
            return (wait + 1) / _MICROSECONDS  # one more, so that rounding cannot bring anybody back too early
        self._tat[key] = due + self._interval
        self._tat.move_to_end(key)
        if len(self._tat) > self._size:
            self._tat.popitem(last=False)
        return 0.0
