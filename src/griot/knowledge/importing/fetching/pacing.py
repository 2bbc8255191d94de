"""How often one host is asked: never two requests at once, and a pause between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from griot.core.clock import Clock, SystemClock

Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """Turns at hosts. ``sleep`` and ``clock`` are for tests."""

    def __init__(self, pause: float, sleep: Sleep = asyncio.sleep) -> None:
        self._pause = pause
        self._sleep = sleep
        self._locks: dict[str, asyncio.Lock] = {}
        self._free: dict[str, float] = {}  # host -> when it may be asked again, in the loop's time

    @asynccontextmanager
    async def turn(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Wait until a host may be asked, and keep others from it meanwhile. ``delay``: its Crawl-delay, seconds."""
        loop = asyncio.get_running_loop()
        async with self._locks.setdefault(host, asyncio.Lock()):
            wait = self._free.get(host, 0.0) - loop.time()
            if wait > 0:
                await self._sleep(wait)
            try:
                yield
            finally:
                self._free[host] = loop.time() + max(self._pause, delay or 0.0)

    def wait_for(self, host: str) -> float:
        """Seconds until a host may be asked, as far as is known now."""
        return max(0.0, self._free.get(host, 0.0) - asyncio.get_running_loop().time())


def retry_after(header: str | None, clock: Clock | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, written as a number or a date (RFC 9110 §10.2.3)."""
    written = (header or "").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    now: datetime = (clock or SystemClock()).now()
    return max(0.0, (at - now).total_seconds())
