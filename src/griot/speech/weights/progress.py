"""How far a download is: a bar on a terminal's standard error, two lines in a log elsewhere.

Every source writes into a folder of ours, so what arrived is what lies there, whoever brings it.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from griot.core import logs

log = logs.get(__name__)

_LOOK_SECONDS = 0.2


@contextmanager
def progress(what: str, size: int, place: Path) -> Iterator[None]:
    """Show how many of ``size`` bytes have arrived in ``place``, a file or a folder, until the block ends."""
    if not sys.stderr.isatty():
        began = time.monotonic()
        log.info("Fetching a part of a model", part=what, megabytes=round(size / 1e6, 1))
        yield
        log.info("Fetched a part of a model", part=what, seconds=round(time.monotonic() - began, 1))
        return
    with _bar(what, size, place):
        yield


@contextmanager
def _bar(what: str, size: int, place: Path) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    done = Event()
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(what, total=size)

        def watch() -> None:
            while not done.wait(_LOOK_SECONDS):
                bars.update(task, completed=min(size, _weight(place)))

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
            bars.update(task, completed=size)
        finally:
            done.set()
            watcher.join()


def _weight(place: Path) -> int:
    """Bytes of a file, or of all files below a folder, while somebody else writes there."""
    total = 0
    for path in (place, *place.rglob("*")):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
