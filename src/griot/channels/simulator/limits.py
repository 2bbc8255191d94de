"""Meta's rates as token buckets on the clock."""

from datetime import datetime

PAIR_BURST = 45
PAIR_RATE = 1 / 6  # messages a second to one person


class Bucket:
    """``capacity`` tokens, coming back at ``rate`` a second."""

    __slots__ = ("_at", "_capacity", "_left", "_rate")

    def __init__(self, rate: float, capacity: float, now: datetime) -> None:
        self._rate = rate
        self._capacity = capacity
        self._left = capacity
        self._at = now

    def take(self, now: datetime) -> bool:
        """One token, if there is one."""
        self._left = min(self._capacity, self._left + (now - self._at).total_seconds() * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Throughput:
    """Messages in a span of time (a second) of one account; the rate may change between two messages."""

    __slots__ = ("_bucket", "_rate", "_seconds")

    def __init__(self, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._rate: float | None = None
        self._bucket: Bucket | None = None

    def take(self, rate: float | None, now: datetime) -> bool:
        if rate is None:
            return True
        if self._bucket is None or rate != self._rate:
            self._rate, self._bucket = rate, Bucket(rate / self._seconds, max(rate, 1.0), now)
        return self._bucket.take(now)
