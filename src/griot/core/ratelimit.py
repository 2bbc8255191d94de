"""Rate limits by the generic cell rate algorithm (GCRA): one point in time per key, no counters, no windows.

The point is the theoretical arrival time: when the next request would come if everybody kept exactly to the rate.
"""

from collections import OrderedDict

_MICROSECONDS = 1_000_000


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
        wait = due - instant - (self._burst - 1) * self._interval
        if wait > 0:
            self._tat.move_to_end(key)
            return (wait + 1) / _MICROSECONDS  # one more, so that rounding cannot bring anybody back too early
        self._tat[key] = due + self._interval
        self._tat.move_to_end(key)
        if len(self._tat) > self._size:
            self._tat.popitem(last=False)
        return 0.0
