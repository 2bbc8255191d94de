"""When a model is not asked at all: a shop's tokens of the day are spent, or the endpoint is known to be down."""

import time
from datetime import date

FAILURES = 4  # in a row, until an endpoint is left alone
PAUSE = 20.0  # seconds it is left alone


class Allowance:
    """A shop's tokens for a day of its own zone, counted in this process. ``daily`` 0: without end."""

    def __init__(self, daily: int) -> None:
        self._daily = daily
        self._day: date | None = None
        self._spent = 0

    def left(self, today: date) -> bool:
        return not self._daily or today != self._day or self._spent < self._daily

    def spend(self, today: date, tokens: int) -> None:
        if today != self._day:
            self._day, self._spent = today, 0
        self._spent += tokens


class Breaker:
    """Spares buyers the wait for an endpoint that has just failed several times in a row.

    After the pause a single turn tries it again, while the others go on without.
    """

    def __init__(self, failures: int = FAILURES, pause: float = PAUSE) -> None:
        self._most = failures
        self._pause = pause
        self._failures = 0
        self._until = 0.0

    def closed(self) -> bool:
        """May the endpoint be asked?"""
        if self._failures < self._most:
            return True
        if time.monotonic() < self._until:
            return False
        self._until = time.monotonic() + self._pause
        return True

    def note(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= self._most:
            self._until = time.monotonic() + self._pause
