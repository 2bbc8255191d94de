"""The one clock. Everything that asks for the time asks it, so tests, evals and the demo can set it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from griot.core.errors import ConfigurationError


class Clock(Protocol):
    def now(self) -> datetime:
        """The time in UTC, with zone."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """Stands still until moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)


class FastClock:
    """Runs ``speed`` times as fast as the system's, from ``origin`` on; the demo's ten minutes take seconds.

    The same arguments give the same time in every process.
    """

    def __init__(self, origin: datetime, speed: float) -> None:
        self._origin = origin.astimezone(UTC)
        self.speed = speed

    def now(self) -> datetime:
        return self._origin + (datetime.now(UTC) - self._origin) * self.speed


def clock_from(setting: str) -> Clock:
    """``system``, or ``60@2026-02-15T20:00:00+00:00``: sixty times as fast since that moment."""
    if setting == "system":
        return SystemClock()
    speed, _, origin = setting.partition("@")
    try:
        return FastClock(datetime.fromisoformat(origin), float(speed))
    except ValueError:
        raise ConfigurationError(
            f"GRIOT_CLOCK is {setting!r}: write `system`, or a speed and a start such as 60@2026-02-15T20:00:00+00:00."
        ) from None
