"""How often one host is asked: never two requests at once, and a pause between them, by all imports together."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from griot.core.clock import Clock, SystemClock
from griot.core.db.processes import try_lock

Sleep = Callable[[float], Awaitable[None]]

_LOOK = 0.05  # seconds between two looks whether another import has ended its turn


class Pace:
    """Turns at hosts. ``folder``: where imports of an installation meet, with a file for each host; made where its
    parent is there. None: this import is alone.

    ``sleep`` is for tests.
    """

    def __init__(self, pause: float, sleep: Sleep = asyncio.sleep, folder: Path | None = None) -> None:
        self._pause = pause
        self._sleep = sleep
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}
        self._free: dict[str, float] = {}  # host -> when it may be asked again, in the loop's time

    @asynccontextmanager
    async def turn(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Wait until a host may be asked, and keep others from it meanwhile. ``delay``: its Crawl-delay, seconds."""
        pause = max(self._pause, delay or 0.0)
        loop = asyncio.get_running_loop()
        async with self._locks.setdefault(host, asyncio.Lock()), self._among_imports(host) as meeting:
            wait = max(self._free.get(host, 0.0) - loop.time(), _left(meeting, pause))
            if wait > 0:
                await self._sleep(wait)
            try:
                yield
            finally:
                self._free[host] = loop.time() + pause
                _write(meeting, pause)

    def wait_for(self, host: str) -> float:
        """Seconds until a host may be asked, as far as is known now."""
        return max(0.0, self._free.get(host, 0.0) - asyncio.get_running_loop().time())

    @asynccontextmanager
    async def _among_imports(self, host: str) -> AsyncIterator[IO[str] | None]:
        """The host's file, which no other import has meanwhile: the kernel takes it back from a process that dies.

        None where there is no folder, or none that can be written: an import is then as polite as it can be alone.
        """
        file = self._opened(host)
        if file is None:
            yield None
            return
        with file:
            while not try_lock(file):  # noqa: ASYNC110 (the other may be another process)
                await asyncio.sleep(_LOOK)
            yield file

    def _opened(self, host: str) -> IO[str] | None:
        if self._folder is None:
            return None
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            return (self._folder / hashlib.sha256(host.encode()).hexdigest()[:32]).open("a+")
        return None


def _left(meeting: IO[str] | None, pause: float) -> float:
    """Seconds of the last import's pause that are left; no more than a pause, whatever happened to the clock."""
    if meeting is None:
        return 0.0
    meeting.seek(0)
    with suppress(ValueError):
        return min(float(meeting.read(40)) - SystemClock().now().timestamp(), pause)
    return 0.0


def _write(meeting: IO[str] | None, pause: float) -> None:
    if meeting is not None:
        with suppress(OSError):
            meeting.truncate(0)
            meeting.write(f"{SystemClock().now().timestamp() + pause:.3f}")
            meeting.flush()


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
